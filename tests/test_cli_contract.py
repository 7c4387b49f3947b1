"""What the command line promises: exit codes, options, settings and formats."""

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


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register facts, as the older list with the header in row 1."""
    folder = tmp_path_factory.mktemp("register")
    return write.xlsx(folder / "名单.xlsx", {"名单": wide()})


@pytest.fixture(scope="module")
def fine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One household in which there is nothing to find."""
    folder = tmp_path_factory.mktemp("fine")
    rows = [r for r in ROWS if r["户编号"] == HOUSES[5]["户编号"]]
    return write.xlsx(folder / "名单.xlsx", {"名单": grid(rows, WIDE)})


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
        ((), "没有写全"),
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


# ---- settings ----


def settings(folder: Path, text: str, file: Path) -> Path:
    (folder / "fupin.toml").write_text(text, encoding="utf-8")
    inside = folder / "乡" / "村"
    inside.mkdir(parents=True, exist_ok=True)
    return Path(inside / "名单.xlsx").write_bytes(file.read_bytes()) and inside / "名单.xlsx"


def test_settings_come_from_the_nearest_file_and_the_command_line_wins(
    register: Path, tmp_path: Path
) -> None:
    text = 'as_of = 2019-12-31\nregion = "61"\nselect = ["HH"]\nfail_on = "never"\n'
    file = settings(tmp_path, text, register)
    done = run("check", file, "--format", "json")
    assert done.code == 0
    assert (done.json["as_of"], done.json["region"]) == ("2019-12-31", "61")
    assert done.rules() == {"HH014", "HH019"}
    won = run(
        "check", file, "--format", "json", "--select", "ID", "--fail-on", "error", "--as-of", "2020"
    )
    assert (won.code, won.rules(), won.json["as_of"]) == (1, {"ID004"}, "2020-12-31")
    (file.parent / "fupin.toml").write_text('as_of = "2018"\n', encoding="utf-8")
    near = run("check", file, "--format", "json", "--statistics", "--region", "").json
    assert near["as_of"] == "2018-12-31"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('as_off = "2019"', "as_of"),
        ("select = 3", "select"),
        ("as_of = [", "读不出来"),
        ('as_of = "2019-99"', "2019-12-31"),
        ('[map]\n人数 = "家庭人口数"', "加引号"),
        ('[map]\n"人数" = "家庭人口"', "家庭人口数"),
    ],
)
def test_wrong_settings_are_told_with_their_file(
    register: Path, tmp_path: Path, text: str, said: str
) -> None:
    done = run("check", settings(tmp_path, text, register), "--no-xlsx")
    assert done.code == 2
    assert said in done.err


def odd_headers(folder: Path) -> Path:
    renamed = {"人数": "口子", "文化程度": "念书", "人均纯收入": "人均纯收人"}
    return write.xlsx(
        folder / "乡镇报表.xlsx", {"花名册": [[renamed.get(h, h) for h in wide()[0]], *wide()[1:]]}
    )


def test_a_near_miss_is_proposed_and_not_taken(tmp_path: Path) -> None:
    done = check(odd_headers(tmp_path), "--format", "json").json
    sheet = done["inputs"][0]["sheets"][0]
    assert set(sheet["unmatched"]) == {"口子", "念书", "人均纯收人"}
    assert {f["rule"] for f in done["findings"]} >= {"ID004", "HH014"}
    assert not {"HH019", "FM003", "IC208"} & {f["rule"] for f in done["findings"]}
    told = check(odd_headers(tmp_path), "--explain-columns")
    assert re.search(r"人均纯收人.*人均纯收入.*\d+\s?%", told.out)
    assert "IC208" in told.out


