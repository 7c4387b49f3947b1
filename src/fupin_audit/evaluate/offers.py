"""What a rule's own expressions suggest for its violated rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.functions import EPOCH, YEAR_ALONE
from fupin_audit.evaluate.plan import Plan
from fupin_audit.evaluate.values import Rows, Truth
from fupin_audit.model.dataset import LAST_YEAR
from fupin_audit.model.suggestion import Input, Offer
from fupin_audit.packs.shapes import Field, Suggest
from fupin_audit.packs.tree import KIND_OF_TYPE, Node

_WHOLE = ("integer", "year")
_NUMBERS = ("number", "money", *_WHOLE)
_CENT = 0.005


def offers_of(ctx: Context, plan: Plan, rows: Rows) -> list[Offer]:
    """Return what each entry of a rule's `suggest` comes to on its violated rows."""
    pairs = zip(plan.offers[::2], plan.offers[1::2], strict=True)
    return [
        _offer(ctx, plan.table, rows, one, value, when)
        for one, (value, when) in zip(plan.rule.suggest, pairs, strict=True)
    ]


def _offer(
    ctx: Context, table: str, rows: Rows, one: Suggest, value: Node, when: Node
) -> Offer:  # fmt: skip
    nothing: list[str | None] = [None] * len(rows)
    allowed = ctx.truth(table, when).yes[rows]
    if one.field:
        allowed = allowed & _has_cell(ctx, table, rows, one.field)
    if not allowed.any() or (one.find and not one.gap):
        return Offer(allowed, nothing)
    if one.gap:
        found = ctx.column(table, value)
        gap = np.where(found.known, found.data, np.nan)[rows].astype(np.float64)
        return Offer(allowed, nothing, gap, weights_of(ctx, value))
    field = ctx.pack.field(table, one.field)
    wanted = _texts(ctx, table, value, rows, field)
    own = Node("field", (table, one.field), KIND_OF_TYPE[field.type])
    current = _texts(ctx, table, own, rows, field)
    values = [
        new if ok and new != old else None
        for ok, new, old in zip(allowed.tolist(), wanted, current, strict=True)
    ]
    offer = Offer(allowed, values)
    if one.confidence == "safe" and any(values):
        hits = np.arange(len(rows), dtype=np.int64)
        given = [*_inputs(ctx, table, value, rows, hits)]
        # What only confirms the value counts where it stands on the row itself.
        given += [g for g in _inputs(ctx, table, when, rows, hits) if g.rows is rows]
        offer.inputs = [g for g in given if (g.table, g.field) != (table, one.field)]
    return offer


def _has_cell(ctx: Context, table: str, rows: Rows, field: str) -> np.ndarray[Any, np.dtype[Any]]:
    """Tell for which rows the sheet has a column for a field."""
    if not ctx.available(table, field):
        return np.zeros(len(rows), dtype=bool)
    lacking = ctx.tables[table].lacking.get(field)
    return np.ones(len(rows), dtype=bool) if lacking is None else ~lacking[rows]


def _texts(ctx: Context, table: str, node: Node, rows: Rows, field: Field) -> list[str | None]:
    """Evaluate a node for some rows, as a clerk would type it into a field's cell."""
    result = ctx.value(table, node)
    if isinstance(result, Truth):
        yes, no = result.yes[rows].tolist(), result.no[rows].tolist()
        return ["是" if y else "否" if n else None for y, n in zip(yes, no, strict=True)]
    data, known = result.data[rows], result.known[rows].tolist()
    if result.texts is not None:
        told: list[str | None] = [text or None for text in result.texts[data].tolist()]
    elif node.kind == "date":
        told = np.datetime_as_string(EPOCH + data.astype("timedelta64[D]"), unit="D").tolist()
    elif node.kind in ("month", "period"):
        told = [_month(int(v)) if ok else None for v, ok in zip(data.tolist(), known, strict=True)]
    elif field.type in _NUMBERS:
        told = [
            _figure(v, field) if ok else None for v, ok in zip(data.tolist(), known, strict=True)
        ]
    else:
        told = [None] * len(rows)
    return [text if ok else None for text, ok in zip(told, known, strict=True)]


