"""Texts as the XML of a sheet holds them."""

from __future__ import annotations

import re

from fupin_audit.report.lines import width_of
from fupin_audit.report.safe import CELL_LIMIT, cell_text, visible

CELL = re.compile(r'<c r="([A-Z]+)(\d+)" s="(\d+)"(?:[^>]*/>|.*?</c>)')
"""A cell of a pattern row: its column, its row, its style."""

_REMEMBERED = 20_000
_PLAIN = re.compile(r"[^=+\-@＝＋－＠\s&<>\x00-\x1f\x7f-\x9f_\ud800-\udfff\ufffe\uffff]"
                    r"[^&<>\x00-\x09\x0b-\x1f\x7f-\x9f_\ud800-\udfff\ufffe\uffff]*")  # fmt: skip
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Not from xml.sax: it loads the web's protocols, and a short run is a second long.
_MARKS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTED = _MARKS | str.maketrans({'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})

Told = tuple[str, int]
"""A text as XML, and how many narrow characters wide it is."""


class Telling:
    """Tells texts as XML; those that come again and again are remembered.

    Args:
        exact: The texts are for programs, and kept to the letter.
    """

    __slots__ = ("exact", "known")

    def __init__(self, exact: bool = False) -> None:
        self.exact = exact
        self.known: dict[str, Told] = {}

    def __call__(self, text: str) -> Told:
        return self.known.get(text) or self._told(text)

    def _told(self, text: str) -> Told:
        if _PLAIN.fullmatch(text) and len(text) <= CELL_LIMIT:
            told = text
        else:
            fit = visible(text)[:CELL_LIMIT] if self.exact else cell_text(text)
            told = _ESCAPE_LIKE.sub("_x005F_", fit).translate(_MARKS)
        made = told, width_of(text)
        if len(self.known) < _REMEMBERED:
            self.known[text] = made
        return made


def inline(text: str) -> str:
    """Return the rest of a cell that holds a text itself, from its style to its end."""
    return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is>'


def quoted(text: str) -> str:
    """Return a text as the value of an attribute."""
    return f'"{text.translate(_QUOTED)}"'
