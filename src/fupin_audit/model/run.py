"""What a run was asked and what it answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fupin_audit.model.dataset import Dataset
from fupin_audit.model.findings import Findings
from fupin_audit.model.recognised import Recognition
from fupin_audit.packs.resolve import ResolvedPack


@dataclass(frozen=True, slots=True)
class Region:
    """The division the rows belong to. `code` has 0 (nation), 2, 4 or 6 digits;
    `evidence` says how it was found, Chinese."""

    code: str = ""
    name: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class LedgerNote:
    """What the ledger made of a run.

    Attributes:
        run: The run's number in it.
        counts: See `ledger.Recorded`.
        hidden: Findings confirmed as true, unchanged since, that are not listed.
        baseline: The run that what is listed is newer than.
        known: Findings that stood at the baseline and are not listed.
        of_run: The run whose findings alone are listed.
        later: Findings that came after that run and are not listed.
    """

    run: int
    counts: dict[str, int]
    hidden: int = 0
    baseline: int | None = None
    known: int = 0
    of_run: int | None = None
    later: int = 0


@dataclass(slots=True)
class CheckResult:
    """Everything `check` knows; reports format it and decide nothing."""

    pack: ResolvedPack
    as_of: date
    region: Region
    recognition: Recognition
    dataset: Dataset
    findings: Findings
    engine: str = ""
    selected: str = ""
    timings: dict[str, float] = field(default_factory=dict)
    ledger: LedgerNote | None = None

    @property
    def era(self) -> str:
        return self.pack.era
