"""What normalising and the stages before it saw in cells and sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import Observation
from fupin_audit.model.recognised import Recognised, SetAside
from fupin_audit.model.sheet import address, column_letter
from fupin_audit.normalise.cleaned import BLANK, OBSERVED
from fupin_audit.normalise.column import Column
from fupin_audit.normalise.part import Segment
from fupin_audit.normalise.wide import Wide

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

Rows = npt.NDArray[np.int64]
_NO_ROWS = np.zeros(0, dtype=np.int64)
_ASIDE = {
    "blank": "空行", "total": "合计行", "note": "说明行", "signature": "签章、填表人行",
    "header": "重复的表头行",
}  # fmt: skip
_TOLD = 3


def of_cells(
    table: str, segments: list[Segment], name: str, pack: ResolvedPack
) -> Iterator[Observation]:
    """Yield what was seen in the cells of one frame column.

    A column that serves two tables is told of once, for the table of each row.
    """
    seen: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for segment in (s for s in segments if not s.part.within):
        column, owner = segment.column, segment.column.match.table
        for what, at in _kinds(segment) if owner == table else ():
            seen[what] += [
                (row, column.shown(i), column.detail(i))
                for row, i in zip(segment.rows[at].tolist(), segment.at[at].tolist(), strict=True)
            ]
        if _required(pack, table, name) and (
            owner == table or not _required(pack, owner, column.match.field)
        ):
            blank = segment.rows[column.blank[segment.at]]
            seen["blank_required"] += [(row, "", "") for row in blank.tolist()]
    for what, rows in seen.items():
        if rows:
            numbers, values, details = zip(*rows, strict=True)
            yield Observation(
                what, table, name, np.array(numbers, np.int64), list(values), list(details)
            )


def _required(pack: ResolvedPack, table: str, name: str) -> bool:
    field = pack.tables[table].fields.get(name)
    return field is not None and pack.era in field.required


def _kinds(segment: Segment) -> Iterator[tuple[str, Rows]]:
    """Yield (observation, positions in the segment) for what is worth telling.

    A cell that was filled down over several rows is told of where it stands.
    """
    if not (segment.column.cleaned.state > BLANK).any():
        return
    states = segment.column.state[segment.at]
    if segment.column.filled_down and not segment.part.derived:
        repeated = np.isin(segment.at, list(segment.column.filled_down))
        states = np.where(repeated, BLANK, states)
    for state, what in OBSERVED.items():
        at = np.flatnonzero(states == state)
        if len(at):
            yield what, at


def of_silent_rows(wide: Wide, column: Column, speaking: Rows) -> Iterator[Observation]:
    """Yield faulty cells of a wide sheet that stand in no household's record.

    The same cell repeated from the household's own row is the same fault.

    Args:
        speaking: Per household, the data row that speaks for the field.
    """
    if not (column.cleaned.state > BLANK).any():
        return
    repeated = column.at == column.at[speaking][wide.grouping.group]
    for state, what in OBSERVED.items():
        rows = np.flatnonzero((column.state == state) & ~repeated)
        for at in np.unique(column.at[rows]).tolist():
            here = rows[column.at[rows] == at]
            yield Observation(
                what, wide.table, column.match.field, _NO_ROWS,
                [column.shown(int(here[0]))], [column.cleaned.detail.get(at, "")],
                sheet=wide.number,
                cells=[address(int(r), column.match.column) for r in wide.sheet.rows[here]],
            )  # fmt: skip


def of_disagreement(
    wide: Wide, name: str, column: Column, speaking: Rows, frame_row: Rows, *, personal: bool
) -> Observation:
    """Tell, per household, which member rows give another value for a field.

    Args:
        name: The field in the household table.
        speaking: Per household, the data row that speaks for the field.
        frame_row: Per household, its row in the household table.
        personal: The values are personal: the detail gives their cells only.
    """
    letter, raw_row = column_letter(column.match.column), wide.sheet.rows
    differing: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in wide.differs[name].tolist():
        place = f"{letter}{int(raw_row[row]) + 1}"
        differing[int(wide.grouping.group[row])][column.shown(row)].append(place)
    values, details = [], []
    for household, by_value in differing.items():
        spoken = int(speaking[household])
        here = f"{letter}{int(raw_row[spoken]) + 1}"
        values.append(column.shown(spoken))
        if personal:
            details.append(f"{here} 与 {'、'.join(p for ps in by_value.values() for p in ps)} 不同")
        else:
            others = "；".join(f"{'、'.join(places)} 为 {v}" for v, places in by_value.items())
            details.append(f"{here} 为 {values[-1]}；{others}")
    rows = frame_row[list(differing)]
    return Observation("disagrees", wide.table, name, rows, values, details)


def of_sheet(
    number: int, sheet: Recognised, pack: ResolvedPack, carried: Collection[tuple[str, str]]
) -> Iterator[Observation]:
    """Yield what recognising saw: doubtful headers, missing columns, rows set aside.

    Args:
        carried: (table, field) of every column of the run. What a wide sheet
            lacks of its second table is not missing if another sheet has it.
    """
    for double in sheet.duplicates:
        taken = sheet.matches.get((double.table, double.field))
        chosen = f"，现取 {taken.cell}“{taken.header}”" if taken else ""
        yield Observation(
            "ambiguous_header", double.table, double.field, _NO_ROWS, [double.header],
            [f"{double.cell}“{double.header}”也对应“{double.field}”{chosen}"], sheet=number,
            cells=[c for c in (taken.cell if taken else "", double.cell) if c],
        )  # fmt: skip
    for table, name in sheet.missing:
        spec = pack.tables[table].fields.get(name)
        own = pack.tables[sheet.table].fields.get(name)
        told = own is not None and pack.era in own.expected  # one column, missed once
        if table != sheet.table and (told or (table, name) in carried):
            continue
        if spec is not None and pack.era in spec.expected:
            yield Observation(
                "missing_column", table, name, _NO_ROWS, [""],
                [f"{pack.tables[table].label.zh}表缺少“{name}”列"], sheet=number,
            )  # fmt: skip
    for reason in dict.fromkeys(aside.reason for aside in sheet.set_aside):
        yield _aside(number, reason, [a for a in sheet.set_aside if a.reason == reason])


def _aside(number: int, reason: str, rows: Sequence[SetAside]) -> Observation:
    """One observation per sort of row; who signed is no household's record and
    is not repeated."""
    texts = [] if reason == "signature" else [f"“{row.text}”" for row in rows if row.text]
    more = "等" if len(texts) > _TOLD else ""
    told = f"{_ASIDE.get(reason, reason)} {len(rows)} 行{'、'.join(texts[:_TOLD])}{more}"
    return Observation(
        "set_aside", "", "", _NO_ROWS, [""], [told], sheet=number,
        cells=[address(row.row, 0) for row in rows],
    )  # fmt: skip
