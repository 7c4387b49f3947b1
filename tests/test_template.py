"""Blank forms: what `template` writes, `check` reads back, and Excel helps to fill in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec import structs
from openpyxl.formula.translate import Translator

from command_line import Outcome, run
from fupin_audit import api
from fupin_audit.domain.citizen_id import check_character
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.packs.shapes import Code
from fupin_audit.packs.uses import uses_of
from fupin_audit.report.template import forms_of, write_template

GUIDE, FIELDS, CODES = "填写说明", "字段说明", "_代码"
HEAD, FIRST = 3, 4


def _write(out: Path, *arguments: object, as_of: str = "2019") -> Path:
    done = run("template", *arguments, "--as-of", as_of, "-o", out, "-q")
    assert done.code == 0, done.err
    return out


def _law(as_of: date) -> ResolvedPack:
    return resolve(load_pack(None, examples=False), as_of, "")


def _forms(book: openpyxl.Workbook) -> list[Any]:
    return [s for s in book.worksheets if s.title not in (GUIDE, FIELDS, CODES)]


def _heads(sheet: Any) -> list[str]:
    return [str(cell.value).split("\n")[0] for cell in sheet[HEAD]]


def _fill(sheet: Any, *rows: dict[str, Any]) -> None:
    heads = _heads(sheet)
    for at, row in enumerate(rows, FIRST):
        for name, value in row.items():
            sheet.cell(at, heads.index(name) + 1).value = value


def _examples(book: openpyxl.Workbook) -> dict[str, dict[str, Any]]:
    """Return what 字段说明 gives as an example, by table and column."""
    found: dict[str, dict[str, Any]] = {}
    for table, name, _, _, _, shown in book[FIELDS].iter_rows(min_row=3, values_only=True):
        found.setdefault(str(table)[:-1], {})[str(name).rsplit("（", 1)[0]] = shown
    return found


def _id(front: str) -> str:
    return front + check_character(front)


@pytest.mark.parametrize(
    ("as_of", "fields"),
    [("2019", "all"), ("2023", "all"), ("2019", "minimal"), ("2026", "minimal")],
)
def test_every_form_is_read_back_as_its_table_with_all_its_columns(
    tmp_path: Path, as_of: str, fields: str
) -> None:
    file = _write(tmp_path / "全部.xlsx", "all", "--fields", fields, as_of=as_of)
    book = openpyxl.load_workbook(file)
    examples = _examples(book)
    forms = {sheet.title: _heads(sheet) for sheet in _forms(book)}
    for sheet in _forms(book):
        assert list(examples[sheet.title]) == forms[sheet.title]
        _fill(sheet, examples[sheet.title])
    book.save(file)
    done = api.check(file, as_of=date(int(as_of), 12, 31), region="")
    seen = {}
    for sheet in done.dataset.sheets:
        label = done.pack.tables[sheet.table].label.zh
        assert (sheet.raw.name, len(sheet.rows)) == (label, 1)
        assert not sheet.unmatched
        assert not [m.field for m in sheet.matches.values() if m.doubt or m.factor != 1]
        seen[label] = {f for t, f in sheet.matches if t == sheet.table}
    assert seen == {label: set(heads) for label, heads in forms.items()}
    faults = [
        h for h in done.findings.hits if h.rule in ("FM002", "FM003", "FM005") and len(h.rows)
    ]
    assert not faults


def test_an_untouched_form_has_no_records_and_says_so(tmp_path: Path) -> None:
    file = _write(tmp_path / "模板.xlsx", "户", "成员")
    done = run("check", file, "--as-of", "2019", "--no-xlsx", "--no-ledger")
    assert done.code == 3
    assert "表还没有填，一条记录也没有：户、成员只有表头，没有数据行" in done.err


def test_drop_downs_are_the_code_lists_of_the_year(tmp_path: Path) -> None:
    for year, sudden in ((2019, False), (2023, True)):
        law = _law(date(year, 12, 31))
        book = openpyxl.load_workbook(_write(tmp_path / f"{year}.xlsx", "all", as_of=str(year)))
        coded = 0
        for sheet in _forms(book):
            (table,) = [t for t, s in law.tables.items() if s.label.zh == sheet.title]
            chosen = _choices(book, sheet)
            for name in _heads(sheet):
                codes = law.tables[table].fields[name].codes
                values = law.codes[codes].values if codes else ()
                wanted = [v.label for v in values if (v.since or 0) <= year <= (v.until or 9999)]
                assert chosen.get(name, []) == wanted, name
                coded += bool(codes)
            if table == "household":
                assert ("突发严重困难户" in chosen["监测对象类别"]) is sudden
        assert coded > 100


def test_a_long_code_list_stands_on_a_hidden_sheet(tmp_path: Path) -> None:
    law = _law(date(2019, 12, 31))
    long = [Code(label=f"第{i}种民族写法") for i in range(200)]
    law.codes["ethnicity"] = structs.replace(law.codes["ethnicity"], values=tuple(long))
    forms = forms_of(["member"], law, uses_of(law), minimal=False)
    write_template(forms, law, tmp_path / "长.xlsx", rows=500, engine="")
    book = openpyxl.load_workbook(tmp_path / "长.xlsx")
    assert book[CODES].sheet_state == "hidden"
    assert _choices(book, book["成员"])["民族"] == [one.label for one in long]


def _choices(book: openpyxl.Workbook, sheet: Any) -> dict[str, list[str]]:
    heads, found = _heads(sheet), {}
    for rule in sheet.data_validations.dataValidation:
        (cells,) = rule.sqref.ranges
        assert (cells.min_row, cells.max_row) == (FIRST, FIRST + 499)
        if rule.type != "list":
            continue
        if rule.formula1.startswith('"'):
            values = rule.formula1.strip('"').split(",")
        else:
            place = rule.formula1.split("!")[1].replace("$", "")
            values = [cell.value for (cell,) in book[CODES][place]]
        found[heads[cells.min_col - 1]] = values
    return found


def test_cells_are_typed_noted_and_asked_about(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(_write(tmp_path / "成员.xlsx", "成员", "--rows", 20))["成员"]
    heads = _heads(sheet)
    letter = {name: openpyxl.utils.get_column_letter(i) for i, name in enumerate(heads, 1)}
    forms = {name: sheet.column_dimensions[at] for name, at in letter.items()}
    for name in ("户编号", "人口编号", "证件号码", "家庭成员联系电话", "残疾证号"):
        assert forms[name].number_format == "@", name
    assert forms["出生日期"].number_format == "yyyy-mm-dd"
    rules = {}
    for rule in sheet.data_validations.dataValidation:
        (cells,) = rule.sqref.ranges
        assert (cells.min_row, cells.max_row) == (FIRST, FIRST + 19)
        rules[heads[cells.min_col - 1]] = rule
    assert set(rules) == set(heads)
    assert (rules["年龄"].type, rules["年龄"].errorStyle) == ("whole", None)
    assert (rules["性别"].errorStyle, rules["就业渠道"].errorStyle) == (None, "information")
    assert rules["证件号码"].errorStyle == "warning"
    assert rules["证件号码"].prompt.startswith("必填。")
    assert all(len(r.formula1 or "") <= 255 and len(r.prompt) <= 255 for r in rules.values())
    notes = {name: sheet[f"{at}{HEAD}"].comment.text for name, at in letter.items()}
    assert "可选的值：男、女" in notes["性别"]
    assert "身份证号" in notes["证件号码"]
    assert sheet.freeze_panes == f"{letter['省']}{FIRST}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == f"${HEAD}:${HEAD}"


PEOPLE: tuple[dict[str, Any], ...] = (
    {"户编号": "6110020001", "人口编号": "1", "姓名": "赵一", "与户主关系": "户主", "性别": "男",
     "证件号码": _id("61100219600101001"), "出生日期": date(1960, 1, 1)},
    {"户编号": "6110020001", "人口编号": "2", "姓名": "钱二", "与户主关系": "配偶", "性别": "男",
     "证件号码": _id("61100219620202002"), "出生日期": date(1962, 2, 3)},
    {"户编号": "6110020001", "人口编号": "3", "姓名": "孙三", "与户主关系": "之子", "性别": "男",
     "证件号码": "611002199003030" + "03" + "A", "出生日期": date(1990, 3, 3)},
    {"户编号": "6110020002", "人口编号": "4", "姓名": "李四", "与户主关系": "户主", "性别": "男",
     "证件号码": _id("61100219600101001") + "41", "出生日期": "1960-01-01"},
    {"户编号": "6110020002", "人口编号": "5", "姓名": "周五", "性别": "女",
     "证件号码": "611002600101001"},
)  # fmt: skip


def test_filled_rows_are_judged(tmp_path: Path) -> None:
    file = _write(tmp_path / "成员.xlsx", "member", "--fields", "minimal")
    book = openpyxl.load_workbook(file)
    heads = _heads(book["成员"])
    _fill(book["成员"], *({k: v for k, v in one.items() if k in heads} for one in PEOPLE))
    book.save(file)
    done = run(
        "check", file, "--as-of", "2019", "--region", "", "--no-xlsx", "--no-ledger",
        "--format", "json", "--select", "FM002,FM003,FM005,HH013,ID",
    )  # fmt: skip
    (sheet,) = done.json["inputs"][0]["sheets"]
    assert (sheet["table"], sheet["rows"], sheet["set_aside"]) == ("member", 5, 0)
    found = {(f["rule"], f["row"]) for f in done.json["findings"]}
    assert {("ID008", 5), ("HH013", 8)} <= found
    assert {row for rule, row in found if rule in ("ID004", "ID103")} == {6}
    assert not [rule for rule, _ in found if rule.startswith("FM")]


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_the_colours_reckon_right_in_libreoffice(tmp_path: Path) -> None:
    told = _recalculated(tmp_path, *PEOPLE)
    wrong, twice = told["证件号码"][:2]
    assert wrong == [False, False, True, False, False, False]
    assert twice == [True, False, False, True, False, False]
    assert told["性别"] == [[False, True, False, False, False, False]]
    assert told["出生日期"] == [[False, True, False, False, False, False]]
    assert told["与户主关系"] == [[False, False, False, False, True, False]]


def _recalculated(folder: Path, *rows: dict[str, Any]) -> dict[str, list[list[bool]]]:
    """Have LibreOffice reckon the conditions of the colours for rows, and one more."""
    file = _write(folder / "成员.xlsx", "member", "--rows", 30)
    book = openpyxl.load_workbook(file)
    sheet = book["成员"]
    heads = _heads(sheet)
    _fill(sheet, *rows)
    places: list[str] = []
    for cells in sheet.conditional_formatting:
        (area,) = cells.sqref.ranges
        if area.min_col != area.max_col:
            continue
        for rule in cells.rules:
            column = len(heads) + 3 + len(places)
            places.append(heads[area.min_col - 1])
            for row in range(FIRST, FIRST + len(rows) + 1):
                start = sheet.cell(FIRST, area.min_col).coordinate
                to = sheet.cell(row, area.min_col).coordinate
                formula = Translator(f"={rule.formula[0]}", start).translate_formula(to)
                cell = sheet.cell(row, column)
                cell.value, cell.number_format = formula, "General"
    book.save(folder / "算.xlsx")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "out",
         folder / "算.xlsx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    done = openpyxl.load_workbook(folder / "out" / "算.xlsx", data_only=True)["成员"]
    told: dict[str, list[list[bool]]] = {}
    for i, name in enumerate(places):
        at = range(FIRST, FIRST + len(rows) + 1)
        column = len(heads) + 3 + i
        told.setdefault(name, []).append([bool(done.cell(row, column).value) for row in at])
    return told


def test_columns_follow_the_era(tmp_path: Path) -> None:
    heads = {}
    for year in (2019, 2023):
        book = openpyxl.load_workbook(
            _write(tmp_path / f"{year}.xlsx", "household", as_of=str(year))
        )
        heads[year] = set(_heads(book["户"]))
    assert "民主评议日期" in heads[2019] - heads[2023]
    assert "风险消除方式" in heads[2023] - heads[2019]
    done = run("template", "county", "--as-of", "2023", "-o", tmp_path / "县.xlsx")
    assert (done.code, "没有规则用到“县级指标”表" in done.err) == (2, True)
    done = run("template", "all", "--as-of", "2023", "-o", tmp_path / "全.xlsx", "--lang", "en")
    assert (done.code, "County indicators: of another era" in done.out) == (0, True)


def _refused(done: Outcome, *words: str) -> bool:
    return done.code == 2 and all(word in done.err for word in words)


def test_nothing_is_overwritten_and_slips_are_told(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("template", "户", "成员表", "--as-of", "2019", "--fields", "minimal", "--lang", "zh")
    assert done.code == 0
    assert done.out.startswith("户、成员模板.xlsx\n  户表：")
    before = (tmp_path / "户、成员模板.xlsx").read_bytes()
    assert _refused(run("template", "member", "household", "--as-of", "2019"), "没有覆盖")
    assert (tmp_path / "户、成员模板.xlsx").read_bytes() == before
    assert _refused(run("template", "houshold"), "没有“houshold”表", "household")
    assert _refused(run("template", "户", "--rows", "0"), "--rows")
    assert _refused(run("template", "户", "-o", "x.csv"), ".xlsx")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["户、成员模板.xlsx"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("te", "template"), ("template --f", "--fields"), ("corrections a", "apply")],
)
def test_the_shell_completes_commands_and_options(typed: str, offered: str) -> None:
    program = Path(sys.executable).with_name("fupin-audit")
    words = f"fupin-audit {typed}"
    asked = {"_FUPIN_AUDIT_COMPLETE": "complete_bash", "COMP_WORDS": words}
    done = subprocess.run(
        [program], env={**os.environ, **asked, "COMP_CWORD": str(words.count(" "))},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [offered]
