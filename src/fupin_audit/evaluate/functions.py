"""What the listed functions do, over whole columns.

Text functions work once per distinct text. Ages are full years; a child born
on 29 February turns a year older on 1 March of a common year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.domain import citizen_id, disability_card, division
from fupin_audit.evaluate.values import Column, Truth, group_codes, per_text, truth

EPOCH = np.datetime64("1970-01-01", "D")
MULTI_SEPARATOR = "、"
OLDEST = 120
YEAR_ALONE = 10_000


def days(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def blank(x: Column) -> Truth:
    return Truth(~x.known & ~x.voids, x.known)


def coalesce(*columns: Column) -> Column:
    result = columns[0]
    for other in columns[1:]:
        result, other = _one_dictionary(result, other)
        data = np.where(result.known, result.data, other.data)
        known = result.known | other.known
        result = Column(data, known, (result.voids | other.voids) & ~known, result.texts)
    return result


def _one_dictionary(a: Column, b: Column) -> tuple[Column, Column]:
    """Give two text columns the same list of texts."""
    if a.texts is None or b.texts is None or a.texts is b.texts:
        return a, b
    index: dict[str, int] = {}
    for t in (*a.texts.tolist(), *b.texts.tolist()):
        index.setdefault(t, len(index))
    texts = np.array(list(index), dtype=object)
    of_a = np.array([index[t] for t in a.texts.tolist()], dtype=np.int32)[a.data]
    of_b = np.array([index[t] for t in b.texts.tolist()], dtype=np.int32)[b.data]
    return Column(of_a, a.known, a.void, texts), Column(of_b, b.known, b.void, texts)


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


def _text_test(column: Column, test: Callable[[str], Any]) -> Truth:
    return truth(per_text(column, lambda t: bool(test(t)), bool), column.known)


def _text_number(column: Column, number: Callable[[str], float | None]) -> Column:
    data = per_text(column, lambda t: np.nan if (v := number(t)) is None else v, np.float64)
    known = column.known & ~np.isnan(data)
    return Column(np.where(known, data, 0.0), known, column.voids | (column.known & ~known))


def _text_text(column: Column, change: Callable[[str], str | None]) -> Column:
    """A None result is a void, never a blank: the value was there."""
    assert column.texts is not None
    made = [change(t) for t in column.texts.tolist()]
    index: dict[str, int] = {"": 0}
    codes = np.array([index.setdefault(m or "", len(index)) for m in made], dtype=np.int32)
    known = column.known & np.array([m is not None for m in made], dtype=bool)[column.data]
    void = column.voids | (column.known & ~known)
    return Column(codes[column.data], known, void, np.array(list(index), dtype=object))


def _whole(column: Column) -> int:
    """Read a literal number argument."""
    return int(column.data[0]) if len(column) else 0


def _word(column: Column) -> str:
    assert column.texts is not None
    return str(column.texts[0])


def contains(x: Column, *words: Column) -> Truth:
    parts = [_word(w) for w in words]
    return _text_test(x, lambda t: any(p in t for p in parts))


def has(x: Column, *labels: Column) -> Truth:
    wanted = {_word(w) for w in labels}
    return _text_test(x, lambda t: not wanted.isdisjoint(t.split(MULTI_SEPARATOR)))


def matches(x: Column, pattern: Column) -> Truth:
    compiled = re.compile(_word(pattern))
    return _text_test(x, compiled.fullmatch)


def civil(column: Column, kind: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (year, month) arrays of a date, month (yyyymm) or year column."""
    if kind == "date":
        months = (EPOCH + column.data.astype("timedelta64[D]")).astype("datetime64[M]")
        since = months.astype(np.int64)
        return 1970 + since // 12, since % 12 + 1
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


