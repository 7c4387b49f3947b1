"""How a corrected value is typed: by the field, in the unit of the township's column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fupin_audit.model.dataset import LAST_YEAR
from fupin_audit.report.masking import find_field
from fupin_audit.report.workbook.entry import Entry, entry_of

if TYPE_CHECKING:
    from fupin_audit.report.view import View


def entry_on(view: View, table: str, name: str, sheet: int) -> Entry:
    """Return how a field of a table is typed on a sheet."""
    field = find_field(view.result.pack, table, name) if name else None
    unit = ""
    if field is not None and sheet >= 0:
        one = view.result.dataset.sheets[sheet]
        bare = name.removeprefix(LAST_YEAR)
        match = (one.last_year if bare != name else one.matches).get((table, bare))
        unit = (match.unit if match else None) or field.unit or ""
    return entry_of(name, field, unit)
