"""Put a file in place whole or not at all, even if the machine stops.

It is written under a hidden name beside its place, forced to disk, and then
renamed. What a killed process left behind is removed by the next one.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from fupin_audit.errors import InputError

BACKUPS = "原件备份"
_STALE_SECONDS = 24 * 3600
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def placed(path: Path, ready: Callable[[], bool] = lambda: True) -> Iterator[Path]:
    """Give a path to write to; put it at `path` when all went well.

    Args:
        path: Where the file is to be; its folder is made if need be.
        ready: Asked last; if it says no, nothing is put in place.

    Raises:
        InputError: The disk is full, or the place cannot be written.
    """
    aside = path.with_name(f".{path.name}.{_host()}-{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        yield aside
        if ready():
            _to_disk(aside)
            aside.replace(path)
            _to_disk(path.parent)
    except OSError as problem:
        raise _told(problem, path) from problem
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def kept_copy(source: Path, folder: Path) -> Path:
    """Copy a file byte for byte to the folder of backups; return the copy."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    path = folder / f"{source.stem}.{stamp}{source.suffix}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{source.stem}.{stamp}-{number}{source.suffix}"
    with placed(path) as aside:
        shutil.copyfile(source, aside)
        shutil.copystat(source, aside)
    return path


def _told(problem: OSError, path: Path) -> InputError:
    if problem.errno in _FULL:
        return InputError(
            "磁盘写满了，更正后的文件没有写成；原文件没有动",
            where=path.name,
            hint="腾出空间或换一个位置后重试",
        )
    if isinstance(problem, PermissionError):
        return InputError(
            "更正后的文件写不进去，可能正被 Excel 或 WPS 打开，或没有写入权限；原文件没有动",
            where=path.name,
            hint="关闭打开着的文件后重试，或换一个位置",
        )
    return InputError(
        f"更正后的文件没有写成（{os.strerror(problem.errno or 0)}）；原文件没有动",
        where=path.name,
        hint="检查文件夹和磁盘后重试",
    )


def _to_disk(path: Path) -> None:
    """Force a file or folder to disk; folders cannot be on every system."""
    folder = path.is_dir()
    if folder and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if folder or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as problem:
        # Network folders may not know how; the file itself must be safe.
        if not folder or problem.errno in _FULL:
            raise
    finally:
        os.close(handle)


def _host() -> str:
    return f"{zlib.crc32(socket.gethostname().encode()):08x}"


def _sweep(path: Path) -> None:
    """Remove what processes that died while writing this file left behind."""
    pattern = re.compile(re.escape(f".{path.name}.") + r"([0-9a-f]{8})-(\d+)\.part.*")
    for name in os.listdir(path.parent):  # noqa: PTH208 - names are all that is wanted
        found = pattern.fullmatch(name)
        if not found:
            continue
        left = path.with_name(name)
        with suppress(OSError):
            old = time.time() - left.stat().st_mtime > _STALE_SECONDS
            if old or (found[1] == _host() and not _alive(int(found[2]))):
                left.unlink()


def _alive(process: int) -> bool:
    if os.name == "nt":  # where signal 0 is not harmless
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
