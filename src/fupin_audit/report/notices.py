"""Lists from above beside the register: what each row says of itself, and whose
record it is about.

A row goes by its own words, so that the next edition of a list, or a register
that was corrected since, does not make it another. Where it is about a record
that the register has, place and household are those of the register: it is there
that somebody has to go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from fupin_audit.model.dataset import Dataset
from fupin_audit.report.reached import (
    Index,
    Target,
    Told,
    own_words,
    plain,
    reach,
    short,
    village,
)
from fupin_audit.report.register import Register, Subjects, Texts, texts_of

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

_MATTER = "matter"


def tables_of_notices(pack: ResolvedPack) -> list[str]:
    """Return the tables whose rows are what somebody else says of our records."""
    return [name for name in pack.tables if pack.role(name, _MATTER)]


def settle(made: Register, dataset: Dataset, pack: ResolvedPack) -> None:
    """Tell every row of a list from above by its own words, and find its record."""
    lists = [name for name in tables_of_notices(pack) if name in made.tables]
    told = {name: list(_told(made, dataset, pack, name)) for name in lists}
    index = _index(made, dataset, pack, lists, [one for rows in told.values() for one in rows])
    for name in lists:
        subjects = made.tables[name]
        fields = [f for f, spec in pack.tables[name].fields.items() if spec.role == _MATTER]
        matter = [t for f in fields if (t := texts_of(dataset.tables[name], f)) is not None]
        subjects.own = [
            own_words(one, [texts[row] for texts in matter]) for row, one in enumerate(told[name])
        ]
        subjects.reached = [reach(one, index) for one in told[name]]
        _at_home(made, subjects)


def _at_home(made: Register, subjects: Subjects) -> None:
    """Give the rows the household and place of the records they are about."""
    numbers = {place: i for i, place in enumerate(made.places)}
    counties: dict[str, set[str]] = defaultdict(set)
    for county, township, _ in made.places:
        counties[township].add(county)
    for row, found in enumerate(subjects.reached or []):
        place = made.places[subjects.place[row]]
        if found.target is not None:
            subjects.household[row] = found.target.household
            place = found.target.place if any(found.target.place) else place
        elif place[1] and not place[0]:
            # Of a person not found, the township alone says which list to put it on.
            named = counties[place[1]] - {""}
            place = (min(named), *place[1:]) if len(named) == 1 else place
        subjects.place[row] = numbers.setdefault(place, len(numbers))
    made.places = list(numbers)


def _told(
    made: Register, dataset: Dataset, pack: ResolvedPack, table: str
) -> Iterator[Told]:  # fmt: skip
    data, subjects = dataset.tables[table], made.tables[table]

    def column(role: str) -> list[str]:
        texts = texts_of(data, pack.role(table, role))
        return [""] * len(data) if texts is None else [texts[i] for i in range(len(data))]

    places = _own_places(dataset, pack, table)
    each = zip(
        column("id_number"), column("person_key"), column("household_key"), column("person_name"),
        column("head_name"), column("head_id_number"), places, strict=True,
    )  # fmt: skip
    assert len(subjects.place) == len(places)
    for identity, person, household, name, head, head_identity, place in each:
        yield Told(
            short(identity), person, household, plain(name), plain(head), short(head_identity),
            place,
        )  # fmt: skip


def _own_places(
    dataset: Dataset, pack: ResolvedPack, table: str
) -> list[tuple[str, str, str]]:  # fmt: skip
    """Return the places as the rows themselves give them."""
    data = dataset.tables[table]
    parts = [texts_of(data, pack.role(table, r)) for r in ("county", "township", "village")]
    county, township, name = (
        [""] * len(data) if p is None else [p[i] for i in range(len(data))] for p in parts
    )
    return list(zip(county, township, name, strict=True))


def _index(
    made: Register, dataset: Dataset, pack: ResolvedPack, lists: list[str], told: list[Told]
) -> Index:
    """Lay out the records that some row may be about: of a register of a hundred
    thousand people no more than the list names are looked at one by one."""
    index = Index(numbers=dict(enumerate(made.households)))
    index.heads = {home: plain(name) for home, name in made.heads.items()}
    names = {t.name for t in told} | {t.head for t in told}
    numbers = {t.identity for t in told} | {t.head_identity for t in told}
    persons = {t.person for t in told}
    homes = {t.household for t in told}
    mine = {i for i, number in enumerate(made.households) if number in homes}
    persons_first = sorted(made.tables, key=lambda table: not pack.role(table, "head_relation"))
    for table in (t for t in persons_first if t not in lists):
        head = pack.role(table, "head_name")
        if pack.role(table, "head_relation"):
            who = made.tables[table]
            columns = (who.identity, who.name, who.person)
        elif tuple(pack.tables[table].key) == (pack.role(table, "household_key"),):
            data = dataset.tables[table]
            columns = (
                texts_of(data, pack.role(table, "head_id_number")), texts_of(data, head), None,
            )  # fmt: skip
        else:
            continue
        _add(index, made, table, columns, (numbers, names, persons, mine))
    return index


def _add(
    index: Index,
    made: Register,
    table: str,
    columns: tuple[Texts | None, Texts | None, Texts | None],
    wanted: tuple[set[str], set[str], set[str], set[int]],
) -> None:
    identity, name, person = columns
    numbers, names, persons, mine = wanted
    subjects = made.tables[table]
    of_home = np.isin(subjects.household, np.array(sorted(mine), dtype=np.int64))
    rows = of_home.copy()
    for texts, some, cleaned in (
        (identity, numbers, short),
        (name, names, plain),
        (person, persons, str),
    ):
        if texts is not None:
            hit = [i for i, value in enumerate(texts.values) if value and cleaned(value) in some]
            rows |= np.isin(texts.codes, np.array(hit, dtype=np.int64))
    for row in np.flatnonzero(rows).tolist():
        home = int(subjects.household[row])
        called = plain(name[row]) if name else ""
        number = short(identity[row]) if identity else ""
        target = Target(table, row, home, made.places[subjects.place[row]], called, number)
        if number:
            index.by_identity[number].append(target)
        if person and person[row]:
            index.by_person[person[row]].append(target)
        if home in mine:
            index.by_household[made.households[home]].append(target)
        if called:
            index.by_name[village(target.place), called].append(target)
