"""From a dataset and a pack to findings and coverage."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from fupin_audit.evaluate.compiled import compiled
from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.judge import Verdict, judge, others_of, verdict_or_reason
from fupin_audit.evaluate.message import argument_values
from fupin_audit.evaluate.observed import observed_hits
from fupin_audit.evaluate.offers import offers_of
from fupin_audit.evaluate.plan import Plan, compile_rule, why_skipped
from fupin_audit.evaluate.spent import spent_after
from fupin_audit.evaluate.stakes import Footing, doubts, footing_of, stake_of
from fupin_audit.model.dataset import Dataset
from fupin_audit.model.findings import Coverage, Findings, RuleHits
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Rule
from fupin_audit.packs.tree import walk


def evaluate(
    dataset: Dataset, pack: ResolvedPack, selected: Collection[str] | None = None
) -> Findings:
    """Judge a dataset by the rules of a resolved pack.

    Args:
        dataset: The cleaned tables.
        pack: The law for the day and region.
        selected: Rule ids to evaluate; None is all. The others do not appear
            in coverage.

    Returns:
        Findings, and one coverage row per selected rule, in the order of ids.
    """
    rules = [r for r in pack.rules.values() if selected is None or r.id in selected]
    plans = compiled(rules, pack)
    ctx = Context(dataset.tables, pack)
    findings = Findings()
    footing = footing_of(ctx)
    for plan, spent in zip(plans, spent_after(plans), strict=True):
        rule_id = plan.rule.id
        if rule_id in pack.inapplicable:
            findings.coverage.append(Coverage(rule_id, skipped=pack.inapplicable[rule_id]))
        elif plan.rule.kind == "observed":
            hits, coverage = observed_hits(plan, dataset, pack)
            findings.hits += hits
            findings.coverage.append(coverage)
        else:
            verdict = verdict_or_reason(ctx, plan)
            hit, coverage = result_of(ctx, plan, verdict, footing)
            findings.hits += [hit] if hit else []
            findings.coverage.append(coverage)
            if coverage.unknown and isinstance(verdict, Verdict):
                findings.unknown[rule_id] = np.packbits(verdict.unknown)
            ctx.forget(spent)
    return findings


def verdicts(dataset: Dataset, pack: ResolvedPack, rule: Rule) -> list[str]:
    """Return `pass`, `violated` or `unknown` per row of the rule's table.

    A row out of the rule's scope passes; a skipped rule knows nothing. An
    observed rule without a table of its own answers once for the dataset.
    """
    plan = compile_rule(rule, pack, where=rule.id)
    if rule.kind == "observed":
        hits, _ = observed_hits(plan, dataset, pack)
        elsewhere = [o for o in dataset.observations if o.what != rule.observed and o.sheet < 0]
        return ["violated" if hits else "unknown" if elsewhere else "pass"]
    ctx = Context(dataset.tables, pack)
    n = len(dataset.tables[plan.table]) if plan.table in dataset.tables else 1
    if why_skipped(plan, ctx):
        return ["unknown"] * n
    verdict = judge(ctx, plan)
    states = np.where(verdict.violated, "violated", np.where(verdict.unknown, "unknown", "pass"))
    return [str(s) for s in states]


def hits_of(dataset: Dataset, pack: ResolvedPack, rule: Rule) -> list[RuleHits]:
    """Return the rows that violate one rule, wherever it may apply."""
    plan = compile_rule(rule, pack, where=rule.id)
    if rule.kind == "observed":
        return observed_hits(plan, dataset, pack)[0]
    ctx = Context(dataset.tables, pack)
    verdict = why_skipped(plan, ctx) or judge(ctx, plan)
    hit, _ = result_of(ctx, plan, verdict)
    return [hit] if hit else []


def doubt_of(dataset: Dataset, pack: ResolvedPack, rule: Rule) -> list[float | None]:
    """Return per row of the rule's table how many yuan it puts in doubt, None
    where that cannot be reckoned."""
    plan = compile_rule(rule, pack, where=rule.id)
    if plan.doubt is None or plan.table not in dataset.tables:
        return [None] * len(dataset.tables.get(plan.table, "?"))
    rows = np.arange(len(dataset.tables[plan.table]), dtype=np.int64)
    found = doubts(Context(dataset.tables, pack), plan, rows).tolist()
    return [None if amount != amount else amount for amount in found]


def result_of(
    ctx: Context, plan: Plan, verdict: Verdict | str, footing: Footing | None = None
) -> tuple[RuleHits | None, Coverage]:
    """Return the violated rows of a verdict with all a message needs, None where
    there are none, and what became of the rule."""
    rule = plan.rule
    if isinstance(verdict, str):
        return None, Coverage(rule.id, skipped=verdict)
    rows = np.flatnonzero(verdict.violated)
    evaluated, unknown = int(verdict.scope.sum()), int(verdict.unknown.sum())
    coverage = Coverage(rule.id, evaluated, evaluated - len(rows) - unknown, len(rows), unknown)
    if evaluated and unknown == evaluated and (why := _without_value(ctx, plan)):
        return None, Coverage(rule.id, skipped=why)
    if not len(rows):
        return None, coverage
    hit = RuleHits(
        rule=rule.id,
        severity=rule.severity,
        table=plan.table,
        rows=rows,
        blame=plan.blame,
        pieces=plan.pieces,
        arguments=argument_values(ctx, plan.table, list(plan.arguments), rows),
    )
    if verdict.groups is not None:
        hit.others, hit.other_counts = others_of(verdict, rows)
    if footing is not None:
        hit.stake = stake_of(ctx, plan, rows, footing)
    if rule.suggest:
        hit.offers = offers_of(ctx, plan, rows)
    return hit, coverage


def _without_value(ctx: Context, plan: Plan) -> str:
    """Nothing could be judged: is it for want of a yearly value? Which one?"""
    for node in (n for tree in plan.trees() for n in walk(tree) if n.op == "param"):
        value, why = ctx.pack.param(node.args[0], ctx.pack.as_of)
        if value is None:
            return why
    return ""
