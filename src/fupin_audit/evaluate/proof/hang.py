"""Which parent row each child row belongs to, a second time, by pandas' merges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from fupin_audit.evaluate.proof.cells import typed
from fupin_audit.packs.manifest import Relation
from fupin_audit.packs.names import ancestors
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.tree import KIND_OF_TYPE

On = Mapping[str, tuple[str, pd.Series] | None]
_YEAR = "#year"


@dataclass(frozen=True)
class Hung:
    """Per child row the parent's row it looks `up` to, and the one it is counted
    under (`down`), -1 for none; whether it `said` whose it is, and whether that
    cannot be told (`torn`). Per parent row, whether its key is there, and the
    row under which its children are counted (None: itself)."""

    up: pd.Series
    down: pd.Series
    said: pd.Series
    torn: pd.Series
    keyed: pd.Series
    same: pd.Series | None = None


class Hanging:
    """The tables of a run and the rows that stand on rows of another table."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], on: On, pack: ResolvedPack) -> None:
        self.frames, self.on, self.pack = frames, on, pack

    def all(self) -> dict[tuple[str, str], Hung]:
        """Return how every two tables hang together, child first."""
        pairs = [(c, p) for c in self.frames for p in ancestors(self.pack.relations, c)]
        found = {pair: self.hung(*pair) for pair in pairs}
        return {pair: hung for pair, hung in found.items() if hung is not None}

    def hung(self, child: str, parent: str) -> Hung | None:
        """Return how two tables hang together; None where nothing says it."""
        if child not in self.frames or parent not in self.frames:
            return None
        found, on = self._matched(child, parent), self.on.get(child)
        if on is None or not (on[1] >= 0).any():
            return found
        # Rows that stand on rows of another table belong there, whatever they say.
        borrowed = on[1] >= 0
        if on[0] == parent:
            rows = on[1]
        else:
            above = self.hung(on[0], parent)
            nowhere = pd.Series(-1, index=on[1].index)
            rows = nowhere if above is None else _by_way_of(on[1], above.up)
        if found is None:
            none = pd.Series(-1, index=borrowed.index)
            keyed = pd.Series(True, index=self.frames[parent].index)
            found = Hung(none, none, borrowed, borrowed & False, keyed)
        return replace(
            found,
            up=found.up.mask(borrowed, rows),
            down=found.down.mask(borrowed, -1),
            said=found.said | borrowed,
            torn=found.torn & ~borrowed,
        )

    def _matched(self, child: str, parent: str) -> Hung | None:
        relations = self.pack.relations
        own = [r for r in relations if (r.child, r.parent) == (child, parent)]
        if own and (found := self._direct(own[0])):
            return found
        for step in (r.parent for r in relations if r.child == child):
            if parent in ancestors(relations, step):
                near, far = self.hung(child, step), self.hung(step, parent)
                if near is not None and far is not None:
                    up, down = (_by_way_of(rows, by) for rows, by in
                                ((near.up, far.up), (near.down, far.down)))  # fmt: skip
                    lost = near.up.isin(far.torn.index[far.torn])
                    return Hung(up, down, near.said, near.torn | lost, far.keyed)
        return None

    def _direct(self, relation: Relation) -> Hung | None:
        child, parent = relation.child, relation.parent
        needed = [f for f in relation.on if f not in relation.optional]
        if any(f not in self.frames[t] for f in needed for t in (child, parent)):
            return None
        below, above = (self._keys(t, relation) for t in (child, parent))
        said, keyed = (keys[needed].notna().all(axis=1) for keys in (below, above))
        optional = [f for f in relation.on if f in relation.optional]
        up, torn = parents_of(below, above, optional)
        down = up
        timeless = self.pack.role(child, "year") is None
        mine, theirs = self._years(child), self._years(parent)
        several = theirs is not None and theirs.nunique() > 1
        if timeless and several:
            assert theirs is not None
            dated = below.assign(**{_YEAR: theirs.max()})
            newest, _ = parents_of(dated, above.assign(**{_YEAR: theirs}), optional)
            up = newest.where(newest >= 0, up)
        elif mine is not None and several:
            dated = below.assign(**{_YEAR: mine})
            of_year, torn_then = parents_of(dated, above.assign(**{_YEAR: theirs}), optional)
            up = down = up.where(mine.isna(), of_year)
            torn = torn.where(mine.isna(), torn_then)
        elif mine is not None and mine.nunique() > 1:
            both = set(mine.dropna()) & set(() if theirs is None else theirs.dropna())
            counted = max(both or set(mine.dropna()))
            down = up.where(mine.isna() | (mine == counted).fillna(False).astype(bool), -1)
        same = parents_of(above, above, optional)[0] if timeless else None
        return Hung(up, down, said, torn & said, keyed, same)

    def _keys(self, table: str, relation: Relation) -> pd.DataFrame:
        frame, keys = self.frames[table], {}
        for name in relation.on:
            kind = KIND_OF_TYPE[self.pack.tables[table].fields[name].type]
            if name not in frame:
                keys[name] = pd.Series(None, index=frame.index, dtype=object)
                continue
            column = typed(frame[name], kind)
            size = relation.first.get(name)
            keys[name] = (column if size is None else column.str[:size]).astype(object)
        return pd.DataFrame(keys, index=frame.index)

    def _years(self, table: str) -> pd.Series | None:
        year = self.pack.role(table, "year")
        frame = self.frames[table]
        return frame[year].astype("Float64") if year in frame else None


def parents_of(
    below: pd.DataFrame, above: pd.DataFrame, optional: Sequence[str]
) -> tuple[pd.Series, pd.Series]:
    """Return the first parent with each child's key, and where it is torn: an
    optional part is not said, and the rest fits parents that differ in it."""
    rows = _first(below, above)
    torn = pd.Series(False, index=below.index)
    for name in optional:
        rest = [k for k in below.columns if k != name]
        mute, mute_above = below[name].isna(), above[name].isna()
        for who, among in ((mute, above), (~mute & (rows < 0), above[mute_above])):
            if not who.any() or among.empty:
                continue
            whole = among[among[rest].notna().all(axis=1)]
            values = whole[name].where(whole[name].notna(), "#")
            counts = whole[rest].assign(value=values).groupby(rest)["value"].nunique()
            split = counts[counts > 1].reset_index()[rest]
            doubt = below[rest].merge(split, how="left", on=rest, indicator=True)["_merge"]
            doubt = pd.Series((doubt == "both").to_numpy(), index=below.index)
            doubt &= below[rest].notna().all(axis=1)
            rows = rows.mask(who & ~doubt, _first(below[rest], whole[rest]))
            torn |= who & doubt
    return rows, torn


def _first(wanted: pd.DataFrame, keys: pd.DataFrame) -> pd.Series:
    """Return the first row with each key wanted, -1 where none has it."""
    columns = list(wanted.columns)
    whole = keys[columns].notna().all(axis=1)
    rows = keys[whole].drop_duplicates(columns).rename_axis("#row").reset_index()
    found = wanted.merge(rows, how="left", on=columns)["#row"]
    found = found.where(wanted.notna().all(axis=1).to_numpy())
    return pd.Series(found.fillna(-1).to_numpy(np.int64), index=wanted.index)


def _by_way_of(rows: pd.Series, then: pd.Series) -> pd.Series:
    """Look up from the rows looked up to."""
    return rows.map(then).fillna(-1).astype("int64")
