"""The sheet of one table: a header that explains itself, and rows that help."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.model.sheet import column_letter
from fupin_audit.packs.resolve import ERA_ZH, ResolvedPack
from fupin_audit.report.lines import width_of
from fupin_audit.report.template.columns import Column, Form
from fupin_audit.report.template.looks import Looks
from fupin_audit.report.template.words import GROUPS, hint, note, prompt, values
from fupin_audit.report.workbook.code_sheet import CodeSheet
from fupin_audit.report.workbook.entry import validation
from fupin_audit.report.workbook.formulas import id_right
from fupin_audit.report.workbook.styles import print_setup

HEAD = 2
FIRST = HEAD + 2
"""The first row to be filled in, as Excel numbers rows."""

_WIDTHS = {
    "id_number": 21, "account": 21, "phone": 14, "date": 12, "month": 11, "period": 11,
    "year": 8, "name": 10, "region": 11, "money": 11, "integer": 9, "number": 9, "text": 18,
}  # fmt: skip
_CODED = (9, 22)
_SHORT = 20  # a name that takes two lines; a longer one takes three
_PAGE = 190
"""Widths of columns that a page of A4 landscape holds and is still read."""
_NOTE_WIDTH, _NOTE_LETTERS, _NOTE_LINE = 290, 44, 17


def write_sheet(
    book: Workbook, look: Looks, form: Form, pack: ResolvedPack, codes: CodeSheet, rows: int
) -> None:
    """Write the form of one table, with so many rows made ready."""
    sheet = book.add_worksheet(form.label)
    widths = [_width(column, pack) for column in form.columns]
    for i, (column, width) in enumerate(zip(form.columns, widths, strict=True)):
        sheet.set_column(i, i, width, look.cells[column.entry.kind])
    _write_top(sheet, look, form, pack)
    sheet.set_default_row(18)
    last = FIRST + rows - 1
    for i, column in enumerate(form.columns):
        _write_head(sheet, look, i, column, pack)
        rule = _validation(column, i, pack, codes)
        sheet.data_validation(FIRST - 1, i, last - 1, i, rule)
        _colour(sheet, look, form, i, column, last)
    end = len(form.columns) - 1
    lined = {"type": "formula", "criteria": f"={_begun(form)}", "format": look.lined}
    sheet.conditional_format(FIRST - 1, 0, last - 1, end, lined)
    _print(sheet, form, widths)


def _width(column: Column, pack: ResolvedPack) -> float:
    """Return a width that holds a value, and the name in few lines."""
    name = width_of(column.name)
    lines = 2 if name <= _SHORT else 3
    told = max(math.ceil(name / lines) + 3, width_of(hint(column)) * 0.85)
    if column.entry.codes:
        least, most = _CODED
        longest = max(map(width_of, values(column, pack)), default=0) + 3
        own = max(least, min(longest, most))
    else:
        own = _WIDTHS[column.field.type]
    return max(own, told)


def _write_top(sheet: Worksheet, look: Looks, form: Form, pack: ResolvedPack) -> None:
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"{form.label}表", look.common.title)
    sheet.set_row(1, 20)
    legend: list[Any] = []
    for group, told in GROUPS.items():
        legend += [look.squares[group], "■ ", look.told, f"{told}　"]
    more = "｜ 号码不对、和性别或出生日期对不上变红，重复变橙，漏填必填的变浅黄"
    era = f" ｜ 按 {pack.as_of} 的规则（{ERA_ZH[pack.era]}）"
    sheet.write_rich_string(1, 0, *legend, look.told, more + era, look.told)
    sheet.set_row(HEAD, 58)


def _write_head(sheet: Worksheet, look: Looks, at: int, column: Column, pack: ResolvedPack) -> None:
    head, told = look.heads[column.group], hint(column)
    if told:
        parts = (look.name, column.name, look.hint, f"\n{told}")
        sheet.write_rich_string(HEAD, at, *parts, head)
    else:
        sheet.write_string(HEAD, at, column.name, head)
    text = note(column, pack)
    lines = sum(math.ceil(max(width_of(line), 1) / _NOTE_LETTERS) for line in text.split("\n"))
    sheet.write_comment(
        HEAD, at, text,
        {"width": _NOTE_WIDTH, "height": (lines + 1) * _NOTE_LINE, "font_size": 9,
         "author": "", "color": "#FFFDF2"},
    )  # fmt: skip


def _validation(column: Column, at: int, pack: ResolvedPack, codes: CodeSheet) -> dict[str, Any]:
    """Return what is asked of a cell. A closed list and a count are certain; for
    the rest there are writings that are right and unknown here."""
    cell = f"{column_letter(at)}{FIRST}"
    rule = validation(column.entry, cell, *codes.of(column.entry))
    rule["input_message"] = prompt(column, pack)
    kind = column.field.type
    if kind == "id_number":
        rule["value"] = id_fine(cell)
        rule["error_message"] = (
            "应是 15、18 或 20 位号码，而且第 18 位校验码要对得上。确实要这样填吗？"
        )
    elif kind == "code" and rule["error_type"] == "warning":
        rule |= {"error_type": "stop", "error_title": "请从下拉框选"}
        rule["error_message"] = "只能填下拉框里有的写法。点格子右边的箭头选一个。"
    elif kind == "integer":
        rule |= {"error_type": "stop", "error_title": "请填整数"}
        rule["error_message"] = "这里填不小于 0 的整数，只写数字，不写单位。"
    return rule


def id_fine(cell: str) -> str:
    """Return the condition that a number is one: its length, and of 18 characters
    and more the check character."""
    long = f"OR(LEN({cell})=18,LEN({cell})=20)"  # a disability card begins with the id
    return f"IF({long},IFERROR({id_right(cell, in_rule=True)},FALSE),LEN({cell})=15)"


def _colour(sheet: Worksheet, look: Looks, form: Form, at: int, column: Column, last: int) -> None:
    letter = column_letter(at)
    cell = f"{letter}{FIRST}"
    told = []
    if column.field.type == "id_number":
        told.append((f'=AND({cell}<>"",NOT({id_fine(cell)}))', look.wrong))
    if column.name in form.unique:
        told.append((_twice(form, letter, column, last), look.twice))
    if condition := _against_id(form, column, cell):
        told.append((condition, look.wrong))
    if column.group == "must":
        told.append((f'=AND({cell}="",{_begun(form)})', look.missing))
    for criteria, style in told:
        rule = {"type": "formula", "criteria": criteria, "format": style}
        sheet.conditional_format(FIRST - 1, at, last - 1, at, rule)


def _begun(form: Form) -> str:
    """Return the condition that anything is filled in of a row."""
    return f"COUNTA($A{FIRST}:${column_letter(len(form.columns) - 1)}{FIRST})>0"


def _against_id(form: Form, column: Column, cell: str) -> str:
    """Return the condition that sex or birth is not what the id number says."""
    name = next((c.name for c in form.columns if c.field.role == "id_number"), None)
    if name is None or column.field.role not in ("sex", "born"):
        return ""
    number = f"${column_letter(form.at(name))}{FIRST}"
    if column.field.role == "sex":
        other = f'IF(MOD(MID({number},17,1),2)=1,"男","女")<>{cell}'
    else:
        day = f"YEAR({cell})*10000+MONTH({cell})*100+DAY({cell})"
        other = f"{day}<>--MID({number},7,8)"
    return f'=AND({cell}<>"",LEN({number})>=18,IFERROR({other},FALSE))'


def _twice(form: Form, letter: str, column: Column, last: int) -> str:
    """Return the condition that a value stands twice in one year. COUNTIF would
    take 18 digits for a number, and see fifteen of them."""
    cell, cells = f"{letter}{FIRST}", f"${letter}${FIRST}:${letter}${last}"
    same = f"({cells}={cell})"
    if column.field.type == "id_number":
        same = f"(LEFT({cells},18)=LEFT({cell},18))"
    if form.year:
        year = column_letter(form.at(form.year))
        same += f"*(${year}${FIRST}:${year}${last}=${year}{FIRST})"
    return f'=AND({cell}<>"",SUMPRODUCT({same}*1)>1)'


def _print(sheet: Worksheet, form: Form, widths: Sequence[float]) -> None:
    """Print in as many pages across as can be read, who it is about on each."""
    print_setup(sheet, f"{form.label}表", head=HEAD)
    lead = form.leading
    total = sum(widths)
    room = _PAGE - sum(widths[:lead])
    pages = 1 if total <= _PAGE else math.ceil(sum(widths[lead:]) / room)
    sheet.fit_to_pages(pages, 0)
    sheet.hide_gridlines(1)  # the rows that are filled in have lines of their own
    sheet.freeze_panes(HEAD + 1, lead)
    if pages > 1:
        sheet.repeat_columns(0, lead - 1)
    sheet.set_selection(FIRST - 1, 0, FIRST - 1, 0)
