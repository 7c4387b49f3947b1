"""What was done between two days: 找 found, 改 corrected, 核 verified, 巩固 held,
验收 what is left and how late it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from fupin_audit.ledger.entries import stamp
from fupin_audit.ledger.query import days_old
from fupin_audit.ledger.states import LIVE, TO_DO
from fupin_audit.ledger.store import reading
from fupin_audit.packs.resolve import ResolvedPack

COLOURS = ("green", "yellow", "red")
_DUE = "due"
Deadlines = Mapping[str, tuple[float, float]]
"""Severity → (days until yellow, days until red); `due` the same, counted from the
day that a list from above sets."""


@dataclass(slots=True)
class Tally:
    """Counts of one township, or of one kind of problem.

    Attributes:
        stock: To do at the beginning of the first day.
        found: Came up in between, for the first time.
        reopened: Came back in between.
        corrected, changed, gone, lapsed: Left in between, by how.
        confirmed, unresolved: Verified in between, by result.
        held: Corrected by the last day and not come back.
        settled: Confirmed as true at the end of the last day.
        left: To do at the end of the last day; `colours` by how late.
    """

    stock: int = 0
    found: int = 0
    reopened: int = 0
    corrected: int = 0
    changed: int = 0
    gone: int = 0
    lapsed: int = 0
    confirmed: int = 0
    unresolved: int = 0
    held: int = 0
    settled: int = 0
    left: int = 0
    colours: Counter[str] = field(default_factory=Counter)

    @property
    def closed(self) -> int:
        """What had to be done and no longer has to."""
        return self.stock + self.found + self.reopened - self.left

    @property
    def share(self) -> float | None:
        """Of what had to be done, the part that was; None if there was nothing."""
        every = self.stock + self.found + self.reopened
        return self.closed / every if every else None


@dataclass(frozen=True, slots=True)
class Stages:
    """The report: in all, per township, per rule."""

    first: date
    last: date
    total: Tally
    townships: dict[str, Tally]
    rules: dict[str, Tally]


class _Moved(NamedTuple):
    at: str
    was: str
    now: str
    how: str


def stages(ledger: Path, first: date, last: date, deadlines: Deadlines) -> Stages:
    """Count what happened from the first day to the last, both included.

    A finding whose value was changed and is still at fault goes on as the same
    one: it is neither closed nor found anew.
    """
    start, end = _midnight(first), _midnight(last + timedelta(days=1))
    with reading(ledger) as connection:
        about = connection.execute(
            "SELECT f.id, f.rule, f.severity, f.since, f.due, p.township FROM findings f"
            " JOIN places p ON p.id = f.place"
        ).fetchall()
        moved = defaultdict(list)
        for finding, *move in connection.execute(
            "SELECT c.finding, h.at, c.was, c.now, c.how FROM changes c"
            " JOIN history h ON h.id = c.entry WHERE h.at < ? ORDER BY c.entry",
            (end,),
        ):
            moved[finding].append(_Moved(*move))
    report = Stages(first, last, Tally(), defaultdict(Tally), defaultdict(Tally))
    for finding, rule, severity, since, due, township in about:
        if finding not in moved:
            continue
        tallies = (report.total, report.townships[township], report.rules[rule])
        colour = colour_on(deadlines, severity, since, due, last)
        for tally in tallies:
            _count(tally, moved[finding], start, colour)
    return Stages(first, last, report.total, dict(report.townships), dict(report.rules))


def _count(tally: Tally, moves: list[_Moved], start: str, colour: str) -> None:
    before = [move for move in moves if move.at < start]
    tally.stock += bool(before) and before[-1].now in TO_DO
    for move in moves[len(before) :]:
        _note(tally, move)
    end = moves[-1].now
    tally.held += end == "corrected"
    tally.settled += end == "confirmed"
    if end in TO_DO:
        tally.left += 1
        tally.colours[colour] += 1


def _note(tally: Tally, move: _Moved) -> None:
    if not move.was:
        # What goes on under another value was in the stock, or found, before.
        tally.found += move.how == "found"
        tally.reopened += move.now == "reopened"
        return
    if move.how == "again" and move.now == "confirmed":
        return  # the record was away and is back, confirmed as before
    if move.now in ("corrected", "changed", "gone", "lapsed", "confirmed", "unresolved"):
        setattr(tally, move.now, getattr(tally, move.now) + 1)
    elif move.was not in LIVE or move.was == "confirmed":
        tally.reopened += 1


def deadlines_of(pack: ResolvedPack, day: date) -> dict[str, tuple[float, float]]:
    """Return when findings turn yellow and red; never, where the pack does not say."""
    days = [
        pack.param(name, day)[0] if name in pack.params else None
        for name in ("督办黄灯天数", "督办红灯天数")
    ]
    told = [found if isinstance(found, dict) else {} for found in days]
    never = float("inf")
    soon = pack.param("督办临期天数", day)[0] if "督办临期天数" in pack.params else None
    return {
        level: (float(told[0].get(level, never)), float(told[1].get(level, never)))
        for level in ("error", "warning", "info")
    } | {_DUE: (-float(soon or 0), 0.0)}


def colour_on(deadlines: Deadlines, severity: str, since: str, due: str, on: date) -> str:
    """Return how late a finding is on a day: by the day it was to be answered by,
    where a list from above set one, else by its age."""
    if not due:
        return colour_of(deadlines, severity, days_old(since, on.isoformat()))
    late = (on - date.fromisoformat(due)).days
    yellow, red = deadlines.get(_DUE, (0.0, 0.0))
    return COLOURS[(late >= yellow) + (late > red)]


def colour_of(deadlines: Deadlines, severity: str, days: int) -> str:
    """Return how late a finding of so many days is."""
    yellow, red = deadlines.get(severity, (float("inf"), float("inf")))
    return COLOURS[(days > yellow) + (days > red)]


def _midnight(day: date) -> str:
    return stamp(datetime.combine(day, time()).astimezone())
