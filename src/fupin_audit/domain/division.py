"""Administrative divisions of GB/T 2260: every six-digit code there ever was.

The table is python-stdnum's `cn/loc`, whose names are dated. A code keeps its
place in citizen numbers after it is abolished, so an abolished one is known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fupin_audit.domain.characters import folded

# Headings of the table, not places: every prefecture has one.
_HEADINGS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_ABOVE_COUNTY = re.compile("自治区|自治州|地区")
_NO_NAME = re.compile(
    ".*(?:市辖区|市区|省内|省外|国内|国外)|[本外邻该他别][县旗区]|[县旗区市][内外]|县城|城区|园区|.*业区|开发区"
)
"""Words that stand for a county and name none."""
_SUFFIXES = ("自治县", "自治旗", "自治州", "地区", "林区", "特区", "县", "区", "市", "旗", "盟")
_PROVINCE_SUFFIXES = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")


@dataclass(frozen=True, slots=True)
class Spell:
    """A name a code had, from a year to a year (None: open), both inclusive."""

    name: str
    since: int | None
    until: int | None


@lru_cache(maxsize=65536)
def spells(code: str) -> tuple[Spell, ...]:
    """Return the names a six-digit code had; empty if there was no such code."""
    return _parse(_table().get(code, ""))


def _parse(entry: str) -> tuple[Spell, ...]:
    result = []
    for part in filter(None, entry.split(",")):
        years, bracket, name = part.removeprefix("[").partition("]")
        if not bracket:
            result.append(Spell(part, None, None))
            continue
        since, _, until = years.partition("-")
        result.append(Spell(name, int(since) if since else None, int(until) if until else None))
    return tuple(result)


def known(code: str) -> bool:
    """Tell whether a six-digit code was ever a division."""
    return bool(spells(code))


def known_all(codes: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Tell it for many codes, looking each distinct one up once."""
    codes = list(codes)
    table = {code: known(code) for code in set(codes)}
    return np.array([table[code] for code in codes], dtype=bool)


def valid_in(code: str, year: int) -> bool:
    """Tell whether a code was in force at some time of a year."""
    return any((s.since or 0) <= year <= (s.until or 9999) for s in spells(code))


def current(code: str) -> bool:
    """Tell whether a code is still in force."""
    return any(s.until is None for s in spells(code))


def name(code: str, year: int | None = None) -> str:
    """Return the latest name of a code, or its name in a year; "" if none."""
    if len(code) in (2, 4):
        code = code.ljust(6, "0")
    names = spells(code)
    if year is not None:
        names = tuple(s for s in names if (s.since or 0) <= year <= (s.until or 9999))
    return names[-1].name if names else ""


def full_name(code: str) -> str:
    """Return province, prefecture and county of a code in one text."""
    parts = [name(code[:length]) for length in (2, 4, 6) if length <= len(code)]
    return "".join(p for i, p in enumerate(parts) if p not in parts[:i] and p not in _HEADINGS)


def codes_of(*names: str) -> tuple[str, ...]:
    """Return every code that a place was called by, those in force first.

    Args:
        names: From the widest to the narrowest (陕西省, 商洛市, 商州区). The
            last is looked up, exactly, else without its 县/区/市/旗; those
            before it narrow the candidates. Empty names are ignored.

    Returns:
        All candidates: 城关区 alone is many places. Empty when nothing fits.
    """
    *wider, last = [n for n in map(folded, names) if n] or [""]
    found = _called(last) or _in_full(last) or _with_stem(stem(last)) or _chained(last)
    for place in wider:
        above = {_significant(c) for c in _called(place) or _with_stem(stem(place))}
        if above:
            found = tuple(c for c in found if any(c.startswith(a) for a in above))
    return found


