"""`fupin-audit.explain/1`: one household for other programs."""

from __future__ import annotations

from typing import Any, TextIO

from fupin_audit.report.as_json import encoded, finding_json, pack_json
from fupin_audit.report.assessment.words import ANSWER_ID
from fupin_audit.report.household.dossier import DossierView, RulingView
from fupin_audit.report.household.money import Account, Line, MoneyLine

FORMAT = "fupin-audit.explain/1"


def to_json(view: DossierView, stream: TextIO) -> None:
    """Write everything known of one household. Personal values are masked unless
    the view reveals them."""
    result, page = view.check.result, view.page
    county, township, village = page.place
    whole: dict[str, Any] = {
        "format": FORMAT,
        "engine": result.engine,
        "pack": pack_json(view.check),
        "as_of": result.as_of.isoformat(),
        "region": result.region.code,
        "era": result.era,
        "masked": not view.reveal,
        "household": page.household or None,
        "head": page.head,
        "place": {"县": county, "乡": township, "村": village},
        "person": view.person or None,
        "facts": [fact._asdict() for fact in page.facts],
        "members": [dict(zip(page.columns, person, strict=True)) for person in page.people],
        "class": page.kind or None,
        "criteria": [
            {"id": c.id, "label": c.label, "answer": ANSWER_ID[c.answer], "reason": c.reason,
             "veto": c.veto}
            for c in page.criteria
        ],
        "not_assessed": view.of.unassessed or None,
        "benefits": [one._asdict() for one in page.benefits],
        "income": _account(page.account),
        "findings": [
            finding_json(view.check, one)
            for case in view.cases for one in (case.root, *case.follow)
        ],
        "gaps": [gap._asdict() for gap in view.gaps],
        "rulings": [_ruling(one) for one in view.rulings],
        "out_of_scope": view.of.out_of_scope,
        "skipped": [{"rule": rule, "reason": why} for rule, why in view.of.skipped],
    }  # fmt: skip
    stream.write("{\n")
    stream.write(",\n".join(f'"{name}": {encoded(value)}' for name, value in whole.items()))
    stream.write("\n}\n")


def _account(account: Account | None) -> dict[str, Any] | None:
    if account is None:
        return None
    return {
        "persons": account.size,
        "judged_per_head": _money(account.judged),
        "lines": [_line(one) for one in account.lines],
        "standards": [_standard(one) for one in account.standards],
    }


def _line(one: MoneyLine) -> dict[str, Any]:
    return {
        "id": one.id, "label": one.label, "level": one.level, "filled": _money(one.filled),
        "reckoned": _money(one.reckoned), "difference": _money(one.difference),
        "unreadable": one.void, "counts": one.counts, "as_filled": one.taken,
    }  # fmt: skip


def _standard(one: Line) -> dict[str, Any]:
    return {
        "label": one.label, "line": one.value, "distance": _money(one.distance),
        "gap": one.gap or None,
    }  # fmt: skip


def _money(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 2)


def _ruling(one: RulingView) -> dict[str, Any]:
    return {
        "rule": one.rule, "title": one.title, "severity": one.severity, "verdict": one.verdict,
        "table": one.table, "person": one.who or None,
        "saw": [{"of": s.whose or None, "field": s.field, "value": s.text} for s in one.saw],
        "lacks": list(one.lacks),
    }  # fmt: skip
