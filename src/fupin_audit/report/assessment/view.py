"""An assessment as people will see it: ordered, counted, masked. Built once.

Subjects are made one at a time while a report is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET, Answers, Assessment, Pair
from fupin_audit.model.ledger import COMPUTED, LedgerStandard
from fupin_audit.report.masking import Masker, Policy, mask_name, mask_register, masker
from fupin_audit.report.messages import Speech, renderer
from fupin_audit.report.register import Ints, Place, Register, register
from fupin_audit.report.words import Lang, say

_TOTALS = ("gross", "net", "per_head")


class Money(NamedTuple):
    """Income per head of a household, None where it is not known.

    `filled` is the cell, `recomputed` what the method makes of the parts (and
    `computed` whether it had them all), `judged` what the judgement rests on,
    `distance` that less the `line` of its year.
    """

    people: float | None
    filled: float | None
    recomputed: float | None
    computed: bool
    judged: float | None
    line: float | None
    distance: float | None
    monitoring: float | None
    to_monitoring: float | None


class SubjectView(NamedTuple):
    """One household, village or county, ready to be shown.

    `answers` and `reasons` follow the criteria; a reason is empty where the
    criterion is met. `flags` are indices into the assessment's. `attention`: its
    class or one of its answers asks for somebody. `own_fault`: per criterion, it
    is the row that wants something, not its sheet a column.
    """

    row: int
    household: str
    head: str
    place: Place
    file: str
    sheet: str | None
    line: int
    group: Pair | None
    kind: int
    undecided: bool
    answers: tuple[int, ...]
    reasons: tuple[str, ...]
    flags: tuple[int, ...]
    attention: bool
    own_fault: tuple[bool, ...]
    money: Money | None

    @property
    def unmet(self) -> int:
        return self.answers.count(UNMET)

    @property
    def unknown(self) -> int:
        return self.answers.count(UNKNOWN)


@dataclass(slots=True)
class Difference:
    """A number filled in one way that comes out another way."""

    row: int
    place: Place
    label: Pair
    filled: float
    other: Pair
    found: float
    unit: str
    digits: int


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


def subjects(
    view: AssessmentView, *, named: bool = False, lang: Lang | None = None
) -> Iterator[SubjectView]:
    """Yield every subject, those to be seen to first.

    Args:
        named: Leave names in full, for lists that staff work with.
        lang: Other than the view's own.
    """
    assessment, who = view.of, view.who
    spoken = lang or view.lang
    policy = view.policy(named=named)
    mask = masker(assessment.pack, policy)
    tell = [_reason(one, assessment, mask, spoken) for one in assessment.criteria]
    subject, data = who.tables[assessment.table], assessment.dataset.tables[assessment.table]
    flags: dict[int, list[int]] = {}
    for i, flag in enumerate(assessment.flags):
        for row in flag.rows.tolist():
            flags.setdefault(row, []).append(i)
    for at, row in enumerate(view.order.tolist()):
        house = int(subject.household[row])
        head = who.heads.get(house, "")
        raw = assessment.dataset.sheets[int(data.sheet[row])].raw
        group = int(assessment.group[row])
        yield SubjectView(
            row=row,
            household=_key(who.households[house], view.reveal) if house >= 0 else "",
            head=head if policy != "masked" else mask_name(head),
            place=who.places[int(subject.place[row])],
            file=raw.file,
            sheet=raw.name,
            line=int(data.raw_row[row]) + 1,
            group=assessment.groups[group].label if group >= 0 else None,
            kind=int(assessment.kind[row]),
            undecided=bool(assessment.undecided[row]),
            answers=tuple(int(one.answer[row]) for one in assessment.criteria),
            reasons=tuple(one(row) for one in tell),
            flags=tuple(flags.get(row, ())),
            attention=at < view.attention,
            own_fault=tuple(_own_fault(one, row) for one in assessment.criteria),
            money=_money(assessment, row),
        )


def differences(view: AssessmentView) -> Iterator[Difference]:
    """Yield the figures that do not agree with what they are held against."""
    of, subject = view.of, view.who.tables[view.of.table]
    known = {figure.id: figure for figure in of.figures}
    for row in view.order.tolist():
        for one in of.figures:
            if one.against in known and one.differs[row]:
                filled = known[one.against]
                yield Difference(
                    row, view.who.places[int(subject.place[row])], filled.label,
                    float(filled.value[row]), one.label, float(one.value[row]), one.unit,
                    one.digits,
                )  # fmt: skip


def _key(text: str, reveal: bool) -> str:
    return text if reveal else mask_register(text)


def _reason(
    one: Answers, assessment: Assessment, mask: Masker, lang: Lang
) -> Callable[[int], str]:  # fmt: skip
    """Return the function that says of a row why a criterion is not met, or why it
    cannot be judged."""
    speech = Speech(assessment.pack, lang, mask, lambda own, other: "")
    render = renderer(one.unmet, assessment.table, speech)
    stop = say(("；", "; "), lang)

    def tell(row: int) -> str:
        answer = int(one.answer[row])
        if answer == UNMET:
            return render(int(one.position[row]))
        if answer == UNKNOWN:
            return say(one.missing, lang) or stop.join(
                say(gap.why, lang) for gap in one.gaps if gap.rows[row]
            )
        return ""

    return tell


def _own_fault(one: Answers, row: int) -> bool:
    if one.answer[row] == UNMET:
        return True
    return any(gap.rows[row] and not gap.absent for gap in one.gaps)


def _money(assessment: Assessment, row: int) -> Money | None:
    ledger = assessment.ledger
    if ledger is None:
        return None
    per_head, main = ledger.line("per_head"), ledger.main
    watch = ledger.standard("monitoring_line")
    line, distance = _standard(main, row)
    monitoring, to_monitoring = _standard(watch, row)
    return Money(
        _known(ledger.size[row]), _known(per_head.filled[row]), _known(per_head.recomputed[row]),
        all(ledger.line(k).source[row] == COMPUTED for k in _TOTALS), _known(ledger.judged[row]),
        line, distance, monitoring, to_monitoring,
    )  # fmt: skip


def _standard(standard: LedgerStandard | None, row: int) -> tuple[float | None, float | None]:
    if standard is None:
        return None, None
    return _known(standard.value[row]), _known(standard.distance[row])


def _known(value: float) -> float | None:
    return None if value != value else float(value)
