"""Returned lists held against the source: what is done, refused, and left alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import pytest

from command_line import run
from corrections_kit import DONE, TRUE, Loop, done, fill, lines
from register_facts import ROWS

INCOME, COUNT, EDUCATION = ("IC208", "人均纯收入"), ("HH019", "家庭人口数"), ("FM003", "文化程度")
ID = ("ID004", "证件号码")


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    return Loop(tmp_path)


def _prints(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and not p.name.endswith(("-wal", "-shm"))
    }


def test_a_dry_run_says_what_would_happen_and_touches_nothing(loop: Loop) -> None:
    fill(loop.make(), {INCOME: done(5300), COUNT: TRUE})
    before = _prints(loop.folder)
    told = loop.apply()
    assert told.code == 0
    assert told.json["dry_run"] is True
    assert told.json["counts"]["已采用"] == 1
    assert told.json["counts"]["已确认属实"] == 1
    assert lines(told)[INCOME]["recheck"] == "疑点已消除"
    assert _prints(loop.folder) == before
    shown = run("corrections", "apply", loop.lists, "--source", loop.source)
    assert "试算：原表和台账都没有动" in shown.out


def test_written_copies_are_corrected_and_the_ledger_knows(loop: Loop) -> None:
    path = fill(loop.make(), {INCOME: done(" ５３００ "), EDUCATION: done("小学"), COUNT: TRUE})
    source = loop.register.read_bytes()
    out = loop.folder / "out"
    told = loop.apply("--write", out)
    assert told.code == 0, told.err
    assert loop.register.read_bytes() == source
    old, new = loop.cells(), loop.cells(out / "名单.xlsx")
    changed = [(a, b) for x, y in zip(old, new) for a, b in zip(x, y) if a != b]
    assert changed == [("小学二年级半", "小学"), (-300, 5300)]
    states = loop.states()
    assert (states["IC208"], states["FM003"], states["HH019"]) == (
        "corrected", "corrected", "confirmed",
    )  # fmt: skip
    assert states["ID004"] == "open"
    assert (out / (path.name.removesuffix(".更正清单.xlsx") + ".更正回执.xlsx")).is_file()
    assert not list(out.glob(".*"))
    # A check of the copies agrees with what the ledger was told.
    (loop.source / "名单.xlsx").write_bytes((out / "名单.xlsx").read_bytes())
    again = loop.apply("--write", out)
    assert again.code == 0
    assert lines(again)[INCOME]["reason"] == "原表里已经是这个值，不用再改"
    assert loop.states() == states


def test_a_households_field_is_changed_on_every_row(loop: Loop) -> None:
    fill(loop.make(), {COUNT: done("2人")})
    told = loop.apply("--write", loop.folder / "out")
    assert told.code == 0, told.out
    cells = lines(told)[COUNT]["cells"]
    assert len(cells) == 2
    head, *rows = loop.cells(loop.folder / "out" / "名单.xlsx")
    people, number = head.index("人数"), head.index("户编号")
    assert {str(r[people]) for r in rows if r[number] == ROWS[3]["户编号"]} <= {"2", "2人"}


def test_in_place_keeps_the_original(loop: Loop) -> None:
    fill(loop.make(), {INCOME: done(5300)})
    before = loop.register.read_bytes()
    told = loop.apply("--in-place", "--backups", loop.folder / "kept")
    assert told.code == 0, told.err
    assert loop.register.read_bytes() != before
    (kept,) = (loop.folder / "kept").glob("*.xlsx")
    assert kept.read_bytes() == before
    assert loop.states()["IC208"] == "corrected"


@pytest.mark.parametrize(
    ("key", "answer", "reason"),
    [
        (INCOME, DONE, "没有填“更正值”"),
        (INCOME, {"更正值": 5300}, "没有选“处理结果”"),
        (INCOME, {"处理结果": "情况属实"}, "没有写佐证材料和核实人"),
        (INCOME, {"处理结果": "情况属实", "佐证材料": "甲"}, "没有写核实人"),
        (INCOME, {**TRUE, "佐证材料": "13800000001"}, "个人信息"),
        (INCOME, {**TRUE, "更正值": 5}, "又填了“更正值”"),
        (INCOME, {"佐证材料": "甲"}, "没有选“处理结果”"),
        (INCOME, {"处理结果": "再看看"}, "不是三种之一"),
        (INCOME, done("约五千"), "读不成金额"),
        (INCOME, done("-300"), "一样"),
        (INCOME, {**done(5300), "现填值": "-301"}, "“现填值”被人改过"),
        (INCOME, {**done(5300), "疑点编号": "0123456789ab"}, "没有这个疑点编号"),
        (INCOME, {**done(5300), "户编号": "6110020000000001"}, "对不上"),
        (INCOME, {**done(5300), "字段": "家庭人口数"}, "不涉及这个字段"),
        (EDUCATION, done("小学三年"), "没有更正值这一项"),
        (EDUCATION, done("=cmd|'/c calc'!A1"), "像公式"),
        (EDUCATION, done("@SUM(A1)"), "像公式"),
        (ID, done(611002197209050229.0), "末几位已经丢失"),
    ],
)
def test_what_is_refused_and_why(loop: Loop, key, answer, reason) -> None:
    fill(loop.make(), {key: answer})
    told = loop.apply("--write", loop.folder / "out")
    assert told.code == 1, told.out + told.err
    assert not (loop.folder / "out" / "名单.xlsx").exists()
    every = [line for one in told.json["lists"] for line in one["lines"]]
    refused = [line for line in every if line["outcome"] == "refused"]
    assert refused
    assert any(reason in line["reason"] for line in refused), refused
    assert "corrected" not in loop.states().values()


def test_the_labels_a_code_field_takes_are_told(loop: Loop) -> None:
    fill(loop.make(), {EDUCATION: done("小学三年")})
    assert "小学" in lines(loop.apply())[EDUCATION]["todo"]


def test_close_spellings_and_emptied_cells(loop: Loop) -> None:
    fill(
        loop.make(),
        {INCOME: {"处理结果": " 已 改。", "更正值": "清空"}, COUNT: {**TRUE, "处理结果": "属实"}},
    )
    told = loop.apply()
    assert lines(told)[INCOME]["result"] == "已采用"
    assert lines(told)[COUNT]["result"] == "已确认属实"


def test_an_answer_to_one_row_answers_its_finding(tmp_path: Path) -> None:
    rows = [dict(row) for row in ROWS]
    next(row for row in rows if row["姓名"] == "钱秀英")["劳动技能"] = "丧失劳动力"
    loop = Loop(tmp_path, rows)
    skill, health = ("HL064", "劳动技能"), ("HL064", "健康状况")
    path = loop.make()
    fill(path, {skill: done("普通劳动力")})
    found = lines(loop.apply())
    assert (found[skill]["result"], found[health]["result"]) == ("已采用", "无需处理")
    # 情况属实 in the other row means that the other value is right.
    fill(path, {health: TRUE})
    found = lines(loop.apply())
    assert (found[skill]["result"], found[health]["result"]) == ("已采用", "无需处理")
    fill(path, {skill: {"处理结果": "无法核实", "更正值": None}})
    found = lines(loop.apply())
    assert (found[skill]["result"], found[health]["result"]) == ("冲突", "冲突")
    # An answer that is refused answers nothing.
    nothing = dict.fromkeys(("处理结果", "更正值", "佐证材料", "核实人"))
    fill(path, {skill: done("不知道"), health: nothing})
    found = lines(loop.apply())
    assert (found[skill]["result"], found[health]["result"]) == ("未采用", "未答复")


def test_a_correction_that_does_not_help_and_one_that_breaks_another_rule(loop: Loop) -> None:
    fill(loop.make(), {INCOME: done("-5"), ("HH014", "与户主关系"): done("户主")})
    told = loop.apply()
    assert told.code == 0
    assert lines(told)[INCOME]["recheck"] == "改了以后仍不符"
    assert lines(told)[INCOME]["new_findings"] == []
    second = lines(told)["HH014", "与户主关系"]
    assert second["cleared"] is True
    assert {one["rule"] for one in second["new_findings"]} == {"HH012"}
    assert "引出新疑点" in second["recheck"]


def test_a_source_that_changed_meanwhile_is_not_overwritten(loop: Loop) -> None:
    fill(loop.make(), {INCOME: done(5300), COUNT: TRUE})
    rows = [dict(row) for row in ROWS]
    for row in rows:
        row["人均纯收入"] = 4000 if row["人均纯收入"] == -300 else row["人均纯收入"]
    loop.write(rows)
    told = loop.apply()
    assert told.code == 1
    assert "清单发出后改过" in lines(told)[INCOME]["reason"]
    assert lines(told)[COUNT]["result"] == "已确认属实"


def test_a_list_of_an_older_run_holds_as_long_as_its_findings_stand(loop: Loop) -> None:
    fill(loop.make(), {INCOME: done(5300)})
    rows = [dict(row) for row in reversed(ROWS)]
    rows[0]["劳动技能"] = "技能劳动力"
    loop.write(rows)
    (loop.source / "名单.xlsx").rename(loop.source / "新名单.xlsx")
    loop.register = loop.source / "新名单.xlsx"
    run("check", loop.source, "--no-xlsx")
    told = loop.apply("--write", loop.folder / "out")
    assert told.code == 0, told.out
    assert 5300 in [cell for row in loop.cells(loop.folder / "out" / "新名单.xlsx") for cell in row]


def test_copies_of_one_list_that_disagree_are_conflicts(loop: Loop) -> None:
    path = loop.make()
    fill(path, {INCOME: done(5300), COUNT: done(2)}, loop.lists / "乙.xlsx")
    fill(path, {INCOME: done(5400), COUNT: done("2")})
    told = loop.apply("--write", loop.folder / "out")
    assert told.code == 1
    every = [line for one in told.json["lists"] for line in one["lines"]]
    income = [line["outcome"] for line in every if (line["rule"], line["field"]) == INCOME]
    count = sorted(line["outcome"] for line in every if (line["rule"], line["field"]) == COUNT)
    assert income == ["conflict", "conflict"]
    assert count == ["applied", "nothing"]
    assert loop.states()["IC208"] == "open"


def test_status_needs_no_source(loop: Loop) -> None:
    fill(loop.make(), {INCOME: done(5300), COUNT: {"处理结果": "情况属实"}})
    told = run("corrections", "status", loop.lists, "--format", "json",
               "--ledger", loop.source / ".fupin" / "ledger.sqlite")  # fmt: skip
    assert told.code == 0
    found = {(line["rule"], line["field"]): line for line in told.json["lists"][0]["lines"]}
    assert found[INCOME]["standing"] == "已答复"
    assert found[COUNT]["standing"] == "没答全"
    assert found[ID]["standing"] == "未答复"
    assert {line["state"] for line in found.values()} == {"open"}
    shown = run("corrections", "status", loop.lists)
    assert "没答全" in shown.out


def test_usage(loop: Loop, tmp_path: Path) -> None:
    loop.make()
    assert loop.apply("--write", loop.source).code == 0  # nothing to write
    fill(next(loop.lists.glob("*.xlsx")), {INCOME: done(5300)})
    assert loop.apply("--write", loop.source).code == 2
    assert loop.apply("--write", loop.folder / "o", "--in-place").code == 2
    assert loop.apply(lists=tmp_path / "nowhere").code == 2
    assert loop.apply(lists=loop.register).code == 3


@pytest.mark.parametrize(("mask", "shown"), [("staff", True), ("strict", False)])
def test_the_reply_tells_every_line_and_shows_no_more_than_the_list(
    loop: Loop, mask: str, shown: bool
) -> None:
    path = loop.make("--mask", mask)
    fill(path, {ID: done("611002197209050229"), EDUCATION: done("=1+1"), COUNT: DONE})
    assert loop.apply("--reply", loop.folder / "back").code == 1
    (reply,) = (loop.folder / "back").iterdir()
    book = openpyxl.load_workbook(reply)
    assert book.sheetnames == ["汇总", "回执"]
    rows = [[cell.value for cell in row] for row in book["回执"].iter_rows(min_row=5)]
    assert len(rows) == 5
    assert {row[9] for row in rows} == {"已采用", "未采用", "未答复"}
    text = str(rows)
    assert ("611002197209050229" in text) is shown
    assert all("。" in (row[10] or "") for row in rows if row[9] == "未采用")
    assert not any(str(cell).startswith("=") for row in rows for cell in row)
