"""Numbers as clerks write them, with the unit they write behind them.

Read: `１２`, `1,200.50`, `¥1200`, `1.2万元`, `3.5亩`, `4人`, `(300)`, `十二`.
Not read, because two people would read them differently: ranges (`3-5`),
estimates (`约500`, `500左右`), sums (`300+200`), ungrouped commas (`12,34`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from fupin_audit.domain.characters import visible
from fupin_audit.domain.numerals import CHARACTERS, read_numeral


class Reading(NamedTuple):
    """A number as written; `unit` is canonical, "" if none was written."""

    value: Decimal
    unit: str


# canonical unit → (what it measures, how many of the base unit it is)
UNITS: dict[str, tuple[str, Decimal]] = {
    "万": ("scale", Decimal(10_000)),
    "亿": ("scale", Decimal(100_000_000)),
    "元": ("money", Decimal(1)),
    "千元": ("money", Decimal(1000)),
    "万元": ("money", Decimal(10_000)),
    "亿元": ("money", Decimal(100_000_000)),
    "亩": ("land", Decimal(1)),
    "万亩": ("land", Decimal(10_000)),
    "公顷": ("land", Decimal(15)),
    "平方米": ("floor", Decimal(1)),
    "米": ("length", Decimal(1)),
    "里": ("length", Decimal(500)),
    "公里": ("length", Decimal(1000)),
    "公斤": ("weight", Decimal(1)),
    "斤": ("weight", Decimal("0.5")),
    "吨": ("weight", Decimal(1000)),
    "月": ("month", Decimal(1)),
    "年": ("year", Decimal(1)),
    "天": ("day", Decimal(1)),
    "岁": ("age", Decimal(1)),
    "%": ("percent", Decimal(1)),
    **{
        word: ("count", Decimal(1))
        for word in ("个", "人", "户", "次", "头", "只", "匹", "株", "棵", "间", "套", "处", "项",
                     "台", "辆", "条", "名", "口", "位", "家", "座", "张", "件", "份", "批", "笔",
                     "所", "孔", "组", "村", "羽", "箱", "筐", "盏", "部", "级")
    },
}  # fmt: skip

_SPELLINGS = {
    "块": "元", "块钱": "元", "元整": "元", "圆": "元", "圆整": "元", "rmb": "元", "人民币": "元",
    "万块": "万元", "万元整": "万元", "萬元": "万元", "萬": "万", "億": "亿",
    "m2": "平方米", "平米": "平方米", "平方": "平方米", "平": "平方米",
    "km": "公里", "千米": "公里", "m": "米", "华里": "里",
    "kg": "公斤", "千克": "公斤", "t": "吨", "市斤": "斤",
    "畝": "亩", "ha": "公顷", "hm2": "公顷", "个月": "月", "個月": "月", "周岁": "岁", "歲": "岁",
    "日": "天", "人次": "人", "口人": "人", "個": "个", "戶": "户",
}  # fmt: skip
_WORDS = {**{unit: unit for unit in UNITS}, **_SPELLINGS}
_COUNTABLE = ("count", "month", "age")

_FIGURE = re.compile(
    r"(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:[.。]\d*)?|\.\d+)"
    r"(?P<power>[eE][+-]?\d{1,3})?"
)
_NUMERAL = re.compile(rf"[{CHARACTERS}点]+")
_UNIT_FIRST = re.compile(r"(?:¥|￥|rmb|cny|人民币) ?", re.IGNORECASE)
_MINUS = str.maketrans("−–—﹣", "----")


def canonical_unit(word: str | None) -> str:
    """Return the canonical spelling of a unit (㎡ → 平方米), "" if unknown."""
    return _WORDS.get(visible(word or "").replace(" ", "").lower(), "")


@lru_cache(maxsize=65536)
def read_number(text: str) -> Reading | None:
    """Read one number with an optional unit; None if that is not what it is."""
    text = visible(text).translate(_MINUS)
    negative = False
    if text.startswith("(") and text.endswith(")"):  # an accountant's minus
        text, negative = text[1:-1].strip(), True
        if not text[:1].isdigit():
            return None
    unit = ""
    if text[:1] in ("+", "-"):
        negative, text = text[0] == "-", text[1:].lstrip()
    prefix = _UNIT_FIRST.match(text)
    if prefix:
        text, unit = text[prefix.end() :], "元"
    read = _figure(text)
    if read is None:
        return None
    value, rest = read
    if rest:
        written = canonical_unit(rest)
        if not written or (unit and UNITS[written][0] not in ("money", "scale")):
            return None
        unit = {"万": "万元", "亿": "亿元"}.get(written, written) if unit else written
    return Reading(-value if negative else value, unit)


def _figure(text: str) -> tuple[Decimal, str] | None:
    """Split a text into its leading number and what follows it."""
    found = _FIGURE.match(text)
    if found:
        digits = found["figure"].replace(",", "").replace(" ", "").replace("。", ".")
        value = Decimal(digits + (found["power"] or ""))
        return value, text[found.end() :].strip()
    found = _NUMERAL.match(text)
    if found:  # 十二亩; 三万元: the unit may begin with a numeral's character
        numeral = found.group()
        for cut in range(len(numeral), 0, -1):
            value_read = read_numeral(numeral[:cut])
            rest = text[cut:].strip()
            if value_read is not None and (not rest or canonical_unit(rest)):
                return value_read, rest
        return None
    return None


def in_unit(reading: Reading, unit: str | None) -> float | None:
    """Express a reading in a field's unit; None if it measures another thing.

    Without a written unit the number is taken as it stands. A field without a
    unit takes plain counts and scales (`4人`, `1.2万`), nothing measured.
    """
    value, written = reading
    if written:
        kind, size = UNITS[written]
        target = canonical_unit(unit)
        if kind == "scale":  # 1.2万 is money in a money field, 1.2 in one that counts in 万元
            value = (
                value * size / (UNITS[target][1] if target and UNITS[target][0] == "money" else 1)
            )
        elif not target:
            if kind not in _COUNTABLE:
                return None
        elif UNITS[target][0] != kind:
            return None
        else:
            value = value * size / UNITS[target][1]
    result = float(value)
    return result if abs(result) != float("inf") else None
