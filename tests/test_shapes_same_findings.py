"""The same facts give the same findings, whatever shape and format they come in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import command_line
import file_writers as write
from register_facts import (
    FAMILIES,
    HOUSE,
    HOUSES,
    OF_THE_SHAPE,
    OWN,
    PEOPLE,
    PERSON,
    ROWS,
    WIDE,
    Grid,
    as_text,
    check,
    expected,
    found,
    grid,
    houses,
    people,
    wide,
)

ABOVE: Grid = [["建档立卡贫困户信息"], ["导出日期：2019-12-31    金额单位：元"]]
SHAPES: dict[str, tuple[Callable[[Path], Any], frozenset[str]]] = {}


def shape(*, without: set[str] | None = None) -> Any:
    """Register a function that writes one shape; `without` are the fields it lacks."""

    def add(make: Callable[[Path], Any]) -> Callable[[Path], Any]:
        SHAPES[make.__name__] = (make, OWN - (without or set()))
        return make

    return add


# ---- exports: one row per person ----


@shape()
def export_with_header_in_row_3(at: Path) -> Any:
    return write.xlsx(
        at / "（自定义）信息_20191231 (22).xlsx", {"Sheet1": as_text([*ABOVE, *wide()])}
    )


@shape()
def export_with_top_rows_deleted(at: Path) -> Any:
    return write.xlsx(at / "a.xlsx", {"导出工作表": wide()})


@shape()
def older_list_with_running_number_xlsx(at: Path) -> Any:
    return write.xlsx(at / "a.xlsx", {"Sheet1": _numbered(wide())})


@shape()
def older_list_with_running_number_xls(at: Path) -> Any:
    return write.xls(at / "20191231080000_001.xls", {"贫困人口名单 ": as_text(_numbered(wide()))})


@shape()
def columns_in_another_order(at: Path) -> Any:
    return write.xlsx(at / "a.xlsx", {"S": [line[::-1] for line in wide()]})


def _numbered(lines: Grid) -> Grid:
    return [[n or "序号", *line] for n, line in enumerate(lines)]


# ---- households and persons apart ----


@shape()
def two_sheets_members_first(at: Path) -> Any:
    return write.xlsx(
        at / "a.xlsx", {"家庭成员 ": people(), "说明": [["填表说明"]], "户 ": houses()}
    )


@shape()
def two_files_of_two_formats(at: Path) -> Any:
    write.xls(at / "贫困户基本信息.xls", {"贫困户基本信息 ": houses()})
    write.delimited(at / "成员.csv", people(), "gbk")
    return [at / "成员.csv", at / "贫困户基本信息.xls"]


@shape()
def members_under_the_heads_name(at: Path) -> Any:
    headers = {("户主姓名" if f == "姓名" else f): f for f in PERSON if f != "人口编号"}
    return write.xlsx(
        at / "a.xlsx", {"贫困户基本信息 ": houses(), "家庭成员 ": grid(PEOPLE, headers)}
    )


@shape()
def linked_by_name_and_id_of_the_head(at: Path) -> Any:
    heads = {h["户编号"]: f[0]["证件号码"] for h, f in zip(HOUSES, FAMILIES)}
    rows = [{**r, "户主证件号码": heads[r["户编号"]]} for r in ROWS]
    keyless = [f for f in HOUSE if f != "户编号"]
    own = ["户主姓名", "户主证件号码", *PERSON[2:]]
    ab01 = grid(rows, {"户主身份证号" if f == "户主证件号码" else f: f for f in own})
    once = [{**h, "户主证件号码": heads[h["户编号"]]} for h in HOUSES]
    ac01 = grid(once, [*keyless, "户主证件号码"])
    return [
        write.xlsx(at / "AC01.xlsx", {"AC01": ac01}),
        write.xlsx(at / "AB01.xlsx", {"AB01": ab01}),
    ]


# ---- templates ----

TEMPLATE = {
    "*搬迁人员姓名 ": "姓名", "*搬迁人员\n身份证号": "证件号码", "与户主关系：": "与户主关系",
    "民族": "民族", "A12文化程度": "文化程度", "健康状况": "健康状况",
    "家庭人口数（人）": "家庭人口数", "♦人均纯收入(元)": "人均纯收入", "脱贫属性": "脱贫属性",
    "户编号": "户编号", "户主": "户主姓名",
}  # fmt: skip


@shape()
def template_with_title_and_instructions(at: Path) -> Any:
    head, *body = grid(ROWS, TEMPLATE)
    lines = [
        ["搬迁人员信息表"],
        ["填表说明：1.本表由乡镇填写\n2.逐人填写\n3.金额以元为单位"],
        head,
        [],
        *body,
    ]
    merges = ["A1:K1", "A2:K2", *(f"{c}3:{c}4" for c in "ABCDEFGHIJK")]
    return write.xlsx(at / "a.xlsx", {"azdqyry": lines}, merges)


@shape()
def template_with_two_level_header(at: Path) -> Any:
    fields = ["户编号", "姓名", "证件号码", "与户主关系", "文化程度", "户主姓名", "家庭人口数",
              "人均纯收入", "联系电话"]  # fmt: skip
    body = grid([{**r, "联系电话": r["户联系电话"]} for r in ROWS], fields)
    groups = ["户编号", "家庭成员", "", "", "", "搬迁户户主信息", "", "收入情况", ""]
    leaves = [
        "",
        "姓名",
        "身份证号",
        "与户主关系",
        "文化程度",
        "姓名",
        "人口数",
        "人均纯收入",
        "联系电话",
    ]
    lines = [["花名册"], ["填表说明：略"], groups, leaves, *body[1:]]
    merges = ["A1:I1", "A2:I2", "A3:A4", "B3:E3", "F3:G3", "H3:I3"]
    return write.xlsx(at / "a.xlsx", {"yxsfb": lines}, merges)


@shape()
def template_with_three_level_header(at: Path) -> Any:
    fields = ["户编号", "姓名", "证件号码", "与户主关系", "文化程度", "家庭人口数", "人均纯收入"]
    top = ["户编号", "成员情况", "", "", "", "户情况", "", "培训情况", ""]
    middle = ["", "姓名", "证件号码", "与户主关系", "文化程度", "家庭人口数", "人均纯收入",
              "农业实用技术培训", ""]  # fmt: skip
    low = [*[""] * 7, "培训时间", "培训内容"]
    body = [[*line, "2019年", "养蜂"] for line in grid(ROWS, fields)[1:]]
    lines = [["培训花名册"], ["填表说明：略"], top, middle, low, *body]
    merges = ["A1:I1", "A2:I2", "A3:A5", "B3:E3", "F3:G3", "H3:I3", "H4:I4",
              *(f"{c}4:{c}5" for c in "BCDEFG")]  # fmt: skip
    return write.xlsx(at / "a.xlsx", {"nyfzzc": lines}, merges)


# ---- hand-made lists ----


@shape()
def merged_down_number_and_head(at: Path) -> Any:
    fields = ["户编号", "户主姓名", *PERSON[2:], "家庭人口数", "人均纯收入"]
    lines, merges, row = [[*fields]], [], 2
    for family in FAMILIES:
        first, *rest = grid(family, fields)[1:]
        lines += [first, *([None, None, *line[2:-2], None, None] for line in rest)]
        if rest:
            merges += [f"{c}{row}:{c}{row + len(rest)}" for c in "ABLM"]
        row += len(family)
    assert len(fields) == 13
    return write.xlsx(at / "a.xlsx", {"S": lines}, merges)


@shape()
def number_on_the_first_row_only(at: Path) -> Any:
    fields = ["户编号", "户主姓名", *PERSON[2:], "家庭人口数", "人均纯收入"]
    lines: Grid = [[*fields]]
    for family in FAMILIES:
        first, *rest = grid(family, fields)[1:]
        lines += [first, *([None, None, *line[2:-2], None, None] for line in rest)]
    return write.xlsx(at / "a.xlsx", {"S": lines})


@shape()
def no_number_only_order_of_heads(at: Path) -> Any:
    fields = [*PERSON[2:], "家庭人口数", "人均纯收入"]
    return write.xlsx(at / "a.xlsx", {"S": grid(ROWS, fields)})


@shape()
def totals_notes_signatures_and_repeated_header(at: Path) -> Any:
    head, *body = wide()
    size = list(WIDE).index("人数")
    total: list[Any] = ["合计", *[None] * (size - 1), 12]
    lines = [head, *body[:4], [], ["小计", *total[1:]], head, *body[4:], total, [],
             ["说明：本表由行政村采集。"],
             ["填表人：某某", None, "审核人：某某", None, "2019年12月31日"]]  # fmt: skip
    return write.xlsx(at / "a.xlsx", {"S": lines})


@shape()
def the_same_header_twice(at: Path) -> Any:
    more = ["耕地面积", "林地面积", "其他", "牛", "羊", "其他", "风险是否已消除", "风险是否已消除0"]
    head, *body = houses()
    lines = [[*head, *more], *([*line, 1, 2, 3, 0, 0, 4, None, None] for line in body)]
    return write.xlsx(at / "a.xlsx", {"生产生活": lines, "家庭成员 ": people()})


@shape(without={"家庭人口数", "人均纯收入"})
def card_per_household(at: Path) -> Any:
    columns = ["姓名", "性别", "与户主关系", "证件号码", "民族", "文化程度", "健康状况", "劳动技能",
               "务工状况", "务工时间", "户联系电话", "备注"]  # fmt: skip
    second = ["家庭类型", "门牌", "农户星级", "家庭住房情况", None, "承包土地情况", None,
              "主要收入来源", None, "户情状态"]  # fmt: skip
    for n, family in enumerate(FAMILIES, start=1):
        head, *body = grid(family, {("联系电话" if c == "户联系电话" else c): c for c in columns})
        lines = [["   一组农户信息卡"], [], head, *body, *([[]] * (10 - len(body))), second,
                 ["一般农户", "12号", "三星", "砖混", None, "3亩", None, "务工", None, "正常"],
                 ["家庭情况：长年在外务工，收入稳定。"], [], ["说明：本卡一户一张。"]]  # fmt: skip
        merges = ["A1:L1", "D14:E14", "F14:G14", "H14:I14", "A16:L16", "A18:L18"]
        write.xlsx(at / f"一组{n}号.xlsx", {"Sheet1": lines}, merges)
    return at


# ---- formats ----


@shape()
def csv_gbk(at: Path) -> Any:
    return write.delimited(at / "a.csv", wide(), "gbk")


@shape()
def csv_utf8_with_bom_and_semicolons(at: Path) -> Any:
    return write.delimited(at / "a.csv", wide(), "utf-8-sig", ";")


@shape()
def csv_utf8_with_bars(at: Path) -> Any:
    return write.delimited(at / "a.csv", [*ABOVE, *wide()], "utf-8", "|")


@shape()
def csv_utf16_with_tabs(at: Path) -> Any:
    return write.delimited(at / "a.tsv", wide(), "utf-16", "\t")


@shape()
def csv_with_guarded_values(at: Path) -> Any:
    return write.delimited(at / "a.csv", wide(), "gb18030", guard=True)


@shape()
def open_document(at: Path) -> Any:
    return write.ods(at / "a.ods", {"户": houses(), "成员": people()})


@shape()
def binary_workbook(at: Path) -> Any:
    return write.xlsb(at / "a.xlsb", [*ABOVE, *wide()])


@shape()
def parquet(at: Path) -> Any:
    return write.parquet(at / "a.parquet", wide())


@shape()
def folder_of_everything(at: Path) -> Any:
    (at / "户").mkdir()
    write.xlsx(at / "户" / "户.xlsx", {"户 ": houses()})
    write.delimited(at / "成员1.csv", people()[:5], "gbk")
    write.parquet(at / "成员2.parquet", [people()[0], *people()[5:]])
    (at / "读我.txt").write_text("不是表格", encoding="utf-8")
    return at


@shape()
def zip_of_everything(at: Path) -> Any:
    files = [
        write.xlsx(at / "户.xlsx", {"户 ": houses()}),
        write.ods(at / "成员1.ods", {"成员": people()[:5]}),
        write.delimited(at / "成员2.csv", [people()[0], *people()[5:]], "utf-8-sig"),
    ]
    return write.archive(at / "上报.zip", files)


@pytest.mark.parametrize("name", SHAPES)
def test_findings_are_those_of_the_facts(name: str, tmp_path: Path) -> None:
    make, fields = SHAPES[name]
    paths = make(tmp_path)
    result = check(*(paths if isinstance(paths, list) else [paths]))
    assert found(result) == expected(fields)
    _cells_hold_what_is_told(result)


def _cells_hold_what_is_told(result: Any) -> None:
    """The blamed cell, looked up by its address, holds the fault itself."""
    wrong = {"ID004": "证件号码", "FM003": "文化程度", "IC208": "人均纯收入"}
    facts = {r["姓名"]: r for r in ROWS}
    who = dict(found(result))
    for hits in result.findings.hits:
        if hits.rule in wrong and hits.rule not in OF_THE_SHAPE:
            cell = result.dataset.raw_value(hits.table, int(hits.rows[0]), wrong[hits.rule])
            assert str(cell).removesuffix(".0") == str(facts[who[hits.rule]][wrong[hits.rule]])


def test_what_was_decided_without_a_header_is_told(tmp_path: Path) -> None:
    done = command_line.check(no_number_only_order_of_heads(tmp_path))
    assert "没有户编号列，按户主顺序分出 6 户" in done.out


def test_a_person_whose_head_is_not_named_is_given_to_no_household(tmp_path: Path) -> None:
    ac01, ab01 = linked_by_name_and_id_of_the_head(tmp_path)
    book = openpyxl.load_workbook(ab01)
    book["AB01"]["B3"] = None
    book.save(ab01)
    members = check(ac01, ab01).dataset.tables["member"].frame
    keys = dict(zip(members["姓名"], members["户编号"]))
    assert keys["陈大山"] == keys["陈小明"]
    assert list(keys.values()).count(keys["李春花"]) == 1
