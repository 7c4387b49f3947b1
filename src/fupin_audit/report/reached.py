"""Whose record a row of a list from above is about.

Provinces send down what they suspect in lists of any shape: with id numbers or
without, with household numbers or only names. A row is matched by the first of
these that both it and the register say, and only if one record fits; of a row
that fits several, or none, the reason is told and nothing is guessed:

    id number (first 18 characters) · person number · household number and name ·
    id number of the head · village and name · village and name of the head
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from fupin_audit.domain.reason import Reason

Place = tuple[str, str, str]
_ID = 18
_SEPARATOR = "\x1e"
_TAILS = ("村民委员会", "居民委员会", "村委会", "居委会", "行政村", "社区", "村", "居")
_TOWNS = ("街道办事处", "街道办", "人民政府", "街道", "乡", "镇")


class Target(NamedTuple):
    """A record of the register: row of a table, the household it belongs to by
    index, the person's name and id (of a household: its head's)."""

    table: str
    row: int
    household: int
    place: Place
    name: str
    identity: str


class Told(NamedTuple):
    """What a row says of whom it is about; empty where it says nothing."""

    identity: str
    person: str
    household: str
    name: str
    head: str
    head_identity: str
    place: Place

    @property
    def anyone(self) -> str:
        return self.name or self.head


class Reach(NamedTuple):
    """What became of a row: `way` says by what it was matched, `why` why it was
    not (Chinese); `several`: more than one record fits."""

    target: Target | None
    way: str = ""
    why: str = ""
    several: bool = False


@dataclass(slots=True)
class Index:
    """The register's records, by everything a row may name them by."""

    by_identity: dict[str, list[Target]] = field(default_factory=lambda: defaultdict(list))
    by_person: dict[str, list[Target]] = field(default_factory=lambda: defaultdict(list))
    by_household: dict[str, list[Target]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, str], list[Target]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[int, str] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)


def short(identity: str) -> str:
    """Return the part of an id number that a disability card shares with it."""
    return identity[:_ID].upper()


def plain(text: str) -> str:
    """Return a text as it is compared: one width, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def village(place: Place) -> str:
    """Return a village's name without what some lists leave out of it."""
    return _without(plain(place[2]), _TAILS)


def own_words(told: Told, matter: Iterable[str]) -> str:
    """Return what tells a row of a list from another by what it says itself: the
    same in every edition of the list, whatever the register holds by then."""
    if told.identity:
        who: tuple[str, ...] = ("i", told.identity)
    elif told.person:
        who = ("p", told.household, told.person, told.anyone)
    elif told.household:
        who = ("h", told.household, told.anyone)
    elif told.head_identity:
        who = ("d", told.head_identity, told.name)
    else:
        town = _without(plain(told.place[1]), _TOWNS)
        who = ("v", town, village(told.place), told.name, told.head)
    return _SEPARATOR.join((*who, *map(plain, matter)))


_BY_ID = Reason("证件号码", "id number")
_HEAD_ID = Reason("户主证件号码", "id number of the head")
_BY_NAME = Reason("村和姓名", "village and name")
_BY_HEAD = Reason("村和户主姓名", "village and name of the head")
_SEVERAL_HEADS = Reason(
    "户主的证件号码登记在不止一户", "the head's id number is registered in several households"
)
_NAMESAKES = Reason("这一户有同名的人", "several of the household have this name")
_VILLAGE_NAMESAKES = Reason("登记表里这个村有同名的人", "several of the village have this name")
_NOBODY = Reason("登记表里这个村没有这个姓名的人", "nobody registered in the village has this name")
_NO_HEAD = Reason("登记表里这个村没有这个姓名的户主", "no head in the village has this name")
_OTHER_ID = Reason(
    "登记表里没有这个证件号码；同村同名的人号码不同",
    "no register has this id number; whoever has the name in the village has another",
)
_ONLY_A_NAME = Reason(
    "只有姓名，没有证件号码、户编号和村，没法对",
    "there is only a name: give an id number, household number or village",
)
_NOTHING = Reason(
    "没有证件号码、户编号和姓名，没法对", "give an id number, household number or name"
)


