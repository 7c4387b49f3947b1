"""`clean --fix`: what follows from the sheet itself is put right, what does harm is not."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import file_writers as write
from command_line import Outcome, run
from register_facts import HOUSE, HOUSES, PEOPLE, PERSON, ROWS, WIDE, grid, number

INCOME = {**WIDE, "纯收入": "纯收入"}
"""The older list of persons with the net income, from which the income per head follows."""
FIXES, LOG = "修正记录", "清洗日志"


def rows(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the wide rows with sound incomes, some households (by their last two
    digits) changed on each of their rows."""
    made = []
    for row in ROWS:
        own = {**row, "纯收入": row["人均纯收入"] * row["家庭人口数"]}
        made.append({**own, **changes.get("户" + row["户编号"][-2:], {})})
    return made


def wide(path: Path, **changes: dict[str, Any]) -> Path:
    return write.xlsx(path, {"名单": grid(rows(**changes), INCOME)})


def fix(*arguments: object) -> Outcome:
    done = run("clean", *arguments, "--as-of", "2019", "--region", "")
    assert done.code == 0, done.err
    return done


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(path)
    return {s.title: [list(r) for r in s.iter_rows(values_only=True)] for s in book.worksheets}


def fixes(path: Path) -> list[dict[str, Any]]:
    head, *lines = sheets(path)[FIXES]
    return [dict(zip(head, line)) for line in lines]


def column(path: Path, sheet: str, field: str) -> list[Any]:
    head, *lines = sheets(path)[sheet]
    return [line[head.index(field)] for line in lines]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


WRONG = {"人均纯收入": 6137}  # 15411 over 3 people is 5137


def test_income_per_head_is_put_right_on_every_row_of_the_household(tmp_path: Path) -> None:
    file = wide(tmp_path / "名单.xlsx", 户01=WRONG)
    before, out = digest(file), tmp_path / "出.xlsx"
    done = fix(file, "-o", out, "--fix")
    assert "修正了 3 个单元格，撤回 0 处；疑点 6 → 5 条（按 2019-12-31 核对）" in done.out
    assert column(out, "户", "人均纯收入")[0] == 5137
    (one,) = [f for f in fixes(out) if f["字段"] == "人均纯收入"]
    assert one["单元格"] == "Y2、Y3、Y4"
    told = ("工作表", "户编号", "姓名", "原值", "新值", "依据规则", "级别", "结果")
    assert [one[name] for name in told] == [
        "名单", HOUSES[0]["户编号"], "陈大山", "6137", "5137", "IC201", "稳妥（safe）", "已修正",
    ]  # fmt: skip
    assert digest(file) == before


def test_households_in_a_sheet_of_their_own(tmp_path: Path) -> None:
    houses = [{**h, "纯收入": h["人均纯收入"] * h["家庭人口数"]} for h in HOUSES]
    houses[0]["人均纯收入"] = 6137
    book = {"户": grid(houses, [*HOUSE, "纯收入"]), "人": grid(PEOPLE, PERSON)}
    file, out = write.xlsx(tmp_path / "名单.xlsx", book), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix")
    assert [f["单元格"] for f in fixes(out) if f["结果"] == "已修正"] == ["M2"]
    assert column(out, "户", "人均纯收入")[0] == 5137


def test_a_second_sheet_that_says_the_same_is_changed_with_it(tmp_path: Path) -> None:
    houses = [{**h, "纯收入": h["人均纯收入"] * h["家庭人口数"]} for h in HOUSES]
    houses[0]["人均纯收入"] = 6137
    people = [{**p, "人均纯收入": 6137 if p["户编号"].endswith("01") else None} for p in PEOPLE]
    book = {"户": grid(houses, [*HOUSE, "纯收入"]), "人": grid(people, [*PERSON, "人均纯收入"])}
    file, out = write.xlsx(tmp_path / "名单.xlsx", book), tmp_path / "出.xlsx"
    done = fix(file, "-o", out, "--fix")
    assert "修正了 4 个单元格，撤回 0 处" in done.out
    assert [(f["工作表"], f["单元格"]) for f in fixes(out)] == [("人", "L2、L3、L4"), ("户", "M2")]


def test_a_csv_list(tmp_path: Path) -> None:
    file = write.delimited(
        tmp_path / "名单.csv", grid(rows(户01=WRONG), INCOME), "gb18030"
    )  # fmt: skip
    out = tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix")
    assert column(out, "户", "人均纯收入")[0] == 5137
    assert [f["结果"] for f in fixes(out)] == ["已修正"]


def test_the_value_is_put_in_the_unit_of_its_column(tmp_path: Path) -> None:
    some = [{**r, "人均纯收入": r["人均纯收入"] / 10_000} for r in rows(户01=WRONG)]
    named = {"人均纯收入（万元）" if k == "人均纯收入" else k: v for k, v in INCOME.items()}
    file, out = write.xlsx(tmp_path / "名单.xlsx", {"S": grid(some, named)}), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix", "--select", "IC201")
    assert {(f["原值"], f["新值"]) for f in fixes(out)} == {("0.6137", "0.5137")}
    assert column(out, "户", "人均纯收入")[0] == 5137


