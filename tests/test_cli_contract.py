"""What the command line promises: exit codes, options and formats."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import file_writers as write
from command_line import FEW, Outcome, check, run, spawn
from register_facts import FAULTS, HOUSES, PEOPLE, ROWS, WIDE, grid, wide

# ---- exit codes ----


@pytest.mark.parametrize(
    ("level", "code"), [("error", 1), ("warning", 1), ("info", 1), ("never", 0)]
)
def test_findings_leave_with_1_unless_told_otherwise(register: Path, level: str, code: int) -> None:
    assert check(register, "--fail-on", level).code == code


def test_nothing_found_leaves_with_0(fine: Path) -> None:
    done = run("check", fine, "--as-of", "2019", "--no-xlsx", "--fail-on", "info")
    assert (done.code, done.err) == (0, "")
    assert "没有发现疑点" in done.out


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_fail_on_looks_at_its_level_and_above(level: str, code: int, tmp_path: Path) -> None:
    shared = [{**r, "户联系电话": "13800000000"} for r in ROWS]
    file = write.xlsx(tmp_path / "名单.xlsx", {"S": grid(shared, WIDE)})
    done = check(file, "--select", "CT035", "--fail-on", level, "--format", "json")
    assert (done.code, done.rules()) == (code, {"CT035"})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "PATHS（文件、文件夹"),
        (("--nonsense",), "没有这个选项"),
        (("没有的文件.xlsx",), "没有这个文件"),
        (("{file}", "--fail-on", "bad"), "--fail-on"),
        (("{file}", "--severity", "bad"), "--severity"),
        (("{file}", "--format", "pdf"), "--format"),
        (("{file}", "--lang", "fr"), "--lang"),
        (("{file}", "--as-of", "2019-13-01"), "2019-12-31"),
        (("{file}", "--as-of", "昨天"), "日期"),
        (("{file}", "--region", "6110023"), "2、4 或 6 位"),
        (("{file}", "--region", "陕西"), "2、4 或 6 位"),
        (("{file}", "--select", "ZZ"), "没有规则"),
        (("{file}", "--select", "HH0199"), "HH019"),
        (("{file}", "--ignore", "11"), "没有规则"),
        (("{file}", "--map", "没有.yaml"), "列对照文件"),
        (("{file}", "--password-file", "没有"), "密码文件"),
        (("{file}", "--max-unpacked", "很大"), "512M"),
    ],
)
def test_a_wrong_call_leaves_with_2(fine: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("check", *(a.format(file=fine) for a in arguments))
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) <= 2
    assert not list(fine.parent.glob("*.疑点清单.xlsx"))


def test_a_misspelt_command_is_answered_in_chinese() -> None:
    done = run("chek")
    assert (done.code, done.out) == (2, "")
    assert "没有 chek 这个命令；相近的有 check" in done.err
    assert "No such" not in done.err


def test_one_unreadable_file_among_many(register: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "好.xlsx", tmp_path / "坏.xlsx"
    good.write_bytes(register.read_bytes())
    bad.write_bytes(register.read_bytes()[:2000])
    done = check(tmp_path, "--format", "json")
    assert done.code == 3
    told = {entry["file"]: entry for entry in done.json["inputs"]}
    assert "error" in told["坏.xlsx"]
    assert "error" not in told["好.xlsx"]
    assert done.rules() == set(FAULTS)
    strict = check(tmp_path, "--strict")
    assert (strict.code, strict.out) == (3, "")
    assert "坏.xlsx" in strict.err
    assert check(bad).code == 3


def test_ctrl_c_leaves_with_130(tmp_path: Path) -> None:
    code = "import signal, os\nimport fupin_audit.cli as c\nimport fupin_audit.cli.settings as s\n"
    # A shell starts what runs in the background deaf to Ctrl-C; so may whoever runs this.
    code += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "def stop(_):\n    os.kill(os.getpid(), signal.SIGINT)\n"
    code += "s.find = stop\nimport sys\nsys.argv = ['fupin-audit', 'check', '.']\nc.run()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 130
    assert "已中断" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


# ---- choosing rules ----


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("HH019", {"HH019"}),
        ("hh019，ID004", {"HH019", "ID004"}),
        ("HH", {"HH014", "HH019"}),
        ("2", {"IC208"}),
        ("十查2", {"IC208"}),
    ],
)
def test_select_by_id_family_and_audit_item(
    register: Path, select: str, expected: set[str]
) -> None:
    assert check(register, "--format", "json", "--select", select).rules() == expected


def test_ignore_takes_away(register: Path) -> None:
    done = check(register, "--format", "json", "--ignore", "HH", "--ignore", "IC208")
    assert done.rules() == {"ID004", "FM003"}
    both = check(register, "--format", "json", "--select", "HH", "--ignore", "HH019")
    assert both.rules() == {"HH014"}


def test_severity_hides_what_is_less(tmp_path: Path) -> None:
    file = write.xlsx(tmp_path / "名单.xlsx", {"S": [*wide(), [], ["说明：本表由村里填。"]]})
    every = check(file, "--format", "json").json
    worst = check(file, "--format", "json", "--severity", "error").json
    assert {f["severity"] for f in every["findings"]} == {"error", "info"}
    assert {f["severity"] for f in worst["findings"]} == {"error"}
    assert worst["summary"]["findings"] == len(worst["findings"])


# ---- json, csv, statistics, masking ----

SHAPE = {
    "format": str, "engine": str, "pack": {"id": str, "version": str, "digest": str},
    "as_of": str, "region": str, "era": str,
    "inputs": [{
        "file": str, "sha256": str,
        "sheets": [{
            "sheet": (str, type(None)), "table": str, "header_rows": [int], "rows": int,
            "set_aside": int, "columns": dict, "unmatched": [str], "missing": [str],
        }],
        "skipped": [{"sheet": (str, type(None)), "reason": str}],
    }],
    "summary": {"households": int, "members": int, "findings": int, "by_severity": dict,
                "by_rule": dict, "by_place": list},
    "coverage": [{"rule": str, "evaluated": int, "passed": int, "violated": int, "unknown": int,
                  "skipped": (str, type(None))}],
    "findings": [{
        "fingerprint": str, "rule": str, "severity": str, "title": str, "table": str,
        "file": str, "sheet": (str, type(None)), "row": int, "cells": [str],
        "household": (str, type(None)), "person": (str, type(None)),
        "place": {"县": str, "乡": str, "村": str}, "fields": [str], "values": dict,
        "message": str, "advice": str, "suggestion": (dict, type(None)),
    }],
    "cleaning": {"cells": int, "by_recipe": dict},
}  # fmt: skip


def fits(value: object, shape: object, at: str = "") -> None:
    """Hold a value to a shape: every key there, every type right; more is allowed."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), at
        for key, inner in shape.items():
            assert key in value, f"{at}.{key}"
            fits(value[key], inner, f"{at}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), at
        for i, item in enumerate(value):
            fits(item, shape[0], f"{at}[{i}]")
    else:
        assert isinstance(value, shape), at  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def answer(register: Path) -> Outcome:
    return check(register, "--format", "json")


def test_json_has_the_promised_shape(register: Path, answer: Outcome) -> None:
    told = answer.json
    fits(told, SHAPE)
    assert told["format"] == "fupin-audit.check/1"
    assert told["as_of"] == "2019-12-31"
    assert told["era"] == "registration"
    assert told["inputs"][0]["file"] == str(register)
    assert told["inputs"][0]["sheets"][0] | {"missing": []} == told["inputs"][0]["sheets"][0] | {
        "sheet": "名单", "table": "member", "also": ["household"], "header_rows": [1],
        "rows": 11, "set_aside": 0, "unmatched": [], "hidden": False, "missing": [],
    }  # fmt: skip
    assert told["inputs"][0]["sheets"][0]["columns"]["家庭人口数"] == {
        "header": "人数",
        "cell": "I1",
    }
    summary = told["summary"]
    assert (summary["households"], summary["members"], summary["findings"]) == (6, 11, 5)
    assert summary["by_severity"] == {"error": 5, "warning": 0, "info": 0}
    assert summary["by_rule"] == dict.fromkeys(sorted(FAULTS), 1)
    for row in told["coverage"]:
        assert row["evaluated"] == row["passed"] + row["violated"] + row["unknown"]
        assert (row["skipped"] is None) or not row["evaluated"]


def test_json_points_at_the_row_excel_shows(register: Path, answer: Outcome) -> None:
    sheet = openpyxl.load_workbook(register)["名单"]
    own = {"ID004": "证件号码", "FM003": "文化程度", "IC208": "人均纯收入", "HH019": "家庭人口数"}
    for finding in answer.json["findings"]:
        if finding["rule"] not in own:
            continue
        assert finding["fields"][0] == own[finding["rule"]]
        assert re.fullmatch(rf"[A-Z]+{finding['row']}", finding["cells"][0])
        who, _ = FAULTS[finding["rule"]]
        assert sheet.cell(finding["row"], 7).value == who
    people_of = {f["rule"]: f["person"] for f in answer.json["findings"]}
    assert people_of["ID004"] == PEOPLE[1]["人口编号"]
    assert people_of["HH019"] is None


def test_personal_values_are_masked_unless_revealed(register: Path, answer: Outcome) -> None:
    secrets = {r[f] for r in ROWS for f in ("证件号码", "姓名", "户联系电话")}
    for done in (answer, check(register), check(register, "--format", "csv")):
        assert not [s for s in secrets if s in done.out]
        assert HOUSES[0]["户编号"] in done.out
    revealed = check(register, "--format", "json", "--reveal").json
    values = {f["rule"]: f["values"] for f in revealed["findings"]}
    assert values["ID004"] == {"证件号码": PEOPLE[1]["证件号码"]}
    assert [f["fingerprint"] for f in revealed["findings"]] == [
        f["fingerprint"] for f in answer.json["findings"]
    ]


def test_fingerprints_hold_when_rows_move_and_files_are_renamed(
    answer: Outcome, tmp_path: Path
) -> None:
    head, *body = wide()
    moved = write.xlsx(tmp_path / "另一个.xlsx", {"S": [["标题"], head, *body[3:], *body[:3]]})
    told = check(moved, "--format", "json").json
    assert {f["fingerprint"] for f in told["findings"]} == {
        f["fingerprint"] for f in answer.json["findings"]
    }


def test_statistics_leave_the_list_out(register: Path, answer: Outcome) -> None:
    short = check(register, "--format", "json", "--statistics").json
    assert "findings" not in short
    assert short["summary"] == answer.json["summary"]


def test_csv_is_one_line_per_finding_and_field(register: Path, tmp_path: Path) -> None:
    out = tmp_path / "疑点.csv"
    done = check(register, "--format", "csv", "--out", out)
    assert (done.code, done.out) == (1, "")
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert {r["规则编号"] for r in rows} == set(FAULTS)
    assert all(r["单元格"] and r["行"] and r["现填值"] for r in rows)


def test_json_to_a_file_says_nothing_on_screen(register: Path, tmp_path: Path) -> None:
    out = tmp_path / "新建" / "结果.json"
    done = check(register, "--format", "json", "--out", out)
    assert (done.code, done.out, done.err) == (1, "", "")
    fits(json.loads(out.read_text(encoding="utf-8")), SHAPE)


# ---- console and workbook ----


def test_piped_output_is_plain_and_in_chinese(register: Path) -> None:
    done = spawn("check", register, "--as-of", "2019", "--region", "", "--no-xlsx", *FEW)
    assert done.code == 1
    assert "\x1b" not in done.out + done.err
    assert "5 条疑点" in done.out
    assert max(len(line) for line in done.out.splitlines()) < 120
    assert not list(register.parent.glob("*.疑点清单.xlsx"))


def test_workbook_is_written_beside_the_input_or_as_asked(register: Path, tmp_path: Path) -> None:
    file = tmp_path / "名单.xlsx"
    file.write_bytes(register.read_bytes())
    asked = ("--as-of", "2019", "--region", "", *FEW)
    assert run("check", file, *asked).code == 1
    book = openpyxl.load_workbook(tmp_path / "名单.疑点清单.xlsx")
    assert book.sheetnames == ["汇总", "疑点清单", "未能判定", "清洗日志", "运行信息"]
    cells = [str(c) for row in book["疑点清单"].iter_rows(values_only=True) for c in row if c]
    assert set(FAULTS) <= set(cells)
    again = run("check", tmp_path, *asked, "--out", tmp_path / "结果")
    assert again.code == 1
    assert [p.name for p in (tmp_path / "结果").iterdir()] == [f"{tmp_path.name}.疑点清单.xlsx"]
    quiet = run("check", file, *asked, "-q", "--out", tmp_path / "清单.xlsx")
    assert quiet.out.strip().endswith("清单.xlsx")
    assert (tmp_path / "清单.xlsx").is_file()


def test_english(register: Path) -> None:
    done = check(register, "--lang", "en")
    assert "5 findings on 5 households" in done.out
    titles = check(register, "--lang", "en", "--format", "json").json["findings"]
    assert all(f["title"].isascii() for f in titles)


@pytest.mark.parametrize(
    ("given", "meant"),
    [("2019", "2019-12-31"), ("2020-02", "2020-02-29"), ("20190630", "2019-06-30"),
     ("2023-01-05", "2023-01-05"), ("201912", "2019-12-31")],
)  # fmt: skip
def test_as_of_is_a_day_a_month_or_a_year(fine: Path, given: str, meant: str) -> None:
    done = run(
        "check", fine, "--as-of", given, "--format", "json", "--statistics", "--select", "FM"
    )
    assert done.json["as_of"] == meant


@pytest.mark.parametrize(
    ("given", "name"), [("61", "陕西省"), ("6110", "商洛"), ("611002", "商州")]
)
def test_region_by_code_or_by_what_the_rows_say(fine: Path, given: str, name: str) -> None:
    done = run(
        "check", fine, "--as-of", "2019", "--region", given, "--format", "json", "--select", "FM"
    )
    assert done.json["region"] == given
    asked = run("check", fine, "--as-of", "2019", "--format", "json", "--select", "FM").json
    assert asked["region"] == "611002"
    assert "商州区" in asked["region_evidence"]


# ---- start-up ----


@pytest.mark.parametrize(
    "call", ["import fupin_audit", "run(['--help'])", "run(['check', '--help'])"]
)
def test_start_up_loads_neither_pandas_nor_pandera(call: str) -> None:
    code = "import sys\nfrom contextlib import suppress\n"
    if call.startswith("run"):
        code += "from fupin_audit.cli import app\ndef run(a):\n    app(a, standalone_mode=False)\n"
    code += f"{call}\nprint([m for m in ('pandas', 'pandera', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_first_page_is_chinese_and_names_every_command() -> None:
    page = run("--help")
    assert page.code == 0
    for name in ("check", "assess", "corrections", "ledger", "rules", "batch", "doctor"):
        line = next(text for text in page.out.splitlines() if text.split()[:1] == [name])
        assert any("\u4e00" <= c <= "\u9fff" for c in line), line
        assert run(name, "--help").code == 0
    assert "Show this message" not in page.out
