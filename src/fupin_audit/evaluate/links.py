"""Which parent row each child row belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from fupin_audit.evaluate.keys import all_known, common_codes, first_rows
from fupin_audit.evaluate.texts import Texts, first
from fupin_audit.evaluate.values import Column, Mask, Rows, column_of, nothing
from fupin_audit.model.dataset import TableData
from fupin_audit.packs.manifest import Relation
from fupin_audit.packs.names import ancestors
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.tree import KIND_OF_TYPE

Tables = Mapping[str, TableData]


@dataclass(frozen=True, slots=True)
class Link:
    """How the rows of a child table hang on those of a parent table.

    Attributes:
        up: Per child row, the parent's row it looks up to; -1 for none.
        down: Per child row, the parent's row it is counted under; -1 for none.
            Of a register of several years under a table that knows but one,
            only that year's rows are counted.
        said: Child rows that say whom they belong to.
        torn: Child rows that fit several parents, or a parent that says too
            little of itself: whose they are cannot be told.
        keyed: Parent rows whose own key is there.
        same: Per parent row, the row its children are counted under, where one
            child belongs to several rows of the same parent; None: its own.
    """

    up: Rows
    down: Rows
    said: Mask
    torn: Mask
    keyed: Mask
    same: Rows | None = None


Asked = Callable[[str, str], Link | None]
"""(child, parent) → their link."""


def key_column(data: TableData, pack: ResolvedPack, table: str, field: str) -> Column:
    """Return a field's column as evaluation sees it."""
    return column_of(data.columns[field], data.void.get(field))


def link(
    tables: Tables, pack: ResolvedPack, child: str, parent: str, asked: Asked
) -> Link | None:  # fmt: skip
    """Hang the rows of one table on those of another.

    Rows of different years do not belong together: where the parents are of
    several years, a child that says its year goes to that year's parent. Of
    several parents with one key the first is taken; that there are several is
    another rule's finding. Tables that have no key in common may be linked by
    way of a third.

    Args:
        asked: Gives the link of two other tables, which may be known already.

    Returns:
        None when a table or a key column is missing, so nothing can be linked.
    """
    if child not in tables or parent not in tables:
        return None
    borrowed = tables[child].borrowed
    if not borrowed.any():
        return _matched(tables, pack, child, parent, asked)
    # Of a table whose rows all stand on others' no key is looked at.
    matched = None if borrowed.all() else _matched(tables, pack, child, parent, asked)
    return _standing(tables, child, parent, matched, asked)


def _standing(
    tables: Tables, child: str, parent: str, matched: Link | None, asked: Asked
) -> Link:  # fmt: skip
    """Hang rows that stand on rows of another table on those, whatever their keys
    say; looked down on from above they are not there."""
    on, borrowed = tables[child].on, tables[child].borrowed
    assert on is not None
    n = len(borrowed)
    if on[0] == parent:
        rows = on[1]
    else:
        above = asked(on[0], parent)
        rows = above.up[np.where(borrowed, on[1], 0)] if above is not None else np.full(n, -1)
    if matched is None:
        keyed = np.ones(len(tables[parent]), bool)
        matched = Link(np.full(n, -1), np.full(n, -1), borrowed, borrowed & False, keyed)
    return replace(
        matched,
        up=np.where(borrowed, rows, matched.up),
        down=np.where(borrowed, -1, matched.down),
        said=matched.said | borrowed,
        torn=matched.torn & ~borrowed,
    )


def _matched(
    tables: Tables, pack: ResolvedPack, child: str, parent: str, asked: Asked
) -> Link | None:  # fmt: skip
    relation = next((r for r in pack.relations if r.child == child and r.parent == parent), None)
    if relation is not None and (found := _direct(tables, pack, relation)):
        return found
    for step in (r.parent for r in pack.relations if r.child == child):
        if parent not in ancestors(pack.relations, step):
            continue
        near, far = asked(child, step), asked(step, parent)
        if near is not None and far is not None:
            return _composed(near, far)
    return None


def missing_keys(tables: Tables, pack: ResolvedPack, child: str, parent: str) -> list[str]:
    """Return the key columns for want of which two tables cannot be linked."""
    relation = next((r for r in pack.relations if r.child == child and r.parent == parent), None)
    if relation is None:
        return []
    needed = [f for f in relation.on if f not in relation.optional]
    return [f for f in needed if any(f not in tables[t].columns for t in (child, parent))]


