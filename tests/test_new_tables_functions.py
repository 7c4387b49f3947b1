"""Functions the work rules brought: places of county level, and overlapping months."""

from __future__ import annotations

import pytest

from fupin_audit.domain import division
from test_new_tables_links import PERSONS, P, U, V, judge


@pytest.mark.parametrize(
    ("place", "county"),
    [
        ("萧山区", True),
        ("浙江省宁波市慈溪市", True),
        ("鄂托克旗", True),
        ("石河子市", True),
        ("东莞市", True),
        ("某某高新区", True),
        ("浙江省杭州市", False),
        ("北京市", False),
        ("新疆维吾尔自治区", False),
        ("阿克苏地区", False),
        ("浙江", False),
        ("外地", False),
        ("浙江省义乌市", True),
        ("江苏昆山", True),
        ("浙江杭州萧山", True),
        ("广东省东莞市虎门镇", True),
        ("慈溪市宗汉街道", True),
        ("杭州市某某镇", False),
        ("本县", False),
        ("县外", False),
        ("西安市市辖区", False),
        ("西安高新区", True),
    ],
)
def test_a_place_names_a_county(place: str, county: bool) -> None:
    assert division.names_county(place) is county


@pytest.mark.parametrize(
    ("place", "own", "expected"),
    [
        ("陕西省商洛市商州区", "商州区", P),
        ("商州区", "商洛市商州区", P),
        ("商州", "商州区", P),
        ("陕西省商洛市商州区杨斜镇", "商州区", P),
        ("商州区杨斜镇", "陕西省商洛市商州区", P),
        ("萧山区", "商州区", V),
        ("", "商州区", U),
    ],
)
def test_same_county(place: str, own: str, expected: str) -> None:
    rows = {"work": [{"证件号码": "1", "务工所在县": place, "县": own}]}
    assert judge("work", "same_county(务工所在县, 县)", rows) == [expected]


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        ([("2022-01", "2022-03"), ("2022-04", "2022-06")], [P, P]),
        ([("2022-01", "2022-03"), ("2022-03", "2022-06")], [V, V]),
        ([("2022-01", None), ("2023-01", "2023-02")], [V, V]),
        ([("2022-01", None), ("2021-01", "2021-12")], [P, P]),
        ([("2022-01", "2022-12"), ("2022-02", "2022-03"), ("2022-05", None)], [V, V, V]),
        ([("2022-01", "2022-03"), ("2022-01", "2022-03"), ("2023-01", "2023-02")], [V, V, P]),
        ([("2022-01", "2022-03"), ("不详", "2022-06")], [U, U]),
        ([("2022-05", "2022-03")], [U]),
    ],
)
def test_overlapping_months(spells: list[tuple[str, str | None]], expected: list[str]) -> None:
    other = {"证件号码": "2", "开始时间": "2022-01", "结束时间": None}
    rows = [{"证件号码": "1", "开始时间": a, "结束时间": b} for a, b in spells]
    must = "count_overlapping(证件号码, 开始时间, 结束时间) == 0"
    assert judge("work", must, {"work": [*rows, other]}) == [*expected, P]


def test_a_work_record_is_a_spell_where_there_are_spells() -> None:
    persons = [
        {**row, "务工时间": months} for row, months in zip(PERSONS["member"], (0, 8), strict=True)
    ]
    assert judge("member", "有务工记录", PERSONS | {"member": persons}) == [P, V]
    without = {k: v for k, v in PERSONS.items() if k != "work"} | {"member": persons}
    assert judge("member", "有务工记录", without) == [V, P]
