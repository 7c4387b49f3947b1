"""The shape of every YAML file of a rule pack. This module *is* the format, with
`manifest.py` for the files about the pack as a whole and `judgement.py`.

A pack is a folder:

    pack.yaml               Manifest (manifest.py)
    terms.yaml              {name: Term}: named expressions rules may use
    tables/<table>.yaml     Table
    codes/<list>.yaml       CodeList
    params/<name>.yaml      Parameter
    checks/<family>/<ID>-<name>.yaml   Rule, one file each
    judgement/<name>.yaml   how `assess` judges (judgement.py)
    retired.yaml            {id: Retirement} (manifest.py)
    overrides.yaml          {id: Override}, overlays only (manifest.py)

Unknown keys are errors: a misspelt key must not silently do nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

Severity = Literal["error", "warning", "info"]
Era = Literal["registration", "monitoring", "regular"]
Kind = Literal["row", "unique", "match", "observed"]
Settle = Literal["desk", "phone", "visit"]
Expect = Literal["pass", "violated", "unknown"]
FieldType = Literal[
    "text", "name", "id_number", "phone", "account", "region",
    "number", "integer", "money", "date", "month", "year", "period", "code", "codes",
]  # fmt: skip
Observed = Literal[
    "blank_required", "unreadable", "unknown_code", "error_cell", "formula_without_result",
    "destroyed_number", "disagrees", "unit_doubt",
    "ambiguous_header", "missing_column", "set_aside", "total_differs",
]  # fmt: skip
Finder = Literal[
    "near_id", "id_18", "sex_of_id", "birth_of_id", "slipped_number", "slipped_date",
    "near_code", "near_place", "near_key", "listed_id",
]  # fmt: skip
Confidence = Literal["safe", "unsafe"]


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Common settings: immutable, keyword only, unknown keys refused."""


class Label(Shape, frozen=True, kw_only=True):
    """Text in both languages; Chinese is what users read first."""

    zh: str
    en: str = ""


class Basis(Shape, frozen=True, kw_only=True):
    """A public document a rule or value rests on.

    `document` names issuer, title and number. `source` is a link, and only to a
    government or official-press host; empty when there is none that may be
    given. `confidence: weak` marks a figure seen only in a secondary source.
    """

    document: str
    clause: str = ""
    date: str = ""
    source: str = ""
    confidence: Literal["firm", "weak", "inferred"] = "firm"
    note: str = ""


class Suggest(Shape, frozen=True, kw_only=True):
    """What a doubtful cell might rightly hold: one way to say it.

    Either `value`, an expression of the rule's table, or `find`, a way of looking
    that Python names; `slipped_number` looks for the number by which `gap`, a sum
    that should be zero, comes to it. `field` is left out where each row of the
    rule is about a field of its own (observed rules), and where any number of the
    gap may be the wrong one. `when` says on which of the violated rows there is
    anything to suggest.

    `safe` means that the value follows by arithmetic or identity alone. It is
    taken for no more than probable where a cell it rests on is in doubt itself.
    """

    field: str = ""
    value: str | None = None
    find: Finder | None = None
    gap: str | None = None
    confidence: Confidence = "unsafe"
    when: str | None = None
    why: Label | None = None


class Example(Shape, frozen=True, kw_only=True):
    """One situation and the verdict expected of it; the rule's own test.

    Exactly one of these says what the rows are:
      given: cells of one row of the rule's table, as a clerk would type them.
      rows: `{table: [cells, …]}` where several tables or rows matter; the
        verdict is that of the first row of the rule's table unless `row` says
        otherwise.
      sheet: a grid as it stands in a workbook, for observed rules.
    `doubt` is what the rule's `doubt` must come to on the violated row, in yuan.
    `suggests` is what must be suggested there, `{field: value}`; a null value means
    that nothing may be suggested for the field.
    A cell written `{error: "#N/A"}` is an error cell. A field left out of
    `given`/`rows` is a column the sheet does not have; null is a blank cell.
    """

    name: str
    expect: Expect
    given: dict[str, Any] | None = None
    rows: dict[str, list[dict[str, Any]]] | None = None
    sheet: list[list[Any]] | None = None
    row: int = 0
    doubt: float | None = None
    suggests: dict[str, str | int | float | None] = {}
    as_of: date | None = None
    region: str | None = None
    table: str | None = None


class Match(Shape, frozen=True, kw_only=True):
    """The counterpart a row of a `match` rule must have in another table; without
    `on` it is the row above it by the pack's relations."""

    table: str
    on: dict[str, str] = {}
    when: str | None = None


