"""`_fupin`: what a returned list is known by; not to be unhidden by a click."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.workbook import Workbook

from fupin_audit.corrections.books import Book
from fupin_audit.corrections.form import HIDDEN, Header, Slip
from fupin_audit.report.workbook.bulk import BulkSheet, Row

_FIRST = len(Header._fields) + 3
"""The first slip, as Excel numbers rows: after the header, a blank row, the names."""


def lay_out(book: Workbook, header: Header, of: Book) -> BulkSheet:
    """Write the header and the names; the slips are laid in."""
    sheet = book.add_worksheet(HIDDEN)
    for row, (name, value) in enumerate(zip(Header._fields, header, strict=True)):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    text = book.add_format({"num_format": "@"})
    for column, name in enumerate(Slip._fields):
        sheet.write_string(_FIRST - 2, column, name)
        sheet.write_blank(_FIRST - 1, column, None, text)
    sheet.very_hidden()
    rows = _rows(of)
    widths = (1_000,) * len(Slip._fields)
    return BulkSheet(len(book.worksheets()), _FIRST, of.lines, rows, widths, exact=True)


def _rows(of: Book) -> Iterator[Row]:
    for case in of.cases:
        for line in case.lines:
            yield Row(0, line.slip)
