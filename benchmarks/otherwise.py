"""The same check as it would be written without the product.

`pandas.read_excel`, columns renamed and cast, a stock pandera schema with the
same field contracts and row rules, `validate(lazy=True)`, `to_excel` of the
failure cases. The checks themselves are the product's compiled expressions, so
what is compared is everything around them. Far less is done than by the
product: no cleaning log, no addresses, no coverage, no totals, no layout; rules
that look for doubles or into other lists are not among the row rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors

import fupin_audit

SHEETS = {"household": "户信息", "member": "家庭成员信息"}
HEADER_ROW = 2
HINT = re.compile(r"[（(].*")
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
        pack = fupin_audit.load_pack()
        tables = {t: _prepared(frames.pop(s), pack.tables[t]) for t, s in SHEETS.items()}
    cases: list[pd.DataFrame] = []
    with timed("validate"):
        for name, frame in tables.items():
            schema = fupin_audit.schema(name, as_of=day, region="611002", related=tables).stock()
            try:
                schema.validate(frame, lazy=True)
            except SchemaErrors as errors:
                cases.append(errors.failure_cases.assign(table=name))
    with timed("write"):
        found = pd.concat(cases) if cases else pd.DataFrame()
        found.to_excel(out, index=False)
    told["failure cases"] = len(found)


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
