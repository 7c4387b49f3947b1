"""The correction list as a form: its sheets, its columns, and what goes along hidden.

Whoever makes a list and whoever reads one back agree here. The columns are a
promise to townships: their order and names stay.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

from fupin_audit.domain.characters import compact
from fupin_audit.model.dataset import LAST_YEAR

FORMAT = "fupin-audit.corrections/1"
SUFFIX = ".更正清单.xlsx"
REPLY = ".更正回执.xlsx"

GUIDE, LIST, SUMMARY, HIDDEN = "填写说明", "更正清单", "汇总", "_fupin"
NUMBER, FIELD, FILLED, PLACE = "疑点编号", "字段", "现填值", "原表位置"
SUGGESTED = "建议值"
GIVEN = (
    NUMBER, "乡镇", "行政村", "户编号", "户主姓名", "姓名", "人口编号", "疑点", "说明", FIELD,
    FILLED, SUGGESTED, "级别", "规则编号", "依据", PLACE,
)  # fmt: skip
"""What the list says; locked."""

OUTCOME, CORRECTED, EVIDENCE, BY, ON, NOTE = (
    "处理结果", "更正值", "佐证材料", "核实人", "核实日期", "备注",
)  # fmt: skip
ANSWERS = (OUTCOME, CORRECTED, EVIDENCE, BY, ON, NOTE)
"""What staff fill in; open."""

COLUMNS = GIVEN + ANSWERS
DONE, TRUE, UNSURE = "已更正", "情况属实", "无法核实"
OUTCOMES = (DONE, TRUE, UNSURE)

NUMBER_LENGTH = 12
"""疑点编号 is this much of the start of a fingerprint."""


_LAST = "上年的"
_OPPOSITE = re.compile(r".+\(与[“\"](.+)[”\"]相反\)")


def shown_field(field: str, opposite: str = "") -> str:
    """Return what a list calls a field.

    Args:
        opposite: Header of its column where that asks the opposite (住房是否安全 for
            是否危房户): values go into the column, so staff answer its question.
    """
    bare = field.removeprefix(LAST_YEAR)
    name = bare if bare == field else _LAST + bare
    return f"{opposite}（与“{name}”相反）" if opposite else name


def field_of(text: str) -> str:
    """Return the field a list calls so, without spaces."""
    name = compact(text)
    if found := _OPPOSITE.fullmatch(name):
        name = found[1]
    return LAST_YEAR + name.removeprefix(_LAST) if name.startswith(_LAST) else name


class Slip(NamedTuple):
    """What goes along hidden with one line, one row of `_fupin`, in this order.

    Attributes:
        fingerprint: Of the finding, 32 hex digits.
        field: The blamed field; empty if the finding blames none.
        file, sheet, cell: Where the value stood when the list was made.
        table: Table of the record.
        digest: `value_digest` of the text that stood there.
    """

    fingerprint: str
    field: str
    file: str
    sheet: str
    cell: str
    table: str
    digest: str


class Header(NamedTuple):
    """What goes along hidden with a list: name and value, a row each, above the
    slips and parted from them by a blank row and the names of `Slip`.

    Attributes:
        list: The list's number in the ledger; empty without one.
        run: The ledger's run it was made from; empty without one.
        audience: Township, village or helper it was made for.
        made: When, ISO with offset.
        mask: `staff`, `strict` or `none`.
    """

    format: str
    engine: str
    pack: str
    pack_digest: str
    as_of: str
    region: str
    list: str
    run: str
    audience: str
    made: str
    mask: str


def value_digest(key: bytes, text: str) -> str:
    """Return 16 hex digits that tell a cell's text again without showing it."""
    raw = text.strip().encode("utf-8", "surrogatepass")
    return blake2b(raw, key=key, digest_size=8, person=b"value").hexdigest()
