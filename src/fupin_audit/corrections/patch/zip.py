"""Copy a zip with some parts replaced, left out or added.

The parts that stay are copied as they are compressed, byte for byte.
"""

from __future__ import annotations

import copy
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import BinaryIO

from fupin_audit.read.guards import CHUNK, damaged

Content = bytes | Callable[[], Iterator[bytes]]
_LOCAL = struct.Struct("<4s22xHH")
_DESCRIPTOR = 0x08
_WIDE = 1


def copy_with(
    file: BinaryIO,
    archive: zipfile.ZipFile,
    target: Path,
    replaced: Mapping[str, Content],
    added: Mapping[str, bytes],
    dropped: Set[str],
) -> None:
    """Write the package anew, in its order.

    Args:
        file: The package's bytes.
        archive: Its directory.
        target: Where to write.
        replaced: New contents by the full name of a part.
        added: Parts that come last.
        dropped: Names left out.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out:
        for part in archive.infolist():
            if part.filename in dropped:
                continue
            if part.filename in replaced:
                _write(out, _like(part), replaced[part.filename])
            else:
                _verbatim(file, out, part)
        for name, content in added.items():
            made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            made.compress_type = zipfile.ZIP_DEFLATED
            _write(out, made, content)


def _like(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(part.filename, part.date_time)
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = part.external_attr
    made.create_system = part.create_system
    return made


def _write(out: zipfile.ZipFile, part: zipfile.ZipInfo, content: Content) -> None:
    pieces: Iterable[bytes] = (content,) if isinstance(content, bytes) else content()
    with out.open(part, "w", force_zip64=False) as stream:
        for piece in pieces:
            stream.write(piece)


def _verbatim(file: BinaryIO, out: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    file.seek(part.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise damaged("压缩部件缺失")
    _, name, extra = _LOCAL.unpack(head)
    file.seek(name + extra, 1)
    stream = out.fp
    if stream is None:
        raise damaged()
    made = copy.copy(part)
    # Sizes are known, so they stand in front and nothing has to follow.
    made.flag_bits &= ~_DESCRIPTOR
    made.extra = _without_sizes(part.extra)
    stream.seek(out.start_dir)
    made.header_offset = stream.tell()
    stream.write(made.FileHeader())
    left = part.compress_size
    while left:
        piece = file.read(min(left, CHUNK))
        if not piece:
            raise damaged("内容被截断")
        stream.write(piece)
        left -= len(piece)
    out.start_dir = stream.tell()
    out.filelist.append(made)
    out.NameToInfo[made.filename] = made


def _without_sizes(extra: bytes) -> bytes:
    """Drop the field of 64-bit sizes, which is written anew where needed."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind != _WIDE:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept
