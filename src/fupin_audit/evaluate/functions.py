"""What the listed functions do, over whole columns.

Text functions work once per distinct text. Ages are full years; a child born
on 29 February turns a year older on 1 March of a common year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.evaluate import identity, places, texts
from fupin_audit.evaluate.keys import all_known, group_codes, one_dictionary
from fupin_audit.evaluate.values import Column, Truth, days

EPOCH = np.datetime64("1970-01-01", "D")
YEAR_ALONE = 10_000
Whole = npt.NDArray[np.signedinteger[Any]]

_FIRST, _LAST = days(date(1870, 1, 1)), days(date(2120, 1, 1))
_MANY = 20_000
"""Days from which on it is worth to write down the calendar of two centuries."""


def blank(x: Column) -> Truth:
    return Truth(~x.known & ~x.voids, x.known)


def coalesce(*columns: Column) -> Column:
    result = columns[0]
    for other in columns[1:]:
        known = result.known | other.known
        void = None
        if result.void is not None or other.void is not None:
            void = (result.voids | other.voids) & ~known
        if not result.known.any():  # nothing there: all is the other's
            result = Column(other.data, known, void, other.texts)
            continue
        if (other.known & ~result.known).any():  # else the other adds nothing
            result, other = one_dictionary(result, other)
            data = np.where(result.known, result.data, other.data)
            result = Column(data, known, void, result.texts)
        else:
            result = Column(result.data, known, void, result.texts)
    return result


def first_settled(conditions: Sequence[Truth]) -> Truth:
    """Return what the first condition says that is not unknown: coalesce() of truths."""
    result = conditions[0]
    for other in conditions[1:]:
        left = result.unknown
        result = Truth(result.yes | (other.yes & left), result.no | (other.no & left))
    return result


def only_if(x: Column, condition: Column) -> Column:
    """Keep x where the condition holds; elsewhere it cannot be judged."""
    holds = condition.known & (condition.data != 0)
    return Column(x.data, x.known & holds, x.voids | ~holds, x.texts)


def _fold(pick: Callable[..., Any], columns: tuple[Column, ...]) -> Column:
    known = np.logical_and.reduce([c.known for c in columns])
    data = pick.reduce([np.broadcast_to(c.data, known.shape) for c in columns])  # type: ignore[attr-defined]
    return Column(data, known, ~known)


def total(*columns: Column) -> Column:
    """Sum what is filled; unknown if a part is void or all are blank."""
    known = np.logical_or.reduce([c.known for c in columns])
    void = np.logical_or.reduce([c.voids for c in columns])
    data = np.add.reduce([np.where(c.known, c.data, 0.0) for c in columns])
    return Column(data, known & ~void, void)


def rounded(x: Column, digits: Column | None = None) -> Column:
    """Round half up, as the registers do, not to even."""
    scale = 10.0 ** (digits.data if digits is not None else 0)
    data = np.sign(x.data) * np.floor(np.abs(x.data) * scale + 0.5 + 1e-9) / scale
    return Column(data, x.known, x.void)


def civil(column: Column, kind: str) -> tuple[Whole, Whole]:
    """Return (year, month) arrays of a date, month (yyyymm) or year column."""
    if kind == "date":
        days = _written(column.data)
        return days // 10_000, days // 100 % 100
    whole = column.data.astype(np.int64)
    if kind == "month":  # a period may hold a year alone
        yearly = whole < YEAR_ALONE
        return np.where(yearly, whole, whole // 100), np.where(yearly, 0, whole % 100)
    return whole, np.zeros_like(whole)


def year_of(column: Column, kind: str) -> Column:
    return Column(civil(column, kind)[0].astype(np.float64), column.known, column.void)


def month_of(column: Column, kind: str) -> Column:
    months = civil(column, kind)[1]
    known = column.known & (months > 0)
    return Column(months.astype(np.float64), known, column.voids | (column.known & ~known))


def months_between(a: Column, b: Column, kinds: tuple[str, str]) -> Column:
    """Whole calendar months from a to b; unknown when a side is only a year."""
    (ya, ma), (yb, mb) = civil(a, kinds[0]), civil(b, kinds[1])
    known = a.known & b.known & (ma > 0) & (mb > 0)
    return Column(((yb - ya) * 12 + mb - ma).astype(np.float64), known, ~known)


def workdays_between(a: Column, b: Column) -> Column:
    """Mondays to Fridays after a, up to and with b; below zero when b is earlier.

    Public holidays are not known here, so some of these days may be free.
    """
    known = a.known & b.known
    first, last = (EPOCH + np.where(known, x.data, 0).astype("timedelta64[D]") for x in (a, b))
    early, late = np.minimum(first, last), np.maximum(first, last)
    counted = np.busday_count(early + 1, late + 1) * np.sign(last - first).astype(np.int64)
    return Column(counted.astype(np.float64), known, ~known)


def age_on(birth: Column, day: Column) -> Column:
    """Full years from a birth date to a day."""
    known = birth.known & day.known
    years = (_written(day.data) - _written(birth.data)) // 10_000  # of 20191231 - 19591231
    return Column(years.astype(np.float64), known, ~known)


def _written(data: npt.NDArray[np.int64]) -> Whole:
    """Return days as the numbers yyyymmdd; one day for all rows is reckoned once."""
    if data.strides == (0,):
        return np.broadcast_to(_reckoned(data[:1]), data.shape)
    if len(data) >= _MANY and data.min() >= _FIRST and data.max() < _LAST:
        return np.asarray(_calendar()[data.astype(np.int64, copy=False) - _FIRST])
    return _reckoned(data)


@cache
def _calendar() -> Whole:
    """Return the days that registers hold, one after the other: to look a day up
    takes a tenth of what it takes to reckon it."""
    return _reckoned(np.arange(_FIRST, _LAST))


def _reckoned(data: npt.NDArray[np.int64]) -> Whole:
    days = EPOCH + data.astype("timedelta64[D]")
    months = days.astype("datetime64[M]")
    since = months.astype(np.int64)
    of_month = (days - months).astype(np.int64) + 1
    written = (1970 + since // 12) * 10_000 + (since % 12 + 1) * 100 + of_month
    return np.asarray(written.astype(np.int32))


def school_start(as_of: date) -> date:
    """Return 1 September of the school year that contains a day."""
    return date(as_of.year if as_of.month >= 9 else as_of.year - 1, 9, 1)


def count_same(*columns: Column) -> Column:
    """Number of rows that share all values; unknown where one is not known."""
    known = all_known(columns)
    codes, count = group_codes(columns)
    counts = np.bincount(codes[known], minlength=count)
    return Column(counts[codes].astype(np.float64), known, ~known)


PLAIN: dict[str, Callable[..., Column | Truth]] = {
    "blank": blank,
    "filled": lambda x: ~blank(x),
    "coalesce": coalesce,
    "only_if": only_if,
    "abs": lambda x: Column(np.abs(x.data), x.known, x.void),
    "min": lambda *xs: _fold(np.minimum, xs),
    "max": lambda *xs: _fold(np.maximum, xs),
    "round": rounded,
    "total": total,
    "count_same": count_same,
    "count_overlapping": places.count_overlapping,
    "same_county": places.same_county,
    "workdays_between": workdays_between,
}

AMONG_ROWS = frozenset({"count_overlapping", "count_same"})
"""Those that compare the rows of a table with one another."""

# Given a column's distinct texts and constants.
OF_TEXT: dict[str, Callable[..., Column | Truth]] = {
    "length": texts.length,
    "first": texts.first,
    "last": texts.last,
    "part": texts.part,
    "starts": texts.starts,
    "ends": texts.ends,
    "contains": texts.contains,
    "matches": texts.matches,
    "has": texts.has,
    "count_values": texts.count_values,
    "id_length": texts.length,
    "id_ok": identity.id_ok,
    "id_birth": identity.id_birth,
    "id_birth_real": identity.id_birth_real,
    "id_sex": identity.id_sex,
    "id_region_known": identity.id_region_known,
    "disability_kind": identity.disability_kind,
    "disability_grade": identity.disability_grade,
    "is_mobile": identity.is_mobile,
    "is_landline": identity.is_landline,
    "names_county": places.names_county,
}

# These need the day of the run or the kinds of their arguments.
SPECIAL = frozenset({
    "optional", "present", "year", "month", "months_between", "days_between", "age", "age_on",
    "school_age", "date", "as_of", "data_year",
})  # fmt: skip
