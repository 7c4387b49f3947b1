"""What hangs on a doubtful income: does the household still meet the line of its
year if the income is wrong by the amount in doubt?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.plan import Plan
from fupin_audit.evaluate.values import EPSILON
from fupin_audit.model.findings import Stake
from fupin_audit.packs.expr import parse
from fupin_audit.packs.tree import Node

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Footing:
    """How this pack judges income: expressions of `table`, ready to evaluate."""

    table: str
    value: Node
    size: Node
    line: Node
    label: tuple[str, str]
    meets_at_line: bool


def footing_of(ctx: Context) -> Footing | None:
    """Return how income is judged in the pack's era, None if nothing says so."""
    pack, stakes = ctx.pack, ctx.pack.stakes
    if stakes is None or stakes.table not in ctx.tables:
        return None
    line = next((one for one in stakes.lines if pack.era in one.era), None)
    if line is None:
        return None

    def tree(text: str) -> Node:
        return parse(text, stakes.table, pack.names, "pack.yaml:stakes")

    return Footing(
        stakes.table, tree(stakes.value), tree(stakes.size), tree(line.line),
        (line.label.zh, line.label.en), line.at_line == "meets",
    )  # fmt: skip


def stake_of(
    ctx: Context, plan: Plan, rows: npt.NDArray[np.int64], footing: Footing
) -> Stake | None:
    """Weigh the doubt of a rule's violated rows; None if the rule names none."""
    if plan.doubt is None:
        return None
    doubt = np.abs(doubts(ctx, plan, rows))
    value, size, line = (
        _judged(ctx, plan.table, footing, node)[rows]
        for node in (footing.value, footing.size, footing.line)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(size > 0, doubt / size, np.nan)
        known = np.isfinite(value) & np.isfinite(line) & np.isfinite(apart)
        meets = [_meets(one, line, footing) for one in (value, value - apart, value + apart)]
    flips = (meets[0] != meets[1]) | (meets[0] != meets[2])
    told = np.where(known, flips.astype(np.int8), np.int8(-1)).astype(np.int8)
    return Stake(footing.label, line, value, doubt, told)


def doubts(ctx: Context, plan: Plan, rows: npt.NDArray[np.int64]) -> Floats:
    """Return the yuan in doubt per row, NaN where it cannot be reckoned."""
    assert plan.doubt is not None
    return _numbers(ctx, plan.table, plan.doubt)[rows]


def _meets(value: Floats, line: Floats, footing: Footing) -> npt.NDArray[np.bool_]:
    slack = EPSILON * np.maximum(1.0, np.abs(line))
    return value >= line - slack if footing.meets_at_line else value > line + slack


def _judged(ctx: Context, table: str, footing: Footing, node: Node) -> Floats:
    """Evaluate one of the footing's expressions for the rows of a rule's table."""
    if table == footing.table:
        return _numbers(ctx, table, node)
    if ctx.link(table, footing.table) is None:
        return np.full(len(ctx.tables[table]), np.nan)
    return _numbers(ctx, table, Node("up", (footing.table, table, node), node.kind))


def _numbers(ctx: Context, table: str, node: Node) -> Floats:
    column = ctx.column(table, node)
    return np.where(column.known, column.data, np.nan).astype(np.float64)
