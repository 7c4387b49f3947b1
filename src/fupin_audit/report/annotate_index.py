"""疑点索引: the sheet in front of an annotated copy, with a link to every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from fupin_audit.report.finding import Blamed
from fupin_audit.report.lines import fullest, row_height
from fupin_audit.report.remarks import advised, told
from fupin_audit.report.safe import cell_text
from fupin_audit.report.view import FindingView
from fupin_audit.report.words import SEVERITY

NAME = "疑点索引"
_COLUMNS = (
    ("疑点编号", 14), ("级别", 6), ("位置", 18), ("户编号", 17), ("户主姓名", 9), ("姓名", 9),
    ("疑点", 20), ("说明", 44), ("字段", 14), ("现填值", 18), ("建议", 30), ("规则编号", 9),
)  # fmt: skip
_WIDTHS = tuple(width for _, width in _COLUMNS)
_LINKED = 2
_HEAD = 3
_ROWS = 1_048_576 - _HEAD
_LINKS = 65_000
_FONT = "微软雅黑"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the index: a finding, and where its cell is."""

    finding: FindingView
    sheet: str
    cell: str
    part: Blamed


def write_index(book: Workbook, lines: Sequence[Line]) -> None:
    """Put the index in front and open the workbook there."""
    for number, start in enumerate(range(0, max(len(lines), 1), _ROWS)):
        name = _free(book, NAME + (str(number + 1) if number else ""))
        _write(book.create_sheet(name, number), lines[start : start + _ROWS])
    book.active = 0
    book.worksheets[0].sheet_view.tabSelected = True


def _free(book: Workbook, name: str) -> str:
    while name in book.sheetnames:
        name += "_"
    return name


def _write(sheet: Worksheet, lines: Sequence[Line]) -> None:
    line = Border(bottom=Side("thin", color="D9D9D9"))
    plain, wrap = Font(name=_FONT, size=10), Alignment(vertical="center", wrap_text=True)
    link = Font(name=_FONT, size=10, color="1F4E9E", underline="single")
    bold = Font(name=_FONT, size=10, bold=True)
    sheet["A1"], sheet["A1"].font = "疑点索引", Font(name=_FONT, size=16, bold=True)
    note = "点“位置”到原格，格上的批注说明疑点。疑点不等于错误，请逐条核实。"
    sheet["A2"], sheet["A2"].font = note, Font(name=_FONT, size=10, color="7F7F7F")
    head_fill = PatternFill("solid", fgColor="E9EDF2")
    for i, (title, width) in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
        head = sheet.cell(_HEAD, i, title)
        head.font, head.fill = bold, head_fill
    for row, one in enumerate(lines, _HEAD + 1):
        texts = _texts(one)
        sheet.row_dimensions[row].height = row_height(fullest(texts, _WIDTHS))
        for i, text in enumerate(texts, 1):
            cell = sheet.cell(row, i)
            if text:  # text that stays text, whatever it begins with
                cell.value, cell.data_type = cell_text(text), "s"
            cell.font, cell.alignment, cell.border = plain, wrap, line
        if row - _HEAD <= _LINKS:
            place = sheet.cell(row, _LINKED + 1)
            quoted = one.sheet.replace("'", "''")
            place.hyperlink = Hyperlink(place.coordinate, location=f"'{quoted}'!{one.cell}")
            place.font = link
    sheet.freeze_panes = f"A{_HEAD + 1}"
    sheet.auto_filter.ref = f"A{_HEAD}:{get_column_letter(len(_COLUMNS))}{_HEAD + len(lines)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{_HEAD}:{_HEAD}"
    if sheet.oddFooter is not None:
        sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
    sheet.sheet_view.showGridLines = False


def _texts(line: Line) -> tuple[str, ...]:
    one = line.finding
    return (
        one.number, SEVERITY[one.severity][0], f"{line.sheet} {line.cell}", one.household or "",
        one.head, one.name, one.title, told(one, "zh"), line.part.field, line.part.value,
        advised(one, line.part.field, "zh"), one.rule,
    )  # fmt: skip
