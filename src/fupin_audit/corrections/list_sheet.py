"""更正清单: a row per finding and blamed field; left what we say, right what they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.corrections import formulas
from fupin_audit.corrections.books import Book
from fupin_audit.corrections.form import (
    ANSWERS,
    COLUMNS,
    CORRECTED,
    EVIDENCE,
    FIELD,
    FILLED,
    GIVEN,
    LIST,
    NOTE,
    NUMBER,
    ON,
    OUTCOME,
    OUTCOMES,
    PLACE,
    SUGGESTED,
)
from fupin_audit.corrections.looks import Looks
from fupin_audit.model.sheet import column_letter
from fupin_audit.report.workbook.bulk import BulkSheet, Row
from fupin_audit.report.workbook.code_sheet import CodeSheet
from fupin_audit.report.workbook.entry import Entry, validation
from fupin_audit.report.workbook.styles import print_setup

CHECK = "校验"
_HINT = "只填右边黄色的格。一条疑点有几行的，错在哪一格就填哪一行。要把一格清空，更正值写“清空”。"
# Narrow, so that a line prints on A4 in letters that can be read.
WIDTHS = {
    NUMBER: 7, "乡镇": 6, "行政村": 6, "户编号": 9, "户主姓名": 7, "姓名": 7, "人口编号": 9,
    "疑点": 11, "说明": 28, "字段": 9, FILLED: 14, SUGGESTED: 12, "级别": 5, "规则编号": 6,
    "依据": 13, PLACE: 9, OUTCOME: 9, CORRECTED: 16, EVIDENCE: 9, "核实人": 7, ON: 10, NOTE: 9,
}  # fmt: skip
HEAD = 2
FIRST = HEAD + 2
"""The first line, as Excel numbers rows."""

_CHECK_WIDTH = 10
_FROZEN = 6
_ONE_LINE = 1_000
_SMALLER = 1.25  # more of the smaller letters go into a line
_FAINT = (NUMBER, "规则编号", "依据", PLACE)
_RANGES = 400  # ranges of one rule: programs cut long lists of them
_ANSWER = {name: i for i, name in enumerate(COLUMNS)}
_LAST = len(COLUMNS)
_OWN = GIVEN.index(FIELD)  # from here on every line tells something of its own


class _Pattern(NamedTuple):
    """What decides how a row looks and what it reckons."""

    severity: str
    first: bool
    kind: str
    check: str


def lay_out(book: Workbook, look: Looks, of: Book, codes: CodeSheet) -> BulkSheet:
    """Make the sheet with a pattern row per kind of line in place of the lines."""
    sheet = book.add_worksheet(LIST)
    count = of.lines
    last = max(FIRST, FIRST + count - 1)
    for i, name in enumerate(COLUMNS):
        sheet.set_column(i, i, WIDTHS[name])
    sheet.set_column(_LAST, _LAST, _CHECK_WIDTH)
    sheet.set_column(_LAST + 1, _LAST + 1, 4, None, {"hidden": True})
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"{LIST} · {of.audience.name}", look.common.title)
    sheet.set_row(1, 22)
    counter = formulas.counter(FIRST, last, len(of.cases), count)
    sheet.write_formula(1, 0, counter, look.counter, formulas.counted(len(of.cases), count))
    sheet.write_string(1, _ANSWER["疑点"], _HINT, look.common.note)
    sheet.set_row(HEAD, 34)
    for i, name in enumerate(COLUMNS):
        head = look.open_head if name in ANSWERS else look.common.head
        sheet.write_string(HEAD, i, name, head)
    sheet.write_string(HEAD, _LAST, CHECK, look.common.head)
    patterns = {p: i for i, p in enumerate(dict.fromkeys(p for p, _ in _rows(of)))}
    for pattern, i in patterns.items():
        _write_pattern(sheet, look, pattern, HEAD + 1 + i)
    _validate(sheet, of, codes)
    _colour(sheet, look, last)
    print_setup(sheet, f"{LIST} · {of.audience.name}", head=HEAD)
    sheet.freeze_panes(FIRST - 1, _FROZEN)
    sheet.autofilter(HEAD, 0, last - 1, _LAST)
    sheet.print_area(0, 0, last - 1, _LAST - 1)  # paper checks nothing
    sheet.protect(
        "", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True}
    )
    rows = (Row(patterns[pattern], texts) for pattern, texts in _rows(of))
    widths = (*(int(WIDTHS[n] * (_SMALLER if n in _FAINT else 1)) for n in GIVEN), _ONE_LINE)
    return BulkSheet(len(book.worksheets()), FIRST, count, rows, widths, len(GIVEN))


def _rows(of: Book) -> Iterator[tuple[_Pattern, tuple[str, ...]]]:
    for number, case in enumerate(of.cases, 1):
        own = str(number)
        for i, line in enumerate(case.lines):
            entry = line.entry
            yield _Pattern(case.severity, not i, entry.kind, entry.check), (*line.texts, own)


def _write_pattern(sheet: Worksheet, look: Looks, of: _Pattern, row: int) -> None:
    for i, name in enumerate(GIVEN):
        how = "text" if of.first or i >= _OWN else "again"
        how = "faint" if name in _FAINT else how
        how = "value" if name == FILLED else how
        how = of.severity if name == "级别" else how
        sheet.write_blank(row, i, None, look.given(of.first, how))
    kinds = {CORRECTED: of.kind, ON: "date"}
    for name in ANSWERS:
        style = look.answer(of.first, kinds.get(name, "text"))
        sheet.write_blank(row, _ANSWER[name], None, style)
    formula = formulas.check(row + 1, of.check)
    sheet.write_formula(row, _LAST, formula, look.check(of.first), "")
    sheet.write_number(row, _LAST + 1, 0, look.check(of.first))


def _validate(sheet: Worksheet, of: Book, codes: CodeSheet) -> None:
    """Give the open cells their drop-downs and questions, in ranges."""
    runs: dict[Entry, list[list[int]]] = defaultdict(list)
    row = FIRST - 1
    for case in of.cases:
        for line in case.lines:
            mine = runs[line.entry]
            if mine and mine[-1][1] == row - 1:
                mine[-1][1] = row
            else:
                mine.append([row, row])
            row += 1
    column = _ANSWER[CORRECTED]
    for entry, mine in runs.items():
        for start in range(0, len(mine), _RANGES):
            some = mine[start : start + _RANGES]
            cell = f"{column_letter(column)}{some[0][0] + 1}"
            rule = validation(entry, cell, *codes.of(entry))
            rule["other_cells"] = [[a, column, b, column] for a, b in some[1:]]
            sheet.data_validation(some[0][0], column, some[0][1], column, rule)
    last = max(row - 1, FIRST - 1)
    sheet.data_validation(
        FIRST - 1, _ANSWER[OUTCOME], last, _ANSWER[OUTCOME],
        {"validate": "list", "source": list(OUTCOMES), "error_title": "请从下拉框选",
         "error_message": "处理结果只能是：" + "、".join(OUTCOMES)},
    )  # fmt: skip
    sheet.data_validation(
        FIRST - 1, _ANSWER[ON], last, _ANSWER[ON],
        {"validate": "decimal", "criteria": "between", "minimum": 36526, "maximum": 73050,
         "error_type": "warning", "error_title": "请再看一眼",
         "error_message": "核实日期请写成 2026-05-20。确实要这样填吗？",
         "input_title": ON, "input_message": "如 2026-05-20"},
    )  # fmt: skip  # days from 2000 to 2099


def _colour(sheet: Worksheet, look: Looks, last: int) -> None:
    """Colour lines by how far they are; the words under 校验 say the same."""
    here = (FIRST - 1, _ANSWER[OUTCOME], last - 1)
    for criteria, style in (
        (formulas.complete(FIRST), look.done), (formulas.begun(FIRST), look.part),
    ):  # fmt: skip
        rule = {"type": "formula", "criteria": criteria, "format": style, "stop_if_true": True}
        sheet.conditional_format(*here, _LAST, rule)
    told = {"type": "formula", "criteria": formulas.sibling(FIRST, last), "format": look.same}
    sheet.conditional_format(*here, _ANSWER[OUTCOME], told)
