"""All bound columns of one sheet, cleaned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fupin_audit.model.dataset import LAST_YEAR, LogBlock, Observation
from fupin_audit.model.recognised import Match, Recognised
from fupin_audit.normalise.column import Column, clean_column, logged
from fupin_audit.normalise.recipes import NUMBER_TYPES, recipe
from fupin_audit.normalise.shares import share_doubt
from fupin_audit.normalise.units import unit_doubt
from fupin_audit.normalise.wide import shared

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

_OF_THE_HEAD = ("head_name", "head_id_number")


@dataclass(frozen=True, slots=True)
class CleanSheet:
    """What cleaning a sheet's cells gave; nothing of it hangs on another sheet.

    Attributes:
        bound: What its columns were taken for.
        columns: By (table, name in that table's frame).
        blocks: Their log.
        doubts: The columns whose unit is doubtful.
    """

    bound: list[tuple[tuple[str, str], Match]]
    columns: dict[tuple[str, str], Column]
    blocks: list[LogBlock]
    doubts: list[Observation]

    def at(self, number: int) -> CleanSheet:
        """Return it as the sheet of that number in the dataset."""
        for block in self.blocks:
            block.sheet = number
        for doubt in self.doubts:
            doubt.sheet = number
        return self

    def fits(self, sheet: Recognised) -> bool:
        """Tell whether the columns are still taken for the same."""
        return self.bound == _bound(sheet)


def clean_each(
    sheets: Sequence[Recognised], pack: ResolvedPack, code_sets: Mapping[str, str]
) -> list[CleanSheet]:
    """Clean sheets as they are recognised so far.

    Where the other files of a run let a column be taken for something else, its
    sheet is cleaned anew by `normalise`.
    """
    return [clean_sheet(shared(sheet, pack), pack, code_sets) for sheet in sheets]


def _bound(sheet: Recognised) -> list[tuple[tuple[str, str], Match]]:
    earlier = [((t, LAST_YEAR + name), match) for (t, name), match in sheet.last_year.items()]
    return [*sheet.matches.items(), *earlier]


def clean_sheet(sheet: Recognised, pack: ResolvedPack, code_sets: Mapping[str, str]) -> CleanSheet:
    """Clean every bound column of a sheet once, whichever tables it serves.

    A column whose header names a unit that its numbers contradict is void: to
    convert it would make a fault of every figure.

    Args:
        code_sets: What bare numbers mean, where the sheet's own pins do not say.
    """
    code_sets = {**code_sets, **sheet.code_sets}
    exact = sheet.raw.file.lower().endswith(".parquet")
    bound = _bound(sheet)
    own_first = sorted(bound, key=lambda b: b[0][0] != sheet.table)  # whose a shared column is
    columns: dict[tuple[str, str], Column] = {}
    once: dict[int, Column] = {}
    blocks: list[LogBlock] = []
    doubts: list[Observation] = []
    for (table, name), match in own_first:
        field = pack.field(table, match.field)
        done = once.get(match.column)
        if done is not None and pack.field(done.match.table, done.match.field).type == field.type:
            columns[table, name] = done
            continue
        chosen = recipe(field, match.field, match, pack, code_sets, exact=exact)
        column = clean_column(sheet, match, chosen, _household_of(sheet, table, match.field, pack))
        columns[table, name] = column
        doubt = unit_doubt(column, field) if field.type in NUMBER_TYPES else None
        if doubt is not None:
            doubts.append(doubt)
            if match.factor != 1.0:
                column.doubt()
        elif field.type in NUMBER_TYPES and (found := share_doubt(column, field)):
            doubts.append(found[0])
            column.doubt(found[1])
        if done is None:
            once[match.column] = column
            blocks += logged(sheet, column, chosen.name)
    return CleanSheet(bound, columns, blocks, doubts)


def _household_of(sheet: Recognised, table: str, field: str, pack: ResolvedPack) -> int | None:
    """Return the column of the household's number if the field belongs to the head:
    one household's head is not another's because a cell was left blank."""
    if field not in (pack.role(table, role) for role in _OF_THE_HEAD):
        return None
    key = pack.role(table, "household_key")
    found = sheet.matches.get((table, key)) if key else None
    return found.column if found else None
