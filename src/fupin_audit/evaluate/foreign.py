"""Frames that somebody else made, read as the tables of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from fupin_audit.model.dataset import LACKING, LAST_YEAR, ON, VOID, TableData
from fupin_audit.model.values import Coded, Plain, Values
from fupin_audit.packs.shapes import Table
from fupin_audit.packs.tree import KIND_OF_TYPE

Mask = npt.NDArray[np.bool_]


def table_data(frame: pd.DataFrame, table: Table) -> TableData:
    """Read a frame as a table whose rows come from nowhere in particular.

    Columns may be of any fitting dtype; what is there and cannot be read is
    void. Columns that are no fields of the table are left out, but for the marks
    of `TableData.full_frame`.
    """
    n = len(frame)
    data = TableData({}, np.zeros(n, np.int32), np.arange(n))
    for name in frame.columns:
        field = table.fields.get(str(name).removeprefix(LAST_YEAR))
        if field is not None:
            data.columns[name], void = _values(frame[name], KIND_OF_TYPE[field.type])
            if f"{name}{VOID}" in frame:
                void = void | frame[f"{name}{VOID}"].to_numpy(bool)
            if void.any():
                data.void[name] = void
            if f"{name}{LACKING}" in frame:
                data.lacking[name] = frame[f"{name}{LACKING}"].to_numpy(bool)
        elif str(name).startswith(ON):
            data.on = (str(name).removeprefix(ON), frame[name].to_numpy(np.int64))
    return data


def _values(series: pd.Series, kind: str) -> tuple[Values, Mask]:
    if kind in ("text", "multi"):
        return _texts(series), np.zeros(len(series), bool)
    there = ~np.asarray(series.isna(), dtype=bool)
    if kind == "date":
        days = pd.to_datetime(series, errors="coerce").to_numpy().astype("datetime64[s]")
        known = ~np.isnat(days)
        return Plain(days, known), there & ~known
    numbers: npt.NDArray[Any] = pd.to_numeric(series, errors="coerce").to_numpy(
        np.float64, na_value=np.nan
    )
    known = ~np.isnan(numbers)
    return Plain(np.where(known, numbers, 0.0), known), there & ~known


def _texts(series: pd.Series) -> Coded:
    if isinstance(series.dtype, pd.CategoricalDtype):
        return Coded(series.array.codes, series.array.categories.to_numpy(dtype=object))
    codes, found = pd.factorize(series.astype(object))
    return Coded(codes, np.asarray(found, dtype=object))
