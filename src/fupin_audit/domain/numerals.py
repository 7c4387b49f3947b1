"""Chinese numerals: 三, 十二, 一百零五, 二〇一六, 壹拾贰, 三点五, 一万二千."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")
} | {"○": 0, "两": 2, "兩": 2, "貳": 2, "參": 3, "陸": 6}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

CHARACTERS = "".join(_DIGITS) + "".join(_TENS) + "".join(_MYRIADS)
_PATTERN = re.compile(f"[{CHARACTERS}]+(点[{''.join(_DIGITS)}]+)?")


def read_numeral(text: str) -> Decimal | None:
    """Read a number in Chinese numerals; None if it is none, or means two
    things (三千五 is 3500 in speech and nothing in writing)."""
    if not _PATTERN.fullmatch(text):
        return None
    whole, _, fraction = text.partition("点")
    value = _positional(whole) if not (set(whole) & _UNITS) else _structured(whole)
    if value is None:
        return None
    return Decimal(f"{value}.{_positional(fraction)}") if fraction else Decimal(value)


_UNITS = frozenset(_TENS) | frozenset(_MYRIADS)


def _positional(text: str) -> str | None:
    return "".join(str(_DIGITS[c]) for c in text) or None


def _structured(text: str) -> int | None:
    total, rest = 0, text
    for mark in ("亿億", "万萬"):
        cut = max(rest.find(c) for c in mark)
        if cut < 0:
            continue
        section_value = _section(rest[:cut])
        if not section_value:
            return None
        total += section_value * _MYRIADS[rest[cut]]
        rest = rest[cut + 1 :]
        if len(rest) == 1 and _DIGITS.get(rest):
            return None  # 一万二
    section = _section(rest) if rest else 0
    return None if section is None else total + section


def _section(text: str) -> int | None:
    """Read up to 9999; each unit smaller than the one before."""
    total, digit, last, gap = 0, None, 10**4, False
    for character in text:
        if character in _TENS:
            unit = _TENS[character]
            if unit >= last or (digit is None and not (unit == 10 and total == 0)) or digit == 0:
                return None
            total += (1 if digit is None else digit) * unit
            digit, last, gap = None, unit, False
        elif character in _DIGITS:
            value = _DIGITS[character]
            if value == 0 and digit is None:
                gap = True
                continue
            if digit is not None:
                return None
            digit = value
        else:
            return None
    if digit is None:
        return total if total or text in ("零", "〇") else None
    if last > 10 and total and not gap:
        return None  # 一百五
    return total + digit
