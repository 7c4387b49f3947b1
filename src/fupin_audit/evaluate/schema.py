"""A table's law as one pandera schema, and the backend that judges it.

Stock pandera can run the schema: every field contract is a `Column`, every row
rule a named `Check`. Its error report, though, explodes a failing row into one
line per column and knows two verdicts, so for our schema class a backend of our
own evaluates the same checks to verdict columns. A property test holds the two
to the same (rule, row) pairs, and a run of `check` to both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.backends.pandas.container import DataFrameSchemaBackend
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.foreign import table_data
from fupin_audit.evaluate.judge import Verdict, judge, verdict_or_reason
from fupin_audit.evaluate.plan import Plan, compile_rules, why_skipped
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Field

CONTRACT = {"required": "FM001", "type": "FM002", "codes": "FM003"}
"""Rule ids of the field contracts, as check names."""

NUMERIC = frozenset({"number", "integer", "money", "month", "year", "period"})


class AuditSchema(pa.DataFrameSchema):
    """A pandera schema that knows the plans its checks were made from."""

    def __init__(
        self,
        table: str,
        pack: ResolvedPack,
        plans: Sequence[Plan] = (),
        related: Mapping[str, pd.DataFrame] | None = None,
    ) -> None:
        self.table = table
        self.pack = pack
        self.plans = tuple(plans)
        self.related = dict(related or {})
        super().__init__(
            columns=field_contracts(table, pack),
            checks=[_check(plan, pack, self.related) for plan in self.plans],
            name=table,
            title=pack.tables[table].label.zh,
        )

    def stock(self) -> pa.DataFrameSchema:
        """Return the same schema for pandera's own backend."""
        return pa.DataFrameSchema(columns=self.columns, checks=self.checks, name=self.name)


class AuditBackend(DataFrameSchemaBackend):
    """Evaluates an AuditSchema to verdict columns, each expression once."""

    def verdicts(self, schema: AuditSchema, ctx: Context) -> dict[str, Verdict | str]:
        """Judge every row rule of the schema.

        Returns:
            Rule id → the verdict per row, or why the rule is skipped (Chinese).
        """
        return {plan.rule.id: verdict_or_reason(ctx, plan) for plan in schema.plans}

    def validate(
        self, check_obj: pd.DataFrame, schema: AuditSchema, *, lazy: bool = False, **_: Any
    ) -> pd.DataFrame:
        """Validate as pandera does, with one failure case per (rule, row).

        Raises:
            SchemaErrors: With `lazy`, everything that is wrong.
            SchemaError: Without, the first thing.
        """
        ctx = _context(schema.table, schema.pack, check_obj, schema.related)
        errors: list[SchemaError] = []
        for name, column in schema.columns.items():
            if name in check_obj:
                for check in column.checks:
                    passed = check._check_fn(check_obj[name])
                    errors += _error(schema, check_obj, ~passed.to_numpy(bool), check, name)
        for check, (rule_id, verdict) in zip(
            schema.checks, self.verdicts(schema, ctx).items(), strict=True
        ):
            if isinstance(verdict, Verdict):
                errors += _error(schema, check_obj, verdict.violated, check, rule_id)
        if errors and lazy:
            raise SchemaErrors(schema=schema, schema_errors=errors, data=check_obj)
        if errors:
            raise errors[0]
        return check_obj


AuditSchema.register_backend(pd.DataFrame, AuditBackend)


def table_schema(table: str, pack: ResolvedPack, related: dict[str, pd.DataFrame]) -> AuditSchema:
    """Return the pandera schema of a table: field contracts and row rules."""
    rules = [
        r
        for r in pack.rules.values()
        if r.kind == "row" and r.table == table and r.id not in pack.inapplicable
    ]
    return AuditSchema(table, pack, compile_rules(rules, pack), related)


def _error(
    schema: AuditSchema, frame: pd.DataFrame, failed: Any, check: Any, column: str
) -> list[SchemaError]:
    at = np.flatnonzero(failed)
    if not len(at):
        return []
    values = frame[column].iloc[at] if column in frame else pd.Series([None] * len(at))
    cases = pd.DataFrame(
        {"index": frame.index[at], "failure_case": values.astype(object).to_numpy()}
    )
    return [
        SchemaError(  # type: ignore[no-untyped-call]
            schema=schema, data=frame, message=f"{check.name}: {len(at)} rows",
            failure_cases=cases, check=check, check_index=None,
            reason_code=SchemaErrorReason.DATAFRAME_CHECK,
        )
    ]  # fmt: skip


def _context(
    table: str, pack: ResolvedPack, frame: pd.DataFrame, related: Mapping[str, pd.DataFrame]
) -> Context:
    every = {**related, table: frame}
    known = {name: f for name, f in every.items() if name in pack.tables}
    return Context({name: table_data(f, pack.tables[name]) for name, f in known.items()}, pack)


def _check(plan: Plan, pack: ResolvedPack, related: Mapping[str, pd.DataFrame]) -> pa.Check:
    """A row rule as a pandera check: True where it is not violated."""

    def passes(frame: pd.DataFrame) -> pd.Series:
        ctx = _context(plan.table, pack, frame, related)
        if why_skipped(plan, ctx):
            return pd.Series(True, index=frame.index)
        return pd.Series(~judge(ctx, plan).violated, index=frame.index)

    return pa.Check(
        passes, name=plan.rule.id, title=plan.rule.title.zh, description=plan.rule.title.en,
        ignore_na=False,
    )  # fmt: skip


def field_contracts(table: str, pack: ResolvedPack) -> dict[str, pa.Column]:
    """Return what a table's fields must be, by name."""
    return {
        name: pa.Column(
            nullable=True, required=False, name=name, checks=_contract(field, pack),
            title=field.en, coerce=False,
        )
        for name, field in pack.tables[table].fields.items()
    }  # fmt: skip


def _contract(field: Field, pack: ResolvedPack) -> list[pa.Check]:
    checks: list[tuple[str, Callable[[pd.Series], pd.Series]]] = []
    if pack.era in field.required:
        checks.append(("required", lambda s: s.notna()))
    if field.type in NUMERIC:
        checks.append(("type", lambda s: s.isna() | pd.to_numeric(s, errors="coerce").notna()))
    elif field.type == "date":
        checks.append(("type", lambda s: s.isna() | pd.to_datetime(s, errors="coerce").notna()))
    codes = pack.codes[field.codes] if field.codes else None
    if codes and not codes.open and field.type == "code":
        labels = [c.label for c in codes.values]
        checks.append(("codes", lambda s: s.isna() | s.isin(labels)))
    return [pa.Check(test, name=CONTRACT[what], ignore_na=False) for what, test in checks]
