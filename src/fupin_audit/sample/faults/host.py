"""A household about to be spoiled: its rows, and the record of what is done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from fupin_audit.sample.county import Cell, Change, Expected, Row
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.incomes import add_up, amount, carry_up

SAFE_PER_HEAD = 5300.0
"""Above every line of 2019 with its margin: an exited household has this much."""

EXIT_SCORE = ("是否危房户", "是否通生活用电", "是否参加城乡居民基本养老保险")
"""What the exit score of EX019 reads besides income and medical insurance."""


@dataclass(slots=True)
class Host:
    """One household and the fault being planted in it.

    A fault function changes cells through `put`, states findings through
    `expect`, and returns False, with nothing changed, if the household does not
    suit it.
    """

    row: Row
    members: list[Row]
    year: int
    region: str
    draw: Draw
    others: Iterator[Host]
    changes: list[Change] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    used: list[Host] = field(default_factory=list)
    removed: str = ""

    @property
    def key(self) -> str:
        return str(self.row["户编号"])

    @property
    def head(self) -> Row:
        return self.members[0]

    @property
    def exits(self) -> bool:
        """Whether the household exits in the data year."""
        return self.row.get("脱贫年度") == self.year

    @property
    def watched(self) -> bool:
        """Whether the household is under monitoring."""
        return bool(self.row.get("监测对象类别"))

    def put(self, row: Row, name: str, value: Cell) -> None:
        """Write a cell and remember what it was."""
        person = str(row["人口编号"]) if "人口编号" in row else ""
        self.changes.append(Change(str(row["户编号"]), person, name, row[name], value))
        row[name] = value

    def expect(self, rule: str, person: Row | None = None, *needs: str) -> None:
        number = str(person["人口编号"]) if person else ""
        household = str(person["户编号"]) if person else self.key
        self.expected.append(Expected(rule, household, number, needs))

    def one(self, suits: Callable[[Row], bool]) -> Row | None:
        """Return a member that suits, the head only if no other does."""
        found = [m for m in self.members if suits(m)]
        found = [m for m in found if m is not self.head] or found
        return self.draw.pick(found) if found else None

    def relative(self, *relations: str) -> Row | None:
        return self.one(lambda m: m["与户主关系"] in relations)

    def age(self, member: Row) -> int:
        """Return the years between birth year and data year."""
        return self.year - int(str(member["出生日期"])[:4])

    def partner(self, suits: Callable[[Host], bool]) -> Host | None:
        """Return another untouched household that suits and keep it reserved."""
        for other in self.others:
            if other.key != self.key and suits(other):
                self.used.append(other)
                return other
        return None

    def rebook(self, **cells: Cell) -> bool:
        """Write income cells and add everything up again.

        Returns:
            False, with nothing written, if the household would then fall under
            the line or live mostly on transfers.
        """
        return self._book(cells, add_up)

    def recarry(self, **cells: Cell) -> bool:
        """Write kinds of income or costs and carry them up; as `rebook`."""
        return self._book(cells, carry_up)

    def _book(self, cells: dict[str, Cell], add: Callable[[Row], None]) -> bool:
        trial = {**self.row, **cells}
        add(trial)
        net = amount(trial["纯收入"])
        if amount(trial["人均纯收入"]) < SAFE_PER_HEAD or amount(trial["转移性收入"]) > 0.48 * net:
            return False
        self.write(trial, first=tuple(cells))
        return True

    def write(self, trial: Row, first: tuple[str, ...] = ()) -> None:
        """Write every cell of `trial` that differs, those named first before others."""
        for name in (*first, *(n for n in trial if n not in first)):
            if trial[name] != self.row[name]:
                self.put(self.row, name, trial[name])


Apply = Callable[[Host], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault that can be planted.

    Attributes:
        name: Says what is wrong.
        rule: The rule that must find it.
        fields: Columns a file needs to show it.
        apply: Plants it.
        only: Names of the shapes that can hold it, empty for all.
        until, since: Data years it makes sense in.
    """

    name: str
    rule: str
    fields: tuple[str, ...]
    apply: Apply
    only: tuple[str, ...] = ()
    since: int = 2014
    until: int = 2030
