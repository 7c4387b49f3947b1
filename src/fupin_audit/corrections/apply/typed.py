"""From what staff typed to the cell that is written: its kind and its writing are
those of the column, so that the corrected sheet looks like the one that was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import numpy as np

from fupin_audit.corrections.apply.answers import CLEARED
from fupin_audit.domain.characters import compact, tidy, visible, without_spaces
from fupin_audit.domain.dates import Moment, read_date
from fupin_audit.domain.dates import read as read_moment
from fupin_audit.domain.numbers import in_unit, read_number
from fupin_audit.model.dataset import written
from fupin_audit.model.sheet import Cell, CellError, RawColumn
from fupin_audit.normalise.cleaned import PLACEHOLDERS
from fupin_audit.packs.shapes import CodeList, Field
from fupin_audit.report.safe import safe_text

_AS_TEXT = ("id_number", "phone", "account")
_NUMBERS = ("number", "integer", "money")
_DAYS = {"date": 3, "month": 2, "period": 2, "year": 1}
"""Parts of a day that a field's column tells."""
_PLAIN = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_WHOLE_DIGITS = 15
"""Digits a number cell keeps."""
_SAMPLE = 400
_SPREAD = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_TEXT_MARKS = "'‘’"
SAME = "更正值和原表现在的值一样"
Label = Callable[[str], str]


class Typed(NamedTuple):
    """A cell to be written; or why there is none, and what to do (Chinese)."""

    value: Cell = None
    problem: str = ""
    todo: str = ""


@dataclass(slots=True)
class Ways:
    """How the cells of columns are written, looked at once per column."""

    known: dict[int, tuple[RawColumn, str, str]] = field(default_factory=dict)
    words: dict[tuple[int, str], dict[str, str]] = field(default_factory=dict)

    def of(self, column: RawColumn) -> tuple[str, str]:
        """Return the kind most cells have (`number`, `date`, `text`) and a text as
        most are written."""
        if id(column) not in self.known:
            self.known[id(column)] = (column, *_way(column))
        return self.known[id(column)][1:]

    def label(self, column: RawColumn, codes: CodeList | None, code_set: str | None) -> Label:
        """Return what turns another word for a code into the label the column writes
        (男性 → 男); a word whose label the column does not write stays."""
        if codes is None:
            return str
        self.of(column)  # keeps the column, and so its id
        key = id(column), codes.id
        if key not in self.words:
            here = set(column.values)
            told: dict[str, str] = {}
            for code in codes.values:
                if code.label in here:
                    number = code.numbers.get(code_set or "", "")
                    for word in filter(None, (*code.aliases, *code.misprints, number)):
                        told.setdefault(compact(word), code.label)
            told |= {compact(code.label): code.label for code in codes.values}
            self.words[key] = told
        words = self.words[key]
        return lambda text: words.get(compact(text), text)


def _way(column: RawColumn) -> tuple[str, str]:
    counts = np.bincount(column.codes, minlength=len(column.values))
    most = np.argsort(-counts, kind="stable")[:_SAMPLE].tolist()
    kinds = {"number": 0, "date": 0, "text": 0}
    for code in most:
        kind = _kind(column.values[code])
        if kind:
            kinds[kind] += int(counts[code])
    texts = [v for i in most if isinstance(v := column.values[i], str) and read_moment(v)]
    sample = next(filter(_tells_padding, texts), texts[0] if texts else "")
    return max(kinds, key=lambda k: kinds[k]) if any(kinds.values()) else "text", sample


def _tells_padding(text: str) -> bool:
    """Tell whether a day shows how its column writes a figure below ten: 2019-5, not
    2019-11."""
    return any(len(f) == 1 or f.startswith("0") for f in re.findall(r"\d+", text)[1:])


def _kind(cell: Cell) -> str:
    if isinstance(cell, bool) or cell is None or cell == "" or isinstance(cell, CellError):
        return ""
    if isinstance(cell, int | float):
        return "number"
    return "date" if isinstance(cell, date | datetime) else "text"


def typed(
    given: Cell, kind: Field | None, present: Sequence[Cell], way: tuple[str, str],
    unit: str = "", label: Label = str,
) -> Typed:  # fmt: skip
    """Return the cell to write for what was typed.

    Args:
        kind: Declaration of the field.
        present: What the cells to be changed hold now, the telling one first.
        way: See `Ways.of`, of the column.
        unit: Of the column.
        label: See `Ways.label`, of the column.
    """
    if isinstance(given, CellError):
        return Typed(problem="更正值是一个错误值或没有结果的公式", todo="直接写值，不写公式")
    # An apostrophe before a figure is how spreadsheets are told that it is text.
    text = tidy(tidy(written(given)).lstrip(_TEXT_MARKS))
    if compact(text) in CLEARED:
        return Typed(None) if any(c not in (None, "") for c in present) else _same()
    of = kind.type if kind else "text"
    made = _made(given, text, of, present[0], way, unit, label)
    if made.problem:
        return made
    if isinstance(made.value, str) and safe_text(made.value) != made.value:
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


