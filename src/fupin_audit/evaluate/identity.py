"""What ids and telephone numbers say of themselves, once per distinct text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt

from fupin_audit.domain import citizen_id, disability_card, division
from fupin_audit.evaluate import texts
from fupin_audit.evaluate.values import Column, Truth, days, truth

OLDEST = 120
_SEXES = np.array(["", "男", "女"], dtype=object)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3}-?)?[2-9]\d{6,7}")


def id_ok(column: Column) -> Truth:
    """Is the check character of the first 18 right?"""
    ids = _texts(column)
    long_enough = _lengths(ids) >= 18
    right = citizen_id.check_ok(ids)
    return truth(right[column.data], column.known & long_enough[column.data])


def id_birth(column: Column) -> Column:
    """Read the birth date of an id; unknown if the digits are no date."""
    born = citizen_id.birth_days(_texts(column))
    real = ~np.isnat(born)
    known = column.known & real[column.data]
    since = np.where(real, born.astype(np.int64), 0)[column.data]
    return Column(np.where(known, since, 0), known, column.voids | (column.known & ~known))


def id_birth_real(column: Column, as_of: date) -> Truth:
    """Is the birth segment a date, not after `as_of`, within 120 years?"""
    ids = _texts(column)
    born = citizen_id.birth_days(ids)
    first, last = days(date(as_of.year - OLDEST, 1, 1)), days(as_of)
    since = born.astype(np.int64)
    real = ~np.isnat(born) & (since >= first) & (since <= last)
    length = _lengths(ids)
    judged = (length == 15) | (length >= 18)
    return truth(real[column.data], column.known & judged[column.data])


def id_sex(column: Column) -> Column:
    """Read the sex of an id; void where the digit is none."""
    codes = citizen_id.sexes(_texts(column))[column.data].astype(np.int32)
    known = column.known & (codes > 0)
    return Column(codes, known, column.voids | (column.known & ~known), _SEXES)


def id_region_known(column: Column) -> Truth:
    """Was the code of the first six ever a division?"""
    known = division.known_all([t[:6] for t in _texts(column)])
    return truth(known[column.data], column.known)


def disability_kind(column: Column) -> Column:
    return _figure(column, disability_card.kind)


def disability_grade(column: Column) -> Column:
    return _figure(column, disability_card.grade)


def is_mobile(column: Column) -> Truth:
    return texts.test(column, _MOBILE.fullmatch)


def is_landline(column: Column) -> Truth:
    return texts.test(column, _LANDLINE.fullmatch)


def _figure(column: Column, read: Callable[[str], int | None]) -> Column:
    """Read a figure of a card; cards are few among ids, and longer."""
    ids = _texts(column)
    figures = {i: read(ids[i]) for i in np.flatnonzero(_lengths(ids) >= disability_card.SHORTEST)}
    table = np.full(len(ids), np.nan)
    for i, figure in figures.items():
        table[i] = np.nan if figure is None else figure
    data = table[column.data]
    known = column.known & ~np.isnan(data)
    return Column(np.where(known, data, 0.0), known, column.voids | (column.known & ~known))


def _lengths(ids: list[str]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(len, ids), np.int64, len(ids))


def _texts(column: Column) -> list[str]:
    assert column.texts is not None
    found: list[str] = column.texts.tolist()
    return found
