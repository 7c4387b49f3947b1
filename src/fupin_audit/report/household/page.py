"""The parts of a household's page, ready to be laid out: who, both lists, income.

`Pages` is built once for all households of a run; a page is made when asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from fupin_audit.model.assessment import Assessment
from fupin_audit.model.values import Plain
from fupin_audit.packs.manifest import Card, CardPolicy
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.report.assessment.subjects import SubjectView, subjects
from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.household.money import Account, account
from fupin_audit.report.household.values import Values, yuan
from fupin_audit.report.masking import Policy, masker
from fupin_audit.report.register import Place, Register, Texts, texts_of
from fupin_audit.report.words import Lang, say

HOUSEHOLD, MEMBER = "household", "member"
NAME = ("姓名", "Name")


class Fact(NamedTuple):
    label: str
    text: str


class Criterion(NamedTuple):
    """One criterion: `answer` as in `model.assessment`, and why not."""

    id: str
    label: str
    answer: int
    reason: str
    veto: bool


class Benefit(NamedTuple):
    """One policy the registers show: what of it, yuan a year (None: no amount)."""

    label: str
    told: str
    amount: float | None


@dataclass(slots=True)
class Page:
    """Everything one household's card shows.

    Attributes:
        kind: The class it is in, empty where it is not judged; `attention`: that
            class asks for somebody.
        columns, people: Members; the first column is the name. `rows` are their
            rows in the member table, −1 where none is shown.
        benefits: Policies the registers show. `none` are those they have columns
            for and show nothing of; `unlisted` those they have no column for.
        account: The income ledger; None without one.
    """

    row: int
    household: str
    head: str
    place: Place
    year: str
    facts: list[Fact] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    people: list[list[str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    kind: str = ""
    means: str = ""
    attention: bool = False
    benefits: list[Benefit] = field(default_factory=list)
    none: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)
    account: Account | None = None


@dataclass
class Pages:
    """What all pages of a run are made from."""

    view: AssessmentView
    card: Card
    values: Values
    lang: Lang
    named: bool
    members: dict[int, list[int]]
    judged: set[int]

    @property
    def of(self) -> Assessment:
        return self.view.of

    @property
    def who(self) -> Register:
        return self.view.who

    def make(self, rows: Sequence[int]) -> Iterator[Page]:
        """Yield the pages of rows of the household table, in that order."""
        asked = replace(self.view, order=np.array(rows, dtype=np.int64))
        for subject in subjects(asked, named=self.named, lang=self.lang):
            yield self._page(subject)

    def _page(self, subject: SubjectView) -> Page:
        row = subject.row
        made = Page(row, subject.household, subject.head, subject.place, self._year(row))
        made.facts = self._facts(row)
        made.rows = self.members.get(row, [])
        made.columns, made.people = people(
            self.of.pack, self.card, self.values, self.lang, made.rows
        )
        kind = self.of.kinds[subject.kind] if subject.kind >= 0 else None
        if kind is not None and row in self.judged:
            made.kind, made.means = say(kind.label, self.lang), say(kind.means, self.lang)
            made.attention = kind.attention
        each = zip(self.of.criteria, subject.answers, subject.reasons, strict=True)
        made.criteria = [
            Criterion(one.id, say(one.label, self.lang), answer, reason, one.veto)
            for one, answer, reason in each
        ]
        for policy in self.card.policies:
            self._policy(made, policy)
        if self.of.ledger is not None:
            made.account = account(self.of.ledger, row, self.lang)
        return made

    def _year(self, row: int) -> str:
        ledger = self.of.ledger
        if ledger is None or np.isnan(ledger.year[row]):
            return ""
        return f"{ledger.year[row]:.0f}"

    def _label(self, table: str, name: str) -> str:
        return label_of(self.of.pack, self.card, self.lang, table, name)

    def _facts(self, row: int) -> list[Fact]:
        made = []
        for name in self.card.household:
            shown = self.values.show(HOUSEHOLD, row, name)
            if shown.text:
                made.append(Fact(self._label(HOUSEHOLD, name), shown.text))
        return made

    def _policy(self, page: Page, policy: CardPolicy) -> None:
        label = say((policy.label.zh, policy.label.en), self.lang)
        own = [f for f in (*policy.fields, *policy.amounts) if self.values.has(HOUSEHOLD, f)]
        persons = [f for f in policy.members if self.values.has(MEMBER, f)]
        if not own and not persons:
            page.unlisted.append(label)
            return
        told = [t for f in own if f in policy.fields and (t := self._of_house(page.row, f))]
        told += [t for f in persons if (t := self._of_people(page.rows, f, len(persons) > 1))]
        amounts = [(f, self._amount(page.row, f)) for f in own if f in policy.amounts]
        had = [(f, a) for f, a in amounts if a]
        if len(had) > 1:
            told += [f"{self._label(HOUSEHOLD, f)} {yuan(a)}" for f, a in had]
        if not told and not had:
            page.none.append(label)
            return
        total = sum(a for _, a in had) if had else None
        page.benefits.append(Benefit(label, "；".join(dict.fromkeys(told)), total))

    def _of_house(self, row: int, name: str) -> str:
        text = self.values.show(HOUSEHOLD, row, name).text
        if not text or text in self.card.nothing:
            return ""
        return self._label(HOUSEHOLD, name) if text == "是" else text

    def _of_people(self, rows: list[int], name: str, several: bool) -> str:
        """Say who has it; of everybody only that it is everybody. Of `several`
        columns in one line each is named."""
        person = self.of.pack.role(MEMBER, "person_name") or ""
        had: dict[str, list[str]] = {}
        for row in rows:
            text = self.values.show(MEMBER, row, name).text
            if text and text not in self.card.nothing:
                had.setdefault(text, []).append(self.values.show(MEMBER, row, person).text)
        told = []
        for text, names in had.items():
            whole = len(names) == len(rows) and len(rows) > 1
            many = (
                f"全家 {len(rows)} 人" if whole else "、".join(n or "（未填姓名）" for n in names)
            )
            told.append(many if text == "是" else f"{many}（{text}）")
        if told and several:
            return f"{self._label(MEMBER, name)}：{'、'.join(told)}"
        return "；".join(told)

    def _amount(self, row: int, name: str) -> float:
        amounts = self.of.dataset.tables[HOUSEHOLD].columns[name]
        assert isinstance(amounts, Plain)
        return float(amounts.data[row]) if amounts.known[row] else 0.0


def label_of(pack: ResolvedPack, card: Card, lang: Lang, table: str, name: str) -> str:
    """Return what a column of a card is called."""
    return pack.tables[table].fields[name].en if lang == "en" else card.short.get(name, name)


def people(
    pack: ResolvedPack, card: Card, values: Values, lang: Lang, rows: list[int]
) -> tuple[list[str], list[list[str]]]:
    """Return the columns in which any of the members has something, and the members."""
    name = pack.role(MEMBER, "person_name")
    names = [name] if name else []
    names += [f for f in card.member if values.has(MEMBER, f)]
    lines = [[values.show(MEMBER, row, f).text for f in names] for row in rows]
    kept = [
        i for i in range(len(names))
        if not i or any(line[i] and line[i] not in card.nothing for line in lines)
    ]  # fmt: skip
    labels = [
        say(NAME, lang) if f == name else label_of(pack, card, lang, MEMBER, f) for f in names
    ]
    return [labels[i] for i in kept], [[line[i] for i in kept] for line in lines]


def pages(view: AssessmentView, *, named: bool) -> Pages:
    """Prepare the pages of an assessment of households.

    Args:
        named: Leave names in full, for cards that go to the household.
    """
    policy: Policy = view.policy(named=named)
    pack, dataset = view.of.pack, view.of.dataset
    values = Values(dataset, pack, masker(pack, policy))
    card = pack.card or Card(household=(), member=())
    return Pages(view, card, values, view.lang, named, _members(view), set(view.of.rows.tolist()))


def _members(view: AssessmentView) -> dict[int, list[int]]:
    """Return the member rows of every row of the household table: those of its
    household and, in registers of several years, of its year. A member that does
    not say its year goes with every year; a household that does not, with the last."""
    found: dict[int, list[int]] = {}
    members, homes = view.who.tables.get(MEMBER), view.who.tables.get(HOUSEHOLD)
    if members is None or homes is None:
        return found
    theirs, ours = _years(view, MEMBER), _years(view, HOUSEHOLD)
    named, known = _named(theirs), _named(ours)
    several = len(named) > 1 or len(known) > 1
    last = max(named & known or named, default="")
    by_home: dict[tuple[int, str], list[int]] = {}
    for row, home in enumerate(members.household.tolist()):
        if home >= 0:
            year = theirs[row] if several and theirs is not None else ""
            by_home.setdefault((home, year), []).append(row)
    for row, home in enumerate(homes.household.tolist()):
        year = (ours[row] if ours is not None else "") or last
        dated = by_home.get((home, year), []) if several and year else []
        found[row] = sorted([*by_home.get((home, ""), []), *dated])
    return found


def _named(years: Texts | None) -> set[str]:
    """Return the years that rows name."""
    if years is None:
        return set()
    return {years.values[code] for code in set(years.codes.tolist()) if code >= 0}


def _years(view: AssessmentView, table: str) -> Texts | None:
    return texts_of(view.of.dataset.tables[table], view.of.pack.role(table, "year"))