def test_a_map_pins_headers_and_letters(tmp_path: Path) -> None:
    file = odd_headers(tmp_path)
    pins = tmp_path / "对照.yaml"
    block = '"*报表*.xlsx":\n  columns: {L: 文化程度, 人均纯收人: 人均纯收入}\n'
    pins.write_text("口子: 家庭人口数\n" + block, encoding="utf-8")
    assert check(file, "--format", "json", "--map", pins).rules() == set(FAULTS)
    pins.write_text("口子: 家庭人囗数\n", encoding="utf-8")
    wrong = check(file, "--map", pins)
    assert (wrong.code, "家庭人口数" in wrong.err) == (2, True)


def test_the_map_of_the_settings_serves_and_the_map_file_wins(tmp_path: Path) -> None:
    file = odd_headers(tmp_path)
    (tmp_path / "fupin.toml").write_text(
        '[map]\n"口子" = "家庭人口数"\n"念书" = "劳动技能"\n', encoding="utf-8"
    )
    assert "HH019" in check(file, "--format", "json").rules()
    pins = tmp_path / "对照.yaml"
    pins.write_text("念书: 文化程度\n", encoding="utf-8")
    assert {"HH019", "FM003"} <= check(file, "--format", "json", "--map", pins).rules()


def test_explain_columns_tells_what_why_what_is_left_and_what_is_silenced(tmp_path: Path) -> None:
    head, *body = wide()
    file = write.xlsx(
        tmp_path / "a.xlsx", {"名单": [[*head, "门牌"], *([*r, "1号"] for r in body)], "空 ": []}
    )
    done = check(file, "--explain-columns")
    assert done.code == 0
    for text in ("I1", "人数", "家庭人口数", "门牌", "AA1", "IC212", "工资性收入", "空"):
        assert text in done.out
    assert not [r["姓名"] for r in ROWS if r["姓名"] in done.out]


# ---- clean ----


def test_clean_writes_tables_and_a_log_that_turns_raw_into_clean(tmp_path: Path) -> None:
    dirty = [{**r, "与户主关系": "本人" if r["与户主关系"] == "户主" else r["与户主关系"],
              "姓名": f" {r['姓名']}\u3000", "人均纯收入": "５，１３７．００元", "是否危房户": "0"}
             for r in ROWS]  # fmt: skip
    file = write.xlsx(tmp_path / "脏.xlsx", {"名单": grid(dirty, WIDE)})
    out = tmp_path / "净" / "净.xlsx"
    done = run("clean", file, "-o", out)
    assert done.code == 0
    assert str(out) in done.out
    book = openpyxl.load_workbook(out)
    raw = openpyxl.load_workbook(file)["名单"]
    clean = list(book["成员"].iter_rows(values_only=True))
    fields = list(clean[0])
    assert [line[fields.index("姓名")] for line in clean[1:]] == [r["姓名"] for r in ROWS]
    assert clean[1][fields.index("与户主关系")] == "户主"
    households = list(book["户"].iter_rows(values_only=True))
    assert households[1][households[0].index("人均纯收入")] == 5137
    log = list(book["清洗日志"].iter_rows(values_only=True, min_row=2))
    assert f"规整了 {len(log)} 个单元格" in done.out
    changed = {(cell, field): after for _, _, cell, field, _, after, _ in log}
    for shown, sheet, cell, _, before, after, _ in log:
        assert (shown, sheet) == (str(file), "名单")
        assert str(raw[cell].value) == before
        assert before != after
    for n, line in enumerate(clean[1:], start=2):
        for header, field in WIDE.items():
            if field not in fields:
                continue
            cell = raw.cell(n, list(WIDE).index(header) + 1)
            before = "" if cell.value is None else str(cell.value)
            after = changed.get((cell.coordinate, field), before)
            assert (
                "" if line[fields.index(field)] is None else str(line[fields.index(field)])
            ) == after


@pytest.mark.parametrize("out", ["脏.csv", "{file}"])
def test_clean_refuses_to_write_over_its_input_or_another_kind(fine: Path, out: str) -> None:
    before = fine.read_bytes()
    assert run("clean", fine, "-o", out.format(file=fine)).code == 2
    assert fine.read_bytes() == before


