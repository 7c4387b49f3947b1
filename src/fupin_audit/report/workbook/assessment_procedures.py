"""程序: one sheet per procedure, the day of every step, what is wrong in colour."""

from __future__ import annotations

from datetime import datetime, time

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.model.assessment import ProcedureTrack
from fupin_audit.report.assessment.steps import TrackedRow, tracked
from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.lines import row_height, width_of
from fupin_audit.report.safe import cell_text
from fupin_audit.report.workbook.assessment_looks import Looks
from fupin_audit.report.workbook.styles import print_setup

HEAD = 2
_TOLD = 44
_SHEET_ROWS = 1_048_000


def write_procedures(book: Workbook, look: Looks, view: AssessmentView) -> None:
    """Write the procedures of the level, those with a fault first."""
    for track in view.of.procedures:
        rows = list(tracked(view, track, named=True))
        name = f"程序 {track.label[0]}"
        for part, start in enumerate(range(0, len(rows), _SHEET_ROWS), 1):
            sheet = book.add_worksheet(name + (str(part) if part > 1 else ""))
            _sheet(sheet, look, view, track, rows[start : start + _SHEET_ROWS])


def _sheet(
    sheet: Worksheet, look: Looks, view: AssessmentView, track: ProcedureTrack,
    rows: list[TrackedRow],
) -> None:  # fmt: skip
    base = look.base
    columns = [("乡镇", 9.0), ("行政村", 10.0)]
    columns += [("户编号", 18.0), ("户主", 8.0)] if view.of.level == "household" else []
    columns += [(step[0], 11.0) for step in track.steps]
    columns += [(f"{span.label[0]}（天）", 9.0) for span in track.spans]
    columns += [("说明", _TOLD)]
    for i, (title, width) in enumerate(columns):
        sheet.set_column(i, i, width)
        sheet.write_string(HEAD, i, title, base.head)
    sheet.set_row(0, 28)
    sheet.set_row(HEAD, 32)
    sheet.write_string(0, 0, f"程序：{track.label[0]}", base.title)
    absent = "、".join(step[0] for step in track.absent)
    told = (
        f"共 {len(track.rows):,} 件，{int(track.faulty.sum()):,} 件有缺、颠倒或天数不符，排在前面。"
    )
    sheet.write_string(1, 0, told + (f"表上没有的步骤：{absent}。" if absent else ""), base.note)
    for at, one in enumerate(rows, HEAD + 1):
        _row(sheet, look, view, track, at, one)
    print_setup(sheet, f"程序 {track.label[0]}", head=HEAD)
    sheet.freeze_panes(HEAD + 1, 4 if view.of.level == "household" else 2)
    sheet.autofilter(HEAD, 0, HEAD + max(len(rows), 1), len(columns) - 1)


def _row(
    sheet: Worksheet, look: Looks, view: AssessmentView, track: ProcedureTrack, at: int,
    one: TrackedRow,
) -> None:  # fmt: skip
    base = look.base
    texts = [*one.place[1:]]
    texts += [one.household, one.head] if view.of.level == "household" else []
    for i, text in enumerate(texts):
        sheet.write_string(at, i, cell_text(text), base.text)
    column = len(texts)
    for day, wrong in zip(one.days, one.wrong, strict=True):
        style = look.day_wrong if wrong else look.day
        if day is None:
            sheet.write_blank(at, column, None, style)
        else:
            sheet.write_datetime(at, column, datetime.combine(day, time()), style)
        column += 1
    for days in one.spans:
        if days is None:
            sheet.write_blank(at, column, None, base.faint)
        else:
            sheet.write_number(at, column, days, base.number)
        column += 1
    told = "；".join(one.faults)
    sheet.write_string(at, column, cell_text(told), base.indented)
    sheet.set_row(at, row_height(width_of(told) / _TOLD))
