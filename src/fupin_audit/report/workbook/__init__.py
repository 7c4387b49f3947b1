"""`<name>.疑点清单.xlsx`: the result as a workbook to work with and to print.

Names stand in full, so that staff find the person; ids, phones and accounts are
masked unless revealed. The text is Chinese in any language of the screen: it
goes to townships. No list is cut: what does not fit a sheet goes on in the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Protocol

from xlsxwriter.workbook import Workbook

from fupin_audit.model.history import Night
from fupin_audit.report.aside import written_aside
from fupin_audit.report.finding import count_blamed
from fupin_audit.report.view import View
from fupin_audit.report.workbook import findings_sheet, log_sheet
from fupin_audit.report.workbook.alike import Alike
from fupin_audit.report.workbook.bulk import BulkSheet, Row, lay_in
from fupin_audit.report.workbook.coverage_sheet import write_coverage
from fupin_audit.report.workbook.run_sheet import write_run
from fupin_audit.report.workbook.styles import Styles, styles
from fupin_audit.report.workbook.summary import write_summary

SHEET_ROWS = 1_048_576
"""Rows a sheet of Excel can hold."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class _List(Protocol):
    """What a module of a long list has."""

    NAME: str
    HEAD: int
    WIDTHS: tuple[int, ...]

    def lay_out(self, book: Workbook, style: Styles, view: View, name: str, rows: int) -> None: ...


def write_workbook(
    view: View,
    path: Path,
    *,
    options: Mapping[str, str] | None = None,
    nights: Sequence[Night] = (),
    sheet_rows: int = SHEET_ROWS,
) -> None:
    """Write the list of findings beside what it rests on.

    Args:
        options: What the user asked for, to be noted under 运行信息.
        nights: The runs so far, this one last, for the trend.
        sheet_rows: Rows per sheet before a list goes on in the next.

    Raises:
        InputError: The file cannot be written; what stood there is untouched.
    """
    skeleton = BytesIO()
    book = Workbook(skeleton, _OPTIONS)
    book.set_properties({"title": "疑点清单", "comments": f"fupin-audit {view.result.engine}"})
    style = styles(book)
    write_summary(book, style, view, nights)
    found = findings_sheet.finding_rows(view, path.parent)
    bulk = _sheets(book, style, view, findings_sheet, count_blamed(view), found, sheet_rows)
    bulk.append(write_coverage(book, style, view))
    logged = log_sheet.log_rows(view, _room(log_sheet, sheet_rows))
    bulk += _sheets(book, style, view, log_sheet, len(view.result.dataset.log), logged, sheet_rows)
    write_run(book, style, view, options or {})
    book.close()
    skeleton.seek(0)
    with written_aside(path) as aside:
        lay_in(skeleton, aside, bulk)


def _sheets(
    book: Workbook, style: Styles, view: View, kind: _List, count: int,
    rows: Iterator[Row | Alike], sheet_rows: int,
) -> list[BulkSheet]:  # fmt: skip
    """Lay out as many sheets as a list needs: 疑点清单, 疑点清单2, …"""
    room = _room(kind, sheet_rows)
    made: list[BulkSheet] = []
    for start in range(0, max(count, 1), room):
        here = min(room, count - start)
        number = len(book.worksheets()) + 1
        kind.lay_out(book, style, view, kind.NAME + (str(len(made) + 1) if made else ""), here)
        made.append(BulkSheet(number, kind.HEAD + 2, here, rows, kind.WIDTHS))
    return made


def _room(kind: _List, sheet_rows: int) -> int:
    """Return how many rows of a list a sheet holds."""
    return sheet_rows - kind.HEAD - 1
