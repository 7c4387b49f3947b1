"""Recipes for days, months and years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.domain import dates
from fupin_audit.domain.characters import without_spaces
from fupin_audit.model.sheet import Cell
from fupin_audit.normalise.cleaned import (
    BLANK,
    PLACEHOLDERS,
    UNREADABLE,
    Cells,
    Cleaned,
    sort_cells,
)

_NEEDED = {"date": "缺少日", "month": "缺少月份"}


def clean_date(cells: list[Cell]) -> Cleaned:
    """Days, as datetime64[s]; a month alone is unreadable."""
    kinds = sort_cells(cells)
    values = np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[D]")
    rest = _compact_days(kinds, values)
    days, state, detail, touched = _slow(kinds, rest, dates.read_date, "date")
    at = list(days)
    values[at] = np.array(list(days.values()), dtype="datetime64[D]")
    touched.extend(i for i in kinds.texts if state[i] == 0 and len(cells[i]) == 8)  # type: ignore[arg-type]
    return Cleaned(values.astype("datetime64[s]"), state, detail, touched)


def clean_month(cells: list[Cell]) -> Cleaned:
    """Months as yyyymm; a full day gives its month, a year alone nothing."""
    return _whole(cells, dates.read_month, "month")


def clean_period(cells: list[Cell]) -> Cleaned:
    """Months as yyyymm; a year alone stays a year, yyyy."""
    return _whole(cells, dates.read_period, "period")


def clean_year(cells: list[Cell]) -> Cleaned:
    """Years; a day or month gives its year."""
    return _whole(cells, dates.read_year, "year")


def _whole(cells: list[Cell], read: Callable[[object], int | None], precision: str) -> Cleaned:
    kinds = sort_cells(cells)
    everything = [*kinds.texts, *kinds.numbers]
    found, state, detail, touched = _slow(kinds, everything, read, precision)
    values = np.zeros(len(cells), dtype=np.int64)
    values[list(found)] = list(found.values())
    return Cleaned(values, state, detail, touched)


def _slow(
    kinds: Cells, at: list[int], read: Callable[[object], object], precision: str
) -> tuple[dict[int, Any], npt.NDArray[np.uint8], dict[int, str], list[int]]:
    """Read cells one by one; those of another kind than text and number too."""
    found: dict[int, Any] = {}
    state, detail = kinds.state, {}
    for i in (*at, *kinds.others):
        cell = kinds.cells[i]
        value = read(cell)
        if value is not None:
            found[i] = value
        elif isinstance(cell, str) and without_spaces(cell) in PLACEHOLDERS:
            state[i] = BLANK
        else:
            state[i] = UNREADABLE
            if precision in _NEEDED and dates.read(cell) is not None:
                detail[i] = _NEEDED[precision]
    return found, state, detail, [*at, *kinds.others]


def _compact_days(kinds: Cells, values: npt.NDArray[np.datetime64]) -> list[int]:
    """Read `19800101` and `1980-01-01` texts at once; return the cells left."""
    texts = kinds.text()
    if not texts:
        return kinds.numbers
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    at = np.array(kinds.texts, dtype=np.int64)
    letters = np.array(texts, dtype="U10").view(np.uint32).reshape(len(texts), 10).astype(np.int64)
    figures = letters - 48
    digit = (figures >= 0) & (figures <= 9)
    compact = (lengths == 8) & digit[:, :8].all(axis=1)
    dashed = (lengths == 10) & (letters[:, 4] == 45) & (letters[:, 7] == 45)
    dashed &= digit[:, [0, 1, 2, 3, 5, 6, 8, 9]].all(axis=1)
    done = np.zeros(len(texts), dtype=bool)
    for mask, columns in ((compact, range(8)), (dashed, (0, 1, 2, 3, 5, 6, 8, 9))):
        if not mask.any():
            continue
        part = figures[mask][:, list(columns)]
        year = part[:, :4] @ np.array([1000, 100, 10, 1])
        day = dates.days(year, part[:, 4:6] @ np.array([10, 1]), part[:, 6:] @ np.array([10, 1]))
        values[at[mask]] = day
        done[np.flatnonzero(mask)[~np.isnat(day)]] = True
    return [*at[~done].tolist(), *kinds.numbers]
