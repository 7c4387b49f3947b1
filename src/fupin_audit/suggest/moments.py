"""Days that were written with a slip."""

from __future__ import annotations

import re
from datetime import date

from fupin_audit.domain.dates import real_days
from fupin_audit.model.dataset import written
from fupin_audit.suggest.asked import Answers, Asked, Found, Run

_PARTS = re.compile(r"(\d{3,4})[-./年 ]?(\d{1,2})[-./月 ]?(\d{1,2})日?|(\d{4})[-./年]?(\d{2})月?")
_TURNED = ("月和日对调后才是日期", "A day once month and day change places")
_CENTURY = ("年份前两位像是写错", "The first two digits of the year look wrong")
_LETTER = ("把形近的字母改成数字后才是日期", "A day once letters are read as digits")
_DAYS = ("date", "month", "period")
_OLDEST = 120
_LIKE = str.maketrans("OoIl", "0011")


def slipped_date(run: Run, asked: Asked) -> Answers:
    """Read days that cannot be read: month and day changed places, a year of which
    the century is wrong. Where several readings are possible there is none."""
    pack, table = run.pack, asked.hits.table
    found: Answers = {}
    for at, row in zip(asked.at, asked.rows.tolist(), strict=True):
        field = asked.field_of(at)
        spec = pack.tables[table].fields.get(field)
        if spec is None or spec.type not in _DAYS:
            continue
        raw = written(run.dataset.raw_value(table, row, field)).strip()
        readings = {
            (day, why): None
            for day, why in _readings(raw, spec.type)
            if date(pack.as_of.year - _OLDEST, 1, 1) <= day <= pack.as_of
        }
        days = {day for day, _ in readings}
        if len(days) == 1:
            (day, why), *_ = readings
            told = day.isoformat() if spec.type == "date" else f"{day:%Y-%m}"
            found[at] = Found(told, why)
    return found


def _readings(text: str, kind: str) -> list[tuple[date, tuple[str, str]]]:
    plain = text.translate(_LIKE)
    parts = _PARTS.fullmatch(plain)
    if not parts:
        return []
    year, month, day = (
        int(g) if g else 0 for g in (parts[1] or parts[4], parts[2] or parts[5], parts[3])
    )
    if (kind == "date") != bool(day):
        return []
    day = day or 1
    made: list[tuple[date, tuple[str, str]]] = []
    if plain != text:
        made += [(one, _LETTER) for one in _real(year, month, day)]
    if kind == "date" and month > 12:
        made += [(one, _TURNED) for one in _real(year, day, month)]
    if not 1900 <= year <= 2199:
        for century in (19, 20):
            made += [(one, _CENTURY) for one in _real(century * 100 + year % 100, month, day)]
    return made


def _real(year: int, month: int, day: int) -> list[date]:
    found = real_days(year, month, day) if year > 0 else None
    return [found] if found else []
