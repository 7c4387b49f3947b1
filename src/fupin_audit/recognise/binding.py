"""Which column of a sheet holds which field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fupin_audit.model.recognised import Match
from fupin_audit.model.sheet import RawSheet, address
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise.heading import HeaderCell, Heading
from fupin_audit.recognise.kinds import Kind
from fupin_audit.recognise.lexicon import Claim, Lexicon
from fupin_audit.recognise.units import conversion

_RANK = {"map": 0, "group": 1, "name": 2, "alias": 3, "position": 4}
_NEAR = 3


@dataclass(slots=True)
class Binding:
    """Columns bound; columns left over and why (address → Chinese). `unknown`
    are those left over whose header no field of these tables has."""

    matches: dict[tuple[str, str], Match] = field(default_factory=dict)
    last_year: dict[tuple[str, str], Match] = field(default_factory=dict)
    duplicates: list[Match] = field(default_factory=list)
    unmatched: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[HeaderCell] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)


def bind(
    heading: Heading,
    kind: Kind,
    sheet: RawSheet,
    pack: ResolvedPack,
    lexicon: Lexicon,
    pins: dict[int, str],
) -> Binding:
    """Bind the columns of a sheet to the fields of the tables it holds.

    A pin wins over everything. A column that fits a field already taken is a
    duplicate; the first stays. Nothing is bound that only nearly fits.
    """
    result = Binding()
    wanted: dict[tuple[str, str], list[Match]] = {}
    bound: dict[int, list[tuple[str, str]]] = {}
    left: list[HeaderCell] = []
    phones = _phone_rule(heading, kind, pack)
    for column in sorted({*heading.cells, *pins}):
        cell = heading.cells.get(column)
        if column in pins and cell and not pins[column]:
            result.reasons[cell.cell] = "按列对照不使用"
            result.unmatched.append((cell.text, cell.cell))
            continue
        if column in pins:
            claims = _pinned_claims(pins[column], kind, pack)
        else:
            claims = _claims(cell, kind, phones) if cell else []
        if not claims and cell:
            left.append(cell)
        for claim in claims:
            match = _match(column, cell, claim, heading, pack)
            wanted.setdefault((claim.table, claim.field), []).append(match)
            bound.setdefault(column, []).append((claim.table, claim.field))
    for cell in left:
        position = _by_position(cell, kind, lexicon, bound)
        if position is not None and (position.table, position.field) not in wanted:
            match = _match(cell.column, cell, position, heading, pack)
            wanted[position.table, position.field] = [match]
            bound[cell.column] = [(position.table, position.field)]
        else:
            result.unmatched.append((cell.text, cell.cell))
            if cell.sense:
                result.reasons[cell.cell] = _elsewhere(cell, kind, pack)
            else:
                result.unknown.append(cell)
    reference = _reference_year(kind, sheet, pack, wanted, heading.bottom + 1)
    for key, columns in wanted.items():
        _choose(key, columns, reference, result)
    return result


def _claims(
    cell: HeaderCell, kind: Kind, phones: dict[tuple[str, str], tuple[str, str]]
) -> list[Claim]:
    """Return the fields of this sheet's tables that a header names; of two
    different ones, the more exact, then the row's own table."""
    if cell.sense is None:
        return []
    claims = list(cell.sense.claims)
    moved = [
        Claim(*kind.by_position[c.table, c.field], "position")
        for c in claims
        if (c.table, c.field) in kind.by_position
    ]
    if moved:
        return list(dict.fromkeys(moved))[:1]
    here = [c for c in claims if c.table in kind.tables]
    turned = {phones[c.table, c.field] for c in claims if (c.table, c.field) in phones}
    if len(claims) > 1 and turned:
        table, name = turned.pop()
        how = next(c.how for c in claims)
        return [Claim(table, name, how)]
    if not here:
        return []
    best = min(_RANK[c.how] for c in here)
    here = [c for c in here if _RANK[c.how] == best]
    first = next((c for t in kind.tables for c in here if c.table == t), here[0])
    return [c for c in here if c.field == first.field]


def _elsewhere(cell: HeaderCell, kind: Kind, pack: ResolvedPack) -> str:
    assert cell.sense is not None
    claim = cell.sense.claims[0]
    its, here = pack.tables[claim.table].label.zh, pack.tables[kind.table].label.zh
    return f"“{claim.field}”是{its}表的字段，这张是{here}表"


