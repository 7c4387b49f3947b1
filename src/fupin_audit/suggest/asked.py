"""What a finder is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import Dataset, TableData
from fupin_audit.model.findings import RuleHits
from fupin_audit.model.suggestion import Confidence, Offer
from fupin_audit.model.values import Coded
from fupin_audit.packs.resolve import ResolvedPack

Rows = npt.NDArray[np.int64]


class Found(NamedTuple):
    """A candidate; `field` empty is the field that was asked for."""

    value: str
    why: tuple[str, str]
    confidence: Confidence = "unsafe"
    field: str = ""


@dataclass(slots=True)
class Run:
    """What finders may look at, and what they keep between two questions."""

    dataset: Dataset
    pack: ResolvedPack
    kept: dict[tuple[str, ...], object] = field(default_factory=dict)

    def table(self, name: str) -> TableData | None:
        return self.dataset.tables.get(name)

    def texts(self, table: str, name: str | None, rows: Rows) -> list[str | None]:
        """Return a text field of some rows, None where it is blank, void or not there."""
        values = self._values(table, name, rows)
        return [str(value) if value else None for value in values]

    def numbers(self, table: str, name: str | None, rows: Rows) -> list[float | None]:
        """Return a number field of some rows, None where there is none."""
        values = self._values(table, name, rows)
        return [float(v) if isinstance(v, int | float) else None for v in values]

    def days(self, table: str, name: str | None, rows: Rows) -> list[date | None]:
        """Return a day field of some rows, None where there is none."""
        values = self._values(table, name, rows)
        return [v.date() if isinstance(v, datetime) else None for v in values]

    def has(self, table: str, name: str | None, rows: Rows) -> list[bool]:
        """Tell for some rows whether their sheet has a column for a field."""
        data = self.dataset.tables[table]
        if not name or name not in data.columns:
            return [False] * len(rows)
        lacking = data.lacking.get(name)
        there: list[bool] = [True] * len(rows) if lacking is None else (~lacking[rows]).tolist()
        return there

    def _values(self, table: str, name: str | None, rows: Rows) -> list[Any]:
        data = self.dataset.tables[table]
        if not name or name not in data.columns:
            return [None] * len(rows)
        column = data.columns[name]
        if isinstance(column, Coded):  # few of many: the rest of the texts is left alone
            values: list[Any] = [
                column.texts[code] if code >= 0 else None for code in column.codes[rows].tolist()
            ]
        else:
            values = column.take(rows).listed()
        void = data.void.get(name)
        if void is None:
            return values
        return [None if v else one for one, v in zip(values, void[rows].tolist(), strict=True)]


@dataclass(frozen=True, slots=True)
class Asked:
    """Some hits of a rule for which a finder shall look.

    Attributes:
        field: The field to find a value for; of a rule whose rows are each about
            a field of its own, empty.
        at: The hits asked for.
        offer: What the rule's own expressions say of this entry, if it has any.
    """

    hits: RuleHits
    field: str
    at: list[int]
    offer: Offer | None = None

    @property
    def rows(self) -> Rows:
        return self.hits.rows[self.at]

    def field_of(self, at: int) -> str:
        if self.field or self.hits.blame_per_row is None:
            return self.field
        return self.hits.blame_per_row[at]


Answers = dict[int, Found]
"""By hit."""
