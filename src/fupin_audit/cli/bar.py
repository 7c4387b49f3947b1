"""The progress bar: on a terminal, on stderr, gone when the work is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar:
    """Shows how far a run is, from when it is first told; can step aside while a
    password is typed."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.task = progress.add_task("", total=None)

    def __call__(self, what: str, done: int, total: int) -> None:
        self.progress.start()
        self.progress.update(self.task, description=what, completed=done, total=total or None)

    @contextmanager
    def aside(self) -> Iterator[None]:
        self.progress.stop()
        try:
            yield
        finally:
            self.progress.start()


@contextmanager
def bar(off: bool) -> Iterator[Bar | None]:
    """Give a bar, or None when it is switched off or nobody would see it."""
    if off or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    try:
        yield Bar(progress)
    finally:
        progress.stop()
