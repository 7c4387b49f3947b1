"""Which files have arrived whole."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from fupin_audit.batch.config import Config
from fupin_audit.batch.place import RUNS
from fupin_audit.errors import UnreadableFile
from fupin_audit.read.discover import listed

_SECOND_LOOK = 0.2
"""Seconds between two looks at a file that may still be growing."""


class Glimpse(NamedTuple):
    """A file as it was seen: size, time of change, and since when it is so."""

    size: int
    changed: int
    since: float


@dataclass(slots=True)
class Look:
    """What is in the folders.

    Attributes:
        files: Arrived whole, in order: path relative to the configuration → file.
        digests: SHA-256 of each, "" if we may not read it.
        sizes: Bytes of each.
        copying: Still changing; left for the next night.
        townships: Township → those of its files that have arrived.
        silent: Townships that have sent nothing.
        glimpses: Every file as seen now, for the next look.
    """

    files: dict[str, Path] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    copying: list[str] = field(default_factory=list)
    townships: dict[str, list[str]] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)
    glimpses: dict[str, Glimpse] = field(default_factory=dict)


def look(
    config: Config,
    seen: Mapping[str, Glimpse],
    now: datetime,
    meanwhile: Callable[[], object] | None = None,
) -> Look:
    """Find the files and tell which have arrived whole.

    A file has, if it has not been touched for `settle` seconds, or was the same at
    an earlier look that long ago (the clock of a file server may be ahead of ours),
    and does not grow while we look.

    Args:
        seen: What the last look saw.
        meanwhile: What can be done while we wait to see whether they grow.
    """
    made = Look()
    candidates = _candidates(config, config.inputs)
    for township in config.townships:
        own = _candidates(config, township.inputs)
        made.townships[township.name] = [*made.townships.get(township.name, ()), *own]
        candidates |= own
    made.silent = [name for name, own in made.townships.items() if not own]
    before = {name: _glimpse(path, now) for name, path in candidates.items()}
    if any(one for one in before.values()):
        waiting = time.monotonic()
        if meanwhile:
            meanwhile()
        time.sleep(max(0.0, _SECOND_LOOK - (time.monotonic() - waiting)))
    for name, path in sorted(candidates.items()):
        first, second = before[name], _glimpse(path, now)
        if first is None or second is None:
            continue  # gone while we looked
        past = seen.get(name)
        if past is not None and past[:2] == second[:2]:
            second = second._replace(since=past.since)
        made.glimpses[name] = second
        quiet = max(now.timestamp() - second.changed / 1e9, now.timestamp() - second.since)
        if first[:2] != second[:2] or quiet < config.run.settle:
            made.copying.append(name)
        else:
            _take(made, name, path)
    for name, files in made.townships.items():
        made.townships[name] = sorted(set(files) & set(made.files))
    return made


def _take(made: Look, name: str, path: Path) -> None:
    digest, size = "", 0
    try:
        if path.is_file():  # to open a pipe would be to wait for ever
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
    except FileNotFoundError:
        return
    except OSError:  # locked or not ours to read: the run will say so
        digest = ""
    made.files[name], made.digests[name], made.sizes[name] = path, digest, size


def _candidates(config: Config, patterns: Iterable[str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    ours = os.path.realpath(config.out / RUNS)
    for pattern in patterns:
        try:
            inside = list(listed([config.path(pattern)]))
        except UnreadableFile:  # nothing there tonight
            continue
        for one in inside:
            real = Path(os.path.realpath(one.path))  # a link that leads to itself has one too
            if not one.reason and not real.is_relative_to(ours):
                found[_named(config, one.path)] = one.path
    return found


def _named(config: Config, path: Path) -> str:
    """Return the name to show, and to know a file by: one that is no Unicode, as old
    programs leave them, in a form that can be written down."""
    try:
        name = path.absolute().relative_to(config.folder).as_posix()
    except ValueError:
        name = str(path)
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _glimpse(path: Path, now: datetime) -> Glimpse | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return Glimpse(stat.st_size, stat.st_mtime_ns, now.timestamp())
