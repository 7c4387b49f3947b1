"""Looking down: one value per parent row from its child rows."""

from __future__ import annotations

import numpy as np

from fupin_audit.evaluate.values import Column, Mask, Rows, Truth


def aggregate(function: str, inner: list[Column | Truth], rows: Rows, n: int) -> Column | Truth:
    """Fold child rows into their parents.

    Args:
        function: `any all count sum min max pick`.
        inner: What is folded, per child row: a condition, numbers, or for
            `pick` a value and a condition.
        rows: Parent row of each child row, -1 for none.
        n: Number of parent rows.

    Returns:
        A condition or a value per parent. One unknown child makes the answer
        unknown, unless the known ones settle it.
    """
    match function, inner:
        case "any", [Truth() as x]:
            return _any(x, rows, n)
        case "all", [Truth() as x]:
            return ~_any(~x, rows, n)
        case "count", [Truth() as x]:
            unknown = _some(x.unknown, rows, n)
            return Column(_count(x.yes, rows, n), ~unknown, unknown)
        case "pick", [value, Truth() as condition]:
            return _pick(_as_column(value), condition, rows, n)
        case _, [Column() as x]:
            return _number(function, x, rows, n)
    raise AssertionError(function)


def _as_column(value: Column | Truth) -> Column:
    if isinstance(value, Column):
        return value
    known = value.yes | value.no
    return Column(value.yes.astype(np.float64), known, ~known)


def _count(mask: Mask, rows: Rows, n: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    inside = mask & (rows >= 0)
    return np.bincount(rows[inside], minlength=n).astype(np.float64)


def _some(mask: Mask, rows: Rows, n: int) -> Mask:
    found = np.zeros(n + 1, bool)
    found[rows[mask]] = True  # row -1 is the one too many
    return found[:n]


def _any(x: Truth, rows: Rows, n: int) -> Truth:
    yes = _some(x.yes, rows, n)
    return Truth(yes, ~yes & ~_some(x.unknown, rows, n))


def _number(function: str, x: Column, rows: Rows, n: int) -> Column:
    inside = x.known & (rows >= 0)
    missing = _some(~x.known, rows, n)
    if function == "sum":
        data = np.bincount(rows[inside], weights=x.data[inside], minlength=n)
        return Column(data, ~missing, missing)
    start, ufunc = (np.inf, np.minimum) if function == "min" else (-np.inf, np.maximum)
    data = np.full(n, start)
    ufunc.at(data, rows[inside], x.data[inside])
    known = ~missing & np.isfinite(data)
    return Column(np.where(known, data, 0.0), known, ~known)


def _pick(value: Column, condition: Truth, rows: Rows, n: int) -> Column:
    """The value of the child for which the condition holds; void if none does,
    or if several do and disagree."""
    chosen = np.flatnonzero(condition.yes & (rows >= 0))
    at = np.full(n, -1, dtype=np.int64)
    at[rows[chosen][::-1]] = chosen[::-1]
    result = value.take(at)
    first = at[rows[chosen]]
    same = (value.data[chosen] == value.data[first]) & (value.known[chosen] == value.known[first])
    torn = np.zeros(n, bool)
    torn[rows[chosen[~same]]] = True
    return Column(result.data, result.known & ~torn, result.voids | torn, result.texts)
