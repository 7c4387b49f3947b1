"""Which cells are in doubt, so that nothing follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import Dataset
from fupin_audit.model.findings import Findings, RuleHits
from fupin_audit.model.suggestion import Input

Rows = npt.NDArray[np.int64]


class Doubts:
    """The cells that errors blame, looked up by field."""

    def __init__(self, dataset: Dataset, findings: Findings) -> None:
        self.dataset = dataset
        self.blamed: dict[tuple[str, str], list[RuleHits]] = defaultdict(list)
        for hits in findings.hits:
            if hits.severity == "error" and hits.table:
                fields = hits.blame if hits.blame_per_row is None else set(hits.blame_per_row)
                for field in fields:
                    self.blamed[hits.table, field].append(hits)

    def of(
        self, hits: RuleHits, target: str, inputs: Iterable[Input], field: str | None
    ) -> set[int]:
        """Return the hits of which an input is void, or blamed by another error.

        An error that blames the suggested cell too is what the suggestion mends.

        Args:
            field: An input beside `inputs`, of the hit's own row.
        """
        inputs = list(inputs)
        if field:
            every = np.arange(len(hits), dtype=np.int64)
            inputs.append(Input(hits.table, field, hits.rows, every))
        shaky: set[int] = set()
        for one in {(i.table, i.field, id(i.rows)): i for i in inputs}.values():
            bad = self._void(one)
            for other in self.blamed.get((one.table, one.field), ()):
                if other.rule != hits.rule and not _mended(other, hits.table, target):
                    bad |= np.isin(one.rows, _rows(other, one.field))
            shaky.update(one.of[bad].tolist())
        return shaky

    def _void(self, one: Input) -> npt.NDArray[np.bool_]:
        """Tell where there is a cell, and what stands in it cannot be read."""
        data = self.dataset.tables[one.table]
        void, lacking = data.void.get(one.field), data.lacking.get(one.field)
        if void is None:
            return np.zeros(len(one.rows), dtype=bool)
        found = void[one.rows]
        return found if lacking is None else found & ~lacking[one.rows]


def _mended(other: RuleHits, table: str, target: str) -> bool:
    return other.table == table and other.blame_per_row is None and target in other.blame


def _rows(hits: RuleHits, field: str) -> Rows:
    if hits.blame_per_row is None:
        return hits.rows
    keep = [name == field for name in hits.blame_per_row]
    rows: Rows = hits.rows[np.array(keep, dtype=bool)]
    return rows
