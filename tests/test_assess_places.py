"""Villages and counties judged, rates recomputed, procedures followed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import file_writers as write
from fupin_audit import api
from fupin_audit.errors import InputError
from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET, Assessment

DAY = date(2019, 12, 31)
PLACE = ["县", "乡", "村"]
HOUSEHOLDS = [
    [*PLACE, "户编号", "户主姓名", "家庭人口数", "脱贫属性", "脱贫年度", "人均纯收入",
     "民主评议日期",
     "两委核实日期", "公示开始日期", "公示结束日期", "公告日期"],
    ["商州区", "城关镇", "东坪村", "6110020001", "张三", 4, "已脱贫", 2019, 6000, "2019-10-08",
     "2019-10-10", "2019-10-12", "2019-10-18", "2019-10-20"],
    ["商州区", "城关镇", "东坪村", "6110020002", "李四", 3, "已脱贫", 2019, 6000, "2019-10-08",
     "2019-10-06", "2019-10-12", "2019-10-15", None],
    ["商州区", "城关镇", "西沟村", "6110020003", "王五", 30, "未脱贫", None, 2000, None, None, None,
     None, None],
]  # fmt: skip
VILLAGES = [
    [*PLACE, "村属性", "是否出列", "出列年度", "农业户籍人口数", "未脱贫人口数",
     "贫困发生率", "是否通硬化路",
     "是否解决安全饮用水", "是否通电", "是否有卫生室", "村级集体经济收入", "乡镇公示开始日期",
     "乡镇公示结束日期", "公告日期"],
    ["商州区", "城关镇", "东坪村", "贫困村", "是", 2019, 1000, 10, 1.0, "是", "是", "是", "是", 5,
     "2019-11-01", "2019-11-08", "2019-11-09"],
    ["商州区", "城关镇", "西沟村", "贫困村", "是", 2019, 1000, 20, 1.5, "是", "否", "是", "是", 0,
     "2019-11-01", None, None],
]  # fmt: skip
COUNTY = [
    ["县", "摘帽年度", "农业户籍人口数", "未脱贫人口数", "综合贫困发生率", "错退率",
     "漏评率", "群众认可度"],
    ["商州区", 2019, 100000, 900, 0.9, 0.3, 0.2, 95],
]  # fmt: skip
SURVEY = [
    [*PLACE, "户编号", "调查户类型", "人数", "是否错退", "是否漏评", "是否认可"],
    *[
        ["商州区", "城关镇", "东坪村", f"61100200{i:02d}", "脱贫户", 2,
         "是" if i == 0 else "否", None,
         "是"]
        for i in range(20)
    ],
]  # fmt: skip
SHEETS = {"户": HOUSEHOLDS, "行政村信息": VILLAGES, "县级指标": COUNTY, "抽样调查": SURVEY}


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return write.xlsx(tmp_path / "全县.xlsx", SHEETS)


def answers(assessment: Assessment) -> dict[str, list[int]]:
    return {c.id: c.answer.tolist() for c in assessment.criteria}


def test_villages_are_judged_indicator_by_indicator(county: Path) -> None:
    found = api.assess(county, level="village", as_of=DAY, region="")
    assert answers(found) == {
        "rate": [MET, MET], "rate_recomputed": [MET, UNMET], "road": [MET, MET],
        "water": [MET, UNMET], "power": [MET, MET], "clinic": [MET, MET], "economy": [MET, UNMET],
        "notice": [MET, UNMET],
    }  # fmt: skip
    assert [found.kinds[k].id for k in found.kind.tolist()] == ["meets", "lacking"]
    assert {f.id: f.rows.tolist() for f in found.flags if len(f.rows)} == {"exit_unfounded": [1]}


def test_a_rate_as_filled_is_held_against_the_rows(county: Path) -> None:
    found = api.assess(county, level="village", as_of=DAY, region="")
    figures = {f.id: f for f in found.figures}
    assert figures["rate_filled"].value.tolist() == [1.0, 1.5]
    assert figures["rate_counted"].value.tolist() == [1.0, 2.0]
    assert figures["rate_rows"].value.tolist() == [0.0, 3.0]
    assert figures["rate_counted"].differs.tolist() == [False, True]


def test_without_households_the_rate_of_the_rows_is_not_asked(tmp_path: Path) -> None:
    file = write.xlsx(tmp_path / "村.xlsx", {"行政村信息": VILLAGES})
    found = api.assess(file, level="village", as_of=DAY, region="")
    assert answers(found)["rate_recomputed"] == [NOT_ASKED, NOT_ASKED]


@pytest.mark.parametrize(
    ("region", "key", "why"),
    [
        ("61", "income_ratio", "上年数"),
        ("14", "thirteen", "13 项指标的清单没有找到"),
        ("43", "minimum_support", "低保、五保"),
        ("62", "industry", "主导产业"),
        ("62", "cooperative", "农民专业合作社个数"),
    ],
)
def test_an_indicator_the_register_cannot_know_says_so(
    county: Path, region: str, key: str, why: str
) -> None:
    found = api.assess(county, level="village", as_of=DAY, region=region)
    one = next(c for c in found.criteria if c.id == key)
    assert one.answer.tolist() == [UNKNOWN, UNKNOWN]
    assert why in one.missing[0]


def test_the_least_collective_income_is_the_provinces(county: Path) -> None:
    hunan = answers(api.assess(county, level="village", as_of=DAY, region="43"))
    assert hunan["economy_income"] == [MET, UNMET]
    assert "economy_income" not in answers(
        api.assess(county, level="village", as_of=DAY, region="61")
    )


def test_the_three_rates_of_a_county_come_from_the_survey(county: Path) -> None:
    found = api.assess(county, level="county", as_of=DAY, region="")
    assert answers(found) == {"rate": [MET], "wrong_exits": [UNMET], "omissions": [MET],
                              "approval": [MET]}  # fmt: skip
    wrong = next(c for c in found.criteria if c.id == "wrong_exits")
    assert wrong.value is not None
    assert wrong.value.tolist() == [5.0]
    figures = {f.id: (f.value[0], bool(f.differs[0])) for f in found.figures}
    assert figures["wrong_counted"] == (5.0, True)


def test_shaanxi_asks_more_of_a_county(county: Path) -> None:
    found = api.assess(county, level="county", as_of=DAY, region="61")
    assert len(found.criteria) == 10
    assert next(c for c in found.criteria if c.id == "roads").missing[0] == "缺列：通硬化路村比例"


def test_a_level_without_its_table_is_refused(tmp_path: Path) -> None:
    file = write.xlsx(tmp_path / "户.xlsx", {"户": HOUSEHOLDS})
    with pytest.raises(InputError, match="没有认出“行政村”表"):
        api.assess(file, level="village", as_of=DAY, region="")


def test_steps_are_followed_in_their_order(county: Path) -> None:
    (track,) = api.assess(county, as_of=DAY, region="").procedures
    assert track.id == "exit"
    assert track.fields == [
        "民主评议日期",
        "两委核实日期",
        "公示开始日期",
        "公示结束日期",
        "公告日期",
    ]
    assert track.rows.tolist() == [0, 1]
    assert track.faulty.tolist() == [False, True]
    assert track.back[:, 1].tolist() == [False, True, False, False, False]
    assert track.earlier[1, 1] == 0
    assert track.missing[:, 1].tolist() == [False, False, False, False, True]
    (notice,) = track.spans
    assert notice.days.tolist() == [7, 4]
    assert notice.wrong.tolist() == [False, True]


def test_a_village_goes_through_steps_of_its_own(county: Path) -> None:
    (track,) = api.assess(county, level="village", as_of=DAY, region="").procedures
    assert track.id == "village_exit"
    assert np.isnan(track.day[1, 1])
    assert track.faulty.tolist() == [False, True]
