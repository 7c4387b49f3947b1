"""Paths → raw sheets: every cell as written, with its kind and true address.

A file that cannot be read is told in its `SourceFile` and does not stop the
others; only a path that names nothing raises.
"""

from __future__ import annotations

import csv
import io
import os
import struct
import zlib
from bisect import bisect
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from fupin_audit.beside import beside, cores_here
from fupin_audit.errors import InputError, TooLarge, UnreadableFile
from fupin_audit.model.sheet import RawSheet, SourceFile
from fupin_audit.read.discover import discover
from fupin_audit.read.encrypted import Password, open_legacy
from fupin_audit.read.guards import damaged, too_large
from fupin_audit.read.sniff import kind_note, sniff
from fupin_audit.read.source import Source, digest

__all__ = ["read"]

Progress = Callable[[str, int, int], None]
_BROKEN = (
    ValueError, KeyError, IndexError, EOFError, OverflowError, RecursionError,
    OSError, NotImplementedError, struct.error, zlib.error, csv.Error,
)  # fmt: skip
"""What bytes that do not hold together make parsers raise."""
_WORTH_IT, _TOO_MUCH = 1 << 20, 64 << 20
"""Bytes of all files, as they lie on the disk."""


def read(
    paths: Sequence[str | Path],
    *,
    limit_bytes: int = 1 << 30,
    password: Password | None = None,
    progress: Progress | None = None,
    under_way: Callable[[], None] | None = None,
) -> tuple[list[RawSheet], list[SourceFile]]:
    """Read files, folders, globs and zips into raw sheets.

    Of many files, half are read in a copy of this process.

    Args:
        paths: What to read; a folder is read with all below it, in order.
        limit_bytes: Most bytes one workbook, or the tables of one zip, may
            unpack to.
        password: Given the shown name of a locked file, its password or None.
        progress: Told (shown name, files done, files in all).
        under_way: Called when all that needs this process alone has begun.

    Returns:
        The sheets in order, and one entry per file: read, passed over (with a
        note) or not readable (with an error).

    Raises:
        UnreadableFile: A path names nothing, or a folder holds no table.
    """
    sources = discover(paths, limit_bytes)
    cut = _half(sources)
    ask = _asked_here(password) if password else None
    others = partial(_read_all, sources[cut:], limit_bytes, ask, None)
    with beside(others, cores_here() if cut < len(sources) else 1) as rest:
        if under_way:
            under_way()
        found = _read_all(sources[:cut], limit_bytes, ask, progress) + rest()
    return [sheet for sheets, _ in found for sheet in sheets], [file for _, file in found]


def _half(sources: Sequence[Source]) -> int:
    """Return how many sources this process reads, if another reads the rest: all of
    them where that is soon done, or too much to be handed over."""
    sizes = list(accumulate(source.size for source in sources))
    if not sizes or not _WORTH_IT <= sizes[-1] <= _TOO_MUCH:
        return len(sources)
    return bisect(sizes, sizes[-1] / 2) or 1


def _asked_here(password: Password) -> Password:
    """Ask for passwords in this process only: a copy has nobody to ask, and is then
    given up for this process."""
    here = os.getpid()

    def ask(shown: str) -> str | None:
        if os.getpid() != here:
            raise RuntimeError("nobody to ask")
        return password(shown)

    return ask


_Read = tuple[list[RawSheet], SourceFile]


def _read_all(
    sources: Sequence[Source], limit: int, password: Password | None, progress: Progress | None
) -> list[_Read]:
    found: list[_Read] = []
    for done, source in enumerate(sources):
        if progress:
            progress(source.shown, done, len(sources))
        if source.passed_over:
            found.append(([], SourceFile(source.shown, "", notes=(source.passed_over,))))
        else:
            found.append(_read_source(source, limit, password))
    if progress and sources:
        progress(sources[-1].shown, len(sources), len(sources))
    return found


def _read_source(source: Source, limit: int, password: Password | None) -> _Read:
    known = ""
    try:
        if source.error:
            raise source.error
        with source.open(limit) as file:
            known = digest(file)
            sheets, notes = _read_file(file, source, limit, password)
    except InputError as error:
        return [], SourceFile(source.shown, known, error=_line(error))
    except MemoryError:
        return [], SourceFile(source.shown, known, error=_line(_no_memory()))
    except _BROKEN:
        return [], SourceFile(source.shown, known, error=_line(damaged()))
    return sheets, SourceFile(source.shown, known, notes=tuple(notes))


def _read_file(
    file: BinaryIO, source: Source, limit: int, password: Password | None
) -> tuple[list[RawSheet], list[str]]:
    kind = sniff(file)
    note = kind_note(source.suffix, kind)
    stream: bytes | None = None
    path = source.path
    notes: list[str] = []
    if kind == "ole":
        if file.seek(0, io.SEEK_END) > limit:
            raise too_large(limit)
        opened, stream = open_legacy(file, source.shown, password)
        if opened is not file:
            path = None
            note = "设有打开密码，已用所给密码打开"
        file = opened
        kind = "xls" if stream is not None else sniff(file)
    if kind == "text":
        from fupin_audit.read.delimited import read_text

        sheets = [read_text(file, source.shown, source.suffix)]
    elif kind == "parquet":
        from fupin_audit.read.parquet import read_parquet

        sheets = [read_parquet(file, source.shown, limit)]
    elif kind == "archive":
        raise UnreadableFile("压缩包里又套了压缩包，不再展开", hint="请先解压一层再检查")
    else:
        from fupin_audit.read.workbook import read_workbook

        sheets, notes = read_workbook(
            file, kind, source.shown, path=path, stream=stream, limit=limit
        )
    for sheet in sheets:
        sheet.path = path
        if note:
            sheet.notes.insert(0, note)
    return sheets, [note, *notes] if note else notes


def _no_memory() -> TooLarge:
    return TooLarge("内存不够，读不下这个文件", hint="请拆分文件，或换内存更大的电脑")


def _line(error: InputError) -> str:
    return f"{error.what}。{error.hint}" if error.hint else error.what
