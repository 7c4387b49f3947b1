"""Households and persons in sheets of their own that share no household number
but the id number of the head, as some import templates do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fupin_audit.model.recognised import Recognised
from fupin_audit.normalise.column import Column, made_up

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

Columns = dict[tuple[str, str], Column]


def link_by_head(
    sheets: Sequence[Recognised], columns: Sequence[Columns], pack: ResolvedPack
) -> None:
    """Give sheets without household numbers common ones, where they name the
    head's id number.

    Only a sheet of households and a sheet of persons can be linked. A number is
    made of the place where the household stands first, never of the id itself.
    A row whose head has no readable id is a household of its own: to whom it
    belongs is not guessed.
    """
    key, head = pack.role("household", "household_key"), pack.role("household", "head_id_number")
    if key is None or head is None:
        return
    linked = [
        number
        for number, sheet in enumerate(sheets)
        if ("household", head) in columns[number]
        and not any((t, pack.role(t, "household_key")) in columns[number] for t in sheet.tables)
    ]
    once = [n for n in linked if sheets[n].table == "household"]
    persons = [n for n in linked if n not in once]
    if not once or not persons:
        return
    known: dict[str, str] = {}
    for number in (*once, *persons):
        sheet = sheets[number]
        texts = _numbers(number, sheet, columns[number]["household", head], known)
        distinct, at = np.unique(np.array(texts, dtype=object), return_inverse=True)
        for table in sheet.tables:
            name = pack.role(table, "household_key")
            if name is not None:
                columns[number][table, name] = made_up(list(distinct), at, name, table)
        note = f"没有户编号列，按户主证件号码与其他表对应，分出 {len(distinct)} 户"
        sheet.notes = [*sheet.notes, note]


def _numbers(number: int, sheet: Recognised, head: Column, known: dict[str, str]) -> list[str]:
    """Return a household number per data row, and remember whose it is."""
    values, filled = head.cleaned.values, head.filled.tolist()
    found = []
    for row, at, ok in zip(sheet.rows.tolist(), head.at.tolist(), filled, strict=True):
        own = f"表{number + 1}行{row + 1}"
        found.append(known.setdefault(str(values[at]), own) if ok else own)
    return found
