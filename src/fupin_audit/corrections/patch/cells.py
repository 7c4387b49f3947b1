"""A value → the XML of a cell that every program shows as that value."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

from fupin_audit.corrections.patch.styles import GENERAL, TEXT, Styles
from fupin_audit.model.sheet import Cell, CellError, address
from fupin_audit.report.safe import CELL_LIMIT

EXACT_DIGITS = 15
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?)[%％]")
_NUMERIC = re.compile(r"[+-]?0\d+[Xx]?|\d{12,}[Xx]?|\d+[eE]\d+|\d+(?:\.\d+)?")
_FIRST_DAY = date(1900, 1, 1)
_DAY = timedelta(days=1)


class Unwritable(Exception):
    """The value cannot stand in a cell; the text says why (Chinese)."""


def cell_xml(
    prefix: str, row: int, column: int, style: int | None, value: Cell, styles: Styles, since: date
) -> bytes:
    """Return one whole cell.

    Args:
        prefix: Of the sheet's elements, with its colon; "" for none.
        row: Zero-based, as `column`.
        column: See `row`.
        style: The style of the cell that stood there.
        value: What shall stand there.
        styles: The workbook's; may be given one more.
        since: Day 0 of the workbook's calendar, from `day_zero`.

    Raises:
        Unwritable: No cell can hold the value.
    """
    style, kind, content = _form(style, value, styles, since)
    tag = f'{prefix}c r="{address(row, column)}"'
    if style is not None:
        tag += f' s="{style}"'
    if not content:
        return f"<{tag}/>".encode()
    if kind == "inlineStr":
        space = ' xml:space="preserve"' if content != content.strip() or "\n" in content else ""
        content = f"<{prefix}is><{prefix}t{space}>{content}</{prefix}t></{prefix}is>"
    else:
        content = f"<{prefix}v>{content}</{prefix}v>"
    tag += f' t="{kind}"' if kind else ""
    return f"<{tag}>{content}</{prefix}c>".encode()


def day_zero(since_1904: bool) -> date:
    """Return the day a workbook counts from."""
    return date(1904, 1, 1) if since_1904 else date(1899, 12, 30)


def _form(
    style: int | None, value: Cell, styles: Styles, since: date
) -> tuple[int | None, str, str]:
    """Return the style, the type and the content of a cell."""
    if value is None or value == "":
        return style, "", ""
    if isinstance(value, bool):
        return style, "b", "1" if value else "0"
    if isinstance(value, int | float):
        return _number(style, value, styles)
    if isinstance(value, CellError):
        raise Unwritable("不能把错误值写进单元格")
    if isinstance(value, str):
        percent = _PERCENT.fullmatch(value.strip())
        if percent and styles.is_percent(style):
            return style, "", f"{float(percent[1]) / 100:.15g}"
        return _text(style, value, styles)
    serial = _serial(value, since)
    if serial is not None and styles.is_date(style):
        return style, "", f"{serial:.15g}"
    return _text(style, day_text(value), styles)


def _number(style: int | None, value: int | float, styles: Styles) -> tuple[int | None, str, str]:
    if not math.isfinite(value):
        raise Unwritable("新值不是一个数")
    if isinstance(value, int) and len(str(abs(value))) > EXACT_DIGITS:
        return _text(style, str(value), styles)  # a number cell would lose its last digits
    if styles.is_date(style) or styles.is_percent(style):
        style = styles.derived(style, GENERAL)  # or 5000 shows as a day of 1913
    return style, "", number_text(value)


def _text(style: int | None, text: str, styles: Styles) -> tuple[int | None, str, str]:
    if len(text) > CELL_LIMIT:
        raise Unwritable(f"新值超过 {CELL_LIMIT} 字，一个单元格放不下")
    if _SURROGATE.search(text):
        raise Unwritable("新值里有不能存的字符")
    if _NUMERIC.fullmatch(text.strip()) and not styles.is_text(style):
        # As text it survives being opened, as a text cell also being retyped.
        style = styles.derived(style, TEXT)
    return style, "inlineStr", text_xml(text)


def text_xml(text: str) -> str:
    """Return text as it stands between tags in a workbook."""
    text = _ESCAPE.sub(lambda found: "_x005F" + found[0], text)
    text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def number_text(value: int | float) -> str:
    """Return the shortest text that is read as the same number."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        return str(int(value))
    return repr(value)


def day_text(value: date | datetime | time | timedelta) -> str:
    """Return a day or time as text."""
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _serial(value: date | datetime | time | timedelta, since: date) -> float | None:
    """Return the number of days; None for a day the calendar has not."""
    if isinstance(value, timedelta):
        return value / _DAY
    if isinstance(value, time):
        return (datetime.combine(_FIRST_DAY, value) - datetime(1900, 1, 1)) / _DAY
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    moment = moment.replace(tzinfo=None)
    days = (moment - datetime.combine(since, time())) / _DAY
    if since.year == 1904:
        return days if days >= 0 else None
    if days < 61:  # the calendar has a 29 February 1900 that never was
        days -= 1
    return days if days >= 1 else None
