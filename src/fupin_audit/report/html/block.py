"""The findings inside the page: columns and dictionaries, so that many fit.

A message is kept as its wording, which few share with many, and the numbers in
it; the English one mostly has the same numbers. A household, a name, a cell's
value is written once and referred to by number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from fupin_audit.model.history import History
from fupin_audit.report.finding import addresses, blamed, findings
from fupin_audit.report.register import Ints
from fupin_audit.report.remarks import told
from fupin_audit.report.safe import visible
from fupin_audit.report.totals import Found
from fupin_audit.report.view import FindingView, View
from fupin_audit.report.words import SEVERITIES

LIMIT = 35_000
"""Findings a page lists at most."""
BUDGET = 3_600_000
"""Bytes they may take; with all else a page stays below five million."""

_CLIP = 300
_HOLE = "\ue000"
_PART = "\x1f"
_FIGURE = re.compile(r"[一-鿿]\*+|[0-9A-Za-z*.,:/\-]*[0-9*][0-9A-Za-z*.,:/\-]*")
"""A masked name, or anything with a digit or a mask in it."""
_FRESH = ("", "new", "reopened")
_COLOURS = ("", "green", "yellow", "red")
_STATES = ("", "open", "reopened", "unresolved", "confirmed")
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Block:
    """The findings of a page as text, how many they are, and per rule its first
    message in both languages."""

    text: str
    shown: int
    first: dict[str, tuple[str, str]]


class _Numbers(dict[Any, int]):
    """Numbers things in the order they are first met."""

    def __missing__(self, thing: Any) -> int:
        number = self[thing] = len(self)
        return number


def embedded(value: Any) -> str:
    """Return JSON that no parser of markup can take for anything else."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES).encode("utf-8", "replace").decode("utf-8")


def block(
    view: View, rules: Sequence[str], groups: Ints, history: History | None, limit: int = LIMIT
) -> Block:
    """Encode the findings; of more than fit those that matter most.

    Args:
        rules: Findings refer to these by position.
        groups: Per place of the register, the row of the table of places.
    """
    count = min(limit, len(view))
    while True:
        columns, first = _columns(most_urgent(view, count), rules, groups, history)
        text = embedded(columns)
        size = len(text.encode())
        if size <= BUDGET or count <= 1:
            return Block(text, count, first)
        count = max(1, int(count * BUDGET / size * 0.97))


def most_urgent(view: View, limit: int) -> View:
    """Return a view of the findings a judgement hangs on, then errors, warnings,
    infos, up to a limit; they stay in the order of the lists."""
    ordered = view.ordered
    if len(ordered.which) <= limit:
        return view
    found, cases = ordered.found, ordered.triage
    weight = found.severity.astype(np.int64) - len(SEVERITIES) * found.stakes
    kept = np.sort(np.argsort(weight, kind="stable")[:limit])
    there = np.zeros(len(cases.because_of), bool)
    there[ordered.number[kept]] = True
    because = np.where(
        (cases.because_of >= 0) & there[cases.because_of], cases.because_of, -1
    )  # what a finding follows from may itself not be listed
    some = Found(
        found.severity[kept], found.household[kept], found.place[kept], found.settle[kept],
        found.stakes[kept],
    )  # fmt: skip
    return replace(
        view,
        ordered=replace(
            ordered, which=ordered.which[kept], at=ordered.at[kept], found=some,
            number=ordered.number[kept], triage=replace(cases, because_of=because),
        ),
    )  # fmt: skip


@dataclass(slots=True)
class _Words:
    """What findings refer to by number."""

    house: _Numbers = field(default_factory=_Numbers)
    name: _Numbers = field(default_factory=_Numbers)
    place: _Numbers = field(default_factory=_Numbers)
    sheet: _Numbers = field(default_factory=_Numbers)
    fields: _Numbers = field(default_factory=_Numbers)
    value: _Numbers = field(default_factory=_Numbers)
    told: _Numbers = field(default_factory=_Numbers)


def _columns(
    view: View, rules: Sequence[str], groups: Ints, history: History | None
) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    words = _Words()
    first: dict[str, tuple[str, str]] = {}
    number = {rule: i for i, rule in enumerate(rules)}
    standing = history.standing if history else {}
    rows: list[tuple[Any, ...]] = []
    numbers: list[str] = []
    both = zip(findings(view, lang="zh"), findings(view, lang="en"), strict=True)
    for zh, en in both:
        said = _plain(told(zh, "zh")), _plain(told(en, "en"))
        lines = blamed(zh, "zh")
        numbers.append(zh.number)
        first.setdefault(zh.rule, (_plain(zh.message), _plain(en.message)))
        parts = [_FIGURE.findall(text) for text in said]
        rows.append((
            number[zh.rule], words.place[zh.place], words.house[visible(zh.household or "")],
            words.name[visible(zh.head)], words.name[visible(zh.name)], visible(zh.person or ""),
            words.sheet[visible(zh.file), visible(zh.sheet or "")], zh.row or 0,
            " ".join(addresses(view, zh)), words.fields[tuple([line.field for line in lines])],
            words.value[tuple([_plain(line.value) for line in lines])],
            words.told[_FIGURE.sub(_HOLE, said[0])], words.told[_FIGURE.sub(_HOLE, said[1])],
            _PART.join(parts[0]), "" if parts[0] == parts[1] else _PART.join(parts[1]),
            *_standing(zh, standing),
        ))  # fmt: skip
    names = (
        "rule", "place", "house", "head", "name", "person", "sheet", "row", "cells", "fields",
        "values", "zh", "en", "figures", "enFigures", "days", "mark",
    )  # fmt: skip
    columns: Any = zip(*rows, strict=True) if rows else [()] * len(names)
    found = view.ordered.found
    return {
        "n": len(rows),
        "id": "".join(numbers),
        "severity": "".join(map(str, found.severity.tolist())),
        "settle": "".join(map(str, found.settle.tolist())),
        "urgent": "".join(map(str, found.stakes.astype(int).tolist())),
        "group": [int(groups[p]) for p in found.place.tolist()],
        **{name: list(column) for name, column in zip(names, columns, strict=True)},
        "mark": "".join(row[-1] for row in rows),
        "houses": list(words.house), "names": list(words.name),
        "places": [[visible(part) for part in place] for place in words.place],
        "sheets": list(words.sheet), "fieldSets": list(words.fields),
        "valueSets": list(words.value), "told": list(words.told),
    }, first  # fmt: skip


def _standing(one: FindingView, standing: Mapping[str, Any]) -> tuple[int, str]:
    """Return days known (−1: not known), and state, colour and freshness as digits."""
    state = one.state if one.state in _STATES else ""
    its = standing.get(one.fingerprint)
    if its is None:
        return -1, f"{_STATES.index(state or '')}00"
    mark = (_STATES.index(state or ""), _COLOURS.index(its.colour), _FRESH.index(its.fresh))
    return its.days, "".join(map(str, mark))


def _plain(text: str) -> str:
    """Return text of bearable length without what the encoding itself uses."""
    text = text if len(text) <= _CLIP else text[: _CLIP - 1] + "…"
    return visible(text).replace(_HOLE, "\ufffd")
