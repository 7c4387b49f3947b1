"""Which table a sheet is: what one of its rows stands for.

The columns decide, with what the rows show where the columns leave it open:
a number that repeats from row to row is a household with several members.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fupin_audit.errors import AmbiguousHeader
from fupin_audit.model.sheet import RawSheet
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise.heading import Heading
from fupin_audit.recognise.lexicon import Lexicon

_IDENTITY = ("household_key", "person_key", "person_name", "id_number", "head_name",
             "head_id_number", "village")  # fmt: skip
_BELONGING = ("person_name", "head_relation", "person_key", "household_key", "head_name")
_OFTEN = 0.2
"""A list of persons repeats its household numbers; a slip does so now and then."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a sheet is.

    `by_position` are fields that columns stand for because of where they are:
    `(table, field)` of the header's text → `(table, field)` it is here.
    """

    table: str
    also: tuple[str, ...] = ()
    by_position: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    weight: tuple[int, int, int] = (0, 0, 0)

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, *self.also)


@dataclass(slots=True)
class Evidence:
    """The fields a heading names, per table, and the rows below it."""

    pack: ResolvedPack
    sheet: RawSheet
    first_row: int
    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    claimed: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    signature: set[tuple[str, str]] = field(default_factory=set)

    def has(self, table: str, role: str) -> bool:
        name = self.pack.role(table, role)
        return name is not None and (table, name) in self.columns

    def named(self, table: str, without: str = "") -> set[str]:
        """Return the fields of a table that columns name, leaving out columns
        that could as well belong to the table `without`."""
        return {
            name
            for (its, name), column in self.columns.items()
            if its == table and not any(other == without for other, _ in self.claimed[column])
        }

    def signs(self, table: str, without: str = "") -> set[str]:
        """Return those that are signature fields."""
        return {n for n in self.named(table, without) if (table, n) in self.signature}

    def understood(self, tables: tuple[str, ...]) -> int:
        return sum(any(t in tables for t, _ in named) for named in self.claimed.values())

    def is_table(self, table: str) -> bool:
        shape = self.pack.tables[table]
        if shape.signature:
            return bool(self.signs(table))
        return any((table, key) in self.columns for key in shape.key)

    def identified(self, tables: tuple[str, ...]) -> bool:
        """Tell whether a column says who or where a row is about."""
        return any(self.has(table, role) for table in tables for role in _IDENTITY) or any(
            (t, k) in self.columns for t in tables for k in self.pack.tables[t].key
        )

    def codes(self, table: str, role: str) -> np.ndarray[tuple[int], np.dtype[np.int32]] | None:
        name = self.pack.role(table, role)
        column = self.columns.get((table, name)) if name else None
        if column is None:
            return None
        return self.sheet.columns[column].codes[self.first_row :]

    def repeats(self, table: str) -> bool:
        """Tell whether the household number recurs, or stands only on the
        first row of each household."""
        codes = self.codes(table, "household_key")
        if codes is None or not len(codes):
            return False
        filled = codes[codes != 0]
        recurring = len(filled) - np.count_nonzero(np.bincount(filled)) if len(filled) else 0
        named = self.codes(table, "id_number")
        below = np.count_nonzero((codes == 0) & (named != 0)) if named is not None else 0
        return bool(recurring + below > _OFTEN * len(codes))

    def names_members(self, table: str) -> bool:
        """Tell whether the head's column changes within one household."""
        keys, heads = self.codes(table, "household_key"), self.codes(table, "head_name")
        if keys is None or heads is None:
            return True
        filled = (keys != 0) & (heads != 0)
        keys, heads = keys[filled].astype(np.int64), heads[filled].astype(np.int64)
        if not len(keys):
            return True
        pairs = len(np.unique(keys * (int(heads.max()) + 1) + heads))
        households = len(np.unique(keys))
        return households == len(keys) or pairs > households


def decide(
    heading: Heading, sheet: RawSheet, pack: ResolvedPack, lexicon: Lexicon, table: str | None
) -> Kind | str:
    """Decide what a sheet is.

    Args:
        table: What the user says one row is, None to find out.

    Returns:
        The kind, or why the sheet is no table (Chinese).

    Raises:
        AmbiguousHeader: Two tables fit equally well.
    """
    seen = _gather(heading, sheet, pack, lexicon)
    if table is not None:
        parents = tuple(r.parent for r in pack.relations if r.child == table)
        also = tuple(p for p in parents if seen.named(p, without=table))
        return Kind(table, also, _positions(seen, table, also))
    kinds = [k for k in _kinds(seen) if seen.identified(k.tables)]
    if not kinds:
        if any(map(seen.is_table, pack.tables)):
            return "没有编号、姓名、证件号码一类的列，像是代码表或统计表"
        return f"第 {heading.bottom + 1} 行认出 {heading.understood} 列，还不足以判定是哪种表"
    kinds.sort(key=lambda k: k.weight, reverse=True)
    if len(kinds) > 1 and kinds[0].weight == kinds[1].weight:
        labels = [pack.tables[k.table].label.zh for k in kinds if k.weight == kinds[0].weight]
        raise AmbiguousHeader(
            f"这张表当作{'、'.join(f'“{x}表”' for x in labels)}都说得通",
            where=f"{sheet.label}:{heading.bottom + 1}",
            hint=f"用 --map 写明 table:{'、'.join(k.table for k in kinds)} 之一",
        )
    return kinds[0]


