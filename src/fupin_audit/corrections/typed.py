"""From what staff typed to the cell that is written: its kind and its writing are
those of the column, so that the corrected sheet looks like the one that was sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import numpy as np

from fupin_audit.corrections.answers import CLEARED
from fupin_audit.domain.characters import compact, tidy, visible, without_spaces
from fupin_audit.domain.dates import Moment
from fupin_audit.domain.dates import read as read_moment
from fupin_audit.model.dataset import written
from fupin_audit.model.sheet import Cell, CellError, RawColumn
from fupin_audit.packs.shapes import Field
from fupin_audit.report.safe import safe_text

_AS_TEXT = ("id_number", "phone", "account")
_NUMBERS = ("number", "integer", "money")
_DAYS = {"date": 3, "month": 2, "period": 2, "year": 1}
"""Parts of a day that a field's column tells."""
_PLAIN = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_WHOLE_DIGITS = 15
"""Digits a number cell keeps."""
_SAMPLE = 400
SAME = "更正值和原表现在的值一样"


class Typed(NamedTuple):
    """A cell to be written; or why there is none, and what to do (Chinese)."""

    value: Cell = None
    problem: str = ""
    todo: str = ""


@dataclass(slots=True)
class Ways:
    """How the cells of columns are written, looked at once per column."""

    known: dict[int, tuple[RawColumn, str, str]] = field(default_factory=dict)

    def of(self, column: RawColumn) -> tuple[str, str]:
        """Return the kind most cells have (`number`, `date`, `text`) and a text as
        most are written."""
        if id(column) not in self.known:
            self.known[id(column)] = (column, *_way(column))
        return self.known[id(column)][1:]


def _way(column: RawColumn) -> tuple[str, str]:
    counts = np.bincount(column.codes, minlength=len(column.values))
    most = np.argsort(-counts, kind="stable")[:_SAMPLE].tolist()
    kinds = {"number": 0, "date": 0, "text": 0}
    for code in most:
        kind = _kind(column.values[code])
        if kind:
            kinds[kind] += int(counts[code])
    texts = [v for i in most if isinstance(v := column.values[i], str) and read_moment(v)]
    return max(kinds, key=lambda k: kinds[k]) if any(kinds.values()) else "text", (
        texts[0] if texts else ""
    )


def _kind(cell: Cell) -> str:
    if isinstance(cell, bool) or cell is None or cell == "" or isinstance(cell, CellError):
        return ""
    if isinstance(cell, int | float):
        return "number"
    return "date" if isinstance(cell, date | datetime) else "text"


def typed(given: Cell, kind: Field | None, present: Sequence[Cell], way: tuple[str, str]) -> Typed:
    """Return the cell to write for what was typed.

    Args:
        kind: Declaration of the field.
        present: What the cells to be changed hold now, the telling one first.
        way: See `Ways.of`, of the column.
    """
    if isinstance(given, CellError):
        return Typed(problem="更正值是一个错误值或没有结果的公式", todo="直接写值，不写公式")
    text = tidy(written(given))
    if compact(text) in CLEARED:
        return Typed(None) if any(c not in (None, "") for c in present) else _same()
    of = kind.type if kind else "text"
    made = _made(given, text, of, present[0], way)
    if made.problem:
        return made
    if isinstance(made.value, str) and safe_text(made.value.lstrip("'‘")) != made.value:
        return Typed(
            problem="更正值以 = + - @ 一类的符号开头，像公式，没有采用",
            todo="只写值本身，前面不要加符号",
        )
    if all(_alike(made.value, cell) for cell in present):
        return _same()
    return made


def _same() -> Typed:
    return Typed(problem=SAME, todo="确实没错就选“情况属实”，有错就写正确的值")


def _alike(one: Cell, other: Cell) -> bool:
    return written(one).strip() == written(other).strip()


def _made(given: Cell, text: str, of: str, present: Cell, way: tuple[str, str]) -> Typed:
    if of in _AS_TEXT:
        digits = without_spaces(text).upper()
        if isinstance(given, float | int) and len(digits) > _WHOLE_DIGITS:
            return Typed(
                problem="更正值被表格软件当成了数字，末几位已经丢失",
                todo="先把这一格设为“文本”格式，再重新输入",
            )
        return Typed(digits)
    if of in _DAYS:
        return Typed(_day(given, text, _DAYS[of], present, way))
    if of in _NUMBERS:
        plain = _PLAIN.fullmatch(visible(text).replace(" ", ""))
        if plain is None:
            return Typed(text)
        number = float(plain.group().replace(",", ""))
        as_number = _kind(present) or way[0]
        if as_number == "text" and way[0] != "number":
            return Typed(plain.group().replace(",", "").lstrip("+"))
        return Typed(int(number) if number.is_integer() and abs(number) < 1e15 else number)
    if isinstance(given, str) and given.strip().startswith(("=", "＝")):
        return Typed(given.strip())  # refused where all such text is
    return Typed(text)


def _day(given: Cell, text: str, parts: int, present: Cell, way: tuple[str, str]) -> Cell:
    """Return a day as its column is written; what is no day stays as typed."""
    moment = read_moment(given)
    if moment is None or (parts > 1 and not moment.month) or (parts > 2 and not moment.day):
        # A period may be a year alone; what is too little is for the check to say.
        figure = text.isdecimal() and (_kind(present) or way[0]) == "number"
        return int(text) if figure else text
    kind = _kind(present) or way[0]
    told = Moment(*(part for part in moment[:parts]))
    if kind == "date" and told.month:
        return datetime(told.year, told.month, told.day or 1)
    sample = present if isinstance(present, str) and read_moment(present) else way[1]
    if kind == "number":
        return int("".join(f"{part:02d}" for part in told if part))
    return _written_like(told, sample)


def _written_like(told: Moment, sample: str) -> str:
    figures = re.findall(r"\d+", sample)
    padded = not sample or any(f.startswith("0") for f in figures[1:])
    parts = [f"{part:02d}" if padded or i == 0 else str(part) for i, part in enumerate(told)]
    parts = [text for text, part in zip(parts, told, strict=True) if part]
    if "年" in sample:
        marks = ("年", "月", "日")
        return "".join(text + mark for text, mark in zip(parts, marks, strict=False))
    if len(figures) == 1 and len(figures[0]) >= 6:
        return "".join(f"{part:02d}" for part in told if part)
    found = re.search(r"\d+\s*([-/.])\s*\d", sample)
    return (found[1] if found else "-").join(parts)
