"""What an expression may name, and the nearest name to a slip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fupin_audit.packs.shapes import CodeList, Parameter, Relation, Table, Term
    from fupin_audit.packs.tree import Node


@dataclass(frozen=True, slots=True)
class Names:
    """Everything an expression may name. `expanded` keeps the trees of the terms
    met so far."""

    tables: Mapping[str, Table]
    terms: Mapping[str, Term]
    params: Mapping[str, Parameter]
    codes: Mapping[str, CodeList]
    relations: tuple[Relation, ...]
    expanded: dict[str, Node] = field(default_factory=dict, repr=False, compare=False)

    def parent_of(self, child: str, parent: str) -> bool:
        return any(r.child == child and r.parent == parent for r in self.relations)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint `是不是“…”？` for the closest known name, or nothing."""
    import difflib

    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"是不是“{close[0]}”？" if close else ""
