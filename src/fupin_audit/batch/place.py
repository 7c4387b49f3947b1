"""The folder of the results: one below it per night, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from fupin_audit.errors import EngineError, InputError
from fupin_audit.report.aside import written_aside

RUNS, LATEST, POINTER, LOCK, OWNER = "runs", "latest", "latest.txt", ".lock", ".owner.json"
_BUILDING = ".building-"
_STAMP = "%Y-%m-%d_%H%M%S"


@contextmanager
def only_one(out: Path, now: datetime) -> Iterator[None]:
    """Hold the folder; the system frees it if this process dies.

    Raises:
        EngineError: Another run holds it.
        InputError: The folder cannot be written to.
    """
    try:
        (out / RUNS).mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / LOCK, timeout=0)
        with lock:
            mine = {"pid": os.getpid(), "host": socket.gethostname(), "since": now.isoformat()}
            write_json(out / OWNER, mine)
            try:
                yield
            finally:
                (out / OWNER).unlink(missing_ok=True)
    except Timeout:
        raise EngineError(
            f"另一次运行还没有结束{_told(owner(out))}",
            where=str(out),
            hint="等它结束；一个配置同时只跑一次",
        ) from None
    except PermissionError as problem:
        raise InputError(
            f"结果文件夹不能写：{problem.strerror}", where=str(out), hint="检查文件夹的权限"
        ) from None


def owner(out: Path) -> dict[str, Any] | None:
    """Return who holds the folder: `pid`, `host`, `since`; None if nobody does."""
    try:
        lock = FileLock(out / LOCK, timeout=0)
        with lock:
            return None
    except Timeout:
        with suppress(OSError, ValueError):
            told: dict[str, Any] = json.loads((out / OWNER).read_text(encoding="utf-8"))
            return told
        return {"pid": "?", "host": "", "since": ""}
    except OSError:
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
        place.rename(finished(place))
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


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
        link.replace(out / LATEST)
    link.unlink(missing_ok=True)


def latest(out: Path) -> Path | None:
    """Return the folder of the last night that was finished."""
    try:
        told = (out / POINTER).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    place = out / told
    return place if told and place.is_dir() else None


def thin(out: Path, runs: int, days: int, now: datetime) -> list[str]:
    """Remove nights beyond a number or an age, never the latest; return which."""
    kept = latest(out)
    nights = sorted((p for p in (out / RUNS).iterdir() if _moment(p) is not None), reverse=True)
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


def write_json(path: Path, data: Any) -> None:
    """Write JSON whole or not at all."""
    with written_aside(path) as aside:
        aside.write_text(
            json.dumps(data, ensure_ascii=False, indent=1) + "\n",
            encoding="utf-8",
            errors="replace",
        )
