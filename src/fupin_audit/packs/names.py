"""What an expression may name, and the nearest name to a slip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fupin_audit.packs.manifest import Relation
    from fupin_audit.packs.shapes import CodeList, Parameter, Table, Term
    from fupin_audit.packs.tree import Node


@dataclass(frozen=True, slots=True)
class Names:
    """Everything an expression may name. `expanded` keeps the trees of the terms
    met so far, `parsed` those of whole expressions, by text and table: a message
    names the same fields in two languages."""

    tables: Mapping[str, Table]
    terms: Mapping[str, Term]
    params: Mapping[str, Parameter]
    codes: Mapping[str, CodeList]
    relations: tuple[Relation, ...]
    expanded: dict[str, Node] = field(default_factory=dict, repr=False, compare=False)
    parsed: dict[tuple[str, str], Node] = field(default_factory=dict, repr=False, compare=False)

    def parent_of(self, child: str, parent: str) -> bool:
        return parent in ancestors(self.relations, child)


def ancestors(relations: Iterable[Relation], child: str) -> list[str]:
    """Return every table above one, the nearest first."""
    relations = tuple(relations)
    found: dict[str, None] = {}
    level = [child]
    while level:
        level = [r.parent for c in level for r in relations if r.child == c]
        level = [p for p in dict.fromkeys(level) if p not in found and p != child]
        found.update(dict.fromkeys(level))
    return list(found)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint `是不是“…”？` for the closest known name, or nothing."""
    import difflib

    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"是不是“{close[0]}”？" if close else ""
