"""A sheet's XML, cut where it may be cut: head, blocks of whole rows, tail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from fupin_audit.corrections.patch.xml import ATTRIBUTES, check_encoding
from fupin_audit.errors import UnreadableFile
from fupin_audit.read.guards import damaged

_MOST_CARRIED = 64 << 20
_ROOT = re.compile(rb"<(?:([\w.-]+):)?(\w+)(?=[\s/>])")
_PROLOGUE = re.compile(rb"\s*<\?xml[^>]*\?>")
_HIDDEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.S)
_CLOSED = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
_MERGE = re.compile(rb"""<(?:[\w.-]+:)?mergeCell\s[^<>]*?(?<=\s)ref\s*=\s*["']([^"']+)["']""")
_REF = re.compile(rb"""(?<=\s)r\s*=\s*["']([^"']*)["']""")
_STYLE = re.compile(rb"""(?<=\s)s\s*=\s*["'](\d+)["']""")
_PLACE = re.compile(rb"\$?([A-Za-z]{1,3})\$?(\d{1,7})")

Pieces = Callable[[], Iterator[bytes]]


class Part(NamedTuple):
    """A stretch of the sheet. `seen` is as long as `data`; where something is not
    to be looked into (a comment) it is blank."""

    kind: str
    data: bytes
    seen: bytes


class Tags(NamedTuple):
    """The tags of a sheet under its own prefix."""

    prefix: str
    data: re.Pattern[bytes]
    data_end: re.Pattern[bytes]
    row: re.Pattern[bytes]
    row_end: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    row_start: bytes


def tags(prefix: bytes) -> Tags:
    """Return the patterns of tags with a prefix (`x:` or nothing)."""
    p, more = re.escape(prefix), ATTRIBUTES
    return Tags(
        prefix.decode("ascii", "replace"),
        re.compile(rb"<" + p + rb"sheetData(?=[\s/>])" + more + rb"(/?)>"),
        re.compile(rb"</" + p + rb"sheetData\s*>"),
        re.compile(rb"<" + p + rb"row(?=[\s/>])(" + more + rb")(/?)>"),
        re.compile(rb"</" + p + rb"row\s*>"),
        re.compile(
            rb"<" + p + rb"c(?=[\s/>])(" + more + rb")(?:/>|>(.*?)</" + p + rb"c\s*>)", re.S
        ),
        re.compile(
            rb"<" + p + rb"f(?=[\s/>])(" + more + rb")(?:/>|>(.*?)</" + p + rb"f\s*>)", re.S
        ),
        b"<" + prefix + b"row",
    )


class SheetParts:
    """A sheet that can be gone through again and again.

    A sheet with comments or CDATA, which no program for offices writes, is held
    in memory as a whole; any other passes through in pieces.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._whole: tuple[bytes, bytes] | None = None
        head = _start(pieces)
        check_encoding(head)
        root = _ROOT.search(_HIDDEN.sub(b"", head))
        if not root or root[2] != b"worksheet":
            raise UnreadableFile("这一页不是普通工作表，不能更正", hint="请确认工作表是否写对")
        self.tags = tags(root[1] + b":" if root[1] else b"")
        odd, tail = _looked_through(pieces())
        if odd:
            data = b"".join(pieces())
            seen = _HIDDEN.sub(lambda found: b" " * len(found[0]), data)
            self._whole = data, seen
            tail = next((part.seen for part in self if part.kind == "tail"), b"")
        self.merges = [area(found[1]) for found in _MERGE.finditer(tail)]

    def __iter__(self) -> Iterator[Part]:
        if self._whole:
            return _cut(iter([self._whole]), self.tags)
        return _cut(((piece, piece) for piece in self._pieces()), self.tags)


def _start(pieces: Pieces) -> bytes:
    head = b""
    for piece in pieces():
        head += piece
        if len(head) >= 1 << 16:
            break
    return head


def _looked_through(pieces: Iterator[bytes]) -> tuple[bool, bytes]:
    """Tell whether the sheet is written oddly; return what follows its cells."""
    first, last = True, b""
    tail: list[bytes] = []
    for piece in pieces:
        chunk = last + piece
        if first:
            chunk = _PROLOGUE.sub(b"", chunk.removeprefix(b"\xef\xbb\xbf"), count=1)
            first = False
        if b"<!" in chunk or b"<?" in chunk:
            return True, b""
        if tail:
            tail.append(piece)
        elif closed := _CLOSED.search(chunk):
            tail.append(chunk[closed.end() :])
        last = chunk[-80:]
    return False, b"".join(tail)


def _cut(pieces: Iterator[tuple[bytes, bytes]], tag: Tags) -> Iterator[Part]:
    data = seen = b""
    inside = False
    for more, more_seen in pieces:
        same = data is seen and more is more_seen
        data += more
        seen = data if same else seen + more_seen
        if not inside:
            opened = tag.data.search(seen)
            if not opened:
                _bound(data)
                continue
            cut = opened.end()
            yield Part("head", data[:cut], seen[:cut])
            data, seen = _from(data, seen, cut)
            if opened[1]:
                yield _tail(data, seen, pieces)
                return
            inside = True
        closed = tag.data_end.search(seen)
        cut = closed.start() if closed else seen.rfind(tag.row_start)
        if cut > 0:
            yield Part("rows", data[:cut], seen[:cut])
            data, seen = _from(data, seen, cut)
        if closed:
            yield _tail(data, seen, pieces)
            return
        _bound(data)
    raise damaged("工作表的 XML 不完整")


def _from(data: bytes, seen: bytes, cut: int) -> tuple[bytes, bytes]:
    rest = data[cut:]
    return rest, rest if data is seen else seen[cut:]


def _tail(data: bytes, seen: bytes, pieces: Iterator[tuple[bytes, bytes]]) -> Part:
    rest = list(pieces)
    return Part(
        "tail",
        b"".join([data, *(piece for piece, _ in rest)]),
        b"".join([seen, *(piece for _, piece in rest)]),
    )


def _bound(data: bytes) -> None:
    if len(data) > _MOST_CARRIED:
        raise damaged("工作表里有一行长得不合情理")


def row_number(attributes: bytes, previous: int) -> int:
    """Return the zero-based row of a tag; without a number it follows the last."""
    found = _REF.search(attributes)
    if not found:
        return previous + 1
    if not found[1].isdigit() or not 0 < int(found[1]) <= 1 << 20:
        raise damaged("行号写法不对")
    return int(found[1]) - 1


def cell_place(attributes: bytes, row: int, previous: int) -> tuple[int, int]:
    """Return the zero-based row and column of a cell."""
    found = _REF.search(attributes)
    if not found:
        return row, previous + 1
    return place(found[1])


def place(text: bytes) -> tuple[int, int]:
    """Return the zero-based row and column of an address."""
    found = _PLACE.fullmatch(text.strip())
    if not found:
        raise damaged("单元格地址写法不对")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1


def area(text: bytes) -> tuple[int, int, int, int]:
    """Return the first row and column and the last ones of a range."""
    first, _, last = text.partition(b":")
    top, left = place(first)
    bottom, right = place(last) if last else (top, left)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def style_of(attributes: bytes) -> int | None:
    """Return the style a tag gives."""
    found = _STYLE.search(attributes)
    return int(found[1]) if found else None
