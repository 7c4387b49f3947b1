"""The field contracts of our schema, run by pandera, beside what `check` saw.

A cell that could not be read is gone from the cleaned frame: there the contract
is that nothing else is left that breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from fupin_audit.evaluate.schema import CONTRACT, field_contracts
from fupin_audit.model.dataset import VOID, Dataset
from fupin_audit.model.findings import Findings
from fupin_audit.packs.resolve import ResolvedPack

Pair = tuple[str, int]
"""(field, row)."""


def broken(table: str, frame: pd.DataFrame, pack: ResolvedPack) -> dict[str, set[Pair]]:
    """Return which cells stock pandera finds against the contracts, by rule."""
    found: dict[str, set[Pair]] = {rule: set() for rule in CONTRACT.values()}
    schema = pa.DataFrameSchema(columns=field_contracts(table, pack), name=table)
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases[["check", "column", "index"]]
        for rule, name, row in cases.itertuples(index=False):
            found[rule].add((name, int(row)))
    return found


def seen(table: str, findings: Findings) -> Iterator[tuple[str, Pair]]:
    """Yield what `check` found against the contracts: rule and cell."""
    for hits in findings.hits:
        if hits.rule in CONTRACT.values() and hits.table == table:
            for name, row in zip(hits.blame_per_row or [], hits.rows.tolist(), strict=False):
                yield hits.rule, (name, row)


def comparable(
    rule: str, pair: Pair, table: str, frame: pd.DataFrame, dataset: Dataset, pack: ResolvedPack
) -> bool:
    """Tell whether a cell stands in the frame as the rule speaks of it.

    What is void is not blank. A cell that serves two tables is told of once, and
    a row that stands on another table's row is not asked for.
    """
    name, row = pair
    if rule != CONTRACT["required"]:
        codes = pack.codes.get(pack.field(table, name).codes or "")
        return bool(frame[name].notna().iloc[row]) and not (codes and codes.open)
    if f"{name}{VOID}" in frame and frame[f"{name}{VOID}"].iloc[row]:
        return False
    if dataset.tables[table].borrowed[row]:
        return False
    cell = dataset.match(table, row, name)
    if cell is None or cell.table == table:
        return True
    other = pack.tables[cell.table].fields.get(cell.field)
    return other is None or pack.era not in other.required
