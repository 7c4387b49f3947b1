"""A list as a workbook: cover, lines, counts, and what goes along hidden."""

from __future__ import annotations

from io import BytesIO

from xlsxwriter.workbook import Workbook

from fupin_audit.corrections import hidden_sheet, list_sheet
from fupin_audit.corrections.books import Book, Clock
from fupin_audit.corrections.form import Header
from fupin_audit.corrections.guide_sheet import write_guide
from fupin_audit.corrections.looks import looks
from fupin_audit.corrections.summary_sheet import write_summary
from fupin_audit.corrections.terms import Terms
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.report.workbook.bulk import lay_in
from fupin_audit.report.workbook.code_sheet import CodeSheet

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(pack: ResolvedPack, of: Book, header: Header, clock: Clock, terms: Terms) -> bytes:
    """Return the workbook of a list."""
    skeleton, made = BytesIO(), BytesIO()
    book = Workbook(skeleton, _OPTIONS)
    book.set_properties({"title": "更正清单", "comments": f"fupin-audit {terms.engine}"})
    look = looks(book)
    codes = CodeSheet(pack)
    write_guide(book, look, of, clock, terms)
    lines = list_sheet.lay_out(book, look, of, codes)
    write_summary(book, look, of, clock)
    codes.write(book)
    slips = hidden_sheet.lay_out(book, header, of)
    book.close()
    skeleton.seek(0)
    lay_in(skeleton, made, [sheet for sheet in (lines, slips) if sheet.count])
    return made.getvalue()
