"""Totals rows against the rows they sum up.

A total may be of the whole sheet, of the rows since an earlier total, of the
rows below it, or of all sheets of the file: whichever it agrees with is right.
Averages, rates and the like are no sums; the fields say so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin_audit.domain.characters import folded
from fupin_audit.model.dataset import LAST_YEAR, Observation, written
from fupin_audit.model.recognised import Recognised, SetAside
from fupin_audit.model.sheet import Cell, address
from fupin_audit.normalise.cleaned import OK
from fupin_audit.normalise.column import Column
from fupin_audit.normalise.recipes import NUMBER_TYPES, recipe
from fupin_audit.normalise.wide import Wide

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

Floats = npt.NDArray[np.float64]
Columns = dict[tuple[str, str], Column]

_SUBTOTAL = re.compile(r"小计|本页")
_AVERAGE = re.compile(r"平均|人均|户均")
_COUNTS = re.compile(
    r"(?:.{0,10}(?:合计|小计|总计|共计|累计|总数))?[:,、]?(?:共|计)*"
    r"(?:(?P<households>\d{1,7})户)?[,、;]?(?:共)?(?:(?P<persons>\d{1,8})(?:人|口)人?)?"
)
_EXACT = 1e-6


@dataclass(slots=True)
class Quantity:
    """What a figure of a totals row may be the sum of.

    Attributes:
        sums: Per way of counting, one number per data row.
        unknown: Data rows whose number cannot be read.
    """

    table: str
    name: str
    sums: list[Floats]
    unknown: npt.NDArray[np.bool_]
    elsewhere: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Tallied:
    """One sheet, and what can be summed in it."""

    number: int
    sheet: Recognised
    columns: Columns
    quantities: dict[int, Quantity]
    counts: dict[str, Quantity]


def of_totals(
    sheets: Sequence[tuple[Recognised, Columns, Sequence[Wide]]], pack: ResolvedPack
) -> Iterator[Observation]:
    """Yield the figures of totals rows that are the sum of nothing above or below."""
    with_totals = {s.raw.file for s, _, _ in sheets if any(_is_total(a) for a in s.set_aside)}
    made = [
        _tallied(number, *given, pack)
        for number, given in enumerate(sheets)
        if given[0].raw.file in with_totals
    ]
    wholes: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for one in made:
        for quantity in one.quantities.values():
            key = (one.sheet.raw.file, quantity.table, quantity.name)
            wholes[key].append(float(quantity.sums[0].sum()))
    for one in made:
        for quantity in one.quantities.values():
            parts = wholes[one.sheet.raw.file, quantity.table, quantity.name]
            quantity.elsewhere = [sum(parts)] if len(parts) > 1 else []
        yield from _of_sheet(one, pack)


def _is_total(aside: SetAside) -> bool:
    return aside.reason == "total" and not _AVERAGE.search(aside.text)


def _tallied(
    number: int,
    sheet: Recognised,
    columns: Columns,
    wides: Sequence[Wide],
    pack: ResolvedPack,
) -> Tallied:
    quantities: dict[int, Quantity] = {}
    above = {w.table: w for w in wides}
    for (table, name), column in columns.items():
        spec = pack.tables[table].fields.get(name)
        if spec is None or name.startswith(LAST_YEAR) or column.match.column in quantities:
            continue
        if spec.type in NUMBER_TYPES and spec.sums and column.match.column >= 0:
            quantities[column.match.column] = _quantity(table, name, column, above.get(table))
    return Tallied(number, sheet, columns, quantities, _counts(sheet, columns, wides, pack))


def _quantity(table: str, name: str, column: Column, wide: Wide | None) -> Quantity:
    values = np.asarray(column.cleaned.values, dtype=np.float64)[column.at]
    values = np.where(column.filled, values, 0.0)
    sums = [values]
    if wide is not None and name in wide.part.pick:  # a household's figure on every member's row
        once = np.zeros(len(values))
        once[wide.part.pick[name]] = values[wide.part.pick[name]]
        sums.insert(0, once)
    return Quantity(table, name, sums, column.void)


def _counts(
    sheet: Recognised, columns: Columns, wides: Sequence[Wide], pack: ResolvedPack
) -> dict[str, Quantity]:
    """Return what `35户` and `120人` may count on this sheet."""
    n = len(sheet.rows)
    every, none = np.ones(n), np.zeros(n, bool)
    key = pack.role(sheet.table, "household_key")
    found: dict[str, Quantity] = {}
    households: list[Floats] = []
    if key is not None and pack.tables[sheet.table].key == (key,):
        households.append(every)
    if wides:
        first = np.zeros(n)
        first[wides[0].grouping.head] = 1.0
        households.append(first)
    elif (sheet.table, key) in columns and key is not None:
        column = columns[sheet.table, key]
        first = np.zeros(n)
        first[np.unique(column.at, return_index=True)[1]] = 1.0
        households.append(first)
    if households:
        found["households"] = Quantity(sheet.table, "户数", households, none)
    if pack.role(sheet.table, "head_relation") is not None:
        found["persons"] = Quantity(sheet.table, "人数", [every], none)
    elif (size := pack.role(sheet.table, "size")) and (sheet.table, size) in columns:
        found["persons"] = _quantity(sheet.table, size, columns[sheet.table, size], None)
    return found


def _of_sheet(one: Tallied, pack: ResolvedPack) -> Iterator[Observation]:
    sheet = one.sheet
    totals = [aside for aside in sheet.set_aside if _is_total(aside)]
    at = np.searchsorted(sheet.rows, [aside.row for aside in totals]).astype(np.int64)
    for aside, i in zip(totals, at.tolist(), strict=True):
        for index, raw in enumerate(sheet.raw.columns):
            cell = raw[aside.row]
            if cell is None:
                continue
            for quantity, figure, shown in _figures(one, index, cell, pack):
                told = _contradiction(quantity, figure, i, at, bool(_SUBTOTAL.search(aside.text)))
                if told:
                    yield Observation(
                        "total_differs", quantity.table, quantity.name, np.zeros(0, np.int64),
                        [shown], [told], sheet=one.number, cells=[address(aside.row, index)],
                    )  # fmt: skip


def _figures(
    one: Tallied, index: int, cell: Cell, pack: ResolvedPack
) -> Iterator[tuple[Quantity, float, str]]:
    """Yield the figures a cell of a totals row gives."""
    quantity = one.quantities.get(index)
    if quantity is not None:
        match = one.columns[quantity.table, quantity.name].match
        spec = pack.field(quantity.table, quantity.name)
        cleaned = recipe(spec, quantity.name, match, pack, {}, exact=False).clean([cell])
        if cleaned.state[0] == OK:
            yield quantity, float(np.asarray(cleaned.values)[0]), written(cell)
    elif isinstance(cell, str) and (said := _COUNTS.fullmatch(folded(cell))):
        for what, text in said.groupdict().items():
            if text and what in one.counts:
                yield one.counts[what], float(text), text


def _contradiction(
    quantity: Quantity, figure: float, i: int, totals: npt.NDArray[np.int64], sub: bool
) -> str:
    """Tell what the rows add up to, where a figure is the sum of no stretch of them."""
    n = len(quantity.unknown)
    slack = _EXACT * max(1.0, abs(figure)) + 0.5 * 10.0 ** -_decimals(figure)
    before = np.unique(np.append(totals[totals < i], 0))
    after = np.unique(np.append(totals[totals > i], n))
    before, after = before[before < i], after[after > i]
    running = [np.append(0.0, np.cumsum(s)) for s in quantity.sums]
    for sums in running:
        above, below = sums[i] - sums[before], sums[after] - sums[i]
        if (np.abs(np.concatenate([above, below]) - figure) < slack).any():
            return ""
    if any(abs(whole - figure) < slack for whole in quantity.elsewhere):
        return ""
    if i:
        start, end, where = int(before[-1]) if sub else 0, i, "上面"
    else:
        start, end, where = 0, int(after[0]) if sub else n, "下面"
    if quantity.unknown[start:end].any():
        return ""
    summed = running[0][end] - running[0][start]
    return f"{where} {end - start} 行加起来是 {_written(summed)}，相差 {_written(figure - summed)}"


def _decimals(figure: float) -> int:
    return len(repr(figure).rpartition(".")[2].rstrip("0")) if "e" not in repr(figure) else 0


def _written(figure: float) -> str:
    return written(round(float(figure), 4) + 0.0)
