"""Amounts, texts and ages as clerks mean them: 0.1 + 0.2 is 0.3, a fen is a fen."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from fupin_audit.evaluate.functions import age_on
from fupin_audit.evaluate.values import Column, compare, constant, day_column, days
from fupin_audit.model.distinct import distinct, distinct_numbers


@pytest.mark.parametrize("far", [0.0, 1e12, np.inf, np.nan])
def test_one_large_figure_does_not_widen_the_tolerance_of_others(far: float) -> None:
    left = Column(np.array([0.1 + 0.2, 4000.0, 4000.0, far]), np.array([True, True, True, False]))
    right = Column(np.array([0.3, 4000.01, 4000.0, 0.0]), np.ones(4, bool))
    with np.errstate(invalid="ignore"):
        assert compare("==", left, right).yes.tolist() == [True, False, True, False]
        assert compare("<", left, right).yes.tolist() == [False, True, False, False]
        assert compare("<=", left, right).no.tolist() == [False, False, False, False]


@pytest.mark.parametrize("swapped", [False, True])
def test_one_number_for_all_rows_is_compared_as_each(swapped: bool) -> None:
    many = Column(np.array([0.1 + 0.2, 0.3, 0.31, np.inf, np.nan, 0.0]), np.arange(6) < 3)
    one = constant(0.3, 6)
    assert isinstance(one, Column)
    left, right = (one, many) if swapped else (many, one)
    with np.errstate(invalid="ignore"):
        assert compare("==", left, right).yes.tolist() == [True, True, *[False] * 4]
        assert compare("!=", left, right).yes.tolist() == [False, False, True, *[False] * 3]
        less = compare(">" if swapped else "<", left, right)
        assert (less.yes.any(), less.no.tolist()) == (False, [True] * 3 + [False] * 3)


def test_no_rows_can_be_compared() -> None:
    nothing = Column(np.zeros(0), np.zeros(0, bool))
    assert compare("<", nothing, nothing).yes.tolist() == []


@pytest.mark.parametrize("many", [0, 1_000])
def test_distinct_texts_are_told_apart_whatever_they_hold(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fupin_audit.model.distinct.MANY", many)
    texts = ["甲", "a\x00b", "a", "甲", "\ud800", "'\\ud800'", ""]
    numbers, found = distinct(np.array(texts, dtype=object))
    assert numbers.tolist() == [0, 1, 2, 0, 3, 4, 5]
    assert found.tolist() == list(dict.fromkeys(texts))


@pytest.mark.parametrize("many", [0, 1_000])
def test_numbers_are_numbered_as_they_appear(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fupin_audit.model.distinct.MANY", many)
    numbers, found = distinct_numbers(np.array([7.5, -1.0, 7.5, 0.0, -1.0]))
    assert numbers.tolist() == [0, 1, 0, 2, 1]
    assert found.tolist() == [7.5, -1.0, 0.0]


def test_ages_turn_on_the_birthday_and_of_29_february_on_1_march() -> None:
    born = [date(2004, 2, 29), date(1969, 3, 1), date(1890, 12, 31)]
    births = Column(np.array([days(b) for b in born]), np.ones(3, bool))
    assert age_on(births, day_column(date(2021, 2, 28), 3)).data.tolist() == [16, 51, 130]
    assert age_on(births, day_column(date(2021, 3, 1), 3)).data.tolist() == [17, 52, 130]
    one = day_column(date(2004, 2, 29), 3)
    assert age_on(one, day_column(date(2020, 2, 29), 3)).data.tolist() == [16, 16, 16]


def test_the_days_of_a_county_are_told_as_those_of_a_few() -> None:
    first, last = days(date(1880, 1, 1)), days(date(2100, 12, 31))
    every = np.arange(first, last)
    day = date(2019, 2, 28)
    found = age_on(Column(every, np.ones(len(every), bool)), day_column(day, len(every)))
    born = [date.fromordinal(date(1970, 1, 1).toordinal() + int(d)) for d in every[::97]]
    ages = [day.year - b.year - ((day.month, day.day) < (b.month, b.day)) for b in born]
    assert found.data[::97].tolist() == ages
