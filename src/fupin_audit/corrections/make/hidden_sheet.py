"""`_fupin`: what a returned list is known by; not to be unhidden by a click."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.workbook import Workbook

from fupin_audit.corrections.form import HIDDEN, Header, Slip
from fupin_audit.corrections.make.books import Book
from fupin_audit.corrections.make.mould import Pattern, as_told, slot
from fupin_audit.report.workbook.cell_xml import Telling

FIRST = len(Header._fields) + 3
"""The first slip, as Excel numbers rows: after the header, a blank row, the names."""

FILLED = len(Slip._fields)
_HEIGHT = 18


def lay_out(book: Workbook) -> None:
    """Write slots for the header, the names, and a sample of a slip."""
    sheet = book.add_worksheet(HIDDEN)
    for row, name in enumerate(Header._fields):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, slot(f"header_{name}"))
    text = book.add_format({"num_format": "@"})
    for column, name in enumerate(Slip._fields):
        sheet.write_string(FIRST - 2, column, name)
        sheet.write_blank(FIRST - 1, column, None, text)
    sheet.very_hidden()


def slots(header: Header) -> dict[str, str]:
    """Return what the header's slots take."""
    tell = Telling(exact=True)
    return {
        f"header_{name}": tell(value)[0] for name, value in zip(Header._fields, header, strict=True)
    }


def rows(of: Book, like: Pattern) -> Iterator[str]:
    """Yield the slips."""
    tell, number = Telling(exact=True), FIRST
    for case in of.cases:
        for line in case.lines:
            yield like.row(number, _HEIGHT, [as_told(text, tell)[0] for text in line.slip])
            number += 1
