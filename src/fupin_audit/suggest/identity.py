"""What an id number says by itself: its 18-digit form, a sex, a day of birth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from fupin_audit.domain import division
from fupin_audit.domain.citizen_id import birth_date, is_check_ok, sex, to_18
from fupin_audit.model.values import Coded
from fupin_audit.suggest.asked import Answers, Asked, Found, Rows, Run

OLDEST = 120
_CENTENARIANS = "996"
"""Serials from here on were kept for people born before 1900."""
_LONGER = (
    "15 位号码按国家标准加上世纪和校验码就是 18 位",
    "The 18-digit form of a 15-digit number follows from the standard",
)
_SEX = ("号码第 17 位单数为男、双数为女", "The 17th digit of the id number tells the sex")
_BIRTH = ("号码第 7—14 位就是出生日期", "Digits 7–14 of the id number are the day of birth")


def id_18(run: Run, asked: Asked) -> Answers:
    """Lengthen ids of 15 digits. Safe if nobody else has the longer one."""
    table, rows, field = asked.hits.table, asked.rows, asked.field
    found: Answers = {}
    texts = run.texts(table, field, rows)
    people = zip(asked.at, rows.tolist(), texts, *known_of(run, table, rows), strict=True)
    for at, row, text, born, is_sex in people:
        longer = to_18(text or "")
        if not text or not longer or text[12:] >= _CENTENARIANS:
            continue
        if sound(longer, run.pack.as_of) and agrees(longer, born, is_sex):
            sure = not taken(run, table, field, row, longer)
            found[at] = Found(longer, _LONGER, "safe" if sure else "unsafe")
    return found


def sex_of_id(run: Run, asked: Asked) -> Answers:
    """Read the sex off a valid id. Safe where the day of birth bears the id out and
    nobody else has it."""
    found: Answers = {}
    for at, one in _holders(run, asked):
        read = sex(one.number)
        if read and read != one.sex and one.born in (None, birth_date(one.number)):
            sure = one.born is not None and one.alone
            found[at] = Found(read, _SEX, "safe" if sure else "unsafe")
    return found


def birth_of_id(run: Run, asked: Asked) -> Answers:
    """Read the day of birth off a valid id.

    Safe where the sex bears the id out, nobody else has it, and what was filled in
    is a slip of it: two of year, month and day agree, or month and day have changed
    places. Else the id may be somebody else's.
    """
    found: Answers = {}
    for at, one in _holders(run, asked):
        read = birth_date(one.number)
        if read is None or read == one.born or one.sex not in (None, sex(one.number)):
            continue
        slip = one.born is None or _slip(one.born, read)
        sure = slip and one.sex is not None and one.alone
        found[at] = Found(read.isoformat(), _BIRTH, "safe" if sure else "unsafe")
    return found


class Holder(NamedTuple):
    """A person with a sound id: its first 18 characters, what else is known of the
    person, and whether nobody else in the run has the id."""

    number: str
    born: date | None
    sex: str | None
    alone: bool


def _holders(run: Run, asked: Asked) -> Iterator[tuple[int, Holder]]:
    table, rows = asked.hits.table, asked.rows
    field = run.pack.role(table, "id_number") or ""
    texts = run.texts(table, field, rows)
    people = zip(asked.at, rows.tolist(), texts, *known_of(run, table, rows), strict=True)
    for at, row, text, born, is_sex in people:
        if text and sound(text, run.pack.as_of):
            alone = not taken(run, table, field, row, text)
            yield at, Holder(text[:18], born, is_sex, alone)


def _slip(written: date, read: date) -> bool:
    same = sum(a == b for a, b in zip(written.timetuple()[:3], read.timetuple()[:3], strict=True))
    turned = (written.month, written.day) == (read.day, read.month)
    return same == 2 or (written.year == read.year and turned)


def known_of(
    run: Run, table: str, rows: Rows
) -> tuple[list[date | None], list[str | None]]:  # fmt: skip
    """Return the day of birth and the sex that some rows tell beside the id."""
    born = run.days(table, run.pack.role(table, "born"), rows)
    sexes = run.texts(table, run.pack.role(table, "sex"), rows)
    return born, [one if one in ("男", "女") else None for one in sexes]


def sound(number: str, as_of: date) -> bool:
    """Tell whether a number is a citizen number of somebody who may be alive."""
    return len(number) >= 18 and is_check_ok(number) and living(number, as_of)


def living(number: str, as_of: date) -> bool:
    """Tell whether the division of a number is known and its holder may be alive."""
    if not division.known(number[:6]):
        return False
    born = birth_date(number)
    return born is not None and as_of.replace(year=as_of.year - OLDEST, day=1) <= born <= as_of


def agrees(number: str, born: date | None, is_sex: str | None) -> bool:
    """Tell whether a number says what is known of its holder."""
    return born in (None, birth_date(number)) and is_sex in (None, sex(number))


def taken(run: Run, table: str, field: str, row: int, number: str) -> bool:
    """Tell whether a number is another person's in the run already."""
    ids = run.dataset.tables[table].columns.get(field)
    if not isinstance(ids, Coded):
        return False
    kept = run.kept.get(("ids", table, field))
    if not isinstance(kept, tuple):
        counts = np.bincount(ids.codes[ids.codes >= 0], minlength=len(ids.texts))
        kept = {text: i for i, text in enumerate(ids.texts.tolist())}, counts.tolist()
        run.kept["ids", table, field] = kept
    code = kept[0].get(number)
    if code is None or kept[1][code] <= int(ids.codes[row] == code):
        return False
    holders = np.flatnonzero(ids.codes == code)
    others = holders[holders != row]
    key = run.pack.role(table, "person_key")
    (own,) = run.texts(table, key, np.array([row], dtype=np.int64))
    return any(one is None or one != own for one in run.texts(table, key, others))
