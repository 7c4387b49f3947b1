"""The findings as they stand now, by their numbers; and the record behind a line
whose finding stands no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from fupin_audit.corrections import form
from fupin_audit.corrections.apply.returned import Line
from fupin_audit.corrections.form import Slip, value_digest
from fupin_audit.domain.characters import compact
from fupin_audit.model.findings import RuleHits
from fupin_audit.model.sheet import Cell
from fupin_audit.report.prints import Ground, imprint
from fupin_audit.report.spots import Spot, spots

RawRow = tuple[str, str | None, int]
"""File, sheet, zero-based row."""


class Finding(NamedTuple):
    """A finding of the current run; `row` is −1 for one about a whole sheet."""

    fingerprint: str
    rule: str
    table: str
    row: int
    fields: tuple[str, ...]
    hits: RuleHits
    at: int


class Record(NamedTuple):
    """A record, known again by what a line says of it, and one field's text there."""

    table: str
    row: int
    text: str
    spots: tuple[Spot, ...]


@dataclass(slots=True)
class Standing:
    """Findings of a run by the start of their fingerprint.

    Attributes:
        people: (table, household number) → rows.
    """

    ground: Ground
    by_number: dict[str, list[tuple[RuleHits, int]]] = field(default_factory=dict)
    people: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def find(self, number: str, whole: str = "") -> Finding | None:
        """Return the finding of a number; `whole` is the fingerprint, if it is known."""
        for hits, at in self.by_number.get(number, []):
            assert hits.prints is not None
            mark = hits.prints.digests[at].hex()
            if not whole or mark == whole:
                row = -1 if hits.sheet is not None else int(hits.rows[at])
                return Finding(mark, hits.rule, hits.table, row, self._fields(hits, at), hits, at)
        return None

    def _fields(self, hits: RuleHits, at: int) -> tuple[str, ...]:
        if hits.blame_per_row is not None:
            return (hits.blame_per_row[at],) if hits.blame_per_row[at] else ()
        if hits.sheet is not None or len(hits.blame) < 2:
            return hits.blame
        row = hits.rows[at : at + 1]
        has = [bool(self.ground.cells.carried(hits.table, row, name)[0]) for name in hits.blame]
        return tuple(n for n, there in zip(hits.blame, has, strict=True) if there) or hits.blame[:1]

    def cells(self, table: str, row: int, name: str) -> tuple[Spot, ...]:
        """Return the cells that tell a field of a record."""
        return tuple(spots(self.ground, table, row, name))

    def cell(self, spot: Spot) -> Cell:
        """Return what a cell holds."""
        raw = self.ground.result.dataset.sheets[spot.sheet].raw
        return raw.columns[spot.column][spot.row]

    def text(self, table: str, row: int, name: str) -> str:
        """Return what the first cell of a field holds, as text."""
        return (self.ground.cells.find(table, row, name)[2] or "").strip()

    def household(self, found: Finding) -> str:
        """Return the household number a finding is about; empty if it has none."""
        if found.row < 0:
            return ""
        who = self.ground.who
        home = int(who.tables[found.table].household[found.row])
        return who.households[home] if home >= 0 else ""

    def record(self, table: str, line: Line, name: str) -> Record | None:
        """Find the record a line is about by household and person; None if that is
        not one record, or it has no such cell."""
        who = self.ground.who.tables.get(table)
        if who is None:
            return None
        if table not in self.people:
            made: dict[str, list[int]] = {}
            for row, home in enumerate(who.household.tolist()):
                if home >= 0:
                    made.setdefault(self.ground.who.households[home], []).append(row)
            self.people[table] = made
        rows = self.people[table].get(compact(line.text("户编号")), [])
        for texts, told in (
            (who.person, compact(line.text("人口编号"))),
            (who.name, compact(line.text("姓名"))),
        ):
            if len(rows) > 1 and texts is not None and told and "*" not in told:
                rows = [row for row in rows if compact(texts[row]) == told]
        if len(rows) != 1:
            return None
        found = self.cells(table, rows[0], name)
        return Record(table, rows[0], self.text(table, rows[0], name), found) if found else None

    def stands(self, rule: str, record: Record) -> bool:
        """Tell whether a rule finds fault with a record now."""
        every = self.ground.result.findings.hits
        mine = (h for h in every if (h.rule, h.table) == (rule, record.table) and h.sheet is None)
        return any(bool((hits.rows == record.row).any()) for hits in mine)

    def unchanged(self, slip: Slip, record: Record) -> bool:
        """Tell whether a record's field still says what it said when the list was made."""
        return slip.digest == value_digest(self.ground.key, record.text)


def standing(ground: Ground) -> Standing:
    """Number the findings of a run."""
    imprint(ground)
    made = Standing(ground)
    for hits in ground.result.findings.hits:
        assert hits.prints is not None
        for at, mark in enumerate(hits.prints.digests):
            made.by_number.setdefault(mark.hex()[: form.NUMBER_LENGTH], []).append((hits, at))
    return made


def rows_by_place(ground: Ground, table: str) -> dict[RawRow, list[int]]:
    """Return the rows of a table by the raw row each stands on."""
    data = ground.result.dataset.tables.get(table)
    if data is None:
        return {}
    names = [(one.raw.file, one.raw.name) for one in ground.result.dataset.sheets]
    made: dict[RawRow, list[int]] = {}
    each = zip(data.sheet.tolist(), data.raw_row.tolist(), strict=True)
    for row, (sheet, raw_row) in enumerate(each):
        made.setdefault((*names[sheet], raw_row), []).append(row)
    return made


def place_of(ground: Ground, table: str, row: int) -> RawRow:
    """Return the file, sheet and zero-based raw row a record stands on."""
    data = ground.result.dataset.tables[table]
    raw = ground.result.dataset.sheets[int(data.sheet[row])].raw
    return raw.file, raw.name, int(data.raw_row[row])
