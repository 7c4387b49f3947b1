"""The log: a JSON object per line, no personal data, a new file when one is full.

A file's name may hold a person's, so the log knows inputs by number and digest;
the names are in the night's manifest.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Protocol

FILE = Path("log") / "fupin-audit.jsonl"


class Say(Protocol):
    """Writes one line: what happened, and its numbers."""

    def __call__(self, event: str, *, level: str = "info", **facts: Any) -> None: ...


@contextmanager
def logged(out: Path, megabytes: float, files: int) -> Iterator[Say]:
    """Give the way to write the log of a folder; a log that cannot be written stops
    nothing."""
    path = out / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            path, maxBytes=int(megabytes * (1 << 20)), backupCount=files - 1, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    handler.handleError = lambda record: None  # type: ignore[method-assign]

    def say(event: str, *, level: str = "info", **facts: Any) -> None:
        at = datetime.now().astimezone().isoformat(timespec="milliseconds")
        told = json.dumps({"at": at, "level": level, "event": event, **facts}, ensure_ascii=False)
        handler.handle(
            logging.LogRecord("fupin_audit.batch", logging.INFO, "", 0, told, None, None)
        )

    try:
        yield say
    finally:
        handler.close()
