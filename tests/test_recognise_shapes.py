"""Every shape a register comes in, as a grid."""

from __future__ import annotations

from typing import Any

import pytest

from fupin_audit.errors import AmbiguousHeader
from fupin_audit.recognise import recognise
from recognise_factory import IDS, aside, fields, one, pack, rows, sheet

WIDE = ["县(市、区、旗)", "乡(镇)", "行政村", "自然村", "户编号", "人编号", "姓名", "证件号码",
        "人数", "与户主关系", "民族", "文化程度", "在校生状况", "健康状况", "劳动技能", "务工状况",
        "务工时间（月)", "参加大病医疗", "脱贫属性", "贫困户属性", "主要致贫原因", "危房户",
        "饮水安全", "饮水困难", "人均纯收入", "联系电话"]  # fmt: skip


def person(number: int, household: int, relation: str) -> list[Any]:
    return ["某县", "某乡", "某村", "一组", f"11010100{household:02d}", f"2200{number:02d}",
            f"人{number}", IDS[number], 2, relation, "汉族", "小学", None, "健康", "普通劳动力",
            None, None, "是", "已脱贫", "一般贫困户", "因病", "否", "是", "否", 5000,
            "13800000000"]  # fmt: skip


PEOPLE = [person(0, 1, "户主"), person(1, 1, "配偶"), person(2, 2, "户主"), person(3, 2, "之子")]


@pytest.mark.parametrize("above", [[], [["监测对象信息"], ["导出日期：2023-12-18"]]])
def test_wide_export(above: list[list[str]]) -> None:
    found = one(sheet([*above, WIDE, *PEOPLE]))
    bound = fields(found)
    assert (found.table, found.also) == ("member", ("household",))
    assert found.header_rows == (len(above) + 1,)
    assert len(found.rows) == 4
    assert found.score == 1.0
    assert not found.unmatched
    assert bound["member.户编号"] == bound["household.户编号"] == "户编号"
    assert bound["household.家庭人口数"] == "人数"
    assert bound["household.户联系电话"] == "联系电话"
    assert "member.家庭成员联系电话" not in bound


def test_running_number_in_front_and_any_column_order() -> None:
    order = [25, 9, 7, 6, 5, 4, 3, 2, 1, 0, 24, 8, *range(10, 24)]
    grid = [[None, *(row[i] for i in order)] for row in [WIDE, *PEOPLE]]
    for number, line in enumerate(grid):
        line[0] = number or "序号"
    found = one(sheet(grid, name="导出工作表"))
    assert len(found.matches) == len(one(sheet([WIDE, *PEOPLE])).matches)
    assert found.unmatched == [("序号", "A1")]


def test_phone_belongs_to_the_member_beside_the_households_own() -> None:
    grid = [[*WIDE, "户联系电话"], *([*p, "13900000000"] for p in PEOPLE)]
    bound = fields(one(sheet(grid)))
    assert bound["household.户联系电话"] == "户联系电话"
    assert bound["member.家庭成员联系电话"] == "联系电话"


HOUSEHOLD = ["户编号", "户主姓名", "家庭人口数", "脱贫属性", "人均纯收入", "联系电话"]
HOUSES = [["1101010001", "甲", 2, "已脱贫", 5000, "13800000000"],
          ["1101010002", "乙", 3, "已脱贫", 6000, "13800000001"]]  # fmt: skip
MEMBER = ["户编号", "姓名", "证件号码", "与户主关系", "文化程度", "联系电话"]
MEMBERS = [["1101010001", "甲", IDS[0], "户主", "小学", "13800000000"],
           ["1101010001", "丙", IDS[1], "配偶", "小学", None],
           ["1101010002", "乙", IDS[2], "户主", "小学", None]]  # fmt: skip


def test_separate_sheets_in_any_order_with_any_name() -> None:
    found = recognise(
        [
            sheet([], name="空"),
            sheet([["填表说明"], ["一、本表由村级填写，长长的一段话"]], name="说明"),
            sheet([MEMBER, *MEMBERS], name="Sheet7", hidden=True),
            sheet([HOUSEHOLD, *HOUSES], name="成员"),
        ],
        pack(),
    )
    assert [(s.table, s.also) for s in found.sheets] == [("member", ()), ("household", ())]
    assert ("member", "家庭成员联系电话") in found.sheets[0].matches
    assert ("household", "户联系电话") in found.sheets[1].matches
    assert [s.sheet for s in found.skipped] == ["空", "说明"]
    assert all(s.reason for s in found.skipped)


def test_member_sheet_alone_gives_the_phone_to_the_household() -> None:
    found = one(sheet([MEMBER, *MEMBERS]))
    assert found.also == ("household",)
    assert ("household", "户联系电话") in found.matches