def age_on(birth: Column, day: Column) -> Column:
    """Full years from a birth date to a day."""
    by, bm = civil(birth, "date")
    dy, dm = civil(day, "date")
    birth_days = EPOCH + birth.data.astype("timedelta64[D]")
    on_days = EPOCH + np.asarray(day.data).astype("timedelta64[D]")
    bd = (birth_days - birth_days.astype("datetime64[M]")).astype(np.int64)
    dd = (on_days - on_days.astype("datetime64[M]")).astype(np.int64)
    before = (dm < bm) | ((dm == bm) & (dd < bd))
    known = birth.known & day.known
    return Column((dy - by - before).astype(np.float64), known, ~known)


def school_start(as_of: date) -> date:
    """Return 1 September of the school year that contains a day."""
    return date(as_of.year if as_of.month >= 9 else as_of.year - 1, 9, 1)


def id_birth(column: Column) -> Column:
    """Read the birth date of an id; unknown if the digits are no date."""

    def read(text: str) -> float | None:
        born = citizen_id.birth_date(text)
        return None if born is None else float(days(born))

    found = _text_number(column, read)
    return Column(found.data.astype(np.int64), found.known, found.void)


def id_birth_real(column: Column, as_of: date) -> Truth:
    """Is the birth segment a date, not after `as_of`, within 120 years?"""
    last = days(as_of)
    first = days(date(as_of.year - OLDEST, 1, 1))

    def real(text: str) -> bool:
        born = citizen_id.birth_date(text)
        return born is not None and first <= days(born) <= last

    long_enough = per_text(column, lambda t: len(t) == 15 or len(t) >= 18, bool)
    return truth(per_text(column, real, bool), column.known & long_enough)


def id_ok(column: Column) -> Truth:
    """Is the check character of the first 18 right? Vectorised: one pass."""
    assert column.texts is not None
    texts = column.texts.tolist()
    long_enough = np.array([len(t) >= 18 for t in texts], dtype=bool)
    right = citizen_id.check_ok([t[:18] for t in texts])
    return truth(np.asarray(right)[column.data], column.known & long_enough[column.data])


def _sex(text: str) -> str | None:
    return citizen_id.sex(text)


MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(0\d{2,3}-?)?[2-9]\d{6,7}")


def count_same(*columns: Column) -> Column:
    """Number of rows that share all values; unknown where one is not known."""
    known = np.logical_and.reduce([c.known for c in columns])
    codes, _ = group_codes(columns)
    counts = np.bincount(codes[known], minlength=int(codes.max(initial=-1)) + 1)
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
    "length": lambda x: _text_number(x, len),
    "first": lambda x, n: _text_text(x, lambda t: t[: _whole(n)]),
    "last": lambda x, n: _text_text(x, lambda t: t[-_whole(n) :]),
    "part": lambda x, a, b: _text_text(x, lambda t: t[_whole(a) : _whole(b)]),
    "starts": lambda x, w: _text_test(x, lambda t: t.startswith(_word(w))),
    "ends": lambda x, w: _text_test(x, lambda t: t.endswith(_word(w))),
    "contains": contains,
    "matches": matches,
    "has": has,
    "count_values": lambda x: _text_number(x, lambda t: len(t.split(MULTI_SEPARATOR))),
    "id_length": lambda x: _text_number(x, len),
    "id_ok": id_ok,
    "id_birth": id_birth,
    "id_sex": lambda x: _text_text(x, _sex),
    "id_region_known": lambda x: _text_test(x, lambda t: division.known(t[:6])),
    "disability_kind": lambda x: _text_number(x, disability_card.kind),
    "disability_grade": lambda x: _text_number(x, disability_card.grade),
    "is_mobile": lambda x: _text_test(x, MOBILE.fullmatch),
    "is_landline": lambda x: _text_test(x, LANDLINE.fullmatch),
    "count_same": count_same,
}

# These need the day of the run or the kinds of their arguments.
SPECIAL = frozenset({
    "optional", "present", "year", "month", "months_between", "days_between", "age", "age_on",
    "school_age", "date", "as_of", "data_year", "id_birth_real",
})  # fmt: skip
