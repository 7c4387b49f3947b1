"""Which columns a blank form has, in which order, and how each is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Field, Table
from fupin_audit.packs.uses import Uses, fewest, of_this_era
from fupin_audit.report.workbook.entry import Entry, entry_of

Group = Literal["must", "list", "free"]
_LEADING = (
    "household_key", "person_key", "head_name", "person_name", "id_number", "head_id_number",
)  # fmt: skip
_PLACES = ("county", "township", "village")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `must` be filled in, has a code `list`, or is `free`."""

    name: str
    field: Field
    entry: Entry
    group: Group


@dataclass(frozen=True, slots=True)
class Form:
    """The blank form of one table.

    Attributes:
        leading: How many columns say who or what a row is about; they come first.
        left_out: Columns that are those of another era.
        unique: Columns in which nothing may stand twice, within one `year`.
    """

    table: str
    shape: Table
    columns: tuple[Column, ...]
    leading: int
    left_out: tuple[str, ...]
    unique: tuple[str, ...]
    year: str | None

    @property
    def label(self) -> str:
        return self.shape.label.zh

    def at(self, name: str) -> int:
        return [column.name for column in self.columns].index(name)


def forms_of(
    tables: Sequence[str], pack: ResolvedPack, uses: Uses, *, minimal: bool
) -> list[Form]:  # fmt: skip
    """Return the forms of tables; a table that nothing asks for in the era of the
    pack has none.

    Args:
        minimal: Only the columns by which most rules can judge.
    """
    wanted = fewest(tables, pack, uses) if minimal else None
    made = []
    for table in tables:
        shape = pack.tables[table]
        here = of_this_era(table, pack, uses)
        if not {*shape.signature} & {*here}:
            continue
        names = [n for n in here if wanted is None or (table, n) in wanted]
        if not {*shape.signature} & {*names}:  # by these a sheet is known for the table
            names = [n for n in here if n in names or n in shape.signature]
        made.append(_form(table, shape, names, here, pack.era))
    return made


def _form(table: str, shape: Table, names: list[str], here: list[str], era: str) -> Form:
    first = [n for n in names if n in _leading(shape)]
    names = [*first, *(n for n in names if n not in first)]
    return Form(
        table=table,
        shape=shape,
        columns=tuple(_column(name, shape, era) for name in names),
        leading=len(first),
        left_out=tuple(n for n in shape.fields if n not in here),
        unique=_unique(shape, names),
        year=next((n for n in names if shape.fields[n].role == "year"), None),
    )


def _leading(shape: Table) -> set[str]:
    roles = {n for n, f in shape.fields.items() if f.role in _LEADING}
    return roles or set(shape.key)


def _column(name: str, shape: Table, era: str) -> Column:
    field = shape.fields[name]
    asked = era in field.required or era in field.expected
    place = name in shape.key and field.role in _PLACES
    group: Group = "list" if field.codes else "free"
    unit = field.unit or ("元" if field.type == "money" else "")
    return Column(name, field, entry_of(name, field, unit), "must" if asked or place else group)


def _unique(shape: Table, names: list[str]) -> tuple[str, ...]:
    if shape.repeats:
        return ()
    key = shape.key if len(shape.key) == 1 else ()
    return tuple(n for n in names if n in key or shape.fields[n].type == "id_number")