class Rule(Shape, frozen=True, kw_only=True):
    """One rule: one file, one page, its own tests.

    A row rule is judged `when` implies `must`, in Kleene logic: what cannot be
    known is unknown. A unique rule is violated where two rows in scope (`when`)
    have the same `key`; with `differing`, only if they also differ in that
    value. A match rule needs a counterpart. An observed rule reports what
    reading, recognising or normalising saw; Python names the observation.

    `settle` is the least that settles a finding: papers at the desk, a telephone
    call, or a visit to the house. `doubt` is an expression of the rule's table:
    how many yuan of the household's yearly income are in doubt where the rule is
    violated; from it follows whose exit judgement hangs on the answer. `suggest`
    says what the doubtful cells might rightly hold: the first entry that has an
    answer gives it.
    """

    id: str
    name: str
    title: Label
    table: str
    kind: Kind
    severity: Severity
    audit_item: int
    settle: Settle
    era: tuple[Era, ...] = ("registration", "monitoring", "regular")
    regions: tuple[str, ...] = ()
    population: tuple[Literal["P", "M"], ...] = ()
    official: tuple[str, ...] = ()
    evidence: Literal["seen", "weak", "inferred"] = "seen"
    basis: tuple[Basis, ...]
    when: str | None = None
    must: str | None = None
    key: tuple[str, ...] = ()
    differing: str | None = None
    match: Match | None = None
    observed: Observed | None = None
    doubt: str | None = None
    suggest: tuple[Suggest, ...] = ()
    blame: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    message: Label
    advice: Label
    false_alarms: str
    never_unknown: str = ""
    examples: tuple[Example, ...]


class Field(Shape, frozen=True, kw_only=True):
    """One column of a table. Aliases are matched exactly, after header
    normalising; a unit in the header is converted to `unit`.

    A `period` is a month, or a year where the register has no more than that.
    `group_aliases` bind a header only under a group title:
    `{土地情况: [其他]}`. `required` names the eras in which a blank is FM001.
    `code_set` is the set of bare numbers of the code list this field uses.
    `expected` names the eras in which a sheet without the column is FM007.
    No honest column lies wholly at or below `low`, few reach `high`.
    `sums: false`: a totals row does not add this column up (averages, rates,
    distances, ages).
    """

    en: str
    type: FieldType
    codes: str | None = None
    code_set: str | None = None
    invert_aliases: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    group_aliases: dict[str, tuple[str, ...]] = {}
    ambiguous: tuple[str, ...] = ()
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    sums: bool = True
    role: str | None = None
    personal: bool = False
    required: tuple[Era, ...] = ()
    expected: tuple[Era, ...] = ()
    note: str = ""


class Table(Shape, frozen=True, kw_only=True):
    """One kind of row. `key` identifies a row; `signature` are fields of which
    a sheet must have at least one to be this table at all. `titles` are words
    of a file's name, a sheet's name or the lines above the header that say a
    sheet is this table. With `repeats` several rows of a sheet may be about the
    same person or household."""

    table: str
    label: Label
    key: tuple[str, ...]
    signature: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    repeats: bool = False
    fields: dict[str, Field]


class Code(Shape, frozen=True, kw_only=True):
    """One value of a code list. `label` is canonical; `misprints` are accepted
    and logged like aliases. `numbers` maps a code set to its bare number."""

    label: str
    aliases: tuple[str, ...] = ()
    misprints: tuple[str, ...] = ()
    numbers: dict[str, str] = {}
    since: int | None = None
    until: int | None = None


class CodeList(Shape, frozen=True, kw_only=True):
    """`open: true` lists are known to be incomplete: an unseen value is kept
    and reported at info."""

    id: str
    label: Label
    open: bool = False
    basis: tuple[Basis, ...] = ()
    values: tuple[Code, ...]


class Value(Shape, frozen=True, kw_only=True):
    """A parameter's value from a day on, until the next one of its region.
    `value: null` is a declared gap and needs `gap`, the reason."""

    since: date
    value: Any = None
    region: str | None = None
    gap: str = ""
    basis: tuple[Basis, ...] = ()


class Parameter(Shape, frozen=True, kw_only=True):
    id: str
    title: Label
    unit: str = ""
    note: str = ""
    values: tuple[Value, ...]


class Term(Shape, frozen=True, kw_only=True):
    """A named expression: `在校: filled(在校生状况)`, usable like a field of
    its table."""

    table: str
    means: str
    note: str = ""
