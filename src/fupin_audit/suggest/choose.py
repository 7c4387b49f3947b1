"""From what rules say and finders find to one suggestion per finding."""

from __future__ import annotations

from collections.abc import Callable

from fupin_audit.model.dataset import Dataset
from fupin_audit.model.findings import Findings, RuleHits
from fupin_audit.model.suggestion import Offer, Suggestion
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Finder, Suggest
from fupin_audit.suggest.asked import Answers, Asked, Found, Run
from fupin_audit.suggest.doubt import Doubts
from fupin_audit.suggest.identity import birth_of_id, id_18, sex_of_id
from fupin_audit.suggest.listed import listed_id, near_key
from fupin_audit.suggest.moments import slipped_date
from fupin_audit.suggest.near_id import near_id
from fupin_audit.suggest.numbers import slipped_number
from fupin_audit.suggest.typed import typed
from fupin_audit.suggest.words import near_code, near_place

FINDERS: dict[Finder, Callable[[Run, Asked], Answers]] = {
    "near_id": near_id,
    "id_18": id_18,
    "sex_of_id": sex_of_id,
    "birth_of_id": birth_of_id,
    "slipped_number": slipped_number,
    "slipped_date": slipped_date,
    "near_code": near_code,
    "near_place": near_place,
    "near_key": near_key,
    "listed_id": listed_id,
}
RESTS_ON: dict[Finder, str] = {"sex_of_id": "id_number", "birth_of_id": "id_number"}
"""Role of the field that a finder's answer follows from."""
AS_WRITTEN: tuple[Finder, ...] = ("near_code", "near_place")
"""Finders that look at what is written, and answer in its terms."""
_BY_RULE = ("由本行其他格子推算", "Reckoned from the other cells of the row")


def suggest(dataset: Dataset, pack: ResolvedPack, findings: Findings) -> None:
    """Fill in `RuleHits.suggestions` where a rule says how to find the right value.

    The first entry of a rule's `suggest` that has an answer gives it. A safe
    one whose inputs are void, or blamed by another error that says nothing of
    the suggested cell, is no more than probable.
    """
    run = Run(dataset, pack)
    doubts = Doubts(dataset, findings)
    for hits in findings.hits:
        entries = pack.rules[hits.rule].suggest
        if entries and hits.table and len(hits):
            hits.suggestions = _of_rule(run, doubts, hits, entries)
        hits.offers = None


def _of_rule(
    run: Run, doubts: Doubts, hits: RuleHits, entries: tuple[Suggest, ...]
) -> list[Suggestion | None]:
    made: list[Suggestion | None] = [None] * len(hits)
    for number, entry in enumerate(entries):
        offer = hits.offers[number] if hits.offers else None
        left = [i for i, one in enumerate(made) if one is None]
        if offer is not None:
            left = [i for i in left if offer.allowed[i]]
        if not left:
            continue
        answers = _answers(run, hits, entry, offer, left)
        for at, made_of in _weighed(run, doubts, hits, entry, offer, answers).items():
            made[at] = made_of
    return made


def _answers(
    run: Run, hits: RuleHits, entry: Suggest, offer: Offer | None, left: list[int]
) -> Answers:
    if entry.find:
        return FINDERS[entry.find](run, Asked(hits, entry.field, left, offer))
    values = offer.values if offer else []
    why = (entry.why.zh, entry.why.en or entry.why.zh) if entry.why else _BY_RULE
    return {
        at: Found(value, why, "safe") for at in left if (value := values[at]) is not None
    }  # fmt: skip


def _weighed(
    run: Run, doubts: Doubts, hits: RuleHits, entry: Suggest, offer: Offer | None, answers: Answers
) -> dict[int, Suggestion]:
    """Say of each answer how sure it is."""
    made: dict[int, Suggestion] = {}
    safe = entry.confidence == "safe" and any(a.confidence == "safe" for a in answers.values())
    shaky: set[int] = set()
    if safe:
        inputs = list(offer.inputs) if offer else []
        role = RESTS_ON.get(entry.find) if entry.find else None
        name = run.pack.role(hits.table, role) if role else None
        shaky = doubts.of(hits, entry.field, inputs, name)
    for at, found in answers.items():
        field = found.field or Asked(hits, entry.field, []).field_of(at)
        sure = safe and found.confidence == "safe" and at not in shaky
        value: str | None = found.value
        if entry.find not in AS_WRITTEN:
            value = typed(run, hits.table, int(hits.rows[at]), field, found.value)
        if value is not None:
            made[at] = Suggestion(field, value, "safe" if sure else "unsafe", found.why)
    return made
