"""The same check as it would be written without the product.

`pandas.read_excel`, columns renamed and cast, stock pandera schemas with the same
field contracts and the same rules, `validate(lazy=True)`, `to_excel` of the failure
cases. The rules are reckoned in nullable pandas with merges and groupings, as
`rules prove` has them, none of it by the product's own engine. What is looked up in
another table, added up over a household or taken from a text is a column that all
checks share, as somebody would write it who knows pandas; conditions and sums of
columns are each check's own. Far less is done than by the product: no cleaning log,
no addresses, no coverage, no totals, no layout, and nothing about the cells themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

import fupin_audit
from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.foreign import table_data
from fupin_audit.evaluate.plan import Plan, compile_rules, population, why_skipped
from fupin_audit.evaluate.proof.hang import Hanging
from fupin_audit.evaluate.proof.reckoner import Reckoner
from fupin_audit.evaluate.proof.verdicts import judged
from fupin_audit.evaluate.schema import field_contracts
from fupin_audit.packs.resolve import ResolvedPack, resolve

SHEETS = {"household": "户信息", "member": "家庭成员信息"}
HEADER_ROW = 2
HINT = re.compile(r"[（(].*")
COLUMNS = frozenset({"field", "up", "agg", "call"})
"""What is made a column of, before the checks."""
NUMBERS = frozenset({"number", "integer", "money", "year"})
OTHER_NAMES = {
    "低保金": "最低生活保障金",
    "特困供养金": "特困人员救助供养金",
    "养老保险金": "养老金或离退休金",
}


def check(
    book: str,
    out: Path,
    engine: str,
    day: date,
    told: dict[str, float],
    timed: Callable[[str], AbstractContextManager[None]],
) -> None:
    with timed("read"):
        frames: dict[str, pd.DataFrame] = pd.read_excel(
            book, sheet_name=list(SHEETS.values()), header=HEADER_ROW, dtype=object, engine=engine
        )  # type: ignore[call-overload]
    with timed("prepare"):
        pack = resolve(fupin_audit.load_pack(), day, "611002")
        tables = {t: _prepared(frames.pop(s), pack.tables[t]) for t, s in SHEETS.items()}
    cases: list[pd.DataFrame] = []
    with timed("validate"):
        for name, schema in _schemas(tables, pack).items():
            try:
                schema.validate(tables[name], lazy=True)
            except SchemaErrors as errors:
                cases.append(errors.failure_cases.assign(table=name))
    with timed("write"):
        found = pd.concat(cases) if cases else pd.DataFrame()
        found.to_excel(out, index=False)
    told["failure cases"] = len(found)


def _schemas(tables: dict[str, pd.DataFrame], pack: ResolvedPack) -> dict[str, pa.DataFrameSchema]:
    """Return a stock schema per table, its checks in plain pandas."""
    hanging = Hanging(tables, dict.fromkeys(tables), pack)
    nowhere = {name: pd.Series(False, index=frame.index) for name, frame in tables.items()}
    by = Reckoner(hanging.frames, hanging.all(), nowhere, pack)
    # Which rules these columns allow is what somebody would know who writes for them.
    ctx = Context({t: table_data(f, pack.tables[t]) for t, f in tables.items()}, pack)
    rules = [r for r in pack.rules.values() if r.kind != "observed" and r.table in tables]
    plans = [plan for plan in compile_rules(rules, pack) if not why_skipped(plan, ctx)]
    return {
        name: pa.DataFrameSchema(
            columns=field_contracts(name, pack),
            checks=[_check(by, plan, ctx) for plan in plans if plan.table == name],
            name=name,
        )
        for name in tables
    }


def _check(by: Reckoner, plan: Plan, ctx: Context) -> pa.Check:
    belongs = population(plan, ctx)[0]

    def passes(_: pd.DataFrame) -> pd.Series:
        passed = ~judged(by, plan, belongs).fillna(False).astype(bool)
        for table, node in [key for key in by.memo if key[1].op not in COLUMNS]:
            del by.memo[table, node]
        return passed

    return pa.Check(passes, name=plan.rule.id, ignore_na=False)


def _prepared(frame: pd.DataFrame, table: Any) -> pd.DataFrame:
    """Rename the columns to the fields and cast them as the fields say."""
    plain = {c: HINT.sub("", str(c)).strip() for c in frame.columns}
    frame = frame.rename(columns={c: OTHER_NAMES.get(n, n) for c, n in plain.items()})
    frame = frame[[c for c in frame.columns if c in table.fields]]
    frame = frame.loc[:, ~frame.columns.duplicated()]
    return frame.assign(**{c: _cast(frame[c], table.fields[c].type) for c in frame.columns})


def _cast(cells: pd.Series, kind: str) -> pd.Series:
    if kind in NUMBERS:
        return pd.to_numeric(cells, errors="coerce").astype("Float64")
    if kind == "date":
        return pd.to_datetime(cells, errors="coerce", format="mixed")
    if kind in ("month", "period"):
        digits = cells.astype("string").str.replace(r"\D", "", regex=True).str[:6]
        return pd.to_numeric(digits, errors="coerce").astype("Int64")
    return cells.astype("string").astype("category")