@pytest.mark.parametrize(
    ("differing", "whose"),
    [(4, "member.家庭成员联系电话"), (2, "member.家庭成员联系电话"), (1, "household.户联系电话")],
)
def test_phones_that_differ_in_most_households_are_the_members(differing: int, whose: str) -> None:
    """One household of four that differs is a fault of that household, not a column of
    the members'."""
    head = [*MEMBER, "人均纯收入", "家庭人口数"]
    rows = []
    for house in range(4):
        for person in range(2):
            number = 13800000000 + house * 10 + (person if house < differing else 0)
            home = f"110101000{house}" if not person else None  # written once a household
            rows.append([home, f"甲{house}{person}", IDS[person], ("户主", "之子")[person], "小学",
                         str(number), 5000, 2])  # fmt: skip
    found = one(sheet([head, *rows]))
    assert fields(found)[whose] == "联系电话"
    assert bool(found.notes) == whose.startswith("member")


def test_head_named_by_plain_name_on_a_list_of_households() -> None:
    grid = [["户编号", "姓名", "身份证号", "人口数", "人均纯收入"],
            ["1101010001", "甲", IDS[0], 3, 5000],
            ["1101010002", "乙", IDS[1], 2, 5000]]  # fmt: skip
    found = one(sheet(grid))
    assert (found.table, found.also) == ("household", ())
    assert found.matches["household", "户主姓名"].how == "position"
    assert found.matches["household", "户主证件号码"].header == "身份证号"
    assert found.notes


def test_a_household_entered_twice_is_still_a_list_of_households() -> None:
    grid = [["户编号", "户主姓名", "证件号码", "家庭人口数", "人均纯收入"],
            ["1101010001", "甲", IDS[0], 3, 5000],
            ["1101010002", "乙", IDS[1], 2, 5000],
            ["1101010001", "甲", IDS[0], 3, 5000]]  # fmt: skip
    found = one(sheet(grid))
    assert (found.table, found.also) == ("household", ())


def test_the_own_name_of_a_field_beats_an_alias_to_its_left() -> None:
    header = [*MEMBER, "月收入（元）", "务工月收入（元）"]
    found = one(sheet([header, *([*row, None, 2000] for row in MEMBERS)]))
    assert found.matches["member", "务工月收入"].header == "务工月收入（元）"


def test_columns_about_the_head_do_not_make_a_list_of_persons() -> None:
    grid = [[*HOUSEHOLD, "证件号码", "文化程度"], [*HOUSES[0], IDS[0], "小学"],
            [*HOUSES[1], IDS[1], "初中"]]  # fmt: skip
    found = one(sheet(grid))
    assert (found.table, found.also) == ("household", ())
    assert found.matches["household", "户主证件号码"].how == "position"
    assert found.unmatched == [("文化程度", "H1")]
    assert "成员" in found.reasons["H1"]


def test_one_household_of_two_persons_without_relation() -> None:
    grid = [["户编号", "姓名", "证件号码", "家庭人口数"], ["1101010001", "甲", IDS[0], 2],
            ["1101010001", "乙", IDS[1], 2]]  # fmt: skip
    found = one(sheet(grid))
    assert (found.table, found.also) == ("member", ("household",))


def test_a_list_of_helpers_is_no_list_of_members() -> None:
    grid = [["帮扶责任人姓名", "性别", "证件号码", "单位名称"], ["甲", "男", IDS[0], "某局"]]
    assert not recognise([sheet(grid)], pack()).sheets


def test_a_label_line_above_is_no_header_level() -> None:
    grid = [["某县", "", "某乡", "", "2019年"], HOUSEHOLD, *HOUSES]
    found = one(sheet(grid))
    assert found.header_rows == (2,)
    assert found.matches["household", "户编号"].header == "户编号"


def test_own_lists_are_not_registers() -> None:
    head = ["疑点编号", "户编号", "户主姓名", "姓名", "人口编号", "疑点"]
    found = recognise([sheet([head, ["a", "1", "甲", "甲", "2", "b"]])], pack())
    assert "疑点清单" in found.skipped[0].reason


def test_members_written_under_the_heads_column() -> None:
    grid = [["户编号", "户主姓名", "证件号码", "与户主关系", "健康状况"],
            ["1101010001", "甲", IDS[0], "户主", "健康"],
            ["1101010001", "丙", IDS[1], "配偶", "健康"],
            ["1101010002", "乙", IDS[2], "户主", "健康"]]  # fmt: skip
    found = one(sheet(grid, name="家庭成员 "))
    assert found.table == "member"
    assert found.matches["member", "姓名"].how == "position"
    assert ("member", "户主姓名") not in found.matches
    grid = [[*row[:1], "甲" if i else row[1], *row[2:]] for i, row in enumerate(grid)]
    grid[3][1] = "乙"
    assert ("member", "户主姓名") in one(sheet(grid)).matches


