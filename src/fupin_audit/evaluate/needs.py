"""What a rule cannot do without, read off its trees once, when it is compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fupin_audit.evaluate.functions import AMONG_ROWS
from fupin_audit.packs.shapes import Rule
from fupin_audit.packs.tree import (
    Node,
    fields_needed,
    strict,
    strict_coalesces,
    tables_needed,
    walk,
)

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Needs:
    """Each in the order in which the rule names them.

    Attributes:
        tables: Its own and those it looks into.
        columns: (table, field) of every column.
        one_of: Per coalesce() of nothing but columns, its own or picked from a
            child table: those columns, of which one must be there.
        params: Parameters looked up for the day of the run.
        links: (child, parent) of tables whose rows must hang together.
        among_rows: It compares the rows of its table with one another.
    """

    tables: tuple[str, ...]
    columns: tuple[Place, ...]
    one_of: tuple[tuple[Place, ...], ...]
    params: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    among_rows: bool


def needs_of(rule: Rule, trees: Sequence[Node]) -> Needs:
    """Return what a rule with these trees cannot do without."""
    tables = [rule.table, *(t for tree in trees for t in tables_needed(tree))]
    columns = [place for tree in trees for place in fields_needed(tree)]
    if rule.match:
        tables.append(rule.match.table)
        columns += [(rule.table, f) for f in rule.match.on]
        columns += [(rule.match.table, f) for f in rule.match.on.values()]
    params = [
        n.args[0]
        for tree in trees
        for n in strict(tree)
        if n.op == "param" and n.args[1] is None
    ]  # fmt: skip
    nodes = [n for tree in trees for n in strict(tree)]
    links = [(n.args[1], n.args[0]) for n in nodes if n.op == "up"]
    links += [(n.args[2], n.args[1]) for n in nodes if n.op == "agg"]
    if rule.match and not rule.match.on:
        links.append((rule.table, rule.match.table))
    calls = [call for tree in trees for call in strict_coalesces(tree)]
    return Needs(
        tuple(dict.fromkeys(tables)),
        tuple(dict.fromkeys(columns)),
        tuple(places for call in calls if (places := _columns(call))),
        tuple(dict.fromkeys(params)),
        tuple(dict.fromkeys(links)),
        any(n.op == "call" and n.args[0] in AMONG_ROWS for tree in trees for n in walk(tree)),
    )


def _columns(call: Node) -> tuple[Place, ...]:
    """Return the columns a coalesce() chooses from, nothing if it ends otherwise.

    A column picked from a child table is one to choose from, too.
    """
    chosen = [n.args[3] if n.op == "agg" and n.args[0] == "pick" else n for n in call.args[1:]]
    if any(n.op != "field" for n in chosen):
        return ()
    return tuple(n.args for n in chosen)
