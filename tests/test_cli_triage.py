"""What hangs on a finding, what it follows from, and whom to go to first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

import file_writers as write
from command_line import run

FIELDS = (
    "县", "乡", "村", "户编号", "户主姓名", "户联系电话", "家庭人口数", "脱贫属性", "脱贫年度",
    "工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出", "纯收入",
    "人均纯收入",
)  # fmt: skip
RULES = "IC201,IC202,IC209,IC210,IC235,EX001,CT031"
FINE = {
    "县": "商州区", "乡": "沙河镇", "村": "王村", "户主姓名": "张三", "户联系电话": "13800000000",
    "家庭人口数": 2, "脱贫属性": "已脱贫", "脱贫年度": 2018, "工资性收入": 9000,
    "生产经营性收入": 2000, "财产性收入": 0, "转移性收入": 1000, "生产经营性支出": 1000,
    "纯收入": 11000, "人均纯收入": 5500,
}  # fmt: skip


def house(number: int, **other: Any) -> dict[str, Any]:
    return {**FINE, "户编号": f"611002000000000{number}", **other}


HOUSES = [
    house(1),
    house(2, 户联系电话="123", 村="李村"),
    # 100 yuan in doubt, far from the line of 3218
    house(3, 人均纯收入=5550),
    # no amount anywhere, and marked as exiting this year: the exit rests on nothing
    house(4, 工资性收入=0, 生产经营性收入=0, 转移性收入=0, 生产经营性支出=0, 纯收入=0, 人均纯收入=0,
          脱贫年度=2019),
    # costs left out: 2000 of 7000; over the line only without them
    house(5, 村="李村", 工资性收入=4000, 生产经营性支出=0, 纯收入=7000, 人均纯收入=3500),
    # the two findings stand on one cell, the net income
    house(6, 纯收入=12000),
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    grid = [list(FIELDS), *([h.get(f) for f in FIELDS] for h in HOUSES)]
    return write.xlsx(tmp_path / "户.xlsx", {"户信息": grid})


def found(file: Path, *more: str) -> list[dict[str, Any]]:
    done = run("check", file, "--as-of", "2019", "--region", "", "--select", RULES,
               "--format", "json", *more)  # fmt: skip
    return done.json["findings"]


def short(findings: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(f["household"][-1], f["rule"]) for f in findings]


def test_households_at_stake_come_first_then_village_by_village_by_what_settles_them(
    file: Path,
) -> None:
    assert short(found(file)) == [
        ("5", "IC210"),  # the exit hangs on it
        ("3", "IC201"), ("6", "IC201"), ("6", "IC202"),  # 王村: papers
        ("4", "IC235"), ("4", "EX001"),  # 王村: a visit; the cause before what follows
        ("2", "CT031"),  # 李村: a call
    ]  # fmt: skip


def test_stakes_say_line_income_doubt_and_whether_the_judgement_flips(file: Path) -> None:
    told = {(f["household"][-1], f["rule"]): f["stakes"] for f in found(file)}
    line = {"line": 3218.0, "line_name": "当年标准线"}
    assert told["5", "IC210"] == {**line, "per_head": 3500.0, "doubt": 2000.0, "flips": True}
    assert told["3", "IC201"] == {**line, "per_head": 5550.0, "doubt": 100.0, "flips": False}
    assert told["2", "CT031"] is None


def test_a_doubt_that_reaches_the_line_exactly_flips_only_where_equal_is_not_enough(
    tmp_path: Path,
) -> None:
    exact = {"工资性收入": 5436, "生产经营性收入": 1000, "转移性收入": 0, "生产经营性支出": 0}
    at_line = house(1, **{**exact, "工资性收入": 6436, "纯收入": 7436, "人均纯收入": 3718})
    grid = [list(FIELDS), [at_line.get(f) for f in FIELDS]]
    (one,) = found(write.xlsx(tmp_path / "a.xlsx", {"户信息": grid}))
    assert (one["stakes"]["doubt"], one["stakes"]["flips"]) == (1000.0, True)
    above = {**at_line, "纯收入": 7438, "工资性收入": 6438, "人均纯收入": 3719}
    grid = [list(FIELDS), [above.get(f) for f in FIELDS]]
    (one,) = found(write.xlsx(tmp_path / "b.xlsx", {"户信息": grid}))
    assert one["stakes"]["flips"] is False


def test_without_a_line_nobody_says_whether_it_flips(file: Path) -> None:
    done = run("check", file, "--as-of", "2022", "--region", "", "--select", "IC201",
               "--format", "json")  # fmt: skip
    assert {(f["stakes"]["line"], f["stakes"]["flips"]) for f in done.json["findings"]} == {
        (None, None)
    }


def test_what_follows_names_the_finding_it_follows_from(file: Path) -> None:
    findings = {(f["household"][-1], f["rule"]): f for f in found(file)}
    root = findings["6", "IC201"]
    assert root["because_of"] is None
    assert findings["6", "IC202"]["because_of"] == root["fingerprint"]
    assert findings["4", "EX001"]["because_of"] == findings["4", "IC235"]["fingerprint"]


def test_a_root_that_is_not_shown_explains_nothing(file: Path) -> None:
    shown = found(file, "--severity", "error")
    assert [f["because_of"] for f in shown if f["rule"] == "EX001"] == [None]


def test_the_list_says_it_in_words_and_counts_the_errands(file: Path) -> None:
    run("check", file, "--as-of", "2019", "--region", "", "--select", RULES, "-q")
    book = openpyxl.load_workbook(file.with_suffix(".疑点清单.xlsx"))
    rows = list(book["疑点清单"].iter_rows(min_row=4, values_only=True))
    told = {(row[3][-1], row[13]): row[9] for row in rows}
    assert told["5", "IC210"].startswith("【先查】")
    assert "存疑 2,000 元" in told["5", "IC210"]
    number = next(row[0] for row in rows if (row[3][-1], row[13]) == ("6", "IC201"))
    assert f"与疑点 {number} 同在“纯收入”一格" in told["6", "IC202"]
    assert "引起，先解决那一条" in told["4", "EX001"]
    page = [list(row) for row in book["汇总"].iter_rows(values_only=True)]
    (first,) = [row for row in page if row[1] and "6110020000000005" in str(row[1]) and row[3]]
    assert first[2:5] == [3500, 3218, 2000]
    head = next(i for i, row in enumerate(page) if row[0] == "乡镇" and row[4] == "要入户")
    assert [row[:5] for row in page[head + 1 : head + 3]] == [
        ["沙河镇", "王村", 2, 0, 1], ["沙河镇", "李村", 0, 2, 0],
    ]  # fmt: skip


def test_the_screen_names_them_masked(file: Path) -> None:
    done = run("check", file, "--as-of", "2019", "--region", "", "--select", RULES, "--no-xlsx")
    assert "先查这些户" in done.out
    assert "6110020000000005  张*  人均 3,500  当年标准线 3,218  存疑 2,000" in done.out
    assert "查台账就能办的 2 户，要打电话的 2 户，要入户的 1 户" in done.out
