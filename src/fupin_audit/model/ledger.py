"""The income ledger of many households: columns, one value per household row.

Nothing is formatted or masked here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

UNKNOWN, COMPUTED, TAKEN = 0, 1, 2
"""Where a recomputed amount comes from: nowhere; its parts; the filled cell,
because the parts are not all there."""


@dataclass(slots=True)
class LedgerLine:
    """One line of the ledger for every household.

    Attributes:
        id: `wages`, `wages.公益性岗位收入`, `cost`, `gross`, `net`, `per_head` …
        zh, en: What the line is called.
        field: The column of the household table it is filled in.
        level: 0 a total, 1 a kind of income or the costs, 2 an item, 3 a part
            of an item (shown beside it, never added).
        sign: +1 income, −1 cost, 0 neither (totals, per head).
        filled: As the register has it; NaN where blank or unreadable.
        void: The cell is there but cannot be read, or its sheet lacks the column.
        recomputed: As the method has it; NaN where it cannot be known. Of an
            item: what counts of it, 0 where it does not count.
        source: `UNKNOWN`, `COMPUTED` or `TAKEN` per household.
        present: Some sheet of the run carries the column.
        counts: The item counts under the local method (True for everything that
            is no item); False: it is listed and not counted.
        note: What the method says of it, Chinese.
    """

    id: str
    zh: str
    en: str
    field: str
    level: int
    sign: int
    filled: Floats
    void: Mask
    recomputed: Floats
    source: npt.NDArray[np.int8]
    present: bool = True
    counts: bool = True
    note: str = ""

    @property
    def difference(self) -> Floats:
        """Filled less recomputed; NaN where either is not known."""
        return self.filled - self.recomputed


@dataclass(frozen=True, slots=True)
class LedgerOption:
    """One choice of the local method: a parameter and its value of the day.

    `gap` says why there is no value, Chinese; `weak` that it is seen only in a
    secondary source or inferred; `basis` names the documents.
    """

    name: str
    zh: str
    en: str
    value: str
    unit: str = ""
    gap: str = ""
    weak: bool = False
    basis: str = ""
    note: str = ""


@dataclass(slots=True)
class LedgerStandard:
    """A line income per head is held against.

    Attributes:
        id, zh, en: `exit_line` 退出标准线, `national_line`, `monitoring_line`.
        value: Yuan per household row; NaN where there is none for its year.
        distance: Income per head (`IncomeLedger.judged`) less the line.
        gap: Why no household has a value, Chinese; empty if some have.
    """

    id: str
    zh: str
    en: str
    value: Floats
    distance: Floats
    gap: str = ""


@dataclass(slots=True)
class IncomeLedger:
    """The reckoning of every row of the household table, in its order.

    Attributes:
        table: The table the rows are of (`household`).
        lines: In the order of the form: each kind followed by its items, the
            costs with theirs, then gross, net, per head.
        year: Data year per row; NaN where it is not known.
        size: People the income is divided among; NaN where not known.
        judged: Income per head that exit is judged by (of the two that can be
            had, the one the rules use); NaN where it cannot be trusted.
        standards: The lines of the era, the strictest first.
        options: The local method, as chosen by parameters.
    """

    table: str
    lines: list[LedgerLine]
    year: Floats
    size: Floats
    judged: Floats
    standards: list[LedgerStandard]
    options: list[LedgerOption] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.year)

    def line(self, key: str) -> LedgerLine:
        """Return a line by id (`net`, `wages`, `transfers.最低生活保障金`)."""
        return next(one for one in self.lines if one.id == key)

    def standard(self, key: str) -> LedgerStandard | None:
        """Return a standard by id; None if this era has no such line."""
        return next((one for one in self.standards if one.id == key), None)

    @property
    def main(self) -> LedgerStandard | None:
        """The standard to show where only one can be: the first with a value."""
        known = [s for s in self.standards if not s.gap]
        return known[0] if known else (self.standards[0] if self.standards else None)
