"""Compiled rules, kept in the user's cache folder.

Parsing a few hundred rules takes longer than judging a township by them, so the
trees are kept, each distinct one once, under a digest of the rules, of all that
they may name, and of the code that reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_type_hints

import msgspec

from fupin_audit.errors import RulePackError
from fupin_audit.evaluate.plan import Plan, compile_rules
from fupin_audit.packs.cache import digest_of, keep, recall
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Rule
from fupin_audit.packs.tree import Node

_MAKERS = (
    "fupin_audit.packs.expr", "fupin_audit.packs.functions", "fupin_audit.packs.names",
    "fupin_audit.packs.tree", "fupin_audit.evaluate.message", "fupin_audit.evaluate.plan",
    "fupin_audit.evaluate.needs", "fupin_audit.evaluate.compiled", "fupin_audit.model.findings",
)  # fmt: skip
_NUMBERED: dict[Any, Any] = {Node | None: int | None, tuple[Node, ...]: tuple[int, ...]}
"""How a part of a plan is kept: a tree as the number of its node, the rest as it is."""
_PARTS: dict[str, Any] = {
    name: hint for name, hint in get_type_hints(Plan).items() if name != "rule"
}
_Plan: Any = tuple.__class_getitem__(tuple(_NUMBERED.get(hint, hint) for hint in _PARTS.values()))
_Kept: Any = tuple[list[str], list[tuple[str, str, list[Any], list[int]]], dict[str, _Plan]]
_BROKEN = (
    msgspec.MsgspecError, ValueError, TypeError, LookupError, AttributeError, RecursionError,
)  # fmt: skip


def compiled(rules: Sequence[Rule], pack: ResolvedPack) -> list[Plan]:
    """Return the plans of some of a pack's rules.

    Raises:
        RulePackError: All mistakes of these rules; those of others do no harm.
    """
    name = f"{_name(pack)}.plans"
    try:
        return _read(recall(name), rules)
    except _BROKEN:
        pass  # none yet, or one that cannot be trusted: compile again
    try:
        plans = {p.rule.id: p for p in compile_rules(pack.rules.values(), pack)}
        data = _written(plans)
    except (RulePackError, RecursionError):
        return compile_rules(rules, pack)
    keep(name, data)
    # Read back, so that equal trees are one and are compared at a glance.
    return _read(data, rules)


def _name(pack: ResolvedPack) -> str:
    """Name the plans after all that parsing looks at."""
    texts = [
        (r.kind, r.table, r.when, r.must, r.key, r.differing, r.match, r.doubt, r.blame, r.message,
         r.suggest)
        for r in pack.rules.values()
    ]  # fmt: skip
    kinds = {
        name: [type(v.value).__name__ for v in spec.values] for name, spec in pack.params.items()
    }
    given = [list(pack.rules), texts, kinds, pack.tables, pack.codes, pack.terms, pack.relations]
    return digest_of(given, _MAKERS)


def _written(plans: Mapping[str, Plan]) -> bytes:
    """Write plans: the distinct nodes, below before above, each with the places
    of its arguments that are nodes; then the parts of each plan."""
    numbers: dict[Node, int] = {}
    nodes: list[Any] = []

    def number(node: Node) -> int:
        if node not in numbers:
            below = [i for i, arg in enumerate(node.args) if isinstance(arg, Node)]
            args = [number(arg) if isinstance(arg, Node) else arg for arg in node.args]
            numbers[node] = len(nodes)
            nodes.append((node.op, node.kind, args, below))
        return numbers[node]

    def part(value: Any, hint: Any) -> Any:
        if hint not in _NUMBERED or value is None:
            return value
        return number(value) if isinstance(value, Node) else list(map(number, value))

    kept = {
        rule: [part(getattr(plan, name), hint) for name, hint in _PARTS.items()]
        for rule, plan in plans.items()
    }
    return msgspec.msgpack.encode((list(_PARTS), nodes, kept))


def _read(data: bytes | None, rules: Sequence[Rule]) -> list[Plan]:
    names, lines, kept = msgspec.msgpack.decode(data or b"", type=_Kept)
    if names != list(_PARTS):
        raise ValueError(names)
    nodes: list[Node] = []
    for op, kind, args, below in lines:
        for i in below:
            args[i] = nodes[args[i]]
        if op == "in":  # the one node that holds a list of constants
            args[1] = tuple(args[1])
        nodes.append(Node(op, tuple(args), kind))

    def part(value: Any, hint: Any) -> Any:
        if hint not in _NUMBERED or value is None:
            return value
        return nodes[value] if isinstance(value, int) else tuple([nodes[i] for i in value])

    hints = list(_PARTS.values())
    return [Plan(rule, *map(part, kept[rule.id], hints)) for rule in rules]
