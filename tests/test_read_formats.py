"""Every format, through `read`: kinds kept, addresses true, nothing lost."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from pathlib import Path

import msoffcrypto
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import xlwt

from fupin_audit.errors import UnreadableFile
from fupin_audit.model.sheet import CellError, RawSheet
from fupin_audit.read import read

LONG = 110105194912310021


def one(path: Path, **options: object) -> RawSheet:
    sheets, files = read([path], **options)  # type: ignore[arg-type]
    assert [file.error for file in files] == [None]
    assert len(sheets) == 1
    return sheets[0]


def cell(sheet: RawSheet, address: str) -> object:
    column, row = ord(address[0]) - 65, int(address[1:]) - 1
    return sheet.columns[column][row]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "成员"
    sheet.merge_cells("B2:C3")
    sheet["B2"] = "家庭"
    sheet["B4"], sheet["C4"], sheet["D4"], sheet["E4"] = 1, True, "1", 1.5
    sheet["B5"], sheet["C5"] = LONG, "\u3000\u3000"  # plain spaces a writer may drop
    sheet["B6"], sheet["C6"] = dt.date(2020, 1, 2), "#N/A"
    sheet["C6"].data_type = "e"
    sheet["D6"], sheet["E6"] = "=1+1", "文字"
    sheet["D7"], sheet["E7"] = True, 1
    hidden = book.create_sheet("隐藏")
    hidden.sheet_state = "veryHidden"
    hidden["A1"] = "x"
    book.create_sheet("空")
    book.create_chartsheet("图")
    path = tmp_path / "户.xlsx"
    book.save(path)
    return path


def test_xlsx_keeps_kind_address_errors_merges_and_hidden_sheets(workbook: Path) -> None:
    sheets, files = read([workbook])
    first, hidden, empty = sheets
    assert (first.file, first.name, first.path) == (str(workbook), "成员", workbook)
    assert (first.n_rows, len(first.columns)) == (7, 5)
    assert {len(column.codes) for column in first.columns} == {7}
    assert first.row(0) == [None] * 5
    assert [type(value) for value in first.row(3)[1:]] == [float, bool, str, float]
    destroyed = cell(first, "B5")
    assert type(destroyed) is float
    assert destroyed > 1e17
    assert cell(first, "C5") == "\u3000\u3000"
    assert cell(first, "B6") == dt.date(2020, 1, 2)
    assert cell(first, "C6") == CellError("#N/A")
    assert cell(first, "D6") == CellError("=")
    assert (cell(first, "D7"), cell(first, "E7")) == (True, 1.0)
    assert first.merges == [(1, 1, 2, 2)]
    assert (hidden.hidden, hidden.row(0)) == (True, ["x"])
    assert (empty.n_rows, empty.columns) == (0, [])
    assert "空" in empty.notes[0]
    assert "图表" in files[0].notes[0]
    assert len(files[0].sha256) == 64


def test_look_alike_values_of_one_column_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    values = [1, True, "1", 0, False, 1, True, "0"]
    for row, value in enumerate(values):
        sheet.write(row, 0, value)
    book.close()
    column = one(path).columns[0]
    found = [column[row] for row in range(len(values))]
    assert found == values
    assert [type(value) for value in found] == [float, bool, str, float, bool, float, bool, str]
    assert len(column.values) == 7


def test_stored_results_are_read_and_missing_ones_seen(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "=1+1", None, 2)
    sheet.write_formula("A3", "=NA()", None, "#N/A")
    sheet.write_formula("A4", '="a"&"b"', None, "ab")
    sheet.write_string("A5", "编号#1")
    sheet.data_validation("B1", {"validate": "list", "source": ["是", "否"]})
    book.close()
    column = one(path).columns[0]
    assert [column[row] for row in range(5)] == [2.0, None, CellError("#N/A"), "ab", "编号#1"]


def test_empty_text_as_result_is_a_blank_cell(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    cells = '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><f>1</f><v></v></c></row>'
    rewrite_sheet(
        path, lambda xml: xml[: xml.index("<row")] + cells + xml[xml.index("</sheetData") :]
    )
    assert one(path).row(0) == [None, CellError("=")]


def test_many_rows_and_unique_texts_come_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "big.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    expected = []
    for row in range(6000):
        values = [
            f"编号{row}",
            row % 7,
            "是" if row % 3 else "",
            row if row % 11 else "缺",
            row / 2,
        ]
        if row in (0, 4000):
            values[0] = "编号5"
        expected.append([value if value != "" else None for value in values])
        sheet.write_row(row, 1, values)
        if row == 4999:
            sheet.write_formula("G5000", "=A1", None, "#REF!")
    book.close()
    found = one(path)
    assert [found.row(row)[1:6] for row in range(6000)] == expected
    assert cell(found, "G5000") == CellError("#REF!")
    for column in found.columns:
        assert column.values[0] is None
        assert len({(type(value), value) for value in column.values}) == len(column.values)


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "Z9:A1"])
def test_stored_dimension_is_not_trusted(tmp_path: Path, dimension: str) -> None:
    path = tmp_path / "d.xlsx"
    rewrite_sheet(
        path, lambda xml: xml.replace('<dimension ref="B2"', f'<dimension ref="{dimension}"')
    )
    sheet = one(path)
    assert (sheet.n_rows, len(sheet.columns), cell(sheet, "B2")) == (2, 2, "值")


def rewrite_sheet(path: Path, change) -> None:  # type: ignore[no-untyped-def]
    """Write a workbook with 值 in B2 whose sheet XML went through `change`."""
    plain = io.BytesIO()
    book = xlsxwriter.Workbook(plain)
    sheet = book.add_worksheet("S")
    sheet.write("B2", "值")
    book.close()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = change(data.decode()).encode()
            new.writestr(name, data)


@pytest.mark.parametrize(
    "cells",
    [
        "<row><c/><c t='e'><v>#N/A</v></c><c><v>5</v></c></row>",
        "<row r='1'><c s='0' r='B1' t='e'><v>#N/A</v></c><c r='C1'><v>5</v></c></row>",
        '<row r="1"><c\n r = "B1" t="e"><v>#N/A</v></c><c r="C1"><v>5</v></c></row>',
    ],
)
def test_unusual_spelling_of_cells_is_understood(tmp_path: Path, cells: str) -> None:
    path = tmp_path / "s.xlsx"
    rewrite_sheet(
        path, lambda xml: xml[: xml.index("<row")] + cells + xml[xml.index("</sheetData") :]
    )
    sheet = one(path)
    assert sheet.row(0) == [None, CellError("#N/A"), 5.0]


def test_prefixed_xml_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rewrite_sheet(
        path,
        lambda _: (
            f'<x:worksheet xmlns:x="{space}"><x:sheetData><x:row r="2"><x:c r="B2">'
            "<x:f>A1</x:f></x:c></x:row></x:sheetData></x:worksheet>"
        ),
    )
    assert one(path).row(1) == [None, CellError("=")]


def test_legacy_xls(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("贫困户基本信息 ")
    sheet.write(1, 1, 5)
    sheet.write(1, 2, 5.5)
    sheet.write(2, 1, True)
    sheet.write(2, 2, 1)
    sheet.write(3, 1, "是")
    sheet.write(4, 1, LONG)
    sheet.row(5).set_cell_error(1, 0x2A)
    sheet.write(6, 1, dt.date(2020, 1, 2), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    sheet.write_merge(7, 8, 0, 1, "合")
    sheet.write(8, 2, "尾")
    book.add_sheet("隐藏").visibility = 1
    path = tmp_path / "旧.xls"
    book.save(str(path))
    sheets, files = read([path])
    assert files[0].error is None
    first = sheets[0]
    assert first.name == "贫困户基本信息 "
    assert [type(cell(first, at)) for at in ("B2", "C2", "B3", "C3")] == [int, float, bool, int]
    assert cell(first, "B5") == float(LONG)
    assert cell(first, "B6") == CellError("#N/A")
    assert cell(first, "B7") == dt.date(2020, 1, 2)
    assert first.merges == [(7, 0, 8, 1)]
    assert [sheet.hidden for sheet in sheets] == [False, True]


def ods(path: Path, rows: str, manifest: str = "") -> None:
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    spaces += (
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>'
            f'<office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")


def test_ods_repeats_errors_and_merges(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    ods(
        path,
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="string" table:number-columns-spanned="2">'
        "<text:p>是</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
        '<table:table-row><table:table-cell office:value-type="float" office:value="5"/>'
        '<table:table-cell office:value-type="string" calcext:value-type="error">'
        "<text:p>#N/A</text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=1"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    )
    sheet = one(path)
    assert sheet.n_rows == 4
    assert cell(sheet, "C3") == "是"
    assert sheet.row(3)[:3] == [5.0, CellError("#N/A"), CellError("=")]
    assert sheet.merges == [(2, 2, 2, 2)]


def record(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def test_xlsb_with_an_error_cell(tmp_path: Path) -> None:
    style = b"\0\0\0\0"
    sheet = b"".join(
        (
            record(129, b""),
            record(148, struct.pack("<4I", 1, 2, 1, 2)),
            record(145, b""),
            record(0, struct.pack("<I", 2) + b"\0" * 13),
            record(5, struct.pack("<I", 1) + style + struct.pack("<d", 5.5)),
            record(3, struct.pack("<I", 2) + style + b"\x2a"),
            record(6, struct.pack("<I", 3) + style + wide("是")),
            record(146, b""),
            record(130, b""),
        )
    )
    book = (
        record(131, b"")
        + record(143, b"")
        + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("表"))
        + record(144, b"")
        + record(132, b"")
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    path = tmp_path / "a.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships><Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/>'
            "</Relationships>",
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    found = one(path)
    assert (found.name, found.row(2)) == ("表", [None, 5.5, CellError("#N/A"), "是"])


TEXT = '户编号,姓名,备注\n="001234",张三,"第一行\n第二行"\n1.0,NA,#N/A\n'


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_encodings_and_delimiters(tmp_path: Path, codec: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.replace(",", delimiter).encode(codec))
    sheet = one(path)
    assert sheet.name is None
    assert sheet.row(0) == ["户编号", "姓名", "备注"]
    assert sheet.row(1) == ["001234", "张三", "第一行\n第二行"]
    assert sheet.row(2) == ["1.0", "NA", CellError("#N/A")]


def test_csv_survives_ragged_rows_nuls_and_broken_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["标题", "", "甲,乙,丙", "1,2", "1,2,3,4", 'a\0b,="x",x', '="x",x,y']
    path.write_bytes("\r\n".join(rows).encode() + b"\r\n\xff\xfe\xfa,1,2\r\n")
    sheet = one(path)
    assert sheet.row(0) == ["标题", None, None, None]
    assert sheet.row(1) == [None] * 4
    assert sheet.row(3) == ["1", "2", None, None]
    assert sheet.row(4) == ["1", "2", "3", "4"]
    assert sheet.row(5) == ["a\ufffdb", "x", "x", None]
    assert "\ufffd" in str(sheet.row(7)[0])
    notes = ";".join(sheet.notes)
    assert "列数" in notes
    assert "NUL" in notes
    assert "无法解码" in notes
    assert '="…"' in notes
    assert all(len(set(column.values)) == len(column.values) for column in sheet.columns)


def test_long_csv_keeps_every_row(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    rows = [[f"{LONG + i}", "是" if i % 2 else "", str(i % 5)] for i in range(5000)]
    rows[4500][0] = rows[3][0]
    path.write_text("\n".join("\t".join(row) for row in rows), "gb18030")
    sheet = one(path)
    assert [[x or "" for x in sheet.row(i)] for i in range(5000)] == rows


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("last", ["x,y,z", "x,y", '"a\n""b""",="q",#N/A'])
def test_large_csv_both_ways_give_the_same_cells(tmp_path: Path, codec: str, last: str) -> None:
    path = tmp_path / "a.csv"
    rows = [["编号", "是否", "NA"]]
    rows += [[f"{LONG + i}", "是" if i % 2 else "", f"村{i % 500}"] for i in range(160_000)]
    rows[70_000][0] = rows[5][0]
    text = "\n".join(",".join(row) for row in rows) + "\n" + last + "\n"
    path.write_bytes(text.encode(codec))
    assert path.stat().st_size > 4 << 20
    sheet = one(path)
    assert sheet.n_rows == len(rows) + 1
    for index in (*range(0, len(rows), 97), 70_000, len(rows) - 1):
        assert [value or "" for value in sheet.row(index)] == rows[index]
    expected = {"x": ["x", "y", "z"], '"': ['a\n"b"', "q", CellError("#N/A")]}
    if last == "x,y":
        expected["x"] = ["x", "y", None]
    assert sheet.row(len(rows)) == expected[last[0]]
    assert len(sheet.columns[0].values) == 160_002


