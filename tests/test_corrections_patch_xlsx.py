"""Corrected copies of workbooks: the cells asked for change, and nothing else."""

from __future__ import annotations

import datetime as dt
import random
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.formula import ArrayFormula

from fupin_audit.corrections.patch import (
    LOG_COLUMNS,
    Change,
    LogRow,
    Patch,
    patch_file,
    patch_in_place,
)
from fupin_audit.errors import InputError
from fupin_audit.model.sheet import CellError, RawSheet
from fupin_audit.read import read

LOG = LogRow(
    "2026-03-01", "ab12cd34ef56", "H001", "张某", "年收入", "户:B2", "1", "2", "李某",
    "2026-02-20", "收入台账第3页", "IC201",
)  # fmt: skip
ID = "110105194912310021"
DIRECTORY = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}


def change(place: str, value: Any, sheet: str = "户") -> Change:
    letters, row = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()  # type: ignore[union-attr]
    return Change(sheet, int(row) - 1, openpyxl.utils.column_index_from_string(letters) - 1,
                  value, LOG)  # fmt: skip


def sheets(path: Path) -> dict[str | None, RawSheet]:
    found, files = read([path])
    assert [file.error for file in files] == [None]
    return {sheet.name: sheet for sheet in found}


def grid(sheet: RawSheet) -> dict[tuple[int, int], Any]:
    return {
        (row, column): cell
        for row in range(sheet.n_rows)
        for column, cell in enumerate(sheet.row(row))
        if cell is not None
    }


