"""A table's columns out of cleaned columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.model.distinct import distinct
from fupin_audit.model.values import Coded, Plain, Values, coded
from fupin_audit.normalise.cleaned import OK, OPEN, VOID
from fupin_audit.normalise.part import Segment
from fupin_audit.normalise.recipes import TEXT_TYPES

Mask = npt.NDArray[np.bool_]


def frame_column(kind: str, n: int, segments: list[Segment]) -> tuple[Values, Mask | None]:
    """Build one column of a table.

    Args:
        kind: The field's type.
        n: Rows of the table; rows in no segment belong to sheets that lack
            the column, and are void.

    Returns:
        (values, void mask or None when nothing is void).
    """
    void = np.ones(n, dtype=bool)
    filled = np.zeros(n, dtype=bool)
    for segment in segments:
        states = segment.column.state[segment.at]
        void[segment.rows] = VOID[states]
        filled[segment.rows] = (states == OK) | (states == OPEN)
    if kind in TEXT_TYPES:
        values: Values = _coded(n, segments, filled)
    elif kind == "date":
        days = np.full(n, np.datetime64("NaT"), dtype="datetime64[s]")
        for segment in segments:
            days[segment.rows] = _values(segment)
        days[~filled] = np.datetime64("NaT")
        values = Plain(days, ~np.isnat(days))
    else:
        whole = kind in ("integer", "month", "year", "period")
        numbers: npt.NDArray[Any] = np.zeros(n, dtype=np.int64 if whole else np.float64)
        for segment in segments:
            numbers[segment.rows] = _values(segment)
        numbers[~filled] = 0
        values = Plain(numbers, filled if whole else filled & ~np.isnan(numbers))
    return values, void if void.any() else None


def _values(segment: Segment) -> npt.NDArray[Any]:
    values = segment.column.cleaned.values
    assert isinstance(values, np.ndarray)
    return values[segment.column.at[segment.at]]


def _coded(n: int, segments: list[Segment], filled: Mask) -> Coded:
    """Merge the distinct texts of all segments; what is not filled is -1."""
    codes = np.full(n, -1, dtype=np.int32)
    if len(segments) == 1 and _distinct(segments[0]):
        categories: Any = segments[0].column.cleaned.values
        codes[segments[0].rows] = segments[0].column.at[segments[0].at]
    else:
        cleaned = [segment.column.cleaned for segment in segments]
        good = [(c.state == OK) | (c.state == OPEN) for c in cleaned]
        texts = [np.array(c.values, dtype=object)[g] for c, g in zip(cleaned, good, strict=True)]
        every = np.concatenate([*texts, np.zeros(0, object)])
        numbers, categories = distinct(every)
        start = 0
        for segment, fit in zip(segments, good, strict=True):
            index = np.full(len(fit), -1, dtype=np.int32)
            end = start + int(fit.sum())
            index[fit] = numbers[start:end]
            codes[segment.rows] = index[segment.column.at[segment.at]]
            start = end
    codes[~filled] = -1
    return coded(codes, np.asarray(categories, dtype=object))


def _distinct(segment: Segment) -> bool:
    """Tell whether all distinct cells are distinct, filled texts as they stand."""
    cleaned = segment.column.cleaned
    return (
        not len(cleaned.touched)
        and cleaned.values is segment.column.cells
        and not cleaned.state.any()
    )
