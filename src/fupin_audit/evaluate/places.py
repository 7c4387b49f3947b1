"""What names of places say, and spells of time that overlap."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from fupin_audit.domain import division
from fupin_audit.domain.characters import folded
from fupin_audit.evaluate import texts
from fupin_audit.evaluate.keys import group_codes
from fupin_audit.evaluate.values import Column, Truth, truth

_BITS = 1 << 32
_OPEN = _BITS - 1
_ABOVE = re.compile(".*(?:省|自治区|市|自治州|地区|盟)(?=..)")
"""What is written above a county."""


def names_county(places: texts.Texts) -> Truth:
    """Does a place name a unit of county level?"""
    return texts.test(places, division.names_county)


def same_county(a: Column, b: Column) -> Truth:
    """Do two names mean one county, however much of what lies above is written?"""
    assert a.texts is not None
    assert b.texts is not None
    known = a.known & b.known
    pairs, at = np.unique(np.stack([a.data, b.data]), axis=1, return_inverse=True)
    left, right = a.texts.tolist(), b.texts.tolist()
    same = np.fromiter(
        (_same(left[i], right[j]) for i, j in pairs.T.tolist()), bool, pairs.shape[1]
    )
    return truth(same[at.reshape(-1)] if len(same) else known, known)


def _same(a: str, b: str) -> bool:
    a, b = folded(a), folded(b)
    if a.endswith(b) or b.endswith(a) or division.stem(a).endswith(division.stem(b)):
        return True
    unit = _ABOVE.sub("", b)  # a place may go on below the county: 商州区杨斜镇
    return division.stem(unit) != unit and unit in a


def count_overlapping(key: Column, start: Column, end: Column) -> Column:
    """Count the other rows of the same key whose months overlap a row's own.

    A blank end is still running. Unknown where a row's own months are not known,
    and where nothing overlaps but some row of the key has months unknown.
    """
    open_end = ~end.known & ~end.voids
    last = np.where(open_end, _OPEN, np.where(end.known, end.data, 0)).astype(np.int64)
    first = np.where(start.known, start.data, 0).astype(np.int64)
    usable = key.known & start.known & (end.known | open_end) & (last >= first)
    codes, size = group_codes([key])
    base = codes * _BITS
    begun = _at_most(base[usable], first[usable], base, last)
    over = _at_most(base[usable], last[usable], base, first - 1)
    found = (begun - over - 1).astype(np.float64)
    doubtful = np.bincount(codes[key.known & ~usable], minlength=size)[codes] > 0
    known = usable & ((found > 0) | ~doubtful)
    return Column(np.where(known, found, 0.0), known, ~known)


def _at_most(
    base: npt.NDArray[np.int64],
    values: npt.NDArray[np.int64],
    of: npt.NDArray[np.int64],
    limit: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Count per row the values of its own key that are at most its limit."""
    ranked = np.sort(base + values)
    upto = np.searchsorted(ranked, of + limit, side="right")
    return np.asarray(upto - np.searchsorted(ranked, of - 1, side="right"), dtype=np.int64)
