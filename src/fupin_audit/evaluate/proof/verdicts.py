"""The verdict of a rule a second time: which rows violate it."""

from __future__ import annotations

import pandas as pd

from fupin_audit.evaluate.plan import Plan
from fupin_audit.evaluate.proof.reckoner import Reckoner
from fupin_audit.packs.tree import Node


def judged(by: Reckoner, plan: Plan, belongs: Node | None) -> pd.Series:
    """Return per row True (violated), False, or NA where nobody can say.

    Args:
        belongs: The condition that a row is of the rule's population.
    """
    index = by.frames[plan.table].index
    when = pd.Series(True, index=index, dtype="boolean")
    for node in (belongs, plan.when):
        if node is not None:
            when = when & by.condition(plan.table, node)
    if plan.rule.kind == "row":
        assert plan.must is not None
        return when & ~by.condition(plan.table, plan.must)
    if plan.rule.kind == "unique":
        return _unique(by, plan, when)
    return _match(by, plan, when)


def _unique(by: Reckoner, plan: Plan, when: pd.Series) -> pd.Series:
    keys = pd.DataFrame({i: by.cells(plan.table, key).values for i, key in enumerate(plan.key)})
    sure = when.fillna(False).astype(bool) & keys.notna().all(axis=1)
    rows = keys[sure]
    if plan.differing is None:
        double = rows.duplicated(keep=False)
        return double.reindex(when.index, fill_value=False)
    value = by.cells(plan.table, plan.differing).values
    told = rows.assign(value=value[sure])[value[sure].notna()]
    differ = told.groupby(list(keys.columns), observed=True)["value"].transform("nunique") > 1
    return differ.reindex(when.index, fill_value=False)


def _match(by: Reckoner, plan: Plan, when: pd.Series) -> pd.Series:
    spec = plan.rule.match
    assert spec is not None
    sure = when.fillna(False).astype(bool)
    others = by.frames[spec.table].index
    listed = pd.Series(True, index=others)
    if plan.match_when is not None:
        listed = by.condition(spec.table, plan.match_when).fillna(False).astype(bool)
    if not spec.on:
        hung = by.hung[plan.table, spec.table]
        found = hung.up.isin(others[listed])
        return sure & hung.said & ~found & ~hung.torn
    here, there = (
        pd.DataFrame({i: by.field(t, name).values.astype(object) for i, name in enumerate(names)})
        for t, names in ((plan.table, spec.on.keys()), (spec.table, spec.on.values()))
    )
    there = there[listed & there.notna().all(axis=1)].drop_duplicates()
    side = here.merge(there, how="left", on=list(here.columns), indicator=True)["_merge"]
    missing = pd.Series((side == "left_only").to_numpy(), index=here.index)
    return sure & here.notna().all(axis=1) & missing
