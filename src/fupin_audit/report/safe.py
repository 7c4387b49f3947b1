"""Text that stays text in whatever program opens it next.

A cell that begins with `= + - @`, a tab or a line break may be run as a formula
once a workbook is saved as csv and opened again. Such text gets a leading `'`,
in workbooks as in csv. A plain number (`-5`, `+3.2`) is no formula and stays.
"""

from __future__ import annotations

import re

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_LONG_DIGITS = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

CELL_LIMIT = 32_767
"""Characters a workbook cell can hold."""


def safe_text(text: str) -> str:
    """Return the text with a leading `'` where a program might run it."""
    if text.startswith(_DANGEROUS) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def visible(text: str) -> str:
    """Replace control characters, which may steer a terminal or break XML."""
    return _CONTROL.sub("\ufffd", text)


def cell_text(text: str) -> str:
    """Return text fit for a workbook cell; what does not fit is said."""
    text = safe_text(visible(text))
    if len(text) <= CELL_LIMIT:
        return text
    note = f"……（共 {len(text)} 字，此格放不下）"
    return text[: CELL_LIMIT - len(note)] + note


def csv_text(text: str) -> str:
    """Return text fit for a csv cell.

    Long digits and digits that would turn into `1.2E+17` or lose a leading zero
    get a trailing tab, as counties' own exports do: it keeps them whole in
    Excel and any reader that strips white space sees the digits alone.
    """
    text = safe_text(visible(text))
    return text + "\t" if _LONG_DIGITS.fullmatch(text) else text
