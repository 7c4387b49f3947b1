"""Filling blank cells from the cell above, where recognising said so."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin_audit.model.recognised import Recognised
from fupin_audit.normalise.cleaned import is_blank


def fill_down(
    sheet: Recognised, column: int, codes: npt.NDArray[np.int32], household: int | None = None
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Give blank data cells the value above them.

    Where merged ranges cover the column, only inside a range; otherwise down
    to the next filled cell.

    Args:
        codes: The column's codes at the data rows.
        household: The column of the household's number, for what belongs to one
            household: a row that gives another number takes nothing from above.

    Returns:
        The codes after filling, and which rows were filled.
    """
    cells = sheet.raw.columns[column].values
    empty = np.array([is_blank(c) for c in cells], dtype=bool)[codes]
    if not empty.any() or empty.all():
        return codes, np.zeros(len(codes), dtype=bool)
    above = np.maximum.accumulate(np.where(empty, -1, np.arange(len(codes))))
    filled = empty & (above >= 0)
    if household is not None:
        keys = sheet.raw.columns[household].codes[sheet.rows]
        filled &= (keys == 0) | (keys == keys[np.maximum(above, 0)])
    ranges = [m for m in sheet.raw.merges if m[1] <= column <= m[3] and m[2] > m[0]]
    if ranges:
        block = np.full(sheet.raw.n_rows, -1, dtype=np.int64)
        for number, (first, _, last, _) in enumerate(ranges):
            block[first : last + 1] = number
        mine = block[sheet.rows]
        filled &= (mine >= 0) & (mine == mine[np.maximum(above, 0)])
    return np.where(filled, codes[np.maximum(above, 0)], codes).astype(np.int32), filled
