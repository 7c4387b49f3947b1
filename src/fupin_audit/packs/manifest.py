"""The shape of a pack as a whole: `pack.yaml`, `overrides.yaml`, `retired.yaml`."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from fupin_audit.packs.shapes import Era, Label, Severity, Shape


class Population(Shape, frozen=True, kw_only=True):
    """Whom a rule with `population` is about. A household belongs when `where`
    holds; a dataset with none of `columns` is `without_columns[era]`: everyone
    or nobody (rules skipped)."""

    label: Label
    where: str
    columns: tuple[str, ...]
    everyone_without_columns_in: tuple[Era, ...] = ()


class Within(Shape, frozen=True, kw_only=True):
    """Rows of a parent's sheet may each hold a row of the child as well.

    A cell of the parent's fields `told_by` that is filled, and neither 0 nor one
    of `nothing`, says that there is one. The child's fields are called as the
    parent's are, but for `names` (child's → parent's).
    """

    told_by: tuple[str, ...]
    nothing: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)


class Relation(Shape, frozen=True, kw_only=True):
    """`child` rows belong to the `parent` row with equal `on` fields.

    Of a field in `first` only so many characters count. A field in `optional`
    is left out where one side does not say it, if what is left names one
    parent only. `wide`: rows of a child's sheet may carry the parent's columns.
    """

    child: str
    parent: str
    on: tuple[str, ...]
    first: dict[str, int] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    wide: bool = False
    within: Within | None = None


class StakesLine(Shape, frozen=True, kw_only=True):
    """The line income is judged by in some eras. `at_line` says whether an
    income that equals the line meets it."""

    era: tuple[Era, ...]
    label: Label
    line: str
    at_line: Literal["meets", "fails"]


class Stakes(Shape, frozen=True, kw_only=True):
    """What a doubt about income puts at stake: whether the household meets the
    line of its year. `value` is the income per head, `size` the persons it is
    reckoned over; both and every `line` are expressions of `table`."""

    table: str
    value: str
    size: str
    lines: tuple[StakesLine, ...]


class CardPolicy(Shape, frozen=True, kw_only=True):
    """One policy on a household's card: where the registers show that it is had.
    `fields` are columns of the household, `members` of the persons, `amounts`
    yuan a year of the household."""

    label: Label
    fields: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()


class Card(Shape, frozen=True, kw_only=True):
    """What a household's card and dossier show. `short` heads a narrow column;
    `nothing` are the values that say a policy is not had, or a person is as
    people mostly are."""

    household: tuple[str, ...]
    member: tuple[str, ...]
    short: dict[str, str] = field(default_factory=dict)
    nothing: tuple[str, ...] = ()
    policies: tuple[CardPolicy, ...] = ()


class EraSpan(Shape, frozen=True, kw_only=True):
    era: Era
    label: Label
    first_year: int
    last_year: int


class Manifest(Shape, frozen=True, kw_only=True):
    """What a pack is. `triage` names rules and families in the order in which
    they explain others: of findings on one cell, the earliest is the root."""

    id: str
    version: str
    label: Label
    extends: str | None = None
    region: str | None = None
    eras: tuple[EraSpan, ...] = ()
    relations: tuple[Relation, ...] = ()
    populations: dict[str, Population] = field(default_factory=dict)
    stakes: Stakes | None = None
    triage: tuple[str, ...] = ()
    card: Card | None = None
    claims: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Override(Shape, frozen=True, kw_only=True):
    """`overrides.yaml` of an overlay: raise a core rule's severity here."""

    severity: Severity
    reason: str


class Retirement(Shape, frozen=True, kw_only=True):
    reason: str
    successor: tuple[str, ...] = ()
    since: str = ""
