"""Columns of percentages whose figures look like fractions: 0.015 for 1.5%.

A cell that shows a percentage, or writes one, says what it means. A bare 0.015
does not: it is told of and not judged, neither as it stands nor multiplied.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import Observation
from fupin_audit.normalise.cleaned import OK
from fupin_audit.normalise.column import Column
from fupin_audit.packs.shapes import Field

LEAST_SHARE = 0.03
"""One person in a village of 3300, in percent: a smaller share is a fraction."""
SMALL_SHARE = 0.06
"""Half the villages below this many percent: the figures are fractions."""


def share_doubt(column: Column, field: Field) -> tuple[Observation, npt.NDArray[np.bool_]] | None:
    """Return an observation if bare figures of a column of percentages may be
    fractions, and which of its distinct cells those are.

    All of them lie at or below 1, and the field's honest shares do not (`low`),
    or they are smaller than shares of a village's people can be.
    """
    if field.unit != "%":
        return None
    values = np.asarray(column.cleaned.values, dtype=np.float64)
    marked = [isinstance(cell, str) and ("%" in cell or "％" in cell) for cell in column.cells]
    bare = (column.cleaned.state == OK) & (values != 0) & ~np.array(marked, dtype=bool)
    here = np.abs(values[column.at[bare[column.at]]])
    if not len(here) or here.max() > 1:
        return None
    small = here.min() < LEAST_SHARE or float(np.median(here)) < SMALL_SHARE
    if not small and (field.low is None or here.max() > field.low):
        return None
    match = column.match
    least = float(here.min())
    told = (
        "本栏应填百分数，没有写百分号的数都不超过 1，像是小数："
        f"{least:g} 是 {least:g}% 还是 {least * 100:g}%，分不清，没有拿来判断；写上百分号就清楚了"
    )
    seen = Observation(
        "unit_doubt", match.table, match.field, np.zeros(0, dtype=np.int64), [match.header],
        [told], sheet=0, cells=[match.cell],
    )  # fmt: skip
    return seen, bare
