"""Keys of one or more columns as whole numbers: equal keys, equal numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fupin_audit.evaluate.values import Column, Mask
from fupin_audit.model.distinct import distinct, distinct_numbers

Codes = npt.NDArray[np.int64]


def all_known(columns: Sequence[Column]) -> Mask:
    """Tell where every column has a value."""
    return np.asarray(np.logical_and.reduce([c.known for c in columns]))


def group_codes(columns: Sequence[Column]) -> tuple[Codes, int]:
    """Number the distinct combinations of several columns, row by row.

    Only meaningful where all columns are known.

    Returns:
        The numbers, and how many there are.
    """
    return _combined([_codes(column) for column in columns])


def common_codes(left: Sequence[Column], right: Sequence[Column]) -> tuple[Codes, Codes, int]:
    """Number the keys of two tables alike, column by column.

    Only meaningful where all columns of a row are known.
    """
    size = len(left[0])
    codes, count = _combined([_joint(a, b) for a, b in zip(left, right, strict=True)])
    return codes[:size], codes[size:], count


def one_dictionary(a: Column, b: Column) -> tuple[Column, Column]:
    """Give two text columns the same list of texts."""
    if a.texts is None or b.texts is None or a.texts is b.texts:
        return a, b
    places, texts = distinct(np.concatenate([a.texts, b.texts]))
    size = len(a.texts)
    return (
        Column(places[:size][a.data], a.known, a.void, texts),
        Column(places[size:][b.data], b.known, b.void, texts),
    )


def first_rows(codes: Codes, among: Mask, count: int) -> Codes:
    """Return per key the first row that has it, -1 where none has."""
    rows = np.flatnonzero(among)
    first = np.full(count, -1, dtype=np.int64)
    first[codes[rows[::-1]]] = rows[::-1]  # the last one written stays
    return first


def _codes(column: Column) -> tuple[Codes, int]:
    if column.texts is not None:
        return column.data.astype(np.int64), len(column.texts)
    if column.data.strides == (0,):  # one number for all rows
        return np.zeros(len(column), dtype=np.int64), 1
    codes, found = distinct_numbers(column.data)
    return codes, len(found)


def _joint(a: Column, b: Column) -> tuple[Codes, int]:
    """Number the values of one column after those of the other."""
    if (a.texts is None) != (b.texts is None):  # a text is no number
        (left, of_left), (right, of_right) = _codes(a), _codes(b)
        return np.concatenate([left, right + of_left]), of_left + of_right
    a, b = one_dictionary(a, b)
    return _codes(Column(np.concatenate([a.data, b.data]), a.known, texts=a.texts))


def _combined(parts: Sequence[tuple[Codes, int]]) -> tuple[Codes, int]:
    combined, size = parts[0]
    for codes, count in parts[1:]:
        if count > 1:
            # Numbered anew each time, so that no product can outgrow 64 bits.
            combined = distinct_numbers(combined * count + codes)[0]
            size = int(combined.max(initial=-1)) + 1
    return combined, size
