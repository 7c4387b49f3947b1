"""What ids and telephone numbers say of themselves, an answer per distinct text."""

from __future__ import annotations

import re
from datetime import date

import numpy as np

from fupin_audit.domain import citizen_id, disability_card, division
from fupin_audit.evaluate import texts
from fupin_audit.evaluate.texts import Texts
from fupin_audit.evaluate.values import Column, Truth, days, truth

OLDEST = 120
_SEXES = np.array(["", "男", "女"], dtype=object)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_PLACES = np.array([100_000, 10_000, 1_000, 100, 10, 1], dtype=np.int32)
_LANDLINE = re.compile(r"(0\d{2,3}-?)?[2-9]\d{6,7}")


def id_ok(ids: Texts) -> Truth:
    """Is the check character of the first 18 right?"""
    return truth(citizen_id.check_ok(ids.numbers), ids.lengths >= 18)


def id_birth(ids: Texts) -> Column:
    """Read the birth date of an id; no answer if the digits are no date."""
    born = ids.born
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
    code = np.where((first <= 9).all(axis=1), first.astype(np.int32) @ _PLACES, -1)
    # A county's people share a few codes: each is looked up once.
    named = np.zeros(10**6 + 1, bool)
    named[code] = True
    codes = np.flatnonzero(named[:-1])
    named[:] = False
    named[codes] = division.known_all(f"{code:06d}" for code in codes.tolist())
    known = named[code]
    return Truth(known, ~known)


def disability_kind(ids: Texts) -> Column:
    return _figure(ids, disability_card.KIND_AT)


def disability_grade(ids: Texts) -> Column:
    return _figure(ids, disability_card.GRADE_AT)


def is_mobile(numbers: Texts) -> Truth:
    digits = numbers.numbers.digits
    yes = (numbers.lengths == 11) & (digits[:, 0] == 1) & (digits[:, 1] >= 3)
    return texts.test_some(numbers, _MOBILE.fullmatch, ~numbers.all_digits, yes)


def is_landline(numbers: Texts) -> Truth:
    maybe = numbers.numbers.digits[:, 0] != 1  # a mobile number is none: most are
    return texts.test_some(numbers, _LANDLINE.fullmatch, maybe, ~maybe & False)


def _figure(ids: Texts, at: int) -> Column:
    """Read a figure of a card; no answer from what is shorter than a card."""
    figure = ids.numbers.digits[:, at]
    known = (ids.lengths >= disability_card.SHORTEST) & (figure <= 9)
    return Column(np.where(known, figure, 0).astype(np.float64), known)
