"""What people really type and do: nothing lands where it was not meant, nothing is lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import file_writers as write
from corrections_kit import HEAD, TRUE, Loop, change, columns, done, fill, lines
from fupin_audit.corrections.apply.typed import typed
from fupin_audit.packs.shapes import Field
from register_facts import HOUSE, HOUSES, PEOPLE, PERSON, ROWS, WIDE, grid


def _chosen(loop: Loop, rules: str) -> None:
    (loop.source / "fupin.toml").write_text(
        f'as_of = "2019-12-31"\nregion = ""\nselect = [{rules}]\n', encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("kind", "given", "present", "way", "made"),
    [
        ("money", "5700元", 4000, ("number", ""), 0.57),  # of a column in 万元
        ("money", "0.57", 4000, ("number", ""), 0.57),
        ("money", "约5000", 4000, ("number", ""), "约5000"),  # for the check to refuse
        ("integer", "３ 人", 2, ("number", ""), 3),
        ("date", 43586, "2019-01-01", ("text", "2019-01-01"), "2019-05-01"),
        ("date", "1966年5月4日", "1966-13-45", ("text", "1990-11-12"), "1966-05-04"),
        ("date", "1966年5月4日", "1966-11-12", ("text", "1990-1-12"), "1966-5-4"),
        ("month", datetime(2019, 5, 1), "2019.1", ("text", "2019.11"), "2019.5"),
        ("id_number", "'611002 19741216 912x", "1", ("text", ""), "61100219741216912X"),
        ("name", "张 三 ", "李四", ("text", ""), "张三"),
        ("code", "男性", "女", ("text", ""), "男"),
    ],
)
def test_what_is_typed_is_written_as_its_column_is(kind, given, present, way, made) -> None:
    unit = {"money": "万元", "integer": "人"}.get(kind, "")
    told = typed(given, Field(en="x", type=kind), [present], way, unit, {"男性": "男"}.get)
    assert (told.value, told.problem) == (made, "")


@pytest.mark.parametrize(
    ("kind", "given", "problem"),
    [
        ("month", 2019.1, "分不清是几月"),  # 2019.10 as a spreadsheet keeps it
        ("id_number", "改为611002197412169121", "号码以外的字"),
        ("phone", "13812345678（儿子）", "号码以外的字"),
        ("money", "/", "只有一个符号"),  # an empty cell by another name
        ("text", "'=1+1", "像公式"),
    ],
)
def test_what_cannot_be_meant_is_refused(kind, given, problem) -> None:
    told = typed(given, Field(en="x", type=kind), ["2019-05"], ("text", "2019-05"))
    assert problem in told.problem
    assert told.todo


def test_a_column_that_asks_the_opposite_is_answered_in_its_own_words(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    _chosen(loop, '"LV175"')
    wide = {("住房是否安全" if head == "危房户" else head): name for head, name in WIDE.items()}
    rows = [dict(row, 是否危房户="是") for row in ROWS]
    home = rows[0]["户编号"]
    for row in rows:
        if row["户编号"] == home:
            row["是否危房户"] = None
    write.xlsx(loop.register, {"名单": grid(rows, wide)})
    path = loop.make()
    sheet = openpyxl.load_workbook(path)["更正清单"]
    head, at = columns(sheet)
    assert sheet.cell(head + 1, at["字段"]).value == "住房是否安全（与“是否危房户”相反）"

    def answer(some: Any) -> None:
        some.cell(head + 1, at["处理结果"]).value = "已更正"
        some.cell(head + 1, at["更正值"]).value = "是"

    change(path, answer)
    told = loop.apply("--write", loop.folder / "out")
    assert told.code == 0, told.out + told.err
    assert lines(told)["LV175", "是否危房户"]["cleared"] is True
    grid_ = loop.cells(loop.folder / "out" / "名单.xlsx")
    column = next(row.index("住房是否安全") for row in grid_ if "住房是否安全" in row)
    assert {row[column] for row in grid_ if home in row} <= {"是", None}


def test_last_years_field_is_called_so_in_chinese(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    _chosen(loop, '"HH101"')
    wide = {**WIDE, "2018年人均纯收入": "上年"}
    wide["2019年人均纯收入"] = wide.pop("人均纯收入")
    rows = [dict(row, 上年=4000 + number) for number, row in enumerate(ROWS)]
    write.xlsx(loop.register, {"名单": grid(rows, wide)})
    path = loop.make()
    sheet = openpyxl.load_workbook(path)["更正清单"]
    head, at = columns(sheet)
    names = [sheet.cell(row, at["字段"]).value for row in range(head + 1, sheet.max_row + 1)]
    assert "上年的人均纯收入" in names
    row = head + 1 + names.index("上年的人均纯收入")

    def answer(some: Any) -> None:
        some.cell(row, at["处理结果"]).value = "已更正"
        some.cell(row, at["更正值"]).value = 4500

    change(path, answer)
    told = loop.apply()
    (made,) = [line for line in told.json["lists"][0]["lines"] if line["outcome"] == "applied"]
    assert made["field"] == "last_year.人均纯收入"
    assert made["reason"] == f"同一户有 {len(made['cells'])} 行写着这一项，一起改"


def test_every_open_line_says_why_and_what_is_added_below_is_no_answer(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    path = loop.make()

    def hand(sheet: Any) -> None:
        head, at = columns(sheet)
        sheet.cell(head + 1, at["备注"]).value = "全家外出"
        sheet.cell(head + 2, at["核实人"]).value = "王核"
        last = sheet.max_row
        sheet.cell(last + 2, at[HEAD]).value = "填表人：张三 13812345678"
        sheet.cell(last + 3, at["字段"]).value = "健康状况"
        sheet.cell(last + 3, at["更正值"]).value = "健康"
        sheet.cell(last + 4, at[HEAD]).value = "611002197412169121"
        sheet.cell(last + 4, at["处理结果"]).value = "已更正"

    change(path, hand)
    told = loop.apply()
    (one,) = told.json["lists"]
    waiting = [line["reason"] for line in one["lines"] if line["outcome"] == "unanswered"]
    assert sorted(set(waiting)) == [
        "只写了备注，没有填“处理结果”", "只写了核实人或日期，没有填“处理结果”", "没有填“处理结果”",
    ]  # fmt: skip
    refused = [line["reason"] for line in one["lines"] if line["outcome"] == "refused"]
    assert "这一行没有疑点编号" in refused
    assert "有 1 行没有疑点编号也没有答复，略过" in one["notes"]
    assert "13812345678" not in told.out
    assert "611002197412169121" not in told.out


def test_the_column_with_a_number_in_it_is_named(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    note = {"处理结果": "无法核实", "备注": "打过 13812345678，没人接"}
    fill(loop.make(), {("IC208", "人均纯收入"): note})
    told = lines(loop.apply())["IC208", "人均纯收入"]
    assert told["outcome"] == "refused"
    assert "“备注”" in told["reason"]


def test_a_corrected_number_closes_its_finding_as_corrected(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    _chosen(loop, '"HH021"')
    people = [dict(row) for row in PEOPLE]
    right = people[-1]["户编号"]
    people[-1]["户编号"] = right[:-3] + "999"
    write.xlsx(loop.register, {"户": grid(HOUSES, HOUSE), "成员": grid(people, PERSON)})
    fill(loop.make(), {("HH021", "户编号"): done(right)})
    told = loop.apply("--write", loop.folder / "out")
    assert lines(told)["HH021", "户编号"]["cleared"] is True, told.out
    assert loop.states() == {"HH021": "corrected"}  # not 记录已删除


def test_a_confirmation_of_a_value_that_changed_is_not_lost_in_silence(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    fill(loop.make(), {("IC208", "人均纯收入"): TRUE})
    rows = [dict(row) for row in ROWS]
    for row in rows:
        row["人均纯收入"] = -500 if row["人均纯收入"] == -300 else row["人均纯收入"]
    loop.write(rows)
    told = lines(loop.apply())["IC208", "人均纯收入"]
    assert (told["outcome"], "编号变了" in told["reason"]) == ("refused", True), told


def test_a_copied_sheet_may_be_applied_twice(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    path = fill(loop.make(), {("FM003", "文化程度"): done("小学")})
    book, copy = openpyxl.load_workbook(path), openpyxl.Workbook()
    for row in book["更正清单"].iter_rows(values_only=True):
        copy.active.append(row)
    path.unlink()
    copy.save(loop.lists / "交回.xlsx")
    assert loop.apply("--in-place").json["counts"]["已采用"] == 1
    again = lines(loop.apply())["FM003", "文化程度"]
    assert (again["outcome"], again["reason"]) == ("nothing", "原表里已经是这个值，不用再改")
