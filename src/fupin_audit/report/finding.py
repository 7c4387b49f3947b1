"""Findings made one at a time from the columns of a view."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fupin_audit.model.findings import RuleHits
from fupin_audit.report.masking import Masker, Policy, mask_name, mask_register, masker
from fupin_audit.report.messages import Speech, redacted, renderer
from fupin_audit.report.prints import Ground, imprint
from fupin_audit.report.register import Subjects
from fupin_audit.report.view import NOWHERE, FindingView, StakeView, SuggestionView, View
from fupin_audit.report.words import BLANK, Lang, say

if TYPE_CHECKING:
    from fupin_audit.packs.shapes import Label

_ROW = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Voice:
    """How findings are told: what is masked, in which language."""

    mask: Masker
    policy: Policy
    lang: Lang
    names: dict[str, str]

    def name(self, text: str) -> str:
        if self.policy != "masked":
            return text
        masked = self.names.get(text)
        if masked is None:
            masked = self.names[text] = mask_name(text)
        return masked


@dataclass(frozen=True, slots=True)
class _Rows:
    """Per hit: the row and what the register and the sheet say of it."""

    subjects: Subjects
    row: list[int]
    household: list[int]
    place: list[int]
    sheet: list[int]
    raw_row: list[int]


@dataclass(slots=True)
class _Context:
    """What is the same for all hits of one rule on one table."""

    hits: RuleHits
    title: str
    advice: str
    settle: str
    render: Callable[[int], str]
    rows: _Rows | None


def findings(
    view: View, *, named: bool = False, lang: Lang | None = None
) -> Iterator[FindingView]:  # fmt: skip
    """Yield the findings in the order of the view.

    Args:
        named: Leave names in full, for lists that staff work with.
        lang: Other than the view's own.
    """
    policy = view.policy(named=named)
    voice = _Voice(masker(view.result.pack, policy), policy, lang or view.lang, {})
    contexts = [_context(view, hits, voice) for hits in view.ordered.hits]
    imprint(Ground(view.result, view.who, view.cells, view.key))
    ordered, cases = view.ordered, view.ordered.triage
    because, shared = cases.because_of[ordered.number].tolist(), cases.shared
    roots = set(because)
    prints: dict[int, str] = {}
    each = zip(ordered.which.tolist(), ordered.at.tolist(), ordered.number.tolist(), because)
    for which, at, number, root in each:
        context = contexts[which]
        make = _of_sheet if context.rows is None else _of_row
        one = make(view, context, at, voice)
        if number in roots:
            prints[number] = one.fingerprint
        if root >= 0:  # stands earlier in the list
            one = one._replace(because_of=prints[root], shared=shared[number])
        yield one


def _context(view: View, hits: RuleHits, voice: _Voice) -> _Context:
    rule = view.result.pack.rules[hits.rule]
    table = hits.table or rule.table
    lang = voice.lang
    speech = Speech(view.result.pack, lang, voice.mask, _row_namer(view, table, voice))
    return _Context(
        hits, label(rule.title, lang), label(rule.advice, lang), rule.settle,
        renderer(hits, table, speech), None if hits.sheet is not None else _rows(view, hits),
    )  # fmt: skip


def _rows(view: View, hits: RuleHits) -> _Rows:
    subjects, data = view.who.tables[hits.table], view.result.dataset.tables[hits.table]
    return _Rows(
        subjects, hits.rows.tolist(), subjects.household[hits.rows].tolist(),
        subjects.place[hits.rows].tolist(), data.sheet[hits.rows].tolist(),
        data.raw_row[hits.rows].tolist(),
    )  # fmt: skip


def label(text: Label, lang: Lang) -> str:
    """Return a label in a language, in Chinese where there is no other."""
    return say((text.zh, text.en or text.zh), lang)


def _of_row(view: View, context: _Context, at: int, voice: _Voice) -> FindingView:
    hits, rows = context.hits, context.rows
    assert rows is not None
    table, row, house, place = hits.table, rows.row[at], rows.household[at], rows.place[at]
    fields = hits.blame
    if hits.blame_per_row is not None:
        fields = (hits.blame_per_row[at],) if hits.blame_per_row[at] else ()
    found = [(name, view.cells.find(table, row, name)) for name in fields]
    if len(found) > 1:  # what the sheet has no column for cannot be corrected there
        found = [one for one in found if one[1][1]] or found[:1]
    message = context.render(at)
    cells, origins, values = [], [], []
    for field, (origin, cell, raw) in found:
        shown = voice.mask(table, field, raw) if raw else None
        if raw and shown and shown != raw:
            message = redacted(message, raw, shown)
        cells.append(cell)
        origins.append(origin)
        values.append(shown)
    who, subjects = view.who, rows.subjects
    household = who.households[house] if house >= 0 else None
    where = who.places[place] if place >= 0 else NOWHERE
    person = subjects.person[row] if subjects.person else ""
    name = subjects.name[row] if subjects.name else ""
    head = who.heads.get(house, "")
    index = rows.sheet[at]
    sheet = view.result.dataset.sheets[index].raw
    if not view.reveal:
        household = mask_register(household) if household else None
        person = mask_register(person)
    return FindingView(
        _print(hits, at), hits.rule, hits.severity, context.title, table,
        sheet.file, sheet.name, rows.raw_row[at] + 1, tuple(cells), tuple(origins), household,
        person or None, where, voice.name(head), voice.name(name),
        tuple([field for field, _ in found]), tuple(values), message, context.advice, index,
        settle=context.settle, stake=_stake(hits, at), state=_state(hits, at),
        suggestion=_suggestion(hits, at, voice),
    )  # fmt: skip


def _suggestion(hits: RuleHits, at: int, voice: _Voice) -> SuggestionView | None:
    one = hits.suggestions[at] if hits.suggestions else None
    if one is None:
        return None
    shown, why = voice.mask(hits.table, one.field, one.value), say(one.why, voice.lang)
    return SuggestionView(one.field, shown, one.confidence, why, one.value)


def _stake(hits: RuleHits, at: int) -> StakeView | None:
    stake = hits.stake
    if stake is None:
        return None
    line, head, doubt = (float(c[at]) for c in (stake.line, stake.per_head, stake.doubt))
    known = [None if x != x else x for x in (line, head, doubt)]
    flips = {1: True, 0: False}.get(int(stake.flips[at]))
    return StakeView(stake.label, known[0], known[1], known[2], flips)


def _of_sheet(view: View, context: _Context, at: int, voice: _Voice) -> FindingView:
    hits = context.hits
    index = (hits.sheet or [])[at]
    cells = tuple((hits.cells or [[]] * len(hits))[at])
    message = context.render(at)
    message = message if voice.policy == "open" else redacted(message, "", "")
    field = hits.blame_per_row[at] if hits.blame_per_row else ""
    sheet = view.result.dataset.sheets[index] if index >= 0 else None
    first = _ROW.search(cells[0]) if cells else None
    return FindingView(
        _print(hits, at), hits.rule, hits.severity, context.title,
        sheet.table if sheet else "", sheet.raw.file if sheet else "",
        sheet.raw.name if sheet else None, int(first.group()) if first else None, cells,
        (index,) * len(cells), None, None, NOWHERE, "", "",
        (field,) if field else (), (None,) if field else (),
        message, context.advice, index, True, context.settle, state=_state(hits, at),
    )  # fmt: skip


def count_blamed(view: View) -> int:
    """Return how many rows the findings have in a list, without making them."""
    total = 0
    for hits in view.ordered.hits:
        if hits.sheet is not None or hits.blame_per_row is not None or len(hits.blame) < 2:
            total += len(hits)
        else:
            has = [view.cells.carried(hits.table, hits.rows, name) for name in hits.blame]
            total += int(np.maximum(np.sum(has, axis=0), 1).sum())
    return total


class Blamed(NamedTuple):
    """One field of a finding; `cell` lies on sheet `origin`."""

    field: str
    value: str
    cell: str
    origin: int


def blamed(one: FindingView, lang: Lang) -> list[Blamed]:
    """Return what each row is about that a finding has in a list."""
    if one.about_sheet or not one.fields:
        field = one.fields[0] if one.fields else ""
        return [Blamed(field, "", " ".join(one.cells), one.source)]
    blank = say(BLANK, lang)
    return [
        Blamed(field, (blank if value is None else value) if cell else "", cell, origin)
        for field, value, cell, origin in zip(
            one.fields, one.values, one.cells, one.origins, strict=True
        )
    ]


def addresses(view: View, one: FindingView) -> list[str]:
    """Return a finding's cells; those of another sheet say which: `'户表'!H12`."""
    sheets, told = view.result.dataset.sheets, []
    for cell, origin in zip(one.cells, one.origins, strict=True):
        if cell and origin != one.source and sheets[origin].raw.name:
            name = (sheets[origin].raw.name or "").replace("'", "''")
            cell = f"'{name}'!{cell}"
        if cell:
            told.append(cell)
    return told


def _print(hits: RuleHits, at: int) -> str:
    assert hits.prints is not None
    return hits.prints.digests[at].hex()


def _state(hits: RuleHits, at: int) -> str | None:
    return hits.states[at] if hits.states else None


def _row_namer(view: View, table: str, voice: _Voice) -> Callable[[int, int], str]:
    """Return how another row of a table is named to a person."""
    data = view.result.dataset.tables.get(table)
    subjects = view.who.tables.get(table)
    sheets = view.result.dataset.sheets

    def named(own: int, other: int) -> str:
        if data is None:
            return ""
        number = data.raw_row[other] + 1
        text = f"第{number}行" if voice.lang == "zh" else f"row {number}"
        if data.sheet[other] != data.sheet[own]:
            there, here = sheets[data.sheet[other]].raw, sheets[data.sheet[own]].raw
            place = there.name or there.file if there.file == here.file else there.label
            text = f"{place} {text}"
        name = subjects.name[other] if subjects and subjects.name else ""
        if subjects and not subjects.name:
            name = view.who.heads.get(int(subjects.household[other]), "")
        return f"{text} {voice.name(name)}" if name else text

    return named