# ---- rules ----


def test_rules_list_and_show() -> None:
    listed = run("rules", "list", "--format", "json").json
    assert {"id", "title", "severity", "must"} <= set(listed[0])  # type: ignore[index]
    lines = run("rules", "list").out.splitlines()
    assert len(lines) == len(listed) + 1
    shown = run("rules", "show", "ic201", "--as-of", "2019", "--region", "611002")
    assert shown.code == 0
    for text in ("IC201", "人均纯收入", "收入尾差", "IC201-income-per-head-mismatch.yaml:", "依据"):
        assert text in shown.out
    unknown = run("rules", "show", "IC2O1")
    assert (unknown.code, "是不是" in unknown.err) == (4, True)


def test_a_new_rule_is_tested_linted_and_used(register: Path, tmp_path: Path) -> None:
    pack = tmp_path / "本县"
    made = run("rules", "new", "lv399", "head-count-too-low", "--pack", pack)
    assert made.code == 0
    file = pack / "checks" / "lv" / "LV399-head-count-too-low.yaml"
    for command in (("rules", "test", "LV399"), ("rules", "lint"), ("rules", "show", "LV399")):
        done = run(*command, "--pack", pack)
        assert (done.code, done.err) == (0, ""), command
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("人均纯收入 >= 0", "人均纯收入 >= 5200"), encoding="utf-8")
    broken = run("rules", "test", "LV399", "--pack", pack)
    assert broken.code == 4
    assert "正常" in broken.out
    done = check(register, "--pack", pack, "--select", "LV399", "--format", "json")
    poor = [h["户编号"] for h in HOUSES if h["人均纯收入"] < 5200]
    assert [f["household"] for f in done.json["findings"]] == poor
    assert done.code == 0  # a new rule is a warning until its author says more
    again = run("rules", "new", "LV399", "head-count-too-low", "--pack", pack)
    assert again.code == 2


@pytest.mark.parametrize("table", ["household", "member"])
def test_a_new_rule_stands_as_it_is_written(table: str, tmp_path: Path) -> None:
    run("rules", "new", "XX001", "as-written", "--pack", tmp_path, "--table", table)
    done = run("rules", "test", "XX001", "--pack", tmp_path)
    assert (done.code, done.err) == (0, "")


def test_every_problem_of_a_broken_pack_is_told_with_file_and_line(
    fine: Path, tmp_path: Path
) -> None:
    for number in ("001", "002", "003"):
        run("rules", "new", f"XX{number}", f"broken-{number}", "--pack", tmp_path)
    files = sorted((tmp_path / "checks" / "xx").iterdir())
    breaks = [("severity: warning", "severity: terrible"), ("kind: row", "knid: row"),
              ("must: 人均纯收入 >= 0", "must: 人均纯收入 >= (")]  # fmt: skip
    for file, (right, wrong) in zip(files, breaks):
        file.write_text(file.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    done = check(fine, "--pack", tmp_path)
    assert (done.code, done.out) == (4, "")
    for file in files[:2]:
        assert re.search(rf"{re.escape(file.name)}:\d+: ", done.err)
    for file in files[:2]:
        file.unlink()
    done = run("check", fine, "--as-of", "2019", "--no-xlsx", "--pack", tmp_path)
    assert done.code == 4
    assert re.search(rf"{re.escape(files[2].name)}:\d+", done.err)


def test_rule_pages_are_written_and_their_freshness_is_checked(tmp_path: Path) -> None:
    assert run("rules", "docs", "--out", tmp_path).code == 0
    assert (tmp_path / "IC201.md").is_file()
    assert run("rules", "docs", "--out", tmp_path, "--check").code == 0
    (tmp_path / "IC201.md").write_text("旧的", encoding="utf-8")
    stale = run("rules", "docs", "--out", tmp_path, "--check")
    assert (stale.code, "IC201.md" in stale.out) == (1, True)


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
