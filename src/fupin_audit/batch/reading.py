"""Files read side by side, each within its time.

Files are read in processes of their own: one that hangs a parser or eats the
memory is given up and told, and the others go on. What a file is, is found
out there as well, so that one with two possible meanings stops only itself;
and its cells are cleaned there, so that only putting together is left.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from pebble import ProcessExpired, ProcessPool

from fupin_audit.batch.ahead import way
from fupin_audit.batch.log import Say
from fupin_audit.beside import cores_here
from fupin_audit.errors import FupinError, UnreadableFile
from fupin_audit.memory import uncollected
from fupin_audit.model.sheet import SourceFile
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.pipeline import Reading, Request, each_once, understand
from fupin_audit.read import read

if TYPE_CHECKING:
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
    meanwhile: Callable[[], None],
) -> Reading:
    """Read files in order.

    Args:
        files: Name to show → file.
        folder: Where what was read may lie until it is fetched.
        pack: Folder of the rule pack; empty for the shipped one.
        cores: Processes at a time, 0 for as many as the machine has cores.
        time_limit: Seconds for one file.
        meanwhile: What is to be done here while the first files are read.

    Raises:
        UnreadableFile: None of them could be read.
    """
    password = request.password("") if request.password else None
    pool = ProcessPool(min(cores or cores_here(), len(files)), context=way())
    reading = Reading([], [])
    with TemporaryDirectory(prefix=".reading-", dir=folder) as aside, _ended(pool):
        under_way = [
            pool.schedule(_read_one, timeout=time_limit, args=(_Task(
                name, str(path), f"{aside}/{number}", pack, request.as_of, request.region or "",
                request.limit_bytes, password, tuple(request.pins), dict(request.code_sets),
            ),))
            for number, (name, path) in enumerate(files.items())
        ]  # fmt: skip
        meanwhile()
        for number, (name, future) in enumerate(zip(files, under_way, strict=True)):
            found = _fetched(name, Path(aside) / str(number), future, time_limit)
            reading.sheets.extend(found.sheets)
            reading.files.extend(found.files)
            reading.understood.extend(found.understood)
            for one in found.files:
                if one.error:
                    say("file", level="warning", number=number, digest=one.sha256[:8], bad=True)
    reading = each_once(reading)
    bad = [one for one in reading.files if one.error]
    if bad and len(bad) == len(reading.files):
        many = f"{len(bad)} 个文件都读不出，第一个：" if len(bad) > 1 else ""
        raise UnreadableFile(f"{many}{bad[0].error}", where=bad[0].file)
    return reading


@contextmanager
def _ended(pool: ProcessPool) -> Iterator[None]:
    """See that no process stays, whatever happens: no file is waited for then."""
    try:
        yield
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _fetched(name: str, place: Path, future: Future[None], time_limit: float) -> Reading:
    """Return what a process has read, or why it has not.

    It comes by way of a file: what a process that is killed had half said would
    be waited for for ever.
    """
    try:
        future.result()
        with place.open("rb") as stored:
            read: Reading = pickle.load(stored)  # noqa: S301 - our own process wrote it
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
    return Reading([], [SourceFile(name, "", error=error)])


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
    code_sets: dict[str, str]


def _read_one(task: _Task) -> None:
    """Read one file and leave what it holds in `task.aside`."""
    with uncollected():
        read = _understood(task)
        with Path(task.aside).open("wb") as stored:
            pickle.dump(read, stored, pickle.HIGHEST_PROTOCOL)


def _understood(task: _Task) -> Reading:
    """Read one file, and recognise and clean its sheets by themselves."""
    digest = ""
    try:
        before = Path(task.path).stat()
        sheets, files = read([task.path], limit_bytes=task.limit, password=lambda _: task.password)
        after = Path(task.path).stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            return _bad(task, "读的时候文件又变了，留到下一次")
        for sheet in sheets:
            sheet.file = _shown(sheet.file, task)
        files = [replace(one, file=_shown(one.file, task)) for one in files]
        digest = files[0].sha256 if files else ""
        law = _law(task.pack, task.as_of, task.region)
        understood = understand(sheets, law, pins=task.pins, code_sets=task.code_sets)
    except OSError:
        return _bad(task, "文件打不开，可能刚被拿走")
    except FupinError as problem:
        hint = f"。{problem.hint}" if problem.hint else ""
        return _bad(task, f"{problem.what}{hint}", digest)
    return Reading(sheets, files, understood)


@cache
def _law(pack: str, as_of: date, region: str) -> ResolvedPack:
    """Return the rules of a night, the same for every file a process reads."""
    return resolve(load_pack(pack or None, examples=False), as_of, region)


def _bad(task: _Task, error: str, digest: str = "") -> Reading:
    return Reading([], [SourceFile(task.name, digest, error=error)])


def _shown(file: str, task: _Task) -> str:
    """Return the name to show, with that of a zip's member behind it."""
    inside = file.startswith(f"{task.path}!/")
    return task.name + file.removeprefix(task.path) if inside else task.name
