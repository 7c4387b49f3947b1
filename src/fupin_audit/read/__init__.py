"""Paths → raw sheets: every cell as written, with its kind and true address.

A file that cannot be read is told in its `SourceFile` and does not stop the
others; only a path that names nothing raises.
"""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

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


def read(
    paths: Sequence[str | Path],
    *,
    limit_bytes: int = 1 << 30,
    password: Password | None = None,
    progress: Progress | None = None,
) -> tuple[list[RawSheet], list[SourceFile]]:
    """Read files, folders, globs and zips into raw sheets.

    Args:
        paths: What to read; a folder is read with all below it, in order.
        limit_bytes: Most bytes one workbook, or the tables of one zip, may
            unpack to.
        password: Given the shown name of a locked file, its password or None.
        progress: Told (shown name, files done, files in all).

    Returns:
        The sheets in order, and one entry per file: read, passed over (with a
        note) or not readable (with an error).

    Raises:
        UnreadableFile: A path names nothing, or a folder holds no table.
    """
    sheets: list[RawSheet] = []
    files: list[SourceFile] = []
    sources = discover(paths, limit_bytes)
    for done, source in enumerate(sources):
        if progress:
            progress(source.shown, done, len(sources))
        if source.passed_over:
            files.append(SourceFile(source.shown, "", notes=(source.passed_over,)))
            continue
        found, file = _read_source(source, limit_bytes, password)
        sheets += found
        files.append(file)
    if progress and sources:
        progress(sources[-1].shown, len(sources), len(sources))
    return sheets, files


def _read_source(
    source: Source, limit: int, password: Password | None
) -> tuple[list[RawSheet], SourceFile]:
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
