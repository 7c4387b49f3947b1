"""Cells that show a percentage.

The cell reader gives 0.975 for a cell that shows 97.5%, and 1 for one that shows
100%. Registers state shares in hundredths, so such a cell is taken as it is
shown: the text `97.5%`.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from fupin_audit.model.sheet import RawColumn
from fupin_audit.read.walk import local, walk

_BUILT_IN = ("9", "10")
"""Number formats `0%` and `0.00%`, which a workbook need not define."""

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_REF = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")


@dataclass(slots=True)
class Places:
    """Zero-based rows and columns of cells, in step."""

    rows: array[int] = field(default_factory=lambda: array("i"))
    columns: array[int] = field(default_factory=lambda: array("i"))

    def add(self, row: int, column: int) -> None:
        self.rows.append(row)
        self.columns.append(column)


def percent_styles(styles: bytes) -> list[str]:
    """Return the numbers of the cell styles of an xlsx that show a percentage."""
    codes: dict[str, str] = {}
    found: list[str] = []
    within = ""
    number = -1

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal within, number
        name = local(tag)
        if name in ("cellXfs", "cellStyleXfs", "dxfs"):
            within = name
        elif name == "numFmt" and within != "dxfs":
            codes[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name == "xf" and within == "cellXfs":
            number += 1
            form = given.get("numFmtId", "")
            if form in _BUILT_IN or "%" in _LITERAL.sub("", codes.get(form, "")):
                found.append(str(number))

    walk([styles], start, broken="单元格格式读不出")
    return found


def percent_cells(pieces: Iterator[bytes], styles: list[str]) -> Places:
    """Return the cells of an xlsx sheet that have one of these styles."""
    styled = "|".join(styles).encode()
    cell = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*?\bs=["'](?:%s)["'])[^<>]*>""" % styled)
    places = Places()
    carry = b""
    for piece in pieces:
        chunk = carry + piece
        cut = chunk.rfind(b"<")
        carry = chunk[cut:] if cut >= 0 else chunk
        _look(cell, chunk[: max(cut, 0)], places)
    _look(cell, carry, places)
    return places


def _look(cell: re.Pattern[bytes], chunk: bytes, places: Places) -> None:
    for tag in cell.finditer(chunk):
        if found := _REF.search(tag[0]):
            column = 0
            for letter in found[1]:
                column = column * 26 + letter - 64
            places.add(int(found[2]) - 1, column - 1)


def put_percents(columns: list[RawColumn], places: Places) -> None:
    """Replace the numbers in these cells by the percentages they show."""
    rows, where = np.array(places.rows, np.int64), np.array(places.columns, np.int64)
    for index in np.unique(where).tolist():
        if not 0 <= index < len(columns):
            continue
        column = columns[index]
        at = rows[(where == index) & (rows < len(column.codes))]
        shown = np.arange(len(column.values), dtype=column.codes.dtype)
        for code in np.unique(column.codes[at]).tolist():
            value = column.values[code]
            if isinstance(value, int | float) and not isinstance(value, bool):
                shown[code] = len(column.values)
                column.values.append(f"{value * 100:.12g}%")
        column.codes[at] = shown[column.codes[at]]
