"""Compiled rules, kept in the user's cache folder.

Parsing a few hundred rules takes longer than judging a township by them, so the
trees are kept, each distinct one once, under a digest of the rules, of all that
they may name, and of the code that reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

import msgspec

from fupin_audit.errors import RulePackError
from fupin_audit.evaluate.needs import Needs
from fupin_audit.evaluate.plan import Plan, compile_rules
from fupin_audit.model.findings import Piece
from fupin_audit.packs.cache import digest_of, keep, recall
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Rule
from fupin_audit.packs.tree import Node

_MAKERS = (
    "fupin_audit.packs.expr", "fupin_audit.packs.functions", "fupin_audit.packs.names",
    "fupin_audit.packs.tree", "fupin_audit.evaluate.message", "fupin_audit.evaluate.plan",
    "fupin_audit.evaluate.needs", "fupin_audit.evaluate.compiled", "fupin_audit.model.findings",
)  # fmt: skip
_NODE, _TUPLE, _LIST, _DICT, _SHAPE = range(5)
_SHAPES: tuple[type[Any], ...] = (Piece, Needs)
_PARTS = [f.name for f in fields(Plan) if f.name != "rule"]
_parts_of = attrgetter(*_PARTS)
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
        (r.kind, r.table, r.when, r.must, r.key, r.differing, r.match, r.doubt, r.blame, r.message)
        for r in pack.rules.values()
    ]
    kinds = {
        name: [type(v.value).__name__ for v in spec.values] for name, spec in pack.params.items()
    }
    given = [list(pack.rules), texts, kinds, pack.tables, pack.codes, pack.terms, pack.relations]
    return digest_of(given, _MAKERS)


def _written(plans: dict[str, Plan]) -> bytes:
    """Write plans as a list of distinct nodes, below before above, and what each
    plan is made of."""
    nodes: dict[Node, int] = {}
    lines: list[Any] = []

    def number(node: Node) -> int:
        if node not in nodes:
            below = [i for i, arg in enumerate(node.args) if isinstance(arg, Node)]
            args = [number(arg) if isinstance(arg, Node) else arg for arg in node.args]
            nodes[node] = len(lines)
            lines.append((node.op, node.kind, args, below))
        return nodes[node]

    def form(value: Any) -> Any:
        match value:
            case Node():
                return [_NODE, number(value)]
            case tuple():
                return [_TUPLE, *map(form, value)]
            case list():
                return [_LIST, *map(form, value)]
            case dict():
                return [_DICT, *((k, form(v)) for k, v in value.items())]
            case None | bool() | int() | float() | str():
                return value
        shape = _SHAPES.index(type(value))
        return [_SHAPE, shape, *(form(getattr(value, f.name)) for f in fields(value))]

    parts = {rule: [form(part) for part in _parts_of(plan)] for rule, plan in plans.items()}
    return msgspec.msgpack.encode([_PARTS, lines, parts])


def _read(data: bytes | None, rules: Sequence[Rule]) -> list[Plan]:
    names, lines, parts = msgspec.msgpack.decode(data or b"")
    if names != _PARTS:
        raise ValueError(names)
    nodes: list[Node] = []

    def value(form: list[Any]) -> Any:
        sort, *rest = form
        if sort == _NODE:
            return nodes[rest[0]]
        if sort == _DICT:
            return {k: value(f) for k, f in rest}
        parts = [value(f) if type(f) is list else f for f in rest]
        if sort == _TUPLE:
            return tuple(parts)
        return parts if sort == _LIST else _SHAPES[parts[0]](*parts[1:])

    for op, kind, args, below in lines:
        for i in below:
            args[i] = nodes[args[i]]
        if op == "in":
            args[1] = tuple(args[1])
        nodes.append(Node(op, tuple(args), kind))
    return [Plan(rule, *value([_LIST, *parts[rule.id]])) for rule in rules]
