"""From what the ledger knew and what a run found to what is known now. No database:
the states and their rules, nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fupin_audit.ledger.states import LIVE
from fupin_audit.model.sighting import Fate, Known, Sighting, Witness

Spot = tuple[str, str, bytes, bytes, tuple[str, ...]]
"""Rule, table, home, subject, fields: where a finding is, whatever it says."""


class Old(NamedTuple):
    """A finding as the ledger has it, with its last decision."""

    number: int
    known: Known
    law: bytes
    state: str
    since: str
    expires: str
    decided_law: bytes
    decided: str
    severity: str


class Move(NamedTuple):
    finding: int
    was: str
    now: str
    how: str
    since: str


class New(NamedTuple):
    state: str
    since: str
    how: str
    follows: int | None


@dataclass(slots=True)
class Moves:
    """Attributes:
    new: (index of the sighting, finding to be made).
    again: (index of the sighting, the finding it is).
    moved: State changes of findings that are there.
    states: Per sighting, the state it has now.
    """

    new: list[tuple[int, New]] = field(default_factory=list)
    again: list[tuple[int, Old]] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def spot_of(one: Known | Sighting) -> Spot:
    """Return where a finding is."""
    return one.rule, one.table, one.home, one.subject, one.fields


def reconcile(
    old: Sequence[Old],
    found: Sequence[Sighting],
    witness: Witness,
    laws: Mapping[str, bytes],
    today: str,
    retired: Collection[str] = (),
) -> Moves:
    """Return how the ledger changes by a run.

    Args:
        old: Every live finding, and those of the others that are found again.
        laws: Digest per rule of what it judges by now.
        today: ISO day.
        retired: Rules that the pack no longer has and that no run will judge again.
    """
    moves = Moves()
    by_print = {one.known.fingerprint: one for one in old}
    sighted = {one.fingerprint for one in found}
    left = [one for one in old if one.state in LIVE and one.known.fingerprint not in sighted]
    for live in (one for one in left if one.known.rule in retired):
        moves.moved.append(Move(live.number, live.state, "lapsed", "retired", live.since))
        moves.counts["lapsed"] += 1
    left = [one for one in left if one.known.rule not in retired]
    before: dict[Spot, list[Old]] = defaultdict(list)
    for live in reversed(left):
        before[spot_of(live.known)].append(live)
    replaced: set[int] = set()
    first_seen = New("open", today, "found", None)

    def predecessor(one: Sighting) -> Old | None:
        """Take a live finding of the same place that now says something else."""
        if not before:
            return None
        spot = spot_of(one)
        if one.about == "sheet" or not before.get(spot):
            return None
        taken = before[spot].pop()
        replaced.add(taken.number)
        return taken

    for at, one in enumerate(found):
        was = by_print.get(one.fingerprint)
        if was is None:
            state = _fresh(moves, at, predecessor(one), first_seen)
        else:
            moves.again.append((at, was))
            instead = None if was.state in LIVE else predecessor(one)
            state = _again(moves, was, instead, laws[one.rule], today)
        moves.states.append(state)
    _rest(moves, left, replaced, witness, laws, today)
    return moves


def _fresh(moves: Moves, at: int, before: Old | None, first_seen: New) -> str:
    """A finding not seen before: new, or what became of another value."""
    if before is None:
        moves.new.append((at, first_seen))
        moves.counts["new"] += 1
        return "open"
    settled = before.state == "confirmed"  # then the days are counted from now
    state = "reopened" if settled else "open"
    since = first_seen.since if settled else before.since
    moves.new.append((at, New(state, since, "value", before.number)))
    moves.counts["reopened" if state == "reopened" else "still"] += 1
    return state


def _again(moves: Moves, was: Old, before: Old | None, law: bytes, today: str) -> str:
    """A finding of the ledger is found again."""
    how, now, since = "", was.state, was.since
    if was.state == "confirmed":
        if was.expires and was.expires < today:
            how, now, since = "expired", "reopened", today
        elif was.decided_law != law:
            how, now, since = "law", "reopened", today
    elif was.state not in LIVE:
        holds = was.decided == "confirmed" and was.decided_law == law
        holds = holds and not (was.expires and was.expires < today)
        back = was.state == "gone" and holds  # the record was away, nothing else
        how, now = "again", "confirmed" if back else "reopened"
        since = before.since if before else was.since if back else today
    if how:
        moves.moved.append(Move(was.number, was.state, now, how, since))
    told = now if how or now in ("confirmed", "unresolved") else "still"
    moves.counts[told] += 1
    return now


def _rest(
    moves: Moves,
    left: Sequence[Old],
    replaced: set[int],
    witness: Witness,
    laws: Mapping[str, bytes],
    today: str,
) -> None:
    """Live findings that were not found: closed only as far as the run has seen."""
    ask = [one for one in left if one.number not in replaced]
    fates = witness([one.known for one in ask])
    for one in left:
        if one.number in replaced:
            moves.moved.append(Move(one.number, one.state, "changed", "value", one.since))
            moves.counts["changed"] += 1
    for one, fate in zip(ask, fates, strict=True):
        now, how = _after(one, fate, laws)
        since = one.since
        if not now and one.state == "confirmed" and one.expires and one.expires < today:
            now, how, since = "reopened", "expired", today
        if now:
            moves.moved.append(Move(one.number, one.state, now, how, since))
        moves.counts[now or fate] += 1


def _after(one: Old, fate: Fate, laws: Mapping[str, bytes]) -> tuple[str, str]:
    match fate:
        case "gone":
            return "gone", "gone"
        case "changed":
            return "corrected", "value"
        case "same":
            return ("corrected", "other") if laws[one.known.rule] == one.law else ("lapsed", "law")
    return "", ""
