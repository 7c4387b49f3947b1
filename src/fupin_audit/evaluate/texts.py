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

from fupin_audit.domain.citizen_id import LAID_OUT, Numbers, birth_days, laid_out
from fupin_audit.evaluate.values import Column, Mask, Truth
from fupin_audit.model.distinct import distinct

MULTI_SEPARATOR = "、"

_ANY_DIGIT = re.compile(r"(?<=\[)0-9|(?<=\[\^)0-9|\{\d+(?:,\d*)?\}")
_ONE_DIGIT_AS_ANOTHER = re.compile(r"(?:(?!\(\?)[^\\\d-])*")
"""What is left of a pattern that cannot tell digits apart, once its `[0-9…]` and its
`{numbers}` are out: no digit, no range of letters, nothing escaped, no extension."""


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
        return laid_out(self.listed, self.lengths)

    @cached_property
    def lengths(self) -> npt.NDArray[np.int64]:
        return np.fromiter(map(len, self.listed), np.int64, len(self))

    @cached_property
    def all_digits(self) -> Mask:
        """Which are nothing but digits 0–9, and no longer than `numbers` are laid out."""
        figures = np.count_nonzero(self.numbers.digits <= 9, axis=1)
        return np.asarray(figures == self.lengths)

    @cached_property
    def born(self) -> npt.NDArray[np.datetime64]:
        """The day of birth in each citizen number."""
        return birth_days(self.numbers)


def test(texts: Texts, asked: Callable[[str], Any]) -> Truth:
    """Ask something of every text."""
    yes = np.fromiter(map(asked, texts.listed), bool, len(texts))
    return Truth(yes, ~yes)


def test_some(texts: Texts, asked: Callable[[str], Any], among: Mask, yes: Mask) -> Truth:
    """Ask something of some of the texts; of the others the answer is known."""
    rows = np.flatnonzero(among)
    listed = texts.listed
    answers = yes & ~among
    answers[rows] = [bool(asked(listed[i])) for i in rows.tolist()]
    return Truth(answers, ~answers)


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
    return _cut(texts, end, lambda t: t[:end])


def _cut(texts: Texts, size: int, cut: Callable[[str], str]) -> Column:
    """Cut what is longer than a size; the rest stays, most often all."""
    longer = np.flatnonzero(texts.lengths > size).tolist()
    if not longer:
        every = np.arange(len(texts), dtype=np.int32)
        return Column(every, np.ones(len(texts), bool), None, texts.array)
    made, codes = texts.array.copy(), np.arange(len(texts), dtype=np.int32)
    shorter = [cut(texts.listed[i]) for i in longer]
    # What stays differs from all else that stays: only what is cut can be like another.
    numbers = dict(zip(shorter, longer, strict=True))
    if met := numbers.keys() & texts.listed:
        numbers.update((text, i) for i, text in enumerate(texts.listed) if text in met)
    made[longer], codes[longer] = shorter, [numbers[text] for text in shorter]
    return Column(codes, np.ones(len(texts), bool), None, made)


def _numbered(made: npt.NDArray[np.object_]) -> Column:
    codes, found = distinct(made)
    return Column(codes, np.ones(len(made), bool), None, found)


def last(texts: Texts, n: float) -> Column:
    size = int(n)
    return _cut(texts, size, lambda t: t[-size:])


def part(texts: Texts, start: float, stop: float) -> Column:
    a, b = int(start), int(stop)
    return changed(texts, lambda t: t[a:b])


def starts(texts: Texts, word: str) -> Truth:
    if word.isascii() and word.isprintable() and len(word) <= LAID_OUT:
        # Then every letter of it is one number laid out, and no number else.
        letters = laid_out([word]).digits[0, : len(word)]
        yes = (texts.numbers.digits[:, : len(word)] == letters).all(axis=1)
        return Truth(yes, ~yes)
    return test(texts, lambda t: t.startswith(word))


def ends(texts: Texts, word: str) -> Truth:
    return test(texts, lambda t: t.endswith(word))


def contains(texts: Texts, *words: str) -> Truth:
    return test(texts, lambda t: any(word in t for word in words))


def matches(texts: Texts, pattern: str) -> Truth:
    asked = re.compile(pattern).fullmatch
    if _ONE_DIGIT_AS_ANOTHER.fullmatch(_ANY_DIGIT.sub("", pattern)) is None:
        return test(texts, asked)
    # Of texts that are nothing but digits, then, only the length counts.
    of_length = np.array([bool(asked("0" * size)) for size in range(LAID_OUT + 1)])
    yes = of_length[np.minimum(texts.lengths, LAID_OUT)]
    return test_some(texts, asked, ~texts.all_digits, yes)


def has(texts: Texts, *labels: str) -> Truth:
    wanted = set(labels)
    return test(texts, lambda t: not wanted.isdisjoint(t.split(MULTI_SEPARATOR)))


def count_values(texts: Texts) -> Column:
    return number(texts, lambda t: len(t.split(MULTI_SEPARATOR)))
