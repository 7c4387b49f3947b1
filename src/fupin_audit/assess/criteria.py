"""Criteria answered for every row of a table: met, not met, cannot be judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt

from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.judge import judge
from fupin_audit.evaluate.message import argument_values
from fupin_audit.evaluate.plan import Plan, compile_rule, why_skipped
from fupin_audit.evaluate.values import Truth
from fupin_audit.model.assessment import (
    MET,
    NOT_ASKED,
    UNKNOWN,
    UNMET,
    Answers,
    Gap,
    Mask,
    Pair,
)
from fupin_audit.model.findings import RuleHits
from fupin_audit.model.ledger import Floats
from fupin_audit.packs.expr import parse
from fupin_audit.packs.judgement import Criterion
from fupin_audit.packs.shapes import Rule
from fupin_audit.packs.tree import Node, walk


def answer(criterion: Criterion, table: str, ctx: Context) -> Answers:
    """Answer one criterion for every row of its table.

    The condition goes the way of a rule's: the same trees, the same verdicts,
    the same messages; so a rule and a criterion that share a term agree.
    """
    plan = compile_rule(as_rule(criterion, table), ctx.pack, f"judgement:{criterion.id}")
    rows = len(ctx.tables[table])
    found = np.full(rows, UNKNOWN, dtype=np.int8)
    missing: Pair = (criterion.gap, criterion.gap)
    gaps: list[Gap] = []
    if not criterion.gap:
        why = why_skipped(plan, ctx)
        missing = (why, why)
    if not missing[0]:
        verdict = judge(ctx, plan)
        found[~verdict.violated & ~verdict.unknown] = MET
        found[verdict.violated] = UNMET
        found[~verdict.scope] = NOT_ASKED
        if plan.when is not None:
            found[ctx.truth(table, plan.when).no] = NOT_ASKED
        gaps = list(_gaps(criterion, plan, ctx, found == UNKNOWN))
    if criterion.if_possible:
        found[found == UNKNOWN] = NOT_ASKED
        missing, gaps = ("", ""), []
    unmet = np.flatnonzero(found == UNMET)
    position = np.full(rows, -1, dtype=np.int64)
    position[unmet] = np.arange(len(unmet))
    hits = RuleHits(
        rule=criterion.id, severity="error", table=table, rows=unmet, blame=(),
        pieces=plan.pieces, arguments=argument_values(ctx, table, list(plan.arguments), unmet),
    )  # fmt: skip
    return Answers(
        id=criterion.id,
        label=(criterion.label.zh, criterion.label.en),
        short=(criterion.short.zh, criterion.short.en),
        answer=found,
        missing=missing,
        gaps=gaps,
        unmet=hits,
        position=position,
        because=criterion.because,
        veto=any(ctx.pack.region.startswith(region) for region in criterion.veto),
        basis=tuple(b.document + (f"：{b.clause}" if b.clause else "") for b in criterion.basis),
        note=criterion.note,
        value=number(ctx, table, criterion.value),
        limit=number(ctx, table, criterion.limit),
        unit=criterion.unit,
    )


def number(ctx: Context, table: str, text: str | None) -> Floats | None:
    """Return an expression's values, NaN where unknown; None without one."""
    if text is None:
        return None
    column = ctx.column(table, parse(text, table, ctx.pack.names, "judgement"))
    return np.where(column.known, column.data.astype(np.float64), np.nan)


def condition(ctx: Context, table: str, text: str) -> Truth:
    """Return a condition's truth for every row."""
    return ctx.truth(table, parse(text, table, ctx.pack.names, "judgement"))


def absent_columns(node: Node, ctx: Context) -> list[str]:
    """Return the columns an expression names that no sheet of the run carries."""
    named = dict.fromkeys(n.args for n in walk(node) if n.op == "field")
    return [field for table, field in named if not ctx.available(table, field)]


def as_rule(criterion: Criterion, table: str) -> Rule:
    """Return a criterion in the shape of a rule."""
    return Rule(
        id=criterion.id, name=criterion.id, title=criterion.label, table=table, kind="row",
        severity="error", audit_item=1, settle="visit", basis=criterion.basis,
        when=criterion.when, must=criterion.met, because=criterion.because,
        message=criterion.reason, advice=criterion.label, false_alarms="", examples=(),
    )  # fmt: skip


def _gaps(criterion: Criterion, plan: Plan, ctx: Context, unknown: Mask) -> Iterator[Gap]:
    """Say for the rows that cannot be judged what they lack."""
    left = unknown.copy()
    for name, matters in criterion.rests_on.items():
        blank, absent = _lacking(name, plan.table, ctx)
        needed = unknown
        if matters:
            needed = unknown & condition(ctx, plan.table, matters).yes
        field = name.rpartition(".")[2]
        who = ("有成员的", "a member's ") if "." in name else ("", "")
        if (rows := absent & needed).any():
            yield Gap((f"表上没有“{field}”列", f"no column “{field}”"), rows, absent=True)
        if (rows := blank & needed & ~absent).any():
            told = f"{who[0]}“{field}”没有填或读不出", f"{who[1]}“{field}” is blank or unreadable"
            yield Gap(told, rows)
        left &= ~((absent | blank) & needed)
    for rows, why in _without_params(plan, ctx):
        if (rows & left).any():
            yield Gap((why, why), rows & left)
            left &= ~rows
    if left.any():
        told = ("所依据的格子有疑点或读不出", "the cells it rests on are in doubt or unreadable")
        yield Gap(told, left)


def _lacking(name: str, table: str, ctx: Context) -> tuple[Mask, Mask]:
    """Tell which rows lack a value of a column, of their own or of a member, and
    for which of them the sheet has no such column."""
    nowhere = np.zeros(len(ctx.tables[table]), dtype=bool)
    child, dot, field = name.rpartition(".")
    of = child if dot else table
    if not ctx.available(of, field):
        return ~nowhere, ~nowhere
    blank = ~ctx.field_column(of, field).known
    absent = ctx.tables[of].lacking.get(field, np.zeros(len(blank), dtype=bool))
    if not dot:
        return blank, absent
    hung = ctx.link(child, table)
    if hung is None:
        return nowhere, nowhere
    rows = hung.down
    inside = rows >= 0
    return _any(rows[blank & inside], nowhere), _any(rows[absent & inside], nowhere)


def _any(rows: npt.NDArray[np.int64], size: Mask) -> Mask:
    return np.bincount(rows, minlength=len(size)) > 0


def _without_params(plan: Plan, ctx: Context) -> Iterator[tuple[Mask, str]]:
    """Yield the rows for whose year a parameter has no value, and why."""
    nodes = {n for tree in plan.trees() for n in walk(tree) if n.op == "param" and n.args[1]}
    for node in sorted(nodes, key=lambda n: str(n.args[0])):
        years = ctx.column(plan.table, node.args[1])
        known = ctx.column(plan.table, node).known
        for year in np.unique(years.data[years.known & ~known]).tolist():
            if 1 <= year <= 9998:
                why = ctx.pack.param(node.args[0], date(int(year), 12, 31))[1]
                yield years.known & (years.data == year) & ~known, why
