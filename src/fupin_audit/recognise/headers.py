"""What a header cell says, freed from how it is written.

A header is read into candidates, most literal first: the whole text without
spaces, width and punctuation; then without numbering, required marks, units,
hints and year. The lexicon takes the first candidate it knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from fupin_audit.domain.characters import folded
from fupin_audit.domain.numbers import UNITS, canonical_unit
from fupin_audit.domain.traditional import simplified

_OPEN = str.maketrans("[{<〔〖【「『〈《﹝", "(" * 11)
_CLOSE = str.maketrans("]}>〕〗】」』〉》﹞", ")" * 11)
_BRACKET = re.compile(r"\(([^()]*)(?:\)|$)")
_CIRCLED = re.compile(r"^[\s*]*[①-⑳❶-❿]\s*")
_NUMBERING = re.compile(
    r"^(?:[a-z]\d{1,3}[a-z]?(?:[-.]\d{1,2})*[.、:_]*(?=[^\x00-\x7f])"  # A12劳动能力, A17a
    r"|\(?\d{1,3}(?:\.\d{1,2})*[.、)](?=\D)"  # 1.姓名, (3)姓名
    r"|\(?[一二三四五六七八九十]{1,3}[、)])"  # 一、基本情况
)
_YEAR_FIRST = re.compile(r"^(?:在|截至)?((?:19|20)\d\d)(?=\D)")
_YEAR_LAST = re.compile(r"((?:19|20)\d\d)(?:年度?)?$")
_YEAR_ONLY = re.compile(r"^((?:19|20)\d\d)(?:年度?)?$")
_YEAR_WORD = re.compile(r"^年(?:度|底|末)?")
_HINT = re.compile(
    r"是.{0,3}否|否.{0,3}是|有/无|有、无|有或无|男/女|男、女"
    r"|必[填录选]|选填|[自补]填|可不填|单选|多选|复选|可选|下拉|任选|最多选"
    r"|请|填[写报入]|手工|自动|^例|^如|格式|yyyy|年月日|年[-/]月|\d+位|保留|小数|整数|数字|汉字|文本"
    r"|旧指标|新增或者?死亡|[见详][表附]|^注|^按.+填|^选择",
)
_PER = re.compile(r"(?:/|每)(?:年|月|人|户|人年|年人|天|日)$")
_UNIT_WORD = re.compile(r"^(?:单位|计量单位)[:是为]?")
_UNIT_LAST = re.compile(r"[/:、,_-](?:单位:?)?([^/:、,_-]{1,4})$")
_LABELS = sorted((u for u in UNITS if UNITS[u][0] in ("money", "land", "floor", "length")), key=len)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a header. `bare_unit` marks a unit written without any
    separator, which counts only if the field it leads to measures that."""

    key: str
    unit: str | None = None
    year: int | None = None
    bare_unit: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """A header cell.

    Attributes:
        raw: The text as written.
        readings: Ways to read it, most literal first.
        core: The key without any bracket, for near misses.
        hints: Bracketed texts that tell how to fill in, not what.
    """

    raw: str
    readings: tuple[Reading, ...]
    core: str
    hints: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.readings[0].key if self.readings else ""


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Fold width, case and traditional forms, drop spaces and line breaks."""
    return simplified(folded(text).translate(_OPEN).translate(_CLOSE)).casefold()


def bare(text: str) -> str:
    """Keep letters, digits and characters only: what matching compares."""
    return text if text.isalnum() else "".join(c for c in text if c.isalnum())


def key_of(text: str) -> str:
    """Return the literal key of a text: no space, width, case, punctuation."""
    return bare(plain(text))


@lru_cache(maxsize=16384)
def read_header(raw: str) -> Header:
    """Read one header cell into its candidates."""
    literal = plain(raw)
    text = literal
    if _CIRCLED.match(raw):  # before compatibility folding makes ① a 1
        text = plain(_CIRCLED.sub("", raw))
    text = text.lstrip("*♦※★▲●○◆#·.、")
    text = _NUMBERING.sub("", text)
    kept, unit, year, hints = _split_brackets(text)
    core = bare(_BRACKET.sub("", kept)) or bare(kept)
    readings = [Reading(bare(literal)), Reading(bare(text))]
    readings += [Reading(bare(text), year=found) for text, found in _years(text)]
    readings.append(Reading(bare(kept), unit, year))
    forms = [(kept, unit, year)]
    if unit is None and (tail := _UNIT_LAST.search(kept)) and canonical_unit(tail[1]):
        forms.append((kept[: tail.start()], canonical_unit(tail[1]), year))
        readings.append(Reading(bare(forms[-1][0]), canonical_unit(tail[1]), year))
    for form, its_unit, its_year in forms:
        if its_year is None:
            readings += [Reading(bare(rest), its_unit, found) for rest, found in _years(form)]
    for reading in [r for r in readings if r.unit is None]:
        for word in _LABELS:
            if reading.key.endswith(word) and len(reading.key) > len(word) + 1:
                rest = reading.key.removesuffix(word)
                readings.append(Reading(rest, word, reading.year, bare_unit=True))
    unique = tuple(dict.fromkeys(r for r in readings if r.key))
    return Header(raw, unique, core, tuple(hints))


def _split_brackets(text: str) -> tuple[str, str | None, int | None, list[str]]:
    """Take units, years and hints out of the brackets; keep what else they say."""
    unit: str | None = None
    year: int | None = None
    hints: list[str] = []

    def weigh(match: re.Match[str]) -> str:
        nonlocal unit, year
        content = match[1]
        if not content or _HINT.search(content):
            hints.append(content)
            return ""
        if found := _YEAR_ONLY.match(content):
            year = int(found[1])
            return ""
        parts = [_unit(part) for part in re.split(r"[,;、]", content)]
        if parts[0]:
            unit = unit or parts[0]
            hints.extend(re.split(r"[,;、]", content)[1:])
            return ""
        return match[0]

    previous = None
    while previous != text:  # nested brackets: innermost first
        previous, text = text, _BRACKET.sub(weigh, text)
        if "(" in text and not _BRACKET.search(text):
            break
    return text.rstrip(":;,.、*♦"), unit, year, hints


def _unit(text: str) -> str:
    """Return the canonical unit of `单位:元`, `元/年`, `㎡`, "" if it is none."""
    text = _UNIT_WORD.sub("", text)
    return canonical_unit(text) or canonical_unit(_PER.sub("", text))


def _years(text: str) -> list[tuple[str, int]]:
    """Return the text without its leading or trailing year, longest rest first."""
    found: list[tuple[str, int]] = []
    if first := _YEAR_FIRST.match(text):
        rest, year = text[first.end() :].lstrip("-_."), int(first[1])
        found.append((rest, year))
        if word := _YEAR_WORD.match(rest):
            found.append((rest[1:], year))
            found.append((rest[word.end() :], year))
    elif last := _YEAR_LAST.search(text):
        found.append((text[: last.start()].rstrip("-_.:"), int(last[1])))
    return [(rest, year) for rest, year in found if len(rest) > 1]
