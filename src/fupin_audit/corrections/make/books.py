"""Which findings go on whose list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from fupin_audit.corrections.make.audience import Audience
from fupin_audit.corrections.make.lines import Case
from fupin_audit.ledger.stages import Deadlines, colour_on
from fupin_audit.report.triage import SETTLE
from fupin_audit.report.words import SEVERITIES

VISIT = "visit"
_NEVER = float("inf")


@dataclass(slots=True)
class Book:
    """One list.

    Attributes:
        later: Households to be visited that wait for the next list.
        before: Findings left out because a list had them before.
    """

    audience: Audience
    cases: list[Case] = field(default_factory=list)
    later: int = 0
    before: int = 0

    @property
    def lines(self) -> int:
        return sum(len(case.lines) for case in self.cases)

    @property
    def households(self) -> int:
        return len({case.household for case in self.cases if case.household >= 0})

    def work(self) -> dict[str, int]:
        """Return how many households papers settle, a call, a visit: each counts
        once, by what takes most."""
        homes = work_of(case for case in self.cases if case.household >= 0)
        return Counter(homes.values())


class Due(NamedTuple):
    """How late a finding is: `day` is when it turns red, None for never."""

    colour: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Clock:
    """What deadlines run from and to.

    Attributes:
        known: Fingerprint → the ISO day on which the ledger first knew the finding,
            and the day by which a list from above wants it settled, if one does.
    """

    today: date
    deadlines: Deadlines
    known: Mapping[str, tuple[str, str]]

    def dues(self, cases: Iterable[Case]) -> list[Due]:
        """Return how late each finding is, and when it is at the latest to be settled."""
        fresh, told = (self.today.isoformat(), ""), dict[tuple[str, str, str], Due]()
        made = []
        for case in cases:
            key = (case.severity, *self.known.get(case.mark, fresh))
            if key not in told:
                told[key] = self._due(*key)
            made.append(told[key])
        return made

    def _due(self, severity: str, since: str, by: str) -> Due:
        colour = colour_on(self.deadlines, severity, since, by, self.today)
        if by:
            return Due(colour, date.fromisoformat(by))
        red = self.deadlines.get(severity, (_NEVER, _NEVER))[1]
        last = None if red == _NEVER else date.fromisoformat(since[:10]) + timedelta(days=red)
        return Due(colour, last)


def work_of(some: Iterable[Case]) -> dict[int, str]:
    """Return per household what settles all its findings."""
    most: dict[int, int] = {}
    for case in some:
        most[case.household] = max(most.get(case.household, 0), SETTLE.index(case.settle))
    return {home: SETTLE[rank] for home, rank in most.items()}


def bind(
    audiences: Sequence[Audience],
    of: Iterable[int],
    some: Iterable[Case],
    visits: int | None = None,
    listed: Collection[bytes] = (),
) -> list[Book]:
    """Put every finding on its list; audiences without any are left out.

    Args:
        of: Per finding, its audience.
        visits: At most so many households to be visited per list, the most urgent
            first; None for all.
        listed: Fingerprints that are not to be listed again.
    """
    books = [Book(audience) for audience in audiences]
    for number, case in zip(of, some, strict=True):
        if listed and bytes.fromhex(case.mark) in listed:
            books[number].before += 1
        else:
            books[number].cases.append(case)
    if visits is not None:
        for book in books:
            _limit(book, visits)
    return [book for book in books if book.cases or book.later or book.before]


def _limit(book: Book, visits: int) -> None:
    """Leave for a later list what needs a visit to a household beyond the limit."""
    best: dict[int, tuple[bool, int, int]] = {}
    for at, case in enumerate(book.cases):
        if case.settle == VISIT:
            rank = (not case.urgent, SEVERITIES.index(case.severity), at)
            best[case.household] = min(best.get(case.household, rank), rank)
    chosen = set(sorted(best, key=lambda home: best[home])[:visits])
    book.later = len(best) - len(chosen)
    book.cases = [c for c in book.cases if c.settle != VISIT or c.household in chosen]
