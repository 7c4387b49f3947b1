"""What an assessment found: answers per criterion and subject, as columns.

Personal data stays raw here; masking happens when a report is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from fupin_audit.model.dataset import Dataset
from fupin_audit.model.findings import RuleHits
from fupin_audit.model.ledger import Floats, IncomeLedger
from fupin_audit.model.run import Region
from fupin_audit.packs.resolve import ResolvedPack

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Pair = tuple[str, str]
"""Chinese, English."""

MET, UNMET, UNKNOWN, NOT_ASKED = 1, 0, -1, 2
"""The answers to a criterion. Not asked: the question does not arise."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a criterion cannot be judged, and for which rows. `absent`: their sheet
    has no such column, so that it is no fault of the row."""

    why: Pair
    rows: Mask
    absent: bool = False


@dataclass(slots=True)
class Answers:
    """One criterion's answer for every row of the table.

    Attributes:
        answer: `MET`, `UNMET`, `UNKNOWN` or `NOT_ASKED` per row.
        missing: Why no row at all can be judged (Chinese); else empty.
        gaps: Why single rows cannot be judged.
        unmet: The rows not met with their reason, as a rule's hits.
        position: Per row, its position in `unmet`; −1 where met.
        veto: In this region the criterion alone stops an exit.
        value, limit: What is compared with what, where the criterion says so.
    """

    id: str
    label: Pair
    short: Pair
    answer: npt.NDArray[np.int8]
    missing: Pair
    gaps: list[Gap]
    unmet: RuleHits
    position: Ints
    because: tuple[str, ...] = ()
    veto: bool = False
    basis: tuple[str, ...] = ()
    note: str = ""
    value: Floats | None = None
    limit: Floats | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A class or a group of subjects: what it is called and means."""

    id: str
    label: Pair
    means: Pair = ("", "")
    attention: bool = False


@dataclass(frozen=True, slots=True)
class Flagged:
    """Subjects whose group and answers do not go together."""

    id: str
    label: Pair
    advice: Pair
    rows: Ints


@dataclass(slots=True)
class FigureColumn:
    """A number shown beside each subject.

    `differs`: rows where it is further from the figure it is held `against` than
    the tolerance.
    """

    id: str
    label: Pair
    value: Floats
    unit: str
    digits: int
    against: str | None
    differs: Mask


@dataclass(slots=True)
class SpanColumn:
    """Days between two steps, NaN where a date is missing; `wrong` where it is
    shorter than `least` or longer than `most` (NaN without such a limit)."""

    id: str
    label: Pair
    days: Floats
    wrong: Mask
    least: float
    most: float


@dataclass(slots=True)
class ProcedureTrack:
    """One procedure over the rows of its table.

    Attributes:
        rows: Rows that went through it, ascending; the columns below follow them.
        steps: What each step is called; only those some sheet has a column for.
        absent: Steps no sheet has a column for.
        day: Per step and row days since 1970; NaN where there is none.
        missing: Per step and row, the date is wanting (blank, not unreadable).
        back: Per step and row, the day lies before that of an earlier step.
        earlier: Per step and row, which earlier step that is (−1: none).
    """

    id: str
    label: Pair
    table: str
    rows: Ints
    steps: list[Pair]
    fields: list[str]
    absent: list[Pair]
    day: npt.NDArray[np.float64]
    missing: npt.NDArray[np.bool_]
    back: npt.NDArray[np.bool_]
    earlier: npt.NDArray[np.int8]
    spans: list[SpanColumn]
    because: tuple[str, ...] = ()

    @property
    def faulty(self) -> Mask:
        """Rows with a step missing, out of order, or a span of the wrong length."""
        found = self.missing.any(axis=0) | self.back.any(axis=0)
        for span in self.spans:
            found |= span.wrong
        return np.asarray(found)


@dataclass(slots=True)
class Assessment:
    """One level judged.

    Attributes:
        level: `household`, `village` or `county`.
        table: The table whose rows are the subjects.
        rows: Rows judged, ascending; all other columns are of the whole table.
        criteria: In the order of the pack. `left_out` are those the caller
            asked not to judge by.
        kinds, kind: The classes, and per row which (−1: none).
        undecided: Why rows are in no earlier class for sure.
        groups, group: Likewise the groups.
        flags: In the order of the pack.
        ledger: Income of the households; None at other levels.
        figures: Numbers shown beside the subjects.
        procedures: Steps on the table's rows, and on those that hang on it.
        set_aside: Rows not judged, by reason.
        without_class: Classes the sheets lack the columns for, and why.
    """

    level: str
    table: str
    label: Pair
    pack: ResolvedPack
    as_of: date
    region: Region
    dataset: Dataset
    rows: Ints
    criteria: list[Answers]
    left_out: list[Answers]
    kinds: list[Kind]
    kind: Ints
    undecided: Mask
    groups: list[Kind]
    group: Ints
    flags: list[Flagged]
    ledger: IncomeLedger | None = None
    figures: list[FigureColumn] = field(default_factory=list)
    procedures: list[ProcedureTrack] = field(default_factory=list)
    set_aside: dict[Pair, int] = field(default_factory=dict)
    without_class: list[tuple[Kind, str]] = field(default_factory=list)
    engine: str = ""
