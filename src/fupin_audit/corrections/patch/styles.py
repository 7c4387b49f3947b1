"""What the number formats of a workbook make of a value.

Styles are only ever added, at the end: those there keep their numbers.
"""

from __future__ import annotations

import re

from fupin_audit.corrections.patch.xml import Node, nodes, spliced, with_attribute

GENERAL, TEXT = 0, 49
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""Built-in formats of dates and times, those of Chinese among them."""

_PERCENTS = {9, 10}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)
_DATE_LETTERS = re.compile(r"[ymdhs年月日]", re.I)


class Styles:
    """The cell styles of one workbook.

    `index` is the number a cell gives as its style, None where it gives none.
    """

    def __init__(self, data: bytes | None) -> None:
        self._data = data
        self._xfs: list[bytes] = []
        self._forms: list[int] = []
        self._codes: dict[int, str] = {}
        self._made: dict[tuple[int, int], int] = {}
        self._place: Node | None = None
        if data:
            self._learn(nodes(data), data)
        self._given = len(self._xfs)

    def _learn(self, found: list[Node], data: bytes) -> None:
        formats = next((n for n in found if n.name == "numFmts"), None)
        self._place = next((n for n in found if n.name == "cellXfs"), None)
        for node in found:
            if node.name == "numFmt" and formats and _within(node, formats):
                self._codes[_number(node.value("numFmtId"))] = node.value("formatCode")
            elif node.name == "xf" and self._place and _within(node, self._place):
                self._xfs.append(data[node.start : node.end])
                self._forms.append(_number(node.value("numFmtId")))

    def is_date(self, index: int | None) -> bool:
        form = self._form(index)
        if form in self._codes:
            code = _LITERAL.sub("", self._codes[form]).split(";")[0]
            return bool(_DATE_LETTERS.search(code)) and "general" not in code.lower()
        return form in _DATES

    def is_percent(self, index: int | None) -> bool:
        form = self._form(index)
        if form in self._codes:
            return "%" in _LITERAL.sub("", self._codes[form])
        return form in _PERCENTS

    def is_text(self, index: int | None) -> bool:
        form = self._form(index)
        return form == TEXT or self._codes.get(form, "") == "@"

    def derived(self, index: int | None, form: int) -> int | None:
        """Return a style that differs in its number format alone, made if need be."""
        base = index or 0
        if self._place is None or base >= len(self._xfs):
            return index
        if (base, form) not in self._made:
            tag, rest = _parted(self._xfs[base])
            tag = with_attribute(tag, "numFmtId", str(form))
            tag = with_attribute(tag, "applyNumberFormat", "1")
            self._made[base, form] = len(self._xfs)
            self._xfs.append(with_attribute(tag, "quotePrefix", None) + rest)
            self._forms.append(form)
        return self._made[base, form]

    def changed(self) -> bytes | None:
        """Return the part with the styles made; None if none was."""
        place = self._place
        if self._data is None or place is None or len(self._xfs) == self._given:
            return None
        tag = with_attribute(self._data[place.start : place.inner], "count", str(len(self._xfs)))
        more = b"".join(self._xfs[self._given :])
        return spliced(self._data, [(place.start, place.inner, tag), (place.close,) * 2 + (more,)])

    def _form(self, index: int | None) -> int:
        base = index or 0
        return self._forms[base] if base < len(self._forms) else GENERAL


def _within(node: Node, parent: Node) -> bool:
    return parent.inner <= node.start < parent.close


def _parted(xf: bytes) -> tuple[bytes, bytes]:
    (root, *_) = nodes(xf)
    return xf[: root.inner], xf[root.inner :]


def _number(text: str) -> int:
    return int(text) if text.isdigit() else GENERAL
