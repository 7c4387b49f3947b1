"""Amounts are compared as clerks mean them: 0.1 + 0.2 is 0.3, a fen is a fen."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_audit.evaluate.values import Column, compare
from fupin_audit.model.distinct import distinct


@pytest.mark.parametrize("far", [0.0, 1e12, np.inf, np.nan])
def test_one_large_figure_does_not_widen_the_tolerance_of_others(far: float) -> None:
    left = Column(np.array([0.1 + 0.2, 4000.0, 4000.0, far]), np.array([True, True, True, False]))
    right = Column(np.array([0.3, 4000.01, 4000.0, 0.0]), np.ones(4, bool))
    with np.errstate(invalid="ignore"):
        assert compare("==", left, right).yes.tolist() == [True, False, True, False]
        assert compare("<", left, right).yes.tolist() == [False, True, False, False]
        assert compare("<=", left, right).no.tolist() == [False, False, False, False]


def test_no_rows_can_be_compared() -> None:
    nothing = Column(np.zeros(0), np.zeros(0, bool))
    assert compare("<", nothing, nothing).yes.tolist() == []


def test_distinct_texts_are_told_apart_whatever_they_hold() -> None:
    texts = ["甲", "a\x00b", "a", "甲", "\ud800", "'\\ud800'", ""]
    numbers, found = distinct(np.array(texts, dtype=object))
    assert numbers.tolist() == [0, 1, 2, 0, 3, 4, 5]
    assert found.tolist() == list(dict.fromkeys(texts))
