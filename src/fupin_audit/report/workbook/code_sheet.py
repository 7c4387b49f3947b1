"""`_代码`: the values of code lists too long for a cell's own drop-down; hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.workbook import Workbook

from fupin_audit.model.sheet import column_letter
from fupin_audit.report.workbook.entry import Entry, fits_inline, labels

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

NAME = "_代码"


class CodeSheet:
    """The lists that entries need; written last, and only if there are any."""

    def __init__(self, pack: ResolvedPack) -> None:
        self.pack = pack
        self.columns: dict[str, tuple[int, list[str]]] = {}

    def of(self, entry: Entry) -> tuple[list[str], str, bool]:
        """Return the values, where they stand if they are long, is the list open."""
        if not entry.codes:
            return [], "", False
        values = labels(self.pack, entry.codes, self.pack.as_of.year)
        source = ""
        if values and not fits_inline(values):
            at, _ = self.columns.setdefault(entry.codes, (len(self.columns), values))
            letter = column_letter(at)
            source = f"='{NAME}'!${letter}$1:${letter}${len(values)}"
        return values, source, self.pack.codes[entry.codes].open

    def write(self, book: Workbook) -> None:
        """Write what was asked for."""
        if not self.columns:
            return
        sheet = book.add_worksheet(NAME)
        for at, values in self.columns.values():
            for row, value in enumerate(values):
                sheet.write_string(row, at, value)
        sheet.hide()