def _gather(heading: Heading, sheet: RawSheet, pack: ResolvedPack, lexicon: Lexicon) -> Evidence:
    seen = Evidence(pack, sheet, heading.bottom + 1, signature=lexicon.signature)
    for column, cell in heading.cells.items():
        if cell.sense:
            seen.claimed[column] = {(c.table, c.field) for c in cell.sense.claims}
            for claim in cell.sense.claims:
                seen.columns.setdefault((claim.table, claim.field), column)
    return seen


def _kinds(seen: Evidence) -> list[Kind]:
    """Return one kind per table the sheet could be; a table of persons and the
    households above it are weighed together."""
    kinds: list[Kind] = []
    weighed: set[str] = set()
    for relation in seen.pack.relations:
        child, parent = relation.child, relation.parent
        if seen.pack.role(child, "head_relation") is not None:
            weighed |= {child, parent}
            kinds += _persons_or_households(seen, child, parent)
        elif seen.is_table(child):
            weighed.add(child)
            also = (parent,) if seen.named(parent, without=child) else ()
            kinds.append(_kind(seen, child, also))
    kinds += [_kind(seen, t) for t in seen.pack.tables if t not in weighed and seen.is_table(t)]
    return kinds


def _kind(
    seen: Evidence,
    table: str,
    also: tuple[str, ...] = (),
    positions: dict[tuple[str, str], tuple[str, str]] | None = None,
) -> Kind:
    tables = (table, *also)
    label = seen.pack.tables[table].label.zh
    hint = int(bool(seen.sheet.name) and label in (seen.sheet.name or ""))
    signs = sum(len(seen.signs(t)) for t in tables)
    return Kind(table, also, positions or {}, (seen.understood(tables), signs, hint))


def _persons_or_households(seen: Evidence, child: str, parent: str) -> list[Kind]:
    """Tell a list of persons, with or without their household's columns, from
    a list of households that says something of the head."""
    own = seen.signs(child)
    if not own:
        return [_kind(seen, parent)] if seen.is_table(parent) else []
    head_only = own <= {seen.pack.role(child, "id_number")} or not seen.has(child, "person_name")
    persons = (
        seen.has(child, "head_relation") or seen.has(child, "person_key") or seen.repeats(child)
    )
    if head_only and not persons and seen.signs(parent, without=child):
        heads = _as_heads(seen, child, parent)
        if heads is not None:
            return [_kind(seen, parent, positions=heads)]
    if not any(seen.has(child, role) for role in _BELONGING):
        return []  # an id number alone may be a helper's or an official's
    also = (parent,) if seen.named(parent, without=child) else ()
    return [_kind(seen, child, also, _positions(seen, child, also))]


def _as_heads(
    seen: Evidence, child: str, parent: str
) -> dict[tuple[str, str], tuple[str, str]] | None:
    """On a list of households, a person's name and number are the head's.

    None where the sheet names both, a person and the head: rows are persons.
    """
    pack = seen.pack
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for role, head_role in (("person_name", "head_name"), ("id_number", "head_id_number")):
        name, head = pack.role(child, role), pack.role(parent, head_role)
        if not name or not head or (child, name) not in seen.columns:
            continue
        if (parent, head) in seen.columns:
            return None
        found[child, name] = (parent, head)
    return found


def _positions(
    seen: Evidence, child: str, also: tuple[str, ...]
) -> dict[tuple[str, str], tuple[str, str]]:
    """On a list of persons without 姓名, the head's column holds the members:
    some programs write each member under 户主姓名."""
    pack = seen.pack
    name = pack.role(child, "person_name")
    if name is None or (child, name) in seen.columns:
        return {}
    heads = [(t, h) for t in (child, *also) if (h := pack.role(t, "head_name"))]
    present = [h for h in heads if h in seen.columns]
    source = present[0][0] if present else child
    if not present or not seen.names_members(source):
        return {}
    return dict.fromkeys(heads, (child, name))
