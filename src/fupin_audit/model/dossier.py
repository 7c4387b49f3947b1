"""Everything a run knows about one household: what every rule made of it, and why.

Personal data stays raw here; masking happens when a report is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fupin_audit.model.assessment import Assessment
from fupin_audit.model.run import CheckResult

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spot:
    """A field of a row of a table."""

    table: str
    row: int
    field: str


@dataclass(frozen=True, slots=True)
class Lack:
    """Why something cannot be judged: a cell that is `blank`, `void` or whose
    sheet has no such column (`absent`); or, without a spot, a reason (Chinese)."""

    spot: Spot | None
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule made of one row.

    Attributes:
        verdict: `pass`, `violated` or `unknown`.
        saw: The cells it looked at, in the order it names them.
        lacks: Of an unknown: what is missing.
    """

    rule: str
    table: str
    row: int
    verdict: str
    saw: tuple[Spot, ...] = ()
    lacks: tuple[Lack, ...] = ()


@dataclass(slots=True)
class Dossier:
    """One household, or one person of it.

    Attributes:
        result: The run; its findings are this household's alone.
        assessment: Exit criteria and income of all households; None where the
            inputs have no table of households, and `unassessed` says so.
        rows: Rows of the household per table.
        main: Its row in the household table (of several years the latest), −1
            for none.
        person: The row of the person asked for, in `person_table`; −1 for none.
        rulings: By rule, then row.
        out_of_scope: Rules that do not ask this household.
        skipped: Rules that this data cannot be judged by, and why (Chinese).
    """

    result: CheckResult
    assessment: Assessment | None
    rows: dict[str, Rows]
    main: int
    person_table: str = ""
    person: int = -1
    unassessed: str = ""
    rulings: list[Ruling] = field(default_factory=list)
    out_of_scope: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
