"""What ids and telephone numbers say of themselves, an answer per distinct text."""

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


def id_ok(ids: list[str]) -> Truth:
    """Is the check character of the first 18 right?"""
    return truth(citizen_id.check_ok(ids), _lengths(ids) >= 18)


def id_birth(ids: list[str]) -> Column:
    """Read the birth date of an id; no answer if the digits are no date."""
    born = citizen_id.birth_days(ids)
    real = ~np.isnat(born)
    return Column(np.where(real, born.astype(np.int64), 0), real)


def id_birth_real(ids: list[str], as_of: date) -> Truth:
    """Is the birth segment a date, not after `as_of`, within 120 years?"""
    born = id_birth(ids)
    first, last = days(date(as_of.year - OLDEST, 1, 1)), days(as_of)
    length = _lengths(ids)
    inside = born.known & (born.data >= first) & (born.data <= last)
    return truth(inside, (length == 15) | (length >= 18))


def id_sex(ids: list[str]) -> Column:
    """Read the sex of an id; no answer where the digit is none."""
    codes = citizen_id.sexes(ids).astype(np.int32)
    return Column(codes, codes > 0, None, _SEXES)


def id_region_known(ids: list[str]) -> Truth:
    """Was the code of the first six ever a division?"""
    known = division.known_all([t[:6] for t in ids])
    return Truth(known, ~known)


def disability_kind(ids: list[str]) -> Column:
    return _figure(ids, disability_card.kind)


def disability_grade(ids: list[str]) -> Column:
    return _figure(ids, disability_card.grade)


def is_mobile(numbers: list[str]) -> Truth:
    return texts.test(numbers, _MOBILE.fullmatch)


def is_landline(numbers: list[str]) -> Truth:
    return texts.test(numbers, _LANDLINE.fullmatch)


def _figure(ids: list[str], read: Callable[[str], int | None]) -> Column:
    """Read a figure of a card; cards are few among ids, and longer."""
    data, known = np.zeros(len(ids)), np.zeros(len(ids), bool)
    for i in np.flatnonzero(_lengths(ids) >= disability_card.SHORTEST).tolist():
        figure = read(ids[i])
        if figure is not None:
            data[i], known[i] = figure, True
    return Column(data, known)


def _lengths(ids: list[str]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(len, ids), np.int64, len(ids))
