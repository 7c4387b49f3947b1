"""Which of the fixes tried at once a new finding comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from fupin_audit.evaluate.plan import compile_rule
from fupin_audit.model.findings import RuleHits
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.tree import walk
from fupin_audit.repair.candidates import Attempt, Spot
from fupin_audit.repair.standing import New
from fupin_audit.report.prints import Ground
from fupin_audit.report.spots import spots

K = TypeVar("K")


class Suspects:
    """Fixes by what they touch: cells, rows, households, villages, sheets."""

    def __init__(self, tried: Iterable[Attempt]) -> None:
        self.every = list(tried)
        self._fields: dict[str, set[str]] = {}
        self.by_cell: dict[Spot, list[Attempt]] = defaultdict(list)
        self.by_row: dict[tuple[str, str | None, int], list[Attempt]] = defaultdict(list)
        self.by_home: dict[str, list[Attempt]] = defaultdict(list)
        self.by_place: dict[tuple[str, str, str], list[Attempt]] = defaultdict(list)
        self.by_column: dict[tuple[str, str | None, str], list[Attempt]] = defaultdict(list)
        self.by_sheet: dict[tuple[str, str | None], list[Attempt]] = defaultdict(list)
        for attempt in self.every:
            fix = attempt.fix
            for spot in attempt.spots:
                self.by_cell[spot].append(attempt)
                self.by_row[spot[:3]].append(attempt)
            if fix.household:
                self.by_home[fix.household].append(attempt)
            if any(attempt.place):
                self.by_place[attempt.place].append(attempt)
            for sheet in {spot[:2] for spot in attempt.spots}:
                self.by_sheet[sheet].append(attempt)
                self.by_column[(*sheet, fix.field)].append(attempt)

    def of(self, ground: Ground, new: New, *, near: bool) -> list[Attempt]:
        """Return the fixes that a new finding may come from, those closest to it:
        in its cells, in its rows, in its households, its village, its sheet, all.

        Fixes of what its rule reads come before any others.

        Args:
            near: A fix in its cells or rows is reason enough to look no further.
        """
        of_what = self._of_sheet if new.hits.sheet is not None else self._of_rows
        rings = [*of_what(ground, new.hits, new.at), self.every][0 if near else 2 :]
        read = self._read(ground.result.pack, new.hits, new.at)
        told = [[one for one in ring if one.fix.field in read] for ring in rings]
        return next((ring for ring in (*told, *rings) if ring), [])

    def _read(self, pack: ResolvedPack, hits: RuleHits, at: int) -> set[str]:
        if hits.blame_per_row:
            return {hits.blame_per_row[at]}
        if hits.rule not in self._fields:
            self._fields[hits.rule] = fields_read(pack, hits.rule)
        return self._fields[hits.rule]

    def mates(self, attempt: Attempt) -> list[Attempt]:
        """Return the fixes of the household a fix is about, or of its row."""
        if attempt.fix.household:
            return self.by_home[attempt.fix.household]
        return _several(self.by_row, [spot[:3] for spot in attempt.spots])

    def _of_rows(self, ground: Ground, hits: RuleHits, at: int) -> Iterator[list[Attempt]]:
        dataset, subjects = ground.result.dataset, ground.who.tables[hits.table]
        rows = [int(hits.rows[at]), *(hits.others[at] if hits.others else [])]
        blame = (hits.blame_per_row[at],) if hits.blame_per_row else hits.blame
        cells: list[Spot] = []
        for row in rows:
            for name in blame:
                for sheet, r, c in spots(ground, hits.table, row, name)[:1]:
                    raw = dataset.sheets[sheet].raw
                    cells.append((raw.file, raw.name, r, c))
        yield _several(self.by_cell, cells)
        data = dataset.tables[hits.table]
        stand = [(dataset.sheets[int(data.sheet[r])].raw, int(data.raw_row[r])) for r in rows]
        yield _several(self.by_row, [(raw.file, raw.name, row) for raw, row in stand])
        homes = [int(subjects.household[row]) for row in rows]
        yield _several(self.by_home, [ground.who.households[h] for h in homes if h >= 0])
        yield _several(self.by_place, [ground.place(int(subjects.place[row])) for row in rows])

    def _of_sheet(self, ground: Ground, hits: RuleHits, at: int) -> Iterator[list[Attempt]]:
        index = (hits.sheet or [])[at]
        yield []
        yield []
        if index < 0:
            return
        raw = ground.result.dataset.sheets[index].raw
        name = hits.blame_per_row[at] if hits.blame_per_row else ""
        yield self.by_column.get((raw.file, raw.name, name), [])
        yield self.by_sheet.get((raw.file, raw.name), [])


def fields_read(pack: ResolvedPack, rule: str) -> set[str]:
    """Return the names of the fields that a rule's verdict hangs on, those by which
    the rows of its tables hang together among them."""
    spec = pack.rules[rule]
    plan = compile_rule(spec, pack)
    trees = [*plan.trees(), *([plan.match_when] if plan.match_when else [])]
    nodes = [node for tree in trees for node in walk(tree)]
    found = {str(node.args[1]) for node in nodes if node.op == "field"}
    linked = {(node.args[1], node.args[0]) for node in nodes if node.op == "up"}
    linked |= {(node.args[2], node.args[1]) for node in nodes if node.op == "agg"}
    if spec.match is not None:
        found |= {*spec.match.on, *spec.match.on.values()}
        linked |= {(spec.table, spec.match.table), (spec.match.table, spec.table)}
    for relation in pack.relations:
        if (relation.child, relation.parent) in linked:
            found.update(relation.on)
    return found


def _several(by: dict[K, list[Attempt]], keys: Iterable[K]) -> list[Attempt]:
    found: dict[int, Attempt] = {}
    for key in dict.fromkeys(keys):
        found.update((id(one), one) for one in by.get(key, ()))
    return list(found.values())
