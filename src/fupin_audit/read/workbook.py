"""Workbooks through calamine: surveyed, read, encoded."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from fupin_audit.errors import UnreadableFile
from fupin_audit.model.sheet import RawColumn, RawSheet
from fupin_audit.read.ahead import Ahead
from fupin_audit.read.biff import survey_stream, without_dimensions
from fupin_audit.read.encode import empty_columns, encode_rows, put_errors
from fupin_audit.read.package import survey_package
from fupin_audit.read.percent import put_percents
from fupin_audit.read.survey import Survey, refuse_sprawl

_T = TypeVar("_T")
_SUFFIXES = {"xlsx": (".xlsx", ".xlsm"), "xlsb": (".xlsb",), "ods": (".ods",), "xls": (".xls",)}
_NOT_CELLS = {
    "ChartSheet": "图表",
    "DialogSheet": "对话框",
    "MacroSheet": "宏表",
    "Vba": "宏模块",
}


def read_workbook(
    file: BinaryIO,
    kind: str,
    shown: str,
    *,
    path: Path | None = None,
    stream: bytes | None = None,
    limit: int,
    step: Callable[[int], None] | None = None,
) -> tuple[list[RawSheet], list[str]]:
    """Read every sheet of a workbook.

    Args:
        file: The workbook's bytes, not encrypted.
        kind: `xlsx`, `xlsb`, `ods` or `xls`.
        shown: The name shown to people.
        path: Where `file` is on disk, if it is there unchanged.
        stream: The workbook stream of an `xls`.
        limit: Most bytes it may unpack to.
        step: Told the number of rows done in a sheet, now and then.

    Returns:
        The sheets with cells, hidden ones too, and what else there was to say.

    Raises:
        TooLarge, UnreadableFile: See the modules that guard.
    """
    # Given a path, the reader believes the extension; given bytes, the bytes.
    by_path = path is not None and path.suffix.lower() in _SUFFIXES[kind]
    # Only what is read by its path and without `_quiet` can have threads.
    threaded = by_path and kind == "xlsx"
    with Ahead(lambda: _open(kind, path if by_path else None, file)) as ahead:
        surveys: list[Survey | None]
        if stream is not None:
            # All sheets are read on opening, so all are judged before.
            legacy = survey_stream(stream)
            for position, survey in enumerate(legacy, 1):
                if survey.sprawling:
                    raise refuse_sprawl(f"第 {position} 张", survey)
            mended = without_dimensions(file, stream, legacy)
            by_path, file = by_path and mended is file, mended
            surveys = list(legacy)
        else:
            passed = ahead.begin_named if threaded else None
            surveys = survey_package(file, kind, limit, passed)
        file.seek(0)
        return _sheets(ahead, surveys, kind, shown, path, step, threaded)


def _sheets(
    ahead: Ahead, surveys: list[Survey | None], kind: str, shown: str, path: Path | None,
    step: Callable[[int], None] | None, threaded: bool,
) -> tuple[list[RawSheet], list[str]]:  # fmt: skip
    sheets: list[RawSheet] = []
    notes: list[str] = []
    described = ahead.about()
    if len(described) != len(surveys):
        # Told apart by position, so a difference would put errors elsewhere.
        raise UnreadableFile(
            "工作簿的工作表目录前后不一", hint="请用 Excel 或 WPS 打开后另存为 .xlsx"
        )
    wanted: list[tuple[int, Any, Survey]] = []
    for number, (about, seen) in enumerate(zip(described, surveys, strict=True)):
        special = _NOT_CELLS.get(_member(about.typ))
        if special:
            notes.append(f"工作表“{about.name}”是{special}，没有单元格")
            continue
        wanted.append((number, about, seen or Survey()))
        if threaded and seen:
            ahead.begin(number, seen.cells)
    for number, about, survey in wanted:
        with _quiet(kind):
            sheet = _sheet(partial(ahead.take, number), about.name, shown, survey, step)
        sheet.hidden = _member(about.visible) != "Visible"
        sheet.path = path
        if sheet.hidden:
            sheet.notes.append("隐藏的工作表，照常读取")
        sheets.append(sheet)
    if not described:
        notes.append("工作簿里没有工作表")
    return sheets, notes


def _open(kind: str, path: Path | None, file: BinaryIO) -> Any:
    from python_calamine import CalamineWorkbook

    with _quiet(kind):
        if path is not None:
            return _guarded(lambda: CalamineWorkbook.from_path(str(path)))
        return _guarded(lambda: CalamineWorkbook.from_filelike(file))


@contextmanager
def _quiet(kind: str) -> Iterator[None]:
    """Keep a panic of the reader off the screen; it is told as a refusal.

    Not for xlsx, where a progress display must go on during a long read and
    panics are not known.
    """
    if kind == "xlsx":
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    silent = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silent, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silent)


def _member(value: Any) -> str:
    return str(value).rpartition(".")[2]


def _sheet(
    parsed: Callable[[], Any],
    name: str,
    shown: str,
    survey: Survey,
    step: Callable[[int], None] | None,
) -> RawSheet:
    cells = _guarded(parsed, name)
    merges = survey.merges
    if found := _guarded(lambda: cells.merged_cell_ranges, name):
        merges = [(top, left, bottom, right) for (top, left), (bottom, right) in found]
    columns: list[RawColumn] = []
    n_rows = 0
    if cells.start is not None:
        # Rows come from row 1 on, columns only from the first used one.
        n_rows, left = cells.end[0] + 1, cells.start[1]
        if n_rows > survey.rows or cells.end[1] >= survey.columns:
            raise UnreadableFile(
                f"工作表“{name}”前后读出的大小不一", hint="请用 Excel 或 WPS 打开后另存为 .xlsx"
            )
        columns = _guarded(
            lambda: encode_rows(
                cells.iter_rows(), n_rows, cells.width, left=left, mixed=survey.mixed, step=step
            ),
            name,
        )
    put_percents(columns, survey.percents)
    columns, n_rows = _with_errors(columns, n_rows, survey)
    sheet = RawSheet(shown, name, columns, n_rows)
    sheet.merges = [
        (top, left, min(bottom, n_rows - 1), min(right, len(columns) - 1))
        for top, left, bottom, right in merges
        if top <= min(bottom, n_rows - 1) and left <= min(right, len(columns) - 1)
    ]
    if not n_rows:
        sheet.notes.append("工作表是空的")
    return sheet


def _with_errors(
    columns: list[RawColumn], n_rows: int, survey: Survey
) -> tuple[list[RawColumn], int]:
    """Put the error values where the reader saw empty cells."""
    if not survey.errors:
        return columns, n_rows
    import numpy as np

    height = max(n_rows, 1 + max(row for row, _ in survey.errors))
    width = max(len(columns), 1 + max(column for _, column in survey.errors))
    if height > n_rows:
        for column in columns:
            column.codes = np.pad(column.codes, (0, height - n_rows))
    columns += empty_columns(width - len(columns), height)
    put_errors(columns, survey.errors)
    return columns, height


def _guarded(act: Callable[[], _T], sheet: str = "") -> _T:
    """Turn whatever the reader raises, its panics included, into a refusal."""
    try:
        return act()
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except UnreadableFile:
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        place = f"工作表“{sheet}”" if sheet else "工作簿"
        raise UnreadableFile(
            f"{place}的内容读不出，文件可能已损坏",
            hint="请用 Excel 或 WPS 打开后另存为 .xlsx，再重新检查",
        ) from error
