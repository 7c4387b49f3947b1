"""Processes that read files, made ready while the night is still being prepared."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.context import BaseContext

_STAND_ON = (
    "fupin_audit.batch.reading", "fupin_audit.read.workbook", "fupin_audit.recognise",
    "fupin_audit.normalise", "python_calamine", "rapidfuzz.process",
)  # fmt: skip
"""What every one of them would load: loaded once, by the process they are forked from."""


def way() -> BaseContext:
    """Return how processes are started: a fork of one that has threads can hang, so
    they are forked from one that has done nothing yet."""
    return multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")


def ahead(program: str) -> None:
    """Start what they are forked from, and let it load beside this process.

    Args:
        program: The module that the program was started by: they load it, too.
    """
    if sys.platform == "win32":
        return
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload([*_STAND_ON, program])
    forkserver.ensure_running()