@lru_cache(maxsize=65536)
def names_county(place: str) -> bool:
    """Tell whether a place names a unit of county level: a county, district,
    banner or county-level city, or a city that has none below it.

    What lies below it may follow (东莞市虎门镇). A name the table lacks is taken
    at its word (县, 旗, 区), unless the word is all there is (本县, 市区).
    """
    place = folded(place)
    if _NO_NAME.fullmatch(place) and place not in {name(c) for c in _called(place) if current(c)}:
        return False
    found = codes_of(place)
    if not found:
        if any(word in _ABOVE_COUNTY.sub("", place) for word in "县旗区"):
            return True
        found = _begun(place)
    found = tuple(filter(current, found)) or found
    return any(c[4:] != "00" or (c[2:] != "0000" and not _divided(c[:4])) for c in found)


@cache
def _divided(prefecture: str) -> bool:
    """Tell whether a prefecture has counties of its own."""
    return any(
        code.startswith(prefecture) and code[4:] != "00" and name(code) not in _HEADINGS
        for code in _table()
        if current(code)
    )


def _in_full(path: str) -> tuple[str, ...]:
    """Return the codes of a name written with what lies above it, in one text."""
    for cut in range(2, len(path) - 1):
        if found := _called(path[cut:]):
            return tuple(c for c in found if full_name(c).endswith(path))
    return ()


def _chained(path: str) -> tuple[str, ...]:
    """Return the codes of a name with some of what lies above it, in one text."""
    for cut in range(2, len(path) - 1):
        found = _called(path[cut:]) or _with_stem(stem(path[cut:]))
        if found:
            above = {_significant(c) for c in codes_of(path[:cut])}
            return tuple(c for c in found if any(c.startswith(a) for a in above))
    return ()


def _begun(path: str) -> tuple[str, ...]:
    """Return the codes of the city a text begins with, whatever follows."""
    cuts = [at + 1 for at, letter in enumerate(path) if letter == "市"]
    return next((found for cut in reversed(cuts) if (found := codes_of(path[:cut]))), ())


def stem(place: str) -> str:
    """Return a name without the word for its rank (商州区 → 商州)."""
    for suffix in (*_PROVINCE_SUFFIXES, *_SUFFIXES):
        if place.endswith(suffix) and len(place) > len(suffix) + 1:
            return place.removesuffix(suffix)
    return place


def _significant(code: str) -> str:
    """Return the digits that the codes below a division share."""
    return code[:2] if code[2:] == "0000" else code[:4] if code[4:] == "00" else code


@cache
def _table() -> dict[str, str]:
    """Return the dated names of every code, as the table writes them.

    Read from the file itself: the library takes twenty times as long to lay it
    out for look-ups by prefix, and loads half of urllib on the way.
    """
    found = find_spec("stdnum")
    assert found is not None
    assert found.origin is not None
    lines = (Path(found.origin).parent / "cn" / "loc.dat").read_text(encoding="utf-8").splitlines()
    table: dict[str, str] = {}
    province = ""
    for line in lines:
        code, _, names = line.partition(' county="')
        if names:
            table[province + code.strip()] = names.rstrip('"')
        elif line[:2].isdigit():
            province = line[:2]
    return table


def _called(place: str) -> tuple[str, ...]:
    """Return the codes of exactly this name, those in force first."""
    return _in_order(_by_name().get(place, ()))


def _with_stem(wanted: str) -> tuple[str, ...]:
    """Return the codes of names with this stem, those in force first."""
    names = _by_name()
    return _in_order([use for name in _by_stem().get(wanted, ()) for use in names[name]])


def _in_order(uses: Sequence[tuple[bool, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for _, code in sorted(uses)))


@cache
def _by_name() -> dict[str, list[tuple[bool, str]]]:
    """Return (given up, code) of every use of a name."""
    found: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for code, entry in _table().items():
        for part in entry.split(","):
            years, _, name = part.rpartition("]")
            if name and name not in _HEADINGS:
                found[name].append((bool(years) and not years.endswith("-"), code))
    return found


@cache
def _by_stem() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in _by_name():
        found[stem(name)].append(name)
    return found
