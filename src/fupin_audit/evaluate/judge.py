"""The verdict of one rule on every row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.keys import all_known, common_codes, group_codes
from fupin_audit.evaluate.plan import Plan, population, why_skipped
from fupin_audit.evaluate.values import Column, Mask, Truth
from fupin_audit.model.distinct import distinct_numbers

NAMED_OTHERS = 9
"""How many other rows of a group a finding carries; the rest is a number."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`violated` and `unknown` per row; `scope` is what was judged at all.

    `groups` (unique rules) numbers the group of each row.
    """

    scope: Mask
    violated: Mask
    unknown: Mask
    groups: npt.NDArray[np.int64] | None = None


def verdict_or_reason(ctx: Context, plan: Plan) -> Verdict | str:
    """Judge a rule, or say why this data cannot be judged by it (Chinese).

    A run and the backend of our pandera schemas both ask here, so that they
    cannot differ.
    """
    return why_skipped(plan, ctx) or judge(ctx, plan)


def judge(ctx: Context, plan: Plan) -> Verdict:
    """Judge a row, unique or match rule on all rows of its table."""
    n = len(ctx.tables[plan.table])
    when = _when(ctx, plan, n)
    if plan.rule.kind == "row":
        assert plan.must is not None
        if when.no.all():  # out of scope, all of it: what must hold need not be known
            return Verdict(~when.no, ~when.no, ~when.no)
        return _implies(when, ctx.truth(plan.table, plan.must))
    if plan.rule.kind == "unique":
        return _unique(ctx, plan, when)
    return _match(ctx, plan, when)


def _when(ctx: Context, plan: Plan, n: int) -> Truth:
    every = np.ones(n, bool)
    when = Truth(every, ~every)
    belongs, _ = population(plan, ctx)
    for node in (belongs, plan.when):
        if node is not None and not when.no.all():
            when = when & ctx.truth(plan.table, node)
    return when


def _implies(when: Truth, must: Truth) -> Verdict:
    verdict = ~when | must
    return Verdict(scope=~when.no, violated=verdict.no, unknown=verdict.unknown)


def _keys(ctx: Context, plan: Plan, when: Truth) -> tuple[list[Column], Mask, Mask]:
    """Return the key columns, the rows in scope and those with a known key.

    A row with a blank key is not in scope: its blank is another rule's.
    """
    columns = [ctx.column(plan.table, k) for k in plan.key]
    known = all_known(columns)
    void = np.logical_or.reduce([c.voids for c in columns])
    return columns, ~when.no & (known | void), known


def _unique(ctx: Context, plan: Plan, when: Truth) -> Verdict:
    columns, scope, known = _keys(ctx, plan, when)
    sure = when.yes & known
    codes, size = group_codes(columns)
    if plan.differing is None:
        shared = np.bincount(codes[sure], minlength=size) > 1
        violated = sure & shared[codes]
        return Verdict(scope, violated, scope & ~sure, codes)
    value = ctx.column(plan.table, plan.differing)
    judged = sure & value.known
    plain, different = group_codes([value])
    pairs = distinct_numbers(codes[judged] * max(different, 1) + plain[judged])[1]
    torn = np.bincount(pairs // max(different, 1), minlength=size) > 1
    grouped = np.bincount(codes[sure], minlength=size) > 1
    unknown = scope & (~sure | (grouped[codes] & value.voids))
    return Verdict(scope, judged & torn[codes], unknown, codes)


def _match(ctx: Context, plan: Plan, when: Truth) -> Verdict:
    spec = plan.rule.match
    assert spec is not None
    if not spec.on:
        return _hung(ctx, plan, when)
    here = [ctx.field_column(plan.table, f) for f in spec.on]
    there = [ctx.field_column(spec.table, f) for f in spec.on.values()]
    counted = all_known(there)
    if plan.match_when is not None:
        counted &= ctx.truth(spec.table, plan.match_when).yes
    own, others, count = common_codes(here, there)
    listed = np.bincount(others[counted], minlength=count) > 0
    present = all_known(here)
    void = np.logical_or.reduce([c.voids for c in here])
    scope = ~when.no & (present | void)
    return Verdict(scope, when.yes & present & ~listed[own], scope & (void | ~when.yes))


def _hung(ctx: Context, plan: Plan, when: Truth) -> Verdict:
    """Judge whether rows have a parent, by the relation of the two tables."""
    spec = plan.rule.match
    assert spec is not None
    link = ctx.link(plan.table, spec.table)
    assert link is not None  # else the rule is skipped
    found = link.up >= 0
    if plan.match_when is not None:
        fits = ctx.truth(spec.table, plan.match_when).yes
        found &= fits[np.where(found, link.up, 0)] if len(fits) else found
    scope = ~when.no & link.said
    lost = link.said & ~found & ~link.torn
    return Verdict(scope, scope & when.yes & lost, scope & (link.torn | ~when.yes))


def others_of(verdict: Verdict, rows: npt.NDArray[np.int64]) -> tuple[list[list[int]], list[int]]:
    """Return for each violated row some other rows of its group, and how many
    there are in all."""
    assert verdict.groups is not None
    members: dict[int, list[int]] = {}
    for row, group in zip(rows.tolist(), verdict.groups[rows].tolist(), strict=True):
        members.setdefault(group, []).append(row)
    others: list[list[int]] = []
    counts: list[int] = []
    for row, group in zip(rows.tolist(), verdict.groups[rows].tolist(), strict=True):
        near = members[group][: NAMED_OTHERS + 1]
        others.append([r for r in near if r != row][:NAMED_OTHERS])
        counts.append(len(members[group]) - 1)
    return others, counts
