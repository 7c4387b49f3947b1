"""Leaving the process, once everything has been said and written."""

from __future__ import annotations

import atexit
import os
import sys


def leave(code: int) -> None:
    """End the process with an exit code.

    The interpreter would first take apart every object of every library, a
    fifth of a second for memory that the system takes back at once. So what
    asked to be done at the end is done, what was said is let out, and the
    process is over. Where something cannot be let out (a full disk, a reader
    gone) this returns, and the interpreter ends and says so in its own way.
    """
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):  # full, closed, or none at all
        return
    os._exit(code)