def test_same_label_twice_told_apart_by_group_or_neighbours() -> None:
    flat = [
        "户编号",
        "户主姓名",
        "家庭人口数",
        "耕地面积",
        "林地面积",
        "其他",
        "牛",
        "羊",
        "猪",
        "其他",
    ]
    body = ["1101010001", "甲", 2, 1, 2, 3, 0, 0, 0, 4]
    found = one(sheet([flat, body]))
    assert found.matches["household", "其他土地面积"].column == 5
    assert ("其他", "J1") in found.unmatched
    assert ("其他", "其他养殖数量") in {(p.header, p.field) for p in found.proposals}
    groups = ["户编号", "户主姓名", "家庭人口数", "土地情况", "", "", "养殖情况", "", "", ""]
    merges = ["A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:J1"]
    found = one(sheet([groups, ["", "", "", *flat[3:]], body], merges=merges))
    assert found.header_rows == (1, 2)
    assert found.matches["household", "其他土地面积"].how == "group"
    assert found.matches["household", "其他养殖数量"].column == 9
    unmerged = one(sheet([groups, ["", "", "", *flat[3:]], body]))
    assert unmerged.matches["household", "其他养殖数量"].header == "养殖情况 / 其他"


def test_title_instructions_and_header_merged_down() -> None:
    grid = [["搬迁人员信息表"], ["填表说明：1.本表由乡镇填写\n2.逐人填写"],
            ["序号", "*搬迁人员姓名 ", "*搬迁人员身份证号", "是否户主(是/否)", "与户主关系",
             "备注(新增或者死亡人员)"],
            [], [1, "甲", IDS[0], "是", "户主", None]]  # fmt: skip
    merges = ["A1:F1", "A2:F2", *(f"{c}3:{c}4" for c in "ABCDEF")]
    found = one(sheet(grid, merges=merges))
    assert found.header_rows == (3, 4)
    assert rows(found) == [5]
    assert found.matches["member", "姓名"].cell == "B3"


def test_three_levels() -> None:
    grid = [["培训花名册"], ["填表说明：略"],
            ["户编号", "户主姓名", "家庭人口数", "产业发展", "", "", "联系电话"],
            ["", "", "", "产业帮扶", "农业实用技术培训", "", ""],
            ["", "", "", "", "培训时间", "培训内容", ""],
            ["1101010001", "甲", 2, "其他", "2019", "养蜂", "13800000000"]]  # fmt: skip
    merges = ["A1:G1", "A2:G2", "A3:A5", "B3:B5", "C3:C5", "D3:F3", "D4:D5", "E4:F4", "G3:G5"]
    found = one(sheet(grid, merges=merges))
    assert found.header_rows == (3, 4, 5)
    assert rows(found) == [6]
    assert ("产业发展 / 农业实用技术培训 / 培训内容", "F5") in found.unmatched
    assert found.matches["household", "产业帮扶"].cell == "D4"


def test_instructions_side_by_side_and_repeated_headers() -> None:
    grid = [["填表说明甲：基本情况……", "", "填表说明乙：户主……", "", "", ""],
            ["基本情况", "", "搬迁户户主信息", "", "", ""],
            ["姓名", "身份证号", "姓名", "户主身份证号", "户主身份证号", "与户主关系"],
            ["甲", IDS[0], "甲", IDS[0], IDS[0], "户主"]]  # fmt: skip
    merges = ["A1:B1", "C1:F1", "A2:B2", "C2:F2"]
    found = one(sheet(grid, merges=merges))
    assert rows(found) == [4]
    assert found.matches["member", "姓名"].column == 0
    assert any(m.field == "户主姓名" and m.how == "group" for m in found.matches.values())
    assert [(d.field, d.cell) for d in found.duplicates] == [("户主证件号码", "E3")]


def test_second_column_of_a_field_is_kept_as_duplicate() -> None:
    grid = [["户编号", "户主姓名", "监测对象类别", "风险是否已消除", "风险是否已消除0"],
            ["1101010001", "甲", "边缘易致贫户", "是", "否"]]  # fmt: skip
    found = one(sheet(grid))
    assert found.matches["household", "风险是否已消除"].column == 3
    assert [d.header for d in found.duplicates] == ["风险是否已消除0"]


