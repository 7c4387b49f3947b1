"""A fix that does harm is taken back, alone, and said with the rule it would have broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import file_writers as write
from command_line import run
from fupin_audit import api
from fupin_audit.model.suggestion import Suggestion
from fupin_audit.packs.load import load_pack
from fupin_audit.pipeline import Request, gather
from fupin_audit.repair import Candidate, candidates, repair
from register_facts import DAY, WIDE, grid
from test_repair import column, fix, fixes, rows, sheets

RULE = """\
id: {id}
name: {name}
title: {{zh: 规则{id}, en: Rule {id}}}
table: {table}
kind: row
severity: error
audit_item: 2
settle: desk
basis:
  - {{document: 某县《填表说明》, date: "2019-01-01"}}
must: {must}
blame: [{field}]
suggest:
{suggest}
message: {{zh: "{field}填 {{{field}}}"}}
advice: {{zh: 核对。}}
false_alarms: 无。
examples:
  - {{name: 正常, given: {{}}, expect: unknown}}
"""
INCOME = {**WIDE, "纯收入": "纯收入", "性别": "性别"}


def local(folder: Path, *rules: tuple[str, str, str, str, str]) -> Path:
    """Write a pack over the shipped one: (id, table, field, must, value) each."""
    checks = folder / "checks" / "xx"
    checks.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(
        'id: local\nversion: "1"\nlabel: {zh: 本地}\nextends: core\nregion: ""\n', encoding="utf-8"
    )
    for number, (rule, table, field, must, value) in enumerate(rules):
        entry = f"  - {{field: {field}, value: '{value}', confidence: safe, why: {{zh: 缘由}}}}"
        text = RULE.format(
            id=rule, name=f"made-up-{number}", table=table, must=must, field=field, suggest=entry
        )
        (checks / f"{rule}-made-up-{number}.yaml").write_text(text, encoding="utf-8")
    return folder


def wide(path: Path, **changes: dict[str, Any]) -> Path:
    return write.xlsx(path, {"名单": grid(rows(**changes), INCOME)})


def outcomes(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    return {(f["户编号"][-2:], f["字段"]): (f["结果"], f["说明"] or "") for f in fixes(path)}


def test_a_fix_that_breaks_another_rule_is_withdrawn_with_its_name(tmp_path: Path) -> None:
    pack = local(tmp_path / "包", ("XX901", "household", "纯收入", "纯收入 < 15500", "15000"))
    file, out = wide(tmp_path / "名单.xlsx", 户06={"人均纯收入": 9999}), tmp_path / "出.xlsx"
    done = fix(file, "-o", out, "--fix", "--pack", pack)
    told = outcomes(out)
    # Household 2: 纯收入 15822 over 3 people. Less would no longer fit the income per head.
    assert told["02", "纯收入"][0] == "已撤回"
    assert "IC201" in told["02", "纯收入"][1]
    assert told["06", "人均纯收入"][0] == "已修正"  # no other household suffers for it
    assert "撤回 1 处" in done.out
    assert column(out, "户", "纯收入")[1] == 5274 * 3


def test_what_harms_is_told_from_what_does_not_in_one_household(tmp_path: Path) -> None:
    pack = local(
        tmp_path / "包",
        ("XX901", "household", "纯收入", "纯收入 < 15500", "15000"),
        ("XX902", "household", "自然村", '自然村 == "二组"', '"二组"'),
    )
    file, out = wide(tmp_path / "名单.xlsx"), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix", "--pack", pack)
    told = outcomes(out)
    assert told["02", "纯收入"][0] == "已撤回"
    assert {fate for (_, field), (fate, _) in told.items() if field == "自然村"} == {"已修正"}
    assert set(column(out, "户", "自然村")) == {"二组"}


def test_a_fix_that_rests_on_another_follows_it(tmp_path: Path) -> None:
    """The income per head is worked out anew from the net income as mended."""
    pack = local(tmp_path / "包", ("XX901", "household", "纯收入", "纯收入 != 30000", "15411"))
    file, out = wide(tmp_path / "名单.xlsx", 户01={"纯收入": 30000}), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix", "--pack", pack)
    assert (column(out, "户", "纯收入")[0], column(out, "户", "人均纯收入")[0]) == (15411, 5137)


def test_two_suggestions_for_one_cell_that_differ_are_both_left(tmp_path: Path) -> None:
    pack = local(
        tmp_path / "包",
        ("XX901", "household", "自然村", '自然村 != "一组"', '"二组"'),
        ("XX902", "household", "自然村", '自然村 != "一组"', '"三组"'),
    )
    file, out = wide(tmp_path / "名单.xlsx"), tmp_path / "出.xlsx"
    done = fix(file, "-o", out, "--fix", "--pack", pack)
    assert "修正了 0 个单元格，撤回 0 处，未试 12 处" in done.out
    assert {(f["结果"], f["说明"]) for f in fixes(out)} == {
        ("未修正", "同一格有两条不同的建议，都没有采用")
    }
    assert set(column(out, "户", "自然村")) == {"一组"}


def test_two_rules_that_agree_are_one_fix(tmp_path: Path) -> None:
    pack = local(
        tmp_path / "包",
        ("XX901", "household", "自然村", '自然村 != "一组"', '"二组"'),
        ("XX902", "household", "自然村", '自然村 == "二组"', '"二组"'),
    )
    file, out = wide(tmp_path / "名单.xlsx"), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix", "--pack", pack)
    assert {f["依据规则"] for f in fixes(out)} == {"XX901、XX902"}


def test_a_fix_that_settles_nothing_is_withdrawn(tmp_path: Path) -> None:
    pack = local(tmp_path / "包", ("XX901", "household", "自然村", '自然村 == "二组"', '"三组"'))
    file, out = wide(tmp_path / "名单.xlsx"), tmp_path / "出.xlsx"
    done = fix(file, "-o", out, "--fix", "--pack", pack)
    assert {f["说明"] for f in fixes(out)} == {"改了以后原来的疑点还在（XX901）"}
    assert "撤回 6 处" in done.out


def test_a_value_that_cannot_be_read_is_withdrawn(tmp_path: Path) -> None:
    pack = local(tmp_path / "包", ("XX901", "member", "文化程度", '文化程度 != "高中"', '"九年"'))
    file, out = wide(tmp_path / "名单.xlsx"), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix", "--pack", pack)
    (one,) = [f for f in fixes(out) if f["新值"] == "九年"]
    assert (one["结果"], "FM003" in one["说明"]) == ("已撤回", True)
    assert "高中" in column(out, "成员", "文化程度")


def test_a_cell_of_another_opinion_is_not_written_over(tmp_path: Path) -> None:
    """The rows of a household disagree: that is a doubt of its own, and stays one."""
    some = rows(户01={"人均纯收入": 6137})
    some[2]["人均纯收入"] = 4444
    file, out = write.xlsx(tmp_path / "名单.xlsx", {"S": grid(some, INCOME)}), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix", "--unsafe")
    assert all("Y4" not in f["单元格"] for f in fixes(out) if f["结果"] == "已修正")


def test_years_of_one_household_are_kept_apart(tmp_path: Path) -> None:
    some = [{**r, "年度": 2018} for r in rows()] + [
        {**r, "年度": 2019} for r in rows(户06={"纯收入": 13000})
    ]
    named = {**INCOME, "年度": "年度"}
    file, out = write.xlsx(tmp_path / "名单.xlsx", {"S": grid(some, named)}), tmp_path / "出.xlsx"
    fix(file, "-o", out, "--fix")
    done = [f for f in fixes(out) if f["字段"] == "人均纯收入" and f["结果"] == "已修正"]
    assert {f["单元格"] for f in done} == {"Y22、Y23"}


def _checked(file: Path) -> Any:
    request = Request([file], load_pack(), DAY, "")
    reading = gather(request)
    checks = []

    def run_again(reading: Any) -> Any:
        checks.append(reading)
        return api.run(request, reading)

    return reading, api.run(request, reading), run_again, checks


def test_few_checks_are_run_however_much_goes_wrong(tmp_path: Path) -> None:
    """Every household gets a wrong income per head, and a right name of its hamlet."""
    file = wide(tmp_path / "名单.xlsx")
    reading, result, again, checks = _checked(file)

    def collect(now: Any) -> list[Candidate]:
        found = candidates(now)
        keys = {c.key for c in found}
        assert keys is not None
        return [
            Candidate("HH019", "household", row, key, Suggestion(field, value, "safe", ("", "")))
            for row in range(6)
            for key in [found[0].key._replace(place=row) if found else None]
            if key is not None
            for field, value in (("纯收入", "1"), ("自然村", f"{row}组"))
        ]

    made = repair(reading, result, again, collect=collect)
    assert len(checks) <= 4
    assert {o.fix.field for o in made.of("applied")} <= {"自然村"}
    assert made.of("withdrawn")
    assert made.after <= made.before


@pytest.mark.parametrize("field", ["没有的一栏", "household.纯收入"])
def test_a_suggestion_without_a_cell_is_told(field: str, tmp_path: Path) -> None:
    reading, result, again, checks = _checked(wide(tmp_path / "名单.xlsx"))
    key = candidates(result)[0].key
    one = Candidate("HH019", "household", 1, key, Suggestion(field, "1", "safe", ("", "")))
    made = repair(reading, result, again, collect=lambda _: [one])
    assert ([o.fate for o in made.outcomes], checks) == (["refused"], [])


def test_without_fix_the_copy_is_as_it_always_was(tmp_path: Path) -> None:
    file, out = wide(tmp_path / "名单.xlsx", 户01={"人均纯收入": 6137}), tmp_path / "出.xlsx"
    assert run("clean", file, "-o", out).code == 0
    assert "修正记录" not in sheets(out)
    assert column(out, "户", "人均纯收入")[0] == 6137
