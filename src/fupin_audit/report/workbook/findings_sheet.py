"""疑点清单: one row per finding and blamed field, the rows of one together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from xlsxwriter.workbook import Workbook

from fupin_audit.model.sheet import RawSheet
from fupin_audit.packs.shapes import Basis
from fupin_audit.report.finding import blamed, findings
from fupin_audit.report.remarks import advised, told
from fupin_audit.report.view import FindingView, View, place_label
from fupin_audit.report.words import SEVERITIES, SEVERITY
from fupin_audit.report.workbook.bulk import Link, Row
from fupin_audit.report.workbook.styles import Styles, print_setup

NAME = "疑点清单"
COLUMNS = (
    ("疑点编号", 13), ("乡镇", 8), ("行政村", 9), ("户编号", 17), ("户主姓名", 8), ("姓名", 8),
    ("人口编号", 17), ("级别", 6), ("疑点", 17), ("说明", 32), ("字段", 11), ("现填值", 18),
    ("建议", 22), ("规则编号", 8), ("依据", 16), ("原表位置", 13),
)  # fmt: skip
WIDTHS = tuple(width for _, width in COLUMNS)
HEAD = 2
_FROZEN_COLUMNS = 6
_LINKABLE = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def lay_out(book: Workbook, style: Styles, view: View, name: str, rows: int) -> None:
    """Make one sheet with a pattern row per severity in place of the list."""
    sheet = book.add_worksheet(name)
    for i, (_, width) in enumerate(COLUMNS):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, NAME, style.title)
    sheet.write_string(1, 0, _note(view, rows), style.note)
    sheet.set_row(HEAD, 22)
    for i, (title, _) in enumerate(COLUMNS):
        sheet.write_string(HEAD, i, title, style.head)
    for k, severity in enumerate(SEVERITIES):
        for i, (title, _) in enumerate(COLUMNS):
            look = style.severity[severity] if title == "级别" else style.text
            look = style.faint if title in ("疑点编号", "规则编号", "依据") else look
            look = style.indented if title in ("疑点", "说明", "字段", "建议") else look
            look = style.link if title == "原表位置" else look
            sheet.write_blank(HEAD + 1 + k, i, None, look)
    print_setup(sheet, NAME, head=HEAD)
    sheet.freeze_panes(HEAD + 1, _FROZEN_COLUMNS)
    sheet.autofilter(HEAD, 0, HEAD + max(rows, 1), len(COLUMNS) - 1)


def _note(view: View, rows: int) -> str:
    result = view.result
    masked = "未遮盖个人信息" if view.reveal else "证件号码、电话、账号已遮盖，姓名保留以便查找"
    return (
        f"{place_label(view)} · 数据时点 {result.as_of} · 共 {len(view):,} 条疑点，"
        f"本表 {rows:,} 行（一条疑点涉及几个字段就有几行）· {masked}。疑点不等于错误，请逐条核实。"
    )


def finding_rows(view: View, folder: Path) -> Iterator[Row]:
    """Yield the rows of the list; links are relative to `folder`."""
    rules = view.result.pack.rules
    bases = {rule: _basis(rules[rule].basis) for rule in view.totals.by_rule}
    raws = [sheet.raw for sheet in view.result.dataset.sheets]
    files = [_target(raw, folder) for raw in raws]
    for one in findings(view, named=True, lang="zh"):
        _, township, village = one.place
        before = (
            one.number, township, village, one.household or "", one.head, one.name,
            one.person or "", SEVERITY[one.severity][0], one.title, told(one, "zh"),
        )  # fmt: skip
        pattern = SEVERITIES.index(one.severity)
        for field, value, cell, origin in blamed(one, "zh"):
            if origin >= 0:
                where, link = _place(one, raws[origin], files[origin], cell)
            else:
                where, link = one.file, None
            advice = advised(one, field, "zh")
            texts = (*before, field, value, advice, one.rule, bases[one.rule], where)
            yield Row(pattern, texts, link)


def _place(one: FindingView, raw: RawSheet, file: str, cell: str) -> tuple[str, Link | None]:
    """Return where a cell is, in words, and the link to it."""
    spot = cell or (f"第{one.row}行" if one.row else "")
    where = f"{raw.name or raw.file} {spot}".strip()
    if not file or raw.name is None:
        return where, None
    first = cell.partition(" ")[0] or (f"A{one.row}" if one.row else "A1")
    quoted = raw.name.replace("'", "''")
    return where, Link(file, f"'{quoted}'!{first}")


def _target(raw: RawSheet, folder: Path) -> str:
    """Return the file's path as a link from `folder`, empty if there can be none."""
    if raw.path is None or raw.path.suffix.lower() not in _LINKABLE:
        return ""
    try:
        relative = os.path.relpath(raw.path.absolute(), folder.absolute())
    except ValueError:  # another drive of Windows
        return ""
    return Path(relative).as_posix()


def _basis(basis: tuple[Basis, ...]) -> str:
    """Name the first document; the whole basis stands under 未能判定."""
    if not basis:
        return ""
    weak = "（依据待核实）" if basis[0].confidence == "weak" else ""
    return basis[0].document + weak + (f" 等 {len(basis)} 件" if len(basis) > 1 else "")
