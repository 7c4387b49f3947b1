"""Values in pandas' own nullable dtypes, and what can be reckoned with them.

Nothing here is shared with the engine's arrays: blanks are `pd.NA`, conditions
are pandas' `boolean`, whose `&` and `|` are Kleene's, and no value is coded.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

TEXT = pd.StringDtype(na_value=pd.NA)
TOLERANCE = 1e-9
"""Of two amounts that are equal but for the way machines reckon."""
_DTYPES: dict[str, Any] = {"text": TEXT, "multi": TEXT, "bool": "boolean", "date": "datetime64[s]"}

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "%": operator.mod,
}  # fmt: skip


@dataclass(frozen=True)
class Cells:
    """One value per row; `void` is where an absent one is not a blank cell but
    cannot be judged. A condition that is absent is neither true nor false."""

    values: pd.Series
    void: pd.Series

    @property
    def known(self) -> pd.Series:
        return self.values.notna()


def dtype_of(kind: str) -> Any:
    """Return the dtype for a kind of expression."""
    return _DTYPES.get(kind, "Float64")


def typed(series: pd.Series, kind: str) -> pd.Series:
    """Return a column in the dtype of its kind."""
    if kind == "date":
        return series.astype("datetime64[s]")
    return series.astype(dtype_of(kind))


def reckoned(values: pd.Series) -> Cells:
    """Hold a result: what could not be reckoned is void, and so is what is no
    finite number."""
    if values.dtype == "Float64":
        values = values.where(np.isfinite(values.to_numpy(np.float64, na_value=np.nan)))
    return Cells(values, values.isna())


def constant(value: Any, index: pd.Index[Any]) -> Cells:
    """Return a literal for every row."""
    kind = {bool: "bool", str: "text", date: "date"}.get(type(value), "number")
    shown = pd.Timestamp(value).as_unit("s") if kind == "date" else value
    values = pd.Series(shown, index=index, dtype=dtype_of(kind))
    return Cells(values, pd.Series(False, index=index))


def nothing(kind: str, index: pd.Index[Any]) -> Cells:
    """Return a value that is void in every row."""
    absent = pd.NaT if kind == "date" else pd.NA
    return Cells(pd.Series(absent, index=index, dtype=dtype_of(kind)), pd.Series(True, index=index))


def as_number(cells: Cells) -> Cells:
    """Return a condition as 1, 0 or void, anything else as it is."""
    return reckoned(cells.values.astype("Float64")) if cells.values.dtype == "boolean" else cells


def compare(op: str, a: Cells, b: Cells) -> Cells:
    """Compare numbers, days or texts; neither true nor false where one is absent."""
    a, b = as_number(a), as_number(b)
    x, y = a.values, b.values
    if x.dtype != "Float64":
        made = {
            "==": x.eq, "!=": x.ne, "<": x.lt, "<=": x.le, ">": x.gt, ">=": x.ge,
        }[op](y).astype("boolean")  # fmt: skip
    else:
        size = np.maximum(np.maximum(x.abs(), y.abs()), 1.0)
        same = (x - y).abs() <= TOLERANCE * size
        if op in ("==", "!="):
            made = same if op == "==" else ~same
        else:
            strict = x < y if op[0] == "<" else x > y
            made = (strict & ~same) if len(op) == 1 else (strict | same)
    return reckoned(made.mask(a.values.isna() | b.values.isna()))


def arithmetic(op: str, a: Cells, b: Cells) -> Cells:
    """Compute; what is absent makes the result void, and so does a division by 0."""
    x, y = as_number(a).values, as_number(b).values
    if op in "/%":
        y = y.mask((y == 0).fillna(False).astype(bool))
    with np.errstate(all="ignore"):
        return reckoned(_ARITHMETIC[op](x, y))


def among(cells: Cells, options: Iterable[Any]) -> Cells:
    """Tell whether a value is one of a list of constants."""
    index = cells.values.index
    if cells.values.dtype == TEXT:
        listed = cells.values.isin(list(options)).astype("boolean")
        return reckoned(listed.mask(cells.values.isna()))
    found = pd.Series(False, index=index, dtype="boolean")
    for option in options:
        found |= compare("==", cells, constant(option, index)).values
    return reckoned(found)


def of_text(cells: Cells, asked: Callable[[str], Any], kind: str) -> Cells:
    """Ask something of every text; None is no answer, and void."""
    codes, texts = pd.factorize(cells.values)
    answers = pd.Series([asked(str(t)) for t in texts], dtype=object)
    if kind == "date":
        days = [None if day is None else np.datetime64(day, "s") for day in answers]
        answers = pd.Series(np.array(days, dtype="datetime64[s]"))
    else:
        answers = answers.map(lambda v: pd.NA if v is None else v).astype(dtype_of(kind))
    made = answers.reindex(np.where(codes < 0, -1, codes))
    made.index = cells.values.index
    if kind == "bool":
        return reckoned(made)
    return Cells(made, made.isna() & (cells.void | cells.known))


def moved(cells: Cells, rows: pd.Series) -> Cells:
    """Return what stands in other rows; row -1 is nowhere, and void."""
    inside = rows.to_numpy() >= 0
    values, void = (s.reindex(rows.to_numpy()) for s in (cells.values, cells.void))
    values.index = void.index = rows.index
    if values.dtype != cells.values.dtype:
        values = values.astype(cells.values.dtype)
    return Cells(values.where(inside), void.fillna(True).astype(bool) | ~inside)
