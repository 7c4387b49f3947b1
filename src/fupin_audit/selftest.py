"""Running the examples inside rule files: `rules test` and pytest both come here.

An example's cells go the way of a real sheet's: they are normalised, then the
rule is judged. A grid (`sheet:`) is recognised first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from fupin_audit.errors import FupinError
from fupin_audit.evaluate.engine import doubt_of, hits_of, verdicts
from fupin_audit.model.dataset import Dataset
from fupin_audit.model.findings import Findings
from fupin_audit.model.recognised import Match, Recognised, Recognition
from fupin_audit.model.sheet import Cell, CellError, RawColumn, RawSheet, address
from fupin_audit.normalise import normalise
from fupin_audit.packs.load import Pack, all_rules
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.packs.shapes import Example, Rule
from fupin_audit.recognise import recognise
from fupin_audit.suggest import suggest

# Where an example names no day, the last day of its era's last full year.
ERA_DAYS = {
    "registration": date(2019, 12, 31),
    "monitoring": date(2023, 12, 31),
    "regular": date(2026, 6, 30),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one example. `got` is a verdict, or `error: …`."""

    rule: str
    example: str
    expected: str
    got: str

    @property
    def ok(self) -> bool:
        return self.expected == self.got


def run_examples(pack: Pack, ids: Collection[str] | None = None) -> Iterator[Outcome]:
    """Judge every example of the given rules (None: all); where an example says
    how much is in doubt, that is one more outcome."""
    for rule in all_rules(pack):
        if ids is None or rule.id in ids:
            for example in rule.examples:
                yield Outcome(rule.id, example.name, example.expect, judge(pack, rule, example))
                if example.doubt is not None:
                    told = f"存疑 {example.doubt:.2f} 元"
                    yield Outcome(rule.id, example.name, told, doubted(pack, rule, example))
                if example.suggests:
                    told = _told(example.suggests)
                    yield Outcome(rule.id, example.name, told, suggested(pack, rule, example))


def judge(pack: Pack, rule: Rule, example: Example) -> str:
    """Return the verdict of a rule on its example, or what went wrong."""
    return _asked(pack, rule, example, lambda *given: verdicts(*given)[example.row])


def doubted(pack: Pack, rule: Rule, example: Example) -> str:
    """Return how much of the income is in doubt on an example's row, in words."""

    def told(dataset: Dataset, resolved: ResolvedPack, changed: Rule) -> str:
        amount = doubt_of(dataset, resolved, changed)[example.row]
        return "存疑多少不知道" if amount is None else f"存疑 {amount:.2f} 元"

    return _asked(pack, rule, example, told)


def suggested(pack: Pack, rule: Rule, example: Example) -> str:
    """Return what is suggested on an example's row for the fields it speaks of, in words."""

    def told(dataset: Dataset, resolved: ResolvedPack, changed: Rule) -> str:
        found = Findings(hits_of(dataset, resolved, changed))
        suggest(dataset, resolved, found)
        made: dict[str, str | int | float | None] = dict.fromkeys(example.suggests)
        for hits in found.hits:
            for row, one in zip(hits.rows.tolist(), hits.suggestions or [], strict=False):
                if one is not None and row == example.row:
                    made[one.field] = one.value
        return _told(made)

    return _asked(pack, rule, example, told)


def _told(suggests: Mapping[str, str | int | float | None]) -> str:
    each = (f"{field} {'无' if v is None else v}" for field, v in sorted(suggests.items()))
    return "建议 " + "，".join(each)


def _asked(
    pack: Pack, rule: Rule, example: Example, ask: Callable[[Dataset, ResolvedPack, Rule], str]
) -> str:
    try:
        resolved = _resolved(id(pack), pack, _day(rule, example), _region(rule, example))
        dataset = example_dataset(rule, example, resolved)
        return ask(dataset, resolved, msgspec.structs.replace(rule, regions=()))
    except FupinError as error:
        return f"error: {error}"
    except IndexError:
        return "error: 例子里没有这条规则所看的表的记录"


