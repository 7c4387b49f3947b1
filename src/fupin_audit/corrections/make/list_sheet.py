"""更正清单: a row per finding and blamed field; left what we say, right what they do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import truediv
from typing import NamedTuple

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

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
from fupin_audit.corrections.make import formulas
from fupin_audit.corrections.make.books import Book
from fupin_audit.corrections.make.looks import Looks
from fupin_audit.corrections.make.mould import (
    LAST,
    Mould,
    Pattern,
    Pieces,
    as_told,
    cut,
    filled,
    pattern,
    slot,
)
from fupin_audit.model.sheet import column_letter
from fupin_audit.report.lines import row_height
from fupin_audit.report.words import SEVERITIES
from fupin_audit.report.workbook.cell_xml import Telling
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
_SMALLER = 1.25  # more of the smaller letters go into a line
_FAINT = (NUMBER, "规则编号", "依据", PLACE)
_RANGES = 400  # ranges of one rule: programs cut long lists of them
_ANSWER = {name: i for i, name in enumerate(COLUMNS)}
_LAST = len(COLUMNS)
_FOOTER = 100  # letters of a name under each page
_CELLS = re.compile(r'sqref="[^"]*"')
_OWN = GIVEN.index(FIELD)  # from here on every line tells something of its own
_ROOM = tuple(int(WIDTHS[n] * (_SMALLER if n in _FAINT else 1)) for n in GIVEN)
"""Narrow letters that a line of each column holds."""


class _Kind(NamedTuple):
    """What decides how a row looks and what it reckons."""

    severity: str
    first: bool
    kind: str
    check: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the rows of all lists cast from a mould are made with.

    Attributes:
        patterns: How a row of a kind is made.
        validations: Entry → what its cells are helped with, cut at its slots.
        others: What the cells of all lines are helped with.
    """

    patterns: dict[_Kind, Pattern]
    validations: dict[Entry, Pieces]
    others: list[Pieces]


def lay_out(
    book: Workbook, look: Looks, entries: Iterable[Entry], codes: CodeSheet
) -> Callable[[Mould], Stamp]:
    """Make the sheet with a sample row per kind of line in place of the lines.

    Returns:
        What makes the stamp, of the mould.
    """
    sheet = book.add_worksheet(LIST)
    number = len(book.worksheets())
    for i, name in enumerate(COLUMNS):
        sheet.set_column(i, i, WIDTHS[name])
    sheet.set_column(_LAST, _LAST, _CHECK_WIDTH)
    sheet.set_column(_LAST + 1, _LAST + 1, 4, None, {"hidden": True})
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"{LIST} · {slot('name')}", look.common.title)
    sheet.set_row(1, 22)
    counter = formulas.counter(FIRST, LAST, slot("amount"))
    sheet.write_formula(1, 0, counter, look.counter, slot("counted"))
    sheet.write_string(1, _ANSWER["疑点"], _HINT, look.common.note)
    sheet.set_row(HEAD, 34)
    for i, name in enumerate(COLUMNS):
        head = look.open_head if name in ANSWERS else look.common.head
        sheet.write_string(HEAD, i, name, head)
    sheet.write_string(HEAD, _LAST, CHECK, look.common.head)
    kinds = {
        _Kind(severity, first, entry.kind, entry.check): None
        for entry in entries for severity in SEVERITIES for first in (True, False)
    }  # fmt: skip
    for i, kind in enumerate(kinds):
        _write_sample(sheet, look, kind, HEAD + 1 + i)
    helped = _validate(sheet, entries, codes)
    _colour(sheet, look)
    print_setup(sheet, f"{LIST} · {slot('footer')}", head=HEAD)
    sheet.freeze_panes(FIRST - 1, _FROZEN)
    sheet.autofilter(HEAD, 0, LAST - 1, _LAST)
    sheet.print_area(0, 0, LAST - 1, _LAST - 1)  # paper checks nothing
    sheet.protect(
        "", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True}
    )

    def stamp(mould: Mould) -> Stamp:
        samples = [pattern(row, len(GIVEN)) for row in mould.samples[number]]
        every = [cut(_CELLS.sub(f'sqref="{slot("cells")}"', xml)) for xml in mould.validations]
        some = len(helped)
        return Stamp(
            dict(zip(kinds, samples, strict=True)),
            dict(zip(helped, every[:some], strict=True)), every[some:],
        )  # fmt: skip

    return stamp


