"""Which table a sheet is: what one of its rows stands for.

The columns decide, with what the rows show where the columns leave it open:
a number that repeats from row to row is a household with several members.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fupin_audit.errors import AmbiguousHeader
from fupin_audit.model.sheet import RawSheet
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise.evidence import Evidence, gather
from fupin_audit.recognise.heading import Heading
from fupin_audit.recognise.lexicon import Lexicon

_BELONGING = ("person_name", "head_relation", "person_key", "household_key", "head_name")


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
    seen = gather(heading, sheet, pack, lexicon)
    if table is not None:
        parent = pack.wide_parent(table)
        also = (parent,) if parent and seen.named(parent, without=table) else ()
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


def _kinds(seen: Evidence) -> list[Kind]:
    """Return one kind per table the sheet could be; a table of persons and the
    households above it are weighed together."""
    kinds: list[Kind] = []
    weighed: set[str] = set()
    for relation in (r for r in seen.pack.relations if r.wide):
        child, parent = relation.child, relation.parent
        weighed |= {child, parent}
        kinds += _persons_or_households(seen, child, parent)
    for table in (t for t in seen.pack.tables if t not in weighed and seen.is_table(t)):
        if _of_spells(seen, table):
            related = any(seen.has(t, "head_relation") for t in weighed)
            if _told_from_persons(seen, table, related=related):
                kinds = [k for k in kinds if seen.pack.role(k.table, "head_relation") is None]
            elif related:
                continue
        kinds.append(_kind(seen, table))
    return kinds


def _of_spells(seen: Evidence, table: str) -> bool:
    """Tell a table several rows of which may be about one person."""
    return seen.pack.tables[table].repeats and seen.pack.role(table, "id_number") is not None


def _told_from_persons(seen: Evidence, table: str, *, related: bool) -> bool:
    """Tell a list of spells from a list of persons that has the same columns: a
    person recurs, the sheet says so, or nobody is related to a head and the
    file's name says so."""
    return seen.recurs(table, "id_number") or seen.titled(table) > int(related)


def _kind(
    seen: Evidence,
    table: str,
    also: tuple[str, ...] = (),
    positions: dict[tuple[str, str], tuple[str, str]] | None = None,
) -> Kind:
    tables = (table, *also)
    label = seen.pack.tables[table].label.zh
    hint = max(2 * int(label in (seen.sheet.name or "")), seen.titled(table))
    if not hint and seen.pack.role(table, "matter"):
        hint = -1  # many a register has a column for what is wrong with a household
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
