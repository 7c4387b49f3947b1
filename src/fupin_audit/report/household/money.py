"""The income ledger of one household as lines: filled, reckoned, difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from fupin_audit.model.ledger import COMPUTED, TAKEN, IncomeLedger, LedgerLine, LedgerStandard
from fupin_audit.report.words import Lang, say

PENNY = 0.0105
"""A fen more or less is rounding: half a fen goes up here and down there."""
PART = 3
"""Level of a part of an item: beside it, never added."""


class MoneyLine(NamedTuple):
    """One line of the account.

    Attributes:
        level: 0 a total, 1 a kind of income or the costs, 2 an item, 3 a part.
        filled, reckoned, difference: Yuan; None where not known.
        void: The cell cannot be read.
        counts: The item counts by the local method.
        taken: The amount is as filled, because its parts are not all there.
    """

    id: str
    label: str
    level: int
    sign: int
    filled: float | None
    reckoned: float | None
    difference: float | None
    void: bool
    counts: bool
    taken: bool
    note: str

    @property
    def differs(self) -> bool:
        return self.difference is not None and abs(self.difference) > PENNY


class Line(NamedTuple):
    """A line income is held against; `distance` is income per head less it."""

    label: str
    value: float | None
    distance: float | None
    gap: str


@dataclass(frozen=True, slots=True)
class Account:
    """The income of one household. `judged` is the income per head that exit is
    judged by."""

    lines: list[MoneyLine]
    size: float | None
    judged: float | None
    standards: list[Line]

    @property
    def main(self) -> Line | None:
        """The standard that counts: the first with a value, else the first."""
        known = [one for one in self.standards if one.value is not None]
        return known[0] if known else self.standards[0] if self.standards else None


def account(ledger: IncomeLedger, row: int, lang: Lang) -> Account:
    """Return one row's account: the kinds, the items its sheet has a column for."""
    lines = [_line(one, row, lang) for one in ledger.lines if _shown(one, row)]
    return Account(
        lines, _known(ledger.size[row]), _known(ledger.judged[row]),
        [_standard(one, row, lang) for one in ledger.standards],
    )  # fmt: skip


def _shown(one: LedgerLine, row: int) -> bool:
    if one.level <= 1:
        return True
    if not one.present:
        return False
    filled = one.filled[row]
    blank = filled != filled
    if one.level >= PART or not one.counts:
        return not blank and filled != 0
    return not blank or bool(one.void[row]) is False


def _line(one: LedgerLine, row: int, lang: Lang) -> MoneyLine:
    filled, reckoned = _known(one.filled[row]), _known(one.recomputed[row])
    taken = int(one.source[row]) == TAKEN and one.level <= 1
    compared = one.level <= 1 and int(one.source[row]) == COMPUTED
    difference = _known(one.difference[row]) if compared else None
    return MoneyLine(
        one.id, say((one.zh, one.en), lang), one.level, one.sign, filled, reckoned, difference,
        bool(one.void[row]) and one.present, one.counts, taken, one.note,
    )  # fmt: skip


def _standard(one: LedgerStandard, row: int, lang: Lang) -> Line:
    value, distance = _known(one.value[row]), _known(one.distance[row])
    return Line(say((one.zh, one.en), lang), value, distance, one.gap)


def _known(value: float) -> float | None:
    return None if value != value else float(value)
