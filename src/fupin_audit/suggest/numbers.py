"""The number that a slip made wrong, where a sum does not come out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fupin_audit.suggest.asked import Answers, Asked, Found, Run

TOLERANCE = 1.0
"""Yuan by which a register's sums may miss."""
_MONEY = ("money", "number", "integer")
_FACTORS = {10: "少写一个 0", 0.1: "多写一个 0", 12: "像是按月填的", 1 / 12: "像是把全年又乘了 12",
            10_000: "像是按万元填的", 0.0001: "像是按元又乘了一万"}  # fmt: skip
_FACTORS_EN = {10: "a nought is missing", 0.1: "a nought too many", 12: "looks like a month's",
               1 / 12: "looks multiplied by 12", 10_000: "looks written in ten thousands",
               0.0001: "looks multiplied by ten thousand"}  # fmt: skip


class Slip(NamedTuple):
    """A number that would make the sum come out."""

    field: str
    old: float
    new: float
    why: tuple[str, str]


def slipped_number(run: Run, asked: Asked) -> Answers:
    """Find the one number of a sum that a slip would explain: two digits swapped, a
    wrong sign, a factor of 10, 12 or 10 000."""
    offer, hits = asked.offer, asked.hits
    if offer is None or offer.gap is None:
        return {}
    slips: dict[int, list[Slip]] = {at: [] for at in asked.at}
    fields = run.pack.tables[hits.table].fields
    gaps = offer.gap[asked.at].tolist()
    for name, weight in offer.weights.items():
        if name not in fields or fields[name].type not in _MONEY:
            continue
        if asked.field and name != asked.field:
            continue
        values = run.numbers(hits.table, name, asked.rows)
        for at, gap, value in zip(asked.at, gaps, values, strict=True):
            if value is not None and np.isfinite(gap) and abs(gap) > TOLERANCE:
                slack = TOLERANCE / abs(weight)
                slips[at] += _explain(name, value, value - gap / weight, gap, slack)
    return {
        at: Found(_told(found[0].new), found[0].why, field=found[0].field)
        for at, found in slips.items()
        if len({(one.field, one.new) for one in found}) == 1
    }


def _explain(field: str, old: float, wanted: float, gap: float, slack: float) -> Iterator[Slip]:
    """Yield the slips that lead from `wanted`, what would do, to the number as it is."""
    if wanted < 0 or not old:
        return
    if abs(old + wanted) <= slack:
        yield Slip(field, old, -old, ("正负号写反", "The sign is wrong"))
    for factor, zh in _FACTORS.items():
        new = round(old * factor, 2)
        if new and abs(new - wanted) <= min(slack, new / 100):
            en = _FACTORS_EN[factor]
            was = f"{old:.6f}".rstrip("0").rstrip(".")
            told = f"{was} {zh}，应为 {_told(new)}", f"{was}: {en}, {_told(new)}"
            yield Slip(field, old, new, told)
    if abs(old - wanted) % 9 > slack and 9 - abs(old - wanted) % 9 > slack:
        return
    for new in _swapped(old):
        if abs(new - wanted) <= slack:
            apart = _told(abs(gap))
            zh = f"差额 {apart} 像是相邻两位数字颠倒：{_told(old)} 应为 {_told(new)}"
            yield Slip(field, old, new, (zh, f"Two digits swapped: {_told(old)} for {_told(new)}"))


def _swapped(value: float) -> Iterator[float]:
    whole, _, part = _told(abs(value)).partition(".")
    for i in range(len(whole) - 1):
        a, b = whole[i], whole[i + 1]
        if a != b and not (i == 0 and b == "0"):
            yield float(f"{whole[:i]}{b}{a}{whole[i + 2 :]}" + (f".{part}" if part else ""))


def _told(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
