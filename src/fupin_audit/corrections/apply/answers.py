"""What one line of a returned list says, whatever hand wrote it."""

from __future__ import annotations

import re
from typing import NamedTuple

from fupin_audit.corrections import form
from fupin_audit.corrections.apply.returned import Line
from fupin_audit.corrections.form import DONE, TRUE, UNSURE
from fupin_audit.domain.characters import compact, tidy, without_spaces
from fupin_audit.domain.dates import read as read_moment
from fupin_audit.domain.reason import Reason
from fupin_audit.model.dataset import written
from fupin_audit.model.sheet import Cell

SPELLINGS = {
    DONE: (
        "已改", "更正", "已修改", "已改正", "改正", "修改", "改了", "已经更正", "已经修改",
        "已整改", "已纠正",
    ),
    TRUE: ("属实", "确属实", "情况属实无误", "属实无误", "信息属实", "经核属实", "核实属实"),
    UNSURE: (
        "无法核查", "无法查实", "核实不了", "不能核实", "未能核实", "没法核实", "联系不上",
    ),
}  # fmt: skip
"""Other words for the three answers, as people write them."""

CLEARED = ("清空", "(空白)", "空白", "(空)", "删除此格内容")
"""How staff ask for a cell to be emptied; an empty 更正值 never means that."""

_WORDS = {word: answer for answer, words in SPELLINGS.items() for word in (answer, *words)}
_END = "。.!,,;"


class Said(NamedTuple):
    """A line's words, cleaned of width and spaces.

    Attributes:
        number: 疑点编号, 12 hex digits if it is whole.
        answer: One of the three; empty if none is given.
        other: What stands there instead of one of the three; empty if nothing.
        value: 更正值 as the cell holds it; None if blank.
    """

    number: str
    field: str
    answer: str
    other: str
    value: Cell
    evidence: str
    by: str
    on: str
    note: str

    @property
    def blank(self) -> bool:
        """Nothing is answered; who and when alone, dragged down a column, is nothing."""
        return not (self.answer or self.other or self.value is not None or self.evidence)


def said(line: Line) -> Said:
    """Read a line."""
    outcome = compact(line.text(form.OUTCOME)).rstrip(_END)
    answer = _WORDS.get(outcome, "")
    value = line.cells.get(form.CORRECTED)
    if isinstance(value, str) and not tidy(value):
        value = None
    return Said(
        number_of(line.cells.get(form.NUMBER)), form.field_of(line.text(form.FIELD)), answer,
        "" if answer else outcome, value, *_texts(line),
    )  # fmt: skip


def _texts(line: Line) -> tuple[str, str, str, str]:
    evidence, by, note = (tidy(line.text(n)) for n in (form.EVIDENCE, form.BY, form.NOTE))
    return evidence, by, _day(line.cells.get(form.ON)), note


def _day(cell: Cell) -> str:
    moment = read_moment(cell)
    if moment is None:
        return tidy(written(cell))
    return "-".join(f"{part:02d}" for part in moment if part)


def number_of(cell: Cell) -> str:
    """Return a 疑点编号; a number whose leading zeros a spreadsheet took has them again."""
    text = without_spaces(written(cell)).lower().lstrip("'#＃").strip()
    if re.fullmatch(r"\d{1,11}", text):
        text = text.zfill(form.NUMBER_LENGTH)
    return text


def silent(one: Said) -> tuple[str, str]:
    """Return why a line on which nothing is answered is left, and what to do."""
    todo = Reason(
        f"核实后从下拉里选：{'、'.join(form.OUTCOMES)}",
        f"verify it, then choose from the list: {', '.join(form.OUTCOMES)}",
    )
    if one.note:
        return Reason("只写了备注，没有填“处理结果”", "only a note is given, no 处理结果"), todo
    if one.by or one.on:
        why = "only who verified it or when is given, no 处理结果"
        return Reason("只写了核实人或日期，没有填“处理结果”", why), todo
    return Reason("没有填“处理结果”", "处理结果 is not filled in"), todo


def incomplete(one: Said) -> tuple[str, str]:
    """Return why an answer cannot be used as it stands, and what to do; empty if it can."""
    if one.other:
        return (
            "“处理结果”写的不是三种之一",
            f"从下拉里选：{'、'.join(form.OUTCOMES)}",
        )
    if not one.answer:
        if one.value is not None:
            return "填了“更正值”，没有选“处理结果”", f"确实要改，就把处理结果选为“{DONE}”"
        return "写了佐证材料，没有选“处理结果”", f"属实的选“{TRUE}”"
    if one.answer == DONE and one.value is None:
        return "选了“已更正”，没有填“更正值”", "把正确的值填进“更正值”；要清空就写“清空”"
    if one.answer == TRUE:
        lacks = [n for n, t in ((form.EVIDENCE, one.evidence), (form.BY, one.by)) if not t]
        if lacks:
            return f"情况属实没有写{'和'.join(lacks)}", f"补上{'、'.join(lacks)}再报"
    if one.answer != DONE and one.value is not None:
        return f"选了“{one.answer}”，又填了“更正值”", f"要改就选“{DONE}”，不改就删去更正值"
    return "", ""
