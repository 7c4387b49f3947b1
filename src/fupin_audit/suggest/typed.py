"""A value as a clerk would type it into the column it belongs to: in the column's unit,
and the other way round where the header asks the opposite."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from fupin_audit.model.dataset import LAST_YEAR
from fupin_audit.model.recognised import Match
from fupin_audit.suggest.asked import Run

_OPPOSITE = {"是": "否", "否": "是"}
_NUMBERS = ("number", "integer", "money")


def typed(run: Run, table: str, row: int, field: str, value: str) -> str | None:
    """Return the text for the cell of a field; None if it cannot be said there."""
    match = _match(run, table, row, field)
    if match is None:
        return value
    if match.inverted:
        return _OPPOSITE.get(value)
    spec = run.pack.tables[table].fields.get(field.removeprefix(LAST_YEAR))
    if match.factor == 1.0 or spec is None or spec.type not in _NUMBERS:
        return value
    try:
        told = Decimal(value) / Decimal(repr(match.factor))
    except InvalidOperation:
        return value
    return f"{told:f}".rstrip("0").rstrip(".") if told % 1 else f"{told:.0f}"


def _match(run: Run, table: str, row: int, field: str) -> Match | None:
    sheet, _ = run.dataset.tables[table].origin(row, field)
    recognised = run.dataset.sheets[sheet]
    if field.startswith(LAST_YEAR):
        return recognised.last_year.get((table, field.removeprefix(LAST_YEAR)))
    return recognised.matches.get((table, field))