def _direct(tables: Tables, pack: ResolvedPack, relation: Relation) -> Link | None:
    child, parent = relation.child, relation.parent
    if missing_keys(tables, pack, child, parent):
        return None
    below, above = (
        [_key(tables[t], pack, t, f, relation.first.get(f)) for f in relation.on]
        for t in (child, parent)
    )
    needed = [f not in relation.optional for f in relation.on]
    said, keyed = (
        all_known([c for c, must in zip(columns, needed, strict=True) if must])
        for columns in (below, above)
    )
    years_below, years_above = (_years(tables[t], pack, t) for t in (child, parent))
    timeless = pack.role(child, "year") is None
    up, torn = _rows(below, above, needed)
    down = up
    several = years_above is not None and _several(years_above)
    if timeless and years_above is not None and several:
        latest = Column(np.full(len(up), years_above.data[years_above.known].max()), said)
        newest, _ = _rows([*below, latest], [*above, years_above], [*needed, True])
        up = np.where(newest >= 0, newest, up)
    elif years_below is not None and years_above is not None and several:
        of_year, torn_of_year = _rows([*below, years_below], [*above, years_above], [*needed, True])
        up = down = np.where(years_below.known, of_year, up)
        torn = np.where(years_below.known, torn_of_year, torn)
    elif years_below is not None and _several(years_below):
        counted = _year_counted(years_below, years_above)
        down = np.where(~years_below.known | (years_below.data == counted), up, -1)
    same = _rows(above, above, needed)[0] if timeless else None
    return Link(up, down, said, torn & said, keyed, same)


def _key(data: TableData, pack: ResolvedPack, table: str, field: str, size: int | None) -> Column:
    """Return a key column; a column that is not there says nothing of any row."""
    kind = KIND_OF_TYPE[pack.tables[table].fields[field].type]
    if field not in data.columns:
        return nothing(len(data), kind)
    column = key_column(data, pack, table, field)
    if size is None or column.texts is None:
        return column
    cut = first(Texts(column.texts), size)
    return replace(column, data=cut.data[column.data], texts=cut.texts)


def _rows(below: list[Column], above: list[Column], needed: list[bool]) -> tuple[Rows, Mask]:
    """Find each child's parent; what is not needed and not said is left out of
    the comparison, as long as what is left names one parent."""
    rows = _found(below, above)
    torn = np.zeros(len(rows), bool)
    for at in [i for i, must in enumerate(needed) if not must]:
        rest = [i for i in range(len(needed)) if i != at]
        less, more = [below[i] for i in rest], [above[i] for i in rest]
        mute, mute_above = ~below[at].known, ~above[at].known
        every = np.ones(len(mute_above), bool)
        for who, among in ((mute, every), (~mute & (rows < 0), mute_above)):
            if who.any() and among.any():
                found, several = _only(less, more, among, above[at])
                rows = np.where(who & ~several, found, rows)
                torn |= who & several
    return rows, torn


def _only(
    wanted: list[Column], keys: list[Column], among: Mask, other: Column
) -> tuple[Rows, Mask]:
    """Return the first row with each key wanted, and where rows with that key
    differ in another column, so that they are not one parent's."""
    at, codes, count = common_codes(wanted, keys)
    counted = all_known(keys) & among
    values = np.where(other.known, other.data, -1).astype(np.int64)
    pairs = np.unique(np.stack([codes[counted], values[counted]]), axis=1)
    several = np.bincount(pairs[0], minlength=count) > 1
    rows = first_rows(codes, counted, count)
    known = all_known(wanted)
    return np.where(known, rows[at], -1), known & several[at]


def _found(wanted: list[Column], keys: list[Column]) -> Rows:
    """Return for each key wanted the first row that has it, -1 where none has."""
    at, codes, count = common_codes(wanted, keys)
    rows = first_rows(codes, all_known(keys), count)
    return np.where(all_known(wanted), rows[at], -1)


def _composed(near: Link, far: Link) -> Link:
    """Look up by way of the table between."""
    if not len(far.up):
        return replace(near, up=near.up * 0 - 1, down=near.up * 0 - 1, keyed=far.keyed, same=None)
    up, down = (
        np.where(a >= 0, b[np.where(a >= 0, a, 0)], -1)
        for a, b in ((near.up, far.up), (near.down, far.down))
    )
    lost = (near.up >= 0) & far.torn[np.where(near.up >= 0, near.up, 0)]
    return Link(up, down, near.said, near.torn | lost, far.keyed)


def _year_counted(below: Column, above: Column | None) -> float:
    """Return the year whose rows count under a table that knows but one year."""
    years = np.unique(below.data[below.known])
    own = years[:0] if above is None else np.unique(above.data[above.known])
    both = np.intersect1d(years, own)
    return float(both[-1] if len(both) else years[-1])


def _years(data: TableData, pack: ResolvedPack, table: str) -> Column | None:
    """Return the year of each row, None where the sheets do not say."""
    field = pack.role(table, "year")
    if field is None or field not in data.columns:
        return None
    return key_column(data, pack, table, field)


def _several(years: Column) -> bool:
    return len(np.unique(years.data[years.known])) > 1


def rows_of_year_before(tables: Tables, pack: ResolvedPack, table: str) -> Rows | None:
    """Return for each row the row of the same record one year earlier, -1 where
    there is none; None when the table holds fewer than two years."""
    data, year = tables[table], pack.role(table, "year")
    key = [f for f in pack.tables[table].key if f != year]
    if year is None or any(f not in data.columns for f in (year, *key)):
        return None
    years = key_column(data, pack, table, year)
    if not _several(years):
        return None
    keys = [key_column(data, pack, table, f) for f in key]
    before = Column(years.data - 1.0, years.known)
    return _found([*keys, before], [*keys, years])
