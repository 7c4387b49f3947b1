"""JUnit for schedulers: well formed whatever a cell holds, and nothing left out unsaid."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from command_line import check
from fupin_audit.model.findings import Coverage, Piece
from fupin_audit.model.sheet import SourceFile
from fupin_audit.report.as_junit import to_junit
from fupin_audit.report.view import view
from report_factory import make_hits, make_result


def junit(result: Any, **more: Any) -> ElementTree.Element:
    made = io.StringIO()
    to_junit(view(result, key=b"k", **more), made)
    return ElementTree.fromstring(made.getvalue().encode())


def case(root: ElementTree.Element, rule: str) -> ElementTree.Element:
    (one,) = [c for c in root.iter("testcase") if c.get("name", "").startswith(rule)]
    return one


def test_a_rule_is_a_case_that_fails_passes_or_is_skipped() -> None:
    root = junit(make_result())
    assert {k: root.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "8", "failures": "4", "errors": "0", "skipped": "2",
    }  # fmt: skip
    assert [s.get("name") for s in root] == [
        "1 两不愁三保障达标", "2 收入核算真实", "10 系统数据更新补正",
    ]  # fmt: skip
    failure = case(root, "IC201").find("failure")
    assert failure is not None
    assert failure.get("message") == "1 条疑点，1 处判断不了"
    assert "人均纯收入填 10000，应为 3333.33" in (failure.text or "")
    skipped = case(root, "HH025").find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "没有“年度家庭人口数”一列"
    assert list(case(root, "ID004")) == []
    assert case(root, "FM008").find("failure") is None  # infos fail nothing
    told = ElementTree.tostring(root, encoding="unicode")
    for hidden in ("张三", "13812341234", "611002197001010035"):
        assert hidden not in told


def test_the_first_few_are_told_and_how_many_there_are() -> None:
    rows = [["县", "镇", "村", f"6100{i}", "王一", None, None, 3, 1.0] for i in range(9)]
    result = make_result(rows)
    told = [Piece("人均 "), Piece(argument=0, field="人均纯收入")]
    result.findings.hits = [
        make_hits("IC201", "error", "household", list(range(9)), ("人均纯收入",), told, [[1.0] * 9])
    ]
    result.findings.coverage = [Coverage("IC201", 9, 0, 9, 0)]
    text = case(junit(result), "IC201").findtext("failure") or ""
    assert len(text.splitlines()) == 6
    assert text.endswith("…… 共 9 条")


def test_hostile_text_and_unreadable_files_stay_well_formed() -> None:
    nasty = "\"]]><a b='c'>&\x00\x0b\ud800\ufffe"
    result = make_result([[nasty, nasty, nasty, "61", nasty, nasty, nasty, 3, 1.0]])
    result.findings.hits = [
        make_hits("CT031", "warning", "household", [0], ("户联系电话",),
                  [Piece("户主 "), Piece(argument=0, field="户主姓名")], [[nasty]])
    ]  # fmt: skip
    result.findings.coverage = [Coverage("CT031", 1, 0, 1, 0), Coverage("EX004", skipped=nasty)]
    result.dataset.files.append(SourceFile(nasty, "", error=nasty))
    root = junit(result, reveal=True)
    assert root.get("errors") == "1"
    assert "<a b='c'>&" in (case(root, "CT031").findtext("failure") or "")


def test_rules_for_other_years_are_left_out() -> None:
    result = make_result()
    result.pack = replace(result.pack, inapplicable={"HH025": "只用于 2021 年以后"})
    root = junit(result)
    assert root.get("tests") == "7"
    assert not [c for c in root.iter("testcase") if c.get("name", "").startswith("HH025")]


def test_the_command_line_writes_it(register: Path, tmp_path: Path) -> None:
    out = tmp_path / "报告" / "junit.xml"
    done = check(register, "--format", "junit", "--out", out, "--no-ledger")
    assert done.code == 1, done.err
    root = ElementTree.parse(out).getroot()
    assert int(root.get("failures", "0")) > 0
