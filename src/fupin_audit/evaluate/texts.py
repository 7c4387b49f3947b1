"""Functions of text: given distinct texts and the constants beside them, an
answer per text. Evaluation spreads the answers over the rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.domain.citizen_id import Numbers, laid_out
from fupin_audit.evaluate.values import Column, Truth
from fupin_audit.model.distinct import distinct

MULTI_SEPARATOR = "、"


@dataclass(frozen=True, eq=False)
class Texts:
    """The distinct texts of a column, and what several functions need of them.

    To touch a hundred thousand texts, strewn over the memory, takes as long as
    to reckon with them: what can be is read off them once.
    """

    array: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.array)

    @cached_property
    def listed(self) -> list[str]:
        listed: list[str] = self.array.tolist()
        return listed

    @cached_property
    def numbers(self) -> Numbers:
        """The texts as citizen numbers, whatever they are."""
        return laid_out(self.listed)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        return self.numbers.lengths


def test(texts: Texts, asked: Callable[[str], Any]) -> Truth:
    """Ask something of every text."""
    yes = np.fromiter(map(asked, texts.listed), bool, len(texts))
    return Truth(yes, ~yes)


def number(texts: Texts, counted: Callable[[str], float | None]) -> Column:
    """Make a number of every text; None is no answer."""
    found = (np.nan if (n := counted(t)) is None else n for t in texts.listed)
    data = np.fromiter(found, np.float64, len(texts))
    known = ~np.isnan(data)
    return Column(np.where(known, data, 0.0), known)


def length(texts: Texts) -> Column:
    return Column(texts.lengths.astype(np.float64), np.ones(len(texts), bool))


def changed(texts: Texts, change: Callable[[str], str]) -> Column:
    """Make another text of every text."""
    return _numbered(np.array(list(map(change, texts.listed)), dtype=object))


def first(texts: Texts, n: float) -> Column:
    end = int(n)
    longer = np.flatnonzero(texts.lengths > end).tolist()
    if not longer:  # each as it is
        every = np.arange(len(texts), dtype=np.int32)
        return Column(every, np.ones(len(texts), bool), None, texts.array)
    made = texts.array.copy()
    made[longer] = [texts.listed[i][:end] for i in longer]
    return _numbered(made)


def _numbered(made: npt.NDArray[np.object_]) -> Column:
    codes, found = distinct(made)
    return Column(codes, np.ones(len(made), bool), None, found)


def last(texts: Texts, n: float) -> Column:
    start = -int(n)
    return changed(texts, lambda t: t[start:])


def part(texts: Texts, start: float, stop: float) -> Column:
    a, b = int(start), int(stop)
    return changed(texts, lambda t: t[a:b])


def starts(texts: Texts, word: str) -> Truth:
    return test(texts, lambda t: t.startswith(word))


def ends(texts: Texts, word: str) -> Truth:
    return test(texts, lambda t: t.endswith(word))


def contains(texts: Texts, *words: str) -> Truth:
    return test(texts, lambda t: any(word in t for word in words))


def matches(texts: Texts, pattern: str) -> Truth:
    return test(texts, re.compile(pattern).fullmatch)


def has(texts: Texts, *labels: str) -> Truth:
    wanted = set(labels)
    return test(texts, lambda t: not wanted.isdisjoint(t.split(MULTI_SEPARATOR)))


def count_values(texts: Texts) -> Column:
    return number(texts, lambda t: len(t.split(MULTI_SEPARATOR)))
