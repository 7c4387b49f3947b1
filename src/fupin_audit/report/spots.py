"""Every source cell that tells one field of one record.

On a sheet with a row per person a household's own fields stand on each of its
rows, and a second sheet may tell them again. Whoever changes one of them has to
change all, or the sheets contradict themselves and one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fupin_audit.model.dataset import LAST_YEAR, written
from fupin_audit.model.recognised import Match
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
    for other in _again(ground, sheet, table, row, field):
        if other not in found:
            found.append(other)
    return found


def _again(ground: Ground, first: int, table: str, row: int, field: str) -> Iterator[Spot]:
    """Yield the cells that tell the field again: on all the household's rows of the
    sheet, and on those of other sheets that measure it alike."""
    home = int(ground.who.tables[table].household[row])
    if home < 0:
        return
    mine = _match(ground, first, table, field)
    for sheet, recognised in enumerate(ground.result.dataset.sheets):
        match = _match(ground, sheet, table, field)
        if match is None or mine is None or table not in recognised.tables:
            continue
        if sheet != first and (recognised.table == table or match.factor != mine.factor):
            continue
        if table in recognised.also:
            for raw_row in _rows_of(ground, recognised.table, sheet, table, row):
                if recognised.raw.columns[match.column].codes[raw_row]:
                    yield Spot(sheet, raw_row, match.column)


def _spot(sheet: int, cell: str) -> Spot:
    letters = cell.rstrip("0123456789")
    return Spot(sheet, int(cell[len(letters) :]) - 1, column_index(letters))


def _match(ground: Ground, sheet: int, table: str, field: str) -> Match | None:
    recognised = ground.result.dataset.sheets[sheet]
    if field.startswith(LAST_YEAR):
        return recognised.last_year.get((table, field.removeprefix(LAST_YEAR)))
    return recognised.matches.get((table, field))


def _rows_of(ground: Ground, base: str, sheet: int, table: str, row: int) -> list[int]:
    """Return the raw rows, on one sheet, of the household a row belongs to, those
    of its year alone where the sheet tells of several."""
    people = ground.result.dataset.tables.get(base)
    if people is None:
        return []
    home = ground.who.tables[table].household[row]
    same = (ground.who.tables[base].household == home) & (people.sheet == sheet)
    rows = np.flatnonzero(same)
    year, own = _year(ground, table, row), [_year(ground, base, r) for r in rows.tolist()]
    raw_rows: list[int] = people.raw_row[rows].tolist()
    return [at for at, told in zip(raw_rows, own, strict=True) if not year or told in ("", year)]


def _year(ground: Ground, table: str, row: int) -> str:
    """Return the year a row tells of, empty if it does not say."""
    column = ground.result.dataset.tables[table].columns.get(
        ground.result.pack.role(table, "year") or ""
    )
    return "" if column is None else written(column.take(np.array([row])).listed()[0])
