"""The user's own workbook, marked."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from fupin_audit.report.annotate import annotate
from fupin_audit.report.view import view
from report_factory import HOUSEHOLD, HOUSEHOLDS, MEMBER, MEMBERS, make_result


@pytest.fixture
def source(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    for sheet, fields, rows in (
        (book.active, HOUSEHOLD, HOUSEHOLDS),
        (book.create_sheet("人员 明细"), MEMBER, MEMBERS),
    ):
        sheet.append(["登记表"])
        sheet.append([])
        sheet.append(list(fields))
        for row in rows:
            sheet.append(row)
    first = book.worksheets[0]
    first.title = "户表"
    first.merge_cells("A1:I1")
    first["I4"].number_format, first["I4"].font = "#,##0.00", Font(bold=True, name="宋体")
    first["B4"].fill = PatternFill("solid", fgColor="00FF00")
    first["E6"].data_type = "s"
    first["F4"].comment = Comment("原有批注", "某人")
    first["K4"] = "=SUM(I4:I5)"
    first.column_dimensions["E"].width, first.row_dimensions[3].height = 33, 40
    first.freeze_panes = "B4"
    valid = DataValidation("list", formula1='"是,否"')
    valid.add("J4:J9")
    first.add_data_validation(valid)
    chart = BarChart()
    chart.add_data(Reference(first, min_col=9, min_row=3, max_row=6))
    first.add_chart(chart, "M2")
    path = tmp_path / "households.xlsx"
    book.save(path)
    return path


def test_blamed_cells_are_marked_and_all_else_is_kept(source: Path) -> None:
    before = source.read_bytes()
    (copy,) = annotate(view(make_result(path=source)))
    assert source.read_bytes() == before
    assert copy.path == source.with_name("households.疑点标注.xlsx")
    book = openpyxl.load_workbook(copy.path)
    sheet = book["户表"]
    assert sheet["I4"].fill.fgColor.rgb.endswith("F2B8B5")
    assert "【错误】IC201" in sheet["I4"].comment.text
    assert "应为 3333.33" in sheet["I4"].comment.text
    assert (sheet["I4"].number_format, sheet["I4"].font.name) == ("#,##0.00", "宋体")
    assert sheet["I4"].font.bold
    assert sheet["I4"].value == 10000
    assert sheet["B4"].fill.fgColor.rgb.endswith("00FF00")
    assert sheet["F4"].comment.text.startswith("原有批注\n\n【警告】CT031")
    assert sheet.column_dimensions["E"].width == 33
    assert sheet.row_dimensions[3].height == 40
    assert sheet.freeze_panes == "B4"
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A1:I1"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"是,否"'
    assert sheet["K4"].value == "=SUM(I4:I5)"


def test_findings_of_one_cell_share_a_comment_and_ids_are_masked(source: Path) -> None:
    (copy,) = annotate(view(make_result(path=source)))
    comments = [c.comment.text for row in openpyxl.load_workbook(copy.path)["人员 明细"].iter_rows()
                for c in row if c.comment]  # fmt: skip
    assert len(comments) == 3
    assert all("611002197001010035" not in text for text in comments)
    assert any("小红" in text for text in comments)


def test_the_index_opens_first_and_links_to_the_cells(source: Path) -> None:
    (copy,) = annotate(view(make_result(path=source)))
    book = openpyxl.load_workbook(copy.path)
    assert book.sheetnames == ["疑点索引", "户表", "人员 明细"]
    assert book.active.title == "疑点索引"
    assert [s.sheet_view.tabSelected for s in book.worksheets] == [True, False, False]
    index = book["疑点索引"]
    assert index.max_row == 3 + 8
    assert index["C4"].hyperlink.location == "'户表'!I4"
    assert {c.value for c in index["E"]} >= {"'=1+1"}
    assert all(c.data_type in ("s", "n") for row in index.iter_rows() for c in row)


def test_what_is_not_kept_is_said(source: Path) -> None:
    (copy,) = annotate(view(make_result(path=source)))
    assert any("公式保留" in said for said in copy.said)
    assert any("图表" in said for said in copy.said)


def test_other_formats_and_locked_files_are_told_not_tried(tmp_path: Path) -> None:
    old = tmp_path / "a.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0")
    (copy,) = annotate(view(make_result(path=old)))
    assert copy.path is None
    assert "只能标注 .xlsx" in copy.said[0]
    locked = tmp_path / "a.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0 encrypted")
    (copy,) = annotate(view(make_result(path=locked)))
    assert copy.path is None
    assert "加了密" in copy.said[0]
    (copy,) = annotate(view(make_result(path=None)))
    assert copy.path is None
    assert "压缩包" in copy.said[0]