def test_parquet_keeps_types(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "证件号码": pa.array([LONG, None], pa.int64()),
            "收入": pa.array([1.5, 2.0]),
            "日期": pa.array([dt.date(2020, 1, 2), None]),
            "时间": pa.array([dt.datetime(2020, 1, 2, 3), None], pa.timestamp("ns")),
            "否": pa.array([True, False]),
            "姓名": pa.array(["张三", ""]).dictionary_encode(),
            "小数": pa.array([None, "1.50"]).cast(pa.decimal128(30, 2)),
            "列": pa.array([["残疾", "患病"], None]),
        }
    )
    pq.write_table(table, path)
    sheet = one(path)
    assert sheet.row(0) == table.column_names
    assert sheet.row(1) == [
        LONG, 1.5, dt.date(2020, 1, 2), dt.datetime(2020, 1, 2, 3), True, "张三", None,
        "残疾、患病",
    ]  # fmt: skip
    assert type(cell(sheet, "A2")) is int
    assert type(cell(sheet, "D2")) is dt.datetime
    assert sheet.row(2) == [None, 2.0, None, None, False, None, 1.5, None]


def test_real_format_counts_not_the_extension(workbook: Path, tmp_path: Path) -> None:
    as_xls = tmp_path / "导出.xls"
    as_xls.write_bytes(workbook.read_bytes())
    text = tmp_path / "文本.xls"
    text.write_bytes("户编号\t姓名\n1\t张三\n".encode("gbk"))
    sheets, files = read([as_xls, text])
    assert [file.error for file in files] == [None, None]
    assert "xlsx" in sheets[0].notes[0]
    assert sheets[-1].row(1) == ["1", "张三"]
    assert "csv" in sheets[-1].notes[0]


