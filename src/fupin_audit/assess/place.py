"""Numbers beside a village or county: as filled, and as recomputed from the rows."""

from __future__ import annotations

import numpy as np

from fupin_audit.assess.criteria import number
from fupin_audit.evaluate.context import Context
from fupin_audit.model.assessment import FigureColumn
from fupin_audit.model.ledger import Floats
from fupin_audit.packs.judgement import Figure, Judgement


def figures(judgement: Judgement, ctx: Context) -> list[FigureColumn]:
    """Compute a judgement's figures; those nobody has a value for are left out."""
    made: list[FigureColumn] = []
    values: dict[str, Floats] = {}
    for figure in judgement.figures:
        value = number(ctx, judgement.table, figure.value)
        assert value is not None
        values[figure.id] = value
        if not np.isnan(value).all():
            made.append(_column(figure, value, values, judgement.table, ctx))
    return made


def _column(
    figure: Figure, value: Floats, values: dict[str, Floats], table: str, ctx: Context
) -> FigureColumn:
    differs = np.zeros(len(value), dtype=bool)
    other = values.get(figure.against) if figure.against else None
    if other is not None:
        tolerance = number(ctx, table, figure.tolerance)
        assert tolerance is not None
        differs = np.abs(value - other) > tolerance + 1e-9
    label = figure.label.zh, figure.label.en
    return FigureColumn(
        figure.id, label, value, figure.unit, figure.digits, figure.against, differs
    )
