"""The order of the lists: whom to ask first, and in which order to go from house
to house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fupin_audit.model.findings import RuleHits
from fupin_audit.model.run import CheckResult
from fupin_audit.report.register import Ints, Register
from fupin_audit.report.totals import Found
from fupin_audit.report.triage import Triage, triage
from fupin_audit.report.words import SEVERITIES


@dataclass(slots=True)
class Ordered:
    """All findings as columns, in the order of the lists.

    `number` is each finding's number in `triage`, whose columns are not sorted.
    """

    hits: list[RuleHits]
    which: Ints
    at: Ints
    found: Found
    number: Ints
    triage: Triage


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


def order(result: CheckResult, hits: list[RuleHits], who: Register) -> Ordered:
    """Sort for the people who work through the lists.

    Households whose judgement hangs on a doubtful income come first, then what
    is wrong with whole sheets, then village by village: in each the households
    that papers settle, those to be called, those to be visited. A household's
    findings stand together, case by case, the root of each case first. What is
    merely noted about sheets comes last.
    """
    rank = np.array([*sheet_rank(result), -1], dtype=np.int64)
    parts = [_columns(result, h, who) for h in hits] or [_Columns(*[np.zeros(0, np.int64)] * 4)]
    sheet, row, household, place = (np.concatenate(column) for column in zip(*parts, strict=True))
    sizes = [len(h) for h in hits]
    rules = sorted({h.rule for h in hits})
    which = np.repeat(np.arange(len(hits), dtype=np.int64), sizes)
    at = np.concatenate([np.arange(n, dtype=np.int64) for n in sizes] or [np.zeros(0, np.int64)])
    severity = np.array([SEVERITIES.index(h.severity) for h in hits], dtype=np.int8)[which]
    rule = np.array([rules.index(h.rule) for h in hits], dtype=np.int64)[which]
    cases = triage(result, hits, who)
    root = cases.root
    own = np.flatnonzero(household < 0)
    group = household.copy()  # a row of no household is a group of its own
    group[own] = len(who.households) + sheet[own] * (int(row.max(initial=0)) + 2) + row[own] + 1
    keys = (
        cases.rank, root, rule[root], row[root], rank[sheet[root]],
        _least(severity, root)[root], group, _most(cases.settle, group), _as_met(who)[place],
        _part(place, severity), ~_most(cases.stakes, group),
    )  # fmt: skip
    now = np.lexsort(keys)
    found = Found(
        severity[now], household[now], place[now], cases.settle[now], cases.stakes[now]
    )  # fmt: skip
    return Ordered(hits, which[now], at[now], found, now, cases)


def _part(place: Ints, severity: npt.NDArray[np.int8]) -> Ints:
    """Return 0 for what is wrong with a sheet, 1 for records, 2 for notes on sheets."""
    noted = severity == SEVERITIES.index("info")
    return np.where(place >= 0, 1, np.where(noted, 2, 0)).astype(np.int64)


def _least(value: npt.NDArray[np.int8], group: Ints) -> npt.NDArray[np.int8]:
    """Return the least value of every group."""
    least = np.full(len(value), np.iinfo(np.int8).max, dtype=np.int8)
    np.minimum.at(least, group, value)
    return least


def _most(value: npt.NDArray[Any], group: Ints) -> npt.NDArray[Any]:
    """Return the greatest value of each one's group, of groups numbered anyhow."""
    numbers, which = np.unique(group, return_inverse=True)
    most = np.zeros(len(numbers), dtype=value.dtype)
    np.maximum.at(most, which, value)
    return np.asarray(most[which])


def _as_met(who: Register) -> Ints:
    """Return per place its rank: counties, townships and villages as the registers
    first name them; the last stands for no place."""
    met: dict[tuple[str, ...], int] = {}
    for place in who.places:
        for depth in range(1, 4):
            met.setdefault(place[:depth], len(met))
    order = sorted(
        range(len(who.places)), key=lambda i: [met[who.places[i][:d]] for d in range(1, 4)]
    )
    rank = np.full(len(who.places) + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


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
