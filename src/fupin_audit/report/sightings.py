"""A run's findings as the ledger keeps them: digests instead of names and values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from fupin_audit.model.findings import RuleHits
from fupin_audit.model.sighting import ANYONE, Sighting
from fupin_audit.packs.law import tables_of
from fupin_audit.report.masking import mask_free
from fupin_audit.report.prints import Ground, Trace, imprint_one, traces
from fupin_audit.report.register import Place, Subjects, Texts, texts_of

_KEPT = 3
"""Rows of a sheet by which its next version is known again."""


@dataclass(slots=True)
class Homes:
    """Keyed digests of households, places and persons, each made once."""

    ground: Ground
    households: dict[int, bytes] = field(default_factory=dict)
    places: dict[int, bytes] = field(default_factory=dict)
    named: dict[int, Place] = field(default_factory=dict)
    met: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def has_rows(self, table: str, household: int) -> bool:
        """Tell whether a table has rows of a household."""
        if table not in self.met:
            who = self.ground.who
            self.met[table] = np.zeros(len(who.households) + 1, dtype=bool)
            self.met[table][who.tables[table].household] = True  # the last is of no household
        return bool(self.met[table][household])

    def place(self, index: int) -> Place:
        """Return a place as the ledger may name it: clerks type into any column, and
        no id or phone number, nor half a character, may get in that way."""
        if index not in self.named:
            county, township, village = map(_fit, self.ground.place(index))
            self.named[index] = county, township, village
        return self.named[index]

    def digest(self, text: str) -> bytes:
        raw = text.encode("utf-8", "surrogatepass")
        return blake2b(raw, key=self.ground.key, digest_size=8, person=b"who").digest()

    def of(self, household: int, place: int) -> bytes:
        """Return the digest of a household, or of the place of a row without one."""
        made = self.households if household >= 0 else self.places
        at = household if household >= 0 else place
        if at not in made:
            named = self.ground.place(place) if household < 0 else ()
            text = "\x1f".join(("p", *named)) if household < 0 else self.ground.who.households[at]
            made[at] = self.digest(text)
        return made[at]

    def notice(self, own: str) -> bytes:
        """Return the digest of a row of a list from above, by its own words."""
        return self.digest(f"o\x1f{own}")

    def subject(self, sort: str, text: str) -> bytes:
        """Return the digest of a person told by key (`k`), name (`n`) or id (`i`)."""
        return self.digest(f"{sort}\x1f{text}")


def _due(ground: Ground, table: str) -> Callable[[int], str]:
    """Return the day by which a row of a table must be answered, empty where it
    does not say."""
    pack, data = ground.result.pack, ground.result.dataset.tables[table]
    days = texts_of(data, pack.role(table, "due"))
    return (lambda row: days[row][:10]) if days is not None else lambda _: ""


def _fit(text: str) -> str:
    return mask_free(text).encode("utf-8", "replace").decode("utf-8")


def sightings(ground: Ground) -> list[Sighting]:
    """Return every finding of a run, in the order of its hits; make the
    fingerprints on the way."""
    homes = Homes(ground)
    made: list[Sighting] = []
    seen: dict[bytes, int] = {}
    for hits in ground.result.findings.hits:
        found = traces(ground, hits)
        imprint_one(ground, hits, found, seen)
        one = _of_sheets if hits.sheet is not None else _of_rows
        made += one(ground, hits, homes, found)
    return made


def _of_rows(
    ground: Ground, hits: RuleHits, homes: Homes, found: list[Trace]
) -> Iterator[Sighting]:  # fmt: skip
    pack, who = ground.result.pack, ground.who
    looked = _presence(homes, tables_of(pack.rules[hits.rule], pack))
    subject = subject_of(ground, hits.table, homes)
    subjects, rule, severity, table = who.tables[hits.table], hits.rule, hits.severity, hits.table
    prints = hits.prints.digests if hits.prints else []
    due = _due(ground, hits.table)
    for at, (_, fields, row, house, place) in enumerate(found):
        if subjects.own is not None:
            mine = homes.notice(subjects.own[row])
            yield Sighting(
                prints[at], rule, severity, "notice", table, homes.place(place), mine, mine,
                fields, (), (), due(row),
            )  # fmt: skip
            continue
        yield Sighting(
            prints[at], rule, severity, "household" if house >= 0 else "place", table,
            homes.place(place), homes.of(house, place), subject(row, fields), fields,
            _partners(hits, at, subjects, homes) if hits.others else (), looked(house),
        )  # fmt: skip


Blamed = tuple[str, ...]


def subject_of(
    ground: Ground, table: str, homes: Homes
) -> Callable[[int, Blamed], bytes]:  # fmt: skip
    """Return how the person of a row is told again: by key, else by whichever of
    name and id is not in doubt."""
    who, pack = ground.who.tables[table], ground.result.pack
    every: list[tuple[str, Texts | None, str | None]] = [
        ("k", who.person, None),
        ("n", who.name, pack.role(table, "person_name")),
        ("i", who.identity, pack.role(table, "id_number")),
    ]
    told = [(sort, texts, name) for sort, texts, name in every if texts is not None]

    def subject(row: int, fields: Blamed) -> bytes:
        for sort, texts, blamed in told:
            if (text := texts[row]) and blamed not in fields:
                return homes.subject(sort, text)
        return b""

    return subject


def _presence(homes: Homes, tables: frozenset[str]) -> Callable[[int], tuple[str, ...]]:
    """Return which of some tables have rows of a household."""
    there = sorted(tables & homes.ground.who.tables.keys())
    known: dict[int, tuple[str, ...]] = {-1: ()}

    def looked(house: int) -> tuple[str, ...]:
        if house not in known:
            known[house] = tuple([name for name in there if homes.has_rows(name, house)])
        return known[house]

    return looked


def _partners(hits: RuleHits, at: int, subjects: Subjects, homes: Homes) -> tuple[bytes, ...]:
    others = (hits.others or [])[at]
    found = {homes.of(int(subjects.household[r]), int(subjects.place[r])) for r in others}
    if hits.other_counts and hits.other_counts[at] > len(others):
        found.add(ANYONE)
    return tuple(sorted(found))


def _of_sheets(
    ground: Ground, hits: RuleHits, homes: Homes, found: list[Trace]
) -> Iterator[Sighting]:
    sheets = ground.result.dataset.sheets
    prints = hits.prints.digests if hits.prints else []
    for at, trace in enumerate(found):
        index = (hits.sheet or [])[at]
        table = sheets[index].table if index >= 0 else ""
        yield Sighting(
            prints[at], hits.rule, hits.severity, "sheet", table,
            ("", "", ""), ANYONE, b"", trace.fields, _on_sheet(ground, index, homes), (),
        )  # fmt: skip


def _on_sheet(ground: Ground, index: int, homes: Homes) -> tuple[bytes, ...]:
    """Return some homes of a sheet's rows, the same however they are sorted."""
    if index < 0:
        return (ANYONE,)
    table = ground.result.dataset.sheets[index].table
    data, who = ground.result.dataset.tables.get(table), ground.who.tables.get(table)
    if data is None or who is None:
        return (ANYONE,)
    rows = data.sheet == index
    pairs = np.unique(np.stack([who.household[rows], who.place[rows]]), axis=1).T.tolist()
    return tuple(sorted({homes.of(h, p) for h, p in pairs})[:_KEPT]) or (ANYONE,)
