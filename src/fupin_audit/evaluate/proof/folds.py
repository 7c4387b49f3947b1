"""One value per parent row from its child rows, by pandas' groupby."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fupin_audit.evaluate.proof.cells import Cells, as_number, reckoned


def fold(function: str, inner: Sequence[Cells], parents: pd.Series, index: pd.Index[int]) -> Cells:
    """Fold child rows into their parents.

    Args:
        function: `any all count sum min max pick`.
        inner: What is folded; for `pick` a value and a condition.
        parents: The parent's row per child row, -1 for none.
        index: The parents' rows.
    """
    inside = parents >= 0
    groups = parents[inside]
    if function == "pick":
        return _picked(inner[0], inner[1], parents, index)
    x = inner[0].values if function in ("any", "all", "count") else as_number(inner[0]).values
    x = x[inside]
    doubtful = _some(x.isna(), groups, index)
    match function:
        case "any" | "all":
            wanted = function == "any"
            settled = _some((x == wanted).fillna(False).astype(bool), groups, index)
            answer = pd.Series(not wanted, index=index, dtype="boolean").mask(doubtful)
            return reckoned(answer.mask(settled, wanted))
        case "count":
            made = x.fillna(False).astype("Float64").groupby(groups).sum()
        case "sum":
            made = x.fillna(0.0).groupby(groups).sum()
        case _:
            made = x.groupby(groups).min() if function == "min" else x.groupby(groups).max()
            return reckoned(made.reindex(index).mask(doubtful))
    return reckoned(made.reindex(index).fillna(0.0).mask(doubtful))


def _some(condition: pd.Series, groups: pd.Series, index: pd.Index[int]) -> pd.Series:
    """Tell which parents have a child of which a plain condition holds."""
    return pd.Series(index.isin(groups[condition]), index=index)


def _picked(value: Cells, condition: Cells, parents: pd.Series, index: pd.Index[int]) -> Cells:
    """Take the value of the child for which the condition holds; void where none
    does, or where several do that differ."""
    chosen = condition.values.fillna(False).astype(bool) & (parents >= 0)
    at, values = parents[chosen], as_number(value).values[chosen]
    grouped = values.groupby(at)
    first = values.set_axis(at)[~at.duplicated().to_numpy()].reindex(index)
    several = (grouped.nunique() > 1) | ((grouped.count() > 0) & (grouped.count() < grouped.size()))
    torn = several.reindex(index).fillna(False).astype(bool)
    void = value.void[chosen].groupby(at).first().reindex(index).fillna(True).astype(bool)
    return Cells(first.mask(torn), void | torn)
