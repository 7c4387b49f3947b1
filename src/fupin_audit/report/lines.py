"""How many lines a text takes in a cell, for programs that do not find it alone."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

_LINE_HEIGHT = 16
_TALLEST = 409


def width_of(text: str) -> int:
    """Return the width of a text in narrow characters; a Chinese one counts two."""
    return len(text.encode("gbk", "replace"))


def row_height(full: float) -> float:
    """Return the height of a row whose fullest cell holds `full` lines' worth of text."""
    lines = 1 if full <= 1 else math.ceil(full)
    return min(lines * _LINE_HEIGHT + 2, _TALLEST)


def row_heights(full: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return what `row_height` says of each of many rows."""
    lines = np.ceil(np.maximum(full, 1)).astype(np.int64)
    return np.minimum(lines * _LINE_HEIGHT + 2, _TALLEST)


def fullest(texts: Iterable[str], widths: Iterable[int]) -> float:
    """Return how many lines the text takes that takes most in its column."""
    return max(width_of(text) / width for text, width in zip(texts, widths, strict=False))
