"""Files read side by side, each within its time.

Every file is read in a process of its own pool: one that hangs a parser or eats
the memory is given up and told, and the others go on. What a file is, is found
out there as well, so that one with two possible meanings stops only itself.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fupin_audit.batch.log import Say
from fupin_audit.errors import FupinError, UnreadableFile
from fupin_audit.model.sheet import RawSheet, SourceFile
from fupin_audit.pipeline import Reading, Request
from fupin_audit.read import read

if TYPE_CHECKING:
    from fupin_audit.recognise import Pin

_LOST = "读这个文件的进程没了，多半是内存不够；拆分文件，或换内存更大的电脑"


def read_all(
    request: Request,
    files: Mapping[str, Path],
    *,
    pack: str,
    cores: int,
    time_limit: float,
    say: Say,
) -> Reading:
    """Read files in order.

    Args:
        pack: Folder of the rule pack; empty for the shipped one.
        files: Name to show → file.
        cores: Processes at a time, 0 for as many as the machine has cores.
        time_limit: Seconds for one file.

    Raises:
        UnreadableFile: None of them could be read.
    """
    from pebble import ProcessExpired, ProcessPool

    workers = min(cores or os.cpu_count() or 1, len(files))
    # A fork of a process that has threads can hang; these start from a clean one.
    way = "spawn" if sys.platform == "win32" else "forkserver"
    sheets: list[RawSheet] = []
    told: list[SourceFile] = []
    password = request.password("") if request.password else None
    with ProcessPool(workers, context=multiprocessing.get_context(way)) as pool:
        under_way = [
            (name, pool.schedule(_read_one, timeout=time_limit, args=(_Task(
                name, str(path), pack, request.as_of, request.limit_bytes, password,
                tuple(request.pins),
            ),)))
            for name, path in files.items()
        ]  # fmt: skip
        for number, (name, future) in enumerate(under_way):
            try:
                found, file = future.result()
                sheets += found
            except TookTooLong:
                limit = f"{time_limit:g}"
                file = [SourceFile(name, "", error=f"{limit} 秒还没有读完，放弃；拆分文件后再报")]
            except ProcessExpired:
                file = [SourceFile(name, "", error=_LOST)]
            told += file
            for one in file:
                if one.error:
                    say("file", level="warning", number=number, digest=one.sha256[:8], bad=True)
    bad = [one for one in told if one.error]
    if told and len(bad) == len(told):
        raise UnreadableFile(bad[0].error or "", where=bad[0].file)
    return Reading(sheets, told)


class _Task(NamedTuple):
    """What a process needs to know; plain values, as it starts from nothing."""

    name: str
    path: str
    pack: str
    as_of: date
    limit: int
    password: str | None
    pins: tuple[Pin, ...]


def _read_one(task: _Task) -> tuple[list[RawSheet], list[SourceFile]]:
    """Read one file and see whether its sheets can be understood by themselves."""
    from fupin_audit.packs.load import load_pack
    from fupin_audit.packs.resolve import resolve
    from fupin_audit.recognise import recognise

    try:
        sheets, files = read([task.path], limit_bytes=task.limit, password=lambda _: task.password)
        for sheet in sheets:
            sheet.file = _shown(sheet.file, task)
        files = [replace(one, file=_shown(one.file, task)) for one in files]
        pack = resolve(load_pack(task.pack or None), task.as_of, "")
        recognise(sheets, pack, pins=task.pins)
    except FupinError as problem:
        hint = f"。{problem.hint}" if problem.hint else ""
        return [], [SourceFile(task.name, "", error=f"{problem.what}{hint}")]
    return sheets, files


def _shown(file: str, task: _Task) -> str:
    inside = file.startswith(task.path)
    return task.name + file.removeprefix(task.path) if inside else file
