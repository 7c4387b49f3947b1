"""A part of a workbook, packed while it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO

_BATCH = 1 << 20  # characters packed at once


def pack(out: IO[bytes], texts: Iterable[str]) -> None:
    """Write texts; packing needs no lock, so it goes on beside their making."""
    with ThreadPoolExecutor(1) as packer:
        packed = packer.submit(out.write, b"")
        for batch in _batches(texts):
            packed.result()
            packed = packer.submit(out.write, batch)
        packed.result()


def _batches(texts: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _BATCH:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()