def formulas(path: Path, sheet: str = "户") -> dict[tuple[int, int], Any]:
    book = openpyxl.load_workbook(path)
    return {
        (c.row - 1, c.column - 1): c.value
        for row in book[sheet].iter_rows() for c in row if c.value is not None
    }  # fmt: skip


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rezip(path: Path, change: Any, drop: str = "") -> Path:
    """Write the package again with parts changed by hand."""
    old = parts(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in old.items():
            if not drop or name != drop:
                out.writestr(name, change(name, data))
    return path


def written(tmp_path: Path, rows: list[list[Any]], **formats: str) -> Path:
    path = tmp_path / "户表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("户")
        styles = {column: book.add_format({"num_format": f}) for column, f in formats.items()}
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    sheet.write(r, c, cell, styles.get("ABCDEFGH"[c]))
        book.add_worksheet("别的").write(0, 0, "不动")
    return path


# ---- nothing else moves ----


def _random_book(path: Path, writer: str, dice: random.Random) -> None:
    def value() -> Any:
        return dice.choice(
            [None, ID, "张三", " 空 格 ", "a<b&c>", dice.randint(0, 10**6), dice.random() * 1000,
             True, dt.date(2020, 1, dice.randint(1, 28)), "多\n行", "=A1", "007"]
        )  # fmt: skip

    rows = [[value() for _ in range(8)] for _ in range(40)]
    if writer == "openpyxl":
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "户"
        for r, row in enumerate(rows, 1):
            for c, cell in enumerate(row, 1):
                if cell is not None and dice.random() < 0.8:
                    sheet.cell(r, c, "文" + cell if cell == "=A1" else cell)
        sheet["J1"] = "=SUM(A1:A5)"
        book.create_sheet("别的")["C3"] = "不动"
        book.save(path)
        return
    with xlsxwriter.Workbook(
        str(path), {"constant_memory": writer == "lean", "default_date_format": "yyyy-mm-dd"}
    ) as made:
        page = made.add_worksheet("户")
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None and dice.random() < 0.8:
                    page.write(r, c, "文" + cell if cell == "=A1" else cell)
        made.add_worksheet("别的").write(2, 2, "不动")


@pytest.mark.parametrize("writer", ["openpyxl", "xlsxwriter", "lean", "office"])
@pytest.mark.parametrize("seed", range(4))
def test_only_the_changed_cells_differ(tmp_path: Path, writer: str, seed: int) -> None:
    dice = random.Random(f"{writer}{seed}")
    source = tmp_path / "a.xlsx"
    _random_book(source, writer, dice)
    if writer == "office":
        if seed:
            pytest.skip("one is enough, it takes seconds")
        source = _through_office(source, tmp_path / "office")
    old, before = grid(sheets(source)["户"]), source.read_bytes()
    old_formulas = formulas(source)
    wanted = {
        (dice.randrange(0, 45), dice.randrange(0, 10)): dice.choice(
            [
                None,
                ID,
                "0012",
                7,
                3.25,
                1e-9,
                True,
                "改<&>后",
                "  前后  ",
                "_x0041_",
                "=1+1",
                "行\n二",
            ]
        )
        for _ in range(25)
    }
    changes = [Change("户", r, c, value, LOG) for (r, c), value in wanted.items()]
    patch = patch_file(source, tmp_path / "out" / "a.xlsx", changes)
    assert not patch.refused
    assert source.read_bytes() == before

    new = grid(sheets(patch.path)["户"])
    expected = {at: cell for at, cell in old.items() if at not in wanted}
    assert new == expected | {at: v for at, v in wanted.items() if v is not None}
    shown = formulas(patch.path)
    for at, cell in old_formulas.items():
        if at not in wanted:
            assert shown[at] == cell
    assert grid(sheets(patch.path)["别的"]) == grid(sheets(source)["别的"])
    first, last = parts(source), parts(patch.path)
    touched = {name for name in first if first[name] != last.get(name)}
    assert touched <= DIRECTORY | {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
    assert list(last)[: len(first)] == list(first)


def _through_office(path: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    try:
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
             "--convert-to", "xlsx", "--outdir", str(folder), str(path)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    except (FileNotFoundError, subprocess.TimeoutExpired):
        pytest.skip("LibreOffice is not here")
    return folder / path.with_suffix(".xlsx").name


def test_an_office_program_shows_the_new_values(tmp_path: Path) -> None:
    source = tmp_path / "复杂.xlsm"
    with xlsxwriter.Workbook(str(source)) as book:
        sheet = book.add_worksheet("户")
        sheet.write_row(0, 0, ["姓名", "证件号码", "收入", "合计"])
        day = book.add_format({"num_format": "yyyy年m月d日", "bold": True, "bg_color": "#FFEE00"})
        for row in range(1, 10):
            sheet.write_row(row, 0, [f"张{row}", ID, row * 100])
            sheet.write_formula(row, 3, f"=C{row + 1}*2", None, row * 200)
            sheet.write_datetime(row, 4, dt.datetime(2020, 1, row), day)
        sheet.data_validation("A2:A9", {"validate": "list", "source": ["甲", "乙"]})
        sheet.conditional_format("C2:C9", {"type": "cell", "criteria": ">", "value": 300,
                                           "format": book.add_format({"bold": True})})  # fmt: skip
        sheet.write_comment("A2", "批注")
        sheet.autofilter("A1:E10")
        picture = tmp_path / "点.png"
        picture.write_bytes(bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
            "1f15c4890000000d49444154789c6360f8cf50000003010180cf9c2f70"
            "0000000049454e44ae426082"))  # fmt: skip
        sheet.insert_image("H2", str(picture))
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=户!$C$2:$C$10"})
        sheet.insert_chart("H8", chart)
        macro = tmp_path / "vba.bin"
        macro.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(508))
        book.add_vba_project(str(macro))
    patch = patch_file(
        source,
        tmp_path / "出" / "复杂.xlsm",
        [change("B3", "110105194912310037"), change("C3", 5000), change("D5", 77),
         change("E3", dt.date(2021, 5, 6)), change("F12", "新的一格")],
    )  # fmt: skip
    first, last = parts(source), parts(patch.path)
    for name in first:
        if name not in DIRECTORY | {"xl/worksheets/sheet1.xml"}:
            assert name in ("xl/styles.xml",) or first[name] == last[name], name
    assert any("公式" in said for said in patch.said)
    again = _through_office(patch.path, tmp_path / "again")
    shown = openpyxl.load_workbook(again, data_only=True)["户"]
    assert [shown[at].value for at in ("B3", "C3", "D5", "F12")] == [
        "110105194912310037", 5000, 77, "新的一格",
    ]  # fmt: skip
    assert shown["E3"].value == dt.datetime(2021, 5, 6)
    log = openpyxl.load_workbook(again)["更正记录"]
    assert [c.value for c in log[1]] == ["序号", *LOG_COLUMNS]
    assert log["A6"].value == 5


# ---- what a value becomes ----


def test_values_follow_the_format_of_their_cell(tmp_path: Path) -> None:
    day = dt.datetime(2020, 1, 2)
    source = written(
        tmp_path, [["日", "比例", "码", "数"], [day, 0.5, "x", 1], [day, 0.5, "x", 1]],
        A="yyyy-mm-dd", B="0.0%", C="@",
    )  # fmt: skip
    patch = patch_file(source, tmp_path / "b.xlsx", [
        change("A2", dt.date(1950, 12, 31)), change("A3", 5000), change("B2", "12.5%"),
        change("B3", 40), change("C2", "007"), change("D2", dt.date(2021, 3, 4)),
        change("D3", 110105194912310021),
    ])  # fmt: skip
    sheet = sheets(patch.path)["户"]
    assert sheet.row(1) == [dt.date(1950, 12, 31), "12.5%", "007", "2021-03-04"]
    assert sheet.row(2) == [5000.0, 40.0, "x", "110105194912310021"]
    cells = openpyxl.load_workbook(patch.path)["户"]
    assert cells["A2"].number_format == "yyyy-mm-dd"
    # A text cell keeps its digits even when someone types into it.
    assert cells["D3"].number_format == "@"


def test_days_are_counted_as_the_workbook_counts_them(tmp_path: Path) -> None:
    source = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(str(source), {"date_1904": True}) as book:
        sheet = book.add_worksheet("户")
        sheet.write_datetime(0, 0, dt.datetime(2020, 1, 2),
                             book.add_format({"num_format": "yyyy-mm-dd"}))  # fmt: skip
    patch = patch_file(source, tmp_path / "o.xlsx", [change("A1", dt.date(2021, 5, 6))])
    assert openpyxl.load_workbook(patch.path)["户"]["A1"].value == dt.datetime(2021, 5, 6)


def test_what_cannot_stand_in_a_cell_is_refused_and_the_rest_is_done(tmp_path: Path) -> None:
    source = written(tmp_path, [["甲", "乙"], [1, 2]])
    patch = patch_file(source, tmp_path / "o.xlsx", [
        change("A2", "长" * 40_000), change("B2", 5), change("A1", CellError("#N/A")),
        change("C1", "一"), change("C1", "二"), change("D1", float("nan")),
    ])  # fmt: skip
    assert {one.change.place for one in patch.refused} == {"户:A2", "户:A1", "户:C1", "户:D1"}
    assert all(one.why for one in patch.refused)
    found = sheets(patch.path)
    assert found["户"].row(1) == [1.0, 5.0]
    assert found["更正记录"].n_rows == 2


# ---- formulas ----


def _shared(tmp_path: Path) -> Path:
    source = written(tmp_path, [["数", "倍"], *[[n, None] for n in range(1, 6)]])
    lines = {2: '<f t="shared" ref="B2:B6" si="0">A2*2+$A$1&amp;"&lt;"</f>'}

    def put(name: str, data: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            for row in range(2, 7):
                formula = lines.get(row, '<f t="shared" si="0"/>')
                data = data.replace(
                    f"<v>{row - 1}</v></c></row>".encode(),
                    f'<v>{row - 1}</v></c><c r="B{row}">{formula}<v>1{row}</v></c></row>'.encode(),
                )
        return data

    return rezip(source, put)


def test_a_shared_formula_passes_to_the_next_cell(tmp_path: Path) -> None:
    source = _shared(tmp_path)
    patch = patch_file(source, tmp_path / "o.xlsx", [change("B2", 9), change("B3", 8)])
    cells = openpyxl.load_workbook(patch.path)["户"]
    assert [cells[f"B{row}"].value for row in range(2, 5)] == [9, 8, '=A4*2+$A$1&"<"']
    text = parts(patch.path)["xl/worksheets/sheet1.xml"].decode()
    assert '<f t="shared" ref="B4:B6" si="0">' in text
    assert text.count('<f t="shared" si="0"/>') == 2
    assert any("2 格原来是公式" in said for said in patch.said)
    assert b'fullCalcOnLoad="1"' in parts(patch.path)["xl/workbook.xml"]


def test_one_cell_of_an_array_formula_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "户"
    sheet["A1"], sheet["A2"] = 1, 2
    sheet["B1"] = ArrayFormula("B1:B2", "=A1:A2*2")
    sheet["C1"] = ArrayFormula("C1", "=SUM(A1:A2*2)")
    book.save(source)
    wanted = [change("B1", 5), change("B2", 5), change("C1", 7)]
    patch = patch_file(source, tmp_path / "o.xlsx", wanted)
    assert [one.change.place for one in patch.refused] == ["户:B1", "户:B2"]
    assert "数组公式" in patch.refused[0].why
    shown = openpyxl.load_workbook(patch.path)["户"]
    assert shown["C1"].value == 7
    assert shown["B1"].value.text == "=A1:A2*2"


def test_the_chain_of_formulas_goes_with_them(tmp_path: Path) -> None:
    source = _shared(tmp_path)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"

    def put(name: str, data: bytes) -> bytes:
        if name == "[Content_Types].xml":
            tag = f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'
            return data.replace(b"</Types>", tag.encode())
        if name.endswith("workbook.xml.rels"):
            tag = ('<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/'
                   'officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/>'
                   "</Relationships>")  # fmt: skip
            return data.replace(b"</Relationships>", tag.encode())
        return data

    rezip(source, put)
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("xl/calcChain.xml", '<calcChain><c r="B2" i="1"/></calcChain>')
    made = parts(patch_file(source, tmp_path / "o.xlsx", [change("B2", 9)]).path)
    assert "xl/calcChain.xml" not in made
    assert not any(b"calcChain" in made[name] for name in DIRECTORY)


def test_a_workbook_without_formulas_is_not_told_to_recalculate(tmp_path: Path) -> None:
    source = written(tmp_path, [["甲"], [1]])
    patch = patch_file(source, tmp_path / "o.xlsx", [change("A2", 2)])
    assert patch.said == ()


# ---- sheets written in other ways ----

ODD = {
    "prefix": lambda x: re.sub(rb"<(/?)(\w)", rb"<\1x:\2", x).replace(b"xmlns=", b"xmlns:x="),
    "no row numbers": lambda x: re.sub(rb'<row r="\d+"', b"<row", x),
    "single quotes": lambda x: re.sub(rb'r="([A-Z]\d+)"', rb"r='\1'", x),
    "comment": lambda x: x.replace(b"<sheetData>", b'<sheetData><!-- <row r="1"><c r="A1"/> -->'),
    "cdata": lambda x: re.sub(
        rb'<c r="A3"[^>]*>.*?</c>',
        b'<c r="A3" t="inlineStr"><is><t><![CDATA[<c r="A2"/></row>]]></t></is></c>', x),
    "spaces": lambda x: x.replace(b"</row>", b"</row >\n").replace(b"</c>", b"</c\n>"),
    "mark": lambda x: b"\xef\xbb\xbf" + x,
}  # fmt: skip


@pytest.mark.parametrize("way", ODD)
def test_a_sheet_written_unusually_is_corrected_all_the_same(tmp_path: Path, way: str) -> None:
    source = written(tmp_path, [["甲", "乙"], [1, 2], ["三", 4], [None, 6]])
    change_it = ODD[way]

    def put(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return data
        head, mark, body = data.partition(b"<worksheet")
        return head + change_it(mark + body) if way != "mark" else change_it(data)

    rezip(source, put)
    old = grid(sheets(source)["户"])
    wanted = [change("B2", 20), change("A4", "补"), change("C3", "新"), change("A6", "末")]
    patch = patch_file(source, tmp_path / "o.xlsx", wanted)
    new = grid(sheets(patch.path)["户"])
    assert new == old | {(1, 1): 20.0, (3, 0): "补", (2, 2): "新", (5, 0): "末"}


def test_a_workbook_with_escapes_in_names_and_prefixes_in_its_directory(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        book.add_worksheet("户&<成员>").write(0, 0, 1)

    def put(name: str, data: bytes) -> bytes:
        if name not in DIRECTORY:
            return data
        data = re.sub(rb"<(/?)([A-Za-z])", rb"<\1y:\2", data)
        return data.replace(b"xmlns=", b"xmlns:y=")

    rezip(source, put)
    patch = patch_file(source, tmp_path / "o.xlsx", [change("A1", 2, "户&<成员>")])
    assert openpyxl.load_workbook(patch.path)["户&<成员>"]["A1"].value == 2
    assert sheets(patch.path)["更正记录"].n_rows == 2


def test_merged_cells_take_the_value_in_their_first(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        sheet = book.add_worksheet("户")
        sheet.merge_range("A2:B4", "旧")
        sheet.write("C2", "x")
    patch = patch_file(source, tmp_path / "o.xlsx", [change("B3", "新"), change("C2", "y")])
    assert any("1 处落在合并单元格" in said for said in patch.said)
    assert grid(sheets(patch.path)["户"]) == {(1, 0): "新", (1, 2): "y"}
    two = patch_file(source, tmp_path / "p.xlsx", [change("A2", "甲"), change("B4", "乙")])
    assert len(two.refused) == 2


def test_the_heading_of_a_table_is_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        sheet = book.add_worksheet("户")
        sheet.add_table("A1:B3", {"columns": [{"header": "甲"}, {"header": "乙"}]})
    patch = patch_file(source, tmp_path / "o.xlsx", [change("A1", "丙"), change("A2", 5)])
    assert [one.change.place for one in patch.refused] == ["户:A1"]
    assert openpyxl.load_workbook(patch.path)["户"]["A2"].value == 5


def test_a_signature_that_no_longer_holds_is_taken_off(tmp_path: Path) -> None:
    source = written(tmp_path, [["甲"], [1]])
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"

    def put(name: str, data: bytes) -> bytes:
        if name != "_rels/.rels":
            return data
        tag = f'<Relationship Id="rId9" Type="{kind}" Target="_xmlsignatures/origin.sigs"/>'
        return data.replace(b"</Relationships>", tag.encode() + b"</Relationships>")

    rezip(source, put)
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("_xmlsignatures/origin.sigs", "")
        archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    patch = patch_file(source, tmp_path / "o.xlsx", [change("A2", 2)])
    made = parts(patch.path)
    assert not any("_xmlsignatures" in name for name in made)
    assert b"digital-signature" not in made["_rels/.rels"]
    assert any("签名" in said for said in patch.said)


# ---- the log ----


def test_the_log_goes_on_where_it_ended_even_after_office_saved_it(tmp_path: Path) -> None:
    source = written(tmp_path, [["甲"], [1]])
    bad = LOG._replace(evidence='=HYPERLINK("x")', name="@张")
    first = patch_file(source, tmp_path / "1.xlsx", [change("A2", 2)._replace(log=bad)])
    book = openpyxl.load_workbook(first.path)
    book.save(first.path)
    second = patch_file(first.path, tmp_path / "2.xlsx", [change("A2", 3), change("B2", 4)])
    log = openpyxl.load_workbook(second.path)
    assert log.sheetnames == ["户", "别的", "更正记录"]
    rows = list(log["更正记录"].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["序号", 1, 2, 3]
    assert rows[1][4] == "'@张"
    assert rows[1][11] == '\'=HYPERLINK("x")'
    assert {cell.data_type for row in log["更正记录"] for cell in row} <= {"s", "n"}


def test_a_sheet_of_that_name_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        book.add_worksheet("户").write(0, 0, 1)
        book.add_worksheet("更正记录").write(0, 0, "自己记的")
    patch = patch_file(source, tmp_path / "o.xlsx", [change("A1", 2)])
    assert list(sheets(patch.path)) == ["户", "更正记录", "更正记录2"]
    assert grid(sheets(patch.path)["更正记录"]) == {(0, 0): "自己记的"}


# ---- refusals ----


def test_a_sheet_that_is_not_there_and_the_source_as_target(tmp_path: Path) -> None:
    source = written(tmp_path, [["甲"], [1]])
    before = source.read_bytes()
    with pytest.raises(InputError, match="没有工作表"):
        patch_file(source, tmp_path / "o.xlsx", [change("A1", 1, "无")])
    link = tmp_path / "link.xlsx"
    link.symlink_to(source)
    for target in (source, link):
        with pytest.raises(InputError, match="原文件上"):
            patch_file(source, target, [change("A1", 1)])
    assert source.read_bytes() == before
    assert not (tmp_path / "o.xlsx").exists()


def test_hostile_xml_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path, [["甲"], [1]])
    bomb = b'<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet'

    def put(name: str, data: bytes) -> bytes:
        return data.replace(b"<worksheet", bomb, 1) if name.endswith("sheet1.xml") else data

    rezip(source, put)
    with pytest.raises(InputError, match="实体定义"):
        patch_file(source, tmp_path / "o.xlsx", [change("A2", 2)])
    assert not (tmp_path / "o.xlsx").exists()


def test_a_row_written_twice_is_refused_not_guessed(tmp_path: Path) -> None:
    source = written(tmp_path, [["甲"], [1]])

    def put(name: str, data: bytes) -> bytes:
        return data.replace(b"</sheetData>", b'<row r="2"><c r="A2"><v>7</v></c></row></sheetData>')

    rezip(source, put)
    with pytest.raises(InputError, match="写了两次"):
        patch_file(source, tmp_path / "o.xlsx", [change("A2", 2)])


def test_in_place_keeps_the_original(tmp_path: Path) -> None:
    source = written(tmp_path, [["甲"], [1]])
    before = source.read_bytes()
    patch: Patch = patch_in_place(source, [change("A2", 2)])
    assert patch.backup is not None
    assert patch.backup.parent == tmp_path / "原件备份"
    assert patch.backup.read_bytes() == before
    assert sheets(source)["户"].row(1) == [2.0]
    assert any("已备份" in said for said in patch.said)
    # The folder of backups is no input.
    assert {sheet.file for sheet in read([tmp_path])[0]} == {source.name}
    now = source.read_bytes()
    nothing = patch_in_place(source, [change("A2", float("inf"))])
    assert nothing.backup is None
    assert nothing.refused
    assert source.read_bytes() == now
    (tmp_path / f"~${source.name}").touch()
    with pytest.raises(InputError, match="正被"):
        patch_in_place(source, [change("A2", 3)])
