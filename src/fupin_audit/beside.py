"""A work done in a copy of this process, beside what this one goes on with."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn, TypeVar

T = TypeVar("T")

_PR_SET_PDEATHSIG = 1


def cores_here() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def beside(work: Callable[[], T], cores: int) -> Iterator[Callable[[], T]]:
    """Begin a work in a copy of this process; give what waits for its result.

    The copy has all that is in memory now, for nothing. What it changes is its own,
    but for files. Where there is one core, a system that copies no process, or
    another thread (a lock it holds would be held in the copy for ever), the work is
    done here when its result is asked for. So it is when the copy comes to nothing,
    killed or by an exception: what is wrong then goes wrong here, as it would have
    without a copy. So the work must be such that it can be begun again.

    On leaving the block the copy is at an end. It ends when this process does, too.

    Args:
        cores: How many processes at a time are wanted.
    """
    begun = _begun(work) if cores > 1 and _alone() else None
    if begun is None:
        yield work
        return
    copy, reading = begun
    ended = False

    def result() -> T:
        nonlocal ended
        with open(reading, "rb", closefd=False) as answer:
            told = answer.read()
        ended = True
        if os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]):
            return work()
        made: T = pickle.loads(told)  # noqa: S301 - our own copy wrote it
        return made

    try:
        yield result
    finally:
        os.close(reading)
        if not ended:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(copy, signal.SIGKILL)
                os.waitpid(copy, 0)


def _alone() -> bool:
    """Tell whether the system can copy this process, and no other thread is in it,
    be it Python's or a library's."""
    if sys.platform != "linux":  # elsewhere libraries of the system itself forbid it
        return False
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _begun(work: Callable[[], object]) -> tuple[int, int] | None:
    """Begin a work in a copy; return its id and where it answers, None if the system
    has no room for one."""
    reading, writing = os.pipe()
    here = os.getpid()
    try:
        copy = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if not copy:
        _in_copy(work, writing, here)
    os.close(writing)
    return copy, reading


def _in_copy(work: Callable[[], object], writing: int, parent: int) -> NoReturn:
    """Do the work and be gone: nothing of what the parent has begun is ended here."""
    code = 1
    try:
        _die_with(parent)
        for told in (signal.SIGINT, signal.SIGTERM):
            signal.signal(told, signal.SIG_DFL)
        gc.disable()  # a search would touch, and so copy, all the memory that is shared
        with open(writing, "wb") as answer:
            pickle.dump(work(), answer, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)


def _die_with(parent: int) -> None:
    """Have the system kill this process when its parent is gone, however it went."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
