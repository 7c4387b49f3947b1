"""Which encoding a text file is in."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import BinaryIO

_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """`codec` is Python's name, `shown` the one people know. `broken` says that
    some bytes do not decode and will be replaced."""

    codec: str
    shown: str
    broken: bool = False


def guess_utf16(head: bytes) -> str:
    """Return `utf-16-le`, `utf-16-be` or "" from where the zero bytes stand.

    Separators, digits and line ends of any table have a zero byte in UTF-16,
    always on the same side.
    """
    if len(head) < 4:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    pairs = len(head) // 2
    if odd * 10 > pairs and even * 4 <= odd:
        return "utf-16-le"
    if even * 10 > pairs and odd * 4 <= even:
        return "utf-16-be"
    return ""


def detect(file: BinaryIO) -> Encoding:
    """Return the encoding of a text file, reading it through once if need be."""
    file.seek(0)
    head = file.read(1 << 16)
    file.seek(0)
    for bom, codec, shown in _BOMS:
        if head.startswith(bom):
            return Encoding(codec, shown, broken=not _decodes(file, codec))
    if wide := guess_utf16(head):
        return Encoding(wide, "UTF-16（无 BOM）", broken=not _decodes(file, wide))
    for codec, shown in (("utf-8", "UTF-8"), ("gb18030", "GB18030/GBK")):
        if _decodes(file, codec):
            return Encoding(codec, shown)
    sample = head[: 1 << 16]
    damage = {
        codec: sample.decode(codec, "replace").count("\ufffd") for codec in ("utf-8", "gb18030")
    }
    if damage["utf-8"] <= damage["gb18030"]:
        return Encoding("utf-8", "UTF-8", broken=True)
    return Encoding("gb18030", "GB18030/GBK", broken=True)


def _decodes(file: BinaryIO, codec: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True
