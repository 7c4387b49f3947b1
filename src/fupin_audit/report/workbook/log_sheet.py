"""清洗日志: every cell that was read in another writing than it stands."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.workbook import Workbook

from fupin_audit.model.sheet import column_letter
from fupin_audit.report.masking import mask_of
from fupin_audit.report.view import View
from fupin_audit.report.words import RECIPE, word
from fupin_audit.report.workbook.alike import Alike, Chosen, Own
from fupin_audit.report.workbook.styles import Styles, print_setup

NAME = "清洗日志"
HEAD = 2
_COLUMNS = (
    ("文件", 26), ("工作表", 16), ("单元格", 10), ("字段", 18), ("原来写作", 30), ("当作", 30),
    ("整理方式", 12),
)  # fmt: skip
WIDTHS = tuple(width for _, width in _COLUMNS)


def lay_out(book: Workbook, style: Styles, view: View, name: str, rows: int) -> None:
    """Make one sheet with a pattern row in place of the log."""
    sheet = book.add_worksheet(name)
    for i, (title, width) in enumerate(_COLUMNS):
        sheet.set_column(i, i, width)
        sheet.write_string(HEAD, i, title, style.head)
        sheet.write_blank(HEAD + 1, i, None, style.text)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "清洗日志", style.title)
    masked = "" if view.reveal else "证件号码、电话、账号已遮盖。"
    note = (
        f"共 {len(view.result.dataset.log):,} 个单元格换了写法再检查，本表 {rows:,} 个；"
        f"只改写法，不改内容，原文件没有动。{masked}"
    )
    sheet.write_string(1, 0, note, style.note)
    print_setup(sheet, NAME, head=HEAD)
    sheet.autofilter(HEAD, 0, HEAD + max(rows, 1), len(_COLUMNS) - 1)


def log_rows(view: View, room: int) -> Iterator[Alike]:
    """Yield the changed cells, a block of the log at a time; each distinct change is
    masked once. What goes past a multiple of `room` rows, a sheet's, is yielded apart."""
    at = 0
    for block in view.result.dataset.log.blocks:
        raw = view.result.dataset.sheets[block.sheet].raw
        mask = mask_of(view.result.pack, view.policy(named=True), block.table, block.field)
        before, after = list(map(mask, block.before)), list(map(mask, block.after))
        recipe, letter = word(RECIPE, block.recipe, "zh"), column_letter(block.column)
        start = 0
        while start < len(block.rows):
            end = min(len(block.rows), start + room - at % room)
            cells, which = Own(letter, block.rows[start:end] + 1), block.which[start:end]
            columns = (
                raw.file, raw.name or "", cells, block.field, Chosen(before, which),
                Chosen(after, which), recipe,
            )  # fmt: skip
            yield Alike(0, end - start, columns)
            at += end - start
            start = end
