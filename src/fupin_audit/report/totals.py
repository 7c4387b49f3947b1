"""The counts a report opens with: by severity, rule, place, audit item, household."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fupin_audit.model.findings import RuleHits
from fupin_audit.report.masking import mask_register
from fupin_audit.report.register import Ints, Place, Register
from fupin_audit.report.triage import SETTLE
from fupin_audit.report.words import SEVERITIES

Counts = tuple[int, int, int]
"""Errors, warnings, infos."""


@dataclass(frozen=True, slots=True)
class PlaceTotal:
    """One village or township.

    Attributes:
        concerned: Households with at least one finding.
        settle: Of these: those papers settle, those to be called, those to be
            visited. Each counts once, by what takes most.
    """

    place: Place
    counts: Counts
    concerned: int
    households: int
    settle: Counts = (0, 0, 0)

    @property
    def findings(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class HouseholdTotal:
    """One household and how much was found on it."""

    household: str
    head: str
    place: Place
    counts: Counts

    @property
    def findings(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class AtStake:
    """A household whose judgement hangs on a doubtful income: its income per head
    as it stands, the line, and the largest amount in doubt."""

    of: HouseholdTotal
    label: tuple[str, str]
    per_head: float
    line: float
    doubt: float


@dataclass(slots=True)
class Totals:
    """`concerned` counts the households with at least one finding."""

    households: int = 0
    members: int = 0
    findings: int = 0
    concerned: int = 0
    by_severity: dict[str, int] = field(default_factory=dict)
    by_rule: dict[str, int] = field(default_factory=dict)
    by_item: dict[int, Counts] = field(default_factory=dict)
    by_village: list[PlaceTotal] = field(default_factory=list)
    by_township: list[PlaceTotal] = field(default_factory=list)
    worst: list[HouseholdTotal] = field(default_factory=list)
    settle: Counts = (0, 0, 0)
    at_stake: list[AtStake] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """Per finding: severity rank, household and place number (−1 for none), what
    settles it (index into `triage.SETTLE`), and does a judgement hang on it."""

    severity: npt.NDArray[np.int8]
    household: Ints
    place: Ints
    settle: npt.NDArray[np.int8]
    stakes: npt.NDArray[np.bool_]


def places_of(found: Found, who: Register, populated: Ints) -> list[PlaceTotal]:
    """Count per village, those without any finding included.

    Args:
        populated: Place number of every household known.
    """
    counts = _tally(found.place, found.severity, len(who.places))
    pairs = np.unique(np.stack([found.place, found.household], axis=1), axis=0)
    pairs = pairs[(pairs[:, 0] >= 0) & (pairs[:, 1] >= 0)]
    concerned = np.bincount(pairs[:, 0], minlength=len(who.places))
    work = _work(found, who)
    living = np.bincount(populated[populated >= 0], minlength=len(who.places))
    return [
        PlaceTotal(place, _counts(counts[i]), int(concerned[i]), int(living[i]), _counts(work[i]))
        for i, place in enumerate(who.places)
        if counts[i].any() or living[i]
    ]


def _work(found: Found, who: Register) -> Ints:
    """Return per place how many households papers settle, a call, a visit."""
    most = settled_by(found, len(who.households))
    home = np.array([who.home.get(i, -1) for i in range(len(most))], dtype=np.int64)
    kept = (most >= 0) & (home >= 0)
    mixed = home[kept] * len(SETTLE) + most[kept]
    counted = np.bincount(mixed, minlength=len(who.places) * len(SETTLE))
    return counted.reshape(len(who.places), len(SETTLE)).astype(np.int64)


def settled_by(found: Found, households: int) -> npt.NDArray[np.int8]:
    """Return per household what settles all its findings, −1 where there is none."""
    most = np.full(households, -1, dtype=np.int8)
    kept = found.household >= 0
    np.maximum.at(most, found.household[kept], found.settle[kept])
    return most


def townships_of(villages: list[PlaceTotal]) -> list[PlaceTotal]:
    """Add up the villages of each township, most findings first."""
    sums: dict[tuple[str, str], list[int]] = {}
    for village in villages:
        total = sums.setdefault(village.place[:2], [0] * 8)
        parts = (*village.counts, village.concerned, village.households, *village.settle)
        for i, count in enumerate(parts):
            total[i] += count
    made = [
        PlaceTotal((county, township, ""), (e, w, i), concerned, households, (desk, phone, visit))
        for (county, township), (e, w, i, concerned, households, desk, phone, visit) in sums.items()
    ]
    return sorted(made, key=lambda one: (-one.findings, one.place))


def by_place(totals: Totals) -> tuple[bool, list[PlaceTotal]]:
    """Return (are they townships, the places to compare): the townships, or where
    there is but one the villages, most findings first."""
    if len(totals.by_township) > 1:
        return True, totals.by_township
    return False, sorted(totals.by_village, key=lambda one: (-one.findings, one.place))


def worst_of(found: Found, who: Register, limit: int) -> list[HouseholdTotal]:
    """Return the households with most errors, then most findings."""
    counts = _tally(found.household, found.severity, len(who.households))
    weight = np.lexsort((np.arange(len(counts)), -counts.sum(axis=1), -counts[:, 0]))
    first = [i for i in weight[:limit].tolist() if counts[i].any()]
    return [_household(who, i, counts) for i in first]


def at_stake_of(found: Found, who: Register, hits: list[RuleHits]) -> list[AtStake]:
    """Return the households at stake in the order of the lists."""
    counts = _tally(found.household, found.severity, len(who.households))
    order = dict.fromkeys(found.household[found.stakes & (found.household >= 0)].tolist())
    weighed: dict[int, AtStake] = {}
    for one in hits:
        if one.stake is None:
            continue
        homes = who.tables[one.table].household[one.rows]
        for at in np.flatnonzero((one.stake.flips == 1) & (homes >= 0)).tolist():
            home, doubt = int(homes[at]), float(one.stake.doubt[at])
            if home not in weighed or weighed[home].doubt < doubt:
                weighed[home] = AtStake(
                    _household(who, home, counts), one.stake.label,
                    float(one.stake.per_head[at]), float(one.stake.line[at]), doubt,
                )  # fmt: skip
    return [weighed[home] for home in order]


def _household(who: Register, i: int, counts: Ints) -> HouseholdTotal:
    home = who.home.get(i, -1)
    place = who.places[home] if home >= 0 else ("", "", "")
    return HouseholdTotal(
        mask_register(who.households[i]), who.heads.get(i, ""), place, _counts(counts[i])
    )


def _tally(group: Ints, severity: npt.NDArray[np.int8], size: int) -> Ints:
    kept = group >= 0
    mixed = group[kept] * len(SEVERITIES) + severity[kept]
    counted = np.bincount(mixed, minlength=size * len(SEVERITIES))
    return counted.reshape(size, len(SEVERITIES)).astype(np.int64)


def _counts(row: Ints) -> Counts:
    return int(row[0]), int(row[1]), int(row[2])
