"""逐户认定: one row per subject, each criterion with its answer in colour."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.model.assessment import UNKNOWN, UNMET
from fupin_audit.report.assessment.subjects import Money, SubjectView, subjects
from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.assessment.words import ANSWER, SUBJECT, TITLE, UNDECIDED
from fupin_audit.report.lines import row_height, width_of
from fupin_audit.report.safe import cell_text
from fupin_audit.report.workbook.assessment_looks import Looks
from fupin_audit.report.workbook.styles import print_setup

HEAD = 2
SHEET_ROWS = 1_048_000
_TOLD, _WHERE = 46, 18
_MONEY = (("人口", 6), ("人均收入填报", 9), ("人均收入核算", 9), ("标准线", 8), ("高出标准线", 9))
_WATCH = ("高出监测线", 9)
_RIGHT = {name for name, _ in (*_MONEY, _WATCH)}


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
        columns = [("县", 9), ("乡镇", 9), ("行政村", 10)]
        columns += [("登记状态", 12)] if of.groups else []
    columns.append(("认定", 9))
    wide = 8 if of.level == "household" else 10
    columns += [(one.short[0], wide) for one in of.criteria]
    columns += _MONEY if of.ledger is not None else []
    columns += [_WATCH] if _watched(view) else []
    return [*columns, ("说明", _TOLD), ("原表位置", _WHERE)]


def _watched(view: AssessmentView) -> bool:
    """Is there a monitoring line beside the line judged by?"""
    ledger = view.of.ledger
    watch = ledger.standard("monitoring_line") if ledger else None
    return watch is not None and watch is not ledger.main and not watch.gap  # type: ignore[union-attr]


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
        head = look.base.head_right if title in _RIGHT else look.base.head
        sheet.write_string(HEAD, i, title, head)
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
        before = [county, township, village]
    if of.level == "household" or of.groups:
        before.append(one.group[0] if one.group else "")
    column = 0
    for text in before:
        sheet.write_string(at, column, cell_text(text), base.text)
        column += 1
    kind = of.kinds[one.kind]
    sheet.write_string(at, column, kind.label[0], look.kind.get(kind.id, look.other))
    column += 1
    for criterion, answer in zip(of.criteria, one.answers, strict=True):
        word = ANSWER[answer][0]
        if criterion.value is not None and (value := criterion.value[one.row]) == value:
            word += f" {round(float(value), 2):,g}{criterion.unit}"
        sheet.write_string(at, column, word, look.answer[answer])
        column += 1
    if one.money is not None:
        column = _money(sheet, look, at, column, one.money, _watched(view))
    told = cell_text("\n".join(_told(view, one)))
    sheet.write_string(at, column, told, base.indented)
    where = f"{one.sheet or Path(one.file).name} 第{one.line}行"
    sheet.write_string(at, column + 1, cell_text(where), base.faint)
    lines = sum(max(1, math.ceil(width_of(line) / _TOLD)) for line in told.split("\n"))
    sheet.set_row(at, row_height(max(lines, width_of(where) / _WHERE)))


def _told(view: AssessmentView, one: SubjectView) -> Iterator[str]:
    for flag in one.flags:
        yield "【" + view.of.flags[flag].label[0] + "】"
    if one.undecided:
        yield UNDECIDED[0]
    absent: dict[str, list[str]] = {}
    for state in (UNMET, UNKNOWN):
        for criterion, answer, reason, own in zip(
            view.of.criteria, one.answers, one.reasons, one.own_fault, strict=True
        ):
            if answer != state:
                continue
            if own:
                yield f"{criterion.short[0]}：{reason}"
            else:
                absent.setdefault("缺列", []).append(criterion.short[0])
    for why, names in absent.items():
        yield f"{why}，不能判定：{'、'.join(names)}"


def _money(
    sheet: Worksheet, look: Looks, at: int, column: int, money: Money, watched: bool
) -> int:  # fmt: skip
    recomputed = look.money if money.computed else look.money_taken
    cells = [
        (money.people, look.money), (money.filled, look.money), (money.recomputed, recomputed),
        (money.line, look.money), (money.distance, look.short),
    ]  # fmt: skip
    if watched:
        cells.append((money.to_monitoring, look.short))
    for value, style in cells:
        if value is None:
            sheet.write_blank(at, column, None, look.base.faint)
        else:
            sheet.write_number(at, column, value, style)
        column += 1
    return column
