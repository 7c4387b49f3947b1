"""The tables of a run, cleaned, with the way back to every cell.

Everything can be missing, and missing has two meanings that rules must not mix
up: *blank* (the cell is empty) and *void* (the cell cannot be judged:
unreadable, an error value, a destroyed number, or its sheet has no such column).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin_audit.model.recognised import Match, Recognised
from fupin_audit.model.sheet import Cell, SourceFile, address
from fupin_audit.model.values import Values, frame_of

if TYPE_CHECKING:
    import pandas as pd

LAST_YEAR = "last_year."
"""Prefix of the columns that hold a field's value one year back."""

VOID, LACKING, ON = "#void", "#lacking", "#on:"
"""Marks in a frame's column names: `字段#void`, `字段#lacking`, `#on:表`; see `TableData`."""


@dataclass(slots=True)
class TableData:
    """All rows of one table, from all sheets.

    Attributes:
        columns: Canonical field → its value per row.
        sheet: int32 per row, index into `Dataset.sheets`.
        raw_row: int64 per row, zero-based row in that raw sheet.
        void: field → bool per row; absent key means nothing is void.
        lacking: field → bool per row: the row's sheet has no such column; absent
            key means every sheet has it. What a row lacks is void too.
        absent: Fields of the pack's table that no sheet of the run carries.
        elsewhere: field → (sheet, raw row) per row, for a field whose cells
            stand in other rows or sheets than their records.
        on: (table, row of it per row, -1 for none) for rows that stand on rows
            of another table. Such a row is judged, but is not what its parent
            would be asked for: a person's row holds one spell of work at most,
            so what it does not tell is not known.
    """

    columns: dict[str, Values]
    sheet: npt.NDArray[np.int32]
    raw_row: npt.NDArray[np.int64]
    void: dict[str, npt.NDArray[np.bool_]] = dataclasses.field(default_factory=dict)
    lacking: dict[str, npt.NDArray[np.bool_]] = dataclasses.field(default_factory=dict)
    absent: set[str] = dataclasses.field(default_factory=set)
    elsewhere: dict[str, tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]] = dataclasses.field(
        default_factory=dict
    )
    on: tuple[str, npt.NDArray[np.int64]] | None = None

    def origin(self, row: int, name: str) -> tuple[int, int]:
        """Return (sheet, raw row) that a field of a row was read from."""
        sheet, raw_row = self.elsewhere.get(name, (self.sheet, self.raw_row))
        return int(sheet[row]), int(raw_row[row])

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a new pandas frame: texts and coded values categoricals, numbers
        `Float64`/`Int64`, days `datetime64[s]`, months and years `Int64` (yyyymm, yyyy)."""
        return frame_of(self.columns, len(self))

    @property
    def full_frame(self) -> pd.DataFrame:
        """`frame`, and beside it what its empty cells mean: where a cell is void, where
        its sheet has no such column, on which row of another table a row stands."""
        import pandas as pd

        marks: dict[str, Any] = {f"{k}{VOID}": mask for k, mask in self.void.items()}
        marks |= {f"{k}{LACKING}": mask for k, mask in self.lacking.items()}
        if self.on is not None:
            marks[f"{ON}{self.on[0]}"] = self.on[1]
        return pd.concat([self.frame, pd.DataFrame(marks, index=pd.RangeIndex(len(self)))], axis=1)

    @property
    def borrowed(self) -> npt.NDArray[np.bool_]:
        """Where rows stand on rows of another table."""
        if self.on is None:
            return np.zeros(len(self), dtype=bool)
        return np.asarray(self.on[1] >= 0)

    def __len__(self) -> int:
        return len(self.sheet)


@dataclass(slots=True)
class Observation:
    """Cells (or sheet places) of which a stage saw the same thing.

    Attributes:
        what: One of `packs.shapes.Observed`.
        table: The table concerned.
        field: The field concerned, empty for rows and sheets.
        rows: Row numbers of the table; empty for a sheet observation.
        sheet: Index into `Dataset.sheets`, for a sheet observation.
        cells: Addresses for a sheet observation (`["H3"]`).
        values: Per row (or per sheet observation, one): what stood there, for
            the message; never normalised.
        detail: Per row or one: what the message may add (nearest code, unit…).
    """

    what: str
    table: str
    field: str
    rows: npt.NDArray[np.int64]
    values: list[str]
    detail: list[str]
    sheet: int = -1
    cells: list[str] = dataclasses.field(default_factory=list)


@dataclass(slots=True)
class LogBlock:
    """Changes that one recipe made in one column: `rows[i]` held
    `before[which[i]]`, now `after[which[i]]`."""

    sheet: int
    table: str
    field: str
    column: int
    recipe: str
    rows: npt.NDArray[np.int64]
    which: npt.NDArray[np.int64]
    before: list[str]
    after: list[str]


@dataclass(slots=True)
class CleaningLog:
    """Every cell that is now written differently. Law: raw + log = clean, and
    back, where a cell's raw text is `written()` of what was read."""

    blocks: list[LogBlock] = dataclasses.field(default_factory=list)

    def __len__(self) -> int:
        return sum(len(b.rows) for b in self.blocks)

    def by_recipe(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for block in self.blocks:
            counts[block.recipe] = counts.get(block.recipe, 0) + len(block.rows)
        return counts

    def entries(self, dataset: Dataset) -> Iterator[tuple[str, str, str, str, str, str, str]]:
        """Yield (file, sheet, cell, field, before, after, recipe), one per cell."""
        for block in self.blocks:
            raw = dataset.sheets[block.sheet].raw
            for row, which in zip(block.rows.tolist(), block.which.tolist(), strict=True):
                yield (
                    raw.file, raw.name or "", address(row, block.column), block.field,
                    block.before[which], block.after[which], block.recipe,
                )  # fmt: skip


@dataclass(slots=True)
class Dataset:
    """Everything a run knows about its inputs.

    Attributes:
        tables: Table name → rows. A table nobody supplied has no key here.
        sheets: The recognised sheets; provenance points into this list.
        observations: What the stages before evaluation saw.
        log: The cleaning log.
        cells: Number of cells read in recognised columns.
        files: The input files, in order.
    """

    tables: dict[str, TableData]
    sheets: list[Recognised]
    observations: list[Observation] = dataclasses.field(default_factory=list)
    log: CleaningLog = dataclasses.field(default_factory=CleaningLog)
    cells: int = 0
    files: list[SourceFile] = dataclasses.field(default_factory=list)

    def match(self, table: str, row: int, name: str) -> Match | None:
        """Return the column that `name` of this row came from."""
        sheet, _ = self.tables[table].origin(row, name)
        return self.sheets[sheet].matches.get((table, name))

    def cell(self, table: str, row: int, name: str) -> str:
        """Return the address of a field's cell (`H12`), empty if it has none."""
        found = self.match(table, row, name)
        _, raw_row = self.tables[table].origin(row, name)
        return address(raw_row, found.column) if found else ""

    def raw_value(self, table: str, row: int, name: str) -> Cell:
        """Return the cell as it was read."""
        found = self.match(table, row, name)
        if found is None:
            return None
        sheet, raw_row = self.tables[table].origin(row, name)
        return self.sheets[sheet].raw.columns[found.column][raw_row]


def written(value: Any) -> str:
    """Return the text a person would read in the cell.

    Whole floats lose their `.0`; days are ISO; blank is the empty text. An
    18-digit number shows the digits that are left of it.
    """
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | np.floating):
        number = float(value)
        if number != number:
            return ""
        return str(int(number)) if abs(number) < 1e21 and number.is_integer() else repr(number)
    if hasattr(value, "isoformat"):
        text: str = value.isoformat()
        return text.removesuffix("T00:00:00")
    return str(value)
