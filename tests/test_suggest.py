"""What is suggested for a doubtful cell, from the file to the list."""

from __future__ import annotations

import csv
import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import file_writers as write
import fupin_audit
from command_line import run
from fupin_audit.domain.citizen_id import check_character
from fupin_audit.errors import RulePackError
from fupin_audit.lint import lint
from fupin_audit.packs.load import load_pack
from fupin_audit.report.finding import findings
from fupin_audit.report.view import view

AS_OF = date(2019, 12, 31)
HEAD = ("户编号", "户主姓名", "人口编号", "姓名", "与户主关系", "性别", "出生日期", "证件号码")
INCOME = (
    "户编号", "户主姓名", "家庭人口数", "工资性收入", "生产经营性收入", "财产性收入",
    "转移性收入", "生产经营性支出", "纯收入", "人均纯收入",
)  # fmt: skip


def table(path: Path, rows: list[dict[str, Any]], names: tuple[str, ...] = HEAD) -> Path:
    names = tuple(dict.fromkeys([*names, *(name for row in rows for name in row)]))
    return write.xlsx(path, {"名单": [names, *([row.get(n) for n in names] for row in rows)]})


def person(n: int, number: str, sex: str = "男", born: str = "19800101", **more: Any) -> Any:
    key = f"61100200100{n:05d}"
    return {
        "户编号": key, "户主姓名": "张大山", "人口编号": f"{key}01", "姓名": "张大山",
        "与户主关系": "户主", "性别": sex, "出生日期": born, "证件号码": number, **more,
    }  # fmt: skip


def household(n: int, **cells: Any) -> dict[str, Any]:
    base = {
        "户编号": f"61100200100{n:05d}", "户主姓名": "张大山", "家庭人口数": 4,
        "工资性收入": 12000, "生产经营性收入": 6000, "财产性收入": 500, "转移性收入": 2500,
        "生产经营性支出": 1000, "纯收入": 20000, "人均纯收入": 5000,
    }  # fmt: skip
    return base | cells


def suggested(path: Path, rule: str) -> dict[int, tuple[str, str, str]]:
    """Return (field, value, confidence) by the row Excel shows."""
    result = fupin_audit.check([path], as_of=AS_OF)
    found = {}
    for hits in result.findings.hits:
        for at, one in enumerate(hits.suggestions or []) if hits.rule == rule else ():
            if one is not None:
                row = int(result.dataset.tables[hits.table].raw_row[hits.rows[at]]) + 1
                found[row] = (one.field, one.value, one.confidence)
    return found


def test_any_slip_in_an_id_is_mended_rightly_or_not_at_all(tmp_path: Path) -> None:
    draw = random.Random(7)
    rows, truth = [], {}
    for n in range(500):
        born = date(1940, 1, 1) + timedelta(days=draw.randrange(27_000))
        serial = draw.randrange(1000)
        first = f"611002{born:%Y%m%d}{serial:03d}"
        right = first + check_character(first)
        at = draw.randrange(18)
        wrong = (
            right[:at] + draw.choice([d for d in "0123456789" if d != right[at]]) + right[at + 1 :]
        )
        if draw.random() < 0.3 and at < 17:  # two neighbours swapped
            wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
        rows.append(person(n, wrong, "男" if serial % 2 else "女", f"{born:%Y%m%d}"))
        truth[n + 2] = right
    found = suggested(table(tmp_path / "a.xlsx", rows), "ID004")
    assert len(found) > 150
    wrong_ones = [row for row, one in found.items() if one[1] != truth[row]]
    assert len(wrong_ones) <= 5  # two slips can look like one
    assert {one[2] for one in found.values()} == {"unsafe"}


def test_what_follows_from_a_valid_id_is_safe_if_the_rest_bears_it_out(tmp_path: Path) -> None:
    right = "611002198001010010"
    rows = [
        person(0, right, sex="女"),
        person(
            1, "611002198103040010"[:17] + check_character("61100219810304001"), born="19810403"
        ),
        person(2, "611002700615001", born="19700615"),
        person(3, "61100219620708003" + check_character("61100219620708003"), born="19951112"),
    ]
    path = table(tmp_path / "a.xlsx", rows)
    assert suggested(path, "ID008") == {2: ("性别", "男", "safe")}
    assert suggested(path, "ID007") == {
        3: ("出生日期", "1981-03-04", "safe"),
        5: ("出生日期", "1962-07-08", "unsafe"),  # may be somebody else's id
    }
    assert suggested(path, "ID102") == {4: ("证件号码", "611002197006150018", "safe")}


def test_an_input_in_doubt_makes_no_safe_suggestion(tmp_path: Path) -> None:
    rows = [
        household(0, 人均纯收入=10000),
        household(1, 人均纯收入=10000, 纯收入=26000),  # IC202 blames the net income too
        household(2, 纯收入=2000),  # the total alone is wrong: IC201 only follows from it
    ]
    path = table(tmp_path / "a.xlsx", rows, INCOME)
    assert suggested(path, "IC201") == {
        2: ("人均纯收入", "5000", "safe"),
        3: ("人均纯收入", "6500", "unsafe"),
        4: ("人均纯收入", "500", "unsafe"),
    }
    assert suggested(path, "IC202") == {
        3: ("纯收入", "20000", "unsafe"),
        4: ("纯收入", "20000", "safe"),
    }


