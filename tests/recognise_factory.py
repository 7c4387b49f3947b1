"""Grids as they stand in a workbook, turned into raw sheets for the shipped pack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from fupin_audit.model.recognised import Recognised
from fupin_audit.model.sheet import RawColumn, RawSheet, column_index
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.recognise import Pin, recognise


@cache
def pack(as_of: date = date(2019, 12, 31)) -> ResolvedPack:
    return resolve(load_pack(), as_of)


def sheet(
    grid: Sequence[Sequence[Any]],
    *,
    name: str | None = "Sheet1",
    merges: Sequence[str] = (),
    file: str = "a.xlsx",
    hidden: bool = False,
) -> RawSheet:
    """Encode a grid; `merges` are ranges such as `A1:C1`."""
    width = max((len(row) for row in grid), default=0)
    columns = []
    for index in range(width):
        known: dict[Any, int] = {}
        values: list[Any] = [None]
        codes = []
        for row in grid:
            cell = row[index] if index < len(row) else None
            cell = None if cell == "" else cell
            if cell is None:
                codes.append(0)
                continue
            key = (type(cell), cell)
            if key not in known:
                known[key] = len(values)
                values.append(cell)
            codes.append(known[key])
        columns.append(RawColumn(np.array(codes, dtype=np.int32), values))
    return RawSheet(file, name, columns, len(grid), [_range(m) for m in merges], hidden)


def _range(text: str) -> tuple[int, int, int, int]:
    (left, top), (right, bottom) = (
        (column_index("".join(filter(str.isalpha, end))), int("".join(filter(str.isdigit, end))))
        for end in text.split(":")
    )
    return top - 1, left, bottom - 1, right


def one(raw: RawSheet, *pins: Pin) -> Recognised:
    """Recognise one sheet that must be a table."""
    found = recognise([raw], pack(), pins=pins)
    assert found.sheets, found.skipped
    return found.sheets[0]


def fields(found: Recognised) -> dict[str, str]:
    """Return `table.field` → column header, as bound."""
    return {f"{table}.{name}": m.header for (table, name), m in found.matches.items()}


def aside(found: Recognised) -> dict[int, str]:
    """Return one-based row → reason."""
    return {a.row + 1: a.reason for a in found.set_aside}


def rows(found: Recognised) -> list[int]:
    """Return one-based data rows."""
    return [int(r) + 1 for r in found.rows]


IDS = ["110101199001011237", "110101199202022341", "110101201503033458", "110101196504044569",
       "110101196805055670", "110101199306066781"]  # fmt: skip
