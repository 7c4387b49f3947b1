"""What functions of text do: once per distinct text, however many rows hold it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from fupin_audit.evaluate.values import Column, Truth, per_text, truth

MULTI_SEPARATOR = "、"


def test(column: Column, asked: Callable[[str], Any]) -> Truth:
    """Ask something of every text."""
    return truth(per_text(column, asked, bool), column.known)


def number(column: Column, counted: Callable[[str], float | None]) -> Column:
    """Make a number of every text; None is a void."""
    data = per_text(column, lambda t: np.nan if (v := counted(t)) is None else v, np.float64)
    known = column.known & ~np.isnan(data)
    return Column(np.where(known, data, 0.0), known, column.voids | (column.known & ~known))


def length(column: Column) -> Column:
    data = per_text(column, len, np.float64)
    return Column(np.where(column.known, data, 0.0), column.known, column.void)


def changed(column: Column, change: Callable[[str], str]) -> Column:
    """Make another text of every text."""
    assert column.texts is not None
    made = list(map(change, column.texts.tolist()))
    index = {text: code for code, text in enumerate(dict.fromkeys(made))}
    codes = np.fromiter(map(index.__getitem__, made), np.int32, len(made))
    return Column(codes[column.data], column.known, column.void, np.array(list(index), object))


def first(x: Column, n: Column) -> Column:
    end = _whole(n)
    return changed(x, lambda t: t[:end])


def last(x: Column, n: Column) -> Column:
    start = -_whole(n)
    return changed(x, lambda t: t[start:])


def part(x: Column, start: Column, stop: Column) -> Column:
    a, b = _whole(start), _whole(stop)
    return changed(x, lambda t: t[a:b])


def starts(x: Column, word: Column) -> Truth:
    begin = _word(word)
    return test(x, lambda t: t.startswith(begin))


def ends(x: Column, word: Column) -> Truth:
    end = _word(word)
    return test(x, lambda t: t.endswith(end))


def contains(x: Column, *words: Column) -> Truth:
    parts = [_word(w) for w in words]
    return test(x, lambda t: any(p in t for p in parts))


def matches(x: Column, pattern: Column) -> Truth:
    return test(x, re.compile(_word(pattern)).fullmatch)


def has(x: Column, *labels: Column) -> Truth:
    wanted = {_word(w) for w in labels}
    return test(x, lambda t: not wanted.isdisjoint(t.split(MULTI_SEPARATOR)))


def count_values(x: Column) -> Column:
    return number(x, lambda t: len(t.split(MULTI_SEPARATOR)))


def _whole(column: Column) -> int:
    """Read a literal number argument."""
    return int(column.data[0]) if len(column) else 0


def _word(column: Column) -> str:
    assert column.texts is not None
    return str(column.texts[0])
