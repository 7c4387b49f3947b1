from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_audit.model.sheet import CellError
from recognise_factory import IDS, aside, one, rows, sheet

HEAD = ["序号", "户编号", "姓名", "证件号码", "与户主关系", "健康状况", "联系电话"]


def member(i: int, relation: str = "户主", **cells: Any) -> list[Any]:
    line = {"序号": i, "户编号": f"110101000{i}", "姓名": f"人{i}", "证件号码": IDS[i],
            "与户主关系": relation, "健康状况": "健康", "联系电话": "13800000000"}  # fmt: skip
    return list((line | cells).values())


DATA = [member(i) for i in range(4)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ([], "blank"),
        (["  ", "\u3000"], "blank"),
        (["合计", None, 4], "total"),
        ([None, "小  计", "4人"], "total"),
        ([None, None, "某村合计", None, None, None, 3], "total"),
        (["总计：4人"], "total"),
        (["说明：本表一式两份。"], "note"),
        (["注:1.户编号取自系统"], "note"),
        (["※ 带星号的必填"], "note"),
        (["填表人：某甲", None, None, "审核人：某乙", None, "日期：2019年12月1日"], "signature"),
        ([None, None, None, None, None, "（盖章）"], "signature"),
        ([None, None, None, None, None, "2019年12月1日"], "signature"),
        (["户主签字："], "signature"),
        (HEAD, "header"),
        ([5], "blank"),
    ],
)
def test_rows_that_are_not_data(line: list[Any], reason: str) -> None:
    found = one(sheet([["花名册"], [], HEAD, *DATA[:2], line, *DATA[2:]]))
    assert aside(found) == {6: reason}
    assert rows(found) == [4, 5, 7, 8]
    assert reason == "blank" or found.set_aside[0].text


@pytest.mark.parametrize(
    "line",
    [
        member(1, 姓名="合计"),
        member(1, 户编号="合计"),
        member(1, 证件号码=None, 姓名="计合"),
        member(1, 户编号=None, 证件号码=None, 姓名="小计", 健康状况=None, 联系电话=None),
        member(1, 证件号码=110101199202020000.0, 姓名=None, 与户主关系=None),
        [None, None, "某人", None, None, None, None],
        [None, None, None, IDS[1], None, None, None],
        [None, "1101010009", None, None, None, None, None],
    ],
)
def test_rows_of_people_are_never_dropped(line: list[Any]) -> None:
    found = one(sheet([HEAD, *DATA[:2], line, *DATA[2:]]))
    assert len(found.rows) == 5
    assert not found.set_aside


def test_page_breaks_repeat_title_group_and_header_rows() -> None:
    groups = ["", "户信息", "人员信息", "", "", "", ""]
    block: list[list[Any]] = [["某村花名册"], groups, HEAD]
    found = one(sheet([*block, *DATA[:2], [], *block, *DATA[2:], ["第2页"]]))
    assert aside(found) == {6: "blank", 7: "header", 8: "header", 9: "header", 12: "note"}
    assert rows(found) == [4, 5, 10, 11]


def test_row_of_column_numbers_under_the_header() -> None:
    found = one(sheet([HEAD, ["甲", 1, 2, 3, 4, 5, 6], *DATA]))
    assert aside(found) == {2: "header"}


def test_section_titles_merged_across_the_table() -> None:
    grid = [HEAD, ["一、东村"], *DATA[:2], ["二、西村"], *DATA[2:]]
    found = one(sheet(grid, merges=["A2:G2", "A5:G5"]))
    assert aside(found) == {2: "header", 5: "header"}


def test_trailing_blank_rows_are_not_rows() -> None:
    found = one(sheet([HEAD, *DATA, *([[]] * 50)]))
    assert not found.set_aside


def test_household_written_once_is_filled_down() -> None:
    lines = [["县", "村", *HEAD], ["某县", "东村", *member(0)],
             [None, None, *member(1, "配偶", 户编号=None)], [None, "西村", *member(2)],
             [None, None, *member(3, "之子", 户编号=None)]]  # fmt: skip
    assert set(one(sheet(lines)).filled_down) == {"户编号", "县", "村"}


def test_merged_household_cells_are_filled_down() -> None:
    lines = [HEAD, member(0), member(1, "配偶", 户编号=None), member(2)]
    assert one(sheet(lines, merges=["B2:B3"])).filled_down == ["户编号"]


def test_a_lone_blank_is_a_blank() -> None:
    lines = [HEAD, *[member(i, 户编号=f"11010100{n}") for n in range(5) for i in range(4)]]
    lines[7][1] = None
    assert one(sheet(lines)).filled_down == []


def test_year_columns() -> None:
    head = [
        "户编号",
        "户主姓名",
        "家庭人口数",
        "2017人均纯收入",
        "2018人均纯收入",
        "2016人均纯收入（元）",
    ]
    found = one(sheet([head, ["1101010001", "甲", 2, 5000, 6000, 4000]]))
    assert found.matches["household", "人均纯收入"].year == 2018
    assert found.last_year["household", "人均纯收入"].year == 2017
    assert found.unmatched == [("2016人均纯收入（元）", "F1")]
    assert "2016" in found.reasons["F1"]


def test_a_plain_column_is_the_current_year() -> None:
    head = ["年度", "户编号", "户主姓名", "2017人均纯收入", "人均纯收入", "2018人均纯收入"]
    found = one(sheet([head, ["2018", "1101010001", "甲", 5000, 6000, 6000]]))
    assert found.matches["household", "人均纯收入"].column == 4
    assert found.last_year["household", "人均纯收入"].column == 3
    assert [d.column for d in found.duplicates] == [5]


CELLS = [None, "", "  ", "合计", "户主", "某人", 1, 2.5, True, float("inf"), CellError("#N/A"),
         date(2019, 1, 1), IDS[0], "说明：略", "(((", "①", "2017", "A12", "=" * 300]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(CELLS), max_size=9), max_size=12),
    st.integers(0, 5),
    st.sampled_from([(), ("A1:G1",), ("B4:B9",), ("A9:G30",)]),
)
def test_every_row_below_the_header_is_data_or_listed(
    body: list[list[Any]], at: int, merges: tuple[str, ...]
) -> None:
    found = one(sheet([*body[:at], HEAD, member(0), *body[at:], member(1)], merges=merges))
    told = sorted([*found.rows.tolist(), *(a.row for a in found.set_aside)])
    assert told == list(range(found.header_rows[-1], found.raw.n_rows))


def test_hundred_thousand_rows_are_judged_by_distinct_value() -> None:
    found = one(sheet([HEAD, *DATA]))
    raw = found.raw
    for column in raw.columns:
        column.codes = np.concatenate([column.codes[:1], np.tile(column.codes[1:], 25_000)])
    raw.n_rows = 100_001
    assert len(one(raw).rows) == 100_000
