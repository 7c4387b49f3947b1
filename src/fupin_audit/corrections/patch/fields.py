"""One record of a text table: where its fields stand, and one of them replaced."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from fupin_audit.corrections.patch.cells import Unwritable, day_text, number_text
from fupin_audit.model.sheet import Cell, CellError
from fupin_audit.report.safe import safe_text

_BREAKS = re.compile(r'[\r\n"]')
_GUARD = re.compile(r"[0-9Xx]+\t")
_DIGITS = re.compile(r"[0-9]+[Xx]?")


class Field(NamedTuple):
    """Where a field stands in its record, and what it says."""

    start: int
    end: int
    text: str


def fields(record: str, delimiter: str) -> list[Field]:
    """Return the fields as Python's `csv` takes them apart; the line end is none."""
    body = record.rstrip("\r\n") if not record.endswith('"') else record
    found: list[Field] = []
    at = 0
    while True:
        text, end = _field(body, at, delimiter)
        found.append(Field(at, end, text))
        if end >= len(body):
            return found
        at = end + 1


def _field(body: str, at: int, delimiter: str) -> tuple[str, int]:
    """Return a field's text and where it ends."""
    if not body.startswith('"', at):
        end = body.find(delimiter, at)
        end = len(body) if end < 0 else end
        return body[at:end], end
    text, at = "", at + 1
    while True:
        quote = body.find('"', at)
        if quote < 0:
            return text + body[at:], len(body)
        text += body[at:quote]
        if body.startswith('""', quote):
            text, at = text + '"', quote + 2
            continue
        end = body.find(delimiter, quote + 1)
        end = len(body) if end < 0 else end
        return text + body[quote + 1 : end], end


def field_text(value: Cell) -> str:
    """Return a value as text.

    Raises:
        Unwritable: There is no text for it.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, date | datetime | time | timedelta):
        return day_text(value)
    if isinstance(value, CellError):
        raise Unwritable("不能把错误值写进单元格")
    if "\0" in value:
        raise Unwritable("新值里有不能存的字符")
    return value


def refilled(old: str, shown: str, text: str, delimiter: str) -> str:
    """Return a field with another text, in the style it was written.

    Args:
        old: The field's bytes as text, quotes and all.
        shown: What it says, quotes undone.
        text: What it shall say.
        delimiter: What would end it.
    """
    quoted = old.startswith('"')
    if shown.startswith('="') and shown.endswith('"') and len(shown) > 2:
        text = '="' + text.replace('"', '""') + '"' if text else ""
        quoted = quoted or '""' in text
        if not quoted and delimiter not in text and not re.search(r"[\r\n]", text):
            return text
        return _in_quotes(text)
    if _GUARD.fullmatch(shown) and _DIGITS.fullmatch(text):
        text += "\t"  # which keeps long digits whole in Excel
    else:
        text = safe_text(text)
    if quoted or delimiter in text or _BREAKS.search(text):
        return _in_quotes(text)
    return text


def _in_quotes(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
