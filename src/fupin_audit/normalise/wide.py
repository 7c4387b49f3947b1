"""Splitting a sheet of one row per person into households and members."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin_audit.model.recognised import Recognised
from fupin_audit.normalise.column import Column, made_up
from fupin_audit.normalise.households import Grouping, by_runs, grouped, spoken_for
from fupin_audit.normalise.part import Part

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

Rows = npt.NDArray[np.int64]
Columns = dict[tuple[str, str], Column]

SHARED_ROLES = (
    "household_key", "year", "province", "city", "county", "township", "village", "head_name",
)  # fmt: skip
"""What stands once on a wide sheet and belongs to both of its tables."""


@dataclass(slots=True)
class Wide:
    """A wide sheet taken apart.

    Attributes:
        part: The households.
        differs: Field → data rows that contradict their household's row.
    """

    number: int
    sheet: Recognised
    table: str
    part: Part
    grouping: Grouping
    differs: dict[str, Rows]

    def leave_out(self, name: str, households: npt.NDArray[np.bool_]) -> None:
        """Tell no more of what rows of some households say of a field."""
        if name not in self.differs:
            return
        rows = self.differs[name]
        self.differs[name] = rows[~households[self.grouping.group[rows]]]
        if not len(self.differs[name]):
            del self.differs[name]


def shared(sheet: Recognised, pack: ResolvedPack) -> Recognised:
    """Bind the columns that both tables of a wide sheet need to both of them."""
    if not sheet.also:
        return sheet
    matches = dict(sheet.matches)
    for role in SHARED_ROLES:
        names = {t: pack.role(t, role) for t in sheet.tables}
        found = next((m for t, n in names.items() if n and (m := matches.get((t, n)))), None)
        for table, name in names.items():
            if found is not None and name is not None:
                matches.setdefault((table, name), replace(found, table=table, field=name))
    missing = [key for key in sheet.missing if key not in matches]
    return replace(sheet, matches=matches, missing=missing)


def split(
    number: int, sheet: Recognised, columns: Columns, pack: ResolvedPack, prefix: str
) -> tuple[Part, list[Wide]]:
    """Take a wide sheet apart.

    Args:
        columns: The sheet's cleaned columns by (table, frame column).
        prefix: Before made-up household keys, to keep sheets apart.

    Returns:
        The rows of the sheet's own table, and those of the others it holds.
    """
    own = Part(number, sheet.rows, sheet.rows, of_table(columns, sheet.table))
    return own, [_households(number, sheet, columns, pack, prefix, own, t) for t in sheet.also]


def of_table(columns: Columns, table: str) -> dict[str, Column]:
    """Return the columns of one table by their name in its frame."""
    return {name: column for (t, name), column in columns.items() if t == table}


def _households(
    number: int,
    sheet: Recognised,
    columns: Columns,
    pack: ResolvedPack,
    prefix: str,
    own: Part,
    table: str,
) -> Wide:
    fields = of_table(columns, table)
    grouping = _grouping(sheet, columns, pack, table)
    part = Part(number, sheet.rows[grouping.head], sheet.rows, fields, derived=True)
    differs: dict[str, Rows] = {}
    key = pack.role(table, "household_key")
    for name, column in fields.items():
        part.pick[name], rows = spoken_for(column, grouping)
        if len(rows) and name != key:
            differs[name] = rows
    if key and key not in fields:
        _make_keys(sheet, pack, grouping, own, part, table, key, prefix)
    return Wide(number, sheet, table, part, grouping, differs)


def _grouping(sheet: Recognised, columns: Columns, pack: ResolvedPack, table: str) -> Grouping:
    """Group by the key of the table, else by the order of heads, else by runs
    of rows that name the same head."""

    def column(of: str, role: str) -> Column | None:
        name = pack.role(of, role)
        return columns.get((of, name)) if name else None

    n = len(sheet.rows)
    relation = column(sheet.table, "head_relation")
    key, year = column(table, "household_key"), column(table, "year")
    if key is not None:
        return grouped([c for c in (key, year) if c is not None], relation, n)
    if relation is not None:
        return grouped([], relation, n)
    named = [column(table, role) for role in ("head_id_number", "head_name")]
    return by_runs([c for c in named if c is not None], n)


def _make_keys(
    sheet: Recognised,
    pack: ResolvedPack,
    grouping: Grouping,
    own: Part,
    part: Part,
    table: str,
    key: str,
    prefix: str,
) -> None:
    """Give the households of a sheet without numbers a key: the head's row."""
    texts = [f"{prefix}行{row + 1}" for row in part.raw_row.tolist()]
    part.columns[key] = made_up(texts, grouping.group, key, table)
    part.pick[key] = grouping.head
    member_key = pack.role(sheet.table, "household_key")
    if member_key:
        own.columns[member_key] = made_up(texts, grouping.group, member_key, sheet.table)
    note = f"没有户编号列，按户主顺序分出 {len(texts)} 户"
    sheet.notes = [*sheet.notes, note]
