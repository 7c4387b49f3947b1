"""Keys and ids that are one slip away from one that another sheet lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from fupin_audit.model.values import Coded
from fupin_audit.suggest.asked import Answers, Asked, Found, Rows, Run

_KEY = (
    "与户表里的这个户编号只差一位，户主也对得上",
    "One digit from this number of the household sheet; the head agrees",
)
_KEY_ALONE = (
    "户表里与它只差一位的户编号只有这一个",
    "The only number of the household sheet one digit away",
)
_PERSON = (
    "成员表里同名同户的人的号码，与这里只差一点",
    "The number of the member of that name, a slip away from this one",
)
_DIGITS = "0123456789"
_FAR = 2


def near_key(run: Run, asked: Asked) -> Answers:
    """Find the household number that a wrong one stands for: a digit misread, left
    out, too many, or two swapped. The head's name decides between several."""
    table, pack = asked.hits.table, run.pack
    listed = _numbers(run, "household", pack.role("household", "household_key"))
    keys = run.texts(table, asked.field, asked.rows)
    names = run.texts(table, pack.role(table, "head_name"), asked.rows)
    found: Answers = {}
    for at, key, name in zip(asked.at, keys, names, strict=True):
        if not key or not key.isdecimal() or key in listed:
            continue
        near = list(dict.fromkeys(one for one in _slipped(key) if one in listed))
        heads = [_head(run, listed[one]) for one in near]
        agreed = [one for one, head in zip(near, heads, strict=True) if name and head == name]
        if len(agreed) == 1:
            found[at] = Found(agreed[0], _KEY)
        elif len(near) == 1 and not (name and heads[0]):
            found[at] = Found(near[0], _KEY_ALONE)
    return found


def _numbers(run: Run, table: str, field: str | None) -> dict[str, int]:
    """Return the codes of a column's texts."""
    kept = run.kept.get((table, field or ""))
    if isinstance(kept, dict):
        return kept
    data = run.dataset.tables.get(table)
    column = data.columns.get(field or "") if data is not None else None
    found: dict[str, int] = {}
    if isinstance(column, Coded):
        found = {text: code for code, text in enumerate(column.texts.tolist())}
    run.kept[table, field or ""] = found
    return found


def _rows_of(run: Run, table: str, field: str, codes: Iterable[int]) -> Rows:
    column = run.dataset.tables[table].columns[field]
    assert isinstance(column, Coded)
    wanted = np.zeros(len(column.texts) + 1, dtype=bool)
    wanted[list(codes)] = True
    return np.flatnonzero(wanted[column.codes])


def _head(run: Run, code: int) -> str:
    """Return the head's name of the household with a number; empty if it is not said."""
    key = run.pack.role("household", "household_key") or ""
    rows = _rows_of(run, "household", key, [code])
    names = run.texts("household", run.pack.role("household", "head_name"), rows)
    return next((name for name in names if name), "")


def _slipped(key: str) -> Iterator[str]:
    for i in range(len(key)):
        yield key[:i] + key[i + 1 :]
        for digit in _DIGITS:
            yield key[:i] + digit + key[i + 1 :]
            yield key[:i] + digit + key[i:]
        if i + 1 < len(key):
            yield key[:i] + key[i + 1] + key[i] + key[i + 2 :]


def listed_id(run: Run, asked: Asked) -> Answers:
    """Find the member whose id another sheet gives wrongly: of the same name, of the
    same household where both say it, and with an id a slip away."""
    from rapidfuzz.distance import OSA

    table, pack = asked.hits.table, run.pack
    names = run.texts(table, pack.role(table, "person_name"), asked.rows)
    people = _people(run, names)
    homes = run.texts(table, pack.role(table, "household_key"), asked.rows)
    ids = run.texts(table, asked.field, asked.rows)
    found: Answers = {}
    for at, name, home, number in zip(asked.at, names, homes, ids, strict=True):
        if not name or not number:
            continue
        near = {
            other
            for other, their in people.get(name, ())
            if home in (None, their) or their is None
            if other != number and OSA.distance(other, number, score_cutoff=_FAR) <= _FAR
        }
        if len(near) == 1:
            found[at] = Found(near.pop(), _PERSON)
    return found


def _people(run: Run, names: Iterable[str | None]) -> dict[str, list[tuple[str, str | None]]]:
    """Return the ids and households of the members with some names, by name."""
    found: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    field = run.pack.role("member", "person_name")
    codes = _numbers(run, "member", field)
    wanted = [codes[name] for name in set(names) if name in codes]
    if wanted and field:
        rows = _rows_of(run, "member", field, wanted)
        roles = ("person_name", "id_number", "household_key")
        parts = (run.texts("member", run.pack.role("member", role), rows) for role in roles)
        for name, number, home in zip(*parts, strict=True):
            if name and number:
                found[name].append((number, home))
    return found
