"""Rows of one table that stand on the rows of another's sheet: the spell of work
that a list of members tells of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin_audit.model.recognised import Recognised
from fupin_audit.normalise.column import Column
from fupin_audit.normalise.part import Part, record_keys

if TYPE_CHECKING:
    from fupin_audit.packs.manifest import Relation, Within
    from fupin_audit.packs.resolve import ResolvedPack

Key = tuple[str, ...]


def within(
    relation: Relation, parents: list[Part], own: list[Part], pack: ResolvedPack
) -> list[tuple[Part, Part]]:
    """Read rows of the child off the parents' rows.

    A sheet of the child's own wins: whoever has a row there, or cannot be told
    from those who have, is not read a second time.

    Args:
        parents: The rows of the parent table, by sheet.
        own: The rows of the child table from sheets of its own.

    Returns:
        (part of the child table, part of the parent table) per sheet that
        tells more of the child than its parent is asked for.
    """
    assert relation.within is not None
    spoken = {key for part in own for key in _keys(part, relation)}
    found = []
    for parent in parents:
        columns = _columns(relation, relation.within, parent, pack)
        if not columns:
            continue
        told = _told(relation.within, parent)
        if own:
            told &= ~_among(_keys(parent, relation), spoken)
        at = np.flatnonzero(told)
        if len(at):
            part = Part(
                parent.sheet, parent.raw_row[at], parent.data_rows, columns,
                pick=dict.fromkeys(columns, at), derived=True, within=True,
            )  # fmt: skip
            found.append((part, parent))
    return found


def bound(sheet: Recognised, part: Part, table: str) -> Recognised:
    """Bind a sheet's columns to the fields of the rows read off it as well."""
    matches = dict(sheet.matches)
    for name, column in part.columns.items():
        if column.match.column >= 0:
            matches.setdefault((table, name), replace(column.match, table=table, field=name))
    return replace(sheet, matches=matches)


def _columns(
    relation: Relation, spec: Within, parent: Part, pack: ResolvedPack
) -> dict[str, Column]:
    """Return the child's columns on a parent's sheet; none if it says nothing
    that only the child is asked for."""
    child = pack.tables[relation.child]
    found = {
        name: parent.columns[called]
        for name, field in child.fields.items()
        if (called := spec.names.get(name, name)) in parent.columns
        and pack.field(relation.parent, called).type == field.type
    }
    return found if found.keys() & {*child.signature, *spec.names} else {}


def _told(spec: Within, parent: Part) -> npt.NDArray[np.bool_]:
    """Tell on which rows some cell says that there is a row of the child."""
    told = np.zeros(len(parent), dtype=bool)
    for column in (parent.columns[name] for name in spec.told_by if name in parent.columns):
        values = column.cleaned.values
        if isinstance(values, np.ndarray):
            says = np.asarray(values != 0)
        else:
            says = np.array([value not in spec.nothing for value in values], dtype=bool)
        told |= says[column.at] & column.filled
    return told


def _keys(part: Part, relation: Relation) -> list[Key]:
    sizes = [relation.first.get(name) for name in relation.on]
    return [
        tuple(text[:size] for text, size in zip(key, sizes, strict=True))
        for key in record_keys(part, relation.on)
    ]


def _among(keys: list[Key], spoken: Collection[Key]) -> npt.NDArray[np.bool_]:
    return np.array([not all(key) or key in spoken for key in keys], dtype=bool)
