"""What ids and telephone numbers say of themselves, an answer per distinct text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np

from fupin_audit.domain import citizen_id, disability_card, division
from fupin_audit.evaluate import texts
from fupin_audit.evaluate.texts import Texts
from fupin_audit.evaluate.values import Column, Truth, days, truth
from fupin_audit.model.distinct import distinct_numbers

OLDEST = 120
_SEXES = np.array(["", "男", "女"], dtype=object)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_PLACES = np.array([100_000, 10_000, 1_000, 100, 10, 1])
_LANDLINE = re.compile(r"(0\d{2,3}-?)?[2-9]\d{6,7}")


def id_ok(ids: Texts) -> Truth:
    """Is the check character of the first 18 right?"""
    return truth(citizen_id.check_ok(ids.numbers), ids.lengths >= 18)


def id_birth(ids: Texts) -> Column:
    """Read the birth date of an id; no answer if the digits are no date."""
    born = citizen_id.birth_days(ids.numbers)
    real = ~np.isnat(born)
    return Column(np.where(real, born.astype(np.int64), 0), real)


def id_birth_real(ids: Texts, as_of: date) -> Truth:
    """Is the birth segment a date, not after `as_of`, within 120 years?"""
    born = id_birth(ids)
    first, last = days(date(as_of.year - OLDEST, 1, 1)), days(as_of)
    length = ids.lengths
    inside = born.known & (born.data >= first) & (born.data <= last)
    return truth(inside, (length == 15) | (length >= 18))


def id_sex(ids: Texts) -> Column:
    """Read the sex of an id; no answer where the digit is none."""
    codes = citizen_id.sexes(ids.numbers).astype(np.int32)
    return Column(codes, codes > 0, None, _SEXES)


def id_region_known(ids: Texts) -> Truth:
    """Was the code of the first six ever a division?"""
    first = ids.numbers.digits[:, :6]
    codes, distinct = distinct_numbers(first @ _PLACES)  # a county's people share a few
    known = division.known_all(f"{code:06d}" for code in distinct.tolist())[codes]
    known &= (first <= 9).all(axis=1)
    return Truth(known, ~known)


def disability_kind(ids: Texts) -> Column:
    return _figure(ids, disability_card.kind)


def disability_grade(ids: Texts) -> Column:
    return _figure(ids, disability_card.grade)


def is_mobile(numbers: Texts) -> Truth:
    return texts.test(numbers, _MOBILE.fullmatch)


def is_landline(numbers: Texts) -> Truth:
    return texts.test(numbers, _LANDLINE.fullmatch)


def _figure(ids: Texts, read: Callable[[str], int | None]) -> Column:
    """Read a figure of a card; cards are few among ids, and longer."""
    data, known = np.zeros(len(ids)), np.zeros(len(ids), bool)
    for i in np.flatnonzero(ids.lengths >= disability_card.SHORTEST).tolist():
        figure = read(ids.listed[i])
        if figure is not None:
            data[i], known[i] = figure, True
    return Column(data, known)
