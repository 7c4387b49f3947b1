"""The counts a report opens with: by severity, rule, place, audit item, household."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fupin_audit.report.masking import mask_register
from fupin_audit.report.register import Ints, Place, Register
from fupin_audit.report.words import SEVERITIES

Counts = tuple[int, int, int]
"""Errors, warnings, infos."""


@dataclass(frozen=True, slots=True)
class PlaceTotal:
    """One village or township. `households` is None where nobody counted them."""

    place: Place
    counts: Counts
    concerned: int
    households: int

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


@dataclass(frozen=True, slots=True)
class Found:
    """Per finding: severity rank, household and place number (−1 for none)."""

    severity: npt.NDArray[np.int8]
    household: Ints
    place: Ints


def places_of(found: Found, who: Register, populated: Ints) -> list[PlaceTotal]:
    """Count per village, those without any finding included.

    Args:
        populated: Place number of every household known.
    """
    counts = _tally(found.place, found.severity, len(who.places))
    pairs = np.unique(np.stack([found.place, found.household], axis=1), axis=0)
    pairs = pairs[(pairs[:, 0] >= 0) & (pairs[:, 1] >= 0)]
    concerned = np.bincount(pairs[:, 0], minlength=len(who.places))
    living = np.bincount(populated[populated >= 0], minlength=len(who.places))
    return [
        PlaceTotal(place, _counts(counts[i]), int(concerned[i]), int(living[i]))
        for i, place in enumerate(who.places)
        if counts[i].any() or living[i]
    ]


def townships_of(villages: list[PlaceTotal]) -> list[PlaceTotal]:
    """Add up the villages of each township, most findings first."""
    sums: dict[tuple[str, str], list[int]] = {}
    for village in villages:
        total = sums.setdefault(village.place[:2], [0] * 5)
        for i, count in enumerate((*village.counts, village.concerned, village.households)):
            total[i] += count
    made = [
        PlaceTotal((county, township, ""), (e, w, i), concerned, households)
        for (county, township), (e, w, i, concerned, households) in sums.items()
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
    made = []
    for i in weight[:limit].tolist():
        if counts[i].any():
            home = who.home.get(i, -1)
            place = who.places[home] if home >= 0 else ("", "", "")
            made.append(
                HouseholdTotal(
                    mask_register(who.households[i]),
                    who.heads.get(i, ""),
                    place,
                    _counts(counts[i]),
                )
            )
    return made


def _tally(group: Ints, severity: npt.NDArray[np.int8], size: int) -> Ints:
    kept = group >= 0
    mixed = group[kept] * len(SEVERITIES) + severity[kept]
    counted = np.bincount(mixed, minlength=size * len(SEVERITIES))
    return counted.reshape(size, len(SEVERITIES)).astype(np.int64)


def _counts(row: Ints) -> Counts:
    return int(row[0]), int(row[1]), int(row[2])
