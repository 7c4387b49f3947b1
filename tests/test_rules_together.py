"""One fault gives one finding: which rules speak, and which give way.

Each situation takes a sound household of four, changes what its name says, and
lists every finding of the whole pack. A rule named twice stands for two rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fupin_audit.domain.citizen_id import check_character
from fupin_audit.evaluate import evaluate
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import resolve
from fupin_audit.packs.shapes import Example
from fupin_audit.selftest import example_dataset

Row = dict[str, Any]
PACK = load_pack()
KEY = "6110020010001"
EXITED, WATCHED, RECENT = date(2019, 12, 31), date(2021, 12, 31), date(2023, 12, 31)
LAW = {day: resolve(PACK, day) for day in (EXITED, WATCHED, RECENT)}
ITEMS = ("计划生育金", "最低生活保障金", "特困人员救助供养金", "养老金或离退休金", "生态补偿金",
         "其他转移性收入")  # fmt: skip
MONEY = (
    *ITEMS, "工资性收入", "其他工资性收入", "生产经营性收入", "生产经营性支出", "财产性收入",
    "资产收益扶贫分红收入", "其他财产性收入", "转移性收入", "年收入", "纯收入", "人均纯收入",
)  # fmt: skip
DETAILS = ("搬迁方式", "安置方式", "安置地", "安置住房面积", "是否实际入住")


def number(born: str, sex: str, serial: int, region: str = "611002") -> str:
    first17 = f"{region}{born}{2 * serial + (sex == '男'):03d}"
    return first17 + check_character(first17)


def person(n: int, name: str, relation: str, born: str, sex: str, **cells: Any) -> Row:
    return {
        "户编号": KEY, "人口编号": f"{KEY}{n:04d}", "姓名": name, "与户主关系": relation,
        "性别": sex, "证件号码": number(born, sex, n), "出生日期": born, "民族": "汉族",
        "文化程度": "初中", "在校生状况": None, "义务教育阶段未上学原因": None, "健康状况": "健康",
        "务工时间": None, "务工所在地": None, "家庭成员联系电话": None, "公益性岗位": None,
        "人员变更": None, "是否参加城乡居民基本医疗保险": "是", "是否参加大病保险": "是",
        "是否参加城乡居民基本养老保险": "是", **cells,
    }  # fmt: skip


def family() -> list[Row]:
    return [
        person(1, "张大山", "户主", "19800101", "男", 务工时间=10, 务工所在地="西安市雁塔区",
               家庭成员联系电话="13900000002"),
        person(2, "李小梅", "配偶", "19820315", "女"),
        person(3, "张小河", "之子", "20081130", "男", 文化程度=None, 在校生状况="小学"),
        person(4, "张秋菊", "之母", "19530602", "女", 文化程度="小学"),
    ]  # fmt: skip


def household(day: date) -> Row:
    row: Row = {
        "县": "商州区", "乡": "大荆镇", "村": "东村", "户编号": KEY, "户主姓名": "张大山",
        "户主证件号码": number("19800101", "男", 1), "家庭人口数": 4, "户联系电话": "13900000001",
        "银行卡号": "6217000000000000011", "住房面积": 96, "是否危房户": "否",
        "是否解决安全饮用水": "是", "是否通生活用电": "是", "是否搬迁户": "否",
        **dict.fromkeys(DETAILS), "耕地面积": 5, "有效灌溉面积": 2,
        "工资性收入": 30000, "其他工资性收入": 30000, "生产经营性收入": 6000,
        "生产经营性支出": 2000, "财产性收入": 500, "资产收益扶贫分红收入": 300,
        "其他财产性收入": 200, "转移性收入": 5500,
        "计划生育金": 0, "最低生活保障金": 4000, "特困人员救助供养金": 0, "养老金或离退休金": 600,
        "生态补偿金": 600, "其他转移性收入": 300, "年收入": 42000, "纯收入": 40000,
        "人均纯收入": 10000,
    }  # fmt: skip
    if day == WATCHED:
        return row | {
            "户类型": "脱贫户", "监测对象类别": None, "风险是否已消除": None, "合规自付支出": 0,
            "公益性岗位收入": 0,
        }  # fmt: skip
    return row | {
        "脱贫属性": "已脱贫", "脱贫年度": 2019, "首次识别时间": "201401", "返贫年度": None,
        "吃是否不愁": "是", "穿是否不愁": "是", "户主是否签字认可": "是", "产业帮扶": "种植业",
        "就业帮扶": None, "健康帮扶": None, "综合保障": "低保",
    }  # fmt: skip


def found(houses: list[Row], people: list[Row], day: date) -> list[str]:
    """Return the rule of every finding, sorted."""
    pack = LAW[day]
    situation = Example(name="", expect="pass", rows={"household": houses, "member": people})
    dataset = example_dataset(next(iter(pack.rules.values())), situation, pack)
    return sorted(hit.rule for hit in evaluate(dataset, pack).hits for _ in range(len(hit)))


def of_house(day: date, **cells: Any) -> list[str]:
    return found([household(day) | cells], family(), day)


def of_member(n: int, **cells: Any) -> list[str]:
    people = family()
    people[n] |= cells
    return found([household(EXITED)], people, EXITED)


def scaled(factor: float, **others: Any) -> Row:
    row = household(EXITED)
    return {name: row[name] * factor for name in MONEY} | others


@pytest.mark.parametrize("day", [EXITED, WATCHED])
def test_a_sound_household_has_no_findings(day: date) -> None:
    assert of_house(day) == []


ERROR = {"error": "#N/A"}
IDS = [
    ("错误值", ERROR, "FM004"),
    ("以数值存储", 611002198001010037, "ID101"),
    ("空白", None, "ID006"),
    ("占位号", "999999198001010037", "ID006"),
    ("星号", "611002********0037", "ID103"),
    ("15位", "611002800101003", "ID102"),
    ("少一位", "61100219800101003", "ID003"),
    ("残疾人证类别8", number("19800101", "男", 1) + "83", "ID005"),
    ("校验位", "611002198001010030", "ID004"),
    ("生日是别人的", number("19700101", "男", 1), "ID007"),
    ("性别是女", number("19800101", "女", 1), "ID008"),
    ("地区码", number("19800101", "男", 1, "990101"), "ID104"),
]


@pytest.mark.parametrize(("value", "rule"), [case[1:] for case in IDS], ids=[c[0] for c in IDS])
def test_a_wrong_id_of_the_head_is_one_finding(value: Any, rule: str) -> None:
    assert of_member(0, 证件号码=value) == [rule]


PEOPLE = [
    ("户主性别填反", 0, {"性别": "女"}, ["ID008"]),
    ("户主出生日期填错", 0, {"出生日期": "20100101"}, ["ID007"]),
    ("母亲出生日期填错", 3, {"出生日期": "19930602"}, ["ID007"]),
    ("出生日期读不出", 2, {"出生日期": "属马那年"}, ["FM002"]),
    ("没有号码,户主出生日期成了孩子", 0, {"证件号码": None, "出生日期": "20100101"},
     ["HH018", "ID006"]),
    ("配偶填成户主", 1, {"与户主关系": "户主"}, ["HH012", "HH012"]),
    ("户主填成其他", 0, {"与户主关系": "其他"}, ["HH011"]),
    ("户主的关系空白", 0, {"与户主关系": None}, ["HH013"]),
    ("户主的关系写成土话", 0, {"与户主关系": "当家的"}, ["FM003"]),
    ("儿子填成配偶", 2, {"与户主关系": "配偶"}, ["HH016", "HH016"]),
    ("儿子填成之父", 2, {"与户主关系": "之父"}, ["HH017"]),
    ("儿子填成之女", 2, {"与户主关系": "之女"}, ["HH014"]),
    ("户主姓名只有一个字", 0, {"姓名": "张"}, ["ID009"]),
    ("人口编号抄成户主的", 2, {"人口编号": f"{KEY}0001"}, ["HH023", "HH023"]),
    ("户主去世", 0, {"人员变更": "死亡"}, ["HH011", "HH026"]),
    ("务工时间写成文字", 0, {"务工时间": "大半年"}, ["FM002"]),
    ("务工的人电话空白", 0, {"家庭成员联系电话": None}, ["CT033"]),
    ("孩子不在校", 2, {"在校生状况": None}, ["ED043", "EX003"]),
    ("母亲没有参保", 3, {"是否参加城乡居民基本医疗保险": "否"}, ["EX004", "SP111"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("n", "cells", "rules"), [case[1:] for case in PEOPLE], ids=[c[0] for c in PEOPLE]
)
def test_one_fault_of_a_member(n: int, cells: Row, rules: list[str]) -> None:
    assert of_member(n, **cells) == rules


NOTHING = scaled(0)
HOUSES = [
    ("全部按万元填", EXITED, scaled(1e-4), ["IC234"]),
    ("全部按万元填", WATCHED, scaled(1e-4), ["IC234"]),
    ("监测户全部按万元填", WATCHED, scaled(1e-4, 监测对象类别="脱贫不稳定户"), ["IC234"]),
    ("四项都是0，退出标准另算", EXITED, NOTHING, ["EX001", "IC235"]),
    ("四项都是0", WATCHED, NOTHING, ["IC235"]),
    ("四项空白", EXITED,
     dict.fromkeys(("工资性收入", "生产经营性收入", "财产性收入", "转移性收入")), ["IC235"]),
    ("工资少打一个0", EXITED, {"工资性收入": 3000}, ["IC202"]),
    ("工资填成负数", EXITED, {"工资性收入": -30000}, ["IC208"]),
    ("其他转移性收入填成负数", EXITED, {"其他转移性收入": -900}, ["IC208"]),
    ("年收入填错", EXITED, {"年收入": 50000}, ["IC207"]),
    ("转移性收入的分项填错", EXITED, {"生态补偿金": 1600}, ["IC203"]),
    ("人均数少打一个0", EXITED, {"人均纯收入": 1000}, ["IC201"]),
    ("人均数少打一个0", WATCHED, {"人均纯收入": 1000}, ["IC201"]),
    ("人均数写成文字", EXITED, {"人均纯收入": "五千多块"}, ["FM002"]),
    ("人口数多填一人", EXITED, {"家庭人口数": 5}, ["HH019"]),
    ("人口数填成40", EXITED, {"家庭人口数": 40}, ["HH019"]),
    ("低于监测范围", WATCHED, scaled(0.55), ["LV173"]),
    ("低于脱贫标准", WATCHED, scaled(0.35), ["IC221"]),
    ("自付支出使收入低于监测范围", WATCHED, {"合规自付支出": 30000}, ["IC232"]),
    ("收入已低于监测范围又有自付支出", WATCHED, scaled(0.55, 合规自付支出=9000), ["LV173"]),
    ("没有超过退出标准", EXITED, scaled(0.3), ["EX001"]),
    ("户主姓名抄错一个字", EXITED, {"户主姓名": "张太山"}, ["HH102"]),
    ("住危房", EXITED, {"是否危房户": "是"}, ["EX005"]),
    ("住危房", WATCHED, {"是否危房户": "是"}, ["LV171"]),
    ("危房标志空白", EXITED, {"是否危房户": None}, ["LV175"]),
    ("饮水标志空白，退出标准另算", EXITED, {"是否解决安全饮用水": None}, ["EX007", "LV176"]),
    ("饮水标志空白", WATCHED, {"是否解决安全饮用水": None}, ["LV176"]),
    ("搬迁户仍标危房", WATCHED,
     {"是否搬迁户": "是", "搬迁方式": "个别搬迁", "安置方式": "集中安置", "安置地": "乡镇安置",
      "安置住房面积": 100, "是否实际入住": "是", "是否危房户": "是"}, ["LV171"]),
    ("搬迁户没有入住，退出标准另算", EXITED,
     {"是否搬迁户": "是", "搬迁方式": "个别搬迁", "安置方式": "集中安置", "安置地": "乡镇安置",
      "安置住房面积": 100, "是否实际入住": "否"}, ["EX006", "LV194"]),
    ("不通电，退出标准另算", EXITED, {"是否通生活用电": "否"}, ["EX016", "LV179"]),
    ("脱贫年度空白", EXITED, {"脱贫年度": None}, ["EX020"]),
    ("脱贫年度在将来", EXITED, {"脱贫年度": 2029}, ["EX020"]),
    ("当年识别", EXITED, {"首次识别时间": "201903"}, ["EX008"]),
    ("没有措施", EXITED, {"产业帮扶": None, "综合保障": None}, ["EX010"]),
    ("必填项空白", EXITED, {"脱贫属性": None}, ["FM001"]),
    ("监测户电话空白", WATCHED, {"监测对象类别": "脱贫不稳定户", "户联系电话": None}, ["CT032"]),
    ("村空白", EXITED, {"村": None}, ["HH024"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "cells", "rules"),
    [case[1:] for case in HOUSES],
    ids=[f"{c[0]}-{c[1].year}" for c in HOUSES],
)
def test_one_fault_of_a_household(day: date, cells: Row, rules: list[str]) -> None:
    assert of_house(day, **cells) == rules


def test_a_member_typed_twice_is_one_fault() -> None:
    people = family()
    assert found([household(EXITED)], [*people, people[0]], EXITED) == ["HH023", "HH023"]


def test_a_household_typed_twice_is_one_fault() -> None:
    row = household(EXITED)
    assert found([row, row], family(), EXITED) == ["HH105", "HH105"]


def test_an_empty_household_is_only_empty() -> None:
    row = household(EXITED) | {"计划生育金": 300, "其他转移性收入": 0, "户编号": "6110020010009"}
    row |= {"户联系电话": "13900000009", "银行卡号": "6217000000000000022"}
    assert found([household(EXITED), row], family(), EXITED) == ["HH020"]


def test_twins_are_two_people() -> None:
    twin = person(5, "张小江", "之子", "20081130", "男", 文化程度=None, 在校生状况="小学")
    row = household(EXITED) | {"家庭人口数": 5, "人均纯收入": 8000}
    assert found([row], [*family(), twin], EXITED) == []


def test_two_years_of_a_household_are_not_duplicates() -> None:
    years = [household(EXITED) | {"年度": y, "脱贫年度": 2019} for y in (2018, 2019)]
    people = [p | {"年度": y} for y in (2018, 2019) for p in family()]
    assert found(years, people, EXITED) == []


def test_wages_gone_within_a_year_are_one_finding() -> None:
    fell = {"工资性收入": 0, "其他工资性收入": 0, "生产经营性收入": 30000, "生产经营性支出": 12000,
            "年收入": 36000, "纯收入": 24000, "人均纯收入": 6000}  # fmt: skip
    years = [household(EXITED) | {"年度": 2018}, household(EXITED) | {"年度": 2019} | fell]
    idle = [p | {"务工时间": 0, "务工所在地": None} for p in family()]
    people = [*(p | {"年度": 2018} for p in family()), *(p | {"年度": 2019} for p in idle)]
    assert found(years, people, EXITED) == ["IC238"]


# ---- With procedures and villages beside the register ----
EXIT: Row = {
    "户编号": KEY, "户主姓名": "张大山", "程序类型": "退出", "民主评议日期": "2019.10.8",
    "入户核实日期": "2019年10月10日", "村内公示开始日期": "2019.10.12",
    "村内公示结束日期": "2019.10.18", "县级批准日期": "2019-11-05", "公告日期": "2019/11/6",
    "系统标注日期": "20191120",
}  # fmt: skip
ENTRY: Row = {
    "户编号": KEY, "户主姓名": "张大山", "程序类型": "识别", "申请日期": "2021-08-02",
    "承诺授权日期": "2021-08-02", "入户核实日期": "2021-08-03", "信息比对日期": "2021-08-05",
    "民主评议日期": "2021-08-09", "村内公示开始日期": "2021-08-10",
    "村内公示结束日期": "2021-08-14", "乡镇审核日期": "2021-08-16", "县级批准日期": "2021-08-20",
    "公告日期": "2021-08-21", "系统标注日期": "2021-08-23", "核实人数": 2,
}  # fmt: skip
OUT: Row = {
    "县": "商州区", "乡": "大荆镇", "村": "东村", "是否出列": "是", "出列年度": 2019,
    "总户数": 300, "总人口数": 1100, "农业户籍人口数": 1000, "贫困户数": 1, "贫困人口数": 4,
    "未脱贫人口数": 0, "村级集体经济收入": 6, "贫困人口参加医疗保险人数": 4,
    "到乡镇是否通沥青水泥路": "是", "是否解决安全饮用水": "是", "是否通电": "是",
    "是否有卫生室": "是", "耕地面积": 900, "乡镇公示开始日期": "2019-11-01",
    "乡镇公示结束日期": "2019-11-08", "公告日期": "2019-11-20",
}  # fmt: skip


def beside(day: date, houses: list[Row], **tables: list[Row]) -> list[str]:
    pack = LAW[day]
    rows = {"household": houses, "member": family(), **tables}
    situation = Example(name="", expect="pass", rows=rows)
    dataset = example_dataset(next(iter(pack.rules.values())), situation, pack)
    return sorted(hit.rule for hit in evaluate(dataset, pack).hits for _ in range(len(hit)))


def test_a_sound_village_and_sound_procedures_have_no_findings() -> None:
    assert beside(EXITED, [household(EXITED)], procedure=[EXIT], village=[OUT]) == []
    assert beside(WATCHED, [household(WATCHED)], procedure=[ENTRY]) == []


@pytest.mark.parametrize(
    ("cells", "rules"),
    [
        ({"公告日期": None}, ["PR001"]),
        ({"村内公示结束日期": "2019.10.17"}, ["PR003"]),
        ({"村内公示结束日期": "2019.10.12"}, ["PR003"]),
        ({"村内公示结束日期": "2019.10.11"}, ["PR002"]),
        ({"公告日期": "2019.10.16"}, ["PR002"]),
        ({"系统标注日期": "2019.9.20"}, ["PR002"]),
        ({"系统标注日期": "2020.1.20"}, ["PR009"]),
        ({"县级批准日期": None}, ["PR006"]),
        ({"程序类型": None}, ["FM001"]),
        ({"户编号": "6110020010009"}, ["HH107"]),
    ],
)
def test_one_fault_of_an_exit_on_a_sheet_of_its_own(cells: Row, rules: list[str]) -> None:
    assert beside(EXITED, [household(EXITED)], procedure=[EXIT | cells]) == rules


def test_a_step_on_either_sheet_is_a_step() -> None:
    register = household(EXITED) | {"民主评议日期": "2019-10-08", "公告日期": None}
    assert beside(EXITED, [register], procedure=[EXIT | {"民主评议日期": None}]) == []
    assert beside(EXITED, [register]) == ["PR001"]


def test_an_exit_before_a_return_is_not_this_exit() -> None:
    earlier = {k: v.replace("2019", "2016") for k, v in EXIT.items() if "日期" in k}
    first = EXIT | earlier | {"村内公示结束日期": "2016.10.13"}
    assert beside(EXITED, [household(EXITED)], procedure=[first, EXIT]) == []
    assert beside(EXITED, [household(EXITED)], procedure=[first]) == []


@pytest.mark.parametrize(
    ("cells", "rules"),
    [
        ({"信息比对日期": None}, ["MO001"]),
        ({"村内公示结束日期": "2021-08-13"}, ["MO002"]),
        ({"村内公示结束日期": "2021-08-09"}, ["MO001"]),
        ({"县级批准日期": "2021-08-13"}, ["MO001"]),
        ({"申请日期": "2021-07-31"}, []),
        ({"申请日期": "2021-07-22"}, ["MO003", "MO004"]),
    ],
)
def test_one_fault_of_a_recognition(cells: Row, rules: list[str]) -> None:
    assert beside(WATCHED, [household(WATCHED)], procedure=[ENTRY | cells]) == rules


@pytest.mark.parametrize(
    ("cells", "rules"),
    [
        ({"未脱贫人口数": 40}, ["VX001"]),
        ({"未脱贫人口数": None, "贫困发生率": "4%"}, ["VX001"]),
        ({"是否出列": "否", "出列年度": None, "未脱贫人口数": 40}, ["WS001"]),
        ({"到乡镇是否通沥青水泥路": "否"}, ["VL295", "VX003"]),
        ({"贫困人口参加医疗保险人数": 3}, ["VX004"]),
        ({"乡镇公示开始日期": None}, ["VX006"]),
        ({"贫困户数": 2}, ["VL299"]),
        ({"耕地面积": 3}, ["VL297"]),
        ({"总人口数": None}, ["VL281"]),
        # Both sides are told: the household that hangs on no village, the village without one.
        ({"村": "西村"}, ["VL300", "VL301"]),
    ],
)
def test_one_fault_of_a_village(cells: Row, rules: list[str]) -> None:
    assert beside(EXITED, [household(EXITED)], village=[OUT | cells]) == rules


def test_households_still_poor_in_a_village_that_left() -> None:
    poor = {"脱贫属性": "未脱贫", "脱贫年度": None}
    small = OUT | {"农业户籍人口数": 100, "总人口数": 110}
    assert beside(EXITED, [household(EXITED) | poor], village=[small]) == ["VX005"]