def _month(value: int) -> str:
    return str(value) if value < YEAR_ALONE else f"{value // 100}-{value % 100:02d}"


def _figure(value: float, field: Field) -> str | None:
    """Write a number as its field is written; a part of a person is nobody."""
    if not np.isfinite(value):
        return None
    if field.type in _WHOLE:
        whole = round(value)
        return str(whole) if abs(value - whole) < _CENT else None
    near = round(value, 2) + 0.0  # and no minus before a nought
    return f"{near:.2f}".rstrip("0").rstrip(".")


def weights_of(ctx: Context, node: Node) -> dict[str, float]:
    """Return by how much a sum grows with each field of its own table; a field
    that does not stand in it as it is does not count."""
    found: dict[str, float] = defaultdict(float)
    spoilt: set[str] = set()

    def add(one: Node, weight: float) -> None:
        match one.op:
            case "field":
                found[one.args[1]] += weight
            case "neg":
                add(one.args[0], -weight)
            case "+" | "-":
                add(one.args[0], weight)
                add(one.args[1], weight if one.op == "+" else -weight)
            case "call" if one.args[0] in ("total", "optional"):
                for arg in one.args[1:]:
                    add(arg, weight)
            case "call" if one.args[0] == "coalesce" and one.args[-1].op == "const":
                add(one.args[1], weight)
            case "*" if one.args[0].op in ("param", "const"):
                number = _constant(ctx, one.args[0])
                if number:
                    add(one.args[1], weight * number)
            case _:
                spoilt.update(_named(one))

    add(node, 1.0)
    return {name: weight for name, weight in found.items() if weight and name not in spoilt}


def _constant(ctx: Context, node: Node) -> float:
    value = node.args[0]
    if node.op == "param":
        value = ctx.pack.param(node.args[0], ctx.pack.as_of)[0]
    return float(value) if isinstance(value, int | float) else 0.0


def _named(node: Node) -> Iterator[str]:
    if node.op == "field":
        yield node.args[1]
    for arg in node.args:
        if isinstance(arg, Node):
            yield from _named(arg)


def _inputs(ctx: Context, table: str, node: Node, rows: Rows, of: Rows) -> Iterator[Input]:
    """Yield the fields that a node looks at for some rows."""
    if node.op == "field":
        name = node.args[1]
        if not name.startswith(LAST_YEAR) and ctx.available(table, name):
            yield Input(table, name, rows, of)
    elif node.op == "up":
        hung = ctx.link(node.args[1], node.args[0])
        if hung is not None:
            above = hung.up[rows]
            yield from _inputs(ctx, node.args[0], node.args[2], above[above >= 0], of[above >= 0])
    elif node.op == "agg":
        _, parent, child, *inner = node.args
        below, under = _below(ctx, parent, child, rows, of)
        for one in inner:
            yield from _inputs(ctx, child, one, below, under)
    else:
        for arg in node.args:
            if isinstance(arg, Node):
                yield from _inputs(ctx, table, arg, rows, of)


def _below(ctx: Context, parent: str, child: str, rows: Rows, of: Rows) -> tuple[Rows, Rows]:
    """Return the child rows counted under some rows, and whose each is."""
    hung = ctx.link(child, parent)
    if hung is None or not len(rows):
        none = np.zeros(0, dtype=np.int64)
        return none, none
    at = rows if hung.same is None else hung.same[rows]
    owners: dict[int, list[int]] = defaultdict(list)
    for row, one in zip(at.tolist(), of.tolist(), strict=True):
        owners[row].append(one)
    below = np.flatnonzero(np.isin(hung.down, at[at >= 0]))
    pairs = [
        (row, one)
        for row, up in zip(below.tolist(), hung.down[below].tolist(), strict=True)
        for one in owners[up]
    ]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
