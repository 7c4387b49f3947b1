"""A result as people will see it: ordered, counted, masked. Built once.

The view keeps columns, not objects: findings are made one at a time while a
report is written, so that a million of them need no more room than ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fupin_audit.model.findings import RuleHits
from fupin_audit.model.run import CheckResult
from fupin_audit.report.cells import SourceCells
from fupin_audit.report.masking import Policy
from fupin_audit.report.register import Ints, Place, Register, register
from fupin_audit.report.totals import Found, Totals, places_of, townships_of, worst_of
from fupin_audit.report.words import SEVERITIES, Lang

_WORST = 50
NOWHERE: Place = ("", "", "")


class FindingView(NamedTuple):
    """One finding, ready to be shown.

    Attributes:
        household, person: Keys as cleaned; None where there is none.
        head, name: Name of the head, of the person; masked as the policy asks.
        row: The number Excel shows; None for a finding about a whole sheet.
        fields: Blamed fields, most suspect first.
        cells: Address per field, empty where the sheet has no such cell; for a
            sheet finding the addresses it names.
        origins: Per cell, index into `Dataset.sheets`: a household's fields may
            stand on another sheet than its row.
        values: Text as read per field, None where blank; masked.
        source: Index into `Dataset.sheets`, −1 if the finding has no sheet.
        about_sheet: It is about a sheet or a place in it, not about a record.
    """

    fingerprint: str
    rule: str
    severity: str
    title: str
    table: str
    file: str
    sheet: str | None
    row: int | None
    cells: tuple[str, ...]
    origins: tuple[int, ...]
    household: str | None
    person: str | None
    place: Place
    head: str
    name: str
    fields: tuple[str, ...]
    values: tuple[str | None, ...]
    message: str
    advice: str
    source: int
    about_sheet: bool = False

    @property
    def number(self) -> str:
        """疑点编号: the start of the fingerprint, enough to tell findings apart."""
        return self.fingerprint[:12]


@dataclass(slots=True)
class Ordered:
    """All findings as columns, in the order of the lists."""

    hits: list[RuleHits]
    which: Ints
    at: Ints
    found: Found


@dataclass
class View:
    """What every report is made from.

    Attributes:
        key: Secret of the project's ledger; fingerprints depend on it.
        minimum: Least severity shown.
    """

    result: CheckResult
    reveal: bool
    lang: Lang
    key: bytes
    minimum: str
    who: Register
    cells: SourceCells
    ordered: Ordered
    totals: Totals

    def __len__(self) -> int:
        return len(self.ordered.which)

    def policy(self, *, named: bool) -> Policy:
        """Return how much a report may show; lists for staff name people."""
        return "open" if self.reveal else "named" if named else "masked"


def view(
    result: CheckResult,
    *,
    reveal: bool = False,
    lang: Lang = "zh",
    key: bytes = b"",
    minimum: str = "info",
) -> View:
    """Order and count a result's findings.

    Args:
        key: At most 64 bytes; the same key gives the same fingerprints.
        minimum: `error`, `warning` or `info`; less severe findings are left out.
    """
    who = register(result.dataset, result.pack)
    least = SEVERITIES.index(minimum)
    hits = [
        h for h in result.findings.hits if len(h) and SEVERITIES.index(h.severity) <= least
    ]  # fmt: skip
    ordered = _order(result, hits, who)
    made = View(
        result, reveal, lang, key[:64], minimum, who, SourceCells(result.dataset), ordered, Totals()
    )
    _count(made)
    return made


def place_label(view: View) -> str:
    """Return what to call the division: its name, or the one county the rows name."""
    region = view.result.region
    counties = {place[0] for place in view.who.places if place[0]}
    name = region.name or (counties.pop() if len(counties) == 1 else "")
    if name and region.code:
        return f"{name}（{region.code}）"
    return name or region.code or ("地区未定" if view.lang == "zh" else "region unknown")


class _Columns(NamedTuple):
    sheet: Ints
    row: Ints
    household: Ints
    place: Ints


def sheet_rank(result: CheckResult) -> list[int]:
    """Return per sheet its place in the lists: by file, then as in the file."""
    sheets = result.dataset.sheets
    order = sorted(range(len(sheets)), key=lambda i: (sheets[i].raw.file, i))
    rank = [0] * len(sheets)
    for place, i in enumerate(order):
        rank[i] = place
    return rank


def _order(result: CheckResult, hits: list[RuleHits], who: Register) -> Ordered:
    rank = np.array([*sheet_rank(result), -1], dtype=np.int64)
    parts = [_columns(result, h, who) for h in hits] or [_Columns(*[np.zeros(0, np.int64)] * 4)]
    sheet, row, household, place = (np.concatenate(column) for column in zip(*parts, strict=True))
    sizes = [len(h) for h in hits]
    rules = sorted({h.rule for h in hits})
    which = np.repeat(np.arange(len(hits), dtype=np.int64), sizes)
    at = np.concatenate([np.arange(n, dtype=np.int64) for n in sizes] or [np.zeros(0, np.int64)])
    severity = np.array([SEVERITIES.index(h.severity) for h in hits], dtype=np.int8)[which]
    rule = np.array([rules.index(h.rule) for h in hits], dtype=np.int64)[which]
    order = np.lexsort((at, which, rule, row, rank[sheet], severity))
    found = Found(severity[order], household[order], place[order])
    return Ordered(hits, which[order], at[order], found)


def _columns(result: CheckResult, hits: RuleHits, who: Register) -> _Columns:
    none = np.full(len(hits), -1, dtype=np.int64)
    if hits.sheet is not None:
        rows = [_top(cells) for cells in hits.cells or [[]] * len(hits)]
        return _Columns(np.array(hits.sheet, dtype=np.int64), np.array(rows), none, none)
    data, subjects = result.dataset.tables[hits.table], who.tables[hits.table]
    return _Columns(
        data.sheet[hits.rows].astype(np.int64), data.raw_row[hits.rows],
        subjects.household[hits.rows], subjects.place[hits.rows],
    )  # fmt: skip


def _top(cells: list[str]) -> int:
    """Return the zero-based row of the first address, −1 without one."""
    digits = cells[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$").partition(":")[0] if cells else ""
    return int(digits) - 1 if digits.isdecimal() else -1


def _count(made: View) -> None:
    totals, found, who = made.totals, made.ordered.found, made.who
    tables = made.result.dataset.tables
    totals.households = who.known
    totals.members = _members(made)
    totals.findings = len(made)
    totals.concerned = len(np.unique(found.household[found.household >= 0]))
    by_rank = np.bincount(found.severity, minlength=len(SEVERITIES))
    totals.by_severity = {name: int(by_rank[i]) for i, name in enumerate(SEVERITIES)}
    for hits in made.ordered.hits:
        totals.by_rule[hits.rule] = totals.by_rule.get(hits.rule, 0) + len(hits)
    totals.by_item = _by_item(made)
    homes = np.array([who.home.get(i, -1) for i in range(len(who.households))], dtype=np.int64)
    if tables:
        totals.by_village = places_of(found, who, homes)
        totals.by_township = townships_of(totals.by_village)
    totals.worst = worst_of(found, who, _WORST)


def _members(made: View) -> int:
    pack, tables = made.result.pack, made.result.dataset.tables
    persons = [name for name in tables if pack.role(name, "head_relation")]
    return sum(len(tables[name]) for name in persons)


def _by_item(made: View) -> dict[int, tuple[int, int, int]]:
    counts = {item: [0, 0, 0] for item in range(1, 11)}
    for hits in made.ordered.hits:
        item = made.result.pack.rules[hits.rule].audit_item
        counts.setdefault(item, [0, 0, 0])[SEVERITIES.index(hits.severity)] += len(hits)
    return {item: (e, w, i) for item, (e, w, i) in sorted(counts.items())}
