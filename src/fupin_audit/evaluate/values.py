"""Columns with three-valued logic, on plain numpy arrays.

A value is known, blank or void. A condition is true, false or neither; the
two masks of `Truth` make Kleene's tables one `and` or `or` each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from fupin_audit.model.distinct import distinct
from fupin_audit.model.values import Coded, Values

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
EPSILON = 1e-9
"""Two amounts this close, relatively, are equal: 0.1 + 0.2 is 0.3."""

_ROWS_PER_TEXT = 4  # that can be compared text by text while a text is numbered

COMPARISON = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater,
    ">=": np.greater_equal,
}  # fmt: skip
ARITHMETIC = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "%": np.mod}


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition per row: `yes`, `no`, or neither (unknown)."""

    yes: Mask
    no: Mask

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> Truth:
        return Truth(self.no, self.yes)

    @property
    def unknown(self) -> Mask:
        return ~(self.yes | self.no)


@dataclass(frozen=True, slots=True)
class Column:
    """Values per row.

    Attributes:
        data: float64 for numbers, int64 days since 1970 for dates, int32 codes
            into `texts` for text. Meaningless where not known.
        known: Where there is a value.
        void: Where the cell cannot be judged; None is nowhere. What is neither
            known nor void is blank.
        texts: Distinct texts, for text columns.
    """

    data: npt.NDArray[Any]
    known: Mask
    void: Mask | None = None
    texts: npt.NDArray[np.object_] | None = None

    def __len__(self) -> int:
        return len(self.known)

    @property
    def voids(self) -> Mask:
        return self.void if self.void is not None else np.zeros(len(self.known), bool)

    def take(self, rows: npt.NDArray[np.int64]) -> Column:
        """Return the values at row numbers; -1 gives a void."""
        inside = rows >= 0
        if not len(self.data):
            nothing = np.zeros(len(rows), bool)
            return Column(np.zeros(len(rows), self.data.dtype), nothing, ~nothing, self.texts)
        at = np.where(inside, rows, 0)
        return Column(self.data[at], self.known[at] & inside, self.voids[at] | ~inside, self.texts)


def void_where(column: Column, at: Mask) -> Column:
    """Return the column with nothing to be said of some rows."""
    if not at.any():
        return column
    return Column(column.data, column.known & ~at, column.voids | at, column.texts)


@overload
def taken(values: Truth, rows: Rows) -> Truth: ...
@overload
def taken(values: Column | Truth, rows: Rows) -> Column | Truth: ...
def taken(values: Column | Truth, rows: Rows) -> Column | Truth:
    """Return what stands in other rows; nothing is known of row -1."""
    if isinstance(values, Column):
        return values.take(rows)
    inside = rows >= 0
    if not len(values.yes):
        return Truth(inside & False, inside & False)
    at = np.where(inside, rows, 0)
    return Truth(values.yes[at] & inside, values.no[at] & inside)


