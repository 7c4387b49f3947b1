"""The functions of the rule language a second time, in plain pandas.

Written from what docs/expressions.md promises, text by text and by the calendar;
only the table of divisions and the reading of one single number or card, in
`domain`, serve the engine too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from fupin_audit.domain import citizen_id, division
from fupin_audit.evaluate.proof.cells import Cells, as_number, of_text, reckoned

OLDEST = 120
_MULTI = "、"
_MOBILE = re.compile("1[3-9][0-9]{9}")
_LANDLINE = re.compile("(0[0-9]{2,3}-?)?[2-9][0-9]{6,7}")


def blank(x: Cells) -> Cells:
    return reckoned((~x.known).astype("boolean").mask(x.void & ~x.known))


def filled(x: Cells) -> Cells:
    return reckoned(~blank(x).values)


def coalesce(*given: Cells) -> Cells:
    values = reduce(lambda first, other: first.fillna(other), [c.values for c in given])
    return Cells(values, reduce(pd.Series.__or__, [c.void for c in given]) & values.isna())


def only_if(x: Cells, condition: Cells) -> Cells:
    holds = condition.values.fillna(False).astype(bool)
    return Cells(x.values.where(holds), x.void | ~holds)


def total(*given: Cells) -> Cells:
    void = reduce(pd.Series.__or__, [c.void for c in given])
    some = reduce(pd.Series.__or__, [c.known for c in given])
    values = reduce(pd.Series.__add__, [c.values.fillna(0.0) for c in given])
    return Cells(values.where(some & ~void), void)


def _furthest(pick: Any) -> Callable[..., Cells]:
    return lambda *given: reckoned(reduce(pick, [c.values for c in given]))


def rounded(x: Cells, digits: Cells | None = None) -> Cells:
    """Round half away from zero."""
    scale = 1.0 if digits is None else 10.0**digits.values
    whole = np.floor(x.values.abs() * scale + 0.5 + 1e-9)
    return Cells(np.sign(x.values) * whole / scale, x.void)


def _of(kind: str, asked: Callable[..., Any]) -> Callable[..., Cells]:
    """Make a function of a text and constants."""
    return lambda x, *constants: of_text(x, lambda t: asked(t, *constants), kind)


def _figure(text: str, at: int) -> int | None:
    right = len(text) >= 20 and text[at] in "0123456789"
    return int(text[at]) if right else None


def _has(text: str, *labels: str) -> bool:
    return any(one in labels for one in text.split(_MULTI))


def _id_ok(number: str) -> bool | None:
    return citizen_id.is_check_ok(number) if len(number) >= 18 else None


def _in_table(number: str) -> bool:
    first = number[:6]
    return bool(re.fullmatch("[0-9]{6}", first)) and division.known(first)


def _birth_real(number: str, as_of: date) -> bool | None:
    if len(number) != 15 and len(number) < 18:
        return None
    born = citizen_id.birth_date(number)
    return born is not None and date(as_of.year - OLDEST, 1, 1) <= born <= as_of


def year_and_month(x: Cells, kind: str) -> tuple[pd.Series, pd.Series]:
    """Return year and month of a day, a month (yyyymm, or a year alone) or a year;
    the month is absent where only the year is said."""
    if kind == "date":
        return x.values.dt.year.astype("Float64"), x.values.dt.month.astype("Float64")
    alone = (x.values < 10_000).fillna(True).astype(bool) | (kind != "month")
    years = x.values.where(alone, x.values // 100)
    return years, (x.values % 100).mask(alone | (x.values % 100 == 0).fillna(True).astype(bool))


def year(x: Cells, kind: str) -> Cells:
    return Cells(year_and_month(x, kind)[0], x.void)


def month(x: Cells, kind: str) -> Cells:
    months = year_and_month(x, kind)[1]
    return Cells(months, x.void | (x.known & months.isna()))


def months_between(a: Cells, b: Cells, kinds: tuple[str, str]) -> Cells:
    (first, early), (last, late) = year_and_month(a, kinds[0]), year_and_month(b, kinds[1])
    return reckoned((last - first) * 12 + late - early)


def days_between(a: Cells, b: Cells) -> Cells:
    return reckoned((b.values - a.values).dt.days.astype("Float64"))


def workdays_between(a: Cells, b: Cells) -> Cells:
    """Mondays to Fridays after a, up to and with b."""

    def since(days: pd.Series) -> pd.Series:
        passed = (days - pd.Timestamp("1899-12-31")).dt.days.astype("Float64")  # a Sunday
        return passed // 7 * 5 + (passed % 7).clip(upper=5)

    return reckoned(since(b.values) - since(a.values))


def age_on(birth: Cells, day: Cells) -> Cells:
    """Full years; who was born on 29 February has them on 1 March."""
    born, now = birth.values.dt, day.values.dt
    earlier = (now.month < born.month) | ((now.month == born.month) & (now.day < born.day))
    return reckoned((now.year - born.year - earlier).astype("Float64").mask(
        birth.values.isna() | day.values.isna()
    ))  # fmt: skip


def count_same(*given: Cells) -> Cells:
    """Count the rows that have all values in common."""
    frame = pd.DataFrame({i: as_number(c).values for i, c in enumerate(given)})
    sizes = frame.groupby(list(frame.columns), dropna=True, observed=True)[0].transform("size")
    return reckoned(sizes.astype("Float64").mask(frame.isna().any(axis=1)))


def count_overlapping(key: Cells, start: Cells, end: Cells) -> Cells:
    """Count the other rows of the same key whose months overlap a row's own; an
    empty end has not come yet."""
    last = end.values.mask(end.values.isna() & ~end.void, 999_999.0)
    rows = pd.DataFrame({"key": key.values, "first": start.values, "last": last})
    fit = (rows["last"] >= rows["first"]).fillna(False).astype(bool) & key.known
    spells = rows[fit].rename_axis("row").reset_index()
    pairs = spells.merge(spells, on="key", suffixes=("", "_other"))
    pairs = pairs[pairs["row"] != pairs["row_other"]]
    meet = (pairs["first_other"] <= pairs["last"]) & (pairs["last_other"] >= pairs["first"])
    counted = pairs[meet.astype(bool)].groupby("row").size().reindex(rows.index, fill_value=0)
    doubtful = key.values.isin(key.values[key.known & ~fit])
    return reckoned(counted.astype("Float64").mask(~fit | ((counted == 0) & doubtful)))


PLAIN: dict[str, Callable[..., Cells]] = {
    "blank": blank,
    "filled": filled,
    "coalesce": coalesce,
    "only_if": only_if,
    "abs": lambda x: Cells(x.values.abs(), x.void),
    "min": _furthest(np.minimum),
    "max": _furthest(np.maximum),
    "round": rounded,
    "total": total,
    "days_between": days_between,
    "workdays_between": workdays_between,
    "age_on": age_on,
    "count_same": count_same,
    "count_overlapping": count_overlapping,
}

OF_TEXT: dict[str, Callable[..., Cells]] = {
    "length": _of("number", len),
    "id_length": _of("number", len),
    "first": _of("text", lambda t, n: t[: int(n)]),
    "last": _of("text", lambda t, n: t[len(t) - min(int(n), len(t)) :]),
    "part": _of("text", lambda t, start, stop: t[int(start) : int(stop)]),
    "starts": _of("bool", lambda t, word: t[: len(word)] == word),
    "ends": _of("bool", str.endswith),
    "contains": _of("bool", lambda t, *words: any(t.find(word) >= 0 for word in words)),
    "matches": _of("bool", lambda t, pattern: re.fullmatch(pattern, t) is not None),
    "has": _of("bool", _has),
    "count_values": _of("number", lambda t: 1 + t.count(_MULTI)),
    "id_ok": _of("bool", _id_ok),
    "id_birth": _of("date", citizen_id.birth_date),
    "id_birth_real": _of("bool", _birth_real),
    "id_sex": _of("text", citizen_id.sex),
    "id_region_known": _of("bool", _in_table),
    "disability_kind": _of("number", lambda t: _figure(t, 18)),
    "disability_grade": _of("number", lambda t: _figure(t, 19)),
    "is_mobile": _of("bool", lambda t: _MOBILE.fullmatch(t) is not None),
    "is_landline": _of("bool", lambda t: _LANDLINE.fullmatch(t) is not None),
    "names_county": _of("bool", division.names_county),
}

NOT_WRITTEN = frozenset({"same_county"})
"""It is a table of names and endings, and a second one would be its copy."""