def _made(
    given: Cell, text: str, of: str, present: Cell, way: tuple[str, str], unit: str, label: Label
) -> Typed:
    if not text or without_spaces(text) in PLACEHOLDERS:
        return Typed(problem="更正值只有一个符号，不是内容", todo="写正确的值；要清空写“清空”")
    if of in _AS_TEXT:
        digits = without_spaces(text).upper()
        if isinstance(given, float | int) and len(digits) > _WHOLE_DIGITS:
            return Typed(
                problem="更正值被表格软件当成了数字，末几位已经丢失",
                todo="先把这一格设为“文本”格式，再重新输入",
            )
        if re.search(r"[^\x20-\x7e]", digits):
            return Typed(problem="更正值里有号码以外的字", todo="只写号码本身；没有号码的写“清空”")
        return Typed(digits)
    if of in _DAYS:
        return _day(given, text, _DAYS[of], present, way)
    if of in _NUMBERS:
        return _number(text, present, way, unit)
    if of == "code":
        return Typed(label(text))
    if of == "name":  # 张 三, spread over the cell
        return Typed(_SPREAD.sub("", text))
    return Typed(text)


def _number(text: str, present: Cell, way: tuple[str, str], unit: str) -> Typed:
    """Return a number in the unit of its column; what is none stays as typed, for the
    check to say."""
    told = read_number(text)
    number = in_unit(told, unit) if told else None
    if told is None or number is None:
        return Typed(text)
    number = float(f"{number:.15g}")
    as_number = _kind(present) or way[0]
    if as_number == "text" and way[0] != "number":
        plain = _PLAIN.fullmatch(visible(text).replace(" ", ""))
        return Typed(plain.group().replace(",", "").lstrip("+") if plain else f"{number:.15g}")
    return Typed(int(number) if number.is_integer() and abs(number) < 1e15 else number)


def _day(given: Cell, text: str, parts: int, present: Cell, way: tuple[str, str]) -> Typed:
    """Return a day as its column is written; what is no day stays as typed."""
    moment = read_moment(text if isinstance(given, str) else given)
    if isinstance(given, float | int) and moment is None:
        day = read_date(given)  # a day whose cell shows it as a figure
        if day is not None:
            moment = Moment(day.year, day.month, day.day)
        elif parts > 1 and given != int(given):
            return Typed(
                problem="更正值是一个小数，分不清是几月（2019.1 可能是 1 月，也可能是 10 月）",
                todo="写成 2019-10 或 2019年10月 这样",
            )
    if moment is None or (parts > 1 and not moment.month) or (parts > 2 and not moment.day):
        # A period may be a year alone; what is too little is for the check to say.
        figure = text.isdecimal() and (_kind(present) or way[0]) == "number"
        return Typed(int(text) if figure else text)
    kind = _kind(present) or way[0]
    told = Moment(*(part for part in moment[:parts]))
    if kind == "date" and told.month:
        return Typed(datetime(told.year, told.month, told.day or 1))
    sample = present if isinstance(present, str) and read_moment(present) else way[1]
    if kind == "number":
        return Typed(int("".join(f"{part:02d}" for part in told if part)))
    padding = next(filter(_tells_padding, (sample, way[1])), "")
    return Typed(_written_like(told, sample, padding))


def _written_like(told: Moment, sample: str, padding: str) -> str:
    figures = re.findall(r"\d+", sample)
    padded = all(len(f) != 1 for f in re.findall(r"\d+", padding)[1:])
    parts = [f"{part:02d}" if padded or i == 0 else str(part) for i, part in enumerate(told)]
    parts = [text for text, part in zip(parts, told, strict=True) if part]
    if "年" in sample:
        marks = ("年", "月", "日")
        return "".join(text + mark for text, mark in zip(parts, marks, strict=False))
    if len(figures) == 1 and len(figures[0]) >= 6:
        return "".join(f"{part:02d}" for part in told if part)
    found = re.search(r"\d+\s*([-/.])\s*\d", sample)
    return (found[1] if found else "-").join(parts)
