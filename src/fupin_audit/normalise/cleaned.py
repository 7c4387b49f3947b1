"""What became of the distinct cells of a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.domain.characters import without_spaces
from fupin_audit.model.sheet import Cell, CellError

OK, BLANK, OPEN, DOUBTED, UNREADABLE, UNKNOWN_CODE, ERROR, NO_RESULT, DESTROYED = range(9)
"""States of a cell. `OPEN` is a value an open code list does not hold: kept,
and observed. `DOUBTED` stands in a column whose unit is doubtful: the column
was observed, not the cell. From there on a cell is void."""

VOID = np.arange(9) >= DOUBTED
OBSERVED = {
    UNREADABLE: "unreadable", UNKNOWN_CODE: "unknown_code", ERROR: "error_cell",
    NO_RESULT: "formula_without_result", DESTROYED: "destroyed_number", OPEN: "unknown_code",
}  # fmt: skip

PLACEHOLDERS = frozenset(
    ("", "-", "--", "---", "－", "—", "——", "–", "−", "_", "/", "//", "\\", "／",
     "NULL", "null", "Null", "(NULL)", "(null)", "NaN", "nan", "None", "<NA>", "NaT")
)  # fmt: skip
"""Ways of leaving a cell empty. `无` is not among them: it is an answer."""

ERROR_TEXTS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
"""What a csv holds where the workbook had an error value."""

EXACT_DIGITS = 15
"""A spreadsheet number keeps this many digits; the rest is gone."""


@dataclass(slots=True)
class Cleaned:
    """Clean values of distinct cells.

    Attributes:
        values: One per cell: texts, or a numpy array of numbers or days.
            Meaningless where the state is neither `OK` nor `OPEN`.
        state: uint8 per cell.
        detail: Cell index → what a message may add.
        touched: Indices of cells that may now be written differently.
    """

    values: list[str] | npt.NDArray[Any]
    state: npt.NDArray[np.uint8]
    detail: dict[int, str] = field(default_factory=dict)
    touched: Sequence[int] = ()


@dataclass(slots=True)
class Cells:
    """Distinct cells sorted by kind: indices into `cells`."""

    cells: list[Cell]
    texts: list[int]
    numbers: list[int]
    others: list[int]
    state: npt.NDArray[np.uint8]

    def text(self) -> list[str]:
        """Return the text cells, in order of `texts`."""
        if len(self.texts) == len(self.cells):
            return self.cells  # type: ignore[return-value]
        return [self.cells[i] for i in self.texts]  # type: ignore[misc]


def sort_cells(cells: list[Cell]) -> Cells:
    """Sort cells into texts, numbers and others; empty and error cells get
    their state and belong to none."""
    state = np.zeros(len(cells), dtype=np.uint8)
    kinds = list(map(type, cells))
    found = Cells(cells, [], [], [], state)
    places = list(range(len(cells)))
    if type(None) in kinds:  # cells are distinct: it is there once
        empty = places.pop(kinds.index(type(None)))
        state[empty] = BLANK
    present = set(kinds) - {type(None)}
    if present == {str}:
        found.texts = places
    elif present <= {float, int}:
        found.numbers = places
    else:
        found.texts = [i for i in places if kinds[i] is str]
        found.numbers = [i for i in places if kinds[i] is float or kinds[i] is int]
        for i in places:
            if kinds[i] not in (str, float, int):
                _sort_one(i, cells[i], found)
    _set_apart(found)
    return found


def _sort_one(i: int, cell: Cell, found: Cells) -> None:
    if isinstance(cell, CellError):
        found.state[i] = NO_RESULT if cell.code == "=" else ERROR
    else:
        found.others.append(i)


def _set_apart(found: Cells) -> None:
    """Take error texts out of the texts and NaN out of the numbers."""
    cells, state = found.cells, found.state
    if not ERROR_TEXTS.isdisjoint(found.text()):
        state[[i for i in found.texts if cells[i] in ERROR_TEXTS]] = ERROR
        found.texts = [i for i in found.texts if state[i] == OK]
    missing = [i for i in found.numbers if cells[i] != cells[i]]
    if missing:
        state[missing] = BLANK
        found.numbers = [i for i in found.numbers if state[i] == OK]


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell is empty to every recipe."""
    return (
        cell is None
        or cell != cell
        or (isinstance(cell, str) and without_spaces(cell) in PLACEHOLDERS)
    )


def is_moment(cell: Cell) -> bool:
    """Tell whether a cell holds a day or time of its own kind."""
    return isinstance(cell, date | datetime | time | timedelta)
