"""All bound columns of one sheet, cleaned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fupin_audit.model.dataset import LAST_YEAR, LogBlock, Observation
from fupin_audit.model.recognised import Recognised
from fupin_audit.normalise.column import Column, clean_column, logged
from fupin_audit.normalise.recipes import NUMBER_TYPES, recipe
from fupin_audit.normalise.shares import share_doubt
from fupin_audit.normalise.units import unit_doubt

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

_OF_THE_HEAD = ("head_name", "head_id_number")


def clean_sheet(
    number: int, sheet: Recognised, pack: ResolvedPack, code_sets: Mapping[str, str]
) -> tuple[dict[tuple[str, str], Column], list[LogBlock], list[Observation]]:
    """Clean every bound column of a sheet once, whichever tables it serves.

    A column whose header names a unit that its numbers contradict is void: to
    convert it would make a fault of every figure.

    Returns:
        Columns by (table, name in that table's frame), their log, and the
        columns whose unit is doubtful.
    """
    exact = sheet.raw.file.lower().endswith(".parquet")
    bound = [(table, name, match) for (table, name), match in sheet.matches.items()]
    bound += [(t, LAST_YEAR + name, match) for (t, name), match in sheet.last_year.items()]
    bound.sort(key=lambda b: b[0] != sheet.table)  # each row's own table owns a shared column
    columns: dict[tuple[str, str], Column] = {}
    once: dict[int, Column] = {}
    blocks: list[LogBlock] = []
    doubts: list[Observation] = []
    for table, name, match in bound:
        field = pack.field(table, match.field)
        done = once.get(match.column)
        if done is not None and pack.field(done.match.table, done.match.field).type == field.type:
            columns[table, name] = done
            continue
        chosen = recipe(field, match.field, match, pack, code_sets, exact=exact)
        column = clean_column(sheet, match, chosen, _household_of(sheet, table, match.field, pack))
        columns[table, name] = column
        doubt = unit_doubt(number, column, field) if field.type in NUMBER_TYPES else None
        if doubt is not None:
            doubts.append(doubt)
            if match.factor != 1.0:
                column.doubt()
        elif field.type in NUMBER_TYPES and (found := share_doubt(number, column, field)):
            doubts.append(found[0])
            column.doubt(found[1])
        if done is None:
            once[match.column] = column
            blocks += logged(sheet, number, column, chosen.name)
    return columns, blocks, doubts


def _household_of(sheet: Recognised, table: str, field: str, pack: ResolvedPack) -> int | None:
    """Return the column of the household's number if the field belongs to the head:
    one household's head is not another's because a cell was left blank."""
    if field not in (pack.role(table, role) for role in _OF_THE_HEAD):
        return None
    key = pack.role(table, "household_key")
    found = sheet.matches.get((table, key)) if key else None
    return found.column if found else None
