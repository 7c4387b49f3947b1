"""The user's cache folder: what is made of rule files and need not be made again.

An entry is named by a digest of all it was made from, so it can be missing but
not stale. Whoever reads one checks its form: a damaged entry counts as none.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec


def recall(name: str) -> bytes | None:
    """Return what was kept under a name, None if nothing was."""
    try:
        return (_folder() / name).read_bytes()
    except (OSError, RuntimeError):
        return None


def keep(name: str, data: bytes) -> None:
    """Keep something, whole or not at all; a read-only home keeps nothing."""
    try:
        target = _folder() / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as aside:
            aside.write(data)
        Path(aside.name).replace(target)
    except (OSError, RuntimeError):
        return  # this only costs the time to make it next time


def digest_of(given: Any, makers: Iterable[str]) -> str:
    """Return a name for what modules make of something.

    Args:
        given: All that is looked at; anything that msgspec can write.
        makers: Modules whose code decides what comes out: a changed line
            makes another name, as a changed rule does.
    """
    digest = hashlib.sha256(msgspec.msgpack.encode(given))
    for maker in makers:
        digest.update(_source(maker))
    return digest.hexdigest()


def _source(module: str) -> bytes:
    try:
        return Path(import_module(module).__file__ or "").read_bytes()
    except OSError:  # run from a zip or without sources
        from importlib.metadata import version

        return f"{module} {version('fupin-audit')}".encode()


def _folder() -> Path:
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "fupin-audit" / "packs"
