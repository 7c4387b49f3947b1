"""One column of one sheet, cleaned: distinct values once, then spread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import LogBlock, written
from fupin_audit.model.recognised import Match, Recognised
from fupin_audit.model.sheet import Cell
from fupin_audit.normalise.cleaned import BLANK, DOUBTED, OK, OPEN, VOID, Cleaned
from fupin_audit.normalise.fill import fill_down
from fupin_audit.normalise.recipes import Recipe

Rows = npt.NDArray[np.int64]


@dataclass(slots=True)
class Column:
    """A cleaned column at the data rows of its sheet.

    Attributes:
        cells: The distinct cells, as read.
        cleaned: What became of them.
        at: Per data row, index into the distinct cells.
        state: Per data row.
        filled_down: Data row → the blank that stood there, for rows that took
            the cell above.
    """

    match: Match
    cells: list[Cell]
    cleaned: Cleaned
    at: npt.NDArray[np.int32]
    state: npt.NDArray[np.uint8]
    filled_down: dict[int, str] = field(default_factory=dict)

    @property
    def filled(self) -> npt.NDArray[np.bool_]:
        """Where there is a value."""
        return np.asarray((self.state == OK) | (self.state == OPEN))

    @property
    def void(self) -> npt.NDArray[np.bool_]:
        return np.asarray(VOID[self.state])

    @property
    def blank(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.state == BLANK)

    def shown(self, row: int) -> str:
        """Return what stood in the cell of a data row."""
        return written(self.cells[self.at[row]])

    def detail(self, row: int) -> str:
        return self.cleaned.detail.get(int(self.at[row]), "")

    def doubt(self, which: npt.NDArray[np.bool_] | None = None) -> None:
        """Void values, given by distinct cell or all: their unit cannot be trusted."""
        state = self.cleaned.state
        state[(state == OK) if which is None else which] = DOUBTED
        self.state = state[self.at]


def clean_column(
    sheet: Recognised, match: Match, recipe: Recipe, household: int | None = None
) -> Column:
    """Clean one column of a sheet at its data rows.

    Args:
        household: The column that blank cells may not be filled across, if any.
    """
    raw = sheet.raw.columns[match.column]
    codes = raw.codes[sheet.rows]
    filled_down: dict[int, str] = {}
    if match.field in sheet.filled_down:
        blanks = codes
        codes, filled = fill_down(sheet, match.column, codes, household)
        rows = np.flatnonzero(filled).tolist()
        filled_down = {row: written(raw.values[blanks[row]]) for row in rows}
    used = np.flatnonzero(np.bincount(codes, minlength=len(raw.values)))
    cells = list(map(raw.values.__getitem__, used.tolist()))
    position = np.zeros(len(raw.values), dtype=np.int32)
    position[used] = np.arange(len(used), dtype=np.int32)
    at = position[codes]
    cleaned = recipe.clean(cells)
    return Column(match, cells, cleaned, at, cleaned.state[at], filled_down)


def made_up(texts: list[str], at: Rows, name: str, table: str) -> Column:
    """Return a column that no sheet has, of distinct texts."""
    cells: list[Cell] = list(texts)
    state = np.zeros(len(texts), dtype=np.uint8)
    match = Match(name, table, -1, "", "", "made_up")
    return Column(match, cells, Cleaned(cells, state), at.astype(np.int32), state[at])  # type: ignore[arg-type]


def logged(sheet: Recognised, column: Column, recipe: str) -> list[LogBlock]:
    """Return what the log says of a column."""
    blocks = []
    changed, after = _changes(column)
    if changed:
        which = np.full(len(column.cells), -1, dtype=np.int64)
        which[changed] = np.arange(len(changed))
        per_row = which[column.at]
        per_row[list(column.filled_down)] = -1
        before = [written(column.cells[i]) for i in changed]
        blocks.append(_block(sheet, column.match, recipe, per_row, before, after))
    if column.filled_down:
        per_row = np.full(len(column.at), -1, dtype=np.int64)
        pairs: dict[tuple[str, str], int] = {}
        for row, blank in column.filled_down.items():
            pair = (blank, texts_of(column, [int(column.at[row])])[0])
            per_row[row] = pairs.setdefault(pair, len(pairs))
        before, after = map(list, zip(*pairs, strict=True))
        blocks.append(_block(sheet, column.match, "fill_down", per_row, before, after))
    return [block for block in blocks if len(block.rows)]


def _block(
    sheet: Recognised,
    match: Match,
    recipe: str,
    per_row: Rows,
    before: list[str],
    after: list[str],
) -> LogBlock:
    touched = per_row >= 0
    return LogBlock(
        sheet=0, table=match.table, field=match.field, column=match.column, recipe=recipe,
        rows=sheet.rows[touched], which=per_row[touched], before=before, after=after,
    )  # fmt: skip


def _changes(column: Column) -> tuple[list[int], list[str]]:
    """Return the distinct cells now written differently, and how."""
    touched = list(column.cleaned.touched)
    changed, after = [], []
    for i, text in zip(touched, texts_of(column, touched), strict=True):
        cell = column.cells[i]
        if text != (cell if isinstance(cell, str) else written(cell)):
            changed.append(i)
            after.append(text)
    return changed, after


def texts_of(column: Column, at: list[int]) -> list[str]:
    """Return how distinct cells are written once clean: a void one as it was."""
    if not at:
        return []
    cleaned = column.cleaned
    texts = _all_written(cleaned.values, at)
    states = cleaned.state[at]
    for k in np.flatnonzero((states != OK) & (states != OPEN)).tolist():
        texts[k] = "" if states[k] == BLANK else written(column.cells[at[k]])
    return texts


def _all_written(values: list[str] | npt.NDArray[Any], at: list[int]) -> list[str]:
    """Return `written` of many clean values at once."""
    if isinstance(values, list):
        return [values[i] for i in at]
    if values.dtype.kind == "M":
        days: list[str] = np.datetime_as_string(values[at], unit="D").tolist()
        return days
    if values.dtype.kind == "f":
        return [text.removesuffix(".0") for text in map(repr, values[at].tolist())]
    return list(map(str, values[at].tolist()))
