"""Numbers and days as clerks write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_audit.domain import dates
from fupin_audit.domain.numbers import in_unit, read_number
from fupin_audit.domain.numerals import read_numeral


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("１２", None, 12),
        ("1,200.50", "元", 1200.5),
        ("1 234", None, 1234),
        ("¥1200", "元", 1200),
        ("￥ 1,000", "元", 1000),
        ("500元整", "元", 500),
        ("1.1万", "元", 11000),
        ("1.1万元", "元", 11000),
        ("¥1.1万", "元", 11000),
        ("1.2万", "万元", 1.2),
        ("1.2万", None, 12000),
        ("3.5亩", "亩", 3.5),
        ("2公顷", "亩", 30),
        ("500米", "公里", 0.5),
        ("5里", "公里", 2.5),
        ("120㎡", "平方米", 120),
        ("120平米", "㎡", 120),
        ("4人", None, 4),
        ("6个月", "月", 6),
        ("(300)", "元", -300),
        ("－5", None, -5),
        ("十二亩", "亩", 12),
        ("三", None, 3),
        ("二十", None, 20),
        ("三万", "元", 30000),
        ("3。5", None, 3.5),
        ("1.2E+3", "元", 1200),
    ],
)
def test_numbers_read(text: str, unit: str | None, value: float) -> None:
    reading = read_number(text)
    assert reading is not None
    assert in_unit(reading, unit) == value


@pytest.mark.parametrize(
    "text",
    ["", "无", "3-5", "3~5", "约500", "500左右", "300+200", "12,34", "1 2", "三千五", "一百五",
     "元", "5元/月", "1.2.3", "十几", "-(3)", "1e999", "abc", "---"],
)  # fmt: skip
def test_numbers_not_guessed(text: str) -> None:
    reading = read_number(text)
    assert reading is None or in_unit(reading, None) is None


def test_a_unit_of_another_kind_is_refused() -> None:
    for text, unit in (("120㎡", "亩"), ("3亩", None), ("5公里", "元"), ("85%", None)):
        reading = read_number(text)
        assert reading is not None
        assert in_unit(reading, unit) is None


@given(st.integers(0, 99_999_999))
def test_numerals_round_trip(number: int) -> None:
    assert read_numeral(_numeral(number)) == Decimal(number)


def _numeral(number: int) -> str:
    """Write a number the long way round, as a bank would."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return _numeral(high) + "万" + gap + (_numeral(low) if low else "")
    text, zero = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + word
            zero = False
        else:
            zero = True
    return text or "零"


@pytest.mark.parametrize(
    ("cell", "day", "month", "year"),
    [
        ("2016年5月", None, 201605, 2016),
        ("201605", None, 201605, 2016),
        ("2016.5", None, 201605, 2016),
        ("2016.10", None, 201610, 2016),
        ("2016-05", None, 201605, 2016),
        ("二〇一六年五月", None, 201605, 2016),
        ("二零一六年十二月三十一日", date(2016, 12, 31), 201612, 2016),
        ("2016/5/3", date(2016, 5, 3), 201605, 2016),
        ("20160501", date(2016, 5, 1), 201605, 2016),
        ("20160501.0", date(2016, 5, 1), 201605, 2016),
        (20160501.0, date(2016, 5, 1), 201605, 2016),
        ("2018年06月01日", date(2018, 6, 1), 201806, 2018),
        ("２０１８年６月１号", date(2018, 6, 1), 201806, 2018),
        ("2018-06-01 00:00:00", date(2018, 6, 1), 201806, 2018),
        (datetime(2018, 6, 1, 8), date(2018, 6, 1), 201806, 2018),
        ("2018年", None, None, 2018),
        (2018, None, None, 2018),
        (2016.5, None, 201605, 2016),
        (2016.1, None, None, 2016),
        (2016.12, None, 201612, 2016),
        (43252, date(2018, 6, 1), None, None),
        ("43252", None, None, None),
        ("98年5月", None, None, None),
        ("16.5", None, None, None),
        ("2016-2018", None, None, None),
        ("20160230", None, None, None),
        ("20160500", None, None, None),
        ("201613", None, None, None),
        ("", None, None, None),
        (True, None, None, None),
        (date(1899, 12, 30), None, None, None),
        (float("nan"), None, None, None),
    ],
)
def test_moments(cell: object, day: date | None, month: int | None, year: int | None) -> None:
    assert (dates.read_date(cell), dates.read_month(cell), dates.read_year(cell)) == (
        day, month, year,
    )  # fmt: skip


@given(st.dates(date(1850, 1, 1), date(2150, 12, 31)))
def test_every_day_is_read_from_every_form(day: date) -> None:
    forms = (
        f"{day:%Y%m%d}", day.isoformat(), f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    )  # fmt: skip
    assert {dates.read_date(f) for f in forms} == {day}


@given(
    st.lists(st.tuples(st.integers(1700, 2300), st.integers(0, 14), st.integers(0, 33)), min_size=1)
)
def test_days_at_once_agree_with_the_calendar(parts: list[tuple[int, int, int]]) -> None:
    found = dates.days(*(np.array(p) for p in zip(*parts, strict=True)))
    for (year, month, day), got in zip(parts, found, strict=True):
        real = dates.real_days(year, month, day) if 1800 <= year <= 2199 else None
        assert (None if np.isnat(got) else got.item()) == real
