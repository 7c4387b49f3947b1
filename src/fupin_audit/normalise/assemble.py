"""From recognised sheets to the tables of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import LAST_YEAR, CleaningLog, Dataset, Observation, TableData
from fupin_audit.model.recognised import Recognised, Recognition
from fupin_audit.normalise import observe
from fupin_audit.normalise.columns import CleanSheet, clean_sheet
from fupin_audit.normalise.contradiction import of_contradiction, segments_elsewhere
from fupin_audit.normalise.frame import frame_column
from fupin_audit.normalise.linked import link_by_head
from fupin_audit.normalise.part import Layout, Part, Segment, merged, stacked
from fupin_audit.normalise.totals import of_totals
from fupin_audit.normalise.wide import SHARED_ROLES, Wide, shared, split
from fupin_audit.normalise.within import bound, within

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

Rows = npt.NDArray[np.int64]

_RECORDS = ("household_key", "village", "county")
"""What names a record that several sheets may each tell a part of, most exact first."""
_COMPARED_ELSEWHERE = ("household_key", "year", "head_name", "head_id_number")
"""What joins a household's rows, and what a rule of its own compares with the members."""


def normalise(
    recognition: Recognition,
    pack: ResolvedPack,
    *,
    code_sets: Mapping[str, str] | None = None,
    done: Sequence[CleanSheet] = (),
) -> Dataset:
    """Clean every recognised column and lay the tables of the run out.

    Args:
        recognition: The sheets, their columns bound to fields.
        pack: The law in force; its fields say how each column is cleaned.
        code_sets: Field name → set of bare code numbers the inputs use, beside
            what the pack and the sheets' own maps declare. A number is decoded
            only under a set.
        done: The sheets as cleaned where they were read, under the same pack and
            code sets; one that fits no more is cleaned here.

    Returns:
        Tables, observations and the cleaning log. Nothing is dropped: a cell
        that cannot be read is void and observed, and its raw text is kept.
    """
    sheets = [shared(sheet, pack) for sheet in recognition.sheets]
    prefixes = _prefixes(sheets, pack)
    carried = {key for sheet in sheets for key in sheet.matches}
    log, observations, cells = CleaningLog(), [], 0
    parts: dict[str, list[Part]] = defaultdict(list)
    wides: list[Wide] = []
    cleaned = []
    for number, sheet in enumerate(sheets):
        made = done[number] if done and done[number].fits(sheet) else None
        made = (made or clean_sheet(sheet, pack, code_sets or {})).at(number)
        cleaned.append(dict(made.columns))
        log.blocks += made.blocks
        observations += [*observe.of_sheet(number, sheet, pack, carried), *made.doubts]
    link_by_head(sheets, cleaned, pack)
    tallied = []
    for number, (sheet, columns) in enumerate(zip(sheets, cleaned, strict=True)):
        own, others = split(number, sheet, columns, pack, prefixes[number])
        parts[sheet.table].append(own)
        for wide in others:
            parts[wide.table].append(wide.part)
        wides += others
        tallied.append((sheet, columns, others))
        cells += len(sheet.rows) * len({c.match.column for c in columns.values()})
    standing = _standing(sheets, parts, pack)
    tables, layouts = {}, {}
    for table in (t for t in pack.tables if t in parts):
        layouts[table] = _layout(table, parts[table], pack)
        tables[table] = _table(table, layouts[table], pack, observations)
    for table, (parent, parts_on) in standing.items():
        tables[table].on = (parent, _rows_on(layouts[table], layouts[parent], parts_on))
    observations = [o for o in observations if not _supplied(o, sheets, tables)]
    observations += of_totals(tallied, pack)
    for wide in wides:
        observations += _of_wide(wide, layouts[wide.table], pack)
    return Dataset(tables, sheets, observations, log, cells)


def _standing(
    sheets: list[Recognised], parts: dict[str, list[Part]], pack: ResolvedPack
) -> dict[str, tuple[str, list[tuple[Part, Part]]]]:
    """Add the rows that stand on other tables' rows to the parts of their tables.

    Returns:
        Table → the table they stand on, and (its part, that table's part).
    """
    found = {}
    for relation in (r for r in pack.relations if r.within is not None and r.parent in parts):
        own = parts.get(relation.child, [])
        pairs = within(relation, parts[relation.parent], own, pack)
        if not pairs:
            continue
        parts[relation.child] = [*own, *(part for part, _ in pairs)]
        found[relation.child] = (relation.parent, pairs)
        label = pack.tables[relation.child].label.zh
        for part, _ in pairs:
            sheet = bound(sheets[part.sheet], part, relation.child)
            note = f"有 {len(part)} 行写了{label}的各栏，每行按一条{label}核查"
            sheets[part.sheet] = replace(sheet, notes=[*sheet.notes, note])
    return found


def _rows_on(layout: Layout, above: Layout, pairs: list[tuple[Part, Part]]) -> Rows:
    """Return per row of a table the row of another that it stands on, -1 for none."""
    rows = np.full(len(layout), -1, dtype=np.int64)
    for part, parent in pairs:
        standing = next(iter(part.pick.values()))
        rows[layout.frame_rows(part)] = above.frame_rows(parent)[standing]
    return rows


