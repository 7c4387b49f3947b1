"""Correction lists as they go out: who gets what, what is open, what is hidden."""

from __future__ import annotations

import csv
import shutil
import sqlite3
import subprocess
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import msoffcrypto
import openpyxl
import pytest

from command_line import FEW, Outcome, run
from fupin_audit.corrections import form
from fupin_audit.ledger.keys import key_beside
from ledger_kit import LEDGER, confirm, rows, write
from register_facts import WIDE, number

HELPED = {**WIDE, "帮扶责任人": "帮扶责任人"}
OTHER = ("孙丽", "吴桂兰")
"""Their households live in another township."""


def _make(*arguments: object, few: tuple[str, ...] = FEW) -> Outcome:
    return run(
        "corrections", "make", *arguments, *few, "--as-of", "2019", "--region", "", "-q"
    )  # fmt: skip


def _source(folder: Path, helpers: bool = False, **changed: Any) -> Path:
    """Write the facts: two households in another township, helpers if wanted."""
    some = rows()
    moved = {row["户编号"] for row in some if row["姓名"] in OTHER}
    for row in some:
        if row["户编号"] in moved:
            row["乡"], row["村"] = "石桥镇", "下河村"
        if helpers:
            row["帮扶责任人"] = "" if row["户编号"] in moved else "高帮扶"
        row.update({k: v for k, v in changed.items() if row["姓名"] == "吴桂兰"})
    heads = HELPED if helpers else WIDE
    with (folder / "名单.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(heads)
        csv.writer(stream).writerows([[row.get(f) for f in heads.values()] for row in some])
    return folder / "名单.csv"


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _lines(path: Path | BytesIO) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(path)[form.LIST]
    heads = [cell.value for cell in sheet[3]]
    return [
        dict(zip(heads, [cell.value for cell in row], strict=True))
        for row in sheet.iter_rows(min_row=4)
    ]


def _rules(path: Path) -> set[str]:
    return {line["规则编号"] for line in _lines(path)}


def _rule(lines: list[dict[str, Any]], rule: str) -> dict[str, Any]:
    (one,) = [line for line in lines if line["规则编号"] == rule]
    return one


def test_a_list_per_township_locked_left_and_open_right(tmp_path: Path) -> None:
    out = tmp_path / "清单"
    done = _make(_source(tmp_path), "--out", out)
    assert done.code == 0, done.err
    assert _names(out) == ["01-柳溪镇.更正清单.xlsx", "02-石桥镇.更正清单.xlsx"]
    assert done.out.splitlines() == [str(out / name) for name in _names(out)]
    book = openpyxl.load_workbook(out / "02-石桥镇.更正清单.xlsx")
    assert book.sheetnames[:3] == [form.GUIDE, form.LIST, form.SUMMARY]
    sheet = book[form.LIST]
    heads = [cell.value for cell in sheet[3]]
    assert tuple(heads[: len(form.COLUMNS)]) == form.COLUMNS
    assert heads[len(form.COLUMNS)] == "校验"
    assert sheet.protection.sheet
    assert not sheet.protection.autoFilter  # what is protected from is False: it is allowed
    open_cells = [cell.value is None and not cell.protection.locked for cell in sheet[4][16:22]]
    assert all(open_cells)
    assert all(cell.protection.locked for cell in sheet[4][:16])
    assert all(sheet.cell(4, heads.index(name) + 1).number_format == "@"
               for name in ("现填值", "建议值"))  # fmt: skip
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("G4", "$3:$3")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert _rules(out / "02-石桥镇.更正清单.xlsx") == {"HH014", "IC208"}


def test_values_are_helped_by_type_and_never_refused_outright(tmp_path: Path) -> None:
    _make(_source(tmp_path), "--by", "all", "--out", tmp_path / "清单")
    book = openpyxl.load_workbook(tmp_path / "清单" / "全部.更正清单.xlsx")
    sheet = book[form.LIST]
    lines = _lines(tmp_path / "清单" / "全部.更正清单.xlsx")
    rules = {}
    for rule in sheet.data_validations.dataValidation:
        for cells in rule.sqref.ranges:
            for row in range(cells.min_row, cells.max_row + 1):
                rules[cells.min_col, row] = rule
    at = {line["规则编号"]: row for row, line in enumerate(lines, 4)}
    assert rules[17, 4].formula1 == '"已更正,情况属实,无法核实"'
    assert rules[17, 4].errorStyle in (None, "stop")
    assert rules[18, at["IC208"]].type == "decimal"
    codes = rules[18, at["FM003"]]
    assert codes.type == "list"
    assert "小学" in codes.formula1
    assert {rules[18, row].errorStyle for row in at.values()} <= {"warning", "information"}
    assert sheet.cell(at["ID004"], 18).number_format == "@"


def test_hidden_slips_know_the_cell_but_not_its_value(tmp_path: Path) -> None:
    file = _source(tmp_path)
    _make(file, "--by", "all", "--out", tmp_path / "清单")
    book = openpyxl.load_workbook(tmp_path / "清单" / "全部.更正清单.xlsx")
    hidden = book[form.HIDDEN]
    assert hidden.sheet_state == "veryHidden"
    told = [[cell or "" for cell in row] for row in hidden.iter_rows(values_only=True)]
    head = form.Header(*[row[1] for row in told[: len(form.Header._fields)]])
    assert (head.format, head.list, head.run) == (form.FORMAT, "1", "1")
    assert (head.audience, head.mask) == ("全部", "staff")
    at = len(form.Header._fields) + 1
    assert tuple(told[at]) == form.Slip._fields
    slips = [form.Slip(*row) for row in told[at + 1 :]]
    lines = _lines(tmp_path / "清单" / "全部.更正清单.xlsx")
    assert [slip.fingerprint[:12] for slip in slips] == [line["疑点编号"] for line in lines]
    line, slip = next((a, b) for a, b in zip(lines, slips, strict=True) if a["规则编号"] == "ID004")
    assert len(line["现填值"]) == 18
    key = key_beside(tmp_path / LEDGER)
    assert key is not None
    assert slip.digest == form.value_digest(key, line["现填值"])
    assert line["原表位置"].endswith(slip.cell)
    assert line["现填值"] not in str(told)


def test_a_helper_gets_the_own_households_and_the_rest_one_list(tmp_path: Path) -> None:
    out = tmp_path / "清单"
    file = _source(tmp_path, helpers=True)
    assert _make(file, "--by", "helper", "--out", out).code == 0
    assert _names(out) == ["00-未定帮扶人.更正清单.xlsx", "01-柳溪镇-高帮扶.更正清单.xlsx"]
    assert {li["乡镇"] for li in _lines(out / _names(out)[0])} == {"石桥镇"}
    with closing(sqlite3.connect(tmp_path / LEDGER)) as ledger:  # a person's name is not kept
        assert not [a for (a,) in ledger.execute("SELECT audience FROM lists") if "高" in a]
    strict = _make(
        file, "--by", "helper", "--mask", "strict", "--out", tmp_path / "遮", "--no-ledger"
    )
    assert strict.code == 0
    assert "01-柳溪镇.更正清单.xlsx" in _names(tmp_path / "遮")
    (tmp_path / "无").mkdir()
    refused = _make(_source(tmp_path / "无"), "--by", "helper", "--out", tmp_path / "无" / "清单")
    assert refused.code == 2
    assert "帮扶责任人" in refused.err


def test_villages_sort_in_the_order_of_the_register(tmp_path: Path) -> None:
    _make(_source(tmp_path), "--by", "village", "--out", tmp_path / "清单")
    assert _names(tmp_path / "清单") == [
        "01-柳溪镇-王家村.更正清单.xlsx", "02-石桥镇-下河村.更正清单.xlsx",
    ]  # fmt: skip


def test_only_new_lists_nothing_twice_and_confirmed_findings_stay_away(tmp_path: Path) -> None:
    file = _source(tmp_path)
    assert _make(file, "--out", tmp_path / "一").code == 0
    again = _make(file, "--out", tmp_path / "二", "--only-new")
    assert (again.code, again.out) == (0, "")
    assert not (tmp_path / "二").exists()
    _source(tmp_path, 人均纯收入=-400)
    assert _make(file, "--out", tmp_path / "三", "--only-new").code == 0
    assert _names(tmp_path / "三") == ["02-石桥镇.更正清单.xlsx"]
    (line,) = _lines(tmp_path / "三" / "02-石桥镇.更正清单.xlsx")
    assert line["现填值"] == "-400"
    confirm(tmp_path, line["疑点编号"])
    assert _make(file, "--out", tmp_path / "四").code == 0
    assert _rules(tmp_path / "四" / "02-石桥镇.更正清单.xlsx") == {"HH014"}
    assert _make(file, "--out", tmp_path / "五", "--only-new", "--no-ledger").code == 2


def test_lists_of_an_earlier_run_have_what_stood_then_and_still_stands(tmp_path: Path) -> None:
    def listed(name: str) -> set[str]:
        files = (tmp_path / name).iterdir()
        return {line["疑点编号"] for file in files for line in _lines(file)}

    def make(name: str, *more: object) -> Outcome:
        book = ("--ledger", tmp_path / "台账.sqlite")
        return run(
            "corrections", "make", _source(tmp_path, **changed), "--out", tmp_path / name,
            *book, *more, *FEW, "--as-of", "2019", "--region", "",
        )  # fmt: skip

    changed: dict[str, Any] = {}
    make("一")
    changed = {"文化程度": "大学三年级"}  # right at the first run, wrong now
    done = make("二", "--run", 1)
    assert listed("二") == listed("一")
    assert "只列第 1 次核对时要办的，后来新出现的 1 条没有列入" in done.out
    make("三", "--run", 2)
    assert len(listed("三") - listed("一")) == 1
    assert make("四", "--run", 99).code == make("五", "--run", 1, "--no-ledger").code == 2


def test_visits_are_limited_and_what_waits_is_told(tmp_path: Path) -> None:
    file, out = write(tmp_path / "名单.csv", [{**r, "劳动技能": "丧失劳动力"} for r in rows()]), {}
    for name, limit in (("全", ()), ("限", ("--limit-visits", "1"))):
        done = run(
            "corrections", "make", file, "--by", "all", "--out", tmp_path / name, *limit,
            "--no-ledger", "--as-of", "2019", "--region", "", "--select", "ID004,IC208,HL064",
        )  # fmt: skip
        path = tmp_path / name / "全部.更正清单.xlsx"
        guide = openpyxl.load_workbook(path)[form.GUIDE]
        facts = "".join(str(row[1].value) for row in guide["A4:B8"])
        homes = {li["户编号"] for li in _lines(path) if li["规则编号"] == "HL064"}
        out[name] = len(homes), "下次再列" in done.out, "下次再列" in facts, _rules(path)
    assert out["全"] == (5, False, False, {"ID004", "IC208", "HL064"})
    assert out["限"] == (1, True, True, {"ID004", "IC208", "HL064"})


def test_each_list_opens_with_its_own_password_alone(tmp_path: Path) -> None:
    file, out = _source(tmp_path), tmp_path / "清单"
    (tmp_path / "密码.toml").write_text('"柳溪镇" = "liu-1"\n', encoding="utf-8")
    asked = ("--encrypt", "--passwords", tmp_path / "密码.toml")
    lacking = _make(file, "--out", out, *asked)
    assert (lacking.code, out.exists()) == (2, False)
    assert "石桥镇" in lacking.err
    (tmp_path / "密码.csv").write_text("乡镇,密码\n柳溪镇,liu-1\n石桥镇,shi-2\n", encoding="gbk")
    assert _make(file, "--out", out, "--encrypt", "--passwords", tmp_path / "密码.csv").code == 0
    with (out / "02-石桥镇.更正清单.xlsx").open("rb") as stream:
        locked = msoffcrypto.OfficeFile(stream)
        assert locked.is_encrypted()
        plain = BytesIO()
        locked.load_key(password="shi-2")
        locked.decrypt(plain)
    assert {line["乡镇"] for line in _lines(plain)} == {"石桥镇"}
    assert _make(file, "--out", tmp_path / "无", "--encrypt").code == 2


@pytest.mark.parametrize(("mask", "whole"), [("staff", True), ("strict", False), ("none", True)])
def test_only_the_cell_in_question_is_shown_whole(tmp_path: Path, mask: str, whole: bool) -> None:
    _make(_source(tmp_path), "--by", "all", "--mask", mask, "--out", tmp_path / "清单")
    line = _rule(_lines(tmp_path / "清单" / "全部.更正清单.xlsx"), "ID004")
    wrong = number("19720905", 22)[:-1]
    assert line["姓名"] == "李春花"
    assert line["现填值"].startswith(wrong) is whole
    assert (wrong in line["说明"]) is (mask == "none")


def test_no_text_runs_as_a_formula(tmp_path: Path) -> None:
    some = rows()
    for row in some:
        if row["姓名"] == "周福":
            row["文化程度"] = '=HYPERLINK("http://example.org")'
            row["村"] = "@王家村"
    file = write(tmp_path / "名单.csv", some)
    _make(file, "--by", "village", "--out", tmp_path / "清单")
    path = next(p for p in (tmp_path / "清单").iterdir() if "@" in p.name)
    line = _rule(_lines(path), "FM003")
    assert line["现填值"].startswith("'=")
    assert line["行政村"].startswith("'@")
    formulas = {c.column for row in openpyxl.load_workbook(path)[form.LIST].iter_rows(min_row=4)
                for c in row if c.data_type == "f"}  # fmt: skip
    assert formulas == {len(form.COLUMNS) + 1}


def test_a_name_of_any_letters_stands_wherever_a_list_tells_it(tmp_path: Path) -> None:
    name = "\ue000name\ue001&<王>家村&L"
    file = write(tmp_path / "名单.csv", [{**row, "村": name, "乡": name} for row in rows()])
    _make(file, "--out", tmp_path / "清单")
    (path,) = (tmp_path / "清单").iterdir()
    book = openpyxl.load_workbook(path)
    titles = [book[sheet]["A1"].value for sheet in (form.GUIDE, form.LIST, form.SUMMARY)]
    assert titles == [f"{title} · {name}" for title in ("更正清单", form.LIST, form.SUMMARY)]
    footer = book[form.LIST].oddFooter.left.text
    assert footer == f"更正清单 · {name.replace('&', '&&')}"
    assert book[form.HIDDEN]["B9"].value == name
    assert {line["行政村"] for line in _lines(path)} == {name}
    assert book[form.SUMMARY]["A5"].value == name


def test_every_range_ends_with_the_last_line(tmp_path: Path) -> None:
    _make(_source(tmp_path), "--out", tmp_path / "清单")
    for path in (tmp_path / "清单").iterdir():
        book = openpyxl.load_workbook(path)
        sheet, count = book[form.LIST], len(_lines(path))
        last = 3 + count
        assert sheet.dimensions == f"A1:X{last}"
        assert sheet.auto_filter.ref == f"A3:W{last}"
        assert sheet.print_area == f"'{form.LIST}'!$A$1:$V${last}"
        ranges = {str(one.sqref) for one in sheet.conditional_formatting}
        assert ranges == {f"Q4:W{last}", f"Q4:Q{last}"}
        asked = sheet.data_validations.dataValidation
        covered = sum(cells.size["rows"] for one in asked for cells in one.sqref.ranges)
        assert covered == 3 * count
        assert f"${last}" in sheet["A2"].value
        assert sheet["A2"].value.count("1048575") == 0
        assert sum(row[0].value is not None for row in book[form.HIDDEN].rows) == 12 + count


def test_a_list_that_may_be_filled_in_is_never_written_over(tmp_path: Path) -> None:
    file, out = _source(tmp_path), tmp_path / "清单"
    _make(file, "--out", out)
    before = {path: path.read_bytes() for path in out.iterdir()}
    (out / "01-柳溪镇.更正清单.xlsx").unlink()
    refused = _make(file, "--out", out)
    assert refused.code == 2
    assert "没有覆盖" in refused.err
    assert {p: p.read_bytes() for p in out.iterdir()}.items() <= before.items()
    assert len(_names(out)) == 1  # all or none


def test_lists_in_a_folder_are_not_checked(tmp_path: Path) -> None:
    file = _source(tmp_path)
    _make(file, "--out", tmp_path)
    for name in (
        "01-柳溪镇.更正清单(1).xls",
        "01-柳溪镇.更正清单-已填.csv",
        "柳溪镇.更正回执.xlsx",
    ):
        shutil.copy(tmp_path / "01-柳溪镇.更正清单.xlsx", tmp_path / name)
    done = run("check", tmp_path, *FEW, "--as-of", "2019", "--region", "", "--format", "json")
    assert done.code == 1
    assert [one["file"] for one in done.json["inputs"] if one["sheets"]] == ["名单.csv"]
    assert done.json["summary"]["households"] == 6


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_formulas_reckon_while_it_is_filled_in(tmp_path: Path) -> None:
    _make(_source(tmp_path), "--by", "all", "--out", tmp_path / "清单")
    path = tmp_path / "清单" / "全部.更正清单.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book[form.LIST]
    at = {line["规则编号"]: row for row, line in enumerate(_lines(path), 4)}
    right = number("19720905", 22)
    for rule, told in {
        "ID004": ("已更正", right[:-1] + " " + right[-1].lower()), "IC208": ("情况属实",),
        "FM003": ("已更正",), "HH019": ("已更正", "2"),
    }.items():  # fmt: skip
        for column, text in enumerate(told, 17):
            sheet.cell(at[rule], column).value = text
    sheet.cell(at["HH014"], 18).value = right[:-1] + ("1" if right[-1] != "1" else "2")
    book.save(tmp_path / "填.xlsx")
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "算",
         tmp_path / "填.xlsx"], capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    done = openpyxl.load_workbook(tmp_path / "算" / "填.xlsx", data_only=True)[form.LIST]
    told = {rule: done.cell(row, 23).value for rule, row in at.items()}
    assert told["ID004"] == "校验通过"
    assert told["IC208"] == "请填佐证材料"
    assert told["FM003"] == "请填更正值"
    assert told["HH019"] == "已填全"
    assert done["A2"].value.startswith("已填 4 / 共 ")
