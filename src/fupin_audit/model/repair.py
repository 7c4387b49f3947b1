"""Corrections that were tried on a run's inputs, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from fupin_audit.model.run import CheckResult
from fupin_audit.model.sheet import Cell, address
from fupin_audit.model.suggestion import Confidence

Fate = Literal["applied", "withdrawn", "refused"]
"""applied    the cells hold the new value in the result
withdrawn  tried, and taken back: the reason says what a new check made of it
refused    never tried"""


class Target(NamedTuple):
    """A cell to be changed: zero-based row and column, and what stands there."""

    file: str
    sheet: str | None
    row: int
    column: int
    before: str

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Fix:
    """One value to be put into every cell that tells one field of one record.

    Attributes:
        household, name: Whom it is about; unmasked, empty where unknown.
        targets: The cells, the one the record is told by first; none where no
            sheet has a column for the field.
        value: As it is put into the cells; `after` is how it reads there.
        rules: The rules whose findings it settles.
        why: Chinese and English, without personal values.
    """

    table: str
    field: str
    household: str
    name: str
    targets: tuple[Target, ...]
    value: Cell
    after: str
    rules: tuple[str, ...]
    why: tuple[str, str]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fix; `reason` is Chinese and English, `raised` the rule it
    would have raised a finding of."""

    fix: Fix
    fate: Fate
    reason: tuple[str, str] = ("", "")
    raised: str = ""


@dataclass(slots=True)
class Repair:
    """What a repair came to.

    Attributes:
        result: The check of the inputs as repaired.
        outcomes: In the order of the sheets and their rows.
        before, after: Findings of the rules that were asked for.
        held_back: Fixes that are probable only and were not asked for.
    """

    result: CheckResult
    outcomes: list[Outcome] = field(default_factory=list)
    before: int = 0
    after: int = 0
    held_back: int = 0

    def of(self, fate: Fate) -> list[Outcome]:
        return [one for one in self.outcomes if one.fate == fate]

    @property
    def cells(self) -> int:
        """How many cells hold another value now."""
        return sum(len(one.fix.targets) for one in self.of("applied"))
