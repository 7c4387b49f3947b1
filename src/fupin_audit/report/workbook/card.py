"""Household cards as a workbook to print: a sheet per household, or one sheet on
which every household starts a page.

A card lies on a grid of narrow columns, so that its tables need not share theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.report.aside import written_aside
from fupin_audit.report.household.page import Page
from fupin_audit.report.household.words import Frame
from fupin_audit.report.lines import row_height, width_of
from fupin_audit.report.safe import cell_text
from fupin_audit.report.workbook.card_body import Body
from fupin_audit.report.workbook.card_looks import Looks, looks
from fupin_audit.report.workbook.styles import A4, Styles, print_setup, styles

UNITS = 36
_UNIT = 1.71
_PAGE_HEIGHT = 770
"""Points an A4 page leaves for rows, margins taken off."""
_MOST_BREAKS = 1_023
"""Page breaks a sheet of Excel can hold."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f']")
_LONGEST_NAME = 31
STACKED, INDEX = "户卡", "目录"
_INDEX = (("序号", 6), ("户编号", 20), ("户主", 10), ("乡镇", 12), ("行政村", 14), ("认定", 12),
          ("未达到的项", 34), ("不能判定的项", 34))  # fmt: skip
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_cards(pages: Iterable[Page], path: Path, frame: Frame, *, stacked: bool = False) -> int:
    """Write the cards; return how many.

    Args:
        frame: What all cards of a run have in common.
        stacked: All on one sheet (or, past the breaks a sheet can hold, several).

    Raises:
        InputError: The file cannot be written; what stood there is untouched.
    """
    every = list(pages)
    with written_aside(path) as aside:
        book = Workbook(str(aside), _OPTIONS)
        book.set_properties({"title": "户卡", "comments": f"fupin-audit {frame.engine}"})
        look = looks(book)
        if stacked:
            for number, start in enumerate(range(0, max(len(every), 1), _MOST_BREAKS)):
                name = STACKED + (str(number + 1) if number else "")
                _stack(book, look, frame, name, every[start : start + _MOST_BREAKS])
        else:
            _singly(book, look, frame, every)
        book.close()
    return len(every)


def _stack(book: Workbook, look: Looks, frame: Frame, name: str, pages: Sequence[Page]) -> None:
    sheet = _sheet(book, name)
    row, breaks, tallest = 0, [], 1.0
    for page in pages:
        body = Body(sheet, look, frame, row)
        body.write(page)
        row = body.row
        breaks.append(row)
        tallest = max(tallest, body.height)
    sheet.set_h_pagebreaks(breaks[:-1])
    sheet.set_print_scale(max(10, min(100, int(100 * _PAGE_HEIGHT / tallest))))


def _singly(book: Workbook, look: Looks, frame: Frame, pages: Sequence[Page]) -> None:
    names = _names(pages)
    if len(pages) > 1:
        _index(book, styles(book), frame, pages, names)
    for page, name in zip(pages, names, strict=True):
        sheet = _sheet(book, name)
        sheet.fit_to_pages(1, 1)
        Body(sheet, look, frame, 0).write(page)


def _sheet(book: Workbook, name: str) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, UNITS - 1, _UNIT)
    sheet.set_paper(A4)
    sheet.set_portrait()
    sheet.set_margins(left=0.5, right=0.4, top=0.45, bottom=0.45)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return sheet


def _names(pages: Sequence[Page]) -> list[str]:
    """Name the sheets: head and the end of the household's number, each once."""
    taken: set[str] = {INDEX.lower()}
    made = []
    for number, page in enumerate(pages, 1):
        plain = _FORBIDDEN.sub("", f"{page.head} {page.household[-4:]}").strip()
        name = plain[:_LONGEST_NAME] or str(number)
        if name.lower() in taken:
            name = f"{plain[: _LONGEST_NAME - 7]} {number}"
        taken.add(name.lower())
        made.append(name)
    return made


def _index(
    book: Workbook, style: Styles, frame: Frame, pages: Sequence[Page], names: Sequence[str]
) -> None:
    sheet = book.add_worksheet(INDEX)
    for i, (_, width) in enumerate(_INDEX):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"户卡 目录（{len(pages):,} 户）", style.title)
    sheet.write_string(1, 0, cell_text(frame.note), style.note)
    for i, (title, _) in enumerate(_INDEX):
        sheet.write_string(2, i, title, style.head)
    for row, (page, name) in enumerate(zip(pages, names, strict=True), 3):
        unmet = "、".join(frame.missing(page))
        unknown = "、".join(frame.unjudged(page))
        texts = (page.household, page.head, *page.place[1:], page.kind, unmet, unknown)
        sheet.write_number(row, 0, row - 2, style.text)
        for i, text in enumerate(texts, 1):
            sheet.write_string(row, i, cell_text(text), style.text)
        quoted = name.replace("'", "''")
        sheet.write_url(row, 1, f"internal:'{quoted}'!A1", style.link, cell_text(page.household))
        sheet.set_row(row, row_height(max(width_of(unmet), width_of(unknown)) / 34))
    print_setup(sheet, "户卡 目录", head=2)
    sheet.autofilter(2, 0, 2 + max(len(pages), 1), len(_INDEX) - 1)
