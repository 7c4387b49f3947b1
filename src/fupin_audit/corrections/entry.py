"""How a corrected value is typed: by the field, in the unit of the township's column."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fupin_audit.model.dataset import LAST_YEAR
from fupin_audit.report.masking import find_field
from fupin_audit.report.workbook.entry import Entry, entry_of

if TYPE_CHECKING:
    from fupin_audit.report.view import View


def entries(view: View) -> Callable[[str, str, int], Entry]:
    """Return what tells how a field of a table is typed on a sheet."""
    known: dict[tuple[str, str, int], Entry] = {}
    pack, sheets = view.result.pack, view.result.dataset.sheets

    def entry(table: str, name: str, sheet: int) -> Entry:
        key = table, name, sheet
        if key not in known:
            field = find_field(pack, table, name) if name else None
            unit = ""
            if field is not None and sheet >= 0:
                bare = name.removeprefix(LAST_YEAR)
                kept = sheets[sheet].last_year if bare != name else sheets[sheet].matches
                match = kept.get((table, bare))
                unit = (match.unit if match else None) or field.unit or ""
            known[key] = entry_of(name, field, unit)
        return known[key]

    return entry
