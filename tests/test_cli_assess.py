"""`assess` on the command line: codes, formats, masks."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import file_writers as write
from command_line import Outcome, run
from test_assess_places import HOUSEHOLDS, SHEETS

FINE = [
    ["户编号", "户主姓名", "家庭人口数", "脱贫属性", "脱贫年度", "人均纯收入", "吃是否不愁",
     "穿是否不愁",
     "是否危房户", "是否解决安全饮用水", "贫困户属性"],
    ["6110020001", "张小明", 2, "已脱贫", 2019, 6000, "是", "是", "否", "是", "一般贫困户"],
]  # fmt: skip
MEMBERS = [
    ["户编号", "人口编号", "姓名", "与户主关系", "出生日期", "在校生状况", "文化程度", "劳动技能",
     "义务教育阶段未上学原因", "是否参加城乡居民基本医疗保险"],
    ["6110020001", "1", "张小明", "户主", "19800101", None, "初中", "普通劳动力", None, "是"],
]  # fmt: skip


@pytest.fixture
def fine(tmp_path: Path) -> Path:
    return write.xlsx(tmp_path / "好.xlsx", {"户": FINE, "人": MEMBERS})


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return write.xlsx(tmp_path / "全县.xlsx", SHEETS)


def assess(*arguments: object) -> Outcome:
    return run("assess", *arguments, "--as-of", "2019", "--region", "")


def test_all_met_leaves_with_0_and_something_not_met_with_1(fine: Path, county: Path) -> None:
    done = assess(fine, "--fail-on", "warning")
    assert (done.code, done.err) == (0, "")
    assert "达标户" in done.out
    assert assess(county).code == 1
    assert assess(county, "--fail-on", "never").code == 0


def test_names_are_masked_on_the_screen_unless_revealed(county: Path) -> None:
    assert "王*" in assess(county).out
    assert "王五" not in assess(county).out
    assert "王五" in assess(county, "--reveal").out


@pytest.mark.parametrize("level", ["household", "village", "county"])
def test_every_level_speaks_both_languages(county: Path, level: str) -> None:
    zh = assess(county, "--level", level).out
    en = assess(county, "--level", level, "--lang", "en").out
    assert "认定结果" in zh
    assert "Result" in en
    assert "缺项" not in en


def test_json_says_every_answer_with_its_reason(county: Path) -> None:
    told = assess(county, "--format", "json").json
    assert told["format"] == "fupin-audit.assess/1"
    assert told["masked"] is True
    poor = next(s for s in told["subjects"] if s["household"] == "6110020003")
    assert poor["head"] == "王*"
    assert poor["class"] == "lacking"
    assert poor["criteria"]["income"]["answer"] == "unmet"
    assert "2000.00 元" in poor["criteria"]["income"]["reason"]
    assert poor["criteria"]["food"] == {"answer": "unknown", "reason": "缺列：吃是否不愁"}
    assert poor["income"]["distance"] == 2000 - 3218
    counts = {c["id"]: c["count"] for c in told["classes"]}
    assert sum(counts.values()) == len(told["subjects"]) == 3
    assert "subjects" not in assess(county, "--format", "json", "--statistics").json


def test_the_workbook_stands_beside_the_input_and_holds_every_household(county: Path) -> None:
    done = assess(county, "--format", "xlsx")
    target = county.with_name("全县.认定表.xlsx")
    assert str(target) in done.out
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["汇总", "逐户认定", "程序 贫困户退出", "判定口径"]
    rows = [
        [c for c in row if c is not None] for row in book["逐户认定"].iter_rows(values_only=True)
    ]
    assert len(rows) == 3 + len(HOUSEHOLDS) - 1
    assert {"张三", "李四", "王五"} <= {cell for row in rows for cell in row}


def test_the_workbook_of_a_county_holds_indicators_and_figures(
    county: Path, tmp_path: Path
) -> None:
    target = tmp_path / "县.xlsx"
    assess(county, "--level", "county", "--format", "xlsx", "--out", target, "-q")
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["汇总", "逐县指标", "填报与重算", "判定口径"]
    rows = [list(row) for row in book["逐县指标"].iter_rows(min_row=4, values_only=True)]
    assert rows[1][1:4] == ["错退率低于上限", 5, 2]
    assert rows[1][5] == "未达到"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--level", "town"), 2, "--level 不能是"),
        (("--format", "csv"), 2, "--format 不能是"),
        (("--line", "0"), 2, "--line 要大于 0"),
        (("--without", "没有这项"), 2, "没有“没有这项”这一项"),
        (("--level", "county"), 3, "没有认出“县级指标”表"),
    ],
)
def test_a_slip_is_told_with_its_code(
    fine: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = assess(fine, *arguments)
    assert done.code == code
    assert said in done.err


def test_the_input_is_never_written_over(county: Path) -> None:
    before = county.read_bytes()
    done = assess(county, "--format", "xlsx", "--out", county)
    assert done.code == 2
    assert county.read_bytes() == before


@pytest.mark.parametrize("what", ["income", "household", "village", "county"])
def test_what_is_in_force_can_be_read(what: str) -> None:
    done = run("rules", "show", what, "--as-of", "2019", "--region", "61")
    assert done.code == 0
    assert f"judgement/{what}.yaml" in done.out
    assert "参数" in done.out
