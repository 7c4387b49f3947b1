"""All that is known about one household as people will see it: built once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from fupin_audit.model.dossier import Dossier, Lack, Ruling, Spot
from fupin_audit.packs.manifest import Card
from fupin_audit.report.assessment.view import assessment_view
from fupin_audit.report.finding import addresses, findings, label
from fupin_audit.report.household.page import MEMBER, Page, pages, people
from fupin_audit.report.household.values import UNREADABLE, Values
from fupin_audit.report.household.words import Frame, frame
from fupin_audit.report.masking import mask_name, mask_register, masker
from fupin_audit.report.view import NOWHERE, FindingView, View, place_name, view
from fupin_audit.report.words import BLANK, Lang, say

SETTLE = {
    "desk": ("查台账资料", "papers"),
    "phone": ("打电话", "a call"),
    "visit": ("入户", "a visit"),
}


class Seen(NamedTuple):
    """A value a rule looked at: whose (empty for the row itself), field, text."""

    whose: str
    field: str
    text: str


class RulingView(NamedTuple):
    """One rule on one row: `who` is a member's name, empty for the household."""

    rule: str
    title: str
    severity: str
    verdict: str
    table: str
    who: str
    saw: tuple[Seen, ...]
    lacks: tuple[str, ...]


class Case(NamedTuple):
    """A finding and those that follow from it."""

    root: FindingView
    cells: tuple[str, ...]
    follow: tuple[FindingView, ...]


class Gap(NamedTuple):
    """Something missing, where, and the rules that wait for it."""

    what: str
    cell: str
    rules: tuple[str, ...]


@dataclass
class DossierView:
    """What every report of a dossier is made from.

    Attributes:
        person: Name of the person asked for, masked as the policy asks; empty
            for a household. `person_row` is the row in the member table.
        cases: Findings by root, the most urgent first.
        rulings: Every rule on every row it asks, in the order of rules.
        gaps: What is missing, that for which most rules wait first.
    """

    of: Dossier
    check: View
    page: Page
    frame: Frame
    lang: Lang
    reveal: bool
    person: str = ""
    person_row: int = -1
    cases: list[Case] = field(default_factory=list)
    rulings: list[RulingView] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def say(self, zh: str, en: str) -> str:
        return say((zh, en), self.lang)

    def count(self, verdict: str) -> int:
        """Return how many rules came to a verdict on some row."""
        return len({r.rule for r in self.rulings if r.verdict == verdict})

    def of_verdict(self, verdict: str) -> list[RulingView]:
        return [r for r in self.rulings if r.verdict == verdict]


def dossier_view(
    dossier: Dossier, *, reveal: bool = False, lang: Lang = "zh", key: bytes = b""
) -> DossierView:
    """Order and mask a dossier. Names are masked too, unless revealed."""
    result = dossier.result
    check = view(result, reveal=reveal, lang=lang, key=key)
    values = Values(result.dataset, result.pack, masker(result.pack, check.policy(named=False)))
    page, around = _page(dossier, check, values, lang)
    made = DossierView(dossier, check, page, around, lang, reveal)
    if dossier.person_table == MEMBER and dossier.person >= 0:
        made.person_row = dossier.person
        made.person = _name(check, values, MEMBER, dossier.person)
    made.cases = _cases(check)
    made.rulings = [_ruling(one, check, values, lang) for one in dossier.rulings]
    made.gaps = _gaps(dossier, check, values, lang)
    return made


def _page(dossier: Dossier, check: View, values: Values, lang: Lang) -> tuple[Page, Frame]:
    result, reveal = dossier.result, check.reveal
    if dossier.assessment is not None and dossier.main >= 0:
        seen = assessment_view(dossier.assessment, reveal=reveal, lang=lang)
        (page,) = pages(seen, named=False).make([dossier.main])
        around = frame(seen)
        return page, around
    page = Page(-1, "", "", NOWHERE, "")
    page.rows = dossier.rows[MEMBER].tolist() if MEMBER in dossier.rows else []
    subjects = check.who.tables.get(MEMBER)
    if subjects is not None and page.rows:
        home = int(subjects.household[page.rows[0]])
        key = check.who.households[home] if home >= 0 else ""
        head = check.who.heads.get(home, "")
        page.household = key if reveal else mask_register(key)
        page.head = head if reveal else mask_name(head)
        page.place = check.who.places[int(subjects.place[page.rows[0]])]
        card = result.pack.card or Card(household=(), member=())
        page.columns, page.people = people(result.pack, card, values, lang, page.rows)
    place = place_name(result.region, check.who, lang)
    around = Frame(place, result.as_of.isoformat(), result.engine, lang, not reveal)
    return page, around


