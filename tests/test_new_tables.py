"""Work spells, work plans and villages beside the registers: five exports that
belong together, as one run and in other shapes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import ric

import file_writers as write
from fupin_audit import api
from fupin_audit.model.dataset import Dataset

AS_OF = date(2023, 12, 18)
Line = list[Any]

PLACE = ["商州区", "杨斜镇", "东岳村"]
ELSEWHERE = ["商州区", "麻街镇", "东岳村"]
H1, H2 = "6110020010001", "6110020010002"


def number(seventeen: str) -> str:
    return seventeen + ric.calc_check_digit(seventeen + "0")


DASHAN = number("61100219800101001")
XIAOMEI = number("61100219860601002")
YOUTIAN = number("61100219700615003")
GUIXIANG = number("61100219720315004")

PERSONS: list[Line] = [
    [
        "县", "乡", "村", "户编号", "人口编号", "姓名", "证件号码", "与户主关系", "劳动技能",
        "家庭人口数", "监测对象类别", "户联系电话", "是否已务工", "务工月收入",
    ],
    [*PLACE, H1, "1", "张大山", DASHAN, "户主", "普通劳动力", "2", "边缘易致贫户",
     "13800000001", "是", "4500"],
    [*PLACE, H1, "2", "李小梅", XIAOMEI, "配偶", "普通劳动力", "2", "边缘易致贫户",
     "13800000001", "否", ""],
    [*PLACE, H2, "3", "李有田", YOUTIAN, "户主", "无劳动力", "1", "边缘易致贫户",
     "13800000002", "否", ""],
]  # fmt: skip
HOUSES: list[Line] = [
    [
        "县(市、区、旗)",
        "乡(镇)",
        "行政村",
        "户编号",
        "户主姓名",
        "证件号码",
        "是否通自来水",
        "住房面积",
    ],
    [*PLACE, H1, "张大山", DASHAN, "是", "120"],
    [*PLACE, H2, "李有田", YOUTIAN, "是", "80"],
]
WORK_HEAD = [
    "县", "乡", "行政村", "户编号", "姓名", "证件号码", "是否已务工", "务工所在省", "务工所在市",
    "务工所在县", "开始时间", "结束时间", "务工月收入", "务工企业名称", "所属行业", "就业渠道",
    "是否点对点输送", "年度交通费补助",
]  # fmt: skip
WORK: list[Line] = [
    WORK_HEAD,
    [*PLACE, H1, "张大山", DASHAN, "否", "浙江省", "杭州市", "萧山区", "2022年03月",
     "2022年12月", "4200", "某某公司", "制造业", "外出务工", "否", "0"],
    [*PLACE, H1, "张大山", DASHAN, "是", "浙江省", "宁波市", "慈溪市", "2023年02月", "",
     "4500", "某某公司", "制造业", "外出务工", "否", "500"],
    [*PLACE, H1, "李小梅", XIAOMEI + "43", "否", "陕西省", "商洛市", "商州区", "2022年05月",
     "2022年10月", "2200", "某某车间", "制造业", "帮扶车间", "否", "0"],
]  # fmt: skip
PLANS: list[Line] = [
    [
        "县",
        "乡",
        "行政村",
        "户编号",
        "姓名",
        "证件号码",
        "是否计划务工",
        "计划务工所在县",
        "就业服务需求",
    ],
    [*PLACE, H1, "李小梅", XIAOMEI, "是", "慈溪市", "岗位推荐"],
    [*PLACE, H1, "李小梅", XIAOMEI, "是", "萧山区", ""],
]
VILLAGES: list[Line] = [
    ["县", "乡", "村", "总户数(户)", "总人口数(人)", "贫困户数", "村级集体经济收入（万元）",
     "耕地面积(亩)", "行政村卫生室", "行政村文化（图书）室个数 （个）"],
    [*PLACE, "300", "1100", "40", "5.2", "900", "1", "1"],
    [*ELSEWHERE, "210", "800", "22", "0", "500", "1", "0"],
]  # fmt: skip
ABOVE: list[Line] = [["信息导出表"], ["导出日期：2023-12-18"]]
EXPORTS: dict[str, list[Line]] = {
    "（自定义）监测对象信息 (22).xlsx": PERSONS,
    "（乡村建设）户信息_20231218.xlsx": HOUSES,
    "（务工月监测）已外出务工信息_20231218.xlsx": WORK,
    "计划外出务工信息_20231218.xlsx": PLANS,
    "（自定义）行政村信息.xlsx": VILLAGES,
}


def exports(at: Path, above: list[Line] = ABOVE, **other: list[Line]) -> Path:
    """Write the five files; `other` replaces the one whose name contains its key."""
    for name, lines in EXPORTS.items():
        chosen = next((grid for word, grid in other.items() if word in name), lines)
        write.xlsx(at / name, {"Sheet1": [*above, *chosen]})
    return at


def rows(data: Dataset) -> dict[str, int]:
    return {table: len(found) for table, found in data.tables.items()}


def hits(at: Path, *rules: str) -> dict[str, list[int]]:
    result = api.check(at, as_of=AS_OF, region="", select=rules)
    return {h.rule: h.rows.tolist() for h in result.findings.hits}


FIVE = {"household": 2, "member": 3, "village": 2, "work": 3, "work_plan": 2}


def test_five_exports_are_five_tables(tmp_path: Path) -> None:
    data = api.clean(exports(tmp_path))
    assert rows(data) == FIVE
    assert data.tables["work"].frame["开始时间"].tolist() == [202203, 202302, 202205]
    assert data.tables["village"].frame["村级集体经济收入"].tolist() == [5.2, 0]
    assert not any("没有户表" in note for sheet in data.sheets for note in sheet.notes)


def test_top_rows_deleted(tmp_path: Path) -> None:
    assert rows(api.clean(exports(tmp_path, above=[]))) == FIVE


@pytest.mark.parametrize("name", ["a.xlsx", "Sheet.xlsx"])
def test_the_columns_alone_tell_the_tables(tmp_path: Path, name: str) -> None:
    grids = {"PERSONS": PERSONS, "HOUSES": HOUSES, "WORK": WORK, "PLANS": PLANS, "V": VILLAGES}
    assert rows(api.clean(write.xlsx(tmp_path / name, grids))) == FIVE


def test_a_run_of_work_spells_alone_makes_no_households(tmp_path: Path) -> None:
    data = api.clean(write.xlsx(tmp_path / "a.xlsx", {"S": [*ABOVE, *WORK]}))
    assert rows(data) == {"work": 3}


def test_persons_that_recur_are_spells_even_with_their_relation(tmp_path: Path) -> None:
    lines = [[*line, extra] for line, extra in zip(WORK, ["与户主关系", *"户户配"], strict=True)]
    lines = [[*line, extra] for line, extra in zip(lines, ["文化程度", *"中中中"], strict=True)]
    assert rows(api.clean(write.xlsx(tmp_path / "a.xlsx", {"S": lines}))) == {"work": 3}


def test_a_list_of_persons_that_says_something_of_work_stays_one(tmp_path: Path) -> None:
    data = api.clean(write.xlsx(tmp_path / "务工花名册.xlsx", {"S": PERSONS}))
    assert rows(data) == {"household": 2, "member": 3, "work": 1}
    assert [sheet.table for sheet in data.sheets] == ["member"]


def test_an_unmatched_row_is_a_finding(tmp_path: Path) -> None:
    stranger = [*PLACE, H1, "王桂香", GUIXIANG, *WORK[1][6:]]
    moved = [*PLACE, H2, *WORK[1][4:]]
    houses = [HOUSES[0], HOUSES[1], ["商州区", "杨斜镇", "北岳村", *HOUSES[2][3:]]]
    plans = [*PLANS, [*PLACE, H2, "王桂香", GUIXIANG, "是", "慈溪市", "培训"]]
    at = exports(
        tmp_path, 已外出务工=[*WORK, stranger, moved], 户信息=houses, 计划外出=plans
    )  # fmt: skip
    assert hits(at, "WK107", "WK108", "WK109", "VL300") == {
        "WK107": [3], "WK108": [2], "WK109": [4], "VL300": [1],
    }  # fmt: skip


def test_whole_exports_match(tmp_path: Path) -> None:
    assert hits(exports(tmp_path), "WK107", "WK108", "WK109", "VL300", "HH105", "HH021") == {}


def test_a_run_of_the_exports_finds_what_is_there_and_no_more(tmp_path: Path) -> None:
    rules = [r for r in api.load_pack().rules if r.startswith(("WK", "ID"))]
    assert hits(exports(tmp_path), *rules) == {"WK092": [1]}
    overlapping = [*WORK, [*WORK[2][:10], "2022年06月", "2023年01月", *WORK[2][12:]]]
    (tmp_path / "b").mkdir()
    found = hits(exports(tmp_path / "b", 已外出务工=overlapping), *rules)
    assert found == {"WK088": [0, 3], "WK092": [1]}


def test_two_village_sheets_make_one_village(tmp_path: Path) -> None:
    more = [["县", "乡", "村", "是否出列", "出列年度"], [*PLACE, "是", "2018"]]
    data = api.clean(write.xlsx(tmp_path / "a.xlsx", {"A": VILLAGES, "B": more}))
    assert rows(data) == {"village": 2}
    assert data.tables["village"].frame["出列年度"].tolist()[0] == 2018


def test_other_new_tables_are_recognised(tmp_path: Path) -> None:
    procedure = [
        [
            "户编号",
            "户主姓名",
            "程序类型",
            "申请日期",
            "入户核实日期",
            "民主评议日期",
            "公示开始日期",
        ],
        [H1, "张大山", "识别", "2022-03-01", "2022-03-04", "2022-03-08", "2022-03-10"],
        [H1, "张大山", "风险消除", None, "2023-03-04", "2023-03-08", "2023-03-10"],
    ]
    survey = [
        ["县", "乡", "村", "户主姓名", "调查户类型", "人数", "是否错退", "是否漏评", "是否认可"],
        [*PLACE, "张大山", "脱贫户", "3", "否", "", "认可"],
    ]
    county = [["县", "年度", "综合贫困发生率（%）", "群众认可度"], ["商州区", "2019", "0.8", "97%"]]
    project = [["项目名称", "项目类型", "建设内容"], ["公益岗位", "就业", ""]]
    at = write.xlsx(
        tmp_path / "a.xlsx", {"P": procedure, "S": survey, "C": county, "X": project}
    )  # fmt: skip
    data = api.clean(at)
    assert rows(data) == {"county": 1, "procedure": 2, "project": 1, "survey": 1}
    assert data.tables["county"].frame["群众认可度"].tolist() == [97]


def test_statistics_by_township_are_no_table(tmp_path: Path) -> None:
    lines = [["县", "乡", "总户数", "贫困发生率"], ["商州区", "杨斜镇", "3000", "1.2"]]
    data = write.xlsx(tmp_path / "a.xlsx", {"A": VILLAGES, "B": lines})
    assert rows(api.clean(data)) == {"village": 2}