@lru_cache(maxsize=64)
def _cached(key: int, day: date, region: str) -> ResolvedPack:
    return resolve(_PACKS[key], day, region)


_PACKS: dict[int, Pack] = {}


def _resolved(key: int, pack: Pack, day: date, region: str) -> ResolvedPack:
    _PACKS[key] = pack  # keeps it alive, so that its id stays its own
    return _cached(key, day, region)


def _day(rule: Rule, example: Example) -> date:
    return example.as_of or ERA_DAYS[rule.era[0]]


def _region(rule: Rule, example: Example) -> str:
    return example.region or (rule.regions[0] if rule.regions else "")


def example_dataset(rule: Rule, example: Example, pack: ResolvedPack) -> Dataset:
    """Build the tables an example describes."""
    if example.sheet is not None:
        raw = _raw([[_cell(c) for c in row] for row in example.sheet], "例子")
        return normalise(recognise([raw], pack), pack)
    if example.rows is not None:
        tables = example.rows
    else:
        table = example.table or (rule.table if rule.table in pack.tables else "member")
        tables = {table: [example.given or {}]}
    keyed = _with_household(tables, pack)
    sheets = [_recognised(name, rows, pack) for name, rows in keyed.items()]
    return normalise(Recognition(sheets, []), pack)


def _with_household(
    tables: Mapping[str, list[dict[str, Any]]], pack: ResolvedPack
) -> dict[str, list[dict[str, Any]]]:
    """Rows of several tables that name no household are one household."""
    keys = {t: pack.role(t, "household_key") for t in tables}
    named = any(key in row for t, key in keys.items() for row in tables[t] if key)
    if named or len(tables) < 2:
        return dict(tables)
    return {
        t: [{**({key: "户1"} if (key := keys[t]) else {}), **row} for row in rows]
        for t, rows in tables.items()
    }


def _recognised(table: str, rows: list[dict[str, Any]], pack: ResolvedPack) -> Recognised:
    if table not in pack.tables:
        raise FupinError(f"例子里的表“{table}”不存在")
    names = list(dict.fromkeys(name for row in rows for name in row))
    heading: list[Cell] = list(names)
    raw = _raw([heading, *([_cell(row.get(n)) for n in names] for row in rows)], table)
    matches: dict[tuple[str, str], Match] = {}
    last_year: dict[tuple[str, str], Match] = {}
    for i, header in enumerate(names):
        name = header.removeprefix("last_year.")
        if name not in pack.tables[table].fields:
            raise FupinError(f"例子里的字段“{header}”不在 {table} 表")
        match = Match(name, table, i, header, address(0, i), "name")
        (matches if name == header else last_year)[table, name] = match
    return Recognised(
        raw=raw, table=table, also=(), header_rows=(1,), rows=np.arange(1, len(rows) + 1),
        matches=matches, last_year=last_year,
    )  # fmt: skip


def _raw(grid: list[list[Cell]], name: str) -> RawSheet:
    width = max((len(r) for r in grid), default=0)
    columns = []
    for j in range(width):
        cells = [row[j] if j < len(row) else None for row in grid]
        cells = [None if c == "" else c for c in cells]
        index: dict[tuple[type, Cell], int] = {(type(None), None): 0}
        codes = [index.setdefault((type(c), c), len(index)) for c in cells]
        columns.append(RawColumn(np.array(codes, np.int32), [c for _, c in index]))
    return RawSheet(file=f"{name}.xlsx", name=name, columns=columns, n_rows=len(grid))


def _cell(value: Any) -> Cell:
    """Read an example's cell: `{error: "#N/A"}` and `{date: 2016-05-01}` are
    cells that YAML has no form for."""
    if isinstance(value, dict):
        if "error" in value:
            return CellError(str(value["error"]))
        return datetime.fromisoformat(str(value["date"])).date()
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)  # a workbook knows no integers
    return value  # type: ignore[no-any-return]
