"""Rows as a reader yields them → dictionary-encoded columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.model.sheet import Cell, CellError, RawColumn

_ROWS = 2048
_ALIKE = (bool, int, float)
"""Kinds that Python holds for equal: True == 1 == 1.0."""


class ColumnEncoder:
    """Encodes one column, chunk by chunk.

    The first of the look-alike kinds met keeps plain keys; values of the others
    are keyed with their kind, so that `1`, `1.0` and `True` stay apart.
    """

    __slots__ = ("_index", "_parts", "_plain")

    def __init__(self) -> None:
        self._index: defaultdict[Any, int] = defaultdict(count(1).__next__)
        self._index[""] = 0
        self._plain: type | None = None
        self._parts: list[npt.NDArray[np.int32]] = []

    def skip(self, rows: int) -> None:
        """Append empty cells."""
        if rows:
            self._parts.append(np.zeros(rows, dtype=np.int32))

    def add(self, cells: tuple[Any, ...], mixed: bool) -> None:
        """Append cells; `mixed` says that several look-alike kinds may occur."""
        keys: Iterable[Any] = cells
        if mixed:
            keys = self._keys(cells)
        codes = map(self._index.__getitem__, keys)
        self._parts.append(np.fromiter(codes, np.int32, len(cells)))

    def _keys(self, cells: tuple[Any, ...]) -> Iterable[Any]:
        kinds = set(map(type, cells)).intersection(_ALIKE)
        if kinds and self._plain is None:
            self._plain = next(kind for kind in (float, int, bool) if kind in kinds)
        kinds.discard(self._plain)
        if not kinds:
            return cells
        return [(type(cell), cell) if type(cell) in kinds else cell for cell in cells]

    def finish(self) -> RawColumn:
        """Return the column."""
        values = list(self._index)
        if self._plain is not None:
            values = [key[1] if type(key) is tuple else key for key in values]
        values[0] = None
        codes = np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.int32)
        return RawColumn(codes, values)


def encode_rows(
    rows: Iterator[list[Any]],
    n_rows: int,
    width: int,
    *,
    left: int = 0,
    mixed: bool = True,
    step: Callable[[int], None] | None = None,
) -> list[RawColumn]:
    """Encode rows of equal width that start at row 1.

    Args:
        rows: The rows; `""` is the empty cell. More than `n_rows` are not read.
        n_rows: Number of rows; missing ones are empty.
        width: Cells per row.
        left: Empty columns before the first.
        mixed: Whether booleans, integers and floats may meet in one column.
        step: Told the number of rows done, now and then.
    """
    encoders = [ColumnEncoder() for _ in range(width)]
    done = 0
    while chunk := list(islice(rows, min(_ROWS, n_rows - done))):
        for encoder, cells in zip(encoders, zip(*chunk, strict=True), strict=True):
            encoder.add(cells, mixed)
        done += len(chunk)
        if step:
            step(done)
    for encoder in encoders:
        encoder.skip(n_rows - done)
    return [*empty_columns(left, n_rows), *(encoder.finish() for encoder in encoders)]


def empty_columns(number: int, n_rows: int) -> list[RawColumn]:
    """Return columns that hold nothing."""
    return [RawColumn(np.zeros(n_rows, dtype=np.int32), [None]) for _ in range(number)]


def replace_values(column: RawColumn, change: Callable[[Cell], Cell]) -> RawColumn:
    """Return the column with every distinct value changed.

    Values that become equal share a code; only for columns of one kind of text.
    """
    index: dict[Cell, int] = {None: 0}
    table = np.zeros(len(column.values), dtype=np.int32)
    for code, value in enumerate(column.values):
        if code:
            table[code] = index.setdefault(change(value), len(index))
    if len(index) == len(column.values):
        return RawColumn(column.codes, list(index))
    return RawColumn(table[column.codes], list(index))


def put_errors(columns: list[RawColumn], errors: Mapping[tuple[int, int], str]) -> None:
    """Write error values into the columns, which must reach far enough."""
    known: dict[tuple[int, str], int] = {}
    for (row, column), code in errors.items():
        target = columns[column]
        at = known.get((column, code))
        if at is None:
            at = known[column, code] = len(target.values)
            target.values.append(CellError(code))
        target.codes[row] = at