def slots(of: Book, stamp: Stamp) -> dict[str, str]:
    """Return what the slots of a list take, but for those of the cover."""
    count = of.lines
    footer = of.audience.name[:_FOOTER].replace("&", "&&")
    last = FIRST + count - 1
    helped = list(_validations(of, stamp, last))
    return {
        "footer": Telling(exact=True)(footer)[0], "amount": formulas.amount(len(of.cases), count),
        "last": str(last), "helped": str(len(helped)), "validations": "".join(helped),
    }  # fmt: skip


def rows(of: Book, stamp: Stamp) -> Iterator[str]:
    """Yield the lines."""
    tell, number = Telling(), FIRST
    known, get = dict[tuple[str, bool, Entry], Pattern](), tell.known.get
    for count, case in enumerate(of.cases, 1):
        own = str(count)
        for i, line in enumerate(case.lines):
            key = case.severity, not i, line.entry
            like = known.get(key)
            if like is None:
                kind = _Kind(case.severity, not i, line.entry.kind, line.entry.check)
                like = known[key] = stamp.patterns[kind]
            told = [get(text) or as_told(text, tell) for text in line.texts]
            texts, wide = zip(*told, strict=True)
            height = row_height(max(map(truediv, wide, _ROOM)))
            yield like.row(number, height, texts, own)
            number += 1


def _write_sample(sheet: Worksheet, look: Looks, of: _Kind, row: int) -> None:
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


def _validate(sheet: Worksheet, entries: Iterable[Entry], codes: CodeSheet) -> list[Entry]:
    """Give open cells their drop-downs and questions; which cells, each list tells.

    Returns:
        The entries that have any, in their order.
    """
    column, helped = _ANSWER[CORRECTED], []
    for entry in entries:
        rule = validation(entry, slot("cell"), *codes.of(entry))
        if sheet.data_validation(FIRST - 1, column, FIRST - 1, column, rule) == 0:
            helped.append(entry)
    sheet.data_validation(
        FIRST - 1, _ANSWER[OUTCOME], LAST - 1, _ANSWER[OUTCOME],
        {"validate": "list", "source": list(OUTCOMES), "error_title": "请从下拉框选",
         "error_message": "处理结果只能是：" + "、".join(OUTCOMES)},
    )  # fmt: skip
    sheet.data_validation(
        FIRST - 1, _ANSWER[ON], LAST - 1, _ANSWER[ON],
        {"validate": "decimal", "criteria": "between", "minimum": 36526, "maximum": 73050,
         "error_type": "warning", "error_title": "请再看一眼",
         "error_message": "核实日期请写成 2026-05-20。确实要这样填吗？",
         "input_title": ON, "input_message": "如 2026-05-20"},
    )  # fmt: skip  # days from 2000 to 2099
    return helped


def _validations(of: Book, stamp: Stamp, last: int) -> Iterator[str]:
    """Yield what the cells of a list are helped with, in ranges."""
    runs: dict[Entry, list[list[int]]] = defaultdict(list)
    row = FIRST
    for case in of.cases:
        for line in case.lines:
            mine = runs[line.entry]
            if mine and mine[-1][1] == row - 1:
                mine[-1][1] = row
            else:
                mine.append([row, row])
            row += 1
    column = column_letter(_ANSWER[CORRECTED])
    for entry, mine in runs.items():
        if entry not in stamp.validations:
            continue
        for start in range(0, len(mine), _RANGES):
            some = mine[start : start + _RANGES]
            cells = " ".join(
                f"{column}{a}:{column}{b}" if b > a else f"{column}{a}" for a, b in some
            )
            yield filled(
                stamp.validations[entry], {"cell": f"{column}{some[0][0]}", "cells": cells}
            )
    for name, like in zip((OUTCOME, ON), stamp.others, strict=True):
        letter = column_letter(_ANSWER[name])
        yield filled(like, {"cells": f"{letter}{FIRST}:{letter}{last}"})


def _colour(sheet: Worksheet, look: Looks) -> None:
    """Colour lines by how far they are; the words under 校验 say the same."""
    here = (FIRST - 1, _ANSWER[OUTCOME], LAST - 1)
    for criteria, style in (
        (formulas.complete(FIRST), look.done), (formulas.begun(FIRST), look.part),
    ):  # fmt: skip
        rule = {"type": "formula", "criteria": criteria, "format": style, "stop_if_true": True}
        sheet.conditional_format(*here, _LAST, rule)
    told = {"type": "formula", "criteria": formulas.sibling(FIRST, LAST), "format": look.same}
    sheet.conditional_format(*here, _ANSWER[OUTCOME], told)
