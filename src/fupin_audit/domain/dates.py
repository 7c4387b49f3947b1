"""Days, months and years as clerks write them, with no more precision than
was written.

A month is never taken for a day nor a year for a month; a two-digit year is
never completed. Text, numbers, and the day cells of a workbook are read.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin_audit.domain.characters import visible
from fupin_audit.domain.numerals import read_numeral

FIRST_YEAR, LAST_YEAR = 1800, 2199
FIRST_SERIAL, LAST_SERIAL = 7306, 73050
"""Spreadsheet day numbers of 1920-01-01 and 2099-12-31."""
_SERIAL_ZERO = date(1899, 12, 30)


class Moment(NamedTuple):
    """A point in time as precisely as it was written; 0 is not written."""

    year: int
    month: int = 0
    day: int = 0


_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
_SEPARATED = re.compile(
    r"(\d{4}) ?(?:[-./。\\ ]|年) ?(\d{1,2})"
    r"(?: ?(?:[-./。\\ ]|月份|月) ?(\d{1,2}) ?[日号]?" + _TIME + r"| ?月份?| ?[-./]?)"
)
_COMPACT = re.compile(r"(\d{4})(?:(\d{2})(?:(\d{2})(?:\.0+)?" + _TIME + r"|(?:\.0+)?)|(?:\.0+)?)")
_YEAR = re.compile(r"(\d{4}) ?(?:年度?|年份)?")
_CHINESE = re.compile(
    r"([〇零○一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,2})月(?:份|(.{1,3})[日号])?)?"
)
_DASHES = str.maketrans("−–—﹣‐‑", "------")


def real_days(year: int, month: int, day: int) -> date | None:
    """Return the day, None if the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days(
    year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> npt.NDArray[np.datetime64]:
    """Return real days of the readable years, NaT elsewhere."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    found = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    right = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    right &= found.astype("datetime64[M]") == months
    return np.where(right, found, np.datetime64("NaT"))


@lru_cache(maxsize=65536)
def read_text(text: str) -> Moment | None:
    """Read a day, month or year from text, None if it is none of them."""
    text = visible(text).translate(_DASHES)
    for pattern in (_COMPACT, _YEAR, _SEPARATED):
        found = pattern.fullmatch(text)
        if found:
            return _real([int(g) for g in found.groups() if g])
    found = _CHINESE.fullmatch(text.replace(" ", ""))
    if not found:
        return None
    numerals = [read_numeral(g) for g in found.groups() if g]
    return _real([-1 if n is None else int(n) for n in numerals])


def read_figure(value: float) -> Moment | None:
    """Read 20160501, 201605, 2016 or 2016.5 from a number cell.

    2016.1 is not read: the cell may have held 2016.10.
    """
    if not 1 <= value < 1e9:  # NaN is neither
        return None
    if value == int(value):
        return read_text(str(int(value)))
    year, _, month = repr(float(value)).partition(".")
    return None if month == "1" or len(month) > 2 else read_text(f"{year}.{month}")


def _real(parts: list[int]) -> Moment | None:
    """Make a moment of what was written; a written 00 is no month and no day."""
    year, month, day = (*parts, 1, 1)[:3] if len(parts) < 3 else parts
    if not FIRST_YEAR <= year <= LAST_YEAR or real_days(year, month, day) is None:
        return None
    return Moment(*parts)


def read(cell: object) -> Moment | None:
    """Read a cell of any kind as a day, month or year."""
    if isinstance(cell, str):
        return read_text(cell)
    if isinstance(cell, date):  # a datetime is one too; 1899-12-30 is a workbook's zero
        return _real([cell.year, cell.month, cell.day]) if cell.year >= 1900 else None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return read_figure(cell)
    return None


def read_date(cell: object) -> date | None:
    """Return the day in a cell; a month or year alone is none.

    A bare number in the plausible range is a spreadsheet's day number.
    """
    if (
        isinstance(cell, int | float)
        and not isinstance(cell, bool)
        and FIRST_SERIAL <= cell < LAST_SERIAL + 1
    ):
        return _SERIAL_ZERO + timedelta(days=int(cell))
    found = read(cell)
    return date(*found) if found and found.day else None


def read_month(cell: object) -> int | None:
    """Return the month in a cell as yyyymm; a year alone is none."""
    found = read(cell)
    return found.year * 100 + found.month if found and found.month else None


def read_period(cell: object) -> int | None:
    """Return the month in a cell as yyyymm, or the year, yyyy, if it says no more."""
    month = read_month(cell)
    return month if month is not None else read_year(cell)


def read_year(cell: object) -> int | None:
    """Return the year in a cell that holds a year, a month or a day."""
    found = read(cell)
    if found is None and isinstance(cell, float):
        found = read_text(f"{cell!r}")  # 2016.1 may be January or October, but is 2016
    return found.year if found else None
