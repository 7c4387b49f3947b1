"""When Python may look for rubbish that only a search for cycles finds."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Put the search off while a run loads its libraries and reads its cells.

    It makes millions of objects and hardly a cycle, and searching them all, time
    and again, would cost a short run a fifth of its time. What is there at the
    end stays to the end, so later searches pass it over.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