def test_card_of_one_household() -> None:
    head = ["姓名", "性别", "与户主关系", "证件号码", "民族", "文化程度", "健康状况", "劳动技能",
            "务工状况", "务工时间", "联系电话", "备注"]  # fmt: skip
    people = [[f"人{i}", "男", r, IDS[i], "汉族", "小学", "健康", "普通劳动力", *[None] * 4]
              for i, r in enumerate(["户主", "配偶", "之子"])]  # fmt: skip
    second = [
        "家庭类型",
        "门牌",
        "农户星级",
        "家庭住房情况",
        None,
        "承包土地情况",
        None,
        "主要收入来源",
        None,
        "户情状态",
    ]
    grid: list[list[Any]] = [["   一组农户信息卡"], [], head, *people, *([[]] * 7), second,
            ["一般农户", "12号", "三星", "砖混", None, "3亩", None, "务工", None, "正常"],
            ["家庭情况：一家三口，长年在外务工，收入稳定。"], [],
            ["说明：本卡一户一张。"]]  # fmt: skip
    merges = ["A1:L1", "D14:E14", "F14:G14", "H14:I14", "A16:L16", "A18:L18"]
    found = one(sheet(grid, merges=merges))
    assert (found.table, found.header_rows) == ("member", (3,))
    assert rows(found) == [4, 5, 6]
    listed = aside(found)
    assert [listed[r] for r in (7, 14, 15, 16, 17, 18)] == [
        "blank", "header", "note", "note", "blank", "note",
    ]  # fmt: skip


def test_a_code_list_is_no_register() -> None:
    grid = [["与户主关系", "民族", "文化程度"], ["户主", "汉族", "小学"], ["配偶", "满族", "初中"]]
    found = recognise([sheet(grid)], pack())
    assert not found.sheets
    assert "代码表" in found.skipped[0].reason


@pytest.mark.parametrize("above", [0, 5, 14])
def test_header_in_any_of_the_first_fifteen_rows(above: int) -> None:
    found = one(sheet([*([[]] * above), MEMBER, *MEMBERS]))
    assert found.header_rows == (above + 1,)
    assert len(found.rows) == 3


def test_two_hundred_unknown_columns() -> None:
    extra = [f"自设栏{i}" for i in range(200)]
    found = one(sheet([[*extra, *HOUSEHOLD], [*([1] * 200), *HOUSES[0]]]))
    assert found.table == "household"
    assert len(found.unmatched) == 200


def test_near_misses_and_ambiguous_headers_are_only_proposed() -> None:
    found = one(sheet([[*HOUSEHOLD, "通电情况", "主要至贫原因"], [*HOUSES[0], "是", "因病"]]))
    offered = {(p.header, p.field) for p in found.proposals}
    assert ("主要至贫原因", "主要致贫原因") in offered
    assert {("通电情况", "是否通生产用电"), ("通电情况", "是否通生活用电")} <= offered
    assert {h for h, _ in found.unmatched} == {"通电情况", "主要至贫原因"}
    assert all(0.7 <= p.score <= 1 for p in found.proposals)


def test_equally_good_tables_stop_the_run() -> None:
    import msgspec

    shapes = pack()
    twin = msgspec.structs.replace(shapes.tables["household"], table="twin")
    from dataclasses import replace

    doubled = replace(shapes, tables={**shapes.tables, "twin": twin})
    with pytest.raises(AmbiguousHeader, match="都说得通") as caught:
        recognise([sheet([HOUSEHOLD, *HOUSES])], doubled)
    assert "--map" in caught.value.hint


def test_every_alias_binds_on_a_sheet() -> None:
    for table, shape in pack().tables.items():
        known = {"household": ["户编号", "户主姓名", "家庭人口数"], "member": MEMBER[:5]}
        base = known.get(table, list(dict.fromkeys((*shape.key, *shape.signature))))
        deepest = max(len(f.aliases) for f in shape.fields.values())
        for depth in range(deepest):
            asked = {
                n: f.aliases[depth]
                for n, f in shape.fields.items()
                if len(f.aliases) > depth and n not in base
            }
            filler = {"household": HOUSES[0], "member": MEMBERS[0]}.get(table, ["某某"] * len(base))
            found = one(
                sheet([[*base, *asked.values()], [*filler[: len(base)], *(["x"] * len(asked))]])
            )
            bound = {m.header: m.field for m in found.matches.values()}
            lost = {a: n for n, a in asked.items() if bound.get(a) != n}
            lost = {a: n for a, n in lost.items() if n not in ("家庭成员联系电话", "户联系电话")}
            lost = {a: n for a, n in lost.items() if a not in {d.header for d in found.duplicates}}
            assert not lost, (table, depth)
