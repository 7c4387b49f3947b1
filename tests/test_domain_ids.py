"""Citizen numbers, disability cards and divisions."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from fupin_audit.domain import citizen_id, disability_card, division

FIRST17 = st.from_regex(r"[1-9][0-9]{16}", fullmatch=True)


@given(FIRST17)
def test_check_character_agrees_with_stdnum(first17: str) -> None:
    assert citizen_id.check_character(first17) == ric.calc_check_digit(first17 + "0")


@given(FIRST17, st.integers(0, 17), st.integers(1, 9))
def test_any_single_digit_change_is_caught(first17: str, at: int, step: int) -> None:
    number = first17 + citizen_id.check_character(first17)
    old = "0123456789X".index(number[at])
    new = "0123456789X"[(old + step) % (11 if at == 17 else 10)]
    changed = number[:at] + new + number[at + 1 :]
    assert citizen_id.check_ok([number, changed]).tolist() == [True, False]


def test_check_looks_at_the_first_18_and_refuses_strays() -> None:
    good = "11010519491231002X"
    numbers = [
        good,
        good + "42B1",
        good.lower(),
        good[:17],
        "",
        "１１010519491231002X",
        "-" + good[1:],
    ]
    assert citizen_id.check_ok(numbers).tolist() == [True, True, False, False, False, False, False]
    assert citizen_id.check_ok([]).tolist() == []


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("", "blank"),
        ("11010519491231002X", "resident"),
        ("110105491231002", "old"),
        ("11010519491231002X42", "card"),
        ("11010519491231002X42B1", "card"),
        ("110105194912310", "old"),
        ("1101051949123100", "length"),
        ("11010519491231002x", "characters"),
        ("1101051949X2310021", "characters"),
        ("无", "characters"),
    ],
)
def test_form(number: str, form: str) -> None:
    assert citizen_id.form(number) == form


def test_birth_and_sex_of_18_15_and_card() -> None:
    assert citizen_id.birth_date("11010519491231002X42") == date(1949, 12, 31)
    assert citizen_id.birth_date("110105491231002") == date(1949, 12, 31)
    assert citizen_id.birth_date("110105194902300021") is None
    assert citizen_id.birth_date("1101051949") is None
    days = citizen_id.birth_days(["11010519491231002X", "x"])
    assert days[0] == np.datetime64("1949-12-31")
    assert np.isnat(days[1])
    assert citizen_id.sex("11010519491231002X") == "女"
    assert citizen_id.sex("110105491231001") == "男"
    assert citizen_id.sex("1") is None


def test_old_number_gives_a_right_candidate() -> None:
    assert citizen_id.to_18("110105491231002") == "11010519491231002X"
    assert citizen_id.to_18("11010549123100X") is None


def test_disability_card() -> None:
    assert disability_card.is_ok("11010519491231002X42")
    assert disability_card.is_ok("11010519491231002X42B1")
    assert not disability_card.is_ok("11010519491231002X82")
    assert not disability_card.is_ok("11010519491231002X45")
    assert not disability_card.is_ok("11010519491231002142")
    assert (disability_card.kind("11010519491231002X42"), disability_card.grade("x")) == (4, None)


def test_divisions_keep_abolished_codes() -> None:
    assert division.known("611002")
    assert division.known("612501")
    assert not division.known("999999")
    assert division.known_all(["611002", "999999", "611002"]).tolist() == [True, False, True]
    assert division.valid_in("612501", 1995)
    assert not division.valid_in("612501", 2010)
    assert division.full_name("611002") == "陕西省商洛市商州区"


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (("商州区",), ("611002",)),
        (("陕西省", "商洛市", "商州区"), ("611002",)),
        (("陕西省商洛市商州区",), ("611002",)),
        (("商州",), ("611002", "612501")),
        (("甘肃", "城关区"), ("620102",)),
        (("不存在县",), ()),
        ((), ()),
    ],
)
def test_codes_of_a_name(names: tuple[str, ...], codes: tuple[str, ...]) -> None:
    assert division.codes_of(*names) == codes


def test_an_ambiguous_name_gives_every_place() -> None:
    assert {"540102", "620102"} <= set(division.codes_of("城关区"))


def test_many_numbers_are_judged_as_each_alone() -> None:
    numbers = ["11010519491231002X", "110105491231001", "１10105194912310021", "/:", "", "年" * 18]
    laid = citizen_id.laid_out(numbers)
    assert laid.lengths.tolist() == [18, 15, 18, 2, 0, 18]
    assert citizen_id.check_ok(laid).tolist() == [citizen_id.is_check_ok(n) for n in numbers]
    born = [citizen_id.birth_date(n) for n in numbers]
    assert citizen_id.birth_days(laid).tolist() == born
    sexes = [citizen_id.sex(n) for n in numbers]
    assert [("", "男", "女")[s] or None for s in citizen_id.sexes(laid).tolist()] == sexes