def _phone_rule(
    heading: Heading, kind: Kind, pack: ResolvedPack
) -> dict[tuple[str, str], tuple[str, str]]:
    """Say whose a plain 联系电话 is on a sheet of persons: the member's if the
    household's own stands beside it, else the household's."""
    own = pack.role(kind.table, "phone")
    parent = pack.wide_parent(kind.table)
    above = pack.role(parent, "phone") if parent else None
    if own is None or above is None or parent is None:
        return {}
    explicit = any(
        {(c.table, c.field) for c in cell.sense.claims} == {(parent, above)}
        for cell in heading.cells.values()
        if cell.sense
    )
    whose = (kind.table, own) if explicit else (parent, above)
    return dict.fromkeys([(kind.table, own), (parent, above)], whose)


def _pinned_claims(name: str, kind: Kind, pack: ResolvedPack) -> list[Claim]:
    table, _, plain = name.rpartition(".")
    held = (table,) if table else kind.tables
    found = [Claim(t, plain, "map") for t in held if plain in pack.tables[t].fields]
    if not found and plain:  # a field of a table this sheet was not known to hold
        parent = pack.wide_parent(kind.table)
        if parent and plain in pack.tables[parent].fields:
            found = [Claim(parent, plain, "map")]
    return found


def _match(
    column: int, cell: HeaderCell | None, claim: Claim, heading: Heading, pack: ResolvedPack
) -> Match:
    spec = pack.tables[claim.table].fields[claim.field]
    reading = cell.sense.reading if cell and cell.sense else None
    if cell and reading is None:  # pinned: the header may still name a unit
        reading = next((r for r in cell.header.readings if r.unit), cell.header.readings[0])
    unit = reading.unit if reading else None
    factor, doubt = conversion(unit, spec.unit)
    return Match(
        field=claim.field,
        table=claim.table,
        column=column,
        header=cell.text if cell else "",
        cell=cell.cell if cell else address(heading.bottom, column),
        how=claim.how,
        unit=unit,
        factor=factor,
        year=reading.year if reading else None,
        doubt=doubt,
        inverted=claim.inverted,
    )


def _by_position(
    cell: HeaderCell,
    kind: Kind,
    lexicon: Lexicon,
    bound: dict[int, list[tuple[str, str]]],
) -> Claim | None:
    """Tell headers such as 其他 apart by their neighbours: the field that
    shares a group with the nearest bound column on the left, else the right."""
    claims = [c for c in lexicon.by_position(cell.header) if c.table in kind.tables]
    for step in (-1, 1):
        for distance in range(1, _NEAR + 1 if claims else 0):
            beside = bound.get(cell.column + step * distance, ())
            groups = {g for key in beside for g in lexicon.groups.get(key, ())}
            near = [c for c in claims if lexicon.groups[c.table, c.field] & groups]
            if near:
                return Claim(near[0].table, near[0].field, "position") if len(near) == 1 else None
    return None


def _reference_year(
    kind: Kind,
    sheet: RawSheet,
    pack: ResolvedPack,
    wanted: dict[tuple[str, str], list[Match]],
    first: int,
) -> int:
    """Return the year a sheet is about: its one 年度 value, else the run's."""
    for table in kind.tables:
        name = pack.role(table, "year")
        if name and (matches := wanted.get((table, name))):
            column = sheet.columns[matches[0].column]
            said = {str(column.values[c])[:4] for c in set(column.codes[first:].tolist()) if c}
            if len(said) == 1 and (year := said.pop()).isdigit():
                return int(year)
    return pack.as_of.year


def _choose(
    key: tuple[str, str], columns: Sequence[Match], reference: int, result: Binding
) -> None:
    """Take the current column of a field; put last year's beside it."""
    undated = [m for m in columns if m.year is None or m.how == "map"]
    dated = sorted((m for m in columns if m not in undated), key=lambda m: -(m.year or 0))
    if undated:
        undated.sort(key=lambda m: _RANK[m.how])  # a pin, the field's own name, an alias
        current, rest, newest = undated[0], undated[1:], reference
    else:
        current, rest, newest = dated[0], [], dated[0].year or reference
        dated = dated[1:]
    result.matches[key] = current
    result.duplicates += rest
    for match in dated:
        if match.year == newest - 1 and key not in result.last_year:
            result.last_year[key] = match
        elif match.year in (newest, newest - 1):
            result.duplicates.append(match)
        else:
            if match.cell not in result.reasons:
                result.unmatched.append((match.header, match.cell))
            result.reasons[match.cell] = f"{match.year} 年的“{match.field}”，只用本年和上年的"
