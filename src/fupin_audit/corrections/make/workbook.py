"""A list as a workbook: cover, lines, counts, and what goes along hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import NamedTuple

from xlsxwriter.workbook import Workbook

from fupin_audit.corrections.form import Header
from fupin_audit.corrections.make import guide_sheet, hidden_sheet, list_sheet, summary_sheet
from fupin_audit.corrections.make.books import Book, Clock
from fupin_audit.corrections.make.guide_sheet import Cover
from fupin_audit.corrections.make.looks import looks
from fupin_audit.corrections.make.mould import Mould, Pattern, cast, moulded, pattern
from fupin_audit.corrections.make.terms import Terms
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.report.workbook.code_sheet import CodeSheet
from fupin_audit.report.workbook.entry import Entry

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LIST, _SUMMARY = 2, 3  # numbers of the sheets; the hidden one is the last


class _Form(NamedTuple):
    """What lists of one shape are cast from."""

    mould: Mould
    stamp: list_sheet.Stamp
    slip: Pattern
    hidden: int


def caster(
    pack: ResolvedPack, books: Sequence[Book], clock: Clock, terms: Terms
) -> Callable[[Book, Header], bytes]:
    """Return what makes the workbooks of lists that go out together."""
    entries = list(dict.fromkeys(
        line.entry for book in books for case in book.cases for line in case.lines
    ))  # fmt: skip
    forms: dict[object, _Form] = {}

    def made(of: Book, header: Header) -> bytes:
        dues = clock.dues(of.cases)
        timed = any(due.day for due in dues)
        cover = guide_sheet.cover(of, dues, clock.today, terms)
        shape = cover.shape, timed
        if shape not in forms:
            forms[shape] = _form(pack, entries, cover, terms, timed=timed)
        mould, stamp, slip, hidden = forms[shape]
        counts, end = summary_sheet.rows(of, dues, mould.samples[_SUMMARY][0])
        values = {
            **cover.slots(), **list_sheet.slots(of, stamp), **summary_sheet.slots(of),
            **hidden_sheet.slots(header),
            f"end_{_LIST}": str(list_sheet.FIRST + of.lines - 1),
            f"end_{_SUMMARY}": str(end),
            f"end_{hidden}": str(hidden_sheet.FIRST + of.lines - 1),
        }  # fmt: skip
        rows = {
            _LIST: list_sheet.rows(of, stamp), _SUMMARY: counts, hidden: hidden_sheet.rows(of, slip)
        }  # fmt: skip
        return cast(mould, values, rows)

    return made


def _form(
    pack: ResolvedPack, entries: Iterable[Entry], cover: Cover, terms: Terms, *, timed: bool
) -> _Form:
    skeleton = BytesIO()
    book = Workbook(skeleton, _OPTIONS)
    book.set_properties({"title": "更正清单", "comments": f"fupin-audit {terms.engine}"})
    look = looks(book)
    codes = CodeSheet(pack)
    guide_sheet.lay_out(book, look, cover, terms.mask)
    stamp = list_sheet.lay_out(book, look, entries, codes)
    summary_sheet.lay_out(book, look, timed=timed)
    codes.write(book)
    hidden_sheet.lay_out(book)
    hidden = len(book.worksheets())
    book.close()
    firsts = {_LIST: list_sheet.FIRST, _SUMMARY: summary_sheet.FIRST, hidden: hidden_sheet.FIRST}
    mould = moulded(skeleton, firsts)
    slip = pattern(mould.samples[hidden][0], hidden_sheet.FILLED)
    return _Form(mould, stamp(mould), slip, hidden)
