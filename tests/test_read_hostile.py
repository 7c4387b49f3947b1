"""Files made to break a reader: one clear line each, and the others still read."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from fupin_audit.read import read

CT = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"


def plain() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("S")
    sheet.write("A1", "户编号")
    sheet.write("A2", "1")
    book.close()
    return out.getvalue()


def with_parts(path: Path, **parts: str | bytes) -> Path:
    """Write a good workbook with some parts replaced (`sheet`, `strings` …)."""
    names = {
        "sheet": SHEET,
        "strings": "xl/sharedStrings.xml",
        "book": "xl/workbook.xml",
        "upper": "XL/worksheets/Sheet1.xml",
    }
    new = {names[key]: value for key, value in parts.items()}
    with zipfile.ZipFile(io.BytesIO(plain())) as old, zipfile.ZipFile(path, "w", 8) as out:
        for name in old.namelist():
            out.writestr(name, new.pop(name, None) or old.read(name))
        for name, value in new.items():
            out.writestr(name, value)
    return path


def sheet_xml(cells: str, head: str = "") -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{space}">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )


def error_of(path: Path, **options: object) -> str:
    sheets, files = read([path], **options)  # type: ignore[arg-type]
    assert sheets == []
    assert len(files) == 1
    line = files[0].error
    assert line
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>', "XFD1048576"),
        ('<row r="1"><c r="A1"><v>1</v></c></row>'
         '<row r="1048576"><c r="AN1048576"><v>1</v></c></row>', "AN1048576"),
        ('<row r="1"><c r="ZZZZZZZZ99999999999"><v>1</v></c></row>', "已损坏"),
        ('<row r="1"><c r="A9999999"><v>1</v></c></row>', "A9999999"),
        ('<row r="1"><c r="B"><v>1</v></c></row>', "已损坏"),
        ("<row>" + "<c/>" * 16000 + "<c><v>1</v></c></row>" + "<row/>" * 9999
         + "<row><c><v>1</v></c></row>", "已用区域"),
        ('<row r="1">' + '<c r="A1"><v>1</v></c>' * 9000 + "</row>", "已用区域"),
    ],
)  # fmt: skip
def test_far_cells_never_reach_the_reader(tmp_path: Path, cells: str, said: str) -> None:
    assert said in error_of(with_parts(tmp_path / "a.xlsx", sheet=sheet_xml(cells)))


def test_far_but_empty_cells_are_harmless(tmp_path: Path) -> None:
    cells = (
        '<row r="2"><c r="B2"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    )
    sheets, files = read([with_parts(tmp_path / "a.xlsx", sheet=sheet_xml(cells))])
    assert files[0].error is None
    assert (sheets[0].n_rows, len(sheets[0].columns)) == (2, 2)


@pytest.mark.parametrize("part", ["sheet", "strings", "book"])
def test_entities_are_refused(tmp_path: Path, part: str) -> None:
    with zipfile.ZipFile(io.BytesIO(plain())) as archive:
        names = {"sheet": SHEET, "strings": "xl/sharedStrings.xml", "book": "xl/workbook.xml"}
        xml = archive.read(names[part]).decode()
    start = xml.index("?>") + 2
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    bad = with_parts(tmp_path / "a.xlsx", **{part: xml[:start] + bomb + xml[start:]})
    assert "DTD" in error_of(bad)


def test_entities_behind_a_long_comment_are_refused(tmp_path: Path) -> None:
    head = f"<!--{'x' * 100_000}--><!DOCTYPE x>"
    assert error_of(with_parts(tmp_path / "a.xlsx", sheet=sheet_xml("", head)))


def test_utf16_part_is_refused_and_not_read_as_empty(tmp_path: Path) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').encode("utf-16")
    assert "UTF-8" in error_of(with_parts(tmp_path / "a.xlsx", sheet=xml))


def test_announced_string_count_is_not_believed(tmp_path: Path) -> None:
    xml = '<sst xmlns="x" count="99999999999" uniqueCount="99999999999"><si><t>x</t></si></sst>'
    assert "已损坏" in error_of(with_parts(tmp_path / "a.xlsx", strings=xml))


def test_two_parts_of_one_name(tmp_path: Path) -> None:
    assert "同名" in error_of(with_parts(tmp_path / "a.xlsx", upper=sheet_xml("")))


def test_bomb_with_an_honest_header(tmp_path: Path) -> None:
    path = with_parts(tmp_path / "a.xlsx", sheet=sheet_xml(" " * (8 << 20)))
    assert path.stat().st_size < 1 << 20
    assert "上限" in error_of(path, limit_bytes=4 << 20)
    assert read([path])[1][0].error is None


def test_bomb_with_a_lying_header(tmp_path: Path) -> None:
    path = with_parts(tmp_path / "a.xlsx", sheet=sheet_xml(" " * (8 << 20)))
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    data = path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", 5000))
    path.write_bytes(data)
    assert "不符" in error_of(path)


def test_truncated_and_foreign_files(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    xls = io.BytesIO()
    book.save(xls)
    good = plain()
    files = {
        "空.xlsx": (b"", "0 字节"),
        "截断.xlsx": (good[: len(good) // 2], "已损坏"),
        "截断.xls": (xls.getvalue()[:700], "已损坏"),
        "乱.xlsx": (b"PK\x03\x04" + b"\x01" * 500, "已损坏"),
        "图.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(200), "图片"),
        "文.csv": (b"%PDF-1.7\n" + bytes(200), "PDF"),
        "网.xls": ("<html><body><table><tr><td>户编号".encode("gbk"), "网页"),
        "网2.xls": ('\ufeff\n<!DOCTYPE html PUBLIC "">'.encode(), "网页"),
        "老.xls": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:'
                   b'spreadsheet">', "2003"),
        "二.csv": (bytes(range(1, 32)) * 50, "二进制"),
        "甲.parquet": (b"PAR1" + b"x" * 50, "已损坏"),
        "乙.ods": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "已损坏"),
    }  # fmt: skip
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "好.xlsx").write_bytes(good)
    sheets, seen = read([tmp_path])
    assert [sheet.file for sheet in sheets] == ["好.xlsx"]
    for file in seen:
        if file.file in files:
            assert files[file.file][1] in str(file.error), file
            assert "\n" not in str(file.error)


def test_every_truncation_of_good_files_is_survived(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    xls = io.BytesIO()
    book.save(xls)
    for suffix, data in ((".xlsx", plain()), (".xls", xls.getvalue())):
        for cut in range(1, len(data), max(len(data) // 40, 1)):
            (tmp_path / f"{cut:06}{suffix}").write_bytes(data[:cut])
    _, files = read([tmp_path])
    assert len(files) > 80
    assert not any("\n" in str(file.error) for file in files)


def test_xls_with_a_cell_far_away(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, 1.5)
    sheet.write(60000, 5, 2.123456789)
    out = io.BytesIO()
    book.save(out)
    # NUMBER record of the second cell: move it to row 65535, column 65535.
    old = struct.pack("<HH", 60000, 5)
    data = out.getvalue()
    at = data.index(b"\x03\x02\x0e\x00" + old)
    data = data[: at + 4] + b"\xff\xff\xff\xff" + data[at + 8 :]
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    assert "已用区域" in error_of(path)


def test_xls_that_lies_about_its_size_is_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    at = data.index(b"\x00\x02\x0e\x00")
    path = tmp_path / "a.xls"
    path.write_bytes(
        data[: at + 4] + struct.pack("<IIHH", 0, 1 << 20, 0, 1 << 14) + data[at + 16 :]
    )
    sheets, files = read([path])
    assert files[0].error is None
    assert sheets[0].row(0) == ["x"]


def test_xls_that_makes_the_reader_panic(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    book = xlwt.Workbook()
    book.add_sheet("a").write_merge(3, 4, 0, 1, "x")
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    at = data.index(b"\xe5\x00\x0a\x00\x01\x00")
    path = tmp_path / "a.xls"
    path.write_bytes(data[: at + 4] + b"\xff\xff" + data[at + 6 :])
    assert "读不出" in error_of(path)
    assert capfd.readouterr().err == ""


def test_ods_that_repeats_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">'
            '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell office:value-type="float" office:value="1" '
            'table:number-columns-repeated="16384"/>'
            "</table:table-row></table:table></office:document-content>",
        )
    assert "已用区域" in error_of(path)


def test_locked_ods(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", b"\x01\x02noise")
        archive.writestr(
            "META-INF/manifest.xml",
            "<manifest><file-entry><encryption-data/></file-entry></manifest>",
        )
    assert "密码" in error_of(path)


def test_zip_members_that_climb_nest_or_lie(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("b.csv", "x,y\n1,2\n")
    with zipfile.ZipFile(path, "w", 8) as archive:
        archive.writestr("../../etc/a.csv", "x,y\n1,2\n")
        archive.writestr("C:/a.csv", "x,y\n1,2\n")
        archive.writestr("b.zip", inner.getvalue())
        archive.writestr("c.xlsx", inner.getvalue())
        archive.writestr("好.csv", "x,y\n1,2\n")
    sheets, files = read([path])
    assert [sheet.file for sheet in sheets] == [f"{path}!/好.csv"]
    said = {file.file.rpartition("!/")[2]: str(file.error) for file in files if file.error}
    assert said.keys() == {"../../etc/a.csv", "C:/a.csv", "b.zip", "c.xlsx"}
    assert "越出" in said["../../etc/a.csv"]
    assert "套了压缩包" in said["b.zip"]
    assert "上限" in error_of(path, limit_bytes=10)


def test_csv_that_claims_too_many_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"," * 16000 + b"\n" * 30_000)
    assert "行列数" in error_of(path)


def test_unclosed_quote(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'a,b\n"' + b"x,y\n" * 6_000_000)
    assert "引号" in error_of(path)


def test_worst_files_stay_small_in_memory(tmp_path: Path) -> None:
    """All at once in one process that may not take more than 1 GiB."""
    if not Path("/proc/self/status").exists():
        pytest.skip("peak memory is read from /proc")
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'
    with_parts(tmp_path / "far.xlsx", sheet=sheet_xml(far))
    with_parts(tmp_path / "bomb.xlsx", sheet=sheet_xml(" " * (300 << 20)))
    (tmp_path / "a.csv").write_bytes(b"," * 16000 + b"\n" * 30_000)
    (tmp_path / "q.csv").write_bytes(b'a,b\n"' + b"x,y\n" * 6_000_000)
    code = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from fupin_audit.read import read\n"
        "sheets, files = read([sys.argv[1]])\n"
        "assert len(files) == 4, files\n"
        # Not ru_maxrss: that one begins with the size of the parent.
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert int(done.stdout) < 1 << 20
