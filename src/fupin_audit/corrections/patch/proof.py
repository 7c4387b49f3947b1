"""Read what was written with the reader that reads registers, before it counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from fupin_audit.corrections.patch.cells import day_text, number_text
from fupin_audit.corrections.patch.change import Change
from fupin_audit.errors import InputError
from fupin_audit.model.sheet import Cell, RawSheet
from fupin_audit.read import read


def prove(source: Path, written: Path, changes: Sequence[Change], limit: int) -> None:
    """Check that each changed cell reads as it should.

    Raises:
        InputError: One does not, or the file cannot be read. It is not to be kept.
    """
    if not changes:
        return
    sheets, files = read([written], limit_bytes=limit)
    if files[0].error:
        raise _unproved(source, "")
    by_name = {sheet.name: sheet for sheet in sheets}
    for change in changes:
        sheet = by_name.get(change.sheet)
        if sheet is None or not _same(_at(sheet, change), change.value):
            raise _unproved(source, change.place)


def _unproved(source: Path, place: str) -> InputError:
    return InputError(
        "更正后的文件读回来对不上，没有保留；原文件没有动",
        where=f"{source.name}:{place}" if place else source.name,
        hint="文件的写法特殊：请用 Excel 或 WPS 打开后另存为 .xlsx，重新核查后再更正",
    )


def _at(sheet: RawSheet, change: Change) -> Cell:
    if change.column >= len(sheet.columns) or change.row >= sheet.n_rows:
        return None
    return sheet.columns[change.column][change.row]


def _same(got: Cell, wanted: Cell) -> bool:
    if wanted in (None, ""):
        return got in (None, "")
    if type(got) is type(wanted) and got == wanted:
        return True
    if isinstance(wanted, bool) or isinstance(got, bool):
        return str(wanted).upper() == str(got).upper()
    if isinstance(wanted, int | float):
        if isinstance(got, int | float):
            return math.isclose(got, wanted, rel_tol=1e-14)
        return _plain(got) == number_text(wanted)
    if isinstance(wanted, date | datetime | time | timedelta):
        return _moment(got) == _moment(wanted) or isinstance(got, int | float)
    return _plain(got) == _plain(wanted)


def _moment(cell: Cell) -> str:
    if isinstance(cell, date | datetime | time | timedelta):
        return day_text(cell)
    return _plain(cell)


def _plain(cell: Cell) -> str:
    """Return the text without what guards it or what XML does to line ends."""
    text = str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text.replace("％", "%").removeprefix("+").lstrip("'")