def days(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def truth(known_yes: Mask, known: Mask) -> Truth:
    """Return the condition that is `known_yes` where known."""
    yes = known_yes & known
    return Truth(yes, known ^ yes)


def constant(value: Any, n: int) -> Column | Truth:
    """Return a literal as a column of n rows (cheap: a broadcast view)."""
    every = np.broadcast_to(np.True_, (n,))
    if isinstance(value, bool):
        return Truth(every, ~every) if value else Truth(~every, every)
    if isinstance(value, str):
        texts = np.array([value], dtype=object)
        return Column(np.broadcast_to(np.int32(0), (n,)), every, None, texts)
    return Column(np.broadcast_to(np.float64(value), (n,)), every)


def number_column(value: float, n: int) -> Column:
    """Return a number as a column of n rows."""
    return Column(np.broadcast_to(np.float64(value), (n,)), np.broadcast_to(np.True_, (n,)))


def day_column(value: date, n: int) -> Column:
    """Return a day as a column of n rows."""
    every = np.broadcast_to(np.True_, (n,))
    return Column(np.broadcast_to(np.int64(days(value)), (n,)), every)


def nothing(n: int, kind: str) -> Column:
    """Return a column of n voids."""
    dtype = {"text": np.int32, "multi": np.int32, "date": np.int64}.get(kind, np.float64)
    texts = np.array([""], dtype=object) if kind in ("text", "multi") else None
    return Column(np.zeros(n, dtype), np.zeros(n, bool), np.ones(n, bool), texts)


def unsaid(n: int, kind: str) -> Column | Truth:
    """Return n rows of a kind of which nothing is known."""
    if kind == "bool":
        return Truth(np.zeros(n, bool), np.zeros(n, bool))
    return nothing(n, kind)


def column_of(values: Values, void: Mask | None = None) -> Column:
    """Return a field of a table as evaluation sees it."""
    if isinstance(values, Coded):
        texts = values.texts if len(values.texts) else np.array([""], dtype=object)
        codes = values.codes.astype(np.int32)
        return Column(np.maximum(codes, 0), codes >= 0, void, texts)
    data, known = values.data, values.known
    if data.dtype.kind == "M":
        data = np.where(known, data.astype("datetime64[D]").astype(np.int64), 0)
    return Column(data.astype(np.float64) if data.dtype.kind == "i" else data, known, void)


def arithmetic(op: str, a: Column, b: Column) -> Column:
    """Compute; blank, void and division by nothing give an unknown."""
    known = a.known & b.known
    if op in "/%":
        known = known & (b.data != 0)
    divisor = np.where(b.data == 0, 1.0, b.data) if op in "/%" else b.data
    with np.errstate(over="ignore", invalid="ignore"):
        data = ARITHMETIC[op](a.data, divisor)
    known = known & np.isfinite(data)
    return Column(data, known, ~known)


def compare(op: str, a: Column, b: Column) -> Truth:
    """Compare numbers, dates or texts; unknown where a side is not known."""
    known = a.known & b.known
    if a.texts is not None and b.texts is not None:
        same = _same_text(a, b, known)
        return truth(same if op == "==" else ~same, known)
    x, y = a.data, b.data
    if "f" not in (x.dtype.kind, y.dtype.kind) or _plainly_apart(x, y):
        return truth(COMPARISON[op](x, y), known)
    near = np.abs(x - y) <= EPSILON * np.maximum(1.0, np.maximum(np.abs(x), np.abs(y)))
    if op in ("==", "!="):
        return truth(near if op == "==" else ~near, known)
    strict = x < y if op[0] == "<" else x > y
    return truth(strict & ~near if len(op) == 1 else strict | near, known)


def _plainly_apart(x: npt.NDArray[Any], y: npt.NDArray[Any]) -> bool:
    """Tell whether no two numbers differ by no more than machines reckon amiss.

    Figures of a register are the same or far apart: the widest tolerance of all
    rows says so at once, and no row's own need be reckoned.
    """
    if x.strides == (0,):  # one number for all rows
        x, y = y, x
    if y.strides == (0,) and len(y):
        number = float(y[0])
        slack = 2 * EPSILON * max(1.0, abs(number))  # more than any row's own
        near = (x >= number - slack) & (x <= number + slack)
        return int(np.count_nonzero(near)) == int(np.count_nonzero(x == number))
    ends = np.array([x.min(initial=0), x.max(initial=0), y.min(initial=0), y.max(initial=0)])
    if not np.isfinite(ends).all():
        return False
    apart = np.abs(x - y)
    near = apart <= EPSILON * max(1.0, float(np.abs(ends).max()))
    return int(np.count_nonzero(near)) == len(apart) - int(np.count_nonzero(apart))


def _same_text(a: Column, b: Column, known: Mask) -> Mask:
    assert a.texts is not None
    assert b.texts is not None
    if len(b.texts) == 1:
        return np.asarray((a.texts == b.texts[0])[a.data])
    if len(a.texts) == 1:
        return np.asarray((b.texts == a.texts[0])[b.data])
    if a.texts is b.texts:
        return np.asarray(a.data == b.data)
    if len(known) < _ROWS_PER_TEXT * (len(a.texts) + len(b.texts)):
        rows = np.flatnonzero(known)
        same = np.zeros(len(known), bool)
        same[rows] = a.texts[a.data[rows]] == b.texts[b.data[rows]]
        return same
    places, size = distinct(np.concatenate([a.texts, b.texts]))[0], len(a.texts)
    return np.asarray(places[:size][a.data] == places[size:][b.data])


def per_text(column: Column, function: Callable[[str], Any], dtype: Any) -> npt.NDArray[Any]:
    """Apply a function once per distinct text and spread it over the rows."""
    assert column.texts is not None
    table = np.fromiter(map(function, column.texts.tolist()), dtype, len(column.texts))
    return np.asarray(table[column.data])


def spread(answers: Column | Truth, column: Column) -> Column | Truth:
    """Give every row the answer of its text; a text without one gives a void."""
    at = column.data  # codes into the texts
    if isinstance(answers, Truth):
        if (answers.yes | answers.no).all():
            return truth(answers.yes[at], column.known)
        return Truth(answers.yes[at] & column.known, answers.no[at] & column.known)
    answered = answers.known[at]
    void = column.void
    if not answers.known.all():
        void = column.voids | (column.known & ~answered)
    return Column(answers.data[at], column.known & answered, void, answers.texts)


def isin(column: Column, options: Sequence[Any]) -> Truth:
    """Membership in a list of constants."""
    if column.texts is not None:
        wanted = set(options)
        return truth(per_text(column, wanted.__contains__, bool), column.known)
    inside = np.zeros(len(column), bool)
    for option in options:
        inside |= compare("==", column, constant(option, len(column))).yes  # type: ignore[arg-type]
    return truth(inside, column.known)
