"""未能判定: what every rule could and could not judge, the gaps first."""

from __future__ import annotations

from xlsxwriter.workbook import Workbook

from fupin_audit.model.findings import Coverage
from fupin_audit.packs.shapes import Basis
from fupin_audit.report.view import View
from fupin_audit.report.words import AUDIT_ITEMS, SEVERITY
from fupin_audit.report.workbook.bulk import BulkSheet, Row
from fupin_audit.report.workbook.styles import Styles, print_setup

NAME = "未能判定"
_COLUMNS = (
    ("规则编号", 10), ("疑点", 34), ("检查内容", 26), ("级别", 7), ("情况", 14), ("原因", 54),
    ("应查", 9), ("通过", 9), ("疑点数", 9), ("无法判断", 9), ("依据", 60),
)  # fmt: skip
_ANY = 1_000
_FULL = (_ANY, 34, _ANY, _ANY, _ANY, 54, _ANY, _ANY, _ANY, _ANY, 58)
"""Widths of what may take several lines; the rest never fills its column."""
_HEAD = 2
_STATES = ("未检查", "部分无法判断", "没有可查的记录", "已查", "不适用")
_FOREIGN = 4
_BLANK_OR_VOID = "所需的格子空白或读不出，或同户缺少所需的记录"


def write_coverage(book: Workbook, style: Styles, view: View) -> BulkSheet:
    """Lay out one line per rule: not checked, checked in part, checked."""
    sheet = book.add_worksheet(NAME)
    for i, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "未能判定", style.title)
    coverage = sorted(view.result.findings.coverage, key=lambda c: (_state(view, c), c.rule))
    counts = [sum(_state(view, one) == k for one in coverage) for k in range(len(_STATES))]
    told = "，".join(f"{name} {n} 条" for name, n in zip(_STATES, counts, strict=True) if n)
    note = f"{told or '没有规则'}。没有检查和无法判断的，既不算通过，也不算有疑点。"
    sheet.write_string(1, 0, note, style.note)
    for i, (title, _) in enumerate(_COLUMNS):
        sheet.write_string(_HEAD, i, title, style.head_right if 5 < i < 10 else style.head)
    lines = [_line(view, one) for one in coverage]
    patterns = list(dict.fromkeys(filled for _, filled in lines)) or [(False,) * 4]
    for row, filled in enumerate(patterns, _HEAD + 1):
        for i in range(len(_COLUMNS)):
            sheet.write_blank(row, i, None, style.indented if i == 10 else style.text)
        for i, some in enumerate(filled, 6):
            sheet.write_number(row, i, 0, style.number if some else style.zero)
    rows = (Row(patterns.index(filled), texts) for texts, filled in lines)
    print_setup(sheet, NAME, head=_HEAD)
    sheet.autofilter(_HEAD, 0, _HEAD + max(1, len(coverage)), len(_COLUMNS) - 1)
    return BulkSheet(len(book.worksheets()), _HEAD + 2, len(lines), rows, _FULL)


def _line(view: View, one: Coverage) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Return the texts of a line, and which of its counts are not zero."""
    rule = view.result.pack.rules.get(one.rule)
    counts = (one.evaluated, one.passed, one.violated, one.unknown)
    title = item = severity = basis = ""
    if rule is not None:
        title, basis = rule.title.zh, told_basis(rule.basis)
        item = AUDIT_ITEMS.get(rule.audit_item, (str(rule.audit_item),))[0]
        severity = SEVERITY[rule.severity][0]
    state = _STATES[_state(view, one)]
    reason = one.skipped or (_BLANK_OR_VOID if one.unknown else "")
    texts = (one.rule, title, item, severity, state, reason, *map(str, counts), basis)
    return texts, tuple(map(bool, counts))


def told_basis(basis: tuple[Basis, ...]) -> str:
    """Name every document a rule rests on, with its clause and standing."""
    told = []
    for one in basis:
        weak = "（依据待核实）" if one.confidence == "weak" else ""
        told.append(" ".join(part for part in (one.document, one.clause, one.date) if part) + weak)
    return "；".join(told)


def _state(view: View, one: Coverage) -> int:
    if one.rule in view.result.pack.inapplicable:
        return _FOREIGN
    if one.skipped is not None:
        return 0
    if one.unknown:
        return 1
    return 3 if one.evaluated else 2
