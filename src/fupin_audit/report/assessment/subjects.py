"""The subjects of an assessment, made one at a time while a report is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from fupin_audit.model.assessment import UNKNOWN, UNMET, Answers, Assessment, Pair
from fupin_audit.model.ledger import COMPUTED, LedgerStandard
from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.masking import Masker, mask_name, mask_register, masker
from fupin_audit.report.messages import Speech, renderer
from fupin_audit.report.register import Place
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