def test_the_old_values_put_back_and_the_new_put_in_give_the_same(tmp_path: Path) -> None:
    """raw + fixes + cleaning log = out."""
    file, out = wide(tmp_path / "名单.xlsx", 户01=WRONG, 户06=WRONG), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix")
    by_hand, again = tmp_path / "手改.xlsx", tmp_path / "再出.xlsx"
    book = openpyxl.load_workbook(file)
    for one in fixes(out):
        for cell in one["单元格"].split("、"):
            assert str(book[one["工作表"]][cell].value) == one["原值"]
            book[one["工作表"]][cell] = float(one["新值"])
    book.save(by_hand)
    fix(by_hand, "-o", again)
    mended, plain = sheets(out), sheets(again)
    for name in ("户", "成员"):
        assert mended[name] == plain[name]
    assert [line[2:] for line in mended[LOG]] == [line[2:] for line in plain[LOG]]


def test_the_fixed_copy_has_nothing_more_to_fix(tmp_path: Path) -> None:
    file, out = wide(tmp_path / "名单.xlsx", 户01=WRONG), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix")
    again = fix(out, "-o", tmp_path / "再.xlsx", "--fix")
    assert "修正了 0 个单元格，撤回 0 处" in again.out
    assert fixes(tmp_path / "再.xlsx") == []


def test_what_is_only_probable_waits_for_unsafe(tmp_path: Path) -> None:
    file, out = wide(tmp_path / "名单.xlsx"), tmp_path / "出.xlsx"
    done = fix(file, "-o", out, "--fix", "--select", "FM003")  # a kind of schooling, misspelt
    assert fixes(out) == []
    assert "另有 1 处只是可能的更正，没有改；加 --unsafe 一并试改" in done.out
    fix(file, "-o", out, "--fix", "--unsafe", "--select", "FM003")
    (one,) = fixes(out)
    assert [one[k] for k in ("字段", "原值", "新值", "级别", "结果")] == [
        "文化程度", "小学二年级半", "小学", "可能（unsafe）", "已修正",
    ]  # fmt: skip


def test_diff_shows_and_writes_nothing(tmp_path: Path) -> None:
    file = wide(tmp_path / "名单.xlsx", 户01=WRONG)
    before = {path: digest(path) for path in tmp_path.iterdir()}
    done = fix(file, "--diff")
    assert "会修正 3 个单元格，撤回 0 处；疑点 6 → 5 条" in done.out
    assert "没有写任何文件" in done.out
    for text in ("6137", "5137", "IC201", "陈**", "已修正", "Y2、Y3、Y4"):
        assert text in done.out
    assert "陈大山" not in done.out
    assert "小学" in fix(file, "--diff", "--unsafe").out
    assert "陈大山" in fix(file, "--diff", "--reveal").out
    fix(file, "--diff", "-o", tmp_path / "出.xlsx")
    assert {path: digest(path) for path in tmp_path.iterdir()} == before


def test_personal_values_are_masked_on_the_screen_and_whole_in_the_copy(tmp_path: Path) -> None:
    some = rows()
    new = number("19661107", 31)
    old = new[:6] + new[8:-1]
    for row in some:
        if row["姓名"] == "郑大庆":
            row["证件号码"] = old
    file, out = write.xlsx(tmp_path / "名单.xlsx", {"S": grid(some, INCOME)}), tmp_path / "出.xlsx"
    shown = fix(file, "--diff").out
    assert "ID102" in shown
    assert old not in shown
    assert new not in shown
    fix(file, "-o", out, "--fix")
    assert [(f["原值"], f["新值"]) for f in fixes(out) if f["结果"] == "已修正"] == [(old, new)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "没有说写到哪里"),
        (("--fix",), "没有说写到哪里"),
        (("-o", "出.xlsx", "--unsafe"), "--fix 或 --diff"),
        (("-o", "出.xlsx", "--select", "IC"), "--fix 或 --diff"),
        (("-o", "出.xlsx", "--fix", "--reveal"), "--diff"),
        (("-o", "出.csv", "--fix"), ".xlsx"),
    ],
)
def test_options_without_effect_are_refused(
    fine: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run("clean", fine, *arguments)
    assert (done.code, said in done.err) == (2, True)


def test_only_the_rules_asked_for_suggest_but_all_have_their_say(tmp_path: Path) -> None:
    file = wide(tmp_path / "名单.xlsx", 户01=WRONG)
    assert "会修正 0 个单元格" in fix(file, "--diff", "--select", "ID").out
    assert "疑点 1 → 0 条" in fix(file, "--diff", "--select", "IC201").out


def test_text_that_a_program_might_run_stays_text(tmp_path: Path) -> None:
    some = rows(户01=WRONG)
    some[0]["姓名"] = "=1+1"
    file, out = write.xlsx(tmp_path / "名单.xlsx", {"S": grid(some, INCOME)}), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix")
    assert all(not str(cell).startswith("=") for line in sheets(out)[FIXES] for cell in line)
    assert any("=1+1" in str(f["姓名"]) for f in fixes(out))


def test_a_county_has_no_finding_after_that_it_had_not_before(tmp_path: Path) -> None:
    county = tmp_path / "县"
    run("sample", county, "--households", 60, "--faults", 0.9, "--seed", 11)
    kept = {}
    for name, more in (("原", ()), ("改", ("--fix", "--unsafe"))):
        done = run("clean", county, "-o", tmp_path / f"{name}.xlsx", "--as-of", "2019", *more)
        assert done.code == 0
        checked = run(
            "check", tmp_path / f"{name}.xlsx", "--as-of", "2019", "--no-xlsx", "--no-ledger",
            "--format", "json",
        )  # fmt: skip
        kept[name] = Counter(
            (f["rule"], f["sheet"], f["row"], *(f["fields"] if f["rule"][:2] == "FM" else ()))
            for f in checked.json["findings"]
        )
    assert any(f["结果"] == "已修正" for f in fixes(tmp_path / "改.xlsx"))
    assert kept["改"] - kept["原"] == Counter()
