"""Fingerprints: names of findings that survive sorting and renaming.

A fingerprint is a keyed digest of the rule, whom the finding is about, the blamed
fields and what they hold. A changed value is a new finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from fupin_audit.model.findings import Prints, RuleHits
from fupin_audit.model.run import CheckResult
from fupin_audit.report.cells import SourceCells
from fupin_audit.report.register import Ints, Place, Register, Subjects, register

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
            imprint_one(ground, hits, traces(ground, hits), seen)


def imprint_one(
    ground: Ground, hits: RuleHits, found: list[Trace], seen: dict[bytes, int]
) -> None:  # fmt: skip
    """Make the fingerprints of one rule's findings; `seen` counts those told alike."""
    hits.prints = Prints(ground.key, [_numbered(ground.key, t.told, seen) for t in found])


def traces(ground: Ground, hits: RuleHits) -> list[Trace]:
    """Return one trace per hit."""
    if hits.sheet is not None:
        return list(_of_sheets(ground, hits, hits.sheet))
    if hits.blame_per_row is None:
        return traces_of(ground, hits.rule, hits.table, hits.rows, hits.blame)
    made: dict[int, Trace] = {}
    blamed = np.array(hits.blame_per_row, dtype=object)
    for field in sorted(set(hits.blame_per_row)):
        at = np.flatnonzero(blamed == field)
        some = traces_of(ground, hits.rule, hits.table, hits.rows[at], (field,) if field else ())
        made.update(zip(at.tolist(), some, strict=True))
    return [made[at] for at in range(len(hits))]


def traces_of(
    ground: Ground, rule: str, table: str, rows: Ints, blame: tuple[str, ...]
) -> list[Trace]:
    """Return what findings of a rule are told by on rows as they are now.

    What the sheet has no column for cannot be corrected there; of a blame without
    any column the first field stays, blank.
    """
    subjects, cells = ground.who.tables[table], ground.cells
    house, place = subjects.household[rows].tolist(), subjects.place[rows].tolist()
    homes, people = _homes(ground, house, place), _people(subjects, rows)
    if subjects.own is not None:
        homes, people = [subjects.own[row] for row in rows.tolist()], [""] * len(rows)
    texts = [[text.strip() for text in cells.texts(table, rows, name)] for name in blame]
    has = [cells.carried(table, rows, name) for name in blame]
    if len(blame) < 2 or all(one.all() for one in has):
        start, names = f"{rule}{_SEPARATOR}", "".join([_SEPARATOR + name for name in blame])
        each = zip(homes, people, *texts, strict=True)
        told = [
            start + home + _SEPARATOR + person + names + "".join([_SEPARATOR + t for t in values])
            for home, person, *values in each
        ]
        fields = [blame] * len(told)
    else:
        told, fields = [], []
        for at, (home, person) in enumerate(zip(homes, people, strict=True)):
            kept = [i for i in range(len(blame)) if has[i][at]] or [0]
            fields.append(tuple([blame[i] for i in kept]))
            values = [texts[i][at] for i in kept]
            told.append(_SEPARATOR.join((rule, home, person, *fields[-1], *values)))
    return list(map(Trace, told, fields, rows.tolist(), house, place))


def printed(key: bytes, told: str) -> bytes:
    """Return the digest of a trace that nothing else is told by."""
    return blake2b(told.encode("utf-8", "surrogatepass"), key=key, digest_size=16).digest()


def _numbered(key: bytes, told: str, seen: dict[bytes, int]) -> bytes:
    digest = printed(key, told)
    count = seen.get(digest, 0)
    seen[digest] = count + 1
    return printed(key, f"{told}{_SEPARATOR}#{count}") if count else digest


def _homes(ground: Ground, house: list[int], place: list[int]) -> list[str]:
    known = ground.who.households
    return [
        known[h] if h >= 0 else _SEPARATOR.join(ground.place(p))
        for h, p in zip(house, place, strict=True)
    ]


def _people(subjects: Subjects, rows: Ints) -> list[str]:
    """Return per row the person's key, else id, else name, else nothing."""
    every = [
        [texts.values[code] if code >= 0 else "" for code in texts.codes[rows].tolist()]
        for texts in (subjects.person, subjects.identity, subjects.name)
        if texts is not None
    ]
    if not every:
        return [""] * len(rows)
    return [next(filter(None, told), "") for told in zip(*every, strict=True)]


def _of_sheets(ground: Ground, hits: RuleHits, sheets: list[int]) -> Iterator[Trace]:
    for at, index in enumerate(sheets):
        sheet = ground.result.dataset.sheets[index] if index >= 0 else None
        field = hits.blame_per_row[at] if hits.blame_per_row else ""
        table, name = (sheet.table, sheet.raw.name or "") if sheet else ("", "")
        told = [str(values[at]) for values in hits.arguments]
        text = _SEPARATOR.join((hits.rule, table, name, field, *told))
        yield Trace(text, (field,) if field else ())
