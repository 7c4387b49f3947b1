"""What evaluation found: verdicts per rule and row, as columns, not objects.

Personal data stays raw here; masking happens when a report is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fupin_audit.model.suggestion import Offer, Suggestion

Mask = Callable[[str, str], str]
"""(field, text) → text fit to be shown."""


class Absence(Enum):
    """Why a message has no value to show. A blank cell is None instead."""

    NO_COLUMN = "no_column"
    UNREADABLE = "unreadable"
    NO_FIGURE = "no_figure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a message: literal text, or a value to be filled in.

    `field` is set when the value is one field's, so that it can be masked.
    """

    text: str = ""
    argument: int = -1
    field: str = ""
    spec: str = ""


@dataclass(slots=True)
class Stake:
    """Per hit: does it decide whether the household meets the line of its year?

    Attributes:
        label: What the line is called, Chinese and English.
        line: The line in yuan per head; NaN where there is none.
        per_head: The income per head as it stands; NaN where unknown.
        doubt: Yuan of the household's yearly income in doubt; NaN where unknown.
        flips: 1 where the judgement is another if the income is wrong by the
            doubt, 0 where it is not, −1 where nobody can say.
    """

    label: tuple[str, str]
    line: npt.NDArray[np.float64]
    per_head: npt.NDArray[np.float64]
    doubt: npt.NDArray[np.float64]
    flips: npt.NDArray[np.int8]

    def only(self, keep: npt.NDArray[np.bool_]) -> Stake:
        """Return what hangs on some of the hits."""
        return Stake(
            self.label, self.line[keep], self.per_head[keep], self.doubt[keep], self.flips[keep]
        )


class Prints(NamedTuple):
    """Fingerprints of a rule's hits, 16 bytes each, and the secret they hang on."""

    key: bytes
    digests: list[bytes]


@dataclass(slots=True)
class RuleHits:
    """The rows that violate one rule.

    Attributes:
        rule: Rule id.
        severity: As it stands in this region (an overlay may raise it).
        table: The table the rows belong to; empty for sheet findings.
        rows: Row numbers in the table, ascending.
        blame: Fields whose cells are to be marked, most suspect first.
        blame_per_row: For observed rules, the one field each row is about.
        pieces: The message template, Chinese then English.
        arguments: One list per placeholder: a value per hit.
        others: Per hit, some rows of the same table involved with it.
        other_counts: Per hit, how many rows are involved in all, itself not counted.
        sheet: For sheet findings (`table` empty): index into Dataset.sheets.
        cells: For sheet findings: addresses.
        stake: For rules that put income in doubt: what hangs on it.
        prints: Fingerprint per hit, once they are made.
        states: State in the ledger per hit, once it has been asked.
        offers: What the rule's own expressions suggest, one per entry of its
            `suggest`, until the stage of that name has chosen among them.
        suggestions: Per hit, a candidate for the right value, if there is one.
    """

    rule: str
    severity: str
    table: str
    rows: npt.NDArray[np.int64]
    blame: tuple[str, ...]
    pieces: dict[str, list[Piece]]
    arguments: list[list[Any]]
    blame_per_row: list[str] | None = None
    others: list[list[int]] | None = None
    other_counts: list[int] | None = None
    sheet: list[int] | None = None
    cells: list[list[str]] | None = None
    stake: Stake | None = None
    prints: Prints | None = None
    states: list[str] | None = None
    offers: list[Offer] | None = None
    suggestions: list[Suggestion | None] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, keep: npt.NDArray[np.bool_]) -> RuleHits:
        """Return the hits of some rows: `keep` is a mask over the hits."""
        at = np.flatnonzero(keep).tolist()

        def of(values: list[Any] | None) -> list[Any] | None:
            return None if values is None else [values[i] for i in at]

        return replace(
            self,
            rows=self.rows[keep],
            arguments=[[values[i] for i in at] for values in self.arguments],
            blame_per_row=of(self.blame_per_row),
            others=of(self.others),
            other_counts=of(self.other_counts),
            sheet=of(self.sheet),
            cells=of(self.cells),
            stake=None if self.stake is None else self.stake.only(keep),
            prints=self.prints and Prints(self.prints.key, of(self.prints.digests) or []),
            states=of(self.states),
            offers=None if self.offers is None else [one.only(keep) for one in self.offers],
            suggestions=of(self.suggestions),
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one rule: evaluated = passed + violated + unknown, or
    skipped for a reason (Chinese)."""

    rule: str
    evaluated: int = 0
    passed: int = 0
    violated: int = 0
    unknown: int = 0
    skipped: str | None = None


@dataclass(slots=True)
class Findings:
    """`unknown` holds, per rule that could not judge all its rows, which ones:
    a bit per row, as numpy packs them."""

    hits: list[RuleHits] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    unknown: dict[str, npt.NDArray[np.uint8]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(h) for h in self.hits)
