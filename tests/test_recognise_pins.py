from __future__ import annotations

from typing import Any

import pytest

from fupin_audit.errors import InputError, UsageError
from fupin_audit.recognise import load_pins, recognise
from fupin_audit.recognise.explain import explain
from recognise_factory import IDS, fields, one, pack, sheet

GRID = [["家号", "谁", "号码", "关系", "钱（万元）", "联系电话"],
        ["1101010001", "甲", IDS[0], "户主", 0.5, "13800000000"],
        ["1101010001", "乙", IDS[1], "配偶", 0.5, "13900000000"]]  # fmt: skip


def test_pins_by_header_letter_and_file() -> None:
    pins = load_pins(
        {
            "家号": "户编号",
            "*.xls?": {"sheet": "Sheet1", "table": "member", "header_rows": [1],
                       "columns": {"B": "姓名", "C列": "证件号码", "E": "人均纯收入"},
                       "关系": "与户主关系", "联系电话": "家庭成员联系电话",
                       "code_sets": {"性别": "national"}},
            "other.xlsx": {"家号": "自然村"},
        },
        "map.yaml",
    )  # fmt: skip
    found = one(sheet(GRID), *pins)
    assert (found.table, found.also) == ("member", ("household",))
    assert {m.how for m in found.matches.values()} == {"map"}
    assert found.matches["household", "人均纯收入"].factor == 10_000
    assert fields(found)["member.家庭成员联系电话"] == "联系电话"
    assert found.code_sets == {"性别": "national"}


def test_a_pin_beats_the_header_and_may_leave_a_column_out() -> None:
    head = ["户编号", "户主姓名", "家庭人口数", "人数", "人均纯收入"]
    raw = sheet([head, ["1101010001", "甲", 2, 3, 5000]])
    found = one(raw, *load_pins({"人数": "家庭人口数", "E": ""}, "map.yaml"))
    assert found.matches["household", "家庭人口数"].column == 3
    assert [d.column for d in found.duplicates] == [2]
    assert found.unmatched == [("人均纯收入", "E1")]
    assert found.reasons["E1"]


def test_a_pin_for_a_column_that_is_not_there_is_said() -> None:
    raw = sheet([["户编号", "户主姓名", "家庭人口数"], ["1101010001", "甲", 2]])
    assert any("没有的列" in n for n in one(raw, *load_pins({"没有的列": "纯收入"}, "m")).notes)


@pytest.mark.parametrize(
    ("mapping", "hint"),
    [
        ({"人数": "家庭人数口"}, "家庭人口数"),
        ({"a.xlsx": {"tabel": "member"}}, "table"),
        ({"a.xlsx": {"table": "membre"}}, "member"),
        ({"a.xlsx": {"header_rows": "三"}}, ""),
        ({"a.xlsx": {"header_rows": [1, 3]}}, ""),
        ({"a.xlsx": {"columns": ["A"]}}, ""),
        ({"a.xlsx": {"人数": 3}}, ""),
        ({"人数": 3}, ""),
        ({"a.xlsx": {"code_sets": {"性别": "nationel"}}}, "national"),
    ],
)
def test_wrong_pins_are_refused_with_the_nearest_name(mapping: dict[str, Any], hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        recognise([sheet(GRID)], pack(), pins=load_pins(mapping, "map.yaml"))
    assert caught.value.where.startswith("map.yaml")
    assert hint in caught.value.hint


def test_header_rows_outside_the_sheet() -> None:
    with pytest.raises(InputError):
        recognise([sheet(GRID)], pack(), pins=load_pins({"header_rows": 9}, "map.yaml"))


def test_explain_says_all_and_shows_no_data() -> None:
    head = [
        "户编号",
        "户主姓名",
        "家庭人口数",
        "人均纯收入(万元)",
        "2018人均纯收入",
        "家庭人数",
        "主要至贫原因",
        "住房是否安全",
    ]
    raw = sheet([head, ["1101010001", "甲甲甲", 2, 0.5, 4000, 2, "因病", "是"], ["合计", None, 2]])
    lines = explain(recognise([raw, sheet([], name="空")], pack()), pack())
    seen = {line.what for line in lines}
    assert {"sheet", "column", "last_year", "duplicate", "unmatched", "proposal", "missing",
            "set_aside", "skipped"} <= seen  # fmt: skip
    text = "\n".join(f"{line.header} {line.field} {line.text}" for line in lines)
    assert "乘 10000" in text
    assert "问法相反" in text
    assert "甲甲甲" not in text
