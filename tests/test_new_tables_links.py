"""Looking from one table into another: whose rows hang on whose."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import pytest

from fupin_audit.evaluate.engine import verdicts
from fupin_audit.packs.load import Pack, load_pack
from fupin_audit.packs.resolve import resolve
from fupin_audit.packs.shapes import Example, Rule
from fupin_audit.selftest import ERA_DAYS, example_dataset

Rows = dict[str, list[dict[str, Any]]]
P, V, U = "pass", "violated", "unknown"
ID, CARD, OTHER = "611002198001010010", "61100219800101001043", "611002197006150018"


@cache
def pack() -> Pack:
    return load_pack()


def judge(table: str, must: str, rows: Rows, when: str | None = None) -> list[str]:
    rule = msgspec.structs.replace(
        pack().rules["IC208"], table=table, when=when, must=must, population=(), blame=(),
        message=msgspec.structs.replace(pack().rules["IC208"].message, zh="疑点", en=""),
        doubt=None, suggest=(),
    )  # fmt: skip
    return _verdicts(rule, rows)


def _verdicts(rule: Rule, rows: Rows) -> list[str]:
    law = resolve(pack(), ERA_DAYS["monitoring"])
    made = example_dataset(rule, Example(name="x", expect="pass", rows=rows), law)
    return verdicts(made, law, msgspec.structs.replace(rule, era=("monitoring",)))


PERSONS: Rows = {
    "household": [{"户编号": "1", "住房面积": 80}, {"户编号": "2", "住房面积": 60}],
    "member": [
        {"户编号": "1", "人口编号": "1", "证件号码": ID, "劳动技能": "普通劳动力"},
        {"户编号": "2", "人口编号": "2", "证件号码": OTHER, "劳动技能": "无劳动力"},
    ],
    "work": [
        {"户编号": "1", "证件号码": CARD, "务工月收入": 3000, "开始时间": "2022-03"},
        {"户编号": "1", "证件号码": ID, "务工月收入": 5000, "开始时间": "2023-03"},
        {"户编号": "1", "证件号码": "440101199001010011", "务工月收入": 100, "开始时间": "2023-03"},
    ],
}


@pytest.mark.parametrize(
    ("table", "must", "expected"),
    [
        ("member", "any_row(work, 务工月收入 > 4000)", [P, V]),
        ("member", "count_rows(work, 务工月收入 > 0) == 2", [P, V]),
        ("member", "sum_rows(work, 务工月收入) == 8000", [P, V]),
        ("member", "max_rows(work, 开始时间) == 202303", [P, U]),
        ("household", "count_rows(work, 务工月收入 > 0) == 3", [P, V]),
        ("household", "any_row(work, member.劳动技能 == '普通劳动力')", [P, V]),
        ("work", "member.劳动技能 == '普通劳动力'", [P, P, U]),
        ("work", "household.住房面积 == 80", [P, P, P]),
        ("work", "count_rows(work, 务工月收入 > 0) == 2", [P, P, U]),
        ("work", "count_members(劳动技能 == '普通劳动力') == 1", [P, P, P]),
    ],
)
def test_between_persons_and_their_work(table: str, must: str, expected: list[str]) -> None:
    assert judge(table, must, PERSONS) == expected


def test_work_finds_its_household_by_way_of_the_person() -> None:
    rows = PERSONS | {
        "work": [{"证件号码": ID, "务工月收入": 1}, {"证件号码": OTHER, "务工月收入": 2}]
    }
    assert judge("work", "household.住房面积 == 80", rows) == [P, V]
    assert judge("household", "sum_rows(work, 务工月收入) == 1", rows) == [P, V]


PLACES: Rows = {
    "household": [
        {"县": "商州区", "乡": "甲乡", "村": "东村", "户编号": "1", "家庭人口数": 3},
        {"县": "商州区", "乡": "甲乡", "村": "东村", "户编号": "2", "家庭人口数": 2},
        {"县": "商州区", "乡": "乙乡", "村": "东村", "户编号": "3", "家庭人口数": 4},
        {"县": "商州区", "乡": "乙乡", "村": "西村", "户编号": "4", "家庭人口数": 5},
    ],
    "village": [
        {"县": "商州区", "乡": "甲乡", "村": "东村", "总户数": 100},
        {"县": "商州区", "乡": "乙乡", "村": "东 村", "总户数": 200},
        {"县": "商州区", "乡": None, "村": "西村", "总户数": 300},
    ],
    "county": [{"县": "商州区", "综合贫困发生率": 1.5}],
}


@pytest.mark.parametrize(
    ("table", "must", "expected"),
    [
        ("household", "village.总户数 == 100", [P, P, V, U]),
        ("village", "count_rows(household, 家庭人口数 > 0) == 2", [P, V, U]),
        ("village", "sum_rows(household, 家庭人口数) == 5", [P, V, U]),
        ("village", "county.综合贫困发生率 == 1.5", [P, P, P]),
        ("county", "sum_rows(household, 家庭人口数) == 14", [P]),
        ("county", "sum_rows(village, 总户数) == 600", [P]),
    ],
)
def test_between_villages_and_households(table: str, must: str, expected: list[str]) -> None:
    assert judge(table, must, PLACES) == expected


def without_county(table: str) -> Rows:
    return PLACES | {table: [{k: v for k, v in r.items() if k != "县"} for r in PLACES[table]]}


@pytest.mark.parametrize("table", ["household", "village"])
def test_a_county_only_one_side_names_is_left_out(table: str) -> None:
    rows = without_county(table)
    assert judge("household", "village.总户数 == 100", rows) == [P, P, V, U]
    assert judge("village", "sum_rows(household, 家庭人口数) == 5", rows) == [P, V, U]


def test_one_name_in_two_counties_is_not_guessed() -> None:
    rows = without_county("household")
    rows = rows | {"village": [*PLACES["village"], PLACES["village"][0] | {"县": "洛南县"}]}
    assert judge("household", "village.总户数 == 100", rows) == [U, U, V, U]


def test_members_reach_their_village() -> None:
    rows = PLACES | {
        "member": [{"户编号": "1", "姓名": "张大山"}, {"户编号": "3", "姓名": "李有田"}]
    }
    assert judge("member", "village.总户数 == 100", rows) == [P, V]
    assert judge("village", "count_rows(member, filled(姓名)) == 1", rows) == [P, P, U]


def test_a_village_of_one_year_counts_that_years_households() -> None:
    rows = {
        "household": [
            {"乡": "甲乡", "村": "东村", "户编号": "1", "年度": year, "家庭人口数": year - 2017}
            for year in (2018, 2019)
        ],
        "village": [{"乡": "甲乡", "村": "东村", "总户数": 1}],
    }
    assert judge("village", "sum_rows(household, 家庭人口数) == 2", rows) == [P]
    dated = rows | {"village": [{**rows["village"][0], "年度": 2018}]}
    assert judge("village", "sum_rows(household, 家庭人口数) == 1", dated) == [P]


def test_a_spell_belongs_to_the_person_in_every_year_of_the_register() -> None:
    rows: Rows = {
        "member": [
            {"户编号": "1", "人口编号": "1", "年度": year, "证件号码": ID, "务工时间": year - 2015}
            for year in (2018, 2019)
        ],
        "work": [{"证件号码": ID, "务工月收入": 3000}],
    }
    assert judge("member", "any_row(work, 务工月收入 > 0)", rows) == [P, P]
    assert judge("work", "member.务工时间 == 4", rows) == [P]


def test_tables_without_a_common_key_skip_the_rule() -> None:
    from fupin_audit.evaluate import evaluate

    rows = PLACES | {"village": [{"乡": "甲乡", "总户数": 1}]}
    law = resolve(pack(), ERA_DAYS["monitoring"])
    made = example_dataset(pack().rules["VL300"], Example(name="x", expect="pass", rows=rows), law)
    (told,) = evaluate(made, law, {"VL300"}).coverage
    assert told.skipped == "户与行政村对不上：缺 村 列"


def test_population_reaches_the_new_tables() -> None:
    rule = pack().rules["WK109"]
    rule = msgspec.structs.replace(rule, population=("M",), when=None, must="务工月收入 > 4000")
    rows = PERSONS | {
        "household": [
            {"户编号": "1", "监测对象类别": "边缘易致贫户"},
            {"户编号": "2", "监测对象类别": ""},
        ]
    }
    rows["work"] = [*PERSONS["work"], {"户编号": "2", "证件号码": OTHER, "务工月收入": 1}]
    assert _verdicts(rule, rows) == [V, P, V, P]
