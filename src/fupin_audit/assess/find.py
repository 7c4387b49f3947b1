"""Whom somebody means: a household or a person, by number, id or name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fupin_audit.domain.citizen_id import is_check_ok
from fupin_audit.errors import UsageError
from fupin_audit.evaluate.context import Context
from fupin_audit.model.dossier import Rows

HOUSEHOLD = "household"
_ROLES = (
    ("household_key",), ("person_key",), ("id_number", "head_id_number"),
    ("person_name", "head_name"),
)  # fmt: skip
"""What a word may be, in the order in which it is tried."""
_NAMED = 8
_PERSON_ROLES = ("person_key", "id_number", "person_name")
_ID_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Found:
    """One household: its rows per table, its row in the household table (of
    several years the latest, −1 for none), and the person asked for."""

    rows: dict[str, Rows]
    main: int
    person_table: str = ""
    person: int = -1


@dataclass(frozen=True, slots=True)
class _Hit:
    table: str
    row: int
    household: str
    person: bool


def find(ctx: Context, asked: str) -> Found:
    """Find the one household or person a word means.

    Args:
        asked: 户编号, 人口编号, 证件号码 (of a disability card the first 18
            characters are enough) or a name.

    Raises:
        UsageError: Nobody, or several households. What was asked is not
            repeated: it may be an id.
    """
    word = unicodedata.normalize("NFKC", asked).strip().upper()
    for roles in _ROLES:
        hits = [hit for role in roles for hit in _search(ctx, role, word)]
        homes = list(dict.fromkeys(h.household for h in hits if h.household))
        if len(homes) > 1:
            raise UsageError(
                f"有 {len(homes)} 户相符，不知道要看哪一户",
                hint=f"请用户编号指明：{_listed(homes)}",
            )
        if hits:
            return _gathered(ctx, hits, homes[0] if homes else "")
    raise UsageError(
        "没有找到这一户或这个人",
        hint="可以给户编号、人口编号、证件号码或姓名；检查是否在这些文件里",
    )


def _listed(homes: list[str]) -> str:
    shown = [h if not (len(h) == _ID_DIGITS and is_check_ok(h)) else "……" for h in homes[:_NAMED]]
    return "、".join(shown) + (f" 等 {len(homes)} 户" if len(homes) > _NAMED else "")


def _search(ctx: Context, role: str, word: str) -> Iterator[_Hit]:
    for table in ctx.tables:
        name = ctx.pack.role(table, role)
        if name is None or not ctx.available(table, name):
            continue
        column = ctx.field_column(table, name)
        texts = [] if column.texts is None else column.texts.tolist()
        same = [i for i, text in enumerate(texts) if _matches(str(text), word, role)]
        keys = _keys(ctx, table)
        for row in np.flatnonzero(column.known & np.isin(column.data, same)).tolist():
            person = role in _PERSON_ROLES and ctx.pack.role(table, "head_relation") is not None
            yield _Hit(table, row, keys[row] if keys else "", person)


def _matches(text: str, word: str, role: str) -> bool:
    text = text.strip().upper()
    whole = text[:_ID_DIGITS] if "id_number" in role and len(word) == _ID_DIGITS else text
    return bool(word) and whole == word


def _keys(ctx: Context, table: str) -> list[str]:
    """Return the household's number per row, empty where there is none."""
    name = ctx.pack.role(table, "household_key")
    if name is None or not ctx.available(table, name):
        return []
    column = ctx.field_column(table, name)
    assert column.texts is not None
    texts = column.texts.tolist()
    pairs = zip(column.data.tolist(), column.known.tolist(), strict=True)
    return [str(texts[code]).strip() if known else "" for code, known in pairs]


def _gathered(ctx: Context, hits: list[_Hit], key: str) -> Found:
    person = next((h for h in reversed(hits) if h.person), None)
    rows: dict[str, Rows] = {}
    for table in ctx.tables:
        keys = _keys(ctx, table) if key else []
        own = [row for row, one in enumerate(keys) if one == key]
        own += [h.row for h in hits if h.table == table and h.row not in own]
        rows[table] = np.array(sorted(own), dtype=np.int64)
    homes = rows.get(HOUSEHOLD, np.zeros(0, np.int64))
    for table in ctx.tables:
        hung = ctx.link(table, HOUSEHOLD) if table != HOUSEHOLD and len(homes) else None
        if hung is not None:
            rows[table] = np.union1d(rows[table], np.flatnonzero(np.isin(hung.up, homes)))
    return Found(
        {table: found for table, found in rows.items() if len(found)},
        _latest(ctx, homes), person.table if person else "", person.row if person else -1,
    )  # fmt: skip


def _latest(ctx: Context, rows: Rows) -> int:
    year = ctx.pack.role(HOUSEHOLD, "year")
    if not len(rows):
        return -1
    if year is None or not ctx.available(HOUSEHOLD, year):
        return int(rows[0])
    column = ctx.field_column(HOUSEHOLD, year)
    years = np.where(column.known, column.data, -1)[rows]
    return int(rows[int(np.argmax(years))])
