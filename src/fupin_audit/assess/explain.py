"""One household laid open: what every rule made of it, and why.

dossier = explain(request, "6110020000000001")
"""

from __future__ import annotations

import numpy as np

from fupin_audit import pipeline
from fupin_audit.assess import latest_year, with_line
from fupin_audit.assess.find import HOUSEHOLD, Found, find
from fupin_audit.assess.income import income_ledger
from fupin_audit.assess.level import judge_level
from fupin_audit.errors import InputError, UsageError
from fupin_audit.evaluate.causes import lacks_of, seen_by
from fupin_audit.evaluate.compiled import compiled
from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.engine import result_of
from fupin_audit.evaluate.judge import Verdict, verdict_or_reason
from fupin_audit.evaluate.observed import observed_hits
from fupin_audit.evaluate.plan import Plan
from fupin_audit.evaluate.spent import spent_after
from fupin_audit.evaluate.stakes import footing_of
from fupin_audit.model.dossier import Dossier, Rows, Ruling, Spot
from fupin_audit.model.findings import Coverage, Findings, RuleHits
from fupin_audit.model.run import CheckResult
from fupin_audit.packs.resolve import resolve
from fupin_audit.suggest import suggest


def explain(request: pipeline.Request, asked: str, line: float | None = None) -> Dossier:
    """Judge the inputs and keep all there is to say about one household.

    Args:
        request: As for a check: other rows take part, for duplicates and shares.
        asked: 户编号, 人口编号, 证件号码 or a name. Of a person the rules of the
            other members are left out.
        line: Yuan; stands for the line of the year in this region.

    Raises:
        UsageError: Nobody is meant, or several households.
        FupinError: The inputs cannot be read.
    """
    dataset, recognition, region = pipeline.clean(request)
    pack = resolve(request.pack, request.as_of, region.code)
    if line is not None:
        pack = with_line(pack, line, latest_year(dataset, pack))
    ctx = Context(dataset.tables, pack)
    found = find(ctx, asked)
    if request.progress:
        request.progress("逐条核对", 0, 1)
    result = CheckResult(pack, request.as_of, region, recognition, dataset, Findings())
    dossier = Dossier(result, None, found.rows, found.main, found.person_table, found.person)
    _judge_all(ctx, dossier, found, request)
    suggest(dataset, pack, result.findings)
    try:
        judged = judge_level(HOUSEHOLD, dataset, pack, region, ctx=ctx)
        judged.ledger = income_ledger(dataset, pack, ctx)
        dossier.assessment = judged
    except (InputError, UsageError) as error:  # a list of members alone is explained too
        dossier.unassessed = error.what
    return dossier


def _judge_all(
    ctx: Context, dossier: Dossier, found: Found, request: pipeline.Request
) -> None:  # fmt: skip
    pack, findings = ctx.pack, dossier.result.findings
    wanted = request.select
    rules = [r for r in pack.rules.values() if wanted is None or r.id in wanted]
    footing = footing_of(ctx)
    plans = compiled(rules, pack)
    for plan, spent in zip(plans, spent_after(plans), strict=True):
        if plan.rule.id in pack.inapplicable:
            continue
        if plan.rule.kind == "observed":
            for hits in observed_hits(plan, dossier.result.dataset, pack)[0]:
                if hits.sheet is None:
                    _keep(dossier, plan, hits, _asked(found, hits.table))
            continue
        verdict = verdict_or_reason(ctx, plan)
        if isinstance(verdict, str):
            dossier.skipped.append((plan.rule.id, verdict))
            continue
        hit, coverage = result_of(ctx, plan, verdict, footing)
        if coverage.skipped:
            dossier.skipped.append((plan.rule.id, coverage.skipped))
            continue
        rows = _asked(found, plan.table)
        findings.coverage.append(_rule_on(ctx, dossier, plan, verdict, rows))
        if hit is not None:
            keep = np.isin(hit.rows, rows)
            findings.hits += [hit.only(keep)] if keep.any() else []
        ctx.forget(spent)


def _asked(found: Found, table: str) -> Rows:
    if table == found.person_table:
        return np.array([found.person], dtype=np.int64)
    return found.rows.get(table, np.zeros(0, dtype=np.int64))


def _rule_on(ctx: Context, dossier: Dossier, plan: Plan, verdict: Verdict, rows: Rows) -> Coverage:
    asked = [row for row in rows.tolist() if verdict.scope[row]]
    if not asked:
        dossier.out_of_scope.append(plan.rule.id)
    states = []
    for row in asked:
        unknown = bool(verdict.unknown[row])
        state = "violated" if verdict.violated[row] else "unknown" if unknown else "pass"
        lacks = lacks_of(ctx, plan, row) if unknown else ()
        saw = seen_by(ctx, plan, row)
        dossier.rulings.append(Ruling(plan.rule.id, plan.table, row, state, saw, lacks))
        states.append(state)
    return Coverage(
        plan.rule.id, len(asked), states.count("pass"), states.count("violated"),
        states.count("unknown"),
    )  # fmt: skip


def _keep(dossier: Dossier, plan: Plan, hits: RuleHits, rows: Rows) -> None:
    """Take over what earlier stages saw on the household's own cells."""
    keep = np.isin(hits.rows, rows)
    if not keep.any():
        return
    own = hits.only(keep)
    dossier.result.findings.hits.append(own)
    fields = own.blame_per_row or [""] * len(own)
    for row, field in zip(own.rows.tolist(), fields, strict=True):
        spots = (Spot(own.table, row, field),) if field else ()
        dossier.rulings.append(Ruling(plan.rule.id, own.table, row, "violated", spots))
