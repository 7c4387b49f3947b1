"""Households judged: the same answers as the exit rules, classes, what is lacking."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import file_writers as write
from fupin_audit import api
from fupin_audit.assess.level import judge_level
from fupin_audit.errors import RulePackError, UsageError
from fupin_audit.evaluate.engine import verdicts
from fupin_audit.model.assessment import MET, UNKNOWN, UNMET, Answers, Assessment
from fupin_audit.model.dataset import Dataset
from fupin_audit.model.run import Region
from fupin_audit.packs.load import load_folder, load_pack
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.packs.shapes import Example
from fupin_audit.selftest import example_dataset

Row = dict[str, Any]
PACK = load_pack()
DAY = date(2019, 12, 31)
NATION = resolve(PACK, DAY)
GOOD: Row = {
    "脱贫属性": "已脱贫", "脱贫年度": 2019, "贫困户属性": "一般贫困户", "人均纯收入": 6000,
    "吃是否不愁": "是", "穿是否不愁": "是", "是否危房户": "否", "是否解决安全饮用水": "是",
}  # fmt: skip
GOOD_MEMBER: Row = {
    "姓名": "张三", "出生日期": "19800101", "在校生状况": None, "文化程度": "初中",
    "义务教育阶段未上学原因": None, "劳动技能": "普通劳动力", "是否参加城乡居民基本医疗保险": "是",
    "是否参加大病保险": "是",
}  # fmt: skip


def dataset(households: list[Row], members: list[Row], pack: ResolvedPack = NATION) -> Dataset:
    """Rows as a clerk would type them, each household with one member like it."""
    keyed = [{"户编号": f"6110020{i:05d}", **cells} for i, cells in enumerate(households)]
    people = [{"户编号": row["户编号"], **cells} for row, cells in zip(keyed, members, strict=True)]
    example = Example(name="", expect="pass", rows={"household": keyed, "member": people})
    return example_dataset(PACK.rules["EX001"], example, pack)


def judged(
    households: list[Row], members: list[Row] | None = None, pack: ResolvedPack = NATION
) -> Assessment:
    people = members or [GOOD_MEMBER] * len(households)
    return judge_level("household", dataset(households, people, pack), pack, Region())


def one(assessment: Assessment, key: str) -> Answers:
    return next(c for c in assessment.criteria if c.id == key)


def called(assessment: Assessment) -> list[str]:
    return [assessment.kinds[k].id for k in assessment.kind.tolist()]


PAIRS = [
    ("EX001", ("income",)),
    ("EX002", ("food", "clothing")),
    ("EX003", ("schooling",)),
    ("EX004", ("medical",)),
    ("EX007", ("water",)),
]


@pytest.mark.parametrize("region", ["", "61"])
def test_a_criterion_and_its_exit_rule_never_disagree(region: str) -> None:
    pack = resolve(PACK, DAY, region)
    error = {"error": "#N/A"}
    households = [
        {**GOOD, "人均纯收入": income, "吃是否不愁": food, "是否危房户": unsafe,
         "是否解决安全饮用水": water, "危房级别": grade, "是否搬迁户": moved, "是否实际入住": lives}
        for income, food, unsafe, water, grade, moved, lives in itertools.product(
            (6000, 3218, None), ("是", None), ("是", "否", None, error), ("否", error),
            (None, "D级"), ("是", "否"), ("是", "否", None),
        )
    ]  # fmt: skip
    people = [
        {**GOOD_MEMBER, "出生日期": born, "在校生状况": school, "文化程度": None,
         "是否参加城乡居民基本医疗保险": insured, "是否参加大病保险": serious}
        for born, school, insured, serious in itertools.islice(
            itertools.cycle(itertools.product(
                ("19800101", "20090101", None), ("小学", None), ("是", "否", error), ("是", None)
            )), len(households),
        )
    ]  # fmt: skip
    data = dataset(households, people, pack)
    assessment = judge_level("household", data, pack, Region())

    def by_criteria(*keys: str) -> list[str]:
        unmet = np.logical_or.reduce([one(assessment, k).answer == UNMET for k in keys])
        unknown = np.logical_or.reduce([one(assessment, k).answer == UNKNOWN for k in keys])
        return np.where(unmet, "violated", np.where(unknown, "unknown", "pass")).tolist()

    for rule, keys in PAIRS:
        assert verdicts(data, pack, pack.rules[rule]) == by_criteria(*keys), rule
    house, moved = (verdicts(data, pack, pack.rules[r]) for r in ("EX005", "EX006"))
    both = [
        "violated" if "violated" in pair else "unknown" if "unknown" in pair else "pass"
        for pair in zip(house, moved, strict=True)
    ]
    assert both == by_criteria("housing")


def test_the_first_class_that_surely_holds_is_taken() -> None:
    assessment = judged(
        [
            GOOD,
            {**GOOD, "是否危房户": "是"},
            {**GOOD, "贫困户属性": "特困供养贫困户"},
            {**GOOD, "是否危房户": None},
            {**GOOD, "是否危房户": None, "人均纯收入": 100},
        ]
    )
    assert called(assessment) == ["meets", "lacking", "supported", "unknown", "lacking"]


def test_state_and_judgement_that_do_not_agree_are_told() -> None:
    remaining = {**GOOD, "脱贫属性": "未脱贫", "脱贫年度": None}
    earlier = {**GOOD, "脱贫年度": 2017, "是否解决安全饮用水": "否"}
    assessment = judged([{**GOOD, "是否危房户": "是"}, remaining, earlier, GOOD])
    flags = {flag.id: flag.rows.tolist() for flag in assessment.flags if len(flag.rows)}
    assert flags == {"exit_unfounded": [0], "may_exit": [1], "back_in_need": [2]}


def test_a_column_nobody_has_is_named_and_judges_nobody() -> None:
    poor = {k: v for k, v in GOOD.items() if k != "吃是否不愁"}
    assessment = judged([poor, {**poor, "是否危房户": "是"}])
    food = one(assessment, "food")
    assert food.missing[0] == "缺列：吃是否不愁"
    assert food.answer.tolist() == [UNKNOWN, UNKNOWN]
    assert called(assessment) == ["unknown", "lacking"]


def test_what_a_row_lacks_is_named() -> None:
    assessment = judged([GOOD, {**GOOD, "是否危房户": None}])
    (gap,) = one(assessment, "housing").gaps
    assert gap.why[0] == "“是否危房户”没有填或读不出"
    assert gap.rows.tolist() == [False, True]


def test_a_line_without_a_value_is_the_reason_and_the_user_may_give_one(tmp_path: Path) -> None:
    file = write.xlsx(
        tmp_path / "a.xlsx", {"户": [["户编号", *GOOD], ["6110020001", *GOOD.values()]]}
    )
    shaanxi = api.assess(file, as_of=DAY, region="61")
    assert "陕西省 2018—2020 年" in one(shaanxi, "income").gaps[0].why[0]
    given = api.assess(file, as_of=DAY, region="61", line=3500)
    assert one(given, "income").answer.tolist() == [MET]
    assert given.ledger is not None
    assert given.ledger.standards[0].distance.tolist() == [2500]


def test_a_line_of_the_users_is_that_of_the_data_year(tmp_path: Path) -> None:
    rows = [["户编号", "年度", *GOOD], ["6110020001", 2019, *GOOD.values()]]
    file = write.xlsx(tmp_path / "a.xlsx", {"户": rows})
    found = api.assess(file, as_of=date(2020, 6, 30), region="61", line=6500)
    assert one(found, "income").answer.tolist() == [UNMET]


def test_the_five_vetoes_are_those_of_shaanxi() -> None:
    assert not any(c.veto for c in judged([GOOD]).criteria)
    shaanxi = judged([GOOD], pack=resolve(PACK, DAY, "611002"))
    vetoes = {c.id for c in shaanxi.criteria if c.veto}
    assert vetoes == {"income", "schooling", "medical", "housing", "water"}


def test_from_2021_the_monitoring_line_is_what_counts() -> None:
    pack = resolve(PACK, date(2021, 12, 31))
    poor = {"户类型": "脱贫户", "监测对象类别": None, "人均纯收入": 5900}
    assessment = judged([poor, {**poor, "人均纯收入": 6000}], pack=pack)
    assert one(assessment, "income").answer.tolist() == [UNMET, MET]
    flags = {flag.id: flag.rows.tolist() for flag in assessment.flags if len(flag.rows)}
    assert flags["not_monitored"] == [0]


def test_a_household_is_judged_once_by_its_latest_year(tmp_path: Path) -> None:
    head = ["户编号", "年度", *GOOD]
    rows = [["6110020001", 2018, *GOOD.values()], ["6110020001", 2019, *GOOD.values()],
            ["6110020001", 2019, *GOOD.values()], ["6110020002", 2018, *GOOD.values()]]  # fmt: skip
    file = write.xlsx(tmp_path / "a.xlsx", {"户": [head, *rows]})
    assessment = api.assess(file, as_of=DAY, region="")
    assert assessment.rows.tolist() == [1, 3]
    assert sorted(assessment.set_aside.values()) == [1, 1]


def test_a_criterion_can_be_left_out(tmp_path: Path) -> None:
    data = dataset([{**GOOD, "吃是否不愁": None}], [GOOD_MEMBER])
    assessment = judge_level("household", data, NATION, Region(), without=["吃"])
    assert called(assessment) == ["meets"]
    assert [c.id for c in assessment.left_out] == ["food"]
    with pytest.raises(UsageError, match="没有“住方”这一项"):
        judge_level("household", data, NATION, Region(), without=["住方"])


def overlay(folder: Path, criterion: str) -> ResolvedPack:
    (folder / "judgement").mkdir(parents=True)
    (folder / "pack.yaml").write_text(
        "id: own\nversion: '1'\nlabel: {zh: 本县}\nextends: core\nregion: '99'\n", encoding="utf-8"
    )
    text = (
        "id: household\ntable: household\nlabel: {zh: 户, en: Household}\ncriteria:\n" + criterion
    )
    (folder / "judgement" / "household.yaml").write_text(text, encoding="utf-8")
    return resolve(load_pack(folder), DAY, "99")


def test_an_overlay_adds_a_criterion_of_its_own(tmp_path: Path) -> None:
    own = """
  - id: power
    label: {zh: 通生活用电, en: Power}
    short: {zh: 用电, en: Power}
    met: 是否通生活用电 == "是"
    reason: {zh: 没有通电, en: No power}
    basis: [{document: 本县退出办法}]
"""
    pack = overlay(tmp_path / "own", own)
    assessment = judged([{**GOOD, "是否通生活用电": "否"}], pack=pack)
    assert [c.id for c in assessment.criteria][-2:] == ["water", "power"]
    assert called(assessment) == ["lacking"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  - {id: x}\n", "household.yaml:5: 缺少键"),
        ("  - {id: x, metal: 1}\n", "不认识的键“metal”"),
    ],
)
def test_a_misspelt_judgement_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(RulePackError) as caught:
        overlay(tmp_path / "own", text)
    assert said in "\n".join(caught.value.problems)


def test_lint_knows_a_judgement_that_cannot_work(tmp_path: Path) -> None:
    from fupin_audit.assess import lint

    own = """
  - id: x
    label: {zh: 甲, en: A}
    short: {zh: 甲, en: A}
    met: 没有的字段 == 1
    reason: {zh: 没有, en: No}
    because: [EX999]
    rests_on: {没有的列: ""}
    basis: [{document: 本县退出办法}]
"""
    pack = overlay(tmp_path / "own", own)
    told = "\n".join(lint.problems(load_folder(tmp_path / "own"), pack))
    for what in ("没有的字段", "EX999", "没有的列"):
        assert what in told
