"""Write a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fupin_audit.errors import InputError


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; put it in place when all went well.

    Raises:
        InputError: The place cannot be written, or the file there is in use.
    """
    aside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield aside
        aside.replace(path)
    except PermissionError as problem:
        raise InputError(
            "结果文件写不进去，可能正被 Excel 打开，或没有写入权限。",
            where=path.name,
            hint="关闭打开着的同名文件后重试，或用 --out 换一个位置。",
        ) from problem
    except FileNotFoundError as problem:
        raise InputError(
            "放结果的文件夹不存在。", where=path.name, hint="先建好文件夹，或用 --out 换一个位置。"
        ) from problem
    except OSError as problem:
        raise InputError(
            f"结果文件没有写成：{os.strerror(problem.errno or 0)}。",
            where=path.name,
            hint="检查磁盘空间后重试。",
        ) from problem
    finally:
        aside.unlink(missing_ok=True)
