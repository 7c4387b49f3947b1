"""Ids one slip away from a wrong one that are right and agree with the person."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

import numpy as np

from fupin_audit.domain import disability_card, division
from fupin_audit.domain.citizen_id import is_check_ok, sex
from fupin_audit.model.dataset import LAST_YEAR
from fupin_audit.model.values import Coded
from fupin_audit.suggest.asked import Answers, Asked, Found, Rows, Run
from fupin_audit.suggest.identity import agrees, known_of, living, sound, taken
from fupin_audit.suggest.slips import SIZE, Slip, slips

_LIKE = str.maketrans("OoDQIl|ZSBbx*×＊", "00001112586XXXX")
"""Letters that stand where a digit was meant; a star at the end is an X."""
_LAST_YEAR = (
    "上年这个人填的号码，自身正确",
    "What the person's row held a year ago, right in itself",
)
_HEAD = (
    "户表里户主的号码，自身正确",
    "The number of the head on the household's sheet, right in itself",
)
_AMONG = "，与已知的出生日期、性别不矛盾"
_AMONG_EN = ", and nothing known of the person contradicts"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong number, what a disability card adds to it, and what it might be."""

    at: int
    row: int
    core: str
    rest: str
    might: dict[str, Slip]


def near_id(run: Run, asked: Asked) -> Answers:
    """Find the id that was meant: last year's, the head's, or the one a single slip
    away. Where several fit equally well none is named."""
    table, rows, field = asked.hits.table, asked.rows, asked.field
    texts = run.texts(table, field, rows)
    before = _last_year(run, table, field, rows)
    heads = _heads(run, table, field, rows)
    found: Answers = {}
    left: list[Wrong] = []
    people = zip(*known_of(run, table, rows), strict=True)
    each = zip(asked.at, rows.tolist(), texts, before, heads, people, strict=True)
    for at, row, text, earlier, head, (born, is_sex) in each:
        one = _known(run, text, earlier, head, born, is_sex)
        if one is not None:
            found[at] = one
        elif text and not is_check_ok(text):
            wrong = _wrong(run, at, row, text, born, is_sex)
            left += [wrong] if wrong.might else []
    near = _neighbours(run, table, field, [w.row for w in left if len(w.might) > 1])
    for wrong in left:
        best = _of_here(run, wrong, near.get(wrong.row, frozenset()))
        if best is not None and (not wrong.rest or disability_card.is_ok(best + wrong.rest)):
            zh, en = wrong.might[best].told()
            found[wrong.at] = Found(best + wrong.rest, (zh + _AMONG, en + _AMONG_EN))
    row_of = dict(zip(asked.at, rows.tolist(), strict=True))
    return {
        at: one for at, one in found.items() if not taken(run, table, field, row_of[at], one.value)
    }


def _known(
    run: Run,
    text: str | None,
    earlier: str | None,
    head: str | None,
    born: date | None,
    is_sex: str | None,
) -> Found | None:
    for other, why in ((earlier, _LAST_YEAR), (head, _HEAD)):
        if not other or other == text or len(other) not in (SIZE, *disability_card.LENGTHS):
            continue
        if sound(other, run.pack.as_of) and agrees(other, born, is_sex):
            return Found(other, why)
    return None


def _wrong(
    run: Run, at: int, row: int, text: str, born: date | None, is_sex: str | None
) -> Wrong:  # fmt: skip
    """Find the right numbers a slip away that fit the person."""
    core, rest = _parted(text.translate(_LIKE))
    day = f"{born:%Y%m%d}" if born else ""
    might: dict[str, Slip] = {}
    for slip in slips(core):
        number = slip.number
        fits = (not day or number[6:14] == day) and is_sex in (None, sex(number))
        if fits and living(number, run.pack.as_of):
            might.setdefault(number, slip)
    return Wrong(at, row, core, rest, might)


def _parted(text: str) -> tuple[str, str]:
    """Part the citizen number from what a disability card adds."""
    return (text[:SIZE], text[SIZE:]) if len(text) in disability_card.LENGTHS else (text, "")


