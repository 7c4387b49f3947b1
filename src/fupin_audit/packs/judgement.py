"""The shape of the files in `judgement/`: how income is reckoned, and by which
criteria a household, village or county is judged.

    judgement/income.yaml      IncomeMethod
    judgement/<level>.yaml     Judgement: household, village or county
    judgement/procedure.yaml   Procedures

An overlay's file of the same name is laid on the core's: its criteria, groups,
classes and standards replace those with the same id and add the others; its
other keys replace the core's where they are written.
"""

from __future__ import annotations

from typing import Literal

from fupin_audit.packs.shapes import Basis, Era, Label, Shape

Level = Literal["household", "village", "county"]
ERAS: tuple[Era, ...] = ("registration", "monitoring", "regular")


class IncomeItem(Shape, frozen=True, kw_only=True):
    """A column below a kind of income, or below the costs.

    `amount` is what counts of it (an expression; the column itself if left
    out) and `counts` the condition under which it counts (always if left out).
    An `extra` counts where it is filled and is nothing where it is not. What is
    `within` another item is shown beside it and never added.
    """

    field: str
    amount: str | None = None
    counts: str | None = None
    extra: bool = False
    within: str | None = None
    basis: tuple[Basis, ...] = ()
    note: str = ""


class IncomeKind(Shape, frozen=True, kw_only=True):
    """One of the four kinds of income, or the costs: a subtotal and its items."""

    id: str
    label: Label
    field: str
    items: tuple[IncomeItem, ...] = ()


class Standard(Shape, frozen=True, kw_only=True):
    """A line income per head is held against; `value` is yuan, per row."""

    id: str
    label: Label
    value: str
    era: tuple[Era, ...] = ERAS


class IncomeMethod(Shape, frozen=True, kw_only=True):
    """How the income of a household is reckoned.

    All expressions are of `table`. `judged` is the income per head that exit is
    judged by; `blank_is_zero` the condition under which an empty item counts as
    nothing. `options` names the parameters that make up the local method, to be
    shown with every ledger.
    """

    id: Literal["income"]
    table: str = "household"
    label: Label
    note: str = ""
    basis: tuple[Basis, ...]
    year: str
    size: str
    digits: str
    judged: str
    blank_is_zero: str
    kinds: tuple[IncomeKind, ...]
    cost: IncomeKind
    gross: str
    net: str
    per_head: str
    standards: tuple[Standard, ...]
    options: tuple[str, ...]


class Criterion(Shape, frozen=True, kw_only=True):
    """One question about a household, village or county, answered met, not met
    or cannot be judged.

    `met` is a condition of the judgement's table, `when` the condition under
    which the question arises at all (elsewhere it is met). `reason` says why it
    is not met, as a message of a rule does. `rests_on` names the columns whose blank makes it
    impossible to judge (`字段` or `member.字段`), each with the condition under
    which it matters (empty: always).
    `because` names the rules that check the same thing. `veto` names the regions in which
    it alone stops an exit ("" is everywhere). `gap` says why a list is known to
    exist and not known in its wording: such a criterion is never judged. One
    asked `if_possible` is left unasked where it cannot be judged. `value`
    and `limit` are shown in the table of indicators.
    """

    id: str
    label: Label
    short: Label
    met: str = "False"
    when: str | None = None
    reason: Label
    rests_on: dict[str, str] = {}  # noqa: RUF012 - msgspec copies defaults
    because: tuple[str, ...] = ()
    veto: tuple[str, ...] = ()
    if_possible: bool = False
    era: tuple[Era, ...] = ERAS
    regions: tuple[str, ...] = ()
    gap: str = ""
    value: str | None = None
    limit: str | None = None
    unit: str = ""
    basis: tuple[Basis, ...]
    note: str = ""


class Figure(Shape, frozen=True, kw_only=True):
    """A number shown beside a subject, such as a rate as filled and as recomputed
    from the rows. With `against`, another figure's id, the two are held to each
    other: more than `tolerance` (an expression) apart, they are told apart."""

    id: str
    label: Label
    value: str
    unit: str = ""
    digits: int = 2
    against: str | None = None
    tolerance: str = "0"


class Step(Shape, frozen=True, kw_only=True):
    """One step of a procedure: the column of its day. `needless` is a condition
    under which it may be left out."""

    field: str
    label: Label | None = None
    needless: str | None = None


class Span(Shape, frozen=True, kw_only=True):
    """A length of time between two steps: at least, or at most, so many days.
    `inclusive` counts the first day and the last."""

    id: str
    label: Label
    start: str
    end: str
    inclusive: bool = False
    least: str | None = None
    most: str | None = None


class Procedure(Shape, frozen=True, kw_only=True):
    """Steps that follow one another, each on the day of the one before or later."""

    id: str
    label: Label
    table: str
    when: str
    steps: tuple[Step, ...]
    spans: tuple[Span, ...] = ()
    because: tuple[str, ...] = ()
    era: tuple[Era, ...] = ERAS
    basis: tuple[Basis, ...]


class Procedures(Shape, frozen=True, kw_only=True):
    """judgement/procedure.yaml"""

    id: Literal["procedure"]
    label: Label
    note: str = ""
    procedures: tuple[Procedure, ...]


class Class(Shape, frozen=True, kw_only=True):
    """What a subject is called. The first class whose conditions surely hold is
    taken, if the earlier ones surely do not.

    `criteria`: `all_met`, `some_unmet`, `some_unknown`; `when` is a condition of
    the table. `attention` puts its members on the list of those to be seen to.
    """

    id: str
    label: Label
    means: Label
    when: str | None = None
    criteria: Literal["all_met", "some_unmet", "some_unknown"] | None = None
    attention: bool = False


class Group(Shape, frozen=True, kw_only=True):
    """Which subjects are looked at together: exiting this year, remaining …"""

    id: str
    label: Label
    when: str
    era: tuple[Era, ...] = ERAS


class Flag(Shape, frozen=True, kw_only=True):
    """A group and an answer that do not go together: marked as exited, yet a
    criterion is not met. `met` is every criterion met, `unmet` at least one not
    met, `unknown` none unmet but some that cannot be judged. `classes` limits it
    to some classes."""

    id: str
    label: Label
    group: str
    when: Literal["met", "unmet", "unknown"]
    classes: tuple[str, ...] = ()
    advice: Label


class Judgement(Shape, frozen=True, kw_only=True):
    """The criteria of one level, and what their answers add up to."""

    id: Level
    table: str
    label: Label
    note: str = ""
    subject: str | None = None
    criteria: tuple[Criterion, ...] = ()
    classes: tuple[Class, ...] = ()
    figures: tuple[Figure, ...] = ()
    groups: tuple[Group, ...] = ()
    flags: tuple[Flag, ...] = ()
