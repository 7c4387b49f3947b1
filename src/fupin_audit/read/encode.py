"""Rows as a reader yields them → dictionary-encoded columns."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.model.sheet import Cell, CellError, RawColumn

_ROWS = 256
"""Rows taken at a time: few enough that their cells are still in the cache."""

_NUMBERS = 1 << 16
_ALIKE = (bool, int, float)
"""Kinds that Python holds for equal: True == 1 == 1.0."""

_Codes = npt.NDArray[np.int32]


class ColumnEncoder:
    """Encodes one column, chunk by chunk.

    Three ways, by what the column turns out to hold: a dictionary; for chunks
    of nothing but floats, sorting; for columns where hardly a text repeats
    (ids), keeping the texts and numbering them at the end.

    The first of the look-alike kinds met keeps plain keys; values of the others
    are keyed with their kind, so that `1`, `1.0` and `True` stay apart.
    """

    __slots__ = ("_index", "_kept", "_numbers", "_parts", "_plain", "_seen")

    def __init__(self) -> None:
        self._index: defaultdict[Any, int] = defaultdict(count(1).__next__)
        self._index[""] = 0
        self._plain: type | None = None
        self._parts: list[_Codes] = []
        self._numbers = array("d")
        self._kept: list[Any] = []
        self._seen = 0

    def skip(self, rows: int) -> None:
        """Append empty cells."""
        if rows:
            self._settle()
            self._parts.append(np.zeros(rows, dtype=np.int32))

    def add(self, cells: tuple[Any, ...], mixed: bool) -> None:
        """Append cells; `mixed` says that several look-alike kinds may occur."""
        if mixed:
            self._settle()
            self._encode(self._apart(cells), len(cells))
            return
        if self._numbers or (type(cells[0]) is float and type(cells[-1]) is float):
            if self._kept:  # which come before: only one of the two is ever held back
                self._settle()
            held = len(self._numbers)
            try:
                self._numbers.extend(cells)
            except TypeError:  # not only numbers after all
                del self._numbers[held:]
            else:
                if held + len(cells) >= _NUMBERS:
                    self._settle()
                return
        if self._kept or self._rarely_repeats():
            if self._numbers:
                self._settle()
            self._kept += cells
            return
        self._settle()
        self._encode(cells, len(cells))
        self._seen += len(cells)

    def add_texts(self, distinct: list[str], codes: _Codes) -> None:
        """Append texts that are already encoded among themselves, in the order
        in which they first occur."""
        if not len(codes):
            return
        if len(distinct) == len(codes):
            self.add(tuple(distinct), mixed=False)
            return
        self._settle()
        known = map(self._index.__getitem__, distinct)
        self._parts.append(np.fromiter(known, np.int32, len(distinct))[codes])
        self._seen += len(codes)

    def _rarely_repeats(self) -> bool:
        return self._seen >= 4 * _ROWS and len(self._index) * 10 > self._seen * 9

    def _encode(self, keys: Iterable[Any], number: int) -> None:
        codes = map(self._index.__getitem__, keys)
        self._parts.append(np.fromiter(codes, np.int32, number))

    def _settle(self) -> None:
        """Number what was held back."""
        if self._numbers:
            distinct, inverse = np.unique(np.asarray(self._numbers), return_inverse=True)
            codes = map(self._index.__getitem__, distinct.tolist())
            self._parts.append(np.fromiter(codes, np.int32, len(distinct))[inverse])
            self._numbers = array("d")
        if self._kept:
            kept, self._kept = self._kept, []
            self._encode(kept, len(kept))

    def _apart(self, cells: tuple[Any, ...]) -> Iterable[Any]:
        kinds = set(map(type, cells)).intersection(_ALIKE)
        if kinds and self._plain is None:
            self._plain = next(kind for kind in (float, int, bool) if kind in kinds)
        kinds.discard(self._plain)
        if not kinds:
            return cells
        return [(type(cell), cell) if type(cell) in kinds else cell for cell in cells]

    def finish(self) -> RawColumn:
        """Return the column; the encoder is then spent."""
        fresh: list[Any] = []
        if self._kept and not self._numbers:
            distinct = set(self._kept)
            if len(distinct) == len(self._kept) and self._index.keys().isdisjoint(distinct):
                # All of them are new, so their order numbers them.
                fresh, self._kept = self._kept, []
                first = len(self._index)
                self._parts.append(np.arange(first, first + len(fresh), dtype=np.int32))
        self._settle()
        values = [*self._index, *fresh]
        if self._plain is not None:
            values = [key[1] if type(key) is tuple else key for key in values]
        values[0] = None
        codes = np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.int32)
        self._index.clear()
        self._parts = []
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
        mixed: Whether booleans, integers and floats may meet in one column. If
            not, every number is a float.
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
