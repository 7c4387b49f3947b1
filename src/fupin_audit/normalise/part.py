"""The rows one sheet gives to one table."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fupin_audit.normalise.column import Column

Rows = npt.NDArray[np.int64]


@dataclass(slots=True)
class Part:
    """Rows of one table from one sheet.

    Attributes:
        sheet: Index into the dataset's sheets.
        raw_row: Zero-based raw row per record.
        data_rows: Zero-based raw rows of the sheet's data rows.
        columns: Frame column → its cleaned column.
        pick: Frame column → data row per record, where that is not simply the
            record's own.
        derived: The rows were derived from rows of another table.
        within: They stand on rows of another table, whose cells speak for them.
    """

    sheet: int
    raw_row: Rows
    data_rows: Rows
    columns: dict[str, Column]
    pick: dict[str, Rows] = field(default_factory=dict)
    derived: bool = False
    within: bool = False

    def __len__(self) -> int:
        return len(self.raw_row)


@dataclass(slots=True)
class Segment:
    """Cells for some rows of a frame: `column` at data rows `at` go to `rows`."""

    part: Part
    column: Column
    at: Rows
    rows: Rows


@dataclass(slots=True)
class Layout:
    """How the parts of a table lie in its frame.

    Attributes:
        rows: Per part, the records it gives rows to the frame for, in order.
        start: Per part, its first frame row.
        borrowed: (part, records, frame rows): records that give no rows of
            their own but fill columns that those rows' own sheets lack.
    """

    parts: list[Part]
    rows: list[Rows]
    start: list[int]
    borrowed: list[tuple[Part, Rows, Rows]] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self.rows))

    def segments(self, name: str) -> list[Segment]:
        """Return where a frame column's cells come from, own rows first."""
        found = []
        for part, records, start in zip(self.parts, self.rows, self.start, strict=True):
            if name in part.columns and len(records):
                rows = np.arange(start, start + len(records), dtype=np.int64)
                found.append(_segment(part, name, records, rows))
        if not self.borrowed:
            return found
        covered = np.zeros(len(self), dtype=bool)
        for segment in found:
            covered[segment.rows] = True
        for part, records, rows in self.borrowed:
            if name in part.columns:
                free = ~covered[rows]
                if free.any():
                    found.append(_segment(part, name, records[free], rows[free]))
                    covered[rows[free]] = True
        return found

    def frame_rows(self, part: Part) -> Rows:
        """Return the frame row of each record of a part."""
        found = np.full(len(part), -1, dtype=np.int64)
        for own, records, start in zip(self.parts, self.rows, self.start, strict=True):
            if own is part:
                found[records] = np.arange(start, start + len(records))
        for lender, records, rows in self.borrowed:
            if lender is part:
                found[records] = rows
        return found


def _segment(part: Part, name: str, records: Rows, rows: Rows) -> Segment:
    pick = part.pick.get(name)
    return Segment(part, part.columns[name], records if pick is None else pick[records], rows)


def stacked(parts: list[Part]) -> Layout:
    """Put all parts below one another."""
    rows = [np.arange(len(p), dtype=np.int64) for p in parts]
    return Layout(parts, rows, _starts(rows))


def _starts(rows: list[Rows]) -> list[int]:
    return [0, *np.cumsum([len(r) for r in rows])[:-1].tolist()]


def merged(parts: list[Part], key: tuple[str, ...], common: frozenset[str]) -> Layout:
    """Put parts below one another, but let a part that only adds columns add
    them to the rows that are there.

    Rows derived from a wide sheet never repeat a record that a sheet of its
    own supplies. Two sheets complement one another when they share no column
    but keys and `common` ones; else a record in both is kept twice, for the
    rules to report.

    Args:
        key: Fields that identify a record, where the parts carry them.
        common: Fields that every sheet repeats (places, names of the head).
    """
    parts = sorted(parts, key=lambda p: p.derived)
    first: dict[tuple[str, ...], tuple[int, int]] = {}
    rows: list[Rows] = []
    borrowed: list[tuple[Part, Rows, Rows]] = []
    start = 0
    for number, part in enumerate(parts):
        keys = record_keys(part, key)
        own: list[int] = []
        lent: list[int] = []
        to: list[int] = []
        for record, record_key in enumerate(keys):
            there = first.get(record_key) if record_key[0] else None
            if there is not None and (
                (part.derived and not parts[there[0]].derived)
                or (there[0] != number and _complement(parts[there[0]], part, common))
            ):  # fmt: skip
                lent.append(record)
                to.append(there[1])
                continue
            if there is None and record_key[0]:
                first[record_key] = (number, start + len(own))
            own.append(record)
        rows.append(np.array(own, dtype=np.int64))
        start += len(own)
        if lent:
            borrowed.append((part, np.array(lent, np.int64), np.array(to, np.int64)))
    return Layout(parts, rows, _starts(rows), borrowed)


def _complement(there: Part, here: Part, common: frozenset[str]) -> bool:
    shared = there.columns.keys() & here.columns.keys()
    return shared <= common and not here.columns.keys() <= common


def record_keys(part: Part, key: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the clean key of each record; its first text is "" where unknown."""
    columns = []
    for name in key:
        if name in part.columns:
            columns.append(_texts(part, name))
        else:
            columns.append([""] * len(part))
    return list(zip(*columns, strict=True))


def _texts(part: Part, name: str) -> list[str]:
    column = part.columns[name]
    at = part.pick.get(name)
    rows = column.at if at is None else column.at[at]
    filled = column.filled if at is None else column.filled[at]
    values = column.cleaned.values
    return [
        str(values[i]) if ok else "" for i, ok in zip(rows.tolist(), filled.tolist(), strict=True)
    ]
