"""A cell that shows a percentage is read as it is shown."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl

from fupin_audit.model.sheet import RawSheet
from fupin_audit.read import read

ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="s"><table:table-row>'
    '<table:table-cell office:value-type="percentage" office:value="0.975">'
    "<text:p>97.50%</text:p></table:table-cell>"
    '<table:table-cell office:value-type="float" office:value="0.975">'
    "<text:p>0.975</text:p></table:table-cell></table:table-row></table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)


def one(path: Path) -> RawSheet:
    sheets, files = read([path])
    assert [file.error for file in files] == [None]
    return sheets[0]


def test_xlsx_percent_formats(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    forms = {
        "A": "0.00%", "B": "0%", "C": '0.0"%"', "D": "0.0000_ %", "E": "General", "F": "0.00%",
    }  # fmt: skip
    for row, value in enumerate((0.975, 1, 0.0225), 1):
        for column, form in forms.items():
            sheet[f"{column}{row}"] = "九成" if column == "F" else value
            sheet[f"{column}{row}"].number_format = form
    book.save(tmp_path / "a.xlsx")
    read_back = one(tmp_path / "a.xlsx")
    shown = ["97.5%", "100%", "2.25%"]
    for index, column in enumerate(forms):
        got = [read_back.columns[index][row] for row in range(3)]
        if column in "ABD":
            assert got == shown
        else:
            assert got == (["九成"] * 3 if column == "F" else [0.975, 1, 0.0225])


def test_ods_percentages(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS)
        archive.writestr("META-INF/manifest.xml", "<manifest></manifest>")
    assert one(path).row(0) == ["97.5%", 0.975]
