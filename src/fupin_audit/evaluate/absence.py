"""Why a value that a message should show is not there.

A clerk who reads “blank” looks for the cell and fills it in; a column that the
sheet does not have, or a figure nobody published, must not be called so.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin_audit.evaluate.context import Context
from fupin_audit.model.findings import Absence
from fupin_audit.packs.tree import Node

# The more a clerk can do about it, the earlier: of a coalesce() the first counts.
ORDER: tuple[Absence | None, ...] = (
    None, Absence.UNREADABLE, Absence.NO_FIGURE, Absence.UNKNOWN, Absence.NO_COLUMN,
)  # fmt: skip
_BLANK, _UNREADABLE, _NO_FIGURE, _UNKNOWN, _NO_COLUMN = range(5)

_Codes = npt.NDArray[np.int8]


def absences(
    ctx: Context, table: str, node: Node, rows: npt.NDArray[np.int64]
) -> list[Absence | None]:
    """Return, per row, why a node has no value there; None: the cell is blank.

    Says nothing of use for rows where it has one.
    """
    return [ORDER[code] for code in _why(ctx, table, node, rows).tolist()]


def _why(ctx: Context, table: str, node: Node, rows: npt.NDArray[np.int64]) -> _Codes:
    match node.op, node.args:
        case "field", (home, name):
            if not ctx.available(home, name):
                return np.full(len(rows), _NO_COLUMN, np.int8)
            void = ctx.column(table, node).voids[rows]
            found = np.where(void, _UNREADABLE, _BLANK).astype(np.int8)
            lacking = ctx.tables[home].lacking.get(name)
            if lacking is not None:
                found[lacking[rows]] = _NO_COLUMN
            return found
        case "call", ("optional", inner):
            return _why(ctx, table, inner, rows)
        case "call", ("coalesce", *given):
            parts = [_why(ctx, table, x, rows) for x in given]
            return np.asarray(np.minimum.reduce(parts), np.int8)
        case "agg", ("pick", _, _, Node(op="field", args=(child, name)), *_):
            if not ctx.available(child, name):
                return np.full(len(rows), _NO_COLUMN, np.int8)
            void = ctx.column(table, node).voids[rows]
            return np.where(void, _UNKNOWN, _BLANK).astype(np.int8)
        case "param", _:
            return np.full(len(rows), _NO_FIGURE, np.int8)
    return np.full(len(rows), _UNKNOWN, np.int8)
