"""Which parent row each child row belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from fupin_audit.evaluate.values import Column, from_series
from fupin_audit.model.dataset import TableData
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.tree import KIND_OF_TYPE

Rows = npt.NDArray[np.int64]


def key_column(data: TableData, pack: ResolvedPack, table: str, field: str) -> Column:
    """Return a field's column as evaluation sees it."""
    kind = KIND_OF_TYPE[pack.tables[table].fields[field].type]
    return from_series(data.frame[field], kind, data.void.get(field))


def parent_rows(
    tables: Mapping[str, TableData], pack: ResolvedPack, child: str, parent: str
) -> Rows | None:
    """Return for each child row its parent's row number, -1 where there is none.

    Rows of different years do not belong together: where the parents are of
    several years, a child that says its year goes to that year's parent. Of
    several parents with one key the first is taken; that there are several is
    another rule's finding.

    Returns:
        None when a table or a key column is missing, so nothing can be linked.
    """
    relation = next(r for r in pack.relations if r.child == child and r.parent == parent)
    if child not in tables or parent not in tables:
        return None
    on = list(relation.on)
    if any(f not in tables[t].frame.columns for t in (child, parent) for f in on):
        return None
    keys_child = _keys(tables[child], pack, child, on)
    keys_parent = _keys(tables[parent], pack, parent, on)
    years_child, years_parent = (_years(tables[t], pack, t) for t in (child, parent))
    if len(set(years_parent) - {None}) < 2:  # one year: nothing to tell apart
        years_child = [None] * len(years_child)
    first: dict[tuple[object, ...], int] = {}
    for row, (key, year) in enumerate(zip(keys_parent, years_parent, strict=True)):
        if key is not None:
            first.setdefault((*key, year), row)
            first.setdefault((*key, None), row)
    return np.array(
        [
            -1 if key is None else first.get((*key, year), -1)
            for key, year in zip(keys_child, years_child, strict=True)
        ],
        dtype=np.int64,
    )


def _years(data: TableData, pack: ResolvedPack, table: str) -> list[float | None]:
    """Return the year of each row, None where the sheet does not say."""
    field = pack.role(table, "year")
    if field is None or field not in data.frame.columns:
        return [None] * len(data)
    years = key_column(data, pack, table, field)
    pairs = zip(years.data.tolist(), years.known.tolist(), strict=True)
    return [year if known else None for year, known in pairs]


def _keys(
    data: TableData, pack: ResolvedPack, table: str, on: list[str]
) -> list[tuple[object, ...] | None]:
    columns = [key_column(data, pack, table, f) for f in on]
    known = np.logical_and.reduce([c.known for c in columns])
    values = [(c.texts[c.data] if c.texts is not None else c.data).tolist() for c in columns]
    return [
        key if ok else None
        for key, ok in zip(zip(*values, strict=True), known.tolist(), strict=True)
    ]


def rows_of_year_before(
    tables: Mapping[str, TableData], pack: ResolvedPack, table: str
) -> Rows | None:
    """Return for each row the row of the same record one year earlier, -1 where
    there is none; None when the table holds fewer than two years."""
    data, year = tables[table], pack.role(table, "year")
    key = [f for f in pack.tables[table].key if f != year]
    if year is None or any(f not in data.frame.columns for f in (year, *key)):
        return None
    years = key_column(data, pack, table, year)
    if len(np.unique(years.data[years.known])) < 2:
        return None
    keys = _keys(data, pack, table, [*key, year])
    index: dict[tuple[object, ...], int] = {}
    for row, record in enumerate(keys):
        if record is not None:
            index.setdefault(record, row)
    before = [None if k is None else (*k[:-1], float(str(k[-1])) - 1.0) for k in keys]
    return np.array([-1 if k is None else index.get(k, -1) for k in before], dtype=np.int64)