def _cases(check: View) -> list[Case]:
    every = list(findings(check))
    by_print = {one.fingerprint: one for one in every}
    follow: dict[str, list[FindingView]] = {}
    for one in every:
        root = one
        while root.because_of and root.because_of in by_print:
            root = by_print[root.because_of]
        if root is not one:
            follow.setdefault(root.fingerprint, []).append(one)
    return [
        Case(one, tuple(addresses(check, one)), tuple(follow.get(one.fingerprint, ())))
        for one in every
        if not one.because_of or one.because_of not in by_print
    ]


def _ruling(one: Ruling, check: View, values: Values, lang: Lang) -> RulingView:
    rule = check.result.pack.rules[one.rule]
    saw = []
    for spot in one.saw:
        shown = values.show(spot.table, spot.row, spot.field)
        if shown.text:
            own = (spot.table, spot.row) == (one.table, one.row)
            whose = "" if own else _name(check, values, spot.table, spot.row)
            saw.append(Seen(whose, _field(check, spot, lang), shown.text))
    lacks = tuple(dict.fromkeys(_lack(lack, one, check, values, lang) for lack in one.lacks))
    return RulingView(
        one.rule, label(rule.title, lang), rule.severity, one.verdict, one.table,
        _name(check, values, one.table, one.row), tuple(dict.fromkeys(saw)), lacks,
    )  # fmt: skip


def _field(check: View, spot: Spot, lang: Lang) -> str:
    last, name = spot.field.startswith("last_year."), spot.field.removeprefix("last_year.")
    told = check.result.pack.tables[spot.table].fields[name].en if lang == "en" else name
    return say(("上年", "last year's "), lang) + told if last else told


def _name(check: View, values: Values, table: str, row: int) -> str:
    """Name the person a row is about; empty for a row about the household."""
    role = check.result.pack.role(table, "person_name")
    if role is None or check.result.pack.role(table, "person_key") is None:
        return ""
    return values.show(table, row, role).text or say(BLANK, check.lang)


def _lack(lack: Lack, one: Ruling, check: View, values: Values, lang: Lang) -> str:
    if lack.spot is None:
        return lack.why
    spot = lack.spot
    own = (spot.table, spot.row) == (one.table, one.row)
    whose = "" if own else _name(check, values, spot.table, spot.row)
    return _what(lack.state, whose, _field(check, spot, lang), lang)


def _what(state: str, whose: str, name: str, lang: Lang) -> str:
    owner = say((f"{whose}的", f"{whose}: "), lang) if whose else ""
    pair = {
        "blank": (f"{owner}“{name}”没有填", f"{owner}{name} is blank"),
        "void": (f"{owner}“{name}”{UNREADABLE}", f"{owner}{name} cannot be read"),
        "absent": (f"表里没有“{name}”一列", f"no column {name}"),
    }[state]
    return say(pair, lang)


def _gaps(dossier: Dossier, check: View, values: Values, lang: Lang) -> list[Gap]:
    rules: dict[tuple[str, str], dict[str, None]] = {}
    for one in dossier.rulings:
        for lack in one.lacks:
            spot = lack.spot
            if spot is None:
                key = (lack.why, "")
            else:
                whose = _name(check, values, spot.table, spot.row)
                name = _field(check, spot, lang)
                absent = lack.state == "absent"
                cell = "" if absent else values.as_read(spot)[0]
                key = (_what(lack.state, "" if absent else whose, name, lang), cell)
            rules.setdefault(key, {})[one.rule] = None
    weight = Counter({key: len(found) for key, found in rules.items()})
    return [Gap(*key, tuple(rules[key])) for key, _ in weight.most_common()]