def _of_here(run: Run, wrong: Wrong, near: frozenset[str]) -> str | None:
    """Return the one candidate; of several the one from the household's own place,
    unless the number as written names a place that the register knows.

    Args:
        near: First six characters of the ids of the others of the household.
    """
    numbers, region = list(wrong.might), wrong.core[:6]
    if len(numbers) > 1:
        moved = [n for n in numbers if n[:6] != region]
        if moved and (near or len(moved) < len(numbers)):
            if division.known(region) and (region in near or _borne(run, region)):
                numbers = [n for n in numbers if n[:6] == region] or numbers
            else:
                numbers = [n for n in moved if n[:6] in near] or numbers
    return numbers[0] if len(numbers) == 1 else None


def _borne(run: Run, region: str) -> bool:
    """Tell whether two people of the run have ids that begin with a region."""
    counts = run.kept.get(("regions",))
    if not isinstance(counts, Counter):
        counts = run.kept["regions",] = Counter()
        for table, data in run.dataset.tables.items():
            values = data.columns.get(run.pack.role(table, "id_number") or "")
            if run.pack.role(table, "head_relation") and isinstance(values, Coded):
                counts.update(map(itemgetter(slice(6)), values.texts.tolist()))
    return bool(counts[region] > 1)


def _neighbours(run: Run, table: str, field: str, rows: list[int]) -> dict[int, frozenset[str]]:
    """Return per row the regions of the right ids of its household's other rows."""
    data = run.dataset.tables[table]
    homes = data.columns.get(run.pack.role(table, "household_key") or "")
    if not rows or not isinstance(homes, Coded):
        return {}
    own = homes.codes[rows]
    wanted = np.zeros(len(homes.texts) + 1, dtype=bool)
    wanted[own[own >= 0]] = True
    wanted[-1] = False
    near = np.flatnonzero(wanted[homes.codes])
    regions: dict[int, dict[int, str]] = defaultdict(dict)
    texts = run.texts(table, field, near)
    for row, home, text in zip(near.tolist(), homes.codes[near].tolist(), texts, strict=True):
        if text and is_check_ok(text):
            regions[home][row] = text[:6]
    return {
        row: frozenset(place for other, place in regions[home].items() if other != row)
        for row, home in zip(rows, own.tolist(), strict=True)
    }


def _last_year(run: Run, table: str, field: str, rows: Rows) -> list[str | None]:
    """Return what the same person's number was a year ago, beside or in an own row."""
    beside = run.texts(table, LAST_YEAR + field, rows)
    data, pack = run.dataset.tables[table], run.pack
    key, year = pack.role(table, "person_key"), pack.role(table, "year")
    if not key or not year or key not in data.columns or year not in data.columns:
        return beside
    keys = data.columns[key]
    if not isinstance(keys, Coded):
        return beside
    wanted = np.zeros(len(keys.texts) + 1, dtype=bool)
    wanted[keys.codes[rows]] = True
    wanted[-1] = False
    same = np.flatnonzero(wanted[keys.codes])
    if len(same) <= len(rows):
        return beside
    people, years = keys.codes[same].tolist(), run.numbers(table, year, same)
    told = dict(zip(zip(people, years, strict=True), run.texts(table, field, same), strict=True))
    own = zip(beside, keys.codes[rows].tolist(), run.numbers(table, year, rows), strict=True)
    return [one or (told.get((who, when - 1)) if when else None) for one, who, when in own]


def _heads(run: Run, table: str, field: str, rows: Rows) -> list[str | None]:
    """Return for heads of households the number the household's sheet gives."""
    none: list[str | None] = [None] * len(rows)
    pack = run.pack
    if field != pack.role(table, "id_number"):
        return none
    for parent, data in run.dataset.tables.items():
        number, name = pack.role(parent, "head_id_number"), pack.role(parent, "head_name")
        key = pack.role(parent, "household_key")
        if parent != "household" or not number or number not in data.columns or not name or not key:
            continue
        every = np.arange(len(data), dtype=np.int64)
        own_keys = run.texts(table, pack.role(table, "household_key"), rows)
        names = run.texts(table, pack.role(table, "person_name"), rows)
        held = run.dataset.tables[parent].columns.get(key)
        wanted = {k for k in own_keys if k}
        if not isinstance(held, Coded) or not wanted:
            return none
        codes = [i for i, text in enumerate(held.texts.tolist()) if text in wanted]
        here = every[np.isin(held.codes, codes)]
        parts = (run.texts(parent, one, here) for one in (key, name, number))
        known = {(k, n): text for k, n, text in zip(*parts, strict=True) if k and n}
        return [
            known.get((k, n)) if k and n else None for k, n in zip(own_keys, names, strict=True)
        ]
    return none
