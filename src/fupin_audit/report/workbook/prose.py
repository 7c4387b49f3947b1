"""Sheets that are read, not filled in: headings and paragraphs over all columns."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fupin_audit.report.lines import fullest, row_height

_USED = 0.95  # of a merged cell's width


def section(sheet: Worksheet, row: int, text: str, style: Format, columns: int) -> int:
    """Write a heading over so many columns; return the row after it."""
    for column in range(columns):
        sheet.write_blank(row, column, None, style)
    sheet.write_string(row, 0, text, style)
    sheet.set_row(row, 22)
    return row + 1


def across(
    sheet: Worksheet, row: int, first: int, text: str, style: Format, widths: Sequence[int]
) -> int:
    """Write a text from a column to the last, as high as it needs; return the row after it."""
    sheet.merge_range(row, first, row, len(widths) - 1, text, style)
    sheet.set_row(row, height_across(first, text, widths))
    return row + 1


def height_across(first: int, text: str, widths: Sequence[int]) -> float:
    """Return the height that a text needs from a column to the last."""
    return row_height(fullest([text], [int(sum(widths[first:]) * _USED)])) + 3
