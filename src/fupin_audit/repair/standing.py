"""Which findings stand before and after: told by rule and place, not by what is written.

Cells change here and rows do not move, so the row tells a finding again where its
fingerprint, which hangs on the values, would not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin_audit.model.findings import RuleHits
from fupin_audit.model.run import CheckResult

_ROWS = 40  # bits of a place that hold the row
Kind = tuple[str, str, str]
"""Rule, table and, for rules about single cells, the field."""


class Key(NamedTuple):
    """A finding about a record: its kind, and sheet and row in one number."""

    kind: Kind
    place: int


class New(NamedTuple):
    """A finding that was not there before."""

    hits: RuleHits
    at: int


class Stand(NamedTuple):
    """Places at which findings of one kind stand, and which hits they are."""

    places: npt.NDArray[np.int64]
    hits: RuleHits
    at: npt.NDArray[np.int64]


@dataclass(slots=True)
class Standing:
    """The findings of a check.

    Attributes:
        rows: Kind → where its findings stand.
        cells: (rule, sheet, field) → the cells its findings about sheets name.
        about_sheets: The hits that are about sheets.
    """

    rows: dict[Kind, list[Stand]] = field(default_factory=lambda: defaultdict(list))
    cells: dict[tuple[str, int, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    about_sheets: list[RuleHits] = field(default_factory=list)

    def of(self, keys: Collection[Key]) -> set[Key]:
        """Return those of some findings that stand."""
        places: dict[Kind, set[int]] = {
            kind: {p for stand in self.rows.get(kind, ()) for p in stand.places.tolist()}
            for kind in {key.kind for key in keys}
        }
        return {key for key in keys if key.place in places[key.kind]}


def standing(result: CheckResult) -> Standing:
    """Note where the findings of a check stand."""
    made = Standing()
    for hits in result.findings.hits:
        if hits.sheet is None:
            places = _places(result, hits)
            for name, at in _by_field(hits):
                made.rows[hits.rule, hits.table, name].append(Stand(places[at], hits, at))
            continue
        made.about_sheets.append(hits)
        for i, index in enumerate(hits.sheet):
            made.cells[_sheet_key(hits, i, index)].update(_named(hits, i))
    return made


def keys_of(result: CheckResult, hits: RuleHits) -> list[Key]:
    """Return what tells each finding of a rule again."""
    fields = hits.blame_per_row or [""] * len(hits)
    places = _places(result, hits).tolist()
    return [Key((hits.rule, hits.table, f), p) for f, p in zip(fields, places, strict=True)]


def arisen(before: Standing, after: Standing) -> Iterator[New]:
    """Yield the findings that were not there before."""
    for kind, stands in after.rows.items():
        had = Counter(p for old in before.rows.get(kind, ()) for p in old.places.tolist())
        for stand in stands:
            for place, at in zip(stand.places.tolist(), stand.at.tolist(), strict=True):
                if had[place] <= 0:
                    yield New(stand.hits, at)
                had[place] -= 1
    left = {key: Counter(named) for key, named in before.cells.items()}
    for hits in after.about_sheets:
        for at, index in enumerate(hits.sheet or []):
            named = _named(hits, at)
            known = left.get(_sheet_key(hits, at, index), Counter())
            if any(known[cell] <= 0 for cell in named):
                yield New(hits, at)
            known.subtract(named)


def _places(result: CheckResult, hits: RuleHits) -> npt.NDArray[np.int64]:
    data = result.dataset.tables[hits.table]
    sheet = data.sheet[hits.rows].astype(np.int64)
    places: npt.NDArray[np.int64] = (sheet << _ROWS) | data.raw_row[hits.rows]
    return places


def _by_field(hits: RuleHits) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
    if hits.blame_per_row is None:
        yield "", np.arange(len(hits), dtype=np.int64)
        return
    blamed = np.array(hits.blame_per_row, dtype=object)
    for name in sorted(set(hits.blame_per_row)):
        yield name, np.flatnonzero(blamed == name)


def _sheet_key(hits: RuleHits, at: int, index: int) -> tuple[str, int, str]:
    return hits.rule, index, hits.blame_per_row[at] if hits.blame_per_row else ""


def _named(hits: RuleHits, at: int) -> list[str]:
    return (hits.cells[at] if hits.cells else []) or [""]
