"""Every source cell that tells one field of one record.

On a sheet with a row per person a household's own fields stand on each of its
rows. Whoever changes one of them has to change all, or the sheet contradicts
itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fupin_audit.model.dataset import LAST_YEAR
from fupin_audit.model.sheet import column_index
from fupin_audit.report.prints import Ground


class Spot(NamedTuple):
    """A cell: index into `Dataset.sheets`, zero-based row and column."""

    sheet: int
    row: int
    column: int


def spots(ground: Ground, table: str, row: int, field: str) -> list[Spot]:
    """Return the cells a field of a row was read from, the one it is told by first.

    Of the further rows of its household only those that tell the field count: what
    is blank there stays blank. Without a column for the field there is no cell.
    """
    sheet, cell, _ = ground.cells.find(table, row, field)
    if not cell:
        return []
    found = [_spot(sheet, cell)]
    recognised = ground.result.dataset.sheets[sheet]
    if table in recognised.also:
        for other in _rows_of(ground, recognised.table, sheet, table, row):
            spot = Spot(sheet, other, _column(ground, sheet, table, field))
            address = _told_at(ground, spot)
            if address is not None and address not in found:
                found.append(address)
    return found


def _spot(sheet: int, cell: str) -> Spot:
    letters = cell.rstrip("0123456789")
    return Spot(sheet, int(cell[len(letters) :]) - 1, column_index(letters))


def _column(ground: Ground, sheet: int, table: str, field: str) -> int:
    recognised = ground.result.dataset.sheets[sheet]
    if field.startswith(LAST_YEAR):
        return recognised.last_year[table, field.removeprefix(LAST_YEAR)].column
    return recognised.matches[table, field].column


def _rows_of(ground: Ground, base: str, sheet: int, table: str, row: int) -> list[int]:
    """Return the raw rows, on one sheet, of the household a row belongs to."""
    home = int(ground.who.tables[table].household[row])
    people = ground.result.dataset.tables.get(base)
    if home < 0 or people is None:
        return []
    same = (ground.who.tables[base].household == home) & (people.sheet == sheet)
    rows: list[int] = people.raw_row[np.flatnonzero(same)].tolist()
    return rows


def _told_at(ground: Ground, spot: Spot) -> Spot | None:
    """Return the cell itself if it holds something; of a merged range that is the
    first cell alone."""
    raw = ground.result.dataset.sheets[spot.sheet].raw
    return spot if raw.columns[spot.column].codes[spot.row] else None
