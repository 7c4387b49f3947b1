"""指标 and 填报与重算: numbers of villages and counties beside their limits, and
as filled beside as recomputed."""

from __future__ import annotations

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.model.ledger import Floats
from fupin_audit.report.assessment.subjects import SubjectView, subjects
from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.assessment.words import ANSWER, SUBJECT, TITLE, VETO
from fupin_audit.report.lines import row_height, width_of
from fupin_audit.report.safe import cell_text
from fupin_audit.report.workbook.assessment_looks import Looks
from fupin_audit.report.workbook.styles import print_setup

HEAD = 2
_INDICATORS = (("县", 12), ("指标", 34), ("数值", 12), ("标准", 12), ("单位", 7), ("结果", 10),
               ("说明", 60))  # fmt: skip


def write_indicators(book: Workbook, look: Looks, view: AssessmentView) -> None:
    """Write one row per county and indicator: value, limit, answer."""
    sheet = book.add_worksheet("逐县指标")
    _head(sheet, look, TITLE[view.of.level][0], "一个县一组，逐项列出数值、标准和结果。")
    for i, (title, width) in enumerate(_INDICATORS):
        sheet.set_column(i, i, width)
        right = title in ("数值", "标准")
        sheet.write_string(HEAD, i, title, look.base.head_right if right else look.base.head)
    row = HEAD + 1
    for one in subjects(view, named=True, lang="zh"):
        row = _county(sheet, look, view, one, row)
    print_setup(sheet, TITLE[view.of.level][0], head=HEAD)
    sheet.autofilter(HEAD, 0, max(row - 1, HEAD + 1), len(_INDICATORS) - 1)


def _county(
    sheet: Worksheet, look: Looks, view: AssessmentView, one: SubjectView, row: int
) -> int:  # fmt: skip
    base = look.base
    for i, criterion in enumerate(view.of.criteria):
        answer = one.answers[i]
        veto = f"（{VETO[0]}）" if criterion.veto else ""
        told = one.reasons[i]
        sheet.write_string(row, 0, cell_text(one.place[0]), base.text)
        sheet.write_string(row, 1, criterion.label[0] + veto, base.text)
        _number(sheet, row, 2, criterion.value, one.row, look.figure)
        _number(sheet, row, 3, criterion.limit, one.row, look.figure)
        sheet.write_string(row, 4, criterion.unit, base.faint)
        sheet.write_string(row, 5, ANSWER[answer][0], look.answer[answer])
        sheet.write_string(row, 6, cell_text(told), base.indented)
        sheet.set_row(row, row_height(width_of(told) / 60))
        row += 1
    return row


def write_figures(book: Workbook, look: Looks, view: AssessmentView) -> None:
    """Write the figures of every subject, those that do not agree in colour."""
    of = view.of
    if not of.figures:
        return
    sheet = book.add_worksheet("填报与重算")
    _head(sheet, look, "填报与重算", "着色的数与填报的不一致，请核对是哪一处有误。")
    columns = [("县", 9), ("乡镇", 10), ("行政村", 11)][: 1 if of.level == "county" else 3]
    for i, (title, width) in enumerate(columns):
        sheet.set_column(i, i, width)
        sheet.write_string(HEAD, i, title, look.base.head)
    first = len(columns)
    sheet.set_row(HEAD, 34)
    for i, figure in enumerate(of.figures, first):
        sheet.set_column(i, i, 13)
        unit = f"（{figure.unit}）" if figure.unit else ""
        sheet.write_string(HEAD, i, figure.label[0] + unit, look.base.head_right)
    for at, one in enumerate(subjects(view, named=True, lang="zh"), HEAD + 1):
        for i in range(first):
            sheet.write_string(at, i, cell_text(one.place[i]), look.base.text)
        for i, figure in enumerate(of.figures, first):
            style = look.differs if figure.differs[one.row] else look.figure
            _number(sheet, at, i, figure.value, one.row, style)
    print_setup(sheet, f"填报与重算 {SUBJECT[of.level][0]}", head=HEAD)


def _head(sheet: Worksheet, look: Looks, title: str, note: str) -> None:
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, title, look.base.title)
    sheet.write_string(1, 0, note, look.base.note)


def _number(
    sheet: Worksheet, row: int, column: int, values: Floats | None, at: int, style: Format
) -> None:  # fmt: skip
    value = float("nan") if values is None else float(values[at])
    if value == value:
        sheet.write_number(row, column, round(value, 4), style)
    else:
        sheet.write_blank(row, column, None, style)