def _supplied(seen: Observation, sheets: list[Recognised], tables: Mapping[str, TableData]) -> bool:
    """Tell whether a column that a sheet lacks was found on another for all its rows."""
    if seen.what != "missing_column" or seen.table not in tables:
        return False
    data = tables[seen.table]
    carrying = [i for i, s in enumerate(sheets) if (seen.table, seen.field) in s.matches]
    if not carrying or seen.sheet in carrying:
        return False
    lacking = data.lacking.get(seen.field)
    return lacking is None or not (lacking & (data.sheet == seen.sheet)).any()


def _prefixes(sheets: list[Recognised], pack: ResolvedPack) -> list[str]:
    """Return what keeps made-up household keys of several sheets apart."""
    keyless = [
        bool(s.also) and not any((t, pack.role(t, "household_key")) in s.matches for t in s.tables)
        for s in sheets
    ]
    return [f"表{i + 1}" if sum(keyless) > 1 else "" for i in range(len(sheets))]


def _layout(table: str, parts: list[Part], pack: ResolvedPack) -> Layout:
    """Stack the parts; parts of a table of households, or of places, may complete
    one another."""
    keys = pack.tables[table].key
    key = next((k for r in _RECORDS if (k := pack.role(table, r)) in keys), None)
    if len(parts) < 2 or key is None:
        return stacked(parts)
    names = [key, *keys, pack.role(table, "year")]
    everywhere = dict.fromkeys(n for n in names if n and all(n in p.columns for p in parts))
    if key not in everywhere:
        return stacked(parts)
    roles = (*SHARED_ROLES, "head_id_number", "phone")
    common = frozenset(n for r in roles if (n := pack.role(table, r)))
    return merged(parts, tuple(everywhere), common)


def _table(
    table: str, layout: Layout, pack: ResolvedPack, observations: list[Observation]
) -> TableData:
    """Build one table, and tell what was seen in its cells."""
    fields = pack.tables[table].fields
    carried = {name for part in layout.parts for name in part.columns}
    names = [n for n in fields if n in carried]
    names += [LAST_YEAR + n for n in fields if LAST_YEAR + n in carried]
    n = len(layout)
    sheet, raw_row = _origin(layout)
    data = TableData({}, sheet, raw_row)
    for name in names:
        field = fields[name.removeprefix(LAST_YEAR)]
        segments = layout.segments(name)
        data.columns[name], void = frame_column(field.type, n, segments)
        if void is not None:
            data.void[name] = void
            lacking = np.ones(n, dtype=bool)
            for segment in segments:
                lacking[segment.rows] = False
            if lacking.any():
                data.lacking[name] = lacking
        observations += observe.of_cells(table, segments, name, pack)
        origin = _elsewhere(segments, sheet, raw_row)
        if origin is not None:
            data.elsewhere[name] = origin
    data.absent = set(fields) - carried
    return data


def _origin(layout: Layout) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    own = list(zip(layout.parts, layout.rows, strict=True))
    sheets = [np.full(len(records), part.sheet, dtype=np.int32) for part, records in own]
    rows = [part.raw_row[records] for part, records in own]
    return np.concatenate(sheets), np.concatenate(rows).astype(np.int64)


def _elsewhere(
    segments: list[Segment], sheet: npt.NDArray[np.int32], raw_row: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]] | None:
    """Return where a field's cells stand if that is not where their rows do."""
    other_sheet, other_row = sheet, raw_row
    for segment in segments:
        rows, number = segment.rows, segment.part.sheet
        at = segment.part.data_rows[segment.at]
        if (raw_row[rows] != at).any() or (sheet[rows] != number).any():
            if other_sheet is sheet:
                other_sheet, other_row = sheet.copy(), raw_row.copy()
            other_sheet[rows], other_row[rows] = number, at
    return None if other_sheet is sheet else (other_sheet, other_row)


def _of_wide(wide: Wide, layout: Layout, pack: ResolvedPack) -> list[Observation]:
    """Tell which members of a household contradict its row or its own sheet, and
    what faults stand in rows that speak for no household."""
    seen: list[Observation] = []
    frame_row = layout.frame_rows(wide.part)
    compared = [pack.role(wide.table, role) for role in _COMPARED_ELSEWHERE]
    for name, column in wide.part.columns.items():
        speaking = wide.part.pick[name]
        personal = pack.field(wide.table, name.removeprefix(LAST_YEAR)).personal
        elsewhere = segments_elsewhere(wide, layout, name) if name not in compared else []
        if elsewhere:
            told = of_contradiction(wide, layout, name, elsewhere, personal=personal)
            seen += [told] if told else []
            supplied = np.concatenate([s.rows for s in elsewhere])
            wide.leave_out(name, np.isin(frame_row, supplied))
        if name in wide.differs:
            seen.append(
                observe.of_disagreement(wide, name, column, speaking, frame_row, personal=personal)
            )
        if column.match.table == wide.table:
            seen += observe.of_silent_rows(wide, column, speaking)
    return seen
