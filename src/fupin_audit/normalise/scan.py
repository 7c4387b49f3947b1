"""Finding the few dirty values of a column without looking at each value."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np


def having(texts: Sequence[str], suspects: frozenset[str]) -> list[int]:
    """Return the indices of the texts that hold a suspect character.

    All texts are looked at as one: a clean column costs one pass in C.
    """
    joined = "".join(texts)
    if joined.isascii() and joined.isdigit():
        return []
    return _where(texts, suspects & set(joined))


def _where(texts: Sequence[str], found: frozenset[str]) -> list[int]:
    if not found:
        return []
    pattern = re.compile("[" + "".join(map(re.escape, found)) + "]")
    if len(texts) < 64:
        return [i for i, text in enumerate(texts) if pattern.search(text)]
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))
    at = np.fromiter((m.start() for m in pattern.finditer("".join(texts))), dtype=np.int64)
    found_at: list[int] = np.unique(np.searchsorted(ends, at, side="right")).tolist()
    return found_at
