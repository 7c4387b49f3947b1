"""What became of records that were found at fault before and are not now.

The answer is never more than the run has seen: of a record outside its inputs, a
rule not asked or a duplicate whose other half is not there, it says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fupin_audit.model.sighting import ANYONE, Fate, Known, Witness
from fupin_audit.packs.law import tables_of
from fupin_audit.report.prints import Ground, printed, traces_of
from fupin_audit.report.register import texts_of
from fupin_audit.report.sightings import Homes

_HEAD = "户主"
Rows = npt.NDArray[np.int64]
_Spot = tuple[str, str, tuple[str, ...]]
"""Rule, table, blamed fields."""


@dataclass(slots=True)
class _Seen:
    """What the run has of each table, indexed when it is first asked for."""

    ground: Ground
    homes: Homes
    whole: bool
    asked: frozenset[str]
    rows: dict[str, dict[bytes, Rows]] = field(default_factory=dict)
    places: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)
    headed: dict[str, set[bytes]] = field(default_factory=dict)
    blind: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    known_by: dict[tuple[str, int], set[bytes]] = field(default_factory=dict)
    notices: dict[str, dict[bytes, list[int]]] = field(default_factory=dict)

    def of(self, table: str) -> dict[bytes, Rows]:
        """Return the rows of every home in a table."""
        if table not in self.rows:
            self.rows[table] = self._index(table)
        return self.rows[table]

    def _index(self, table: str) -> dict[bytes, Rows]:
        who = self.ground.who.tables.get(table)
        if who is None:
            return {}
        number = np.where(who.household >= 0, who.household, -2 - who.place)
        order = np.argsort(number, kind="stable")
        keys, starts = np.unique(number[order], return_index=True)
        parts = np.split(order, starts[1:])
        return {
            self.homes.of(max(key, -1), -2 - key if key < 0 else -1): rows
            for key, rows in zip(keys.tolist(), parts, strict=False)
        }

    def told(self, table: str) -> dict[bytes, list[int]]:
        """Return the rows of a list from above, by what each is told by."""
        if table not in self.notices:
            found = self.notices[table] = defaultdict(list)
            who = self.ground.who.tables.get(table)
            for row, own in enumerate(who.own or [] if who else []):
                found[self.homes.notice(own)].append(row)
        return self.notices[table]

    def names(self, table: str, place: tuple[str, str, str]) -> bool:
        """Tell whether a table has rows of a village."""
        if table not in self.places:
            who = self.ground.who.tables.get(table)
            numbers = np.unique(who.place).tolist() if who is not None else []
            self.places[table] = {self.homes.place(n) for n in numbers}
        return bool(place[2]) and place in self.places[table]

    def listed(self, table: str, home: bytes) -> bool:
        """Tell whether a table lists a home's people from the head down: a list of
        pupils or workers says nothing of those who are not on it."""
        if table not in self.headed:
            self.headed[table] = self._heads(table)
        return home in self.headed[table]

    def _heads(self, table: str) -> set[bytes]:
        result, who = self.ground.result, self.ground.who.tables[table]
        pack = result.pack
        relation = texts_of(result.dataset.tables[table], pack.role(table, "head_relation"))
        if relation is None or pack.tables[table].repeats or _HEAD not in relation.values:
            return set()
        rows = np.flatnonzero(relation.codes == relation.values.index(_HEAD))
        return {self.homes.of(h, -1) for h in np.unique(who.household[rows]).tolist() if h >= 0}

    def people(self, table: str, row: int) -> set[bytes]:
        """Return the digests the person of a row may be known by."""
        if (table, row) not in self.known_by:
            who = self.ground.who.tables[table]
            told = (("k", who.person), ("n", who.name), ("i", who.identity))
            texts = [(sort, column[row]) for sort, column in told if column]
            self.known_by[table, row] = {self.homes.subject(s, t) for s, t in texts if t}
        return self.known_by[table, row]

    def unknown(self, rule: str, table: str, rows: list[int]) -> bool:
        """Tell whether a rule could not judge one of some rows."""
        bits = self.ground.result.findings.unknown.get(rule)
        if bits is None:
            return False
        if rule not in self.blind:
            size = len(self.ground.result.dataset.tables[table])
            self.blind[rule] = np.unpackbits(bits, count=size).astype(bool)
        return bool(self.blind[rule][rows].any())


def witness(ground: Ground, *, whole: bool = False) -> Witness:
    """Return who can be asked what became of findings that this run did not make.

    Args:
        whole: The inputs list every household of the villages they name, so that
            a household that is not there has been removed.
    """
    judged = frozenset(c.rule for c in ground.result.findings.coverage if c.skipped is None)
    seen = _Seen(ground, Homes(ground), whole, judged)

    def told(known: Sequence[Known]) -> list[Fate]:
        fates: list[Fate] = ["unseen"] * len(known)
        there: dict[_Spot, list[tuple[int, list[int]]]] = defaultdict(list)
        for at, one in enumerate(known):
            fates[at], rows = _found(seen, one)
            if rows:
                there[one.rule, one.table, one.fields].append((at, rows))
        for spot, some in there.items():
            for at, fate in _as_it_is(seen, known, spot, some):
                fates[at] = fate
        return fates

    return told


def _found(seen: _Seen, one: Known) -> tuple[Fate, list[int]]:
    """Return the rows a finding is about, if the rule has judged them; else its fate."""
    if one.rule not in seen.asked:
        return "unseen", []
    if one.about == "sheet":
        return ("changed" if _all_there(seen, one) else "unseen"), []
    if one.about == "notice":  # a list from above is never whole
        return "unseen", seen.told(one.table).get(one.subject, [])
    rows = seen.of(one.table).get(one.home)
    if rows is None:
        return _not_there(seen, one), []
    mine = _own(seen, one, rows)
    if not mine:
        known = seen.whole or seen.listed(one.table, one.home)
        return ("gone" if known else "unseen"), []
    if seen.unknown(one.rule, one.table, mine):
        return "unknown", []
    return "unseen", mine


def _as_it_is(
    seen: _Seen, known: Sequence[Known], spot: _Spot, some: list[tuple[int, list[int]]]
) -> Iterator[tuple[int, Fate]]:
    """Yield what became of findings of one rule, by what their cells hold now."""
    rule, table, fields = spot
    ground = seen.ground
    rows = np.array([row for _, mine in some for row in mine], dtype=np.int64)
    has = np.ones(len(rows), bool)
    for name in fields:
        has &= ground.cells.carried(table, rows, name)
    found = traces_of(ground, rule, table, rows, fields)
    prints = [printed(ground.key, trace.told) for trace in found]
    start = 0
    for at, mine in some:
        here = slice(start, start := start + len(mine))
        if not has[here].all() and known[at].about != "notice":  # answered in another column
            yield at, "unseen"
        elif known[at].fingerprint not in prints[here]:
            yield at, "changed"
        else:
            yield at, "same" if _in_sight(seen, known[at]) else "unseen"


def _not_there(seen: _Seen, one: Known) -> Fate:
    if one.about != "household" or not seen.names(one.table, one.place):
        return "unseen"
    return "gone" if seen.whole else "missing"


def _own(seen: _Seen, one: Known, rows: Rows) -> list[int]:
    """Return the rows of a home that are about the finding's person."""
    if not one.subject:
        return [int(row) for row in rows]
    return [row for row in rows.tolist() if one.subject in seen.people(one.table, row)]


def _all_there(seen: _Seen, one: Known) -> bool:
    homes = seen.of(one.table)
    return bool(one.partners) and all(p != ANYONE and p in homes for p in one.partners)


def _in_sight(seen: _Seen, one: Known) -> bool:
    """Tell whether a rule that passes on unchanged values looked at no less than
    when it was violated."""
    if seen.whole:
        return True
    if one.partners and not _all_there(seen, one):
        return False
    pack = seen.ground.result.pack
    if one.about == "place" and tables_of(pack.rules[one.rule], pack):
        return False
    return all(one.home in seen.of(table) for table in one.tables)
