"""A sheet as it was written: every cell with its kind and its true address.

Columns are dictionary-encoded once, on reading: a code per row and the list of
distinct cells. Later stages then clean, match and judge each distinct value
once, however many rows hold it, and a sheet of a million rows stays small.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value in a cell: `#N/A`, `#REF!` … or `=` for a formula whose
    result the file does not hold."""

    code: str

    def __str__(self) -> str:
        return "公式无结果" if self.code == "=" else self.code


Cell = str | float | int | bool | date | datetime | time | timedelta | CellError | None


@dataclass(slots=True)
class RawColumn:
    """One column of a sheet.

    Attributes:
        codes: int32, one per sheet row from row 1; index into `values`.
        values: Distinct cells as read, never cast; `values[0]` is None, the
            empty cell. `1`, `1.0`, `True` and `"1"` are different cells.
    """

    codes: npt.NDArray[np.int32]
    values: list[Cell]

    def __getitem__(self, row: int) -> Cell:
        return self.values[int(self.codes[row])]


@dataclass(slots=True)
class RawSheet:
    """One sheet of one file.

    Attributes:
        file: The name shown to people: as given, or relative to the folder or
            zip it was found in (`a.zip!/b.xlsx`).
        name: Sheet name; None for csv and parquet.
        columns: All columns from A; all of one length, `n_rows`. Row i is the
            row Excel numbers i + 1.
        merges: Merged ranges as (first row, first column, last row, last
            column), zero-based and inclusive.
        hidden: The sheet is hidden in the workbook.
        path: Where the bytes are on disk, None inside a zip.
        notes: What the reader saw and survived, Chinese, for the run log.
    """

    file: str
    name: str | None
    columns: list[RawColumn]
    n_rows: int
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    path: Path | None = None
    notes: list[str] = field(default_factory=list)

    def row(self, index: int) -> list[Cell]:
        """Return the cells of one zero-based row."""
        return [column[index] for column in self.columns]

    @property
    def label(self) -> str:
        """`file` or `file:sheet`, as messages name the place."""
        return f"{self.file}:{self.name}" if self.name else self.file


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input file: what it is called, its digest and what became of it.

    A file that was passed over on purpose (a lock file, our own output) has no
    error and no digest; `notes` says why. Notes are Chinese.
    """

    file: str
    sha256: str
    error: str | None = None
    notes: tuple[str, ...] = ()


def column_letter(index: int) -> str:
    """Return the spreadsheet letter of a zero-based column (0 → A, 26 → AA)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the zero-based column of a spreadsheet letter (A → 0)."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def address(row: int, column: int) -> str:
    """Return the `H12` address of zero-based row and column."""
    return f"{column_letter(column)}{row + 1}"
