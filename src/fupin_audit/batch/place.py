"""The folder of the results: one below it per night, whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock, Timeout

from fupin_audit.errors import EngineError, InputError
from fupin_audit.report.aside import written_aside

RUNS, LATEST, POINTER, LOCK, OWNER = "runs", "latest", "latest.txt", ".lock", ".owner.json"
_BUILDING = ".building-"
_STAMP = "%Y-%m-%d_%H%M%S"
_PATIENCE = 2.0
"""Seconds to wait for the folder: whoever only asks who has it, has it for a moment."""
_LEFT = re.compile(r"\.(?:state|failure|latest|\.owner)\.\d+(?:\.json|\.txt)?")
"""What a run that was killed while writing leaves beside the file."""


@contextmanager
def only_one(out: Path, now: datetime) -> Iterator[None]:
    """Hold the folder; the system frees it if this process dies.

    Raises:
        EngineError: Another run holds it.
        InputError: The folder cannot be written to.
    """
    lock = _held(out)
    try:
        mine = {"pid": os.getpid(), "host": socket.gethostname(), "since": now.isoformat()}
        write_json(out / OWNER, mine)
        yield
    finally:
        with suppress(OSError):
            (out / OWNER).unlink(missing_ok=True)
        lock.release()


def _held(out: Path) -> BaseFileLock:
    try:
        (out / RUNS).mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / LOCK, timeout=_PATIENCE)
        lock.acquire()
    except Timeout:
        raise EngineError(
            f"另一次运行还没有结束{_told(owner(out))}",
            where=str(out),
            hint="等它结束；一个配置同时只跑一次",
        ) from None
    except NotImplementedError:
        raise InputError(
            "结果文件夹所在的盘不能加锁", where=str(out), hint="把 out 换到本机的硬盘上"
        ) from None
    except OSError as problem:
        raise InputError(
            f"结果文件夹不能写：{problem.strerror}", where=str(out),
            hint="检查 out 写的路径、文件夹的权限和磁盘空间",
        ) from None  # fmt: skip
    return lock


def owner(out: Path) -> dict[str, Any] | None:
    """Return who holds the folder: `pid`, `host`, `since`; None if nobody does."""
    if not (out / LOCK).exists():
        return None
    try:
        with FileLock(out / LOCK, timeout=0):
            return None
    except Timeout:
        told = read_json(out / OWNER) or {}
        return {key: str(told.get(key, "?")) for key in ("pid", "host", "since")}
    except (OSError, NotImplementedError):
        return None


def _told(held: dict[str, Any] | None) -> str:
    return f"（进程 {held['pid']}，{held['host']}，{held['since'][:16]} 开始）" if held else ""


def sweep(out: Path) -> list[str]:
    """Clear away what runs that were killed left; return their names.

    Only for who holds the folder.
    """
    left = [p for p in (out / RUNS).glob(f"{_BUILDING}*") if p.is_dir()]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    for path in out.iterdir():
        if _LEFT.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()
    return sorted(p.name.removeprefix(_BUILDING) for p in left)


@contextmanager
def building(out: Path, now: datetime) -> Iterator[Path]:
    """Give a folder to write a night into; it gets its name when all is written.

    Its name in the end is that of the path given, less the mark in front.
    """
    name = _free(out, now.strftime(_STAMP))
    place = out / RUNS / f"{_BUILDING}{name}"
    place.mkdir()
    try:
        yield place
        _synced(place)
        _named(place)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _named(place: Path) -> None:
    """Give a folder its name; a scanner may hold a new file open for a moment."""
    for wait in (0.2, 1.0, 3.0):
        try:
            place.rename(finished(place))
        except PermissionError:
            time.sleep(wait)
        else:
            return
    place.rename(finished(place))


def finished(place: Path) -> Path:
    """Return where a folder under construction will stand."""
    return place.with_name(place.name.removeprefix(_BUILDING))


def _free(out: Path, name: str) -> str:
    number, wanted = 2, name
    while (out / RUNS / wanted).exists():
        wanted, number = f"{name}-{number}", number + 1
    return wanted


def _synced(place: Path) -> None:
    """See that what was written is on the disk before it gets its name."""
    for path in place.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file, suppress(OSError):
                os.fsync(file.fileno())


def point_at(out: Path, name: str) -> None:
    """Let `latest` and `latest.txt` mean a night; a system without links has the
    second alone."""
    with written_aside(out / POINTER) as aside:
        aside.write_text(f"{RUNS}/{name}\n", encoding="utf-8")
    link = out / f".{LATEST}.{os.getpid()}"
    with suppress(OSError, NotImplementedError):
        link.unlink(missing_ok=True)
        link.symlink_to(Path(RUNS) / name, target_is_directory=True)
        if sys.platform == "win32":  # there a link to a folder cannot be replaced
            (out / LATEST).unlink(missing_ok=True)
        link.replace(out / LATEST)
    with suppress(OSError):
        link.unlink(missing_ok=True)


def latest(out: Path) -> Path | None:
    """Return the folder of the last night that was finished."""
    try:
        told = (out / POINTER).read_text(encoding="utf-8").strip()
        place = out / told
        return place if told and place.is_dir() else None
    except (OSError, ValueError):
        return None


def thin(out: Path, runs: int, days: int, now: datetime) -> list[str]:
    """Remove nights beyond a number or an age, never the latest; return which."""
    kept = latest(out)
    nights = [p for p in (out / RUNS).iterdir() if _moment(p) is not None]
    nights.sort(key=lambda p: (p.name[:17], len(p.name), p.name), reverse=True)
    oldest = now.replace(tzinfo=None) - timedelta(days=days)
    removed = []
    for number, path in enumerate(nights):
        made = _moment(path)
        old = bool(days and made and made < oldest)
        if path != kept and ((runs and number >= runs) or old):
            shutil.rmtree(path, ignore_errors=True)
            removed.append(path.name)
    return removed


def _moment(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.name[:17], _STAMP) if path.is_dir() else None
    except ValueError:
        return None


def read_json(path: Path) -> dict[str, Any] | None:
    """Return an object; None if it is not there or is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def write_json(path: Path, data: Any) -> None:
    """Write JSON whole or not at all."""
    with written_aside(path) as aside:
        aside.write_text(
            json.dumps(data, ensure_ascii=False, indent=1) + "\n",
            encoding="utf-8",
            errors="replace",
        )
