"""Recipes for numbers, whole numbers and money."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from fupin_audit.domain.characters import without_spaces
from fupin_audit.domain.numbers import in_unit, read_number
from fupin_audit.model.sheet import Cell
from fupin_audit.normalise.cleaned import (
    BLANK,
    EXACT_DIGITS,
    OK,
    PLACEHOLDERS,
    UNREADABLE,
    Cells,
    Cleaned,
    is_moment,
    sort_cells,
)

LARGEST = 10.0**EXACT_DIGITS

# Texts on lines of their own: as `written` would write them, or at least such
# as Python's own reader can be trusted with.
_CANONICAL = re.compile(
    r"(?:(?!-0\n)-?(?:0|[1-9]\d{0,9}+)(?:\.(?!000)\d{0,4}[1-9])?\n)*+", re.ASCII
)
_PLAIN_ONE = re.compile(r"-?\d{1,15}+(?:\.\d{0,20}+)?", re.ASCII)
_PLAIN = re.compile(rf"(?:{_PLAIN_ONE.pattern}\n)*+", re.ASCII)


def clean_number(cells: list[Cell], unit: str | None, factor: float = 1.0) -> Cleaned:
    """Numbers in a field's unit.

    Args:
        unit: The field's unit. A unit written in the cell is converted to it.
        factor: From the header's unit to the field's, for cells that write no
            unit of their own.
    """
    kinds = sort_cells(cells)
    values, state = np.zeros(len(cells)), kinds.state
    detail: dict[int, str] = {}
    if kinds.numbers:
        values[kinds.numbers] = np.array([cells[i] for i in kinds.numbers], dtype=np.float64)
    bare, touched = list(kinds.numbers), []
    lines = "\n".join([*kinds.text(), ""])
    single = lines.count("\n") == max(len(kinds.texts), 1)  # no line break inside a cell
    if not (single and _CANONICAL.fullmatch(lines)):
        touched = list(kinds.texts)
    if touched and not (single and _PLAIN.fullmatch(lines)):
        bare += _one_by_one(kinds, unit, values, detail)
    elif kinds.texts:
        values[kinds.texts] = np.array(list(map(float, kinds.text()))) + 0.0  # no -0.0
        bare += kinds.texts
    state[kinds.others] = UNREADABLE
    detail |= {i: "单元格是日期或时间" for i in kinds.others if is_moment(cells[i])}
    if factor != 1.0 and bare:
        # 1.1 × 10000 is 11000, not 11000.000000000002
        values[bare] = [float(f"{x:.15g}") for x in (values[bare] * factor).tolist()]
        touched = sorted({*touched, *bare})
    _refuse(state, detail, np.abs(values) >= LARGEST, "数字过大")
    return Cleaned(values, state, detail, touched)


def _one_by_one(
    kinds: Cells, unit: str | None, values: npt.NDArray[np.float64], detail: dict[int, str]
) -> list[int]:
    """Read texts one at a time; return those that write no unit."""
    bare = []
    for i, text in zip(kinds.texts, kinds.text(), strict=True):
        if _PLAIN_ONE.fullmatch(text):
            values[i] = float(text) + 0.0
            bare.append(i)
            continue
        reading = read_number(text)
        value = None if reading is None else in_unit(reading, unit)
        if reading is None:
            blank = without_spaces(text) in PLACEHOLDERS
            kinds.state[i] = BLANK if blank else UNREADABLE
        elif value is None:
            kinds.state[i] = UNREADABLE
            field = f"单位“{unit}”" if unit else ""
            detail[i] = f"单元格里的单位“{reading.unit}”与本栏{field}不符"
        else:
            values[i] = value + 0.0
            if not reading.unit:
                bare.append(i)
    return bare


def clean_integer(cells: list[Cell], unit: str | None, factor: float = 1.0) -> Cleaned:
    """Whole numbers; a fraction is unreadable, never rounded."""
    cleaned = clean_number(cells, unit, factor)
    numbers = np.where(cleaned.state == OK, np.asarray(cleaned.values, dtype=np.float64), 0.0)
    _refuse(cleaned.state, cleaned.detail, numbers != np.floor(numbers), "不是整数")
    cleaned.values = numbers.astype(np.int64)
    return cleaned


def _refuse(
    state: npt.NDArray[np.uint8], detail: dict[int, str], at: npt.NDArray[np.bool_], why: str
) -> None:
    at = at & (state == OK)
    state[at] = UNREADABLE
    detail |= dict.fromkeys(np.flatnonzero(at).tolist(), why)
