"""Which rows of a wide sheet are one household, and who speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin_audit.normalise.column import Column

HEAD = "户主"
"""The label of the head in the relation field."""

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Households among the data rows of one sheet.

    Attributes:
        group: Per data row, its household, numbered in order of appearance.
        head: Per household, the data row that speaks for it: the first with
            the head's relation, else the first.
    """

    group: Rows
    head: Rows


def clean_codes_of(column: Column) -> Rows:
    """Number the clean values of a column row by row; -1 where there is none.

    A void cell is a value of its own: it differs from every other.
    """
    cleaned = column.cleaned
    void = column.void
    if isinstance(cleaned.values, np.ndarray):
        codes = np.unique(cleaned.values, return_inverse=True)[1].astype(np.int64)
    else:
        index: dict[str, int] = {}
        codes = np.array([index.setdefault(v, len(index)) for v in cleaned.values], dtype=np.int64)
    per_row: Rows = codes[column.at]
    per_row[void] = len(codes) + column.at[void]
    per_row[column.blank] = -1
    return per_row


def is_head(column: Column | None, n: int) -> Mask:
    """Tell which rows hold the head of a household."""
    if column is None:
        return np.zeros(n, dtype=bool)
    heads = np.array([v == HEAD for v in column.cleaned.values], dtype=bool)
    return np.asarray(heads[column.at] & column.filled)


def grouped(keys: Sequence[Column], relation: Column | None, n: int) -> Grouping:
    """Group rows by their key; rows whose key is blank or void by the order of
    heads, each run of them apart: what cannot be told is not thrown together.

    Args:
        keys: The household key first, then what else tells households apart
            (the year). Empty when the sheet has no key.
        relation: The column of the relation to the head.
        n: Number of data rows.
    """
    heads = is_head(relation, n)
    codes = np.full(n, -1, dtype=np.int64)
    if keys:
        codes = clean_codes_of(keys[0])
        codes[keys[0].void] = -1
        for other in keys[1:]:
            more = clean_codes_of(other)
            combined = codes * (more.max(initial=0) + 2) + more + 1
            codes = np.where(codes < 0, -1, combined)
    return _numbered(codes, heads)


def by_runs(columns: Sequence[Column], n: int) -> Grouping:
    """Group neighbouring rows that name the same head."""
    changes = np.zeros(n, dtype=bool)
    for column in columns:
        codes = clean_codes_of(column)
        changes[1:] |= codes[1:] != codes[:-1]
    changes[:1] = True
    group = np.cumsum(changes) - 1
    return Grouping(group, np.flatnonzero(changes))


def _numbered(codes: Rows, heads: Mask) -> Grouping:
    """Number groups in order of appearance, keyless runs split at heads."""
    keyless = codes < 0
    if keyless.any():
        begins = keyless & heads
        begins[1:] |= keyless[1:] & ~keyless[:-1]
        begins[:1] |= keyless[:1]
        run = np.cumsum(begins)
        codes = np.where(keyless, codes.max(initial=-1) + run, codes)
    found, first, group = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(found), dtype=np.int64)
    rank[order] = np.arange(len(found))
    group = rank[group.reshape(-1)]
    head = first[order].astype(np.int64)
    rows = np.flatnonzero(heads)[::-1]
    head[group[rows]] = rows  # written backwards: the first head of a group stays
    return Grouping(group, head)


def spoken_for(column: Column, grouping: Grouping) -> tuple[Rows, Rows]:
    """Choose each household's row for one field, and find who disagrees.

    The head's row speaks if its cell is filled or void, else the first row of
    the household that is.

    Returns:
        (row per household, rows whose filled or void cell differs from it).
    """
    present = ~column.blank
    pick = grouping.head.copy()
    silent = ~present[pick]
    if silent.any():
        first = np.full(len(pick), -1, dtype=np.int64)
        rows = np.flatnonzero(present)[::-1]
        first[grouping.group[rows]] = rows
        pick = np.where(silent & (first >= 0), first, pick)
    differs = present & (column.at != column.at[pick][grouping.group])
    if differs.any():
        codes = clean_codes_of(column)
        differs = present & (codes != codes[pick][grouping.group])
    return pick, np.flatnonzero(differs)
