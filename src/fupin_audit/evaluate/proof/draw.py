"""Some households of a run, with all that hangs on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from fupin_audit.model.dataset import Dataset, Observation, TableData

Rows = npt.NDArray[np.int64]


def some_households(
    dataset: Dataset, up: Mapping[str, pd.Series], key: str, count: int, seed: int
) -> tuple[Dataset, tuple[int, int]]:
    """Return the records of some households, drawn by a seed: all their years,
    and all that hangs on them. Tables above them stay whole.

    Args:
        up: Table → the household's row per row of it, -1 for none.
        key: The field that names a household, so that its years stay together.

    Returns:
        The smaller dataset; how many households were drawn, of how many.
    """
    homes = dataset.tables["household"]
    every = pd.Series(np.arange(len(homes)))
    named = homes.frame[key].astype(object) if key in homes.columns else every
    names = named.where(named.notna(), "#" + every.astype(str))
    groups, distinct = pd.factorize(names)
    drawn = np.random.default_rng(seed).permutation(len(distinct))[:count]
    home = np.isin(groups, drawn)
    keep = {"household": np.flatnonzero(home)}
    for table, rows in up.items():
        at = rows.to_numpy()
        keep[table] = np.flatnonzero((at >= 0) & home[np.where(at >= 0, at, 0)])
    tables = {
        name: taken(data, keep[name], keep) if name in keep else data
        for name, data in dataset.tables.items()
    }
    seen = [part for one in dataset.observations if (part := _seen(one, keep))]
    return replace(dataset, tables=tables, observations=seen), (len(drawn), len(distinct))


def taken(data: TableData, rows: Rows, keep: Mapping[str, Rows]) -> TableData:
    """Return some rows of a table; the rows they stand on may have moved."""
    on = data.on
    if on is not None and on[0] in keep:
        kept = keep[on[0]]
        size = int(max(on[1].max(initial=-1), kept.max(initial=-1))) + 1
        place = np.full(size + 1, -1, dtype=np.int64)  # the last one is that of row -1
        place[kept] = np.arange(len(kept))
        on = (on[0], place[on[1]])
    return replace(
        data,
        columns={name: values.take(rows) for name, values in data.columns.items()},
        sheet=data.sheet[rows],
        raw_row=data.raw_row[rows],
        void={name: mask[rows] for name, mask in data.void.items()},
        lacking={name: mask[rows] for name, mask in data.lacking.items()},
        elsewhere={name: (s[rows], r[rows]) for name, (s, r) in data.elsewhere.items()},
        on=on if on is None else (on[0], on[1][rows]),
    )


def _seen(one: Observation, keep: Mapping[str, Rows]) -> Observation | None:
    if one.table not in keep or one.sheet >= 0:
        return one
    place = {row: i for i, row in enumerate(keep[one.table].tolist())}
    at = [i for i, row in enumerate(one.rows.tolist()) if row in place]
    if not at:
        return None
    return replace(
        one,
        rows=np.array([place[int(one.rows[i])] for i in at], dtype=np.int64),
        values=[one.values[i] for i in at],
        detail=[one.detail[i] for i in at],
    )