def reach(told: Told, index: Index) -> Reach:
    """Find the one record a row is about."""
    if told.identity and (found := index.by_identity.get(told.identity)):
        return _of_number(told, found, index, _BY_ID)
    if told.person and (found := index.by_person.get(told.person)):
        return _of_number(told, found, index, Reason("人口编号", "person number"))
    if told.household and (found := index.by_household.get(told.household)):
        return _in_household(told, found, Reason("户编号", "household number"))
    if told.head_identity and (heads := index.by_identity.get(told.head_identity)):
        number = index.numbers.get(heads[0].household, "")
        if len({one.household for one in heads}) > 1:
            return Reach(None, why=_SEVERAL_HEADS, several=True)
        return _in_household(told, index.by_household.get(number) or heads, _HEAD_ID)
    if village(told.place) and told.anyone:
        return _in_village(told, index)
    return Reach(None, why=_missing(told))


def _of_number(told: Told, found: list[Target], index: Index, way: Reason) -> Reach:
    """Of several households that one number is registered in, take that whose own
    number the row gives, or whose person has the row's name."""
    one = _one(found)
    if one is None:
        own = [t for t in found if index.numbers.get(t.household) == told.household]
        one = _one(own) or _one([t for t in found if told.name and t.name == told.name])
    if one is None:
        why = f"this {way.en} is registered in several households"
        return Reach(None, why=Reason(f"这个{way}登记在不止一户", why), several=True)
    differs = told.name and one.name and told.name != one.name
    other = Reason(f"{way}（姓名不同）", f"{way.en} (another name)")
    return Reach(one, other if differs else way)


def _in_household(told: Told, found: list[Target], way: Reason) -> Reach:
    if not told.name:
        heads = [t for t in found if not told.head or t.name == told.head]
        if not heads:
            return Reach(None, why=_but(way, "户主姓名不同", "the head has another name"))
        # The household's own row stands after those of its persons.
        both = Reason(f"{way}和户主姓名", f"{way.en} and name of the head")
        return Reach(heads[-1], both if told.head else way)
    named = [t for t in found if t.name == told.name]
    if not named:
        return Reach(None, why=_but(way, "这一户没有这个姓名的人", "nobody there has this name"))
    one = _one(named)
    if one is None:
        return Reach(None, why=_NAMESAKES, several=True)
    differs = told.identity and one.identity and told.identity != one.identity
    both = Reason(f"{way}和姓名", f"{way.en} and name")
    other = Reason(f"{both}（证件号码不同）", f"{both.en} (another id number)")
    return Reach(one, other if differs else both)


def _but(way: Reason, zh: str, en: str) -> Reason:
    return Reason(f"{way}对得上，{zh}", f"the {way.en} is there, but {en}")


def _in_village(told: Told, index: Index) -> Reach:
    found = [
        t
        for t in index.by_name.get((village(told.place), told.anyone), [])
        if _same(told.place[1], t.place[1], _TOWNS) and _same(told.place[0], t.place[0], ())
    ]
    if told.name and told.head:
        found = [t for t in found if index.heads.get(t.household, told.head) == told.head]
    elif told.head:
        found = [t for t in found if index.heads.get(t.household, t.name) == t.name]
    if not found:
        return Reach(None, why=_NOBODY if told.name else _NO_HEAD)
    one = _one(found)
    if one is None:
        return Reach(None, why=_VILLAGE_NAMESAKES, several=True)
    if told.identity and one.identity and told.identity != one.identity:
        return Reach(None, why=_OTHER_ID)
    return Reach(one, _BY_NAME if told.name else _BY_HEAD)


def _missing(told: Told) -> str:
    named = (
        (told.identity, Reason("登记表里没有这个证件号码", "no register has this id number")),
        (told.person, Reason("登记表里没有这个人口编号", "no register has this person number")),
        (told.household, Reason("登记表里没有这个户编号", "no register has this household number")),
        (told.head_identity, Reason("登记表里没有户主的证件号码", "no register has the head's id")),
        (told.anyone, _ONLY_A_NAME),
    )
    return next((why for text, why in named if text), _NOTHING)


def _one(found: list[Target]) -> Target | None:
    """Return the record, if all are rows of one person of one household."""
    same = {(t.household, t.name, t.identity or None) for t in found}
    known = {(household, name) for household, name, identity in same if identity}
    alike = {(h, n, i) for h, n, i in same if i or (h, n) not in known}
    return found[0] if len(alike) == 1 else None


def _same(a: str, b: str, tails: tuple[str, ...]) -> bool:
    """Tell whether two names may mean one place; what is not said contradicts nothing."""
    return not a or not b or _without(plain(a), tails) == _without(plain(b), tails)


def _without(text: str, tails: tuple[str, ...]) -> str:
    for tail in tails:
        if text.endswith(tail) and len(text) > len(tail):
            return text.removesuffix(tail)
    return text
