"""Every header the pack knows, ready to be looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec

from fupin_audit.packs.cache import digest_of, keep, recall
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise.headers import Header, Reading, bare, key_of, plain, read_header
from fupin_audit.recognise.units import measures

_MAKERS = (
    "fupin_audit.recognise.lexicon", "fupin_audit.recognise.headers",
    "fupin_audit.recognise.units", "fupin_audit.domain.characters",
    "fupin_audit.domain.numbers", "fupin_audit.domain.traditional",
)  # fmt: skip
_GROUP_TAIL = ("基本情况", "基本信息", "情况", "信息")


@dataclass(frozen=True, slots=True)
class Claim:
    """A field that a header may name. `how` is `name`, `alias` or `group`."""

    table: str
    field: str
    how: str
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Sense:
    """What a header was understood as: one reading and the fields it names."""

    reading: Reading
    claims: tuple[Claim, ...]


@dataclass(slots=True)
class Lexicon:
    """Keys of names and aliases, of aliases that need a group, of ambiguous ones.

    `groups` are the group titles a field may stand under.
    """

    exact: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    grouped: dict[str, list[tuple[str, Claim]]] = field(default_factory=dict)
    ambiguous: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    groups: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    units: dict[tuple[str, str], str | None] = field(default_factory=dict)
    signature: set[tuple[str, str]] = field(default_factory=set)

    def sense(self, header: Header, groups: tuple[str, ...] = ()) -> Sense | None:
        """Return what a header means under its group titles, None if unknown."""
        for group in reversed(groups):
            found = self._under(group, header)
            if found:
                return found
        for reading in header.readings:
            claims = self._fitting(reading)
            if claims:
                return Sense(reading, claims)
        return None

    def _under(self, group: str, header: Header) -> Sense | None:
        title = group_key(group)
        if not title:
            return None
        for reading in header.readings:
            known = self.grouped.get(reading.key, ())
            claims = tuple(c for g, c in known if title == g) or tuple(
                c for g, c in known if title.endswith(g)
            )
            if claims:
                return Sense(reading, claims)
        for reading in header.readings:
            claims = self.exact.get(title + reading.key, ())
            if claims:
                as_group = tuple(Claim(c.table, c.field, "group", c.inverted) for c in claims)
                return Sense(reading, as_group)
        return None

    def _fitting(self, reading: Reading) -> tuple[Claim, ...]:
        claims = self.exact.get(reading.key, ())
        if not reading.bare_unit:
            return claims
        return tuple(
            c for c in claims if measures(reading.unit, self.units[c.table, c.field])
        )  # fmt: skip

    def with_pins(self, columns: Mapping[str, str]) -> Lexicon:
        """Return a lexicon that also knows the headers the user pinned."""
        if not columns:
            return self
        exact = dict(self.exact)
        for text, name in columns.items():
            if claims := self._named(name):
                exact[key_of(text)] = claims
        return replace(self, exact=exact)

    def pinned_sense(self, header: Header, name: str) -> Sense | None:
        """Return what a header means that the user pinned to a field."""
        claims = self._named(name)
        reading = next((r for r in header.readings if r.unit), header.readings[0])
        return Sense(reading, claims) if claims else None

    def _named(self, name: str) -> tuple[Claim, ...]:
        table, _, plain_name = name.rpartition(".")
        return tuple(
            Claim(t, f, "map") for t, f in self.units if f == plain_name and table in ("", t)
        )

    def doubtful(self, header: Header) -> list[tuple[str, str]]:
        """Return the fields an ambiguous header might be."""
        for reading in header.readings:
            if reading.key in self.ambiguous:
                return self.ambiguous[reading.key]
        return []

    def by_position(self, header: Header) -> list[Claim]:
        """Return the fields this header would name under a group title."""
        for reading in header.readings:
            if reading.key in self.grouped:
                return list(dict.fromkeys(c for _, c in self.grouped[reading.key]))
        return []


class Asked:
    """A lexicon and what it has been asked: the sheets of a run share their headers."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._senses: dict[tuple[str, tuple[str, ...]], tuple[Header, Sense | None]] = {}

    def sense(self, leaf: str, groups: tuple[str, ...]) -> tuple[Header, Sense | None]:
        """Return a header cell's text as read, and what it means under its groups."""
        known = self._senses.get((leaf, groups))
        if known is None:
            header = read_header(leaf)
            known = self._senses[leaf, groups] = header, self.lexicon.sense(header, groups)
        return known


def group_key(title: str) -> str:
    """Return the key of a group title: no unit, no hint, no 情况 or 信息."""
    key = read_header(title).core
    for tail in _GROUP_TAIL:
        if key.endswith(tail) and len(key) > len(tail):
            return key.removesuffix(tail)
    return key


def lexicon_of(pack: ResolvedPack) -> Lexicon:
    """Return the index of all tables of a pack, from the user's cache folder if
    it is there: reading a thousand aliases takes longer than a township's sheet."""
    name = f"{digest_of(pack.tables, _MAKERS)}.lexicon"
    try:
        return msgspec.msgpack.decode(recall(name) or b"", type=Lexicon)
    except msgspec.MsgspecError:  # none yet, or one that cannot be trusted
        lexicon = build(pack)
        keep(name, msgspec.msgpack.encode(lexicon))
        return lexicon


def build(pack: ResolvedPack) -> Lexicon:
    """Index all tables of a pack. A canonical name outranks an alias of its
    table; an alias of two fields of one table is ambiguous, not first-come."""
    lexicon = Lexicon()
    ranked: dict[str, dict[str, list[tuple[int, Claim]]]] = {}
    for table, shape in pack.tables.items():
        lexicon.signature.update((table, name) for name in shape.signature)
        for name, spec in shape.fields.items():
            lexicon.units[table, name] = spec.unit
            forms = [(name, "name", False)]
            forms += [(alias, "alias", False) for alias in spec.aliases]
            forms += [(alias, "alias", True) for alias in spec.invert_aliases]
            for text, how, inverted in forms:
                claim = Claim(table, name, how, inverted)
                for rank, key in _keys(text):
                    rank += 0 if how == "name" else 1
                    ranked.setdefault(key, {}).setdefault(table, []).append((rank, claim))
            lexicon.groups[table, name] = set(map(group_key, spec.group_aliases))
            for group, leaves in spec.group_aliases.items():
                claim = Claim(table, name, "group")
                for leaf in leaves:
                    key = _keys(leaf)[0][1]
                    lexicon.grouped.setdefault(key, []).append((group_key(group), claim))
            for text in spec.ambiguous:
                lexicon.ambiguous.setdefault(key_of(text), []).append((table, name))
    for key, tables in ranked.items():
        claims: list[Claim] = []
        for table, entries in tables.items():
            best = min(rank for rank, _ in entries)
            winners = {c.field: c for rank, c in reversed(entries) if rank == best}
            if len(winners) == 1:
                claims += winners.values()
            else:
                lexicon.ambiguous.setdefault(key, []).extend((table, f) for f in winners)
        if claims:
            lexicon.exact[key] = tuple(claims)
    return lexicon


def _keys(text: str) -> list[tuple[int, str]]:
    """Return the keys a known header is found under, each with its rank: the
    text itself, then without numbering, unit, hint or year."""
    readings = [r for r in read_header(text).readings if not r.bare_unit]
    literal = bare(plain(text))
    if any(r.year for r in readings):  # 2017人均纯收入: the year is the sheet's, not the name's
        readings = [r for r in readings if r.year]
        literal = readings[0].key
    return [(0, literal), *((2, r.key) for r in readings if r.key != literal)]
