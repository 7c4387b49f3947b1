"""Seeded draws that give the same county on every machine.

Only `Random.random` is used: its stream is promised to stay the same between
Python versions, which the streams of `choice`, `shuffle` and of numpy are not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A stream of draws from one seed."""

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random  # noqa: S311  (not for secrets)

    def chance(self, probability: float) -> bool:
        return self._next() < probability

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self._next() * (high - low + 1))

    def cents(self, low: float, high: float) -> float:
        """Return an amount with two decimals."""
        return round(low + self._next() * (high - low), 2)

    def pick(self, values: Sequence[T]) -> T:
        return values[int(self._next() * len(values))]

    def weighted(self, values: Sequence[tuple[T, float]]) -> T:
        """Return one of (value, weight); weights need not sum to one."""
        point = self._next() * sum(w for _, w in values)
        for value, weight in values:
            point -= weight
            if point < 0:
                return value
        return values[-1][0]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        out = list(values)
        for i in range(len(out) - 1, 0, -1):
            j = int(self._next() * (i + 1))
            out[i], out[j] = out[j], out[i]
        return out
