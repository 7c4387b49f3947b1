"""Returned lists: found wherever they stand in a workbook that went through many hands.

The list is known by its header row, whatever the sheet is called, whatever stands
above, between or beside. Hidden and filtered rows are rows like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fupin_audit.corrections import form
from fupin_audit.corrections.form import Header, Slip
from fupin_audit.corrections.patch.whole import BACKUPS
from fupin_audit.domain.characters import compact, without_spaces
from fupin_audit.errors import FupinError, UnreadableFile, UsageError
from fupin_audit.model.dataset import written
from fupin_audit.model.sheet import Cell, RawSheet
from fupin_audit.read import read

Password = Callable[[str], str | None]
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".tsv")
_LEAST = 4
"""Column names a header row must have at least."""
_NEEDED = ({form.NUMBER, form.PLACE}, {form.OUTCOME, form.CORRECTED})
"""Of each, one at least: what names the finding, and what answers it."""
OF_A_REPLY = "复核结果"
"""A column that only replies have: they are no lists."""
_NOT_THE_LIST = {form.GUIDE, form.SUMMARY, form.HIDDEN}


class Line(NamedTuple):
    """One row of a returned list.

    Attributes:
        row: The number a spreadsheet shows.
        cells: Column name → what stands there; a blank cell is None.
        torn: Columns that stand twice and say two things.
    """

    sheet: str
    row: int
    cells: Mapping[str, Cell]
    torn: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """Return a cell as text without the spaces around it; empty if blank."""
        return written(self.cells.get(name)).strip()


@dataclass(slots=True)
class Returned:
    """One returned list.

    Attributes:
        header, slips: What went along hidden; None and nothing if that is lost.
        notes: What is odd about it and was survived, Chinese.
        password: What opened it; the reply is locked with it as well.
    """

    path: Path
    lines: list[Line]
    header: Header | None = None
    slips: list[Slip] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The list's name without what every list's name ends with."""
        return self.path.name.removesuffix(form.SUFFIX) if _own(self.path) else self.path.stem


class Unusable(NamedTuple):
    """A file that could not be used, and why (Chinese)."""

    path: Path
    why: str
    hint: str = ""


def read_lists(
    paths: Sequence[str | Path], *, password: Password | None = None, limit: int = 1 << 30
) -> tuple[list[Returned], list[Unusable]]:
    """Read returned lists; of a folder all that are below it.

    Files of a folder that hold no list are left alone; a file that was named and
    holds none is unusable.

    Raises:
        UsageError: A path names nothing, or no file in all.
    """
    found: list[Returned] = []
    bad: list[Unusable] = []
    for path, named in _files(paths):
        try:
            one = _read(path, password, limit)
        except FupinError as problem:
            bad.append(Unusable(path, problem.what, problem.hint))
            continue
        if one is not None:
            found.append(one)
        elif named or _own(path):
            why = "里面没有找到更正清单的表头"
            hint = "表头要有“疑点编号”和“处理结果”这两列；更正回执不是清单"
            bad.append(Unusable(path, why, hint))
    if not found and not bad:
        hint = "写清单文件，或放清单的文件夹"
        raise UsageError("这里没有更正清单", where=str(paths[0]), hint=hint)
    return found, bad


def _own(path: Path) -> bool:
    return path.name.endswith(form.SUFFIX)


def _files(paths: Sequence[str | Path]) -> Iterator[tuple[Path, bool]]:
    seen: set[Path] = set()
    for given in map(Path, paths):
        if given.is_dir():
            inside = [(p, False) for p in sorted(given.rglob("*")) if _is_candidate(p, given)]
        elif given.exists():
            inside = [(given, True)]
        else:
            matches = sorted(given.parent.glob(given.name)) if "*" in given.name else []
            inside = [(p, True) for p in matches if p.is_file()]
            if not inside:
                raise UsageError("没有这个文件或文件夹", where=str(given), hint="检查路径和文件名")
        for path, named in inside:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path, named


def _is_candidate(path: Path, top: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(top).parts)
    return (
        path.is_file()
        and not hidden
        and not path.name.startswith("~$")
        and BACKUPS not in path.relative_to(top).parts
        and not path.name.endswith(form.REPLY)
        and path.suffix.lower() in SUFFIXES
    )


