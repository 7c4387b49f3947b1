"""What a raw sheet was found to be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fupin_audit.model.sheet import RawSheet


@dataclass(frozen=True, slots=True)
class Match:
    """One column of a sheet bound to one field.

    Attributes:
        field: Canonical field name.
        table: The table the field belongs to.
        column: Zero-based column in the raw sheet.
        header: Header text as written (levels joined by ` / `).
        cell: Address of the header cell, `E3`.
        how: `name` (canonical), `alias`, `group`, `position` or `map`.
        unit: Unit found in the header (`万元`), None if none.
        factor: What a number in this column is multiplied by to reach the
            field's own unit; 1.0 if the units agree or none was written.
        year: Year the header carries (`2017人均纯收入`), None if none.
        doubt: Why the header's unit cannot be the field's (Chinese), else "";
            then `factor` is 1.0 and nothing is converted.
        inverted: The header asks the opposite (`住房是否安全`): yes means no.
    """

    field: str
    table: str
    column: int
    header: str
    cell: str
    how: str
    unit: str | None = None
    factor: float = 1.0
    year: int | None = None
    doubt: str = ""
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A header that nearly matches a field: shown, never taken."""

    header: str
    cell: str
    field: str
    score: float


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is not data. `row` is zero-based; `reason` is one of
    `blank total note signature header`."""

    row: int
    reason: str
    text: str


@dataclass(slots=True)
class Recognised:
    """A raw sheet with its meaning.

    Attributes:
        raw: The sheet.
        table: Canonical table of one row: `household`, `member` …
        also: Further tables the same rows hold (a wide sheet: `household`).
        header_rows: One-based rows that form the header.
        rows: Zero-based raw rows that are data, ascending.
        matches: `(table, field)` → the column taken for it. A field of an
            earlier year is kept under `last_year` instead.
        last_year: `(table, field)` → column of the same field one year back.
        duplicates: Columns that fit a field already taken, not told apart.
        unmatched: Header texts bound to no field, with their address.
        missing: Fields of the tables held that no column carries.
        proposals: Near misses among the unmatched.
        set_aside: Rows between header and end that are not data.
        filled_down: Fields whose merged or blank-below cells were filled down.
        score: 0–1, share of the header cells that were understood.
        reasons: Why an unmatched header is unmatched, by address (Chinese).
        code_sets: Fields whose bare numbers the user declared, to code set.
        notes: What was decided without the header's help, for people (Chinese).
    """

    raw: RawSheet
    table: str
    also: tuple[str, ...]
    header_rows: tuple[int, ...]
    rows: npt.NDArray[np.int64]
    matches: dict[tuple[str, str], Match]
    last_year: dict[tuple[str, str], Match] = field(default_factory=dict)
    duplicates: list[Match] = field(default_factory=list)
    unmatched: list[tuple[str, str]] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    filled_down: list[str] = field(default_factory=list)
    score: float = 1.0
    reasons: dict[str, str] = field(default_factory=dict)
    code_sets: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, *self.also)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sheet that was read and not used, and why (Chinese)."""

    file: str
    sheet: str | None
    reason: str
    hidden: bool = False


@dataclass(slots=True)
class Recognition:
    """All sheets of a run: those used, those skipped."""

    sheets: list[Recognised]
    skipped: list[Skipped]