def test_an_id_that_two_people_have_proves_nothing(tmp_path: Path) -> None:
    shared = "611002198001010010"
    rows = [person(0, shared), person(1, shared, born="19820101"), person(2, "611002700615001")]
    rows.append(person(3, "611002197006150018", born="19700615"))
    path = table(tmp_path / "a.xlsx", rows)
    assert suggested(path, "ID007") == {3: ("出生日期", "1980-01-01", "unsafe")}
    rows[2]["出生日期"] = "19700615"
    path = table(tmp_path / "b.xlsx", rows)
    assert suggested(path, "ID102") == {4: ("证件号码", "611002197006150018", "unsafe")}


def test_nobody_elses_id_is_suggested(tmp_path: Path) -> None:
    right = "611002198001010010"
    rows = [person(0, right), person(1, "611002198101010010")]
    assert suggested(table(tmp_path / "a.xlsx", rows), "ID004") == {}


def test_a_slip_in_a_sum_is_named_if_it_is_the_only_one(tmp_path: Path) -> None:
    rows = [
        household(0, 工资性收入=10200),  # 12000 turned round; net and per head agree
        household(1, 工资性收入=21000),  # costs of 10 000 for 1000 would do as well
        household(2, 工资性收入=13300),  # no slip leads there
    ]
    found = suggested(table(tmp_path / "a.xlsx", rows, INCOME), "IC202")
    assert found == {2: ("工资性收入", "12000", "unsafe")}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    return table(tmp_path / "名单.xlsx", [
        person(0, "611002198101010010", 家庭人口数=1, 纯收入=6000, 人均纯收入=600),
    ])  # fmt: skip


def test_json_list_csv_and_copy_tell_it(mixed: Path, tmp_path: Path) -> None:
    out = tmp_path / "清单.xlsx"
    done = run("check", mixed, "--as-of", "2019", "--out", out, "--annotate")
    assert "有建议值" in done.out
    sheet = openpyxl.load_workbook(out)["疑点清单"]
    cells = [[str(c.value) for c in row] for row in sheet.iter_rows(min_row=3)]
    at = {name: i for i, name in enumerate(cells[0])}
    told = {(r[at["规则编号"]], r[at["字段"]]): r[at["建议"]] for r in cells[1:]}
    assert told["IC201", "人均纯收入"].startswith("建议值：6000（有把握，")
    assert "建议值" not in told["IC201", "纯收入"]
    assert "611002********0010" in told["ID004", "证件号码"]
    copy = openpyxl.load_workbook(tmp_path / "名单.疑点标注.xlsx")["名单"]
    comments = " ".join(c.comment.text for row in copy.iter_rows() for c in row if c.comment)
    assert "建议值：人均纯收入 6000" in comments
    made = json.loads(run("check", mixed, "--as-of", "2019", "--no-xlsx", "--format", "json").out)
    by_rule = {one["rule"]: one["suggestion"] for one in made["findings"]}
    assert by_rule["IC201"] == {
        "field": "人均纯收入", "value": "6000", "class": "safe",
        "why": "人均纯收入就是纯收入除以人口数",
    }  # fmt: skip
    assert by_rule["ID004"]["value"] == "611002********0010"
    assert "611002198001010010" not in json.dumps(made)
    lines = run("check", mixed, "--as-of", "2019", "--no-xlsx", "--format", "csv").out.splitlines()
    row = next(r for r in csv.DictReader(lines) if r["规则编号"] == "IC201" and r["建议值"])
    assert (row["字段"], row["建议值"], row["建议值把握"]) == ("人均纯收入", "6000", "safe")


def test_whoever_writes_the_cell_has_the_value_whole(mixed: Path) -> None:
    result = fupin_audit.check([mixed], as_of=AS_OF)
    one = next(one for one in findings(view(result), named=True) if one.rule == "ID004")
    assert one.suggestion is not None
    assert (one.suggestion.value, one.suggestion.raw) == (
        "611002********0010", "611002198001010010",
    )  # fmt: skip
    assert one.suggestion.raw not in repr(one)


def test_a_household_explained_tells_it_too(mixed: Path) -> None:
    done = run("explain", mixed, "6110020010000000", "--as-of", "2019")
    assert "建议值：人均纯收入 6000" in done.out


@pytest.mark.parametrize(
    ("suggest", "told"),
    [
        ("{field: 人均纯收人, value: 纯收入, why: {zh: 因}}", "是不是“人均纯收入”"),
        ("{field: 人均纯收入, find: near_number}", "near_number"),
        ("{field: 人均纯收入, value: 纯收入 / 家庭人口, why: {zh: 因}}", "家庭人口"),
        ("{field: 人均纯收入, find: near_id}", "找不出"),
        ("{field: 人均纯收入, value: 户主姓名, why: {zh: 因}}", "填不下"),
        ("{field: 是否危房户, value: '\"或许\"', why: {zh: 因}}", "不在“是否危房户”的代码表里"),
        ("{field: 人均纯收入}", "要写且只写一个"),
        ("{field: 人均纯收入, value: 纯收入}", "没有写 why"),
        ("{field: 人均纯收入, value: 纯收入, why: {zh: 因}}", "没有一个例子写明建议什么"),
    ],
)
def test_a_badly_written_suggestion_is_refused(tmp_path: Path, suggest: str, told: str) -> None:
    pack = tmp_path / "本县"
    assert run("rules", "new", "ic399", "some-defect", "--pack", pack).code == 0
    (file,) = pack.rglob("IC399-*.yaml")
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text.rstrip()}\nsuggest:\n  - {suggest}\n", encoding="utf-8")
    try:
        problems = lint(load_pack(pack), {"IC399"})
    except RulePackError as error:
        problems = [str(error)]
    assert told in "\n".join(problems)
