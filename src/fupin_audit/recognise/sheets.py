"""From raw sheets to recognised ones, sheet by sheet, then across the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial

from fupin_audit.errors import UnrecognisedSheet
from fupin_audit.model.recognised import Match, Recognised, Recognition, Skipped
from fupin_audit.model.sheet import RawSheet
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise import heading as headings
from fupin_audit.recognise.binding import bind
from fupin_audit.recognise.filling import filled_down
from fupin_audit.recognise.heading import Heading
from fupin_audit.recognise.kinds import decide
from fupin_audit.recognise.lexicon import Asked, lexicon_of
from fupin_audit.recognise.nearness import propose
from fupin_audit.recognise.phones import settle_phone
from fupin_audit.recognise.pins import Pin, Pinned, check_pins, pinned
from fupin_audit.recognise.rows import split

HEADER_ONLY = "只有表头，没有数据行"
"""Why a form that nobody has filled in yet is left out."""

_OWN_LIST = "疑点编号"
_OWN_LOG = ("疑点编号", "原值", "新值")


def recognise(
    sheets: Sequence[RawSheet], pack: ResolvedPack, *, pins: Sequence[Pin] = ()
) -> Recognition:
    """Find out what every sheet is and which column holds which field.

    Args:
        sheets: As read, in order.
        pack: The law in force; its tables say which headers are known.
        pins: What the user settled by hand; wins over everything.

    Returns:
        The sheets that are tables, and the others with the reason. Both may be
        empty; it is the caller's to refuse a run without tables.

    Raises:
        AmbiguousHeader: A sheet fits two tables equally well.
        UsageError: A pin names a table, field or code set there is not.
        UnrecognisedSheet: Pinned header rows lie outside the sheet.
    """
    return settle(recognise_each(sheets, pack, pins=pins), pack)


def recognise_each(
    sheets: Sequence[RawSheet], pack: ResolvedPack, *, pins: Sequence[Pin] = ()
) -> list[Recognised | Skipped]:
    """Find out what every sheet is by itself, whatever else the run holds.

    Raises:
        See `recognise`.
    """
    check_pins(pins, pack)
    asked = Asked(lexicon_of(pack))
    found: list[Recognised | Skipped] = []
    for sheet in sheets:
        result = _recognise_one(sheet, pack, asked, pinned(sheet, pins))
        if isinstance(result, str):
            found.append(Skipped(sheet.file, sheet.name, result, sheet.hidden))
        else:
            found.append(result)
    return found


def settle(found: Sequence[Recognised | Skipped], pack: ResolvedPack) -> Recognition:
    """Decide what hangs on the other sheets of the run.

    Args:
        found: All sheets of the run, each by itself; they stay as they are.
    """
    used = [
        replace(one, matches=dict(one.matches), missing=list(one.missing), notes=list(one.notes))
        for one in found
        if isinstance(one, Recognised)
    ]
    lexicon = cache(partial(lexicon_of, pack))
    for sheet in used:
        settle_phone(sheet, used, pack, lexicon)
    _gather_households(used, pack)
    return Recognition(used, [one for one in found if isinstance(one, Skipped)])


def _recognise_one(
    sheet: RawSheet, pack: ResolvedPack, asked: Asked, settled: Pinned
) -> Recognised | str:
    """Return the recognised sheet, or why it is none (Chinese)."""
    if not any(column.codes.any() for column in sheet.columns):
        return "没有内容（空表或只有图表）"
    lexicon = asked.lexicon
    if settled.columns:
        asked = Asked(lexicon.with_pins(settled.columns))
    heading = _heading(sheet, asked, settled)
    if heading is None:
        return f"前 {headings.SEARCH_ROWS} 行里没有认得的列名（像是说明或图表页）"
    heads = {cell.header.key for cell in heading.cells.values()}
    if heads.issuperset(_OWN_LOG):
        return "是本工具附上的更正记录，不是登记表"
    if _OWN_LIST in heads:
        return "是本工具写出的疑点清单，不是登记表"
    names = {c: (cell.header.raw, cell.text) for c, cell in heading.cells.items()}
    columns, unused = settled.by_column(names, len(sheet.columns))
    for column, name in columns.items():
        if cell := heading.cells.get(column):
            sense = lexicon.pinned_sense(cell.header, name)
            heading.cells[column] = replace(cell, sense=sense)
    kind = decide(heading, sheet, pack, lexicon, settled.table)
    if isinstance(kind, str):
        return kind
    bound = bind(heading, kind, sheet, pack, lexicon, columns)
    also = kind.also
    for table, _ in bound.matches:
        if table not in (kind.table, *also):
            also = (*also, table)
    kind = replace(kind, also=also)
    rows, aside = split(sheet, heading, kind, bound.matches, pack, lexicon)
    if not len(rows):
        return HEADER_ONLY
    missing = [(t, f) for t in kind.tables for f in pack.tables[t].fields]
    notes = [f"列对照里的“{text}”在这张表里没有找到" for text in unused]
    notes += _position_notes(bound.matches, pack)
    return Recognised(
        raw=sheet,
        table=kind.table,
        also=kind.also,
        header_rows=tuple(range(heading.top + 1, heading.bottom + 2)),
        rows=rows,
        matches=bound.matches,
        last_year=bound.last_year,
        duplicates=bound.duplicates,
        unmatched=bound.unmatched,
        missing=[key for key in missing if key not in bound.matches],
        proposals=propose(bound.unknown, lexicon, kind.tables, bound.matches),
        set_aside=aside,
        filled_down=filled_down(sheet, rows, kind, bound.matches, pack),
        score=round(heading.score, 4),
        reasons=bound.reasons,
        code_sets=settled.code_sets,
        notes=notes,
    )


def _heading(sheet: RawSheet, asked: Asked, settled: Pinned) -> Heading | None:
    if not settled.header_rows:
        return headings.find(sheet, asked)
    found = headings.at(sheet, settled.header_rows, asked)
    if found is None:
        raise UnrecognisedSheet(
            f"列对照写的表头行 {settled.header_rows[-1]} 超出了这张表",
            where=sheet.label,
            hint=f"这张表共 {sheet.n_rows} 行",
        )
    return found


def _position_notes(matches: dict[tuple[str, str], Match], pack: ResolvedPack) -> list[str]:
    """Say where a column was taken for something its header does not say."""
    return [
        f"{m.cell}“{m.header}”按所处位置认作“{pack.tables[m.table].label.zh}表”的“{m.field}”"
        for m in matches.values()
        if m.how == "position"
    ]


def _gather_households(used: Sequence[Recognised], pack: ResolvedPack) -> None:
    """Where no sheet of the run is about households, the lists of persons are:
    their rows make up the households, by key or by the order of heads.

    Only what both tables share is bound; no column of the household is missing
    from a sheet that never meant to have it.
    """
    held = {table for sheet in used for table in sheet.tables}
    for relation in (r for r in pack.relations if r.wide):
        if relation.parent in held or pack.role(relation.parent, "household_key") is None:
            continue
        shared = pack.tables[relation.parent].fields
        for sheet in used:
            if sheet.table == relation.child:
                own = [(f, m) for (t, f), m in sheet.matches.items() if t == sheet.table]
                sheet.matches |= {
                    (relation.parent, f): replace(m, table=relation.parent)
                    for f, m in own
                    if f in shared
                }
                sheet.also = (*sheet.also, relation.parent)
                sheet.notes.append("没有户表，按成员行归成户")
