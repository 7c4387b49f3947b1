"""Which parent row each child row belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from fupin_audit.evaluate.keys import all_known, common_codes, first_rows
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
    below, above = ([key_column(tables[t], pack, t, f) for f in on] for t in (child, parent))
    rows = _found(below, above)
    years_below, years_above = (_years(tables[t], pack, t) for t in (child, parent))
    if years_below is None or years_above is None or not _several(years_above):
        return rows  # one year: nothing to tell apart
    of_year = _found([*below, years_below], [*above, years_above])
    return np.where(years_below.known, of_year, rows)


def _found(wanted: list[Column], keys: list[Column]) -> Rows:
    """Return for each key wanted the first row that has it, -1 where none has."""
    at, codes, count = common_codes(wanted, keys)
    rows = first_rows(codes, all_known(keys), count)
    return np.where(all_known(wanted), rows[at], -1)


def _years(data: TableData, pack: ResolvedPack, table: str) -> Column | None:
    """Return the year of each row, None where the sheets do not say."""
    field = pack.role(table, "year")
    if field is None or field not in data.frame.columns:
        return None
    return key_column(data, pack, table, field)


def _several(years: Column) -> bool:
    return len(np.unique(years.data[years.known])) > 1


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
    if not _several(years):
        return None
    keys = [key_column(data, pack, table, f) for f in key]
    before = Column(years.data - 1.0, years.known)
    return _found([*keys, before], [*keys, years])
