"""Findings as lines of a correction list, each with the slip that goes with it.

How much a list shows:
    staff   names in full; ids, phones and accounts masked, but for the very cell
            a line is about: nobody can find a wrong digit behind a mask.
    strict  masked there as well, for lists that pass through many hands.
    none    nothing masked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from fupin_audit.corrections.form import Slip, shown_field, value_digest
from fupin_audit.corrections.make.entry import entry_on
from fupin_audit.domain.characters import tidy
from fupin_audit.model.dataset import written
from fupin_audit.model.sheet import RawColumn, RawSheet, column_index
from fupin_audit.report.finding import blamed, findings
from fupin_audit.report.remarks import LIKELY, SURE, suggested, told, urgent
from fupin_audit.report.view import FindingView, View
from fupin_audit.report.words import SEVERITY, say
from fupin_audit.report.workbook.entry import NOWHERE, Entry

if TYPE_CHECKING:
    from fupin_audit.packs.shapes import Basis

Mask = Literal["staff", "strict", "none"]
MASKS: tuple[Mask, ...] = ("staff", "strict", "none")


class Line(NamedTuple):
    """One row: the texts of `form.GIVEN`, its slip, how its answer is typed."""

    texts: tuple[str, ...]
    slip: Slip
    entry: Entry


class Case(NamedTuple):
    """One finding and its lines.

    Attributes:
        household: Number of the household in the register, else of a row that has
            none: below zero, and its own.
    """

    mark: str
    rule: str
    title: str
    severity: str
    settle: str
    urgent: bool
    household: int
    place: tuple[str, str, str]
    lines: tuple[Line, ...]


class _Cells:
    """What stands in a cell, as it was read."""

    def __init__(self, view: View) -> None:
        self.sheets = [sheet.raw for sheet in view.result.dataset.sheets]
        self.columns: dict[tuple[int, str], tuple[RawColumn, dict[int, str]]] = {}

    def text(self, sheet: int, cell: str) -> str:
        letters = cell.rstrip("0123456789")
        if sheet < 0 or not letters or letters == cell:
            return ""
        known = self.columns.get((sheet, letters))
        if known is None:
            column = self.sheets[sheet].columns[column_index(letters)]
            known = self.columns[sheet, letters] = column, {}
        column, texts = known
        code = int(column.codes[int(cell[len(letters) :]) - 1])
        told = texts.get(code)
        if told is None:
            told = texts[code] = written(column.values[code])
        return told


class _Making(NamedTuple):
    view: View
    cells: _Cells
    strict: bool
    bases: dict[str, str]
    several: bool
    typed: dict[tuple[str, str, int | None, bool], tuple[str, Entry]]


def cases(view: View, mask: Mask) -> Iterator[Case]:
    """Yield the findings in the order of the view, whose `reveal` must agree with
    the mask."""
    rules = view.result.pack.rules
    making = _Making(
        view, _Cells(view), mask == "strict",
        {rule: _basis(rules[rule].basis) for rule in view.totals.by_rule},
        len({sheet.raw.file for sheet in view.result.dataset.sheets}) > 1, {},
    )  # fmt: skip
    homes = view.ordered.found.household.tolist()
    homeless: dict[tuple[int, int | None], int] = {}
    for one, home in zip(findings(view, named=True, lang="zh"), homes, strict=True):
        if home < 0:
            home = homeless.setdefault((one.source, one.row), -1 - len(homeless))
        yield Case(
            one.fingerprint, one.rule, one.title, one.severity, one.settle, urgent(one), home,
            one.place, tuple(_lines(making, one)),
        )  # fmt: skip


def _lines(making: _Making, one: FindingView) -> Iterator[Line]:
    _, township, village = one.place
    before = (
        one.number, township, village, one.household or "", one.head, one.name, one.person or "",
        one.title,
    )  # fmt: skip
    after = (SEVERITY[one.severity][0], one.rule, making.bases[one.rule])
    message = told(one, "zh") + _advised_elsewhere(one)
    for field, shown, cell, origin in blamed(one, "zh"):
        text = "" if one.about_sheet else making.cells.text(origin, cell)
        bare = text.strip()
        if bare and not making.strict:
            shown = bare  # a csv keeps an id whole with a tab
        proposed, why = _proposed(one, field if cell else "", making.strict)
        raw = making.cells.sheets[origin] if origin >= 0 else None
        slip = Slip(
            one.fingerprint, field, raw.file if raw else one.file, (raw.name if raw else "") or "",
            cell, one.table, value_digest(making.view.key, bare),
        )  # fmt: skip
        name, entry = _typed(making, one, field, cell, origin)
        where = _where(making, one, raw, cell)
        texts = (*before, message + why, name, shown, proposed, *after, where)
        yield Line(texts, slip, entry)


def _typed(
    making: _Making, one: FindingView, field: str, cell: str, origin: int
) -> tuple[str, Entry]:
    """Return what the list calls a field, and how its answer is typed."""
    key = one.table, field, origin if cell else None, one.about_sheet
    known = making.typed.get(key)
    if known is None:
        name = shown_field(field, _opposite(making, one.table, field, origin) if cell else "")
        single = bool(cell) and not one.about_sheet
        entry = (
            entry_on(making.view, one.table, field, origin)
            if single
            else Entry(field, type=NOWHERE)
        )
        known = making.typed[key] = name, entry._replace(field=name)
    return known


def _opposite(making: _Making, table: str, field: str, origin: int) -> str:
    """Return the header of a column that asks the opposite of its field; empty else."""
    match = making.view.result.dataset.sheets[origin].matches.get((table, field))
    return tidy(match.header) if match and match.inverted else ""


def _proposed(one: FindingView, field: str, strict: bool) -> tuple[str, str]:
    """Return the value suggested for a field's own cell, and why."""
    found = one.suggestion
    if found is None or found.field != field:
        return "", ""
    sure = say(SURE if found.confidence == "safe" else LIKELY, "zh")
    return found.value if strict else found.raw, f"（建议值{sure}：{found.why}。）"


def _advised_elsewhere(one: FindingView) -> str:
    """Tell in words what is suggested for a field that has no line."""
    found = one.suggestion
    if found is None or found.field in one.fields:
        return ""
    return f"（{suggested(one, 'zh', f'{found.field} ')}）"


def _where(making: _Making, one: FindingView, raw: RawSheet | None, cell: str) -> str:
    """Return where a cell is, in words."""
    if raw is None:
        return one.file
    file = raw.file if making.several or not raw.name else ""
    spot = cell or (f"第{one.row}行" if one.row else "")
    return " ".join(part for part in (file, raw.name or "", spot) if part)


def _basis(basis: tuple[Basis, ...]) -> str:
    """Name the first document."""
    if not basis:
        return ""
    weak = "（依据待核实）" if basis[0].confidence == "weak" else ""
    return basis[0].document + weak + (f" 等 {len(basis)} 件" if len(basis) > 1 else "")
