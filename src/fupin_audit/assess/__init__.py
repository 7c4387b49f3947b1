"""Judgement: income reckoned, exit criteria of households, villages, counties.

assessment = assess(request, level="household")
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from fupin_audit import pipeline
from fupin_audit.model.values import Plain
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.packs.shapes import Value

if TYPE_CHECKING:
    from fupin_audit.model.assessment import Assessment
    from fupin_audit.model.dataset import Dataset


def assess(
    request: pipeline.Request,
    *,
    level: str = "household",
    without: Collection[str] = (),
    line: float | None = None,
) -> Assessment:
    """Clean the inputs and judge one level by the criteria of their day and region.

    Args:
        request: As for a check; its rules are not run.
        level: `household`, `village` or `county`.
        without: Criteria to leave out, by id or name: `food`, `吃`.
        line: Yuan; stands for the line of the data year in this region.

    Raises:
        FupinError: The inputs cannot be read, or have no table of the level.
    """
    dataset, _, region = pipeline.clean(request)
    pack = resolve(request.pack, request.as_of, region.code)
    if line is not None:
        pack = with_line(pack, line, latest_year(dataset, pack))
    from fupin_audit.assess.income import income_ledger
    from fupin_audit.assess.level import judge_level
    from fupin_audit.evaluate.context import Context

    ctx = Context(dataset.tables, pack)
    if request.progress:
        request.progress("逐项认定", 0, 1)
    found = judge_level(level, dataset, pack, region, without=without, ctx=ctx)
    if found.table == (pack.method.table if pack.method else ""):
        found.ledger = income_ledger(dataset, pack, ctx)
    return found


def latest_year(dataset: Dataset, pack: ResolvedPack) -> int:
    """Return the latest data year of the households; the day's where none is given."""
    table = pack.method.table if pack.method else "household"
    field = pack.role(table, "year")
    data = dataset.tables.get(table)
    values = data.columns.get(field or "") if data is not None else None
    if not isinstance(values, Plain):
        return pack.as_of.year
    years = values.data[values.known]
    return min(int(years.max()), pack.as_of.year) if len(years) else pack.as_of.year


def with_line(pack: ResolvedPack, yuan: float, year: int) -> ResolvedPack:
    """Return the pack with a line of the user's own from a year on in its region:
    the exit line until 2020, the monitoring line from 2021."""
    name = "退出标准线" if pack.era == "registration" else "监测线"
    own = Value(since=date(year, 1, 1), value=yuan, region=pack.region or None)
    # Of values with one start the first is taken: the user's own stands first.
    values = (own, *pack.params[name].values)
    params = {**pack.params, name: msgspec.structs.replace(pack.params[name], values=values)}
    return replace(pack, params=params)
