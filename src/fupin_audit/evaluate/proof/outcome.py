"""What proving a run left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["check", "pandera"]
Way = Literal["pandas", "shared"]


@dataclass(frozen=True, slots=True)
class Apart:
    """A row on which the two differ, and which of them finds it. `field` is set
    for contracts of fields. `row` is the number a spreadsheet shows."""

    rule: str
    found_by: Side
    file: str
    sheet: str
    row: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class RuleProof:
    """One rule on one table.

    Attributes:
        way: `pandas`: reckoned a second time; `shared`: the verdict is the
            engine's own, so that only what pandera makes of it is proved.
        agreed: Rows that both find.
        apart: Rows that one of them finds.
        undecided_apart: Rows that one of them calls undecided, and the other not.
    """

    rule: str
    table: str
    way: Way
    agreed: int
    apart: tuple[Apart, ...] = ()
    undecided_apart: int = 0

    @property
    def same(self) -> bool:
        return not self.apart and not self.undecided_apart


@dataclass(slots=True)
class TableProof:
    """A table: its rows, the rules compared on it, and how long that took."""

    table: str
    label: str
    rows: int
    rules: list[RuleProof] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def agreed(self) -> int:
        return sum(r.agreed for r in self.rules)

    @property
    def apart(self) -> int:
        return sum(len(r.apart) for r in self.rules)

    @property
    def undecided_apart(self) -> int:
        return sum(r.undecided_apart for r in self.rules)

    def by(self, way: Way) -> int:
        return sum(r.way == way for r in self.rules)


@dataclass(slots=True)
class Proof:
    """Attributes:
    tables: In the order of the run.
    not_held: Rule → why no frame can hold it (Chinese).
    silent: Rule → why this data cannot be judged by it (Chinese).
    drawn: Households drawn of how many; None where all were proved.
    """

    tables: list[TableProof]
    not_held: dict[str, str]
    silent: dict[str, str]
    drawn: tuple[int, int] | None = None

    @property
    def same(self) -> bool:
        return not self.differing()

    def differing(self) -> list[str]:
        """Return the rules on which the two differ."""
        return sorted({r.rule for r in self.every() if not r.same})

    def every(self) -> Iterable[RuleProof]:
        return (rule for table in self.tables for rule in table.rules)
