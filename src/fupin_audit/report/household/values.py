"""Values of a household's rows as texts: masked, dates and months spelt out."""

from __future__ import annotations

from dataclasses import dataclass

from fupin_audit.model.dataset import LAST_YEAR, Dataset
from fupin_audit.model.dossier import Spot
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.report.cells import SourceCells
from fupin_audit.report.masking import Masker
from fupin_audit.report.register import Texts, texts_of

UNREADABLE = "读不出"
_YEAR_ALONE = 9999
_MONTHS = ("month", "period")


@dataclass(frozen=True, slots=True)
class Shown:
    """A value to show; `text` is empty where the cell is blank. `void`: there is a
    cell, but what stands in it cannot be read."""

    text: str
    void: bool = False


class Values:
    """Looks values up once per column."""

    def __init__(self, dataset: Dataset, pack: ResolvedPack, mask: Masker) -> None:
        self.dataset, self.pack, self.mask = dataset, pack, mask
        self.cells = SourceCells(dataset)
        self._columns: dict[tuple[str, str], Texts | None] = {}

    def has(self, table: str, field: str) -> bool:
        """Does any sheet of the run carry the field?"""
        return table in self.dataset.tables and self._column(table, field) is not None

    def show(self, table: str, row: int, field: str) -> Shown:
        column = self._column(table, field) if table in self.dataset.tables else None
        if column is None:
            return Shown("")
        data = self.dataset.tables[table]
        void, lacking = data.void.get(field), data.lacking.get(field)
        if void is not None and void[row] and not (lacking is not None and lacking[row]):
            return Shown(UNREADABLE, True)
        text = column[row]
        return Shown(self.mask(table, field, text) if text else "")

    def as_read(self, spot: Spot) -> tuple[str, str]:
        """Return (address, text as it stands in the file, masked)."""
        _, address, raw = self.cells.find(spot.table, spot.row, spot.field)
        text = (raw or "").strip()
        return address, self.mask(spot.table, spot.field, text) if text else ""

    def _column(self, table: str, field: str) -> Texts | None:
        key = (table, field)
        if key not in self._columns:
            found = texts_of(self.dataset.tables[table], field)
            spec = self.pack.tables[table].fields.get(field.removeprefix(LAST_YEAR))
            if found is not None and spec is not None and spec.type in _MONTHS:
                found = Texts(found.codes, [_month(text) for text in found.values])
            self._columns[key] = found
        return self._columns[key]


def _month(text: str) -> str:
    if not text.isdecimal() or int(text) <= _YEAR_ALONE:
        return text
    return f"{text[:4]}-{text[4:]}"


def yuan(amount: float | None) -> str:
    """Return an amount as a form shows it; empty where it is not known."""
    if amount is None or amount != amount:
        return ""
    text = f"{amount:,.2f}".removesuffix(".00")
    return "0" if text == "-0" else text
