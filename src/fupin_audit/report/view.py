"""A result as people will see it: ordered, counted, masked. Built once.

The view keeps columns, not objects: findings are made one at a time while a
report is written, so that a million of them need no more room than ten.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fupin_audit.model.run import CheckResult, Region
from fupin_audit.report.cells import SourceCells
from fupin_audit.report.masking import Policy
from fupin_audit.report.order import Ordered, order
from fupin_audit.report.prints import Ground
from fupin_audit.report.register import Place, Register, register
from fupin_audit.report.totals import (
    Totals,
    at_stake_of,
    places_of,
    settled_by,
    townships_of,
    worst_of,
)
from fupin_audit.report.words import SEVERITIES, Lang

_WORST = 50
NOWHERE: Place = ("", "", "")


class StakeView(NamedTuple):
    """What hangs on a doubtful income: see `model.findings.Stake`. None is not
    known."""

    label: tuple[str, str]
    line: float | None
    per_head: float | None
    doubt: float | None
    flips: bool | None


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """What a cell might rightly hold.

    Attributes:
        value: Masked as the cell's field asks under the policy of the list.
        confidence: `safe` or `unsafe`; see `model.suggestion.Confidence`.
        why: In the language of the list.
        raw: The value itself, for whoever writes it into that very field's cell.
    """

    field: str
    value: str
    confidence: str
    why: str
    raw: str = dataclasses.field(repr=False)


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
        settle: `desk`, `phone` or `visit`, the least that settles it.
        stake: What hangs on it, for findings that put income in doubt.
        because_of: Fingerprint of the finding it follows from.
        shared: The field whose cell the two share; empty where the rules say
            that one follows from the other.
        state: State in the ledger; None without one.
        suggestion: A candidate for the right value, where there is one.
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
    settle: str = "desk"
    stake: StakeView | None = None
    because_of: str | None = None
    shared: str = ""
    state: str | None = None
    suggestion: SuggestionView | None = None

    @property
    def number(self) -> str:
        """疑点编号: the start of the fingerprint, enough to tell findings apart."""
        return self.fingerprint[:12]


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
    ground: Ground | None = None,
) -> View:
    """Order and count a result's findings.

    Args:
        key: At most 64 bytes; the same key gives the same fingerprints.
        minimum: `error`, `warning` or `info`; less severe findings are left out.
        ground: What is known already of who is in the dataset, and its cells.
    """
    who = ground.who if ground else register(result.dataset, result.pack)
    least = SEVERITIES.index(minimum)
    hits = [
        h for h in result.findings.hits if len(h) and SEVERITIES.index(h.severity) <= least
    ]  # fmt: skip
    ordered = order(result, hits, who)
    cells = ground.cells if ground else SourceCells(result.dataset)
    made = View(result, reveal, lang, key[:64], minimum, who, cells, ordered, Totals())
    _count(made)
    return made


def place_label(view: View) -> str:
    """Return what to call the division: its name, or the one county the rows name."""
    return place_name(view.result.region, view.who, view.lang)


def place_name(region: Region, who: Register, lang: Lang = "zh") -> str:
    """Return what to call a run's division."""
    counties = {place[0] for place in who.places if place[0]}
    name = region.name or (counties.pop() if len(counties) == 1 else "")
    if name and region.code:
        return f"{name}（{region.code}）"
    return name or region.code or ("地区未定" if lang == "zh" else "region unknown")


def _count(made: View) -> None:
    totals, found, who = made.totals, made.ordered.found, made.who
    tables = made.result.dataset.tables
    totals.households = who.known
    totals.members = _members(made)
    totals.findings = len(made)
    totals.concerned = len(np.unique(found.household[found.household >= 0]))
    most = settled_by(found, len(who.households))
    totals.settle = (int((most == 0).sum()), int((most == 1).sum()), int((most == 2).sum()))
    totals.at_stake = at_stake_of(found, who, made.ordered.hits)
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