def _read(path: Path, password: Password | None, limit: int) -> Returned | None:
    used: list[str] = []

    def ask(name: str) -> str | None:
        told = password(name) if password else None
        used.append(told or "")
        return told

    sheets, files = read([path], limit_bytes=limit, password=ask)
    for file in files:
        if file.error:
            raise UnreadableFile(file.error)
    made = Returned(path, [], password=used[-1] if used else "")
    for sheet in sheets:
        if header := _hidden(sheet):
            made.header, made.slips = header, _slips(sheet)
        elif compact(sheet.name or "") not in _NOT_THE_LIST:
            made.lines += _lines(sheet)
            found = _heads(sheet)
            if found and not made.notes:
                gone = [c for c in form.ANSWERS if c not in found[0][1]]
                made.notes += [f"“{'、'.join(gone)}”这几列不见了"] if gone else []
    if not made.lines and made.header is None and not any(_heads(s) for s in sheets):
        return None
    if made.header is None:
        made.notes.append("随清单的隐藏表不见了，按疑点编号和字段认")
    return made


def _heads(sheet: RawSheet) -> list[tuple[int, dict[str, list[int]]]]:
    """Return every header row with its columns by name; several of one name are kept."""
    rows: dict[int, dict[str, list[int]]] = {}
    if _is_reply(sheet):
        return []
    for index, column in enumerate(sheet.columns):
        for code, value in enumerate(column.values):
            name = _column_name(value) if isinstance(value, str) else ""
            if name:
                for row in np.flatnonzero(column.codes == code).tolist():
                    rows.setdefault(row, {}).setdefault(name, []).append(index)
    return [
        (row, names)
        for row, names in sorted(rows.items())
        if len(names) >= _LEAST and all(names.keys() & needed for needed in _NEEDED)
    ]


def _is_reply(sheet: RawSheet) -> bool:
    return any(OF_A_REPLY in column.values for column in sheet.columns)


def _column_name(text: str) -> str:
    """Return the column a header cell names: 更正值（新值写这里） is 更正值."""
    if len(text) > 60:
        return ""
    name = compact(text).partition("(")[0].strip("*:：")
    return name if name in form.COLUMNS else ""


def _lines(sheet: RawSheet) -> Iterator[Line]:
    heads = _heads(sheet)
    for at, (start, names) in enumerate(heads):
        end = heads[at + 1][0] if at + 1 < len(heads) else sheet.n_rows
        used = np.zeros(sheet.n_rows, dtype=bool)
        for index in {i for some in names.values() for i in some}:
            used |= sheet.columns[index].codes != 0
        for row in (np.flatnonzero(used[start + 1 : end]) + start + 1).tolist():
            line = _line(sheet, row, names)
            if any(line.text(name) for name in (form.NUMBER, form.FIELD, *form.ANSWERS[:2])):
                yield line


def _line(sheet: RawSheet, row: int, names: Mapping[str, list[int]]) -> Line:
    cells: dict[str, Cell] = {}
    torn = []
    for name, indices in names.items():
        told = [cell for i in indices if (cell := sheet.columns[i][row]) not in (None, "")]
        cells[name] = told[0] if told else None
        if len({without_spaces(written(cell)) for cell in told}) > 1:
            torn.append(name)
    return Line(sheet.name or "", row + 1, cells, tuple(torn))


def _hidden(sheet: RawSheet) -> Header | None:
    """Return what stands at the top of the hidden sheet; None if this is another."""
    if len(sheet.columns) < 2 or not sheet.n_rows:
        return None
    told: dict[str, str] = {}
    for row in range(min(sheet.n_rows, 40)):
        name = written(sheet.columns[0][row]).strip()
        if name in Header._fields:
            told.setdefault(name, written(sheet.columns[1][row]).strip())
    if told.get("format", "").partition("/")[0] != form.FORMAT.partition("/")[0]:
        return None
    return Header(*(told.get(name, "") for name in Header._fields))


def _slips(sheet: RawSheet) -> list[Slip]:
    width = len(sheet.columns)
    start = next(
        (r for r in range(sheet.n_rows) if written(sheet.columns[0][r]).strip() == Slip._fields[0]),
        sheet.n_rows,
    )
    made = []
    for row in range(start + 1, sheet.n_rows):
        told = [
            written(sheet.columns[i][row]).strip() if i < width else ""
            for i in range(len(Slip._fields))
        ]
        if told[0]:
            made.append(Slip(*told))
    return made
