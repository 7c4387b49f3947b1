"""What a heading and the rows below it show of the tables a sheet could be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fupin_audit.model.sheet import RawSheet
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise.heading import Heading
from fupin_audit.recognise.lexicon import Lexicon

_IDENTITY = ("household_key", "person_key", "person_name", "id_number", "head_name",
             "head_id_number")  # fmt: skip
_PLACES = ("province", "city", "county", "township", "village")
_OFTEN = 0.2
"""A list of persons repeats its household numbers; a slip does so now and then."""


@dataclass(slots=True)
class Evidence:
    """The fields a heading names, per table, and the rows below it."""

    pack: ResolvedPack
    sheet: RawSheet
    first_row: int
    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    claimed: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    signature: set[tuple[str, str]] = field(default_factory=set)
    above: tuple[str, ...] = ()

    def has(self, table: str, role: str) -> bool:
        name = self.pack.role(table, role)
        return name is not None and (table, name) in self.columns

    def named(self, table: str, without: str = "") -> set[str]:
        """Return the fields of a table that columns name, leaving out columns
        that could as well belong to the table `without`."""
        return {
            name
            for (its, name), column in self.columns.items()
            if its == table and not any(other == without for other, _ in self.claimed[column])
        }

    def signs(self, table: str, without: str = "") -> set[str]:
        """Return those that are signature fields."""
        return {n for n in self.named(table, without) if (table, n) in self.signature}

    def understood(self, tables: tuple[str, ...]) -> int:
        return sum(any(t in tables for t, _ in named) for named in self.claimed.values())

    def is_table(self, table: str) -> bool:
        shape = self.pack.tables[table]
        if shape.signature:
            return bool(self.signs(table))
        return any((table, key) in self.columns for key in shape.key)

    def identified(self, tables: tuple[str, ...]) -> bool:
        """Tell whether columns say who or where a row is about: a number, a
        name, or whatever the table's key consists of. A table of places is
        about no place finer than its own."""
        if any(self.has(table, role) for table in tables for role in _IDENTITY):
            return True
        return any(self._keyed(t) and not self._names_finer_place(t) for t in tables)

    def _keyed(self, table: str) -> bool:
        """Tell whether the first field of the key is there: of a place, the
        finest; of others, the number."""
        return (table, self.pack.tables[table].key[0]) in self.columns

    def _names_finer_place(self, table: str) -> bool:
        own = {self.pack.role(table, role) for role in _PLACES} - {None}
        if not own.issuperset(self.pack.tables[table].key):
            return False
        finer = [role for role in _PLACES if self.pack.role(table, role) is None]
        return any(self.has(t, role) for t in self.pack.tables for role in finer)

    def titled(self, table: str) -> int:
        """Tell whether the lines above the header or the sheet's name say the
        table (2), or the file's name (1)."""
        words = self.pack.tables[table].titles
        if any(word in text for word in words for text in (self.sheet.name or "", *self.above)):
            return 2
        return int(any(word in self.sheet.file for word in words))

    def recurs(self, table: str, role: str) -> bool:
        """Tell whether values of a column often recur, within one year."""
        codes, years = self.codes(table, role), self._years()
        if codes is None:
            return False
        values = codes.astype(np.int64)
        if years is not None:
            values = values * (int(years.max(initial=0)) + 1) + years
        values = values[codes != 0]
        return len(values) - len(np.unique(values)) > _OFTEN * len(values)

    def codes(self, table: str, role: str) -> np.ndarray[tuple[int], np.dtype[np.int32]] | None:
        name = self.pack.role(table, role)
        column = self.columns.get((table, name)) if name else None
        if column is None:
            return None
        return self.sheet.columns[column].codes[self.first_row :]

    def _years(self) -> np.ndarray[tuple[int], np.dtype[np.int32]] | None:
        """Return the rows' year, whichever table the column is one of."""
        found = (self.codes(table, "year") for table in self.pack.tables)
        return next((codes for codes in found if codes is not None), None)

    def repeats(self, table: str) -> bool:
        """Tell whether the household number recurs, or stands only on the
        first row of each household."""
        codes = self.codes(table, "household_key")
        if codes is None or not len(codes):
            return False
        named = self.codes(table, "id_number")
        below = np.count_nonzero((codes == 0) & (named != 0)) if named is not None else 0
        return bool(self._members(table, codes) + below > _OFTEN * len(codes))

    def _members(self, table: str, codes: np.ndarray[tuple[int], np.dtype[np.int32]]) -> int:
        """Return how many rows are a further member of a household: a row that
        repeats the person as well is a household entered twice, or of another year."""
        filled = codes != 0
        persons = [self.codes(table, role) for role in ("person_name", "id_number")]
        columns = [codes[filled], *(one[filled] for one in persons if one is not None)]
        if not filled.any():
            return 0
        households = len(np.unique(columns[0]))
        if len(columns) == 1:
            return int(filled.sum()) - households
        return len(np.unique(np.stack(columns), axis=1).T) - households

    def names_members(self, table: str) -> bool:
        """Tell whether the head's column changes within one household."""
        keys, heads = self.codes(table, "household_key"), self.codes(table, "head_name")
        if keys is None or heads is None:
            return True
        filled = (keys != 0) & (heads != 0)
        keys, heads = keys[filled].astype(np.int64), heads[filled].astype(np.int64)
        if not len(keys):
            return True
        pairs = len(np.unique(keys * (int(heads.max()) + 1) + heads))
        households = len(np.unique(keys))
        return households == len(keys) or pairs > households


def gather(heading: Heading, sheet: RawSheet, pack: ResolvedPack, lexicon: Lexicon) -> Evidence:
    """Collect what a heading names, and what stands above it."""
    above = (str(c) for row in range(heading.top) for c in sheet.row(row) if isinstance(c, str))
    seen = Evidence(
        pack, sheet, heading.bottom + 1, signature=lexicon.signature, above=tuple(above)
    )
    for column, cell in heading.cells.items():
        if cell.sense:
            seen.claimed[column] = {(c.table, c.field) for c in cell.sense.claims}
            for claim in cell.sense.claims:
                seen.columns.setdefault((claim.table, claim.field), column)
    return seen
