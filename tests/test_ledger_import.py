"""Lists from above, in the shapes they come in: matched, recorded once, followed to
their closing, and never closed by a run that has not seen them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import file_writers as put
from command_line import Outcome, run
from ledger_kit import LEDGER, check, counts, ledger, rows, state_of, write
from register_facts import ROWS

TITLE = "关于下发建档立卡疑似问题数据的清单"
HEAD = ["序号", "县(市、区)", "乡镇", "行政村", "户编号", "户主姓名", "姓名", "身份证号码",
        "疑似问题", "问题描述", "反馈单位", "整改时限", "核查结果", "整改情况"]  # fmt: skip


def person(name: str) -> dict[str, Any]:
    return next(row for row in ROWS if row["姓名"] == name)


def line(name: str, problem: str = "疑似死亡", done: str = "", **more: Any) -> list[Any]:
    """Return a row of the list for a person of the register."""
    who = person(name) | more
    return [1, who["县"], who["乡"], who["村"], who["户编号"], who.get("户主姓名", ""), who["姓名"],
            who["证件号码"], problem, f"{who['姓名']}经公安比对已销户", "省扶贫办",
            more.get("due", "2019-06-30"), more.get("found", ""), done]  # fmt: skip


def sent(path: Path, *lines: list[Any], head: list[Any] = HEAD) -> Path:
    path.parent.mkdir(exist_ok=True)
    return put.xlsx(path, {"清单": [[TITLE], ["单位：人"], head, *lines]})


def bring(*arguments: object) -> Outcome:
    form = () if "--format" in map(str, arguments) else ("--format", "json")
    return run("ledger", "import", *arguments, *form, "--as-of", "2019", "--region", "")


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return write(tmp_path / "名单.csv", rows())


def states(folder: Path) -> list[str]:
    return sorted(state_of(folder, "XD102"))


def summary(done: Outcome) -> dict[str, int]:
    assert done.code in (0, 1), done.err
    return {key: n for key, n in done.json["summary"].items() if n}


def test_a_list_is_matched_and_enters_the_ledger_once(tmp_path: Path, register: Path) -> None:
    lines = [line("李春花"), line("孙丽", "疑似财政供养"), line("周福", done="已核减")]
    notice = sent(tmp_path / "下发.xlsx", *lines)
    first = bring(notice, "--source", register)
    assert summary(first) == {"rows": 3, "matched": 3, "new": 2, "answered": 1}
    assert {row["matched"]["by"] for row in first.json["rows"]} == {"证件号码"}
    assert first.code == 0
    again = bring(notice, "--source", register)
    assert summary(again) == {"rows": 3, "matched": 3, "known": 2, "answered": 1}
    assert again.json["imported_before"] == 1
    assert states(tmp_path) == ["open", "open"]
    more = sent(tmp_path / "下发第二批.xlsx", *lines, line("吴桂兰"))
    assert summary(bring(more, "--source", register))["new"] == 1
    assert len(states(tmp_path)) == 3
    assert ledger(tmp_path, "verify").code == 0


def test_a_check_without_the_list_leaves_what_it_says_open(tmp_path: Path, register: Path) -> None:
    bring(sent(tmp_path / "下发" / "1.xlsx", line("李春花")), "--source", register)
    for more in ((), ("--whole",), ("--select", "XD,HH019")):
        check(register, *more)
        assert states(tmp_path) == ["open"]
    other = sent(tmp_path / "下发" / "2.xlsx", line("李春花", "疑似有商品房"), line("孙丽"))
    assert summary(bring(other, "--source", register))["new"] == 2
    assert states(tmp_path) == ["open"] * 3


def test_an_answer_on_the_list_closes_and_the_old_file_does_not_reopen(
    tmp_path: Path, register: Path
) -> None:
    blank = sent(tmp_path / "1.xlsx", line("李春花"), line("孙丽"))
    bring(blank, "--source", register)
    answered = sent(
        tmp_path / "1已填.xlsx", line("李春花", done="已核减"), line("孙丽", done="整改中")
    )
    done = bring(answered, "--source", register)
    assert summary(done) == {"rows": 2, "matched": 2, "answered": 1, "new": 1}
    assert states(tmp_path) == ["changed", "corrected", "open"]
    assert summary(bring(blank, "--source", register))["closed"] == 2
    assert states(tmp_path) == ["changed", "corrected", "open"]
    # Whoever sends it down once more in a new list has not accepted the answer.
    fresh = sent(tmp_path / "2.xlsx", line("李春花"), line("周福"))
    assert summary(bring(fresh, "--source", register))["reopened"] == 1


def test_the_list_is_answered_by_an_ordinary_check_too(tmp_path: Path, register: Path) -> None:
    notice = tmp_path / "下发.xlsx"
    bring(sent(notice, line("李春花"), line("孙丽")), "--source", register)
    sent(notice, line("李春花", found="不属实，本人健在"), line("孙丽"))
    done = check(register, notice, "--select", "XD102", "--ledger", tmp_path / LEDGER)
    assert counts(done) == {"corrected": 1, "still": 1}
    (left,) = done.json["findings"]
    assert left["place"]["乡"] == "柳溪镇"
    assert left["household"] == person("孙丽")["户编号"]
    assert "疑似死亡" in left["message"]
    assert person("孙丽")["证件号码"] not in done.out


def test_other_columns_make_no_other_finding(tmp_path: Path, register: Path) -> None:
    who = person("李春花")
    bring(sent(tmp_path / "1.xlsx", line("李春花")), "--source", register)
    head = ["身份证号", "姓名", "问题类型", "具体问题", "截止日期"]
    row = [who["证件号码"], "李春花", "疑似死亡", "李春花经公安比对 已销户", "2019年7月31日"]
    done = bring(sent(tmp_path / "2.xlsx", row, head=head), "--source", register)
    assert summary(done) == {"rows": 1, "matched": 1, "known": 1}
    (one,) = ledger(tmp_path, "findings", "--format", "json").json
    assert (one["due"], one["township"]) == ("2019-07-31", "柳溪镇")


@pytest.mark.parametrize(
    ("head", "row", "by"),
    [
        (["姓名", "身份证号码", "疑似问题"], ["孙丽", "证件号码"], "证件号码"),
        (["身份证号", "疑似问题"], ["证件号码"], "证件号码"),
        (["户号", "姓名", "疑似问题"], ["户编号", "姓名"], "户编号和姓名"),
        (["乡镇", "村", "姓名", "疑似问题"], ["乡", "村", "姓名"], "村和姓名"),
        (["人口编号", "姓名", "疑似问题"], ["人口编号", "姓名"], "人口编号"),
    ],
)  # fmt: skip
def test_a_row_is_matched_by_what_it_says(
    tmp_path: Path, register: Path, head: list[str], row: list[str], by: str
) -> None:
    who = person("孙丽")
    cells = [who.get(field, field) for field in row]
    notice = put.delimited(tmp_path / "下发.csv", [head, [*cells, "疑似死亡"]], "gb18030")
    done = bring(notice, "--source", register)
    (one,) = done.json["rows"]
    assert one["matched"]["by"] == by, one
    assert one["household"] == who["户编号"]
    assert one["township"] == "柳溪镇"


def test_two_header_levels_and_households_by_their_head(tmp_path: Path, register: Path) -> None:
    grid = [
        ["下发疑似问题台账"],
        ["序号", "对象", "", "", "", "反馈问题", "", ""],
        ["", "乡镇", "行政村", "户主姓名", "户编号", "问题类别", "问题描述", "整改期限"],
        [1, "柳溪镇", "王家村委会", "赵长河", "", "疑似有商品房", "名下有房", "2019.6.30"],
        [2, "柳溪镇", "王家村", "孙国强", person("孙丽")["户编号"], "疑似有车", "名下有车", ""],
        [3, "柳溪镇", "王家村", "赵大河", person("孙丽")["户编号"], "疑似有车", "名下有车", ""],
    ]
    merges = ["A1:H1", "A2:A3", "B2:E2", "F2:H2"]
    notice = put.xlsx(tmp_path / "台账.xlsx", {"1": grid}, merges)
    done = bring(notice, "--source", register)
    first, second, third = done.json["rows"]
    assert first["matched"]["by"] == "村和户主姓名"
    assert first["due"] == "2019-06-30"
    assert second["matched"]["by"] == "户编号和户主姓名"
    assert third["why"] == "户编号对得上，户主姓名不同"
    assert done.code == 1


def test_what_fits_nobody_or_several_is_listed_with_the_reason(tmp_path: Path) -> None:
    some = rows()
    twin = dict(person("孙丽"), 户编号="6110020000000006", 人口编号="61100200000000069")
    twin["证件号码"] = None
    register = write(tmp_path / "名单.csv", [*some, twin])
    head = ["村", "姓名", "身份证号", "疑似问题"]
    lines = [
        ["王家村", "孙丽", "", "疑似死亡"],
        ["王家村", "无此人", "", "疑似死亡"],
        ["李家沟村", "周福", "", "疑似死亡"],
        ["王家村", "周福", "611002198001019999", "疑似死亡"],
        ["", "周福", "", "疑似死亡"],
        ["", "", "611002198001019999", "疑似死亡"],
    ]
    done = bring(sent(tmp_path / "下发.xlsx", *lines, head=head), "--source", register)
    assert [(row["several"], row["why"]) for row in done.json["rows"]] == [
        (True, "登记表里这个村有同名的人"),
        (False, "登记表里这个村没有这个姓名的人"),
        (False, "登记表里这个村没有这个姓名的人"),
        (False, "登记表里没有这个证件号码；同村同名的人号码不同"),
        (False, "只有姓名，没有证件号码、户编号和村，没法对"),
        (False, "登记表里没有这个证件号码"),
    ]
    assert summary(done) == {"rows": 6, "several": 1, "unmatched": 5, "new": 6}
    console = bring(tmp_path / "下发.xlsx", "--source", register, "--format", "console")
    assert "周*" in console.out
    assert "周福" not in console.out
    assert "611002198001019999" not in console.out


def test_a_whole_export_with_one_column_more_is_a_list_when_handed_in_as_one(
    tmp_path: Path, register: Path
) -> None:
    from register_facts import WIDE, grid

    head, *body = grid(rows()[:3], WIDE)
    export = [[*head, "存在问题"], *([*row, "疑似死亡"] for row in body)]
    notice = put.xlsx(tmp_path / "导出.xlsx", {"Sheet1": export})
    done = bring(notice, "--source", register)
    assert summary(done) == {"rows": 3, "matched": 3, "new": 3}


def test_a_list_without_a_problem_column_has_to_say_what_it_is_about(
    tmp_path: Path, register: Path
) -> None:
    head = ["乡镇", "行政村", "姓名", "身份证号码", "整改情况"]
    who = person("孙丽")
    row = [who["乡"], who["村"], "孙丽", who["证件号码"], ""]
    notice = sent(tmp_path / "死亡人员.xlsx", row, head=head)
    refused = bring(notice, "--source", register)
    assert refused.code == 2
    assert "--about" in refused.err
    done = bring(notice, "--source", register, "--about", "疑似死亡")
    assert summary(done) == {"rows": 1, "matched": 1, "new": 1}
    assert done.json["rows"][0]["problem"] == "疑似死亡"
    assert summary(bring(notice, "--source", register, "--about", "疑似死亡"))["known"] == 1
    assert summary(bring(notice, "--source", register, "--about", "疑似服刑"))["new"] == 1


def test_a_list_among_the_registers_is_read_once_and_others_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "上报"
    folder.mkdir()
    write(folder / "名单.csv", rows())
    mine = sent(folder / "下发.xlsx", line("李春花"))
    sent(folder / "另一批.xlsx", line("孙丽"))
    done = bring(mine, "--source", folder)
    assert summary(done) == {"rows": 1, "matched": 1, "new": 1}
    assert any("另一批" in told for told in done.json["notes"])


def test_the_same_row_twice_stays_two_lines_and_one_person(tmp_path: Path, register: Path) -> None:
    notice = sent(tmp_path / "下发.xlsx", line("李春花"), line("李春花"))
    first = bring(notice, "--source", register)
    assert summary(first)["new"] == 2
    assert any("1 行重复" in told for told in first.json["notes"])
    assert summary(bring(notice, "--source", register))["known"] == 2


def test_without_a_register_it_is_recorded_and_not_compared(tmp_path: Path, register: Path) -> None:
    head, row = ["身份证号", "疑似问题"], [person("孙丽")["证件号码"], "疑似死亡"]
    notice = sent(tmp_path / "下发.xlsx", row, head=head)
    done = bring(notice)
    assert (done.code, summary(done)) == (0, {"rows": 1, "unmatched": 1, "new": 1})
    bring(notice, "--source", register)
    (one,) = ledger(tmp_path, "findings", "--format", "json").json
    assert one["township"] == "柳溪镇"


def test_it_is_decided_like_others_and_may_be_called_corrected(
    tmp_path: Path, register: Path
) -> None:
    notice = sent(tmp_path / "下发.xlsx", line("李春花"), line("孙丽"))
    done = bring(notice, "--source", register)
    first, second = (row["fingerprint"] for row in done.json["rows"])
    grounds = ("--by", "王核", "--evidence", "佐证-0012")
    assert ledger(tmp_path, "decide", first, "--state", "已更正").code == 2
    assert ledger(tmp_path, "decide", first, "--state", "已更正", *grounds).code == 0
    assert ledger(tmp_path, "decide", second, "--state", "情况属实", *grounds).code == 0
    assert states(tmp_path) == ["confirmed", "corrected"]
    bring(notice, "--source", register)
    assert states(tmp_path) == ["confirmed", "corrected"]
    assert ledger(tmp_path, "verify").code == 0
    ours = check(register, "--select", "HH014")
    (mark,) = (f["fingerprint"] for f in ours.json["findings"])
    refused = ledger(tmp_path, "decide", mark, "--state", "已更正", *grounds)
    assert refused.code == 2
    assert "下一次核对" in refused.err


@pytest.mark.parametrize(
    ("on", "lamp"), [("2019-06-01", "green"), ("2019-06-27", "yellow"), ("2019-07-01", "red")]
)
def test_its_own_deadline_lights_the_lamp(
    tmp_path: Path, register: Path, on: str, lamp: str
) -> None:
    bring(sent(tmp_path / "下发.xlsx", line("李春花")), "--source", register)
    (one,) = ledger(tmp_path, "findings", "--format", "json", "--on", on).json
    assert (one["due"], one["colour"]) == ("2019-06-30", lamp)
    assert ledger(tmp_path, "findings", "--colour", lamp, "--on", on).out.count("XD102") == 1


def test_the_stage_report_goes_by_it_too(tmp_path: Path, register: Path) -> None:
    bring(sent(tmp_path / "下发.xlsx", line("李春花", due="2099-12-31")), "--source", register)
    day = ("--from", "2020-01-01", "--format", "json")
    assert ledger(tmp_path, "stages", *day).json["total"]["green"] == 1
    assert ledger(tmp_path, "stages", *day, "--to", "2100-01-01").json["total"]["red"] == 1


def test_the_ledger_holds_nobody_by_name_or_number(tmp_path: Path, register: Path) -> None:
    bring(sent(tmp_path / "下发.xlsx", line("李春花"), line("孙丽")), "--source", register)
    with closing(sqlite3.connect(tmp_path / LEDGER)) as connection:
        held = "\n".join(connection.iterdump())
    for name in ("李春花", "孙丽"):
        assert name not in held
        assert person(name)["证件号码"] not in held
    assert "公安" not in held


def test_a_ledger_of_the_first_version_is_brought_up_to_date(
    tmp_path: Path, register: Path
) -> None:
    from fupin_audit.ledger.schema import APPLICATION, STEPS

    file = tmp_path / LEDGER
    bring(sent(tmp_path / "下发.xlsx", line("孙丽")), "--source", register)
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(STEPS[0])
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("PRAGMA user_version = 1")
    assert (
        summary(bring(sent(tmp_path / "下发.xlsx", line("孙丽")), "--source", register))["new"] == 1
    )
    assert ledger(tmp_path, "verify").code == 0


def test_a_correction_list_answers_it_and_writes_the_answer_into_the_list(
    tmp_path: Path, register: Path
) -> None:
    import openpyxl

    notice = sent(tmp_path / "下发.xlsx", line("李春花"), line("孙丽"))
    bring(notice, "--source", register)
    few = ("--select", "XD102", "--as-of", "2019", "--region", "", "--ledger", tmp_path / LEDGER)
    made = run("corrections", "make", notice, register, "--out", tmp_path / "清单", *few)
    assert made.code in (0, 1), made.err
    (path,) = (tmp_path / "清单").glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["更正清单"]
    (top,) = (c.row for c in sheet["A"] if c.value == "疑点编号")
    column = {c.value: c.column for c in sheet[top]}
    row = next(
        r for r in range(top + 1, sheet.max_row + 1)
        if sheet.cell(r, column["姓名"]).value == "李春花"
    )  # fmt: skip
    answer = {"处理结果": "已更正", "更正值": "已核减", "佐证材料": "佐证-1", "核实人": "王核",
              "核实日期": "2019-06-01"}  # fmt: skip
    for head, value in answer.items():
        sheet.cell(row, column[head]).value = value
    book.save(tmp_path / "回.xlsx")
    done = run(
        "corrections", "apply", tmp_path / "回.xlsx", "--source", notice, "--source", register,
        "--write", tmp_path / "改", "--as-of", "2019", "--ledger", tmp_path / LEDGER,
    )  # fmt: skip
    assert done.code in (0, 1), done.err
    assert states(tmp_path) == ["corrected", "open"]
    back = bring(tmp_path / "改" / "下发.xlsx", "--source", register)
    assert summary(back)["answered"] == 1


def test_a_day_that_cannot_be_read_is_told(tmp_path: Path, register: Path) -> None:
    notice = sent(tmp_path / "下发.xlsx", line("李春花", due="尽快"), line("孙丽"))
    done = bring(notice, "--source", register)
    assert any(told.startswith("第 4 行的“整改时限”读不出") for told in done.json["notes"])
    assert sorted(one["due"] for one in ledger(tmp_path, "findings", "--format", "json").json) == [
        "", "2019-06-30",
    ]  # fmt: skip


def test_a_register_with_a_column_for_problems_is_still_a_register(tmp_path: Path) -> None:
    head = ["乡镇", "行政村", "户编号", "户主姓名", "家庭人口数", "存在问题"]
    row = ["柳溪镇", "王家村", "6110020000000001", "陈大山", 3, ""]
    put.xlsx(tmp_path / "户.xlsx", {"1": [head, row]})
    (sheet,) = check(tmp_path / "户.xlsx", "--select", "HH019").json["inputs"][0]["sheets"]
    assert sheet["table"] == "household"
    put.xlsx(tmp_path / "户.xlsx", {"1": [["疑似问题清单"], head, row]})
    (sheet,) = check(tmp_path / "户.xlsx", "--select", "XD").json["inputs"][0]["sheets"]
    assert sheet["table"] == "notice"
