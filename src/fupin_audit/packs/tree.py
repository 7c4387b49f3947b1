"""Expression trees: what the parser makes and evaluation computes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fupin_audit.packs.functions import TOLERANT

KIND_OF_TYPE = {
    "text": "text", "name": "text", "id_number": "text", "phone": "text", "account": "text",
    "region": "text", "code": "text", "codes": "multi", "number": "number",
    "integer": "number", "money": "number", "date": "date", "month": "month", "year": "year",
    "period": "month",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One operation of an expression; equal trees are equal and hash alike, so
    that rules which share a sub-expression share its result.

    Attributes:
        op: `const field param up agg in and or not == != < <= > >= + - * / %
            neg` or `call`.
        args: Operands; for `field` (table, name), for `up` (parent, child,
            node), for `agg` (function, parent, child, node, …), for `call`
            (function, node, …), for `param` (id, year node or None).
        kind: `number text multi bool date month year none`.
    """

    op: str
    args: tuple[Any, ...]
    kind: str
    digest: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Trees are looked up far more often than they are made.
        object.__setattr__(self, "digest", hash((self.op, self.args, self.kind)))

    def __hash__(self) -> int:
        return self.digest


def is_column(node: Node) -> bool:
    """Tell whether a node is a field, of its own table or of a parent."""
    return node.op == "field" or (node.op == "up" and is_column(node.args[2]))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    left = [node]
    while left:
        node = left.pop()
        yield node
        left += [arg for arg in reversed(node.args) if isinstance(arg, Node)]


def strict(node: Node) -> Iterator[Node]:
    """Yield what a rule cannot do without: `walk`, but not into tolerant
    functions such as optional()."""
    left = [node]
    while left:
        node = left.pop()
        if not (node.op == "call" and node.args[0] in TOLERANT):
            yield node
            left += [arg for arg in reversed(node.args) if isinstance(arg, Node)]


def strict_coalesces(node: Node) -> Iterator[Node]:
    """Yield the coalesce() calls a rule cannot do without."""
    if node.op == "call" and node.args[0] == "coalesce":
        yield node
    elif not (node.op == "call" and node.args[0] in TOLERANT):
        for arg in node.args:
            if isinstance(arg, Node):
                yield from strict_coalesces(arg)


def fields_needed(node: Node) -> Iterator[tuple[str, str]]:
    """Yield (table, field) of every column an expression cannot do without."""
    return (n.args for n in strict(node) if n.op == "field")


def tables_needed(node: Node) -> Iterator[str]:
    """Yield every table other than its own that an expression must look into."""
    for n in strict(node):
        if n.op == "up":
            yield n.args[0]
        elif n.op == "agg":
            yield n.args[2]
