"""What a wide sheet says of a household against the household's own sheet."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import Observation
from fupin_audit.model.sheet import address
from fupin_audit.normalise.column import Column, texts_of
from fupin_audit.normalise.part import Layout, Segment
from fupin_audit.normalise.wide import Wide

Rows = npt.NDArray[np.int64]
_TOLD = 5


def segments_elsewhere(wide: Wide, layout: Layout, name: str) -> list[Segment]:
    """Return where other sheets supply a field of households the wide sheet has too."""
    if not any(part is wide.part for part, _, _ in layout.borrowed):
        return []
    return [s for s in layout.segments(name) if s.part is not wide.part]


def of_contradiction(
    wide: Wide, layout: Layout, name: str, elsewhere: list[Segment], *, personal: bool
) -> Observation | None:
    """Tell of households whose value in force differs from what the wide sheet's rows say.

    The value in force is the other sheet's; without this the wide sheet's would be
    passed over in silence. Blank and unreadable cells contradict nothing.

    Args:
        elsewhere: The segments that supply the field from other sheets.
        personal: The values are personal: the detail gives their cells only.
    """
    column = wide.part.columns[name]
    target = layout.frame_rows(wide.part)[wide.grouping.group]
    mine = _texts(column)[column.at]
    values: list[str] = []
    details: list[str] = []
    rows: list[int] = []
    for segment in elsewhere:
        at = np.full(len(layout), -1, dtype=np.int64)
        at[segment.rows] = segment.at
        here = np.where(target >= 0, at[target], -1)
        both = np.flatnonzero((here >= 0) & column.filled)
        both = both[segment.column.filled[here[both]]]
        theirs = _texts(segment.column)[segment.column.at[here[both]]]
        told: dict[int, list[int]] = defaultdict(list)
        for row in both[mine[both] != theirs].tolist():
            told[int(target[row])].append(row)
        for frame_row, differing in told.items():
            rows.append(frame_row)
            values.append(segment.column.shown(int(at[frame_row])))
            details.append(_detail(wide, column, differing, personal=personal))
    if not rows:
        return None
    return Observation("disagrees", wide.table, name, np.array(rows, np.int64), values, details)


def _texts(column: Column) -> npt.NDArray[np.object_]:
    return np.array(texts_of(column, list(range(len(column.cells)))), dtype=object)


def _detail(wide: Wide, column: Column, rows: list[int], *, personal: bool) -> str:
    told = []
    for row in rows[:_TOLD]:
        cell = address(int(wide.sheet.rows[row]), column.match.column)
        told.append(cell if personal else f"{cell} 为 {column.shown(row)}")
    more = f"等 {len(rows)} 处" if len(rows) > _TOLD else ""
    return f"{wide.sheet.raw.name or wide.sheet.raw.file}：{'、'.join(told)}{more}"
