"""Procedures as people see them: steps counted, and what is wrong with a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from fupin_audit.model.assessment import Pair, ProcedureTrack, SpanColumn
from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.masking import mask_name, mask_register
from fupin_audit.report.register import Place
from fupin_audit.report.words import Lang, say

_EPOCH = date(1970, 1, 1)


class StepCount(NamedTuple):
    """One step over all rows; `gap` is the median of days since the step before
    that has a day, None where no row has both."""

    label: Pair
    dated: int
    missing: int
    back: int
    gap: float | None


class SpanCount(NamedTuple):
    label: Pair
    median: float | None
    shortest: float | None
    longest: float | None
    wrong: int
    limit: Pair


class TrackedRow(NamedTuple):
    """One row that went through a procedure."""

    household: str
    head: str
    place: Place
    days: tuple[date | None, ...]
    spans: tuple[int | None, ...]
    faults: tuple[str, ...]
    wrong: tuple[bool, ...]


def step_counts(track: ProcedureTrack) -> list[StepCount]:
    """Count a procedure's steps."""
    made = []
    before = np.full(len(track.rows), np.nan)
    for i, label in enumerate(track.steps):
        day = track.day[i]
        known = ~np.isnan(day)
        gaps = (day - before)[known & ~np.isnan(before) & ~track.back[i]]
        made.append(StepCount(
            label, int(known.sum()), int(track.missing[i].sum()), int(track.back[i].sum()),
            float(np.median(gaps)) if len(gaps) else None,
        ))  # fmt: skip
        before = np.where(known, day, before)
    return made


def span_count(span: SpanColumn) -> SpanCount:
    """Sum up how long something took."""
    known = span.days[~np.isnan(span.days)]
    limit = span_limit(span)
    if not len(known):
        return SpanCount(span.label, None, None, None, 0, limit)
    return SpanCount(
        span.label, float(np.median(known)), float(known.min()), float(known.max()),
        int(span.wrong.sum()), limit,
    )  # fmt: skip


def span_limit(span: SpanColumn) -> Pair:
    """Return how long it should be, in words; nothing where nobody says."""
    parts = []
    if not np.isnan(span.least):
        parts.append((f"不少于 {span.least:.0f} 天", f"at least {span.least:.0f} days"))
    if not np.isnan(span.most):
        parts.append((f"不超过 {span.most:.0f} 天", f"at most {span.most:.0f} days"))
    return "、".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)


def tracked(
    view: AssessmentView, track: ProcedureTrack, *, named: bool = False, lang: Lang = "zh"
) -> Iterator[TrackedRow]:
    """Yield the rows of a procedure, those with something wrong first."""
    who, subject = view.who, view.who.tables[track.table]
    faulty = track.faulty
    for at in np.lexsort((np.arange(len(faulty)), ~faulty)).tolist():
        row = int(track.rows[at])
        house = int(subject.household[row])
        head = who.heads.get(house, "")
        key = who.households[house] if house >= 0 else ""
        yield TrackedRow(
            key if view.reveal else mask_register(key),
            head if named or view.reveal else mask_name(head),
            who.places[int(subject.place[row])],
            tuple(_day(value) for value in track.day[:, at].tolist()),
            tuple(None if v != v else int(v) for v in (s.days[at] for s in track.spans)),
            tuple(_faults(track, at, lang)),
            tuple((track.missing[:, at] | track.back[:, at]).tolist()),
        )


def _faults(track: ProcedureTrack, at: int, lang: Lang) -> Iterator[str]:
    missing = [say(s, lang) for s, gone in zip(track.steps, track.missing[:, at]) if gone]
    if missing:
        names = ("、" if lang == "zh" else ", ").join(missing)
        yield say((f"没有日期：{names}", f"no date: {names}"), lang)
    for i in np.flatnonzero(track.back[:, at]).tolist():
        j = int(track.earlier[i, at])
        own, other = (f"{say(track.steps[k], lang)}（{_day(track.day[k, at])}）" for k in (i, j))
        yield say((f"{own}早于{other}", f"{own} is before {other}"), lang)
    for span in track.spans:
        if span.wrong[at]:
            days, (zh, en) = int(span.days[at]), span_limit(span)
            told = f"{span.label[0]} {days} 天，应{zh}", f"{span.label[1]}: {days} days, not {en}"
            yield say(told, lang)


def _day(value: float) -> date | None:
    return None if value != value else _EPOCH + timedelta(days=int(value))
