"""What a rule judges by, as one digest: its text, its terms, its thresholds.

A confirmation is bound to it: when a threshold moves, what was true under the
old one has to be looked at again. Wording, severity and sources do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Rule, Value

_WORD = re.compile(r"\w+")
_PARAM = re.compile(r"param\(\s*[\"']([^\"']+)[\"']\s*(,)?")
_OF_MEMBERS = re.compile(r"\b\w+_members?\b")


def law_of(rule: Rule, pack: ResolvedPack) -> bytes:
    """Return a digest of everything that decides the rule's verdict here."""
    text = _text(rule, pack)
    words = set(_WORD.findall(text))
    dated = {name: bool(comma) for name, comma in sorted(_PARAM.findall(text))}
    judged: list[Any] = [
        rule.kind, rule.table, rule.observed, text,
        {name: _values(name, yearly, pack) for name, yearly in dated.items()},
        {name: pack.codes[name].values for name in sorted(words & pack.codes.keys())},
    ]  # fmt: skip
    return blake2b(msgspec.msgpack.encode(judged), digest_size=8).digest()


def tables_of(rule: Rule, pack: ResolvedPack) -> frozenset[str]:
    """Return the tables a rule looks into besides its own."""
    text = _text(rule, pack)
    found = set(_WORD.findall(text)) & pack.tables.keys()
    if _OF_MEMBERS.search(text):
        found |= {r.child for r in pack.relations if pack.role(r.child, "head_relation")}
    if rule.match:
        found.add(rule.match.table)
    return frozenset(found - {rule.table})


def _text(rule: Rule, pack: ResolvedPack) -> str:
    """Return the rule's expressions and those of every term it stands on."""
    own = [rule.when, rule.must, rule.differing, *rule.key]
    if rule.match:
        own += [rule.match.table, rule.match.when]
        own += [word for pair in rule.match.on.items() for word in pair]
    own += [pack.populations[name].where for name in rule.population if name in pack.populations]
    texts = [text or "-" for text in own]
    return "\n".join([*texts, *_terms("\n".join(texts), pack)])


def _terms(text: str, pack: ResolvedPack) -> Iterator[str]:
    seen: set[str] = set()
    left = sorted(set(_WORD.findall(text)) & pack.terms.keys())
    while left:
        name = left.pop(0)
        if name in seen:
            continue
        seen.add(name)
        means = pack.terms[name].means
        yield f"{name}: {means}"
        left += sorted((set(_WORD.findall(means)) & pack.terms.keys()) - seen)


def _values(name: str, yearly: bool, pack: ResolvedPack) -> list[tuple[str, str, Any]]:
    """Return the value in force; of a parameter asked for by year, all of them."""
    if name not in pack.params:
        return []
    found: list[Value | None] = [pack.param_value(name, pack.as_of)]
    if yearly:
        found = [v for v in pack.params[name].values if pack.region.startswith(v.region or "")]
    return [(str(v.since) if yearly else "", v.region or "", v.value) for v in found if v]
