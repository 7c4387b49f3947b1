"""`fupin-audit.assess/1`: an assessment for other programs, written in one pass."""

from __future__ import annotations

import json
from typing import Any, TextIO

from fupin_audit.model.assessment import Answers, Pair, ProcedureTrack
from fupin_audit.report.assessment.steps import span_count, step_counts, tracked
from fupin_audit.report.assessment.subjects import SubjectView, subjects
from fupin_audit.report.assessment.view import AssessmentView, PlaceCount
from fupin_audit.report.assessment.words import ANSWER_ID
from fupin_audit.report.masking import mask_free

FORMAT = "fupin-audit.assess/1"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode


def to_json(view: AssessmentView, stream: TextIO, *, statistics: bool = False) -> None:
    """Write an assessment as JSON; with `statistics` without the subjects.

    Subjects are one per line, those to be seen to first. Names are masked unless
    the view reveals them.
    """
    of = view.of
    head: dict[str, Any] = {
        "format": FORMAT,
        "engine": of.engine,
        "pack": {"id": of.pack.id, "version": of.pack.version, "digest": of.pack.digest},
        "as_of": of.as_of.isoformat(),
        "region": of.region.code,
        "region_name": of.region.name,
        "region_evidence": of.region.evidence,
        "era": of.pack.era,
        "level": of.level,
        "masked": not view.reveal,
        "inputs": [
            {"file": f.file, "sha256": f.sha256, "error": f.error} for f in of.dataset.files
        ],
        "set_aside": [{"why": why[0], "rows": count} for why, count in of.set_aside.items()],
        "criteria": [_criterion(view, i) for i in range(len(of.criteria))],
        "left_out": [one.id for one in of.left_out],
        "classes": [
            {
                "id": kind.id, "label": _pair(kind.label), "means": _pair(kind.means),
                "count": count, "people": people,
                "missing": next((w for k, w in of.without_class if k.id == kind.id), None),
            }
            for kind, count, people in zip(of.kinds, view.kinds, view.people, strict=True)
        ],
        "groups": [
            {"id": group.id, "label": _pair(group.label), "classes": _kinds(view, counts)}
            for group, counts in zip(of.groups, view.by_group, strict=False)
        ],
        "flags": [
            {"id": f.id, "label": _pair(f.label), "count": len(f.rows)} for f in of.flags
        ],
        "standards": _standards(view),
        "method": _method(view),
        "procedures": [_procedure(view, track) for track in of.procedures],
        "by_village": [_place(view, one) for one in view.villages],
        "by_township": [_place(view, one) for one in view.townships],
    }  # fmt: skip
    stream.write("{\n")
    for i, (name, value) in enumerate(head.items()):
        stream.write(("" if i == 0 else ",\n") + f'"{name}": {_text(value)}')
    if not statistics:
        stream.write(',\n"subjects": [')
        for i, one in enumerate(subjects(view)):
            stream.write(",\n  " if i else "\n  ")
            stream.write(_text(_subject(view, one)))
        stream.write("\n]")
    stream.write("\n}\n")


def _text(value: Any) -> str:
    return str(_encode(value)).encode("utf-8", "replace").decode("utf-8")


def _pair(pair: Pair) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}


def _criterion(view: AssessmentView, i: int) -> dict[str, Any]:
    count, rows = view.criteria[i], view.of.rows
    one: Answers = count.answers
    return {
        "id": one.id, "label": _pair(one.label), "veto": one.veto, "because": one.because,
        "basis": one.basis, "met": count.met, "unmet": count.unmet, "unknown": count.unknown,
        "not_asked": count.not_asked, "missing": one.missing[0] or None,
        "gaps": [
            {"why": gap.why[0], "rows": n} for gap in one.gaps if (n := int(gap.rows[rows].sum()))
        ],
    }  # fmt: skip


def _kinds(view: AssessmentView, counts: list[int]) -> dict[str, int]:
    return {kind.id: n for kind, n in zip(view.of.kinds, counts, strict=True)}


def _place(view: AssessmentView, one: PlaceCount) -> dict[str, Any]:
    county, township, village = one.place
    flags = {f.id: n for f, n in zip(view.of.flags, one.flags, strict=True) if n}
    return {
        "place": {"县": county, "乡": township, "村": village}, "subjects": one.total,
        "classes": _kinds(view, one.kinds), "flags": flags,
    }  # fmt: skip


def _standards(view: AssessmentView) -> list[dict[str, Any]]:
    ledger = view.of.ledger
    return [
        {
            "id": one.id, "label": {"zh": one.zh, "en": one.en},
            "values": sorted({v for v in one.value[view.of.rows].tolist() if v == v}),
            "missing": one.gap or None,
        }
        for one in (ledger.standards if ledger else ())
    ]  # fmt: skip


def _method(view: AssessmentView) -> list[dict[str, Any]]:
    ledger = view.of.ledger
    return [
        {
            "param": one.name, "title": {"zh": one.zh, "en": one.en}, "value": one.value or None,
            "unit": one.unit, "missing": one.gap or None, "weak": one.weak, "basis": one.basis,
        }
        for one in (ledger.options if ledger else ())
    ]  # fmt: skip


def _procedure(view: AssessmentView, track: ProcedureTrack) -> dict[str, Any]:
    return {
        "id": track.id, "label": _pair(track.label), "because": track.because,
        "count": len(track.rows), "faulty": int(track.faulty.sum()),
        "steps": [
            {
                "field": field, "label": _pair(step.label), "dated": step.dated,
                "missing": step.missing, "out_of_order": step.back, "median_days": step.gap,
            }
            for field, step in zip(track.fields, step_counts(track), strict=True)
        ],
        "no_column": [step[0] for step in track.absent],
        "spans": [
            {
                "label": _pair(span.label), "median": span.median, "shortest": span.shortest,
                "longest": span.longest, "wrong": span.wrong, "limit": span.limit[0] or None,
            }
            for span in map(span_count, track.spans)
        ],
        "faults": [
            {
                "household": one.household or None, "head": one.head or None,
                "place": dict(zip(("县", "乡", "村"), one.place, strict=True)),
                "faults": one.faults,
            }
            for one in tracked(view, track) if one.faults
        ],
    }  # fmt: skip


def _subject(view: AssessmentView, one: SubjectView) -> dict[str, Any]:
    of = view.of
    county, township, village = one.place
    answers: dict[str, Any] = {}
    for criterion, answer, reason in zip(of.criteria, one.answers, one.reasons, strict=True):
        told: dict[str, Any] = {"answer": ANSWER_ID[answer]}
        if reason:
            told["reason"] = reason if view.reveal else mask_free(reason)
        for name, values in (("value", criterion.value), ("limit", criterion.limit)):
            if values is not None:
                number = float(values[one.row])
                told[name] = None if number != number else number
        answers[criterion.id] = told
    group = int(of.group[one.row])
    return {
        "household": one.household or None,
        "head": one.head or None,
        "place": {"县": county, "乡": township, "村": village},
        "file": one.file,
        "sheet": one.sheet,
        "row": one.line,
        "group": of.groups[group].id if group >= 0 else None,
        "class": of.kinds[one.kind].id if one.kind >= 0 else None,
        "undecided": one.undecided,
        "attention": one.attention,
        "criteria": answers,
        "flags": [of.flags[i].id for i in one.flags],
        "figures": {
            figure.id: {
                "value": None if (v := float(figure.value[one.row])) != v else v,
                "unit": figure.unit,
                "differs": bool(figure.differs[one.row]),
            }
            for figure in of.figures
        },
        "income": None if one.money is None else one.money._asdict(),
    }
