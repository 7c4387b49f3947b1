"""An assessment as people will see it: ordered, counted, masked. Built once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET, Answers, Assessment, Pair
from fupin_audit.report.masking import Policy
from fupin_audit.report.register import Ints, Place, Register, register
from fupin_audit.report.words import Lang, say


@dataclass(slots=True)
class PlaceCount:
    """One place: its subjects by class, and by flag."""

    place: Place
    total: int
    kinds: list[int]
    flags: list[int]


@dataclass(slots=True)
class CriterionCount:
    answers: Answers
    met: int
    unmet: int
    unknown: int
    not_asked: int


@dataclass(slots=True)
class AssessmentView:
    """What every report of an assessment is made from.

    Attributes:
        order: Rows judged, those to be seen to first.
        kinds: Subjects per class; `people` the persons in them.
        by_group: Per group (the last: in none) subjects per class.
        rest_met: Of the last class: subjects whose other criteria are all met.
    """

    of: Assessment
    reveal: bool
    lang: Lang
    who: Register
    order: Ints
    attention: int
    kinds: list[int]
    people: list[int]
    by_group: list[list[int]]
    rest_met: int
    criteria: list[CriterionCount]
    villages: list[PlaceCount] = field(default_factory=list)
    townships: list[PlaceCount] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.of.rows)

    def say(self, pair: Pair) -> str:
        return say(pair, self.lang)

    def policy(self, *, named: bool) -> Policy:
        """Return how much a report may show; lists for staff name people."""
        return "open" if self.reveal else "named" if named else "masked"


def assessment_view(
    assessment: Assessment, *, reveal: bool = False, lang: Lang = "zh"
) -> AssessmentView:
    """Order and count an assessment's subjects."""
    who = register(assessment.dataset, assessment.pack)
    rows, kind = assessment.rows, assessment.kind[assessment.rows]
    group = assessment.group[rows]
    classes = len(assessment.kinds)
    counts = [int((kind == i).sum()) for i in range(classes)]
    people = [0] * classes
    if assessment.ledger is not None:
        size = np.nan_to_num(assessment.ledger.size[rows])
        people = [int(size[kind == i].sum()) for i in range(classes)]
    by_group = [
        [int(((group == g) & (kind == i)).sum()) for i in range(classes)]
        for g in [*range(len(assessment.groups)), -1]
    ]
    unmet, unknown = _sums(assessment)
    order, attention = _order(assessment, who, unmet, unknown)
    made = AssessmentView(
        assessment, reveal, lang, who, order, attention, counts, people, by_group,
        int(((unmet == 0) & (unknown > 0))[rows].sum()),
        [_count(one, rows) for one in assessment.criteria],
    )  # fmt: skip
    made.villages = _places(assessment, who)
    made.townships = _townships(made.villages)
    return made


def _sums(assessment: Assessment) -> tuple[Ints, Ints]:
    size = len(assessment.kind)
    unmet, unknown = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for one in assessment.criteria:
        unmet += one.answer == UNMET
        unknown += one.answer == UNKNOWN
    return unmet, unknown


def _order(
    assessment: Assessment, who: Register, unmet: Ints, unknown: Ints
) -> tuple[Ints, int]:  # fmt: skip
    """Rows with something not met, then rows with a gap of their own, then those
    whose sheet lacks a column; among them by flag, by how much, by place."""
    rows, size = assessment.rows, len(assessment.kind)
    flag = np.full(size, len(assessment.flags), dtype=np.int64)
    for i in reversed(range(len(assessment.flags))):
        flag[assessment.flags[i].rows] = i
    asking = np.array([k.attention for k in assessment.kinds] + [False])
    seen_to = asking[assessment.kind] | (unmet > 0)
    own = np.zeros(size, dtype=bool)
    for one in assessment.criteria:
        for gap in one.gaps:
            own |= gap.rows & (not gap.absent)
    place = who.tables[assessment.table].place
    urgent = np.where(unmet > 0, 0, np.where(own, 1, 2))
    keys = (
        rows, place[rows], -unknown[rows], -unmet[rows], flag[rows], urgent[rows], ~seen_to[rows],
    )  # fmt: skip
    return rows[np.lexsort(keys)], int(seen_to[rows].sum())


def _count(one: Answers, rows: Ints) -> CriterionCount:
    answer = one.answer[rows]
    return CriterionCount(
        one, *(int((answer == state).sum()) for state in (MET, UNMET, UNKNOWN, NOT_ASKED))
    )


def _places(assessment: Assessment, who: Register) -> list[PlaceCount]:
    place = who.tables[assessment.table].place
    found = []
    flagged = [np.isin(assessment.rows, flag.rows) for flag in assessment.flags]
    here, kind = place[assessment.rows], assessment.kind[assessment.rows]
    for i in np.unique(here).tolist():
        mine = here == i
        kinds = [int((mine & (kind == k)).sum()) for k in range(len(assessment.kinds))]
        flags = [int((mine & flag).sum()) for flag in flagged]
        found.append(PlaceCount(who.places[i], int(mine.sum()), kinds, flags))
    return sorted(found, key=lambda one: one.place)


def _townships(villages: list[PlaceCount]) -> list[PlaceCount]:
    sums: dict[tuple[str, str], PlaceCount] = {}
    for one in villages:
        county, township, _ = one.place
        blank = PlaceCount(
            (county, township, ""), 0, [0] * len(one.kinds), [0] * len(one.flags)
        )  # fmt: skip
        total = sums.setdefault((county, township), blank)
        total.total += one.total
        total.kinds = [a + b for a, b in zip(total.kinds, one.kinds, strict=True)]
        total.flags = [a + b for a, b in zip(total.flags, one.flags, strict=True)]
    return list(sums.values())
