"""Cells to be given another value before anything is recognised.

A correction or a repair is tried by changing the raw cells and running the rest
of the pipeline on them as if they had been read so: what a new value means, and
whether it can be read at all, is then judged by the very code that judges files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from fupin_audit.model.sheet import Cell, RawColumn, RawSheet


class Edit(NamedTuple):
    """One cell: `row` and `column` are zero-based, as in `RawSheet`."""

    file: str
    sheet: str | None
    row: int
    column: int
    value: Cell


def edited(sheets: Iterable[RawSheet], edits: Iterable[Edit]) -> list[RawSheet]:
    """Return the sheets with some cells changed; those given stay as they are.

    Raises:
        KeyError: An edit names a sheet or cell that is not there.
    """
    wanted: dict[tuple[str, str | None], dict[int, list[Edit]]] = {}
    for edit in edits:
        wanted.setdefault((edit.file, edit.sheet), {}).setdefault(edit.column, []).append(edit)
    made = []
    for raw in sheets:
        columns = wanted.pop((raw.file, raw.name), None)
        made.append(raw if columns is None else _with(raw, columns))
    if wanted:
        raise KeyError(next(iter(wanted)))
    return made


def _with(raw: RawSheet, wanted: dict[int, list[Edit]]) -> RawSheet:
    columns = list(raw.columns)
    for index, edits in wanted.items():
        if not 0 <= index < len(columns):
            raise KeyError(index)
        codes, values = columns[index].codes.copy(), list(columns[index].values)
        for edit in edits:
            if not 0 <= edit.row < raw.n_rows:
                raise KeyError(edit.row)
            if edit.value is None or edit.value == "":
                codes[edit.row] = 0
            else:
                codes[edit.row] = len(values)
                values.append(edit.value)
        columns[index] = RawColumn(codes, values)
    return replace(raw, columns=columns)
