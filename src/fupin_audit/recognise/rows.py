"""Which rows below the header are data, and what the others are.

Whatever carries an id number, or a person's name with a relation to the head,
is data. Of the rest only what its own text shows to be something else is set
aside, and every row set aside is listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from fupin_audit.domain.characters import folded
from fupin_audit.model.dataset import written
from fupin_audit.model.recognised import Match, SetAside
from fupin_audit.model.sheet import Cell, RawSheet
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise import sayings
from fupin_audit.recognise.heading import Heading
from fupin_audit.recognise.kinds import Kind
from fupin_audit.recognise.lexicon import Lexicon

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

_FIRST_TEXTS = 3
_SPARSE = 6
_LONG = 30
_FEW = 3
_SHOWN = 200


@dataclass(slots=True)
class Area:
    """The rows from the header to the last that holds anything.

    Attributes:
        first: Zero-based row of the first.
        filled: Non-empty cells per row.
        known: Non-empty cells per row in recognised columns.
    """

    raw: RawSheet
    first: int
    filled: npt.NDArray[np.int16]
    known: npt.NDArray[np.int16]

    def codes(self, column: int) -> npt.NDArray[np.int32]:
        return self.raw.columns[column].codes[self.first : self.first + len(self.filled)]

    def text(self, index: int) -> str:
        cells = [written(c).strip() for c in self.raw.row(self.first + index)]
        return " ".join(folded(c) for c in cells if c)[:_SHOWN]


def split(
    raw: RawSheet,
    heading: Heading,
    kind: Kind,
    matches: dict[tuple[str, str], Match],
    pack: ResolvedPack,
    lexicon: Lexicon,
) -> tuple[Rows, list[SetAside]]:
    """Part the rows below the header into data and the rest.

    Returns:
        Zero-based data rows, ascending, and the rows set aside, in order.
    """
    area = _area(raw, heading, matches)
    count = len(area.filled)
    reasons: dict[int, str] = dict.fromkeys(np.flatnonzero(area.filled == 0).tolist(), "blank")
    firmly = _numbered(area, kind, matches, pack)
    safe = firmly | _named(area, kind, matches, pack)
    reasons.update(dict.fromkeys(np.flatnonzero(_repeats(area, heading)).tolist(), "header"))
    open_rows = np.flatnonzero(~safe & (area.filled > 0))
    for index, reason in _by_text(area, open_rows, heading).items():
        reasons.setdefault(index, reason)
    if count and 0 not in reasons and _counts_columns(raw.row(area.first)):
        reasons[0] = "header"
    _foreign_blocks(area, heading, lexicon, firmly, reasons)
    data = np.ones(count, dtype=bool)
    data[list(reasons)] = False
    aside = [
        SetAside(area.first + i, why, "" if why == "blank" else area.text(i))
        for i, why in sorted(reasons.items())
    ]
    return np.flatnonzero(data).astype(np.int64) + area.first, aside


def _area(raw: RawSheet, heading: Heading, matches: dict[tuple[str, str], Match]) -> Area:
    first = heading.bottom + 1
    filled = np.zeros(max(raw.n_rows - first, 0), dtype=np.int16)
    known = filled.copy()
    bound = {m.column for m in matches.values()}
    for index, column in enumerate(raw.columns):
        there = column.codes[first:] != 0
        filled += there
        if index in bound:
            known += there
    few = np.flatnonzero((filled > 0) & (filled <= _FEW))
    for index, column in enumerate(raw.columns if len(few) else ()):
        codes = column.codes[first:][few]
        empty = [c for c in np.unique(codes).tolist() if c and _is_space(column.values[c])]
        if empty:
            spaces = few[np.isin(codes, empty)]
            filled[spaces] -= 1
            known[spaces] -= index in bound
    held = np.flatnonzero(filled)
    end = int(held[-1]) + 1 if len(held) else 0
    return Area(raw, first, filled[:end], known[:end])


def _is_space(value: Cell) -> bool:
    return isinstance(value, str) and not folded(value)


def _columns(
    kind: Kind, matches: dict[tuple[str, str], Match], pack: ResolvedPack, *roles: str
) -> list[int]:
    """Return the columns bound to fields of these roles."""
    names = [(t, n) for t in kind.tables for r in roles if (n := pack.role(t, r))]
    return list(dict.fromkeys(matches[key].column for key in names if key in matches))


def _among(area: Area, column: int, flags: list[bool]) -> Flags:
    return np.array(flags, dtype=bool)[area.codes(column)]


def _numbered(
    area: Area, kind: Kind, matches: dict[tuple[str, str], Match], pack: ResolvedPack
) -> Flags:
    """Mark rows that carry an id number, whatever may be wrong with it."""
    marked = np.zeros(len(area.filled), dtype=bool)
    for column in _columns(kind, matches, pack, "id_number", "head_id_number"):
        values = area.raw.columns[column].values
        marked |= _among(
            area,
            column,
            [len(v) > 11 and v.isascii() if type(v) is str else _like_id(v) for v in values],
        )
    return marked


def _like_id(value: Cell) -> bool:
    return isinstance(value, int | float) and value > 1e11


def _named(
    area: Area, kind: Kind, matches: dict[tuple[str, str], Match], pack: ResolvedPack
) -> Flags:
    """Mark rows with a name and a known relation, or a name and a number."""
    named = np.zeros(len(area.filled), dtype=bool)
    keyed = named.copy()
    related = named.copy()
    for column in _columns(kind, matches, pack, "person_name", "head_name"):
        named |= area.codes(column) != 0
    for column in _columns(kind, matches, pack, "household_key", "person_key"):
        values = area.raw.columns[column].values
        keyed |= _among(
            area, column, [v.isascii() if type(v) is str else v is not None for v in values]
        )
    relations = _relations(kind, pack)
    for column in _columns(kind, matches, pack, "head_relation"):
        values = area.raw.columns[column].values
        related |= _among(area, column, [folded(written(v)) in relations for v in values])
    return named & (keyed | related)


def _relations(kind: Kind, pack: ResolvedPack) -> set[str]:
    known: set[str] = set()
    for table in kind.tables:
        name = pack.role(table, "head_relation")
        spec = pack.tables[table].fields[name] if name else None
        if spec and spec.codes in pack.codes:
            for code in pack.codes[spec.codes].values:
                known.update(map(folded, (code.label, *code.aliases, *code.misprints)))
                known.update(code.numbers.values())
    return known


def _repeats(area: Area, heading: Heading) -> Flags:
    """Mark rows that say again what a header row, or a title above it, says."""
    marked = np.zeros(len(area.filled), dtype=bool)
    for row in range(heading.bottom + 1):
        cells = [c for c, col in enumerate(area.raw.columns) if col.codes[row]]
        same = np.zeros(len(area.filled), dtype=np.int16)
        for column in cells:
            same += area.codes(column) == area.raw.columns[column].codes[row]
        if len(cells) == 1:
            marked |= (same == 1) & (area.filled == 1)
        elif cells:
            marked |= (same >= 2) & (same * 2 >= len(cells)) & (same * 2 >= area.filled)
    return marked


def _by_text(area: Area, rows: Rows, heading: Heading) -> dict[int, str]:
    """Judge rows without an identity by their first texts."""
    found: dict[int, str] = {}
    if not len(rows):
        return found
    order = np.zeros(len(rows), dtype=np.int16)
    filled, known = area.filled[rows], area.known[rows]
    sparse = filled <= max(_SPARSE, len(heading.cells) // 2)
    spread = _spread(area.raw, len(heading.cells))
    for column, cells in enumerate(area.raw.columns):
        codes = area.codes(column)[rows]
        there = codes != 0
        order[there] += 1
        early = there & (order <= _FIRST_TEXTS)
        first = order == 1
        for code in np.unique(codes[early]).tolist():
            said = sayings.says(cells.values[code])
            if said is None:
                continue
            here = early & (codes == code)
            if said == "note":
                here &= first & sparse
            elif said == "signature":
                here &= sparse
            elif said == "date":
                here &= filled == 1
            for row in rows[here].tolist():
                found.setdefault(row, "signature" if said == "date" else said)
    for row, cells_filled, cells_known in zip(
        rows.tolist(), filled.tolist(), known.tolist(), strict=True
    ):
        if row in found or cells_filled > _SPARSE:
            continue
        if cells_filled == 1 and (area.first + row in spread or len(area.text(row)) > _LONG):
            found[row] = "note" if len(area.text(row)) > _LONG // 2 else "header"
        elif cells_known == 0:
            plain = area.text(row)
            found[row] = "blank" if plain.isascii() and len(plain) < 8 else "note"
    return found


def _spread(raw: RawSheet, width: int) -> set[int]:
    """Return rows where one cell is merged over half the table."""
    return {top for top, left, _, right in raw.merges if (right - left + 1) * 2 >= width > 1}


def _counts_columns(cells: list[Cell]) -> bool:
    """Tell the row of column numbers (甲 乙 1 2 3 …) some forms have."""
    numbers = []
    for cell in cells:
        text = folded(written(cell)).strip("()")
        if text.isdigit() and len(text) <= 3:
            numbers.append(int(text))
    filled = sum(cell is not None for cell in cells)
    steps = [b - a for a, b in pairwise(numbers)]
    return len(numbers) >= 5 and len(numbers) * 5 >= filled * 4 and set(steps) == {1}


def _foreign_blocks(
    area: Area, heading: Heading, lexicon: Lexicon, firmly: Flags, reasons: dict[int, str]
) -> None:
    """Find a second, different header below the data (as on household cards):
    it and the rows under it do not belong to this table."""
    if not len(area.filled):
        return
    headerish = np.zeros(len(area.filled), dtype=np.int16)
    same = headerish.copy()
    rows = np.flatnonzero(~firmly & (area.filled >= 3))
    if not len(rows):
        return
    for column, cells in enumerate(area.raw.columns):
        codes = area.codes(column)[rows]
        own = folded(heading.cells[column].header.raw) if column in heading.cells else ""
        looks = np.zeros(len(cells.values), dtype=np.int16)
        equal = looks.copy()
        few = len(rows) * 10 < len(cells.values)
        for code in sayings.headerish(cells.values, np.unique(codes).tolist() if few else None):
            looks[code] = 1
            equal[code] = folded(str(cells.values[code])) == own
        headerish[rows] += looks[codes]
        same[rows] += equal[codes]
    heads = np.flatnonzero((headerish >= 3) & (headerish * 10 >= area.filled * 7)).tolist()
    foreign = False
    marks = dict.fromkeys((i for i, why in reasons.items() if why == "header"), False)
    marks.update({i: bool(same[i] * 2 < headerish[i]) for i in heads if i not in marks})
    starts = sorted(marks)
    for place, start in enumerate(starts):
        reasons[start] = "header"
        foreign = marks[start]
        end = starts[place + 1] if place + 1 < len(starts) else len(area.filled)
        if foreign:
            for row in range(start + 1, end):
                if not firmly[row]:
                    reasons.setdefault(row, "note")
