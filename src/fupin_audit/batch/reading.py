"""Files read side by side, each within its time.

Files are read in processes of their own: one that hangs a parser or eats the
memory is given up and told, and the others go on. What a file is, is found
out there as well, so that one with two possible meanings stops only itself.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pebble import ProcessExpired, ProcessPool

from fupin_audit.batch.log import Say
from fupin_audit.errors import FupinError, UnreadableFile
from fupin_audit.model.sheet import RawSheet, SourceFile
from fupin_audit.pipeline import Reading, Request, each_once
from fupin_audit.read import read
from fupin_audit.recognise.pins import Pin

_LOST = "读这个文件的进程没了，多半是内存不够；拆分文件，或换内存更大的电脑"


def read_all(
    request: Request,
    files: Mapping[str, Path],
    folder: Path,
    *,
    pack: str,
    cores: int,
    time_limit: float,
    say: Say,
) -> Reading:
    """Read files in order.

    Args:
        files: Name to show → file.
        folder: Where what was read may lie until it is fetched.
        pack: Folder of the rule pack; empty for the shipped one.
        cores: Processes at a time, 0 for as many as the machine has cores.
        time_limit: Seconds for one file.

    Raises:
        UnreadableFile: None of them could be read.
    """
    password = request.password("") if request.password else None
    # A fork of a process that has threads can hang; these start from a clean one.
    way = "spawn" if sys.platform == "win32" else "forkserver"
    pool = ProcessPool(
        min(cores or os.cpu_count() or 1, len(files)), context=multiprocessing.get_context(way)
    )
    sheets: list[RawSheet] = []
    told: list[SourceFile] = []
    with TemporaryDirectory(prefix=".reading-", dir=folder) as aside, _ended(pool):
        under_way = [
            pool.schedule(_read_one, timeout=time_limit, args=(_Task(
                name, str(path), f"{aside}/{number}", pack, request.as_of, request.region or "",
                request.limit_bytes, password, tuple(request.pins),
            ),))
            for number, (name, path) in enumerate(files.items())
        ]  # fmt: skip
        for number, (name, future) in enumerate(zip(files, under_way, strict=True)):
            found, file = _fetched(name, Path(aside) / str(number), future, time_limit)
            sheets += found
            told += file
            for one in file:
                if one.error:
                    say("file", level="warning", number=number, digest=one.sha256[:8], bad=True)
    sheets, told = each_once(sheets, told)
    bad = [one for one in told if one.error]
    if told and len(bad) == len(told):
        many = f"{len(bad)} 个文件都读不出，第一个：" if len(bad) > 1 else ""
        raise UnreadableFile(f"{many}{bad[0].error}", where=bad[0].file)
    return Reading(sheets, told)


@contextmanager
def _ended(pool: ProcessPool) -> Iterator[None]:
    """See that no process stays, whatever happens: no file is waited for then."""
    try:
        yield
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


_Read = tuple[list[RawSheet], list[SourceFile]]


def _fetched(name: str, place: Path, future: Future[None], time_limit: float) -> _Read:
    """Return what a process has read, or why it has not.

    It comes by way of a file: what a process that is killed had half said would
    be waited for for ever.
    """
    try:
        future.result()
        with place.open("rb") as stored:
            read: _Read = pickle.load(stored)  # noqa: S301 - our own process wrote it
        place.unlink()
    except TookTooLong:
        error = f"{time_limit:g} 秒还没有读完，放弃；拆分文件后再报"
    except (ProcessExpired, BrokenProcessPool):
        error = _LOST
    except OSError:
        error = "读出来的内容放不下，多半是磁盘满了"
    except Exception as problem:  # a fault of ours, or of a parser: this file's alone
        error = f"读这个文件时程序出了意外（{type(problem).__name__}）；另存为 .xlsx 后再报"
    else:
        return read
    return [], [SourceFile(name, "", error=error)]


class _Task(NamedTuple):
    """What a process needs to know; plain values, as it starts from nothing."""

    name: str
    path: str
    aside: str
    pack: str
    as_of: date
    region: str
    limit: int
    password: str | None
    pins: tuple[Pin, ...]


def _read_one(task: _Task) -> None:
    """Read one file and leave what it holds in `task.aside`."""
    read = _understood(task)
    with Path(task.aside).open("wb") as stored:
        pickle.dump(read, stored, pickle.HIGHEST_PROTOCOL)


def _understood(task: _Task) -> _Read:
    """Read one file and see whether its sheets can be understood by themselves."""
    from fupin_audit.packs.load import load_pack
    from fupin_audit.packs.resolve import resolve
    from fupin_audit.recognise import recognise

    digest = ""
    try:
        before = Path(task.path).stat()
        sheets, files = read([task.path], limit_bytes=task.limit, password=lambda _: task.password)
        after = Path(task.path).stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            return [], [SourceFile(task.name, "", error="读的时候文件又变了，留到下一次")]
        for sheet in sheets:
            sheet.file = _shown(sheet.file, task)
        files = [replace(one, file=_shown(one.file, task)) for one in files]
        digest = files[0].sha256 if files else ""
        pack = resolve(load_pack(task.pack or None, examples=False), task.as_of, task.region)
        recognise(sheets, pack, pins=task.pins)
    except OSError:
        return [], [SourceFile(task.name, "", error="文件打不开，可能刚被拿走")]
    except FupinError as problem:
        hint = f"。{problem.hint}" if problem.hint else ""
        return [], [SourceFile(task.name, digest, error=f"{problem.what}{hint}")]
    return sheets, files


def _shown(file: str, task: _Task) -> str:
    """Return the name to show, with that of a zip's member behind it."""
    inside = file.startswith(f"{task.path}!/")
    return task.name + file.removeprefix(task.path) if inside else task.name
