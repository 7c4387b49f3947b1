"""HH022: totals rows that agree with no stretch of the rows they stand with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import file_writers as write
from fupin_audit import api

Grid = list[list[Any]]
HEAD = ["村", "户编号", "户主姓名", "家庭人口数", "耕地面积（亩）", "人均纯收入", "年收入"]
A = ["东岳村", "6110020010001", "张大山", 4, 3.5, 5200, 20800]
B = ["东岳村", "6110020010002", "李有田", 3, 2.25, 6100, 18300]
C = ["西岳村", "6110020010003", "王桂香", 2, None, 7000, 14000]


def told(at: Path, grid: Grid, **sheets: Grid) -> list[str]:
    book = write.xlsx(at / "a.xlsx", {"S": grid, **sheets})
    result = api.check(book, as_of=date(2019, 12, 31), region="", select=["HH022"])
    return [cells[0] for h in result.findings.hits for cells in h.cells]


@pytest.mark.parametrize(
    "total",
    [
        ["合计", None, None, 9, 5.75, 6100, 53100],
        ["合 计", "3户", None, "9人", "5.75亩", None, "5.31万元"],
        ["合计：3户9人", None, None, 9, 5.75, 0, 53100],
        ["平均", None, None, 3, 1.92, 6100, 17700],
        ["合计", None, None, None, None, None, None],
    ],
)
def test_a_right_total_is_no_finding(tmp_path: Path, total: list[Any]) -> None:
    assert told(tmp_path, [HEAD, A, B, C, total]) == []
    assert told(tmp_path, [HEAD, total, A, B, C]) == []


def test_every_wrong_figure_is_one_finding(tmp_path: Path) -> None:
    total = ["合计", "4户", None, 10, 5.95, 1, 53100]
    assert told(tmp_path, [HEAD, A, B, C, total]) == ["B5", "D5", "E5"]


def test_subtotals_and_what_covers_them(tmp_path: Path) -> None:
    lines = [
        HEAD, A, B, ["小计", None, None, 7, 5.75, None, 39100],
        C, ["小计", None, None, 2, 0, None, 14000],
        ["合计", None, None, 9, 5.75, None, 53100],
    ]  # fmt: skip
    assert told(tmp_path, lines) == []
    lines[5] = ["小计", None, None, 3, 0, None, 14000]
    assert told(tmp_path, lines) == ["D6"]


def test_subtotals_above_their_rows(tmp_path: Path) -> None:
    lines = [
        HEAD, ["合计", None, None, 9, 5.75, None, 53100],
        ["东岳村小计", None, None, 7, 5.75, None, 39100], A, B,
        ["西岳村小计", None, None, 2, None, None, 14000], C,
    ]  # fmt: skip
    assert told(tmp_path, lines) == []


def test_a_total_over_the_sheets_of_a_file(tmp_path: Path) -> None:
    last = [HEAD, C, ["总计", None, None, 9, 5.75, None, 53100]]
    assert told(tmp_path, [HEAD, A, B], T=last) == []


def test_household_figures_on_every_members_row_count_once(tmp_path: Path) -> None:
    head = ["户编号", "姓名", "证件号码", "与户主关系", "家庭人口数", "年收入"]
    rows = [
        [A[1], "张大山", "611002198001010010", "户主", 2, 20800],
        [A[1], "李小梅", "611002198606010021", "配偶", 2, 20800],
        [B[1], "李有田", "611002197006150018", "户主", 1, 18300],
    ]
    assert told(tmp_path, [head, *rows, ["合计", "3人", "2户", None, 3, 39100]]) == []
    assert told(tmp_path, [head, *rows, ["合计", None, None, None, 5, 59900]]) == []
    wrong = ["合计", "4人", "3户", None, 4, 39100]
    assert told(tmp_path, [head, *rows, wrong]) == ["B5", "C5", "E5"]


def test_a_row_that_cannot_be_read_leaves_the_sum_open(tmp_path: Path) -> None:
    doubtful = ["西岳村", "6110020010003", "王桂香", "约两人", None, 7000, 14000]
    total = ["合计", None, None, 10, 5.75, None, 53100]
    assert told(tmp_path, [HEAD, A, B, doubtful, total]) == []


def test_villages_add_up_too(tmp_path: Path) -> None:
    head = ["县", "乡", "村", "总户数", "总人口数", "贫困发生率"]
    rows = [["商州区", "甲乡", "东村", 100, 400, "1.5%"], ["商州区", "甲乡", "西村", 80, 300, "2%"]]
    assert told(tmp_path, [head, *rows, ["合计", None, None, 180, 700, "1.71%"]]) == []
    assert told(tmp_path, [head, *rows, ["合计", None, None, 180, 720, "1.71%"]]) == ["E4"]
