"""Columns whose numbers do not look like the unit in their header."""

from __future__ import annotations

import numpy as np

from fupin_audit.domain.numbers import canonical_unit
from fupin_audit.model.dataset import Observation
from fupin_audit.normalise.cleaned import OK
from fupin_audit.normalise.column import Column
from fupin_audit.packs.shapes import Field

TEN_THOUSANDS_HIGH = 1000.0
"""Half the households above this many 万元: the figures are 元."""
KILOMETRES_HIGH = 100.0
"""Half the households this many km off the road: the figures are m."""
MU_HIGH = 1000.0
"""Half the households with this many 亩: the figures are ㎡."""
FEWEST = 3
FLOOR_LOW = 10.0
"""A dwelling of more 亩 than this is one of as many ㎡."""


def unit_doubt(column: Column, field: Field) -> Observation | None:
    """Return an observation if a column's unit cannot be the field's, or its
    numbers contradict it.

    The numbers are judged on the median of the non-zero figures as they were typed, at least
    three of them, and only by margins that no honest column reaches.
    """
    match = column.match
    if match.doubt:
        return _seen(column, match.doubt)
    unit = canonical_unit(field.unit or ("元" if field.type == "money" else None))
    found = _suspect(canonical_unit(match.unit) or unit, unit, field)
    if found is None:
        return None
    limit, doubt = found
    middle = _median_above(column, limit * match.factor) / match.factor
    if not middle > limit:
        return None
    return _seen(column, f"{doubt}（非零值的中位数为 {middle:g}）")


def _seen(column: Column, doubt: str) -> Observation:
    match = column.match
    return Observation(
        "unit_doubt", match.table, match.field, np.zeros(0, dtype=np.int64), [match.header],
        [doubt], sheet=0, cells=[match.cell],
    )  # fmt: skip


def _suspect(shown: str, unit: str, field: Field) -> tuple[float, str] | None:
    """Return the highest honest median under a unit, and what a higher one means."""
    match (shown, unit):
        case (("万元" | "万"), "元" | ""):
            return TEN_THOUSANDS_HIGH, "单位为万元，数值像是元"
        case ("公里", _):
            return KILOMETRES_HIGH, "单位为公里，数值像是米"
        case ("亩", "平方米"):
            return FLOOR_LOW, "表头单位为亩，本栏应为平方米，数值像是平方米"
        case ("亩", "亩"):
            return max(MU_HIGH, 2 * (field.high or 0)), "单位为亩，数值像是平方米"
        case _:
            return None


def _median_above(column: Column, limit: float) -> float:
    """Return the median of the non-zero numbers, 0 if it cannot pass a limit."""
    values = np.abs(np.asarray(column.cleaned.values, dtype=np.float64))
    good = (column.cleaned.state == OK) & (values > 0)
    if not (good & (values > limit)).any():
        return 0.0
    here = values[column.at[good[column.at]]]
    return float(np.median(here)) if len(here) >= FEWEST else 0.0