def test_folder_is_read_in_order_and_says_what_it_passed_over(
    workbook: Path, tmp_path: Path
) -> None:
    top = tmp_path / "县"
    (top / "乡").mkdir(parents=True)
    (top / ".git").mkdir()
    (top / "b.csv").write_text("x,y\n1,2\n", "utf-8")
    (top / "乡" / "a.csv").write_text("x,y\n1,2\n", "utf-8")
    (top / "坏.xlsx").write_bytes(b"PK\x03\x04oops")
    for name in ("~$b.xlsx", ".x.csv", "b.疑点清单.xlsx", "b.疑点标注.xlsx", "说明.docx"):
        (top / name).write_bytes(b"x")
    seen: list[tuple[str, int, int]] = []
    sheets, files = read([top], progress=lambda *step: seen.append(step))
    assert [sheet.file for sheet in sheets] == ["b.csv", "乡/a.csv"]
    assert [file.file for file in files if file.error] == ["坏.xlsx"]
    passed = {file.file: file.notes for file in files if not file.sha256 and not file.error}
    assert passed.keys() == {
        ".git", "~$b.xlsx", ".x.csv", "b.疑点清单.xlsx", "b.疑点标注.xlsx", "说明.docx",
    }  # fmt: skip
    assert all(passed.values())
    assert seen[-1][1] == seen[-1][2] == len(files)


