"""Whom and which place every row of a run is about.

Keys and names are looked up once per distinct value; rows carry small integers
into the lists here, so a million rows cost a few arrays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import Dataset, TableData, written
from fupin_audit.model.distinct import distinct_numbers
from fupin_audit.model.values import Coded

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack
    from fupin_audit.report.reached import Reach

Ints = npt.NDArray[np.int64]
Place = tuple[str, str, str]
"""县, 乡, 村."""

_HEAD = "户主"
_PLACE_ROLES = ("county", "township", "village")


@dataclass(slots=True)
class Texts:
    """A text column: one code per row, −1 where it is blank."""

    codes: Ints
    values: list[str]

    def __getitem__(self, row: int) -> str:
        code = self.codes[row]
        return self.values[code] if code >= 0 else ""


@dataclass(slots=True)
class Subjects:
    """What one table's rows are about.

    Attributes:
        household: Per row, index into `Register.households`; −1 for none.
        place: Per row, index into `Register.places`.
        person: Person key, None when the table is not about persons.
        name: Name of the person the row is about.
        identity: What tells persons apart on a sheet without person keys.
        own: Of rows of a list from above, what each is told by: its own words.
        reached: Of those, the record each is about.
    """

    household: Ints
    place: Ints
    person: Texts | None
    name: Texts | None
    identity: Texts | None
    own: list[str] | None = None
    reached: list[Reach] | None = None


@dataclass(slots=True)
class Register:
    """Every household and place of the run, and the tables' way to them."""

    households: list[str] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)
    home: dict[int, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    tables: dict[str, Subjects] = field(default_factory=dict)
    known: int = 0
    """Households that household rows (or, without such a table, any rows) name; one
    told of for several years counts once, each row without a number for itself."""


def register(dataset: Dataset, pack: ResolvedPack) -> Register:
    """Find out who and where every row of every table is."""
    made = Register()
    keys: dict[str, int] = {}
    places: dict[Place, int] = {}
    main = _household_table(dataset, pack)
    for table in sorted(dataset.tables, key=lambda name: name != main):
        data = dataset.tables[table]
        household = _numbered(texts_of(data, pack.role(table, "household_key")), keys, len(data))
        made.tables[table] = Subjects(
            household=household,
            place=_places(data, table, pack, places),
            person=texts_of(data, pack.role(table, "person_key")),
            name=texts_of(data, pack.role(table, "person_name")),
            identity=texts_of(data, pack.role(table, "id_number")),
        )
        if table == main:
            made.known = len(keys) + int((household < 0).sum())
        _first(made.heads, household, texts_of(data, pack.role(table, "head_name")))
        _heads_of_members(made.heads, data, household, made.tables[table], table, pack)
    made.households, made.places = list(keys), list(places)
    made.known = made.known or len(keys)
    _settle(made, main, places)
    if any(pack.role(table, "matter") for table in made.tables):
        from fupin_audit.report.notices import settle

        settle(made, dataset, pack)
    return made


def _household_table(dataset: Dataset, pack: ResolvedPack) -> str:
    """Return the table with one row per household: keyed by the household alone."""
    for name in dataset.tables:
        role = pack.role(name, "household_key")
        if role and not pack.role(name, "person_key") and tuple(pack.tables[name].key) == (role,):
            return name
    return "household" if "household" in dataset.tables else ""


def texts_of(data: TableData, name: str | None) -> Texts | None:
    """Return a field's values as texts, None where no sheet carries the field."""
    column = data.columns.get(name or "")
    if column is None:
        return None
    if isinstance(column, Coded):
        codes, listed = column.codes.astype(np.int64), column.texts.tolist()
    else:
        codes, found = distinct_numbers(column.data)
        codes, listed = np.where(column.known, codes, -1), found.tolist()
    try:
        values = list(map(str.strip, listed))
    except TypeError:  # not all are texts
        values = [written(value).strip() for value in listed]
    if "" in values:
        blank = np.array([not value for value in [*values, ""]], dtype=bool)
        codes = np.where(blank[codes], -1, codes)
    return Texts(codes, values)


def _numbered(texts: Texts | None, keys: dict[str, int], size: int) -> Ints:
    if texts is None:
        return np.full(size, -1, dtype=np.int64)
    used = np.zeros(len(texts.values) + 1, dtype=bool)
    used[texts.codes] = True
    numbers = [
        keys.setdefault(value, len(keys)) if used[i] and value else -1
        for i, value in enumerate(texts.values)
    ]
    return np.array([*numbers, -1], dtype=np.int64)[texts.codes]


def _places(data: TableData, table: str, pack: ResolvedPack, places: dict[Place, int]) -> Ints:
    size = len(data)
    mixed = np.zeros(size, dtype=np.int64)
    parts = [texts_of(data, pack.role(table, role)) for role in _PLACE_ROLES]
    for part in parts:
        if part is not None:
            mixed = mixed * (len(part.values) + 1) + part.codes + 1
    _, first, which = np.unique(mixed, return_index=True, return_inverse=True)
    numbers = np.zeros(max(len(first), 1), dtype=np.int64)
    for i in np.argsort(first).tolist():  # in the order in which the rows name them
        row = int(first[i])
        county, township, village = (part[row] if part else "" for part in parts)
        numbers[i] = places.setdefault((county, township, village), len(places))
    return np.asarray(numbers[which.reshape(-1)])


def _first(found: dict[int, str], household: Ints, name: Texts | None) -> None:
    """Note the first name seen for each household that has none yet."""
    if name is None:
        return
    keys, first = np.unique(household, return_index=True)
    codes = name.codes[first]
    told = (keys >= 0) & (codes >= 0)
    for key, code in zip(keys[told].tolist(), codes[told].tolist(), strict=True):
        found.setdefault(key, name.values[code])


def _heads_of_members(
    heads: dict[int, str], data: TableData, household: Ints, who: Subjects, table: str,
    pack: ResolvedPack,
) -> None:  # fmt: skip
    relation = texts_of(data, pack.role(table, "head_relation"))
    if relation is None or who.name is None or _HEAD not in relation.values:
        return
    rows = np.flatnonzero(relation.codes == relation.values.index(_HEAD))
    _first(heads, household[rows], Texts(who.name.codes[rows], who.name.values))


def _settle(made: Register, main: str, places: dict[Place, int]) -> None:
    """Give rows without a place of their own that of their household."""
    nowhere = places.get(("", "", ""), -1)
    order: Iterable[str] = ([main] if main in made.tables else []) + list(made.tables)
    for table in order:
        who = made.tables[table]
        keys, first = np.unique(who.household, return_index=True)
        place = who.place[first]
        told = (keys >= 0) & (place != nowhere)
        for key, one in zip(keys[told].tolist(), place[told].tolist(), strict=True):
            made.home.setdefault(key, one)
    home = np.array(
        [made.home.get(key, nowhere) for key in range(len(made.households))] + [nowhere],
        dtype=np.int64,
    )
    for who in made.tables.values():
        lost = who.place == nowhere
        if nowhere >= 0 and lost.any():
            who.place = np.where(lost, home[who.household], who.place)
