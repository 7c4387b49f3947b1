"""What a rule saw of a row, and what keeps it from a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.plan import Plan, population
from fupin_audit.evaluate.values import Truth
from fupin_audit.model.dossier import Lack, Spot
from fupin_audit.packs.tree import Node

IN_DOUBT = "所依据的格子已有疑点，先解决那一条"
_ASKS_NO_VALUE = "present"


def seen_by(ctx: Context, plan: Plan, row: int) -> tuple[Spot, ...]:
    """Return the cells a plan looks at for a row, in the order it names them."""
    spots: dict[Spot, None] = {}
    for node in plan.trees():
        spots |= dict.fromkeys(_seen(ctx, plan.table, node, row))
    return tuple(spots)


def _seen(ctx: Context, table: str, node: Node, row: int) -> Iterator[Spot]:
    if node.op == "field":
        if ctx.available(*node.args):
            yield Spot(table, row, node.args[1])
        return
    if node.op == "call" and node.args[0] == _ASKS_NO_VALUE:
        return
    for other, inner, at in _steps(ctx, table, node, row):
        yield from _seen(ctx, other, inner, at)


def lacks_of(ctx: Context, plan: Plan, row: int) -> tuple[Lack, ...]:
    """Return what keeps a plan from a verdict on a row that it left unknown."""
    belongs, _ = population(plan, ctx)
    nodes = [n for n in (belongs, *plan.trees()) if n is not None]
    found: dict[Lack, None] = {}
    for node in nodes:
        found |= dict.fromkeys(_lacks(ctx, plan.table, node, row))
    return tuple(found) or (Lack(None, "doubt", IN_DOUBT),)


def _lacks(ctx: Context, table: str, node: Node, row: int) -> Iterator[Lack]:
    result = ctx.value(table, node)
    known = result.yes[row] | result.no[row] if isinstance(result, Truth) else result.known[row]
    if known:
        return
    if node.op == "field":
        void = not isinstance(result, Truth) and bool(result.voids[row])
        lacking = ctx.tables[table].lacking.get(node.args[1].removeprefix("last_year."))
        absent = not ctx.available(*node.args) or (lacking is not None and bool(lacking[row]))
        yield Lack(
            Spot(table, row, node.args[1]), "absent" if absent else "void" if void else "blank"
        )
        return
    if node.op == "param":
        yield Lack(None, "param", _without(ctx, table, node, row))
        return
    if node.op == "up" and _above(ctx, node, row) < 0:
        label = ctx.pack.tables[node.args[0]].label.zh
        yield Lack(None, "link", f"没有找到所属的{label}")
        return
    if node.op == "call" and node.args[0] == "coalesce":
        yield from _of_any(ctx, table, node, row)
        return
    for other, inner, at in _steps(ctx, table, node, row):
        yield from _lacks(ctx, other, inner, at)


def _of_any(ctx: Context, table: str, node: Node, row: int) -> Iterator[Lack]:
    """A column that no sheet has explains nothing where another way to the value
    was open: that one is in doubt, and settling it is enough."""
    ways = [list(_lacks(ctx, table, arg, row)) for arg in node.args[1:]]
    was_open = [way for way in ways if not way or any(one.state != "absent" for one in way)]
    for way in was_open or ways:
        yield from way or [Lack(None, "doubt", IN_DOUBT)]


def _steps(ctx: Context, table: str, node: Node, row: int) -> Iterator[tuple[str, Node, int]]:
    """Yield what a node rests on, with the table and row it is asked of there."""
    if node.op == "up":
        above = _above(ctx, node, row)
        if above >= 0:
            yield node.args[0], node.args[2], above
    elif node.op == "agg":
        _, parent, child, *inner = node.args
        for at in _below(ctx, parent, child, row):
            for one in inner:
                yield child, one, at
    else:
        for arg in node.args:
            if isinstance(arg, Node):
                yield table, arg, row


def _above(ctx: Context, node: Node, row: int) -> int:
    hung = ctx.link(node.args[1], node.args[0])
    return int(hung.up[row]) if hung is not None else -1


def _below(ctx: Context, parent: str, child: str, row: int) -> list[int]:
    hung = ctx.link(child, parent)
    if hung is None:
        return []
    at = row if hung.same is None else int(hung.same[row])
    rows: list[int] = np.flatnonzero(hung.down == at).tolist()
    return rows


def _without(ctx: Context, table: str, node: Node, row: int) -> str:
    name, year = node.args
    on = ctx.pack.as_of
    if year is not None:
        years = ctx.column(table, year)
        if not years.known[row] or not 1 <= years.data[row] <= 9998:
            return f"不知道是哪一年，查不到参数“{name}”"
        on = date(int(years.data[row]), 12, 31)
    return ctx.pack.param(name, on)[1]
