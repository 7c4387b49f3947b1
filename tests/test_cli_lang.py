"""`--lang`: every command speaks Chinese, and with `--lang en` English.

What is data stays as it is: file names, fields, values, what documents say.
"""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

import file_writers as put
from command_line import FEW, Outcome, run
from fupin_audit.domain.reason import Reason
from ledger_kit import check, rows

HAN = re.compile(r"[一-鿿，。：；、（）“”]+")
NAMES = re.compile(
    r"\S*(?:名单|清单|更正件|回执|核对结果|夜)[^\s,]*"  # files and folders of the tests
    r"|[\w·]+[乡镇村]|[“\"][^”\"]*[”\"]"
)
"""What may be Chinese: names of files and places, and what is quoted."""
FIELDS = (
    "人均纯收入", "家庭人口数", "证件号码", "文化程度", "与户主关系", "户编号", "处理结果",
    "整改情况", "整改时限",
)  # fmt: skip


def chinese(done: Outcome, *data: str) -> list[str]:
    """Return the Chinese a command printed that is not data."""
    told = NAMES.sub("", done.out + done.err)
    for one in (*FIELDS, *data):
        told = told.replace(one, "")
    return HAN.findall(told)


def both(*arguments: object, data: tuple[str, ...] = (), codes: tuple[int, ...] = (0,)) -> Outcome:
    """Run a command in both languages; return the English one."""
    zh, en = run(*arguments, "--lang", "zh"), run(*arguments, "--lang", "en")
    assert zh.code in codes, zh.err
    assert en.code == zh.code, en.err
    assert HAN.search(zh.out), zh.out
    assert not chinese(en, *data), (chinese(en, *data), en.out + en.err)
    return en


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a checked register in it, which one works in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    put.xlsx(tmp_path / "名单.xlsx", {"名单": _grid()})
    assert check("名单.xlsx").code == 1
    return tmp_path


def _grid() -> list[list[object]]:
    from register_facts import WIDE, grid

    return grid(rows(), WIDE)


def test_the_ledger(office: Path) -> None:
    assert "New" in both("ledger", "runs").out
    found = both("ledger", "findings", "--on", "2020-06-30")
    assert "open" in found.out
    mark = next(line.split()[0] for line in found.out.splitlines() if " open " in line)
    decide = ("ledger", "decide", mark, "--by", "Li", "--evidence", "A-1", "--state")
    assert "open → confirmed" in run(*decide, "情况属实", "--lang", "en").out
    assert "情况属实 → 待核实" in run(*decide, "待核实").out
    assert "Total" in both("ledger", "stages", "--from", "2000-01-01").out
    assert "Seal" in both("ledger", "verify").out
    assert "Kind" in both("ledger", "export", "--format", "console", data=("待核实",)).out
    head = run("ledger", "runs", "--format", "csv", "--lang", "en").out.splitlines()[0]
    assert head.endswith("Not seen")


def test_the_language_of_the_settings_and_of_the_locale(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert "New" in run("ledger", "runs").out
    (office / "fupin.toml").write_text('lang = "zh"\n', encoding="utf-8")
    assert "新发现" in run("ledger", "runs").out
    assert "规则包" in run("doctor", ".").out
    assert run("ledger", "runs", "--lang", "fr").code == 2


def test_a_list_from_above(office: Path) -> None:
    put.xlsx(office / "下发清单.xlsx", {"清单": [
        ["姓名", "证件号码", "疑似问题", "要求完成时间"], ["无此人", "", "疑似死亡", "尽快"],
    ]})  # fmt: skip
    told = both(
        "ledger", "import", "下发清单.xlsx", "--source", "名单.xlsx", "--as-of", "2019",
        codes=(1,), data=("无", "疑似死亡"),
    )  # fmt: skip
    assert "Not matched" in told.out


def test_correction_lists(office: Path) -> None:
    made = ("--as-of", "2019", "--region", "", *FEW)
    assert "更正清单写在" in run("corrections", "make", "名单.xlsx", "--out", "更正清单", *made).out
    out = run("corrections", "make", "名单.xlsx", "--out", "清单二", *made, "--lang", "en")
    assert not chinese(out), out.out
    assert "not answered" in both("corrections", "status", "更正清单").out
    tried = both("corrections", "apply", "更正清单", "--source", "名单.xlsx", codes=(0, 1))
    assert "Trial" in tried.out


def test_doctor(office: Path) -> None:
    assert "Nothing to be seen to" in both("doctor", ".").out
    assert "FAULT" in both("doctor", "夜/无", codes=(1,)).out


def test_rules(office: Path) -> None:
    assert "rules" in both("rules", "list").out
    shown = run("rules", "show", "IC201", "--lang", "en").out
    for words in ("severity: ", "table: ", "Basis", "When it may be wrong", "folder of the pack"):
        assert words in shown
    assert "years: 2014–2020" in shown or "years: 2021–2025" in shown
    income = run("rules", "show", "income", "--as-of", "2019", "--lang", "en").out
    assert "Choices" in income
    assert "口径\n" not in income
    assert "examples" in both("rules", "test", "HH014").out
    new = ("rules", "new", "LV399", "no-lamp", "--pack")
    assert not chinese(run(*new, "a", "--lang", "en"))
    assert "填好后" in run(*new, "b").out
    alike = both(
        "rules", "prove", "名单.xlsx", "--as-of", "2019", "--region", "", "--select", "HH014,FM001",
        "-v",
    )  # fmt: skip
    assert "Result: alike" in alike.out


def test_lint_counts_in_english(office: Path, tmp_path: Path) -> None:
    told = run("rules", "lint", "--pack", "没有", "--lang", "en")
    assert told.code == 4, told.out  # an error, and those are Chinese


def test_the_night(office: Path) -> None:
    init = ("batch", "init", "--inputs", "名单.xlsx", "--out", "核对结果")
    assert not chinese(run(*init, "a.toml", "--lang", "en"))
    assert "已写出" in run(*init, "b.toml").out
    text = (office / "b.toml").read_text(encoding="utf-8")
    (office / "b.toml").write_text(
        text.replace("settle = 60", "settle = 0").replace('"month-end"', '"2019"'), encoding="utf-8"
    )
    assert "in order" in both("batch", "check", "b.toml").out
    assert "no finished result" in both("batch", "status", "b.toml").out
    assert "疑点" in run("batch", "run", "b.toml").out
    held = run("batch", "run", "b.toml", "--lang", "en")
    assert "the last result holds" in held.out
    assert not chinese(held), held.out
    assert "households" in both("batch", "status", "b.toml").out
    assert not chinese(run("batch", "schedule", "b.toml", "--for", "cron", "--lang", "en"))


def test_why_rules_did_not_judge_is_told_in_english(office: Path) -> None:
    asked = ("check", "名单.xlsx", "--as-of", "2019", "--no-xlsx", "--no-ledger", "--lang", "en")
    done = run(*asked, "--format", "json").json
    why = {one["skipped"] for one in done["coverage"] if one["skipped"]}
    assert {text for text in why if re.search("[缺没只]", text)} == set()
    assert any(text.startswith("columns missing: ") for text in why)
    assert "id numbers" in done["region_evidence"]


def test_a_reason_survives_the_way_between_processes() -> None:
    again = pickle.loads(pickle.dumps(Reason("缺列", "columns missing")))
    assert (again, again.en) == ("缺列", "columns missing")
