"""What the ledger tells a page about the runs so far; plain shapes, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Colour = Literal["green", "yellow", "red"]


class Night(NamedTuple):
    """One run in the row of runs.

    Attributes:
        at: When it ended, local time, ISO to the minute.
        left: What was to do after it: errors, warnings, infos.
        closed: What it found corrected, removed, or no longer at fault by a
            changed rule.
    """

    run: int
    at: str
    left: tuple[int, int, int]
    new: int
    reopened: int
    closed: int


class TownshipWork(NamedTuple):
    """One township in the ledger; the name is empty for what has no place.

    Attributes:
        new, reopened, closed: By the last run.
        left: What is to do, by how late it is: green, yellow, red.
        share: Of what was to do in the window, the part that was done; None if
            there was nothing.
    """

    name: str
    new: int
    reopened: int
    closed: int
    left: tuple[int, int, int]
    share: float | None


class Standing(NamedTuple):
    """A finding that is to do: days it has been known, how late that is, and did
    the last run bring it (`new`) or bring it back (`reopened`)?"""

    days: int
    colour: str
    fresh: Literal["", "new", "reopened"]


@dataclass(frozen=True, slots=True)
class History:
    """The ledger after a run.

    Attributes:
        run: The run's number.
        before: When the run before it was, as `Night.at`; empty for the first.
        counts: What the run changed; see `model.run.LedgerNote.counts`.
        nights: The last runs, the oldest first; `earlier` more are not in it.
        townships: Those with the most that is late first.
        standing: Per fingerprint (hex), what is to do.
        window: Days `TownshipWork.share` looks back.
        deadlines: Severity → days until yellow and until red; infinite for never.
    """

    run: int
    before: str
    counts: Mapping[str, int]
    nights: Sequence[Night]
    townships: Sequence[TownshipWork]
    standing: Mapping[str, Standing]
    window: int
    deadlines: Mapping[str, tuple[float, float]]
    earlier: int = 0
    late: Mapping[str, int] = field(default_factory=dict)
