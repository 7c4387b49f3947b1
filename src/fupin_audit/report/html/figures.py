"""The figures of the page: places by audit item, the score of every place, rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from fupin_audit.packs.shapes import Rule
from fupin_audit.report.masking import mask_name
from fupin_audit.report.register import Ints
from fupin_audit.report.totals import AtStake, Counts, by_place
from fupin_audit.report.view import View
from fupin_audit.report.words import AUDIT_ITEMS, SEVERITIES

WEIGHTS = {"error": 1.0, "warning": 0.3}
"""What a household costs its place: once, by the worst found on it."""

_LAST = 3
_SHADES = (2.0, 5.0, 12.0, 30.0)
"""Findings per hundred households from which a cell is a shade darker."""


class Score(NamedTuple):
    """100 × (1 − (households in error + 0.3 × those with warnings only) ÷ households)."""

    errors: int
    warnings: int
    households: int

    @property
    def lost(self) -> float:
        return self.errors * WEIGHTS["error"] + self.warnings * WEIGHTS["warning"]

    @property
    def points(self) -> float | None:
        """The score; None without households to divide by."""
        if not self.households:
            return None
        return 100 * max(0.0, 1 - self.lost / self.households)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One township, or one village where there is but one township.

    Attributes:
        within: What it lies in: county, or township.
        items: Findings per audit item, in their order.
        last: One of the last three, which explain themselves.
    """

    name: str
    within: str
    households: int
    concerned: int
    counts: Counts
    items: tuple[int, ...]
    score: Score
    last: bool = False

    @property
    def ranked(self) -> float:
        """The score to sort by; a place without one comes last."""
        points = self.score.points
        return -1.0 if points is None else points

    def shade(self, count: int) -> int:
        """Return how dark a cell of so many findings is, 0 to 5."""
        if not count:
            return 0
        rate = 100 * count / self.households if self.households else _SHADES[-1]
        return 1 + sum(rate >= step for step in _SHADES)


@dataclass(frozen=True, slots=True)
class Places:
    """The places compared.

    Attributes:
        townships: They are townships, not villages.
        rows: Most findings first.
        rest: Findings of no place, per audit item.
        group: Per place of the register its row; the last stands for no place.
    """

    townships: bool
    rows: list[PlaceRow]
    rest: tuple[int, ...]
    group: Ints

    @property
    def sums(self) -> list[int]:
        """Findings per audit item, in all."""
        return [
            sum(column) for column in zip(self.rest, *(r.items for r in self.rows), strict=True)
        ]


def places(view: View) -> Places:
    """Count per place and audit item, and score every place."""
    townships, totals = by_place(view.totals)
    depth = 2 if townships else 3
    row = {one.place[:depth]: i for i, one in enumerate(totals)}
    group = np.array([*(row.get(p[:depth], -1) for p in view.who.places), -1], dtype=np.int64)
    items = _by_item(view, group, len(totals))
    worst = _worst(view, group, len(totals))
    made = [
        PlaceRow(
            one.place[depth - 1], one.place[depth - 2], one.households, one.concerned, one.counts,
            tuple(items[i].tolist()),
            Score(int(worst[i][0]), int(worst[i][1]), one.households),
        )
        for i, one in enumerate(totals)
    ]  # fmt: skip
    return Places(townships, _marked(made), tuple(items[-1].tolist()), group)


def _by_item(view: View, group: Ints, rows: int) -> Ints:
    """Return findings per place and audit item; the last row is of no place."""
    pack, ordered = view.result.pack, view.ordered
    numbers = {item: i for i, item in enumerate(AUDIT_ITEMS)}
    of_rule = np.array(
        [numbers[pack.rules[h.rule].audit_item] for h in ordered.hits] or [0], dtype=np.int64
    )
    where = group[ordered.found.place]
    where = np.where(where >= 0, where, rows)
    mixed = where * len(numbers) + of_rule[ordered.which]
    counted = np.bincount(mixed, minlength=(rows + 1) * len(numbers))
    return counted.reshape(rows + 1, len(numbers)).astype(np.int64)


def _worst(view: View, group: Ints, rows: int) -> Ints:
    """Return per place how many households have what as the worst found on them."""
    found, who = view.ordered.found, view.who
    worst = np.full(len(who.households), len(SEVERITIES), dtype=np.int64)
    kept = found.household >= 0
    np.minimum.at(worst, found.household[kept], found.severity[kept])
    home = group[np.array([who.home.get(i, -1) for i in range(len(worst))], dtype=np.int64)]
    some = (home >= 0) & (worst < len(SEVERITIES))
    mixed = home[some] * len(SEVERITIES) + worst[some]
    counted = np.bincount(mixed, minlength=rows * len(SEVERITIES))
    return counted.reshape(rows, len(SEVERITIES)).astype(np.int64)


def _marked(rows: list[PlaceRow]) -> list[PlaceRow]:
    """Mark the last three of more than three; of equal scores the place with more
    households in doubt is the later one."""
    scored = [i for i, row in enumerate(rows) if row.score.points is not None]
    if len(scored) <= _LAST:
        return rows
    scored.sort(key=lambda i: (rows[i].ranked, -rows[i].score.lost, rows[i].name))
    last = {i for i in scored[:_LAST] if rows[i].score.lost}
    return [replace(row, last=i in last) for i, row in enumerate(rows)]


class RuleRow(NamedTuple):
    """One rule that found something, and on how many households."""

    rule: Rule
    severity: str
    found: int
    households: int


def rules_found(view: View) -> list[RuleRow]:
    """Return the rules that found something: those that weigh most first, an error
    as in the score more than a warning."""
    rules, found = view.result.pack.rules, view.ordered.found
    homes: dict[str, set[int]] = {}
    count: dict[str, int] = {}
    severity: dict[str, str] = {}
    for i, hits in enumerate(view.ordered.hits):
        mine = found.household[view.ordered.which == i]
        homes.setdefault(hits.rule, set()).update(np.unique(mine[mine >= 0]).tolist())
        count[hits.rule] = count.get(hits.rule, 0) + len(hits)
        known = severity.get(hits.rule, hits.severity)
        severity[hits.rule] = min(known, hits.severity, key=SEVERITIES.index)

    def weight(row: RuleRow) -> float:
        return row.found * WEIGHTS.get(row.severity, 0.0)

    made = [RuleRow(rules[name], severity[name], count[name], len(homes[name])) for name in count]
    return sorted(made, key=lambda r: (-weight(r), -r.found, r.rule.id))


def called(view: View, one: AtStake) -> str:
    """Return the head's name as the page may show it."""
    return one.of.head if view.reveal else mask_name(one.of.head)
