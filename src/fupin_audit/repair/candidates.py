"""From the suggestions of a check to fixes that can be tried."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from fupin_audit.domain.numbers import read_number
from fupin_audit.model.dataset import LAST_YEAR, written
from fupin_audit.model.edit import Edit
from fupin_audit.model.repair import Fix, Outcome, Target
from fupin_audit.model.run import CheckResult
from fupin_audit.model.sheet import Cell
from fupin_audit.model.suggestion import Suggestion
from fupin_audit.repair.standing import Key, keys_of
from fupin_audit.report.prints import Ground
from fupin_audit.report.register import Place
from fupin_audit.report.spots import spots

_PLAIN = re.compile(r"-?\d{1,15}(\.\d+)?")
_NUMBERS = frozenset({"number", "integer", "money"})
_NO_CELL = ("原表没有这一栏，没有格子可改", "no sheet has a column for it")
_NO_CHANGE = ("建议值与原值相同", "the value suggested is the one that stands there")
_AT_ODDS = (
    "同一格有两条不同的建议，都没有采用",
    "two suggestions for one cell differ; neither was taken",
)

Spot = tuple[str, str | None, int, int]
"""File, sheet, zero-based row and column."""


class Candidate(NamedTuple):
    """A suggestion, and the finding it was made for."""

    rule: str
    table: str
    row: int
    key: Key
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Attempt:
    """A fix to be tried, the findings it is to settle, and where its record stands."""

    fix: Fix
    settles: frozenset[Key]
    place: Place

    @property
    def edits(self) -> list[Edit]:
        fix = self.fix
        return [Edit(t.file, t.sheet, t.row, t.column, fix.value) for t in fix.targets]

    @property
    def spots(self) -> list[Spot]:
        return [target[:4] for target in self.fix.targets]

    @property
    def same(self) -> object:
        return same(self.fix)


def same(fix: Fix) -> object:
    """Return what tells one fix from another: where, and what is put there."""
    where = fix.targets[0][:4] if fix.targets else (fix.table, fix.field, fix.household, fix.name)
    return where, fix.after


def candidates(result: CheckResult, only: Collection[str] | None = None) -> list[Candidate]:
    """Return the suggestions of a check, those of some rules alone if asked."""
    found = []
    for hits in result.findings.hits:
        if hits.suggestions is None or hits.sheet is not None:
            continue
        if only is not None and hits.rule not in only:
            continue
        keys = keys_of(result, hits)
        for row, key, one in zip(hits.rows.tolist(), keys, hits.suggestions, strict=True):
            if one is not None:
                found.append(Candidate(hits.rule, hits.table, row, key, one))
    return found


def attempts(ground: Ground, found: Iterable[Candidate]) -> tuple[list[Attempt], list[Outcome]]:
    """Return what can be tried, and what cannot and why.

    Suggestions of several rules that put the same value into the same cells are
    one fix. Where two would put different values into one cell, neither is tried.
    """
    made: dict[object, Attempt] = {}
    for one in found:
        attempt = _attempt(ground, one)
        known = made.get(attempt.same)
        made[attempt.same] = attempt if known is None else _joined(known, attempt)
    claims: dict[Spot, set[str]] = defaultdict(set)
    for attempt in made.values():
        for spot in attempt.spots:
            claims[spot].add(attempt.fix.after)
    fine, refused = [], []
    for attempt in made.values():
        reason = _hindrance(attempt, claims)
        if reason is None:
            fine.append(attempt)
        else:
            refused.append(Outcome(attempt.fix, "refused", reason))
    return fine, refused


def _hindrance(attempt: Attempt, claims: dict[Spot, set[str]]) -> tuple[str, str] | None:
    targets = attempt.fix.targets
    if not targets:
        return _NO_CELL
    if all(target.before == attempt.fix.after for target in targets):
        return _NO_CHANGE
    return _AT_ODDS if any(len(claims[spot]) > 1 for spot in attempt.spots) else None


def _joined(one: Attempt, other: Attempt) -> Attempt:
    """Return one attempt for two that do the same; it is as sure as the surer."""
    fix, more = one.fix, other.fix
    if more.confidence == "safe" and fix.confidence != "safe":
        fix = replace(fix, why=more.why, confidence="safe")
    rules = tuple(dict.fromkeys((*fix.rules, *more.rules)))
    return Attempt(replace(fix, rules=rules), one.settles | other.settles, one.place)


def _attempt(ground: Ground, one: Candidate) -> Attempt:
    suggestion, subjects = one.suggestion, ground.who.tables[one.table]
    home, place = int(subjects.household[one.row]), int(subjects.place[one.row])
    name = subjects.name[one.row] if subjects.name else ""
    cells = list(_cells(ground, one.table, one.row, suggestion.field))
    value = _as_cell(ground, one, cells[0][1] if cells else None)
    fix = Fix(
        table=one.table, field=suggestion.field,
        household=ground.who.households[home] if home >= 0 else "",
        name=name or ground.who.heads.get(home, ""), targets=tuple(t for t, _ in cells),
        value=value, after=written(value), rules=(one.rule,), why=suggestion.why,
        confidence=suggestion.confidence,
    )  # fmt: skip
    return Attempt(fix, frozenset({one.key}), ground.place(place))


def _cells(ground: Ground, table: str, row: int, name: str) -> Iterator[tuple[Target, Cell]]:
    """Yield the cells of a field that say what the first of them says: one that says
    something else is a doubt of its own, and is not written over."""
    first: str | None = None
    for sheet, at, column in spots(ground, table, row, name):
        raw = ground.result.dataset.sheets[sheet].raw
        held = raw.columns[column][at]
        text = written(held)
        if first is None:
            first = _said(text)
        if _said(text) == first:
            yield Target(raw.file, raw.name, at, column, text), held


def _said(text: str) -> str:
    reading = read_number(text.strip())
    return str(reading.value.normalize()) + reading.unit if reading else text.strip()


def _as_cell(ground: Ground, one: Candidate, held: Cell) -> Cell:
    """Return the value as what the cell is made of: a number among numbers, a day
    among days, else text."""
    name = one.suggestion.field.removeprefix(LAST_YEAR)
    fields = ground.result.pack.tables[one.table].fields
    kind = fields[name].type if name in fields else "text"
    text = one.suggestion.value.strip()
    if kind in _NUMBERS and not isinstance(held, str) and _PLAIN.fullmatch(text):
        return float(text)
    if kind == "date" and isinstance(held, date):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
