"""Write a workbook of a kind that cannot be edited as an `.xlsx` of its values."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from fupin_audit.corrections.patch.book import free_title
from fupin_audit.corrections.patch.change import (
    LOG_SHEET,
    Change,
    Outcome,
    Refused,
    no_such_cell,
    no_such_sheet,
)
from fupin_audit.corrections.patch.log import HEADINGS, log_rows
from fupin_audit.errors import InputError
from fupin_audit.model.edit import Edit, edited
from fupin_audit.model.sheet import Cell, CellError, RawColumn, RawSheet
from fupin_audit.read import read
from fupin_audit.report.safe import CELL_LIMIT, cell_text

_BAD_TITLE = re.compile(r"[\[\]:*?/\\]")
_TITLE_LENGTH = 31
_SAMPLED = 200
_NARROW, _WIDE = 8, 40
_FIRST_DAY = date(1900, 3, 1)
_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "constant_memory": True, "nan_inf_to_errors": True,
}  # fmt: skip


def write_values(source: Path, aside: Path, changes: list[Change], limit: int) -> Outcome:
    """Write all sheets as read, with the changes, and the log.

    Kinds are kept: text stays text, days stay days. Merged cells stay merged;
    columns get a width that shows what they hold.

    Raises:
        InputError: The source cannot be read, or a changed cell is not in it.
    """
    import xlsxwriter

    sheets, files = read([source], limit_bytes=limit)
    if files[0].error:
        raise InputError(files[0].error, where=source.name)
    good, refused = _writable(changes)
    sheets = _edited(source, sheets, good)
    said: list[str] = []
    checked = []
    titles: set[str] = set()
    with xlsxwriter.Workbook(str(aside), _OPTIONS) as book:
        formats = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            time: book.add_format({"num_format": "hh:mm:ss"}),
            timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
            str: book.add_format({"num_format": "@"}),
        }
        active = False
        for raw in sheets:
            title = _title(raw.name or "", titles)
            titles.add(title)
            if title != raw.name:
                said.append(f"工作表“{raw.name}”的名称 Excel 不收，副本里叫“{title}”")
            checked += [c._replace(sheet=title, log=()) for c in good if c.sheet == raw.name]
            sheet = book.add_worksheet(title)
            if raw.hidden:
                sheet.hide()
            elif not active:
                sheet.activate()
                sheet.set_first_sheet()
                active = True
            _fill(sheet, raw, formats)
        _log(book, free_title(titles, LOG_SHEET), good, formats[str], shown=not active)
    lost = sum(
        isinstance(value, CellError) and value.code == "="
        for raw in sheets for column in raw.columns for value in column.values
    )  # fmt: skip
    if lost:
        said.append("原文件里没有存结果的公式，副本里是空格")
    return Outcome(tuple(good), tuple(checked), tuple(said), tuple(refused))


def _writable(changes: list[Change]) -> tuple[list[Change], list[Refused]]:
    good, refused = [], []
    for change in changes:
        if isinstance(change.value, CellError):
            refused.append(Refused(change, "不能把错误值写进单元格"))
        elif isinstance(change.value, str) and len(change.value) > CELL_LIMIT:
            refused.append(Refused(change, f"新值超过 {CELL_LIMIT} 字，一个单元格放不下"))
        else:
            good.append(change)
    return good, refused


def _edited(source: Path, sheets: list[RawSheet], changes: list[Change]) -> list[RawSheet]:
    by_name = {sheet.name: sheet for sheet in sheets}
    for change in changes:
        if change.sheet not in by_name:
            raise no_such_sheet(source, change.sheet)
        sheet = by_name[change.sheet]
        if change.row >= sheet.n_rows or change.column >= len(sheet.columns):
            raise no_such_cell(source, change)
    edits = [Edit(by_name[c.sheet].file, c.sheet, c.row, c.column, c.value) for c in changes]
    return edited(sheets, edits)


def _title(name: str, taken: set[str]) -> str:
    title = _BAD_TITLE.sub("_", name).strip("'")[:_TITLE_LENGTH] or "Sheet"
    if title.casefold() in {known.casefold() for known in taken}:
        title = free_title(taken, title[: _TITLE_LENGTH - 3])
    return title


def _fill(sheet: Any, raw: RawSheet, formats: dict[type, Any]) -> None:
    for at, column in enumerate(raw.columns):
        sheet.set_column(at, at, _width(column))
    # A merged range is stated by itself: its cells are written with their rows.
    sheet.merge += [list(merge) for merge in raw.merges if merge[:2] != merge[2:]]
    values = [column.values for column in raw.columns]
    codes = [column.codes for column in raw.columns]
    for start in range(0, raw.n_rows, 4096):
        block = [column[start : start + 4096].tolist() for column in codes]
        for row, line in enumerate(zip(*block, strict=True), start):
            for at, code in enumerate(line):
                if code:
                    _put(sheet, row, at, values[at][code], formats)


def _put(sheet: Any, row: int, column: int, value: Cell, formats: dict[type, Any]) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value[:CELL_LIMIT], formats[str])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, CellError):
        if value.code != "=":
            sheet.write_formula(row, column, f"={value.code}", None, value.code)
    elif isinstance(value, date) and (
        value.date() if isinstance(value, datetime) else value
    ) < _FIRST_DAY:  # fmt: skip
        sheet.write_string(row, column, value.isoformat())
    elif value is not None:
        sheet.write_datetime(row, column, value, formats[type(value)])


def _width(column: RawColumn) -> int:
    """Return a width that shows most of a column; Chinese takes two places."""
    texts = (str(value) for value in islice(column.values, 1, _SAMPLED))
    widths = [sum(2 if ord(char) > 0x2E7F else 1 for char in text) for text in texts]
    return min(_WIDE, max(_NARROW, *widths, 0) + 2) if widths else _NARROW


def _log(book: Any, title: str, changes: list[Change], text: Any, *, shown: bool) -> None:
    sheet = book.add_worksheet(title)
    if shown:
        sheet.activate()
        sheet.set_first_sheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(1, len(HEADINGS) - 1, 18)
    sheet.write_row(0, 0, HEADINGS)
    for number, row in enumerate(log_rows(changes), 1):
        sheet.write_number(number, 0, number)
        for column, said in enumerate(row, 1):
            sheet.write_string(number, column, cell_text(said), text)
