"""Which finding follows from which, and what settles a household.

Findings of one household that stand on one cell are one case: solve the root and
the others are mostly gone. A rule with `because` is a conclusion: its finding
follows from those of the rules it names, on the same row or in the household.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin_audit.model.findings import RuleHits
from fupin_audit.model.run import CheckResult
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Rule
from fupin_audit.report.register import Ints, Register
from fupin_audit.report.words import SEVERITIES

SETTLE = ("desk", "phone", "visit")
"""From the least work to the most."""


@dataclass(slots=True)
class Triage:
    """Per finding, numbered through all hits one after the other.

    Attributes:
        because_of: The finding it follows from, −1 for none.
        rank: The order in which findings explain each other; all different, and
            what a finding follows from is always of a lower rank.
        root: Where that chain ends; itself where it follows from none.
        shared: The field whose cell it shares with `because_of`; empty where
            the rules say that one follows from the other.
        settle: Index into `SETTLE`: what settles it. What is merely noted is
            worth no call and no journey.
        stakes: Does the judgement of the household's income hang on it?
    """

    rank: Ints
    because_of: Ints
    root: Ints
    shared: list[str]
    settle: npt.NDArray[np.int8]
    stakes: npt.NDArray[np.bool_]


def triage(result: CheckResult, hits: list[RuleHits], who: Register) -> Triage:
    """Find the root of every finding."""
    sizes = [len(h) for h in hits]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    total, rules = int(starts[-1]), result.pack.rules
    rank = _ranks(result.pack, hits, starts)
    concludes = np.repeat([bool(rules[h.rule].because) for h in hits] or [False], sizes or [0])
    parent, field = _by_cell(result, hits, starts, rank, concludes)
    for i, one in enumerate(hits):
        found = _by_rule(rules[one.rule], one, hits, starts, who)
        own = slice(int(starts[i]), int(starts[i + 1]))
        earlier = (found >= 0) & (rank[found] < rank[own])  # no finding explains itself
        parent[own] = np.where(earlier, found, parent[own])
        field[own] = np.where(earlier, -1, field[own])
    settle = [SETTLE.index(rules[h.rule].settle) if h.severity != "info" else 0 for h in hits]
    stakes = np.zeros(total, bool)
    for i, one in enumerate(hits):
        if one.stake is not None:
            stakes[starts[i] : starts[i + 1]] = one.stake.flips == 1
    names = _field_names(hits)
    return Triage(
        rank, parent, _roots(parent), [names[f] if f >= 0 else "" for f in field.tolist()],
        np.repeat(np.array(settle, dtype=np.int8), sizes), stakes,
    )  # fmt: skip


def _ranks(pack: ResolvedPack, hits: list[RuleHits], starts: Ints) -> Ints:
    """Return the order in which findings explain each other, all different."""
    keys = [(_depth(pack, h.rule), *_key(pack, pack.rules[h.rule], h)) for h in hits]
    order = sorted(range(len(hits)), key=lambda i: keys[i])
    rank = np.zeros(int(starts[-1]), dtype=np.int64)
    at = 0
    for i in order:
        rank[starts[i] : starts[i + 1]] = np.arange(at, at + len(hits[i]))
        at += len(hits[i])
    return rank


def _depth(pack: ResolvedPack, rule: str, above: tuple[str, ...] = ()) -> int:
    """Return how many conclusions a rule stands on; 0 is no conclusion itself."""
    if rule not in pack.rules or rule in above:
        return 0
    named = pack.rules[rule].because
    return 1 + max(_depth(pack, one, (*above, rule)) for one in named) if named else 0


def _key(pack: ResolvedPack, rule: Rule, hits: RuleHits) -> tuple[int, int, int, str]:
    names = (rule.id, rule.id[:2])
    named = next((i for i, one in enumerate(pack.triage) if one in names), len(pack.triage))
    return named, SETTLE.index(rule.settle), SEVERITIES.index(hits.severity), rule.id


def _field_names(hits: list[RuleHits]) -> list[str]:
    return sorted({f for h in hits for f in (*h.blame, *(h.blame_per_row or ()))})


def _by_cell(
    result: CheckResult,
    hits: list[RuleHits],
    starts: Ints,
    rank: Ints,
    concludes: npt.NDArray[np.bool_],
) -> tuple[Ints, Ints]:
    """Return per finding the first-ranked one on a cell it shares, and the field.

    Of its cells the most suspect one that another explains is taken. What is
    itself a conclusion explains nothing this way: two on one cell (the year of the
    exit) have grounds of their own.
    """
    names = {name: i for i, name in enumerate(_field_names(hits))}
    tables = {name: i for i, name in enumerate(result.dataset.tables)}
    longest = max((len(t) for t in result.dataset.tables.values()), default=0) + 1
    cells, findings, fields = [], [], []
    for i, one in enumerate(hits):
        if one.sheet is not None:
            continue
        own = np.arange(starts[i], starts[i + 1], dtype=np.int64)
        rows = one.rows + tables[one.table] * longest
        for field in _blamed(one, names):
            cells.append(rows * (len(names) + 1) + field)
            findings.append(own)
            fields.append(field)
    total = int(starts[-1])
    parent, shared = np.full(total, -1, np.int64), np.full(total, -1, np.int64)
    if not cells:
        return parent, shared
    every, finding = np.concatenate(cells), np.concatenate(findings)
    _, cell = np.unique(every, return_inverse=True)
    best = np.full(int(cell.max()) + 1, total, dtype=np.int64)
    np.minimum.at(best, cell, rank[finding])
    of_rank = np.argsort(rank)
    owner = of_rank[best[cell]]
    explained = (rank[owner] < rank[finding]) & ~concludes[owner]
    field = np.concatenate(fields)
    # Written from the least suspect cell to the most, so that the latter stays.
    back = np.flatnonzero(explained & (field < len(names)))[::-1]
    parent[finding[back]] = owner[back]
    shared[finding[back]] = field[back]
    return parent, shared


def _blamed(hits: RuleHits, names: dict[str, int]) -> list[Ints]:
    """Return the blamed fields as numbers, one array per place in the blame."""
    if hits.blame_per_row is not None:
        distinct = {text: names.get(text, len(names)) for text in set(hits.blame_per_row)}
        return [np.array([distinct[text] for text in hits.blame_per_row], dtype=np.int64)]
    return [np.full(len(hits), names[name], dtype=np.int64) for name in hits.blame]


def _by_rule(
    rule: Rule, hits: RuleHits, every: list[RuleHits], starts: Ints, who: Register
) -> Ints:
    """Return the finding each conclusion rests on: on its own row where both are
    of one table, else of its household."""
    found = np.full(len(hits), -1, dtype=np.int64)
    if not rule.because or hits.sheet is not None:
        return found
    homes = who.tables[hits.table].household[hits.rows]
    for name in reversed(rule.because):
        for i, other in enumerate(every):
            if other.rule != name or other.sheet is not None:
                continue
            if other.table == hits.table:
                theirs, mine = other.rows, hits.rows
            else:
                theirs, mine = who.tables[other.table].household[other.rows], homes
            size = int(max(theirs.max(initial=-1), mine.max(initial=-1))) + 2
            first = np.full(size, -1, dtype=np.int64)
            first[theirs[::-1]] = np.arange(starts[i], starts[i + 1])[::-1]
            first[-1] = -1  # rows of no household
            at = first[mine]
            found = np.where(at >= 0, at, found)
    return found


def _roots(parent: Ints) -> Ints:
    root = np.where(parent >= 0, parent, np.arange(len(parent)))
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further
