"""The way from a field of a row back to the cell that was read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import LAST_YEAR, Dataset, written
from fupin_audit.model.recognised import Match, Recognised
from fupin_audit.model.sheet import RawColumn, column_letter


class SourceCells:
    """Addresses and texts of source cells, looked up once per distinct value.

    A cell inside a merged range is its top-left cell. A field that was filled
    down shows the cell its value came from.
    """

    __slots__ = ("_columns", "_dataset")

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._columns: dict[tuple[int, str, str], _Column | None] = {}

    def find(self, table: str, row: int, name: str) -> tuple[int, str, str | None]:
        """Return (sheet, address, text as read); an empty address where there is
        no cell, None where the cell is blank."""
        sheet, raw_row = self._dataset.tables[table].origin(row, name)
        column = self._found(sheet, table, name)
        return (sheet, *column.find(raw_row)) if column else (sheet, "", None)

    def _column(self, sheet: int, table: str, name: str) -> _Column | None:
        recognised = self._dataset.sheets[sheet]
        match = _match(recognised, table, name)
        if match is None:
            return None
        index = match.column
        raw = recognised.raw.columns[index]
        blocks = [
            b.rows for b in self._dataset.log.blocks
            if b.recipe == "fill_down" and (b.sheet, b.column) == (sheet, index)
        ]  # fmt: skip
        down = _sources(np.concatenate(blocks), raw.codes, recognised.rows) if blocks else None
        return _Column(raw, column_letter(index), _anchors(recognised, index), down)

    def carried(
        self, table: str, rows: npt.NDArray[np.int64], name: str
    ) -> npt.NDArray[np.bool_]:  # fmt: skip
        """Return per row whether its sheet has a column for the field at all."""
        data = self._dataset.tables[table]
        sheet, _ = data.elsewhere.get(name, (data.sheet, data.raw_row))
        has = [bool(_match(one, table, name)) for one in self._dataset.sheets]
        found: npt.NDArray[np.bool_] = np.array(has, dtype=bool)[sheet[rows]]
        return found

    def texts(self, table: str, rows: npt.NDArray[np.int64], name: str) -> list[str]:
        """Return per row the text as read, empty where it is blank or there is no cell."""
        data = self._dataset.tables[table]
        sheet, raw_row = data.elsewhere.get(name, (data.sheet, data.raw_row))
        sheets, raw_rows = sheet[rows], raw_row[rows]
        found = np.full(len(rows), "", dtype=object)
        for index in np.unique(sheets).tolist():
            column = self._found(index, table, name)
            if column is not None:
                here = sheets == index
                found[here] = column.texts_of(raw_rows[here])
        told: list[str] = found.tolist()
        return told

    def _found(self, sheet: int, table: str, name: str) -> _Column | None:
        key = (sheet, table, name)
        if key not in self._columns:
            self._columns[key] = self._column(sheet, table, name)
        return self._columns[key]


class _Column:
    __slots__ = ("anchors", "down", "letter", "raw", "texts")

    def __init__(
        self, raw: RawColumn, letter: str, anchors: dict[int, tuple[int, str, RawColumn]],
        down: npt.NDArray[np.int64] | None,
    ) -> None:  # fmt: skip
        self.raw = raw
        self.letter = letter
        self.anchors = anchors
        self.down = down
        self.texts: dict[int, str | None] = {}

    def find(self, row: int) -> tuple[str, str | None]:
        if self.anchors and row in self.anchors:
            row, letter, raw = self.anchors[row]
            return f"{letter}{row + 1}", written(raw[row]) or None
        if self.down is not None and self.down[row] >= 0:
            row = int(self.down[row])
        code = int(self.raw.codes[row])
        if code not in self.texts:
            self.texts[code] = written(self.raw.values[code]) or None
        return f"{self.letter}{row + 1}", self.texts[code]

    def texts_of(self, rows: npt.NDArray[np.int64]) -> list[str]:
        if self.anchors or self.down is not None:
            return [self.find(row)[1] or "" for row in rows.tolist()]
        codes, which = np.unique(self.raw.codes[rows], return_inverse=True)
        known = [written(self.raw.values[code]) for code in codes.tolist()]
        return [known[i] for i in which.tolist()]


def _match(sheet: Recognised, table: str, name: str) -> Match | None:
    if name.startswith(LAST_YEAR):
        return sheet.last_year.get((table, name.removeprefix(LAST_YEAR)))
    return sheet.matches.get((table, name))


def _anchors(sheet: Recognised, index: int) -> dict[int, tuple[int, str, RawColumn]]:
    """Return per raw row inside a merged range the cell that holds its value."""
    found: dict[int, tuple[int, str, RawColumn]] = {}
    for top, left, bottom, right in sheet.raw.merges:
        if left <= index <= right:
            anchor = (top, column_letter(left), sheet.raw.columns[left])
            found.update((row, anchor) for row in range(top, bottom + 1))
    return found


def _sources(
    filled: npt.NDArray[np.int64], codes: npt.NDArray[np.int32], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return per raw row that was filled down the data row its value stands on.

    Args:
        filled: The raw rows that took the value above them.
    """
    held = np.full(len(codes), -1, dtype=np.int64)
    data = np.setdiff1d(rows[codes[rows] != 0], filled)
    held[data] = data
    found = np.full(len(codes), -1, dtype=np.int64)
    found[filled] = np.maximum.accumulate(held)[filled]
    return found
