"""Whom a list is for: every finding to one township, village or helper."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from fupin_audit.corrections.lock import PAIRS
from fupin_audit.errors import UsageError
from fupin_audit.report.register import Ints, Place, texts_of
from fupin_audit.report.view import NOWHERE, View

By = Literal["township", "village", "helper", "all"]
BY: tuple[By, ...] = ("township", "village", "helper", "all")
ELSE = {"township": "未分乡镇", "village": "未分村", "helper": "未定帮扶人", "all": "全部"}
"""What a list is called that takes what belongs to no other."""

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_LONGEST = 40
_DEPTH = {"township": 2, "village": 3}


@dataclass(frozen=True, slots=True)
class Audience:
    """One township, village or helper.

    Attributes:
        file: Start of the file's name; numbered, so that files sort.
        name: What the list is headed with.
        keys: Under which its password may stand, the most exact first.
        personal: The name is a person's.
    """

    file: str
    name: str
    keys: tuple[str, ...]
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """Findings shared out: per finding, in the order of the view, the number of
    its audience. Audiences that get nothing are there all the same: a township
    keeps its number from list to list."""

    audiences: list[Audience]
    of: Ints


_Key = tuple[str, ...]


def share_out(view: View, by: By, *, nameless: bool = False) -> Shared:
    """Share the findings out.

    Args:
        nameless: Keep persons' names out of file names.

    Raises:
        UsageError: No sheet tells the helpers.
    """
    if by == "all":
        whole = Audience(ELSE["all"], ELSE["all"], (ELSE["all"],))
        return Shared([whole], np.zeros(len(view), dtype=np.int64))
    keys: list[_Key]
    if by == "helper":
        keys, of_home, of_place = _by_helper(view)
    else:
        keys, of_place = _by_place(view, _DEPTH[by])
        of_home = np.full(len(view.who.households) + 1, -1, dtype=np.int64)
    found = view.ordered.found
    place = np.append(of_place, -1)[found.place]
    of = np.where(found.household >= 0, of_home[found.household], -1)
    of = np.where(of >= 0, of, place)
    of = np.where(of >= 0, of, _of_sheets(view, of_home, of_place))
    counties = len({key[0] for key in keys}) > 1
    digits = max(2, len(str(len(keys))))
    rest = Audience(f"{0:0{digits}}-{ELSE[by]}", ELSE[by], (ELSE[by],))
    made = [rest]
    for number, key in enumerate(keys, 1):
        made.append(_audience(f"{number:0{digits}}", key, by, counties, nameless))
    return Shared(made, of + 1)


def _audience(number: str, key: _Key, by: By, counties: bool, nameless: bool) -> Audience:
    told = [part for part in (key if counties else key[1:]) if part]
    shown = told[:-1] if by == "helper" and nameless else told
    file = "-".join([number, *(_safe(part) for part in shown)])
    every = tuple(
        dict.fromkeys(
            "/".join(part for part in key[start:end] if part)
            for end in ((3,) if by == "helper" else range(len(key), 1, -1))
            for start in range(end)
        )
    )
    name = " ".join(told)
    return Audience(file, name, tuple(filter(None, every)), by == "helper")


def _safe(name: str) -> str:
    """Return a name fit for a file on any system."""
    return _UNSAFE.sub("_", name).strip(" .")[:_LONGEST].strip(" .") or "_"


def _by_place(view: View, depth: int) -> tuple[list[_Key], Ints]:
    """Return the places in the order of the register, and per place number its
    index among them, −1 where the place is not told."""
    keys: dict[_Key, int] = {}
    places = view.who.places
    for place in sorted(places, key=_as_met(places)):
        if place[depth - 1]:
            keys.setdefault(place[:depth], len(keys))
    return list(keys), np.array([keys.get(p[:depth], -1) for p in places], dtype=np.int64)


def _as_met(places: list[Place]) -> Callable[[Place], list[int]]:
    met: dict[_Key, int] = {}
    for place in places:
        for depth in (1, 2, 3):
            met.setdefault(place[:depth], len(met))
    return lambda place: [met[place[:depth]] for depth in (1, 2, 3)]


def _by_helper(view: View) -> tuple[list[_Key], Ints, Ints]:
    """Return the helpers township by township, and per household its own.

    Two of one name in different townships are taken for two people.
    """
    pack, tables, who = view.result.pack, view.result.dataset.tables, view.who
    order = _as_met(who.places)
    named: dict[int, _Key] = {}
    first: dict[_Key, list[int]] = {}
    told = False
    for table, data in tables.items():
        names = texts_of(data, pack.role(table, "helper"))
        if names is None:
            continue
        told = True
        homes = who.tables[table].household.tolist()
        for row, home in enumerate(homes):
            name = names[row]
            if home >= 0 and name and home not in named:
                at = who.home.get(home, -1)
                place = who.places[at] if at >= 0 else NOWHERE
                key: _Key = (*place[:2], name)
                named[home] = key
                rank = order(place)[:2] if at >= 0 else [0, 0]
                first.setdefault(key, [*rank, len(first)])
    if not told:
        raise UsageError(
            "表里没有“帮扶责任人”一列，不能按帮扶人分清单", hint="用 --by township 或 --by village"
        )
    keys = sorted(first, key=lambda key: first[key])
    number = {key: i for i, key in enumerate(keys)}
    of_home = np.full(len(who.households) + 1, -1, dtype=np.int64)
    for home, key in named.items():
        of_home[home] = number[key]
    return keys, of_home, np.full(len(who.places), -1, dtype=np.int64)


def _of_sheets(view: View, of_home: Ints, of_place: Ints) -> Ints:
    """Return per finding about a whole sheet whose sheet it is, where all its rows
    are one's; −1 for the rest."""
    owners: dict[int, set[int]] = {}
    padded = np.append(of_place, -1)
    for table, data in view.result.dataset.tables.items():
        subjects = view.who.tables[table]
        home = np.where(subjects.household >= 0, of_home[subjects.household], -1)
        whose = np.where(home >= 0, home, padded[subjects.place])
        for sheet, one in np.unique(np.stack([data.sheet, whose], axis=1), axis=0).tolist():
            owners.setdefault(sheet, set()).add(one)
    sole = {sheet: next(iter(some)) for sheet, some in owners.items() if len(some) == 1}
    ordered = view.ordered
    found = np.full(len(ordered.which), -1, dtype=np.int64)
    for i, hits in enumerate(ordered.hits):
        if hits.sheet is not None:
            each = np.array([sole.get(sheet, -1) for sheet in hits.sheet], dtype=np.int64)
            mine = ordered.which == i
            found[mine] = each[ordered.at[mine]]
    return found


def passwords_of(
    audiences: Sequence[Audience], known: Mapping[str, str], file: Path
) -> list[str]:  # fmt: skip
    """Return every audience's password.

    Raises:
        UsageError: Some have none.
    """
    found = [next((known[key] for key in one.keys if key in known), None) for one in audiences]
    lacking = [one.name for one, password in zip(audiences, found, strict=True) if not password]
    if lacking:
        more = f" 等 {len(lacking)} 个" if len(lacking) > 10 else ""
        raise UsageError(
            f"没有密码：{'、'.join(lacking[:10])}{more}；清单都没有写", where=str(file), hint=PAIRS
        )
    return [password for password in found if password]
