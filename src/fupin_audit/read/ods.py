"""Survey the content part of an .ods: reach, errors, merged ranges.

A cell and a row may be written once and said to repeat; a few bytes can stand
for a billion cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fupin_audit.read.guards import damaged
from fupin_audit.read.survey import NO_RESULT, Survey
from fupin_audit.read.walk import local, walk

_MANY = 2_000_000
"""Errors and unsolved formulas a sheet may hold; a repeat can claim billions."""
_PERCENT = "%"
"""Noted like an error code: a cell that shows a percentage."""


@dataclass(slots=True)
class _Row:
    """Cells of the row being parsed: (column, how many, error code or "")."""

    repeat: int = 1
    width: int = 0
    cells: list[tuple[int, int, str]] = field(default_factory=list)
    merges: list[tuple[int, int, int]] = field(default_factory=list)


def survey_content(pieces: Iterator[bytes]) -> list[Survey]:
    """Survey every table of the document, in order."""
    surveys: list[Survey] = []
    depth = 0
    height = 0
    row = _Row()
    given: dict[str, str] = {}
    text: list[str] = []
    in_cell = False
    in_text = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, height, row, given, in_cell, in_text
        name = local(tag)
        if name == "table" and tag.startswith("table:"):
            depth += 1
            if depth == 1:
                surveys.append(Survey())
                height = 0
        elif name == "table-row" and depth == 1:
            row = _Row(_count(attributes, "table:number-rows-repeated"))
        elif name in ("table-cell", "covered-table-cell") and depth == 1:
            given, in_cell = attributes, True
            text.clear()
        elif name == "p" and in_cell:
            in_text += 1

    def end(tag: str) -> None:
        nonlocal depth, height, in_cell, in_text
        name = local(tag)
        if name == "table" and tag.startswith("table:"):
            depth -= 1
        elif name == "p" and in_cell:
            in_text -= 1
        elif name in ("table-cell", "covered-table-cell") and depth == 1 and in_cell:
            in_cell = False
            _close_cell(row, given, "".join(text))
        elif name == "table-row" and depth == 1:
            _close_row(surveys[-1], row, height)
            height += row.repeat

    def characters(data: str) -> None:
        if in_text:
            text.append(data)

    walk(pieces, start, end=end, characters=characters, broken="内容的 XML 不完整")
    return surveys


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    if not text.isdecimal() or len(text) > 9:
        raise damaged("重复次数写法不对")
    return max(int(text), 1)


def _close_cell(row: _Row, given: dict[str, str], text: str) -> None:
    repeat = _count(given, "table:number-columns-repeated")
    kind = given.get("office:value-type", "")
    code = ""
    if given.get("calcext:value-type") == "error":
        code = text.strip() or "#N/A"
    elif "table:formula" in given and not kind and not text:
        code = NO_RESULT
    elif kind == "percentage":
        code = _PERCENT
    if kind or text or code:
        row.cells.append((row.width, repeat, code))
    across = _count(given, "table:number-columns-spanned")
    down = _count(given, "table:number-rows-spanned")
    if across > 1 or down > 1:
        row.merges.append((row.width, across, down))
    row.width += repeat


def _close_row(survey: Survey, row: _Row, top: int) -> None:
    for column, across, down in row.merges:
        survey.merges.append((top, column, top + down - 1, column + across - 1))
    for column, repeat, code in row.cells:
        # A repeated cell is one cell written: what repeats is not counted as
        # filled, so that a small file cannot pass for a large full one.
        survey.cells += min(repeat, 64) * min(row.repeat, 64)
        survey.reach(top + row.repeat - 1, column + repeat - 1)
        if code:
            if repeat * row.repeat + len(survey.errors) + len(survey.percents.rows) > _MANY:
                raise damaged("错误值多得不合情理")
            for down in range(row.repeat):
                for across in range(repeat):
                    if code == _PERCENT:
                        survey.percents.add(top + down, column + across)
                    else:
                        survey.errors[top + down, column + across] = code
