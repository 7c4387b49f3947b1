"""json, csv and the console."""

from __future__ import annotations

import csv
import io
import json

import pytest

from fupin_audit.model.sheet import SourceFile
from fupin_audit.report.as_csv import to_csv
from fupin_audit.report.as_json import to_json
from fupin_audit.report.console import console
from fupin_audit.report.safe import csv_text, safe_text
from fupin_audit.report.view import view
from report_factory import make_result


def as_json(**more) -> dict:
    stream = io.StringIO()
    to_json(view(make_result(), key=b"k"), stream, **more)
    return json.loads(stream.getvalue())


def test_json_keeps_its_promise() -> None:
    made = as_json()
    assert made["format"] == "fupin-audit.check/1"
    assert set(made) >= {
        "engine", "pack", "as_of", "region", "era", "inputs", "summary", "coverage", "findings",
        "cleaning",
    }  # fmt: skip
    assert made["pack"] == {"id": "core", "version": "2026.1", "digest": "abcdef0123456789"}
    sheet = made["inputs"][0]["sheets"][1]
    assert sheet["columns"]["证件号码"] == {"header": "证件号码", "cell": "G3"}
    assert (sheet["header_rows"], sheet["rows"], sheet["set_aside"]) == ([3], 5, 1)
    assert made["inputs"][0]["skipped"] == [
        {"sheet": "说明", "reason": "没有一列认得", "hidden": True}
    ]
    assert made["summary"]["by_rule"]["ID001"] == 2
    assert made["coverage"][-1] == {
        "rule": "HH025", "evaluated": 0, "passed": 0, "violated": 0, "unknown": 0,
        "skipped": "没有“年度家庭人口数”一列",
    }  # fmt: skip
    assert made["cleaning"] == {"cells": 3, "by_recipe": {"id_number": 2, "name": 1}}
    first = made["findings"][0]
    assert list(first) == [
        "fingerprint", "rule", "severity", "title", "table", "file", "sheet", "row", "cells",
        "household", "person", "place", "fields", "values", "message", "advice", "suggestion",
        "settle", "because_of", "stakes", "state",
    ]  # fmt: skip
    assert (first["row"], first["cells"], first["person"]) == (4, ["I4", "H4"], None)
    assert first["values"] == {"人均纯收入": "10000", "家庭人口数": "3"}


def test_json_masks_people_and_statistics_have_no_list() -> None:
    text = json.dumps(as_json(), ensure_ascii=False)
    for secret in ("张三", "欧阳小明", "13812341234", "611002197001010035"):
        assert secret not in text
    assert "findings" not in as_json(statistics=True)


def test_csv_opens_in_excel_and_runs_nothing() -> None:
    stream = io.StringIO(newline="")
    to_csv(view(make_result(), reveal=True), stream)
    text = stream.getvalue()
    assert text.startswith("\ufeff疑点编号,县,乡镇,行政村,户编号")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert len(rows) == 8
    assert {row["户主姓名"] for row in rows} == {"张三", "欧阳小明", "'=1+1", ""}
    assert rows[3]["现填值"] == "611002197001010035\t"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"), ("+SUM(A1)", "'+SUM(A1)"), ("-2+3", "'-2+3"), ("@x", "'@x"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("＝1+1", "'＝1+1"),
        ("-5", "-5"), ("+3.25", "+3.25"), ("张三", "张三"), ("", ""), ("a=1", "a=1"),
    ],
)  # fmt: skip
def test_what_might_run_gets_a_mark(text: str, safe: str) -> None:
    assert safe_text(text) == safe


def test_csv_keeps_long_digits_whole_and_control_characters_out() -> None:
    assert csv_text("611002198503020012") == "611002198503020012\t"
    assert csv_text("0914") == "0914\t"
    assert csv_text("12345") == "12345"
    assert csv_text("a\x1b[31mb\x00") == "a\ufffd[31mb\ufffd"


def shown(**more) -> str:
    stream = io.StringIO()
    result = more.pop("result", None) or make_result()
    console(view(result, **more), stream=stream)
    return stream.getvalue()


def test_console_sums_up_in_plain_text_when_piped() -> None:
    text = shown()
    assert "7 条疑点，涉及 3 户" in text
    assert "说明（隐藏）" in text
    assert "没有一列认得" in text
    assert "没有“年度家庭人口数”一列" in text
    assert "沙河镇  错误 4  警告 1  提示 0  涉及 2 / 2 户" in text
    assert "\x1b" not in text
    assert not any(c in text for c in "█│─┃")
    assert not any(line.endswith(" ") for line in text.splitlines())
    assert len(text.splitlines()) <= 60
    assert "张三" not in text
    assert "欧***" in text
    assert "张三" in shown(reveal=True)


def test_console_speaks_english() -> None:
    text = shown(lang="en")
    assert "7 findings on 3 households" in text
    assert "Could not be judged" in text


def test_console_says_what_was_not_read_and_never_praises_what_was_not_judged() -> None:
    result = make_result()
    result.findings.hits = []
    result.findings.coverage = [c for c in result.findings.coverage if c.skipped]
    result.dataset.files.append(SourceFile("坏.xlsx", "", "文件不完整"))
    text = shown(result=result)
    assert "没有读成：文件不完整" in text
    assert "没有一条规则能够判定" in text
    assert "没有发现疑点" not in text


def test_console_lets_no_name_steer_the_terminal() -> None:
    result = make_result()
    result.dataset.sheets[0].raw.name = "户\x1b[2J表[red]"
    assert "户\ufffd[2J表[red]" in shown(result=result)
