"""Find elements in XML by where their bytes stand, so that all others stay.

Small parts are parsed as a whole and spliced; what was not asked for keeps its
bytes, its order and its prefixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from fupin_audit.errors import UnreadableFile
from fupin_audit.read.guards import check_xml, damaged

ATTRIBUTES = rb"""(?:[^<>"'/]++|"[^"]*+"|'[^']*+')*+"""
"""What may stand between the name of a tag and its end."""

_TAG = re.compile(rb"<[^\s<>/]+" + ATTRIBUTES + rb"(/?)>")
_ENCODING = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)["']""")
_SCHEMAS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


class Node(NamedTuple):
    """One element: `start` of its tag, `inner` just after that, `close` where
    its end tag starts (`inner` if it has none), `end` after all."""

    name: str
    prefix: str
    given: dict[str, str]
    start: int
    inner: int
    close: int
    end: int

    @property
    def empty(self) -> bool:
        """Whether it is written `<a/>`."""
        return self.inner == self.end

    def value(self, name: str) -> str:
        """Return an attribute by its local name, or ""."""
        found = self.given.get(name)
        if found is not None:
            return found
        return next((v for key, v in self.given.items() if key.rpartition(":")[2] == name), "")


def check_encoding(head: bytes) -> None:
    """Refuse XML that is not UTF-8 or may hold entities."""
    check_xml(head)
    declared = _ENCODING.search(head[:200])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise UnreadableFile(
            "文件内部的 XML 不是 UTF-8 编码", hint="请用 Excel 或 WPS 打开后另存为 .xlsx 再更正"
        )


def nodes(data: bytes) -> list[Node]:
    """Return every element of a part, in the order of their starts.

    Raises:
        UnreadableFile: It is no XML of the plain kind.
    """
    check_encoding(data)
    found: list[Node | None] = []
    open_: list[tuple[int, str, dict[str, str], int, int, bool]] = []
    parser = ParserCreate()

    def start(tag: str, given: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        written = _TAG.match(data, at)
        if not written:
            raise damaged("内部 XML 的写法不对")
        open_.append((len(found), tag, given, at, written.end(), bool(written[1])))
        found.append(None)

    def end(_: str) -> None:
        place, tag, given, at, inner, empty = open_.pop()
        close = inner if empty else parser.CurrentByteIndex
        after = inner if empty else data.index(b">", close) + 1
        prefix, _, name = tag.rpartition(":")
        found[place] = Node(name, prefix, given, at, inner, close, after)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except (ExpatError, LookupError, ValueError) as error:
        raise damaged("内部 XML 不完整") from error
    return [node for node in found if node]


def spliced(data: bytes, pieces: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Return the data with each (start, end) replaced; they do not overlap."""
    made = []
    at = 0
    for start, end, piece in sorted(pieces, key=lambda given: given[:2]):
        made += [data[at:start], piece]
        at = end
    return b"".join([*made, data[at:]])


def added_last(data: bytes, parent: Node, piece: bytes) -> tuple[int, int, bytes]:
    """Return the splice that puts `piece` last into an element."""
    if not parent.empty:
        return parent.close, parent.close, piece
    name = f"{parent.prefix}:{parent.name}" if parent.prefix else parent.name
    tag = data[parent.start : parent.inner].rstrip()[:-2] + b">"
    return parent.start, parent.end, tag + piece + f"</{name}>".encode()


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """Return a start tag with one attribute set, or with None without it."""
    pattern = re.compile(rb"\s+" + name.encode() + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""")
    written = b"" if value is None else f' {name}="{escaped(value)}"'.encode()
    if pattern.search(tag):
        return pattern.sub(lambda _: written, tag, count=1)
    stop = tag.rindex(b"/>") if tag.endswith(b"/>") else len(tag) - 1
    return tag[:stop].rstrip() + written + tag[stop:]


def escaped(text: str) -> str:
    """Return text for an attribute or between tags."""
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(char, entity)
    return text.replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


def relation_namespace(book: bytes) -> str:
    """Return the namespace of relations: strict workbooks have another."""
    return _STRICT if _STRICT.encode() in book else _SCHEMAS
