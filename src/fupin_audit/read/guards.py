"""Zip packages: what may be unpacked, and how much of it.

A header can lie, so sizes are checked against the directory first and against
the bytes that really come out after. A part that yields more than its header
says is damaged or hostile; either way it is refused.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from fupin_audit.errors import TooLarge, UnreadableFile

CHUNK = 1 << 20
MAX_PARTS = 20_000
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_HEAD = 1 << 16
_COUNT = re.compile(rb"[cC]ount\s*=\s*[\"'](\d+)")
_ROOT = re.compile(rb"<[^!?\s]")
_DAMAGED = "文件不完整或已损坏"
_RESAVE = "请用 Excel 或 WPS 打开后另存为 .xlsx，再重新检查"


def damaged(detail: str = "") -> UnreadableFile:
    """Return the refusal of a file whose bytes do not hold together."""
    what = f"{_DAMAGED}（{detail}）" if detail else _DAMAGED
    return UnreadableFile(what, hint="请重新下载、拷贝一次，" + _RESAVE[1:])


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Open a zip's directory; raise UnreadableFile when it cannot be trusted."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error) as error:
        raise damaged("压缩目录读不出") from error
    if len(archive.infolist()) > MAX_PARTS:
        raise TooLarge(f"压缩包内文件超过 {MAX_PARTS} 个", hint="请拆分后分别检查")
    return archive


def check_package(archive: zipfile.ZipFile, limit: int) -> None:
    """Refuse a workbook package that is too large, ambiguous or locked.

    Two parts whose names differ only in case would let one be checked and the
    other be read.
    """
    seen: set[str] = set()
    total = 0
    for part in archive.infolist():
        name = part.filename.casefold()
        if name in seen:
            raise damaged("同名部件重复")
        seen.add(name)
        if part.flag_bits & 1:
            raise UnreadableFile("文件的压缩包设有密码", hint="请先解除密码再检查")
        if _is_picture(name):
            continue
        total += part.file_size
        if part.file_size > limit or total > limit:
            raise too_large(limit)


def too_large(limit: int) -> TooLarge:
    """Return the refusal of something that unpacks to more than `limit` bytes."""
    size = f"{limit / (1 << 30):g} GB" if limit >= 1 << 28 else f"{limit / (1 << 20):.4g} MB"
    return TooLarge(
        f"解压后超过大小上限 {size}",
        hint="确认文件来源可靠后，可拆分文件，或调高解压大小上限再检查",
    )


def inflate(file: BinaryIO, part: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """Yield the bytes of a part in pieces of at most `CHUNK`.

    Raises:
        TooLarge: The header or the bytes exceed `limit`.
        UnreadableFile: The part is damaged, locked, or longer than it says.
    """
    if part.file_size > limit:
        raise too_large(limit)
    if part.flag_bits & 1:
        raise UnreadableFile("压缩包设有密码", hint="请先解压，再检查解压出的文件")
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise damaged("压缩部件缺失")
    _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    file.seek(name_length + extra_length, 1)
    if part.compress_type == zipfile.ZIP_STORED:
        pieces = _stored(file, part.compress_size)
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        pieces = _deflated(file, part.compress_size)
    else:
        raise UnreadableFile("压缩方式不受支持", hint="请先解压，再检查解压出的文件")
    seen = 0
    for piece in pieces:
        seen += len(piece)
        if seen > part.file_size:
            raise damaged("实际大小与所写不符")
        yield piece
    if seen != part.file_size:
        raise damaged("内容被截断")


def _stored(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = file.read(min(size, CHUNK))
        if not piece:
            return
        size -= len(piece)
        yield piece


def _deflated(file: BinaryIO, size: int) -> Iterator[bytes]:
    engine = zlib.decompressobj(-15)
    try:
        while size > 0 and not engine.eof:
            data = file.read(min(size, CHUNK // 4))
            if not data:
                return
            size -= len(data)
            while data:
                # The cap keeps one piece small however well it was compressed.
                piece = engine.decompress(data, CHUNK)
                data = engine.unconsumed_tail
                if piece:
                    yield piece
                elif not data:
                    break
        while not engine.eof:
            piece = engine.decompress(b"", CHUNK)
            if not piece:
                return
            yield piece
    except zlib.error as error:
        raise damaged("压缩内容解不开") from error


def read_part(file: BinaryIO, part: zipfile.ZipInfo, limit: int) -> bytes:
    """Return a whole part."""
    return b"".join(inflate(file, part, limit))


def check_xml(head: bytes) -> None:
    """Refuse XML that could do more than hold cells.

    Args:
        head: The first bytes, which must hold the root element.
    """
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:4]:
        raise UnreadableFile("文件内部的 XML 不是 UTF-8 编码", hint=_RESAVE)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise UnreadableFile(
            "文件内部的 XML 带有实体定义（DTD），正常的表格不会有，已拒绝读取",
            hint="请核实文件来源；" + _RESAVE,
        )
    if not _ROOT.search(head):
        raise damaged("内部 XML 没有内容")


def _check_counts(head: bytes, size: int) -> None:
    # The reader reserves memory for as many items as a part announces.
    if any(int(found) > size for found in _COUNT.findall(head)):
        raise damaged("所写条目数与内容不符")


def check_parts(archive: zipfile.ZipFile, file: BinaryIO, limit: int) -> None:
    """Check the head of every XML part, and the true size of large ones."""
    for part in archive.infolist():
        name = part.filename.casefold()
        if _is_picture(name) or not name.endswith((".xml", ".rels", ".vml", ".bin")):
            continue
        # Deflate cannot grow data more than 1032-fold; smaller parts are safe.
        whole = part.compress_size * 1032 > limit and not is_sheet(name)
        head = b""
        for piece in inflate(file, part, limit):
            if len(head) < _HEAD:
                head += piece[:_HEAD]
            elif not whole:
                break
        if not name.endswith(".bin"):
            check_xml(head)
        if name.endswith(("/sharedstrings.xml", "/styles.xml")):
            _check_counts(head, part.file_size)


def is_sheet(name: str) -> bool:
    """Tell whether a part (case-folded name) is surveyed as a whole elsewhere."""
    return name.startswith("xl/worksheets/") and name.endswith((".xml", ".bin"))


def _is_picture(name: str) -> bool:
    return name.startswith(("xl/media/", "xl/embeddings/", "pictures/", "thumbnails/"))
