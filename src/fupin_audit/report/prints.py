"""Fingerprints: names of findings that survive sorting and renaming.

A fingerprint is a keyed digest of the rule, whom the finding is about, the blamed
fields and what they hold. A changed value is a new finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from fupin_audit.model.findings import Prints, RuleHits
from fupin_audit.model.run import CheckResult
from fupin_audit.report.cells import SourceCells
from fupin_audit.report.register import Place, Register, Subjects, register

_SEPARATOR = "\x1f"
_NOWHERE: Place = ("", "", "")


@dataclass(frozen=True, slots=True)
class Ground:
    """What fingerprints are read off: a result, who is in it, its cells, the secret."""

    result: CheckResult
    who: Register
    cells: SourceCells
    key: bytes

    def place(self, index: int) -> Place:
        return self.who.places[index] if index >= 0 else _NOWHERE


class Trace(NamedTuple):
    """What a finding's fingerprint is made of: `told` is the digest's text; row,
    household and place are numbers, −1 where there is none."""

    told: str
    fields: tuple[str, ...]
    row: int = -1
    household: int = -1
    place: int = -1


def ground_of(result: CheckResult, key: bytes) -> Ground:
    """Find out who is in a result."""
    who = register(result.dataset, result.pack)
    return Ground(result, who, SourceCells(result.dataset), key)


def imprint(ground: Ground) -> None:
    """Make the fingerprints of all findings that have none under this key; rows
    that nothing tells apart are numbered in their order."""
    seen: dict[bytes, int] = {}
    for hits in ground.result.findings.hits:
        if hits.prints is None or hits.prints.key != ground.key:
            made = [printed(ground.key, t.told, seen) for t in traces(ground, hits)]
            hits.prints = Prints(ground.key, made)


def traces(ground: Ground, hits: RuleHits) -> Iterator[Trace]:
    """Yield one trace per hit."""
    if hits.sheet is not None:
        yield from _of_sheets(ground, hits, hits.sheet)
        return
    subjects = ground.who.tables[hits.table]
    house, place = subjects.household[hits.rows].tolist(), subjects.place[hits.rows].tolist()
    per_row = hits.blame_per_row
    fields = hits.blame
    for at, row in enumerate(hits.rows.tolist()):
        if per_row is not None:
            fields = (per_row[at],) if per_row[at] else ()
        names, texts = blamed_cells(ground.cells, hits.table, row, fields)
        whom = _whom(ground, house[at], place[at])
        person = _person(subjects, row)
        told = _SEPARATOR.join((hits.rule, whom, person, *names, *texts))
        yield Trace(told, names, row, house[at], place[at])


def trace_of(
    ground: Ground, rule: str, table: str, row: int, fields: tuple[str, ...]
) -> Trace | None:
    """Return what a finding of these fields would be told by on a row as it is
    now; None where the row's sheet does not have them all."""
    subjects = ground.who.tables[table]
    names, texts = blamed_cells(ground.cells, table, row, fields)
    if names != fields or (fields and not ground.cells.find(table, row, fields[0])[1]):
        return None
    house, place = int(subjects.household[row]), int(subjects.place[row])
    parts = (rule, _whom(ground, house, place), _person(subjects, row), *names, *texts)
    return Trace(_SEPARATOR.join(parts), names, row, house, place)


def blamed_cells(
    cells: SourceCells, table: str, row: int, fields: tuple[str, ...]
) -> tuple[tuple[str, ...], list[str]]:
    """Return the blamed fields that the sheet has, and their texts.

    What the sheet has no column for cannot be corrected there; of a blame without
    any column the first field stays, blank.
    """
    found = [(name, *cells.find(table, row, name)) for name in fields]
    if len(found) > 1:
        found = [one for one in found if one[2]] or found[:1]
    return tuple([one[0] for one in found]), [(one[3] or "").strip() for one in found]


def printed(key: bytes, told: str, seen: dict[bytes, int] | None = None) -> bytes:
    """Return the digest of a trace; `seen` counts those that are told alike."""
    made = blake2b(told.encode("utf-8", "surrogatepass"), key=key, digest_size=16)
    digest = made.digest()
    if seen is None:
        return digest
    count = seen.get(digest, 0)
    seen[digest] = count + 1
    if count:
        made.update(f"{_SEPARATOR}#{count}".encode())
        digest = made.digest()
    return digest


def _whom(ground: Ground, house: int, place: int) -> str:
    return ground.who.households[house] if house >= 0 else _SEPARATOR.join(ground.place(place))


def _person(subjects: Subjects, row: int) -> str:
    for told in (subjects.person, subjects.identity, subjects.name):
        if told is not None and (text := told[row]):
            return text
    return ""


def _of_sheets(ground: Ground, hits: RuleHits, sheets: list[int]) -> Iterator[Trace]:
    for at, index in enumerate(sheets):
        sheet = ground.result.dataset.sheets[index] if index >= 0 else None
        field = hits.blame_per_row[at] if hits.blame_per_row else ""
        table, name = (sheet.table, sheet.raw.name or "") if sheet else ("", "")
        told = [str(values[at]) for values in hits.arguments]
        text = _SEPARATOR.join((hits.rule, table, name, field, *told))
        yield Trace(text, (field,) if field else ())
