"""The shapes of a synthetic county: rows, cells that are not plain values, faults.

Rows are dicts of canonical field → cell. A text cell is `str`, a number cell
`int` or `float`, a blank `None`; the classes here are what else a workbook
cell can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fupin_audit.sample.people import HOUSEHOLDS_PER_VILLAGE


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell that shows `#N/A` or one of its kin."""

    code: str


@dataclass(frozen=True, slots=True)
class BareFormula:
    """A formula whose result the file does not hold."""

    text: str


Cell = str | int | float | ErrorValue | BareFormula | None
Row = dict[str, Cell]


class Expected(NamedTuple):
    """One finding: rule, 户编号 and 人口编号, empty where the finding has none.

    `needs` are the fields the rule reads besides those in error: a file without
    one of them cannot show the finding.
    """

    rule: str
    household: str
    person: str = ""
    needs: tuple[str, ...] = ()


class Change(NamedTuple):
    """One cell made wrong. `person` is empty for a household cell."""

    household: str
    person: str
    field: str
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault and every finding it must lead to.

    Attributes:
        kind: Name of the fault, `id-check-digit`.
        rule: The rule the fault is planted for; first of `expected`.
        household, person: Where it sits; person empty for a household fault.
        field, before, after: The cell concerned, first of `changes`.
        changes: Every cell that was changed.
        removed: `household` or `members` when rows were taken away.
        expected: The finding of `rule` and its stated consequences.
    """

    kind: str
    rule: str
    household: str
    person: str
    field: str
    before: Cell
    after: Cell
    changes: tuple[Change, ...]
    expected: tuple[Expected, ...]
    removed: str = ""


@dataclass(slots=True)
class County:
    """All rows of a synthetic county, household by household.

    Attributes:
        as_of: The day the register describes; its year is the data year.
        region: Six-digit division code.
        name: The division's name.
        households: One row per household.
        members: One row per person, grouped as `households` is ordered, the
            head first.
        footers: Whether total and note lines stand below the data.
    """

    as_of: date
    region: str
    name: str
    households: list[Row]
    members: list[Row]
    footers: bool = False

    @property
    def monitoring(self) -> bool:
        """Whether the rows are of the monitoring era (from 2021)."""
        return self.as_of.year >= 2021

    def families(self) -> dict[str, list[Row]]:
        """Return the member rows by 户编号."""
        out: dict[str, list[Row]] = {}
        for member in self.members:
            out.setdefault(str(member["户编号"]), []).append(member)
        return out

    def split(self, parts: int) -> list[County]:
        """Return the county cut into runs of whole villages of nearly equal number.

        With too few villages for that, villages are cut too.
        """
        families = self.families()
        size = len(self.households)
        step = HOUSEHOLDS_PER_VILLAGE if size >= parts * HOUSEHOLDS_PER_VILLAGE else 1
        cuts = [size * i // parts // step * step for i in range(parts)]
        out = []
        for first, last in pairwise([*cuts, size]):
            rows = self.households[first:last]
            people = [m for h in rows for m in families[str(h["户编号"])]]
            out.append(County(self.as_of, self.region, self.name, rows, people))
        return out
