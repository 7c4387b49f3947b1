"""Recipes for text: free text, names, places, and strings of digits.

What the clerk meant stays; how it is typed is made one. Each recipe cleans to
a fixed point, so cleaning twice is cleaning once.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fupin_audit.domain.characters import (
    INVISIBLE,
    SPACES,
    WIDE,
    WIDE_ALNUM,
    compact,
    tidy,
    without_spaces,
)
from fupin_audit.model.dataset import written
from fupin_audit.model.sheet import Cell
from fupin_audit.normalise.cleaned import (
    BLANK,
    DESTROYED,
    ERROR,
    ERROR_TEXTS,
    EXACT_DIGITS,
    PLACEHOLDERS,
    Cells,
    Cleaned,
    sort_cells,
)
from fupin_audit.normalise.scan import having

Tidy = Callable[[str], str]

_WRAPPED = re.compile(r'\s*=\s*"(.*)"\s*', re.DOTALL)
_POINT_ZERO = re.compile(r"(\d+)\.0+")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[Ee]\+?(\d{1,3})")
_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_INNER_SPACE = re.compile(rf"(?<=[{_CJK}·]) (?=[{_CJK}·])")
_DOTS = "．•‧・･●⋅∙᛫·"
_DOT = re.compile(rf" ?[{_DOTS}] ?|(?<=[{_CJK}])\s?\.\s?(?=[{_CJK}])")
_PHONE_DASH = re.compile("[－﹣−–—‐‑‒]")
_MOBILE = re.compile(r"(?:\+?86-?)?(1[3-9]\d-?\d{4}-?\d{4})")

_QUOTES = "'’‘`"
_ALWAYS = frozenset(INVISIBLE + SPACES + WIDE_ALNUM + '="' + _QUOTES)
_SUSPECT_TEXT = _ALWAYS - {"'", "’", "‘", "`"} | frozenset("＝'")
_SUSPECT_NAME = _ALWAYS | frozenset(_DOTS + ".")
_SUSPECT_DIGITS = _ALWAYS | frozenset(WIDE + ".eE-+—–－−﹣‐‑‒" + "abcdefghijklmnopqrstuvwxyz")


def clean_text(cells: list[Cell], exact: bool) -> Cleaned:
    """Free text: invisible characters dropped, spaces single, digits narrow."""
    return _clean(cells, exact, _text, _SUSPECT_TEXT | frozenset(".eE"))


def clean_name(cells: list[Cell], exact: bool) -> Cleaned:
    """Names: no spaces between Chinese characters, one form of `·`."""
    return _clean(cells, exact, _name, _SUSPECT_NAME)


def clean_region(cells: list[Cell], exact: bool) -> Cleaned:
    """Names of places: no spaces at all."""
    return _clean(cells, exact, _region, _ALWAYS | frozenset(".eE"))


def clean_identifier(cells: list[Cell], exact: bool) -> Cleaned:
    """Register numbers and accounts: ASCII, no spaces, letters as they are."""
    return _clean(cells, exact, _identifier, _SUSPECT_DIGITS)


def clean_id_number(cells: list[Cell], exact: bool) -> Cleaned:
    """Citizen and card numbers: as an identifier, letters upper case."""
    return _clean(cells, exact, _id_number, _SUSPECT_DIGITS)


def clean_phone(cells: list[Cell], exact: bool) -> Cleaned:
    """Phones: a mobile number bare; anything else without spaces."""
    return _clean(cells, exact, _phone, _SUSPECT_DIGITS)


def _clean(cells: list[Cell], exact: bool, tidy_one: Tidy, suspects: frozenset[str]) -> Cleaned:
    """Clean the suspects; keep every other text as the object it is."""
    kinds = sort_cells(cells)
    state, detail = kinds.state, {}
    texts = kinds.text()
    values = texts if len(texts) == len(cells) else [""] * len(cells)
    suspected = having(texts, suspects)
    blanks = PLACEHOLDERS.intersection(texts)
    touched = []
    if len(kinds.texts) < len(cells):
        for i, text in zip(kinds.texts, texts, strict=True):
            values[i] = text
    elif suspected or blanks:
        values = list(values)
    for at in suspected:
        i, text = kinds.texts[at], texts[at]
        value = settled(text, tidy_one)
        if lost := destroyed_text(value):
            state[i], detail[i] = DESTROYED, lost
        elif value in ERROR_TEXTS:
            state[i] = ERROR
        elif value in PLACEHOLDERS:
            state[i] = BLANK
        if value != text:
            values[i] = value
            touched.append(i)
    if blanks:
        for i in kinds.texts:
            if cells[i] in blanks:
                state[i] = BLANK
                touched.append(i)
    _destroyed_numbers(kinds, exact, detail)
    for i in (*kinds.numbers, *kinds.others):
        text = written(cells[i])
        values[i] = text if text.isdigit() else settled(text, tidy_one)
        if values[i] != text:
            touched.append(i)
    return Cleaned(values, state, detail, touched)


def _destroyed_numbers(kinds: Cells, exact: bool, detail: dict[int, str]) -> None:
    """Mark the numbers that a spreadsheet could not keep whole."""
    limit = 10**EXACT_DIGITS
    for i in kinds.numbers:
        cell = kinds.cells[i]
        assert isinstance(cell, int | float)
        if abs(cell) >= limit and not (exact and isinstance(cell, int)):
            kinds.state[i] = DESTROYED
            detail[i] = "以数值存储，15 位以后的数字已丢失"


def destroyed_text(text: str) -> str:
    """Tell how a text shows that it was once a number too long, else ""."""
    text = compact(text)
    if found := _SCIENTIFIC.fullmatch(text):
        shown, power = len(found[2] or ""), int(found[3])
        return "写成科学计数法，数字已丢失" if shown < power and power >= 5 else ""
    if (found := _POINT_ZERO.fullmatch(text)) and len(found[1]) > EXACT_DIGITS:
        return "曾以数值存储，15 位以后的数字已丢失"
    return ""


def settled(text: str, tidy_one: Tidy) -> str:
    """Apply a recipe until nothing changes."""
    for _ in range(len(text) + 2):
        before, text = text, tidy_one(_unwrapped(text))
        if text == before:
            break
    return text


def _unwrapped(text: str) -> str:
    """Undo `="…"`, which keeps a spreadsheet from reading a csv cell."""
    found = _WRAPPED.fullmatch(text)
    return found[1].replace('""', '"') if found else text


def _without_point(text: str) -> str:
    found = _POINT_ZERO.fullmatch(text)
    return found[1] if found and len(found[1]) <= EXACT_DIGITS else text


def _text(text: str) -> str:
    text = tidy(text)
    if text[:1] == "'" and text[1:2].isdigit():
        text = text.lstrip("'")
    return _without_point(text)


def _name(text: str) -> str:
    return _INNER_SPACE.sub("", _DOT.sub("·", tidy(text.lstrip(_QUOTES))))


def _region(text: str) -> str:
    return without_spaces(text)


def _identifier(text: str) -> str:
    return _without_point(compact(text).strip(_QUOTES))


def _id_number(text: str) -> str:
    return _identifier(text).upper()


def _phone(text: str) -> str:
    text = _PHONE_DASH.sub("-", _identifier(text))
    found = _MOBILE.fullmatch(text)
    return found[1].replace("-", "") if found else text