def test_glob_and_file_given_twice(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "a.疑点清单.xlsx"):
        (tmp_path / name).write_text("x,y\n1,2\n", "utf-8")
    sheets, files = read([str(tmp_path / "*"), tmp_path / "a.csv"])
    assert [Path(sheet.file).name for sheet in sheets] == ["a.csv", "b.csv"]
    assert len(files) == 3


def test_own_output_named_alone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.疑点清单.xlsx"
    path.write_text("x,y\n1,2\n", "utf-8")
    assert one(path).row(1) == ["1", "2"]


@pytest.mark.parametrize("given", ["没有.xlsx", "没有*.xlsx"])
def test_nothing_there(tmp_path: Path, given: str) -> None:
    with pytest.raises(UnreadableFile, match="找不到"):
        read([tmp_path / given])


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="没有可读的表格"):
        read([tmp_path])


def test_zip_members_and_gbk_names(workbook: Path, tmp_path: Path) -> None:
    path = tmp_path / "包.zip"
    gbk = zipfile.ZipInfo("XXXX/YY.csv")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(workbook, "户.xlsx")
        archive.writestr(gbk, b"x,y\n1,2\n")
        archive.writestr("__MACOSX/._b.csv", b"x")
    # A tool that writes GBK and does not say so.
    name = "城关/户".encode("gbk") + b".csv"
    path.write_bytes(path.read_bytes().replace(b"XXXX/YY.csv", name))
    sheets, files = read([path])
    names = {sheet.file for sheet in sheets}
    assert names == {f"{path}!/户.xlsx", f"{path}!/城关/户.csv"}
    assert all(sheet.path is None for sheet in sheets)
    assert [file.notes for file in files if not file.sha256] == [("隐藏文件，未读",)]


def locked(workbook: Path, path: Path, password: str) -> None:
    with workbook.open("rb") as plain, path.open("wb") as out:
        msoffcrypto.OfficeFile(plain).encrypt(password, out)


def test_encrypted_workbook(workbook: Path, tmp_path: Path) -> None:
    path = tmp_path / "密.xlsx"
    locked(workbook, path, "口令1")
    asked: list[str] = []

    def answer(shown: str) -> str:
        asked.append(shown)
        return "口令1"

    sheets, files = read([path], password=answer)
    assert asked == [str(path)]
    assert files[0].error is None
    assert sheets[0].name == "成员"
    assert cell(sheets[0], "C6") == CellError("#N/A")
    for password in (None, lambda _: None, lambda _: "错"):
        sheets, files = read([path], password=password)
        assert not sheets
        assert "密码" in str(files[0].error)
