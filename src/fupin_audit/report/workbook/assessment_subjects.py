"""逐户认定: one row per subject, each criterion with its answer in colour."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.model.assessment import MET, UNMET
from fupin_audit.report.assessment.view import AssessmentView, Money, SubjectView, subjects
from fupin_audit.report.assessment.words import ANSWER, SUBJECT, TITLE, UNDECIDED
from fupin_audit.report.lines import row_height, width_of
from fupin_audit.report.safe import cell_text
from fupin_audit.report.workbook.assessment_looks import Looks
from fupin_audit.report.workbook.styles import print_setup

HEAD = 2
SHEET_ROWS = 1_048_000
_MONEY = (("人口", 6), ("人均纯收入（填报）", 10), ("人均纯收入（核算）", 10), ("标准线", 8),
          ("高出标准线", 9), ("高出监测线", 9))  # fmt: skip


def write_subjects(book: Workbook, look: Looks, view: AssessmentView) -> None:
    """Write every subject, those to be seen to first; no list is cut."""
    every = subjects(view, named=True, lang="zh")
    name = f"逐{SUBJECT[view.of.level][0]}认定"
    left, part = len(view), 1
    while True:
        rows = min(left, SHEET_ROWS)
        _sheet(book, look, view, name + (str(part) if part > 1 else ""), islice(every, rows), rows)
        left, part = left - rows, part + 1
        if left <= 0:
            return


def _columns(view: AssessmentView) -> list[tuple[str, float]]:
    of = view.of
    if of.level == "household":
        columns: list[tuple[str, float]] = [
            ("乡镇", 9), ("行政村", 10), ("户编号", 18), ("户主", 8), ("登记状态", 12),
        ]  # fmt: skip
    else:
        columns = [("县", 9), ("乡镇", 9), ("行政村", 10)] if of.level == "village" else [("县", 12)]
        columns += [("登记状态", 12)] if of.groups else []
    columns.append(("认定", 9))
    wide = 8 if of.level == "household" else 13
    columns += [(one.short[0], wide) for one in of.criteria]
    columns += _MONEY if of.ledger is not None else []
    return [*columns, ("说明", 46), ("原表位置", 16)]


def _sheet(
    book: Workbook, look: Looks, view: AssessmentView, name: str, rows: Iterator[SubjectView],
    count: int,
) -> None:  # fmt: skip
    sheet = book.add_worksheet(name)
    columns = _columns(view)
    for i, (_, width) in enumerate(columns):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, TITLE[view.of.level][0], look.base.title)
    sheet.write_string(1, 0, _note(view), look.base.note)
    sheet.set_row(HEAD, 32)
    for i, (title, _) in enumerate(columns):
        sheet.write_string(HEAD, i, title, look.base.head)
    for at, one in enumerate(rows, HEAD + 1):
        _row(sheet, look, view, at, one, columns)
    print_setup(sheet, name, head=HEAD)
    sheet.freeze_panes(HEAD + 1, 4 if view.of.level == "household" else 1)
    sheet.autofilter(HEAD, 0, HEAD + max(count, 1), len(columns) - 1)


def _note(view: AssessmentView) -> str:
    told = f"共 {len(view):,} {SUBJECT[view.of.level][0]}，有未达到或不能判定的在前。"
    if view.of.ledger is not None:
        told += "斜体的核算数是分项不全、照合计栏取的。高出标准线为负数的没有超过。"
    if view.of.left_out:
        told += "没有按这几项判：" + "、".join(one.short[0] for one in view.of.left_out) + "。"
    return told


def _row(
    sheet: Worksheet, look: Looks, view: AssessmentView, at: int, one: SubjectView,
    columns: list[tuple[str, float]],
) -> None:  # fmt: skip
    of, base = view.of, look.base
    county, township, village = one.place
    if of.level == "household":
        before = [township, village, one.household, one.head]
    else:
        before = [county, township, village] if of.level == "village" else [county]
    if of.level == "household" or of.groups:
        before.append(one.group[0] if one.group else "")
    column = 0
    for text in before:
        sheet.write_string(at, column, cell_text(text), base.text)
        column += 1
    kind = look.kind[min(one.kind, len(look.kind) - 1)]
    sheet.write_string(at, column, of.kinds[one.kind].label[0], kind)
    column += 1
    for criterion, answer in zip(of.criteria, one.answers, strict=True):
        word = ANSWER[answer][0]
        if criterion.value is not None and (value := criterion.value[one.row]) == value:
            word += f" {value:,.4g}{criterion.unit}"
        sheet.write_string(at, column, word, look.answer[answer])
        column += 1
    if one.money is not None:
        _money(sheet, look, at, column, one.money)
        column += len(_MONEY)
    told = cell_text("\n".join(_told(view, one)))
    sheet.write_string(at, column, told, base.text)
    where = f"{one.sheet or one.file} 第{one.line}行"
    sheet.write_string(at, column + 1, cell_text(where), base.faint)
    lines = sum(max(1, -(-width_of(line) // 46)) for line in told.split("\n"))
    sheet.set_row(at, row_height(max(lines, width_of(where) / 16)))


def _told(view: AssessmentView, one: SubjectView) -> Iterator[str]:
    for flag in one.flags:
        yield "【" + view.of.flags[flag].label[0] + "】"
    if one.undecided:
        yield UNDECIDED[0]
    for state in (UNMET, -1):
        for criterion, answer, reason in zip(
            view.of.criteria, one.answers, one.reasons, strict=True
        ):
            if answer == state and answer != MET:
                yield f"{criterion.short[0]}：{reason}"


def _money(sheet: Worksheet, look: Looks, at: int, column: int, money: Money) -> None:
    recomputed = look.money if money.computed else look.money_taken
    cells = (
        (money.people, look.money), (money.filled, look.money), (money.recomputed, recomputed),
        (money.line, look.money), (money.distance, look.short), (money.to_monitoring, look.short),
    )  # fmt: skip
    for i, (value, style) in enumerate(cells):
        if value is None:
            sheet.write_blank(at, column + i, None, look.base.faint)
        else:
            sheet.write_number(at, column + i, value, style)
