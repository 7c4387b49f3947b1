"""Working days between two days: Mondays to Fridays, the first day not counted."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from fupin_audit.evaluate.functions import workdays_between
from fupin_audit.evaluate.values import Column

EPOCH = date(1970, 1, 1)


def day(value: date | None) -> Column:
    known = np.array([value is not None])
    return Column(np.array([float(((value or EPOCH) - EPOCH).days)]), known, ~known)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2023, 3, 1), date(2023, 3, 1), 0),
        (date(2023, 3, 3), date(2023, 3, 6), 1),  # Friday to Monday
        (date(2023, 3, 4), date(2023, 3, 5), 0),  # within a weekend
        (date(2023, 3, 1), date(2023, 3, 29), 20),
        (date(2023, 3, 6), date(2023, 3, 3), -1),
    ],
)
def test_counts_mondays_to_fridays(first: date, last: date, days: int) -> None:
    counted = workdays_between(day(first), day(last))
    assert counted.known.all()
    assert counted.data.tolist() == [days]


def test_is_unknown_without_one_of_the_days() -> None:
    assert not workdays_between(day(None), day(date(2023, 3, 1))).known.any()
    assert not workdays_between(day(date(2023, 3, 1)), day(None)).known.any()
