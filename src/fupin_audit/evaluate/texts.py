"""Functions of text: given distinct texts and the constants beside them, an
answer per text. Evaluation spreads the answers over the rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from fupin_audit.evaluate.values import Column, Truth

MULTI_SEPARATOR = "、"


def test(texts: list[str], asked: Callable[[str], Any]) -> Truth:
    """Ask something of every text."""
    yes = np.fromiter(map(asked, texts), bool, len(texts))
    return Truth(yes, ~yes)


def number(texts: list[str], counted: Callable[[str], float | None]) -> Column:
    """Make a number of every text; None is no answer."""
    found = (np.nan if (n := counted(t)) is None else n for t in texts)
    data = np.fromiter(found, np.float64, len(texts))
    known = ~np.isnan(data)
    return Column(np.where(known, data, 0.0), known)


def length(texts: list[str]) -> Column:
    return Column(np.fromiter(map(len, texts), np.float64, len(texts)), np.ones(len(texts), bool))


def changed(texts: list[str], change: Callable[[str], str]) -> Column:
    """Make another text of every text."""
    made = list(map(change, texts))
    index = {text: code for code, text in enumerate(dict.fromkeys(made))}
    codes = np.fromiter(map(index.__getitem__, made), np.int32, len(made))
    return Column(codes, np.ones(len(made), bool), None, np.array(list(index), dtype=object))


def first(texts: list[str], n: float) -> Column:
    end = int(n)
    return changed(texts, lambda t: t[:end])


def last(texts: list[str], n: float) -> Column:
    start = -int(n)
    return changed(texts, lambda t: t[start:])


def part(texts: list[str], start: float, stop: float) -> Column:
    a, b = int(start), int(stop)
    return changed(texts, lambda t: t[a:b])


def starts(texts: list[str], word: str) -> Truth:
    return test(texts, lambda t: t.startswith(word))


def ends(texts: list[str], word: str) -> Truth:
    return test(texts, lambda t: t.endswith(word))


def contains(texts: list[str], *words: str) -> Truth:
    return test(texts, lambda t: any(word in t for word in words))


def matches(texts: list[str], pattern: str) -> Truth:
    return test(texts, re.compile(pattern).fullmatch)


def has(texts: list[str], *labels: str) -> Truth:
    wanted = set(labels)
    return test(texts, lambda t: not wanted.isdisjoint(t.split(MULTI_SEPARATOR)))


def count_values(texts: list[str]) -> Column:
    return number(texts, lambda t: len(t.split(MULTI_SEPARATOR)))
