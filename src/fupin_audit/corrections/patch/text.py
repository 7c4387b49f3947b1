"""Correct fields of a text table; every other byte stays."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from fupin_audit.corrections.patch.cells import Unwritable
from fupin_audit.corrections.patch.change import (
    Change,
    Outcome,
    Refused,
    no_such_cell,
    no_such_sheet,
)
from fupin_audit.corrections.patch.fields import Field, field_text, fields, refilled
from fupin_audit.errors import TooLarge, UnreadableFile
from fupin_audit.read.delimited import FIELD_LIMIT, layout

_BLOCK = 1 << 20
_BOM = {"utf-8-sig": b"\xef\xbb\xbf"}
_WIDE = ("utf-16", "utf-16-le", "utf-16-be")


def write_text(source: Path, aside: Path, changes: list[Change], limit: int) -> Outcome:
    """Write the table with the changes.

    Raises:
        InputError: The table cannot be read, or a changed cell is not in it.
    """
    wanted: dict[int, list[Change]] = {}
    for change in changes:
        if change.sheet is not None:
            raise no_such_sheet(source, change.sheet)
        wanted.setdefault(change.row, []).append(change)
    if source.stat().st_size > limit:
        raise TooLarge("文件太大", where=source.name, hint="请拆分后再更正")
    done: list[Change] = []
    refused: list[Refused] = []
    previous = csv.field_size_limit(FIELD_LIMIT)
    try:
        with source.open("rb") as file, aside.open("wb") as out:
            how = layout(file, source.suffix)
            codec, lead, lines = _lines(file, how.codec)
            out.write(lead)
            if how.declared:
                out.write(next(lines))
            text = _Kept(lines, codec)
            for row, cells in enumerate(csv.reader(text, delimiter=how.delimiter)):
                raw = text.taken()
                own = wanted.pop(row, None)
                if own:
                    raw = _changed(raw, cells, own, codec, how.delimiter, done, refused)
                out.write(raw)
            out.write(text.taken())
    except csv.Error as error:
        raise UnreadableFile(
            "文本表格的引号不配对", where=source.name, hint="请用 Excel 打开另存为 .xlsx 后再更正"
        ) from error
    finally:
        csv.field_size_limit(previous)
    if wanted:
        raise no_such_cell(source, next(iter(wanted.values()))[0])
    return Outcome(tuple(done), tuple(done), _said(done, codec), tuple(refused))


class _Kept:
    """Lines as text for the reader, their bytes kept until its record is whole."""

    def __init__(self, lines: Iterator[bytes], codec: str) -> None:
        self._lines, self._codec = lines, codec
        self._raw: list[bytes] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._raw.append(line)
            yield line.decode(self._codec, "replace")

    def taken(self) -> bytes:
        """Return the bytes read since the last call."""
        raw, self._raw = b"".join(self._raw), []
        return raw


def _lines(file: BinaryIO, codec: str) -> tuple[str, bytes, Iterator[bytes]]:
    """Return the codec of a line, the bytes before the first, and the lines.

    In UTF-8 and GB18030 the bytes of line ends stand for nothing else; UTF-16 is
    decoded first.
    """
    file.seek(0)
    if codec not in _WIDE:
        lead = _BOM.get(codec, b"")
        file.seek(len(lead))
        return codec.removesuffix("-sig"), lead, _byte_lines(file)
    data = file.read()
    lead = data[:2] if codec == "utf-16" else b""
    if codec == "utf-16":
        codec = "utf-16-le" if lead == b"\xff\xfe" else "utf-16-be"
    text = data[len(lead) :].decode(codec, "surrogatepass")
    return codec, lead, (line.encode(codec, "surrogatepass") for line in _text_lines(text))


def _byte_lines(file: BinaryIO) -> Iterator[bytes]:
    carry = b""
    while block := file.read(_BLOCK):
        lines = (carry + block).splitlines(keepends=True)
        # The last may go on, and a `\r` may be the first half of a line end.
        carry = lines.pop()
        yield from lines
    yield from carry.splitlines(keepends=True)


def _text_lines(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        ends = [end for mark in "\r\n" if (end := text.find(mark, at)) >= 0]
        end = min(ends, default=len(text) - 1) + 1
        if text[end - 1] == "\r" and text.startswith("\n", end):
            end += 1
        yield text[at:end]
        at = end


def _changed(
    raw: bytes, cells: list[str], changes: list[Change], codec: str, delimiter: str,
    done: list[Change], refused: list[Refused],
) -> bytes:  # fmt: skip
    """Return one record with its changes made."""
    text = raw.decode(codec, "surrogateescape" if codec == "utf-8" else "replace")
    found = fields(text, delimiter) if cells else [Field(0, 0, "")]
    exact = text.encode(codec, "surrogateescape" if codec == "utf-8" else "replace") == raw
    shown = [field.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
             for field in found]  # fmt: skip
    if not exact or (cells and shown != cells):
        refused += [Refused(change, "这一行有写坏的字符或引号，不能原样写回") for change in changes]
        return raw
    for change in sorted(changes, key=lambda change: -change.column):
        try:
            value = field_text(change.value)
            value.encode(codec)
        except (Unwritable, UnicodeEncodeError) as problem:
            refused.append(Refused(change, str(problem) if isinstance(problem, Unwritable)
                                   else "新值里有不能存的字符"))  # fmt: skip
            continue
        if change.column >= len(found):
            last = max(field.end for field in found)
            gap = delimiter * (change.column - len(found) + 1)
            text = text[:last] + gap + refilled("", "", value, delimiter) + text[last:]
            found = fields(text, delimiter)
        else:
            start, end, said = found[change.column]
            text = text[:start] + refilled(text[start:end], said, value, delimiter) + text[end:]
        done.append(change)
    return text.encode(codec, "surrogateescape" if codec == "utf-8" else "strict")


def _said(done: list[Change], codec: str) -> tuple[str, ...]:
    rare = 0
    for change in done if codec == "gb18030" else ():
        try:
            str(change.value).encode("gbk")
        except UnicodeEncodeError:
            rare += 1
    if not rare:
        return ()
    return (f"有 {rare} 个新值含 GBK 之外的生僻字，已按 GB18030 写入，个别老软件可能显示不出",)
