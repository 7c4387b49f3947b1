"""Recipes for coded fields: labels, aliases, misprints, declared numbers.

A multi-value cell becomes its labels in the order of the code list, joined by
`SEPARATOR`; each label once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from fupin_audit.domain.characters import folded, tidy
from fupin_audit.domain.traditional import simplified
from fupin_audit.model.dataset import written
from fupin_audit.model.sheet import Cell
from fupin_audit.normalise.cleaned import (
    BLANK,
    ERROR,
    ERROR_TEXTS,
    OPEN,
    PLACEHOLDERS,
    UNKNOWN_CODE,
    Cleaned,
    sort_cells,
)
from fupin_audit.normalise.texts import settled
from fupin_audit.packs.shapes import CodeList

SEPARATOR = "、"
OPEN_LIST = "开放代码表"
"""Begins the detail of a value that an open list does not hold."""

_SPLIT = re.compile(r"[,，、;；|/\n\r]+")
_JOINS = str.maketrans("", "", ",、;|/")
_NUMBER = re.compile(r"0*(\d+)(?:\.0+)?")
_NEAR = 60.0


@dataclass(frozen=True, slots=True)
class Decoder:
    """What the clerks' words for one code list mean.

    Attributes:
        labels: Canonical labels in the list's order.
        words: Folded word → index of its label.
        loose: The same without separators, for words inside multi-values.
        numbers: Bare number (no leading zeros) → index; empty without a
            declared code set.
        open: Unseen values are kept.
        inverted: The column asks the opposite question: 是 means 否.
    """

    labels: tuple[str, ...]
    words: dict[str, int]
    loose: dict[str, int]
    numbers: dict[str, int]
    open: bool
    inverted: bool = False


def decoder(codes: CodeList, code_set: str | None, *, inverted: bool = False) -> Decoder:
    """Prepare a code list for reading one column.

    Args:
        code_set: Which set of bare numbers the column uses; None decodes none.
        inverted: The header asks the opposite question (住房是否安全 for
            是否危房户). Only a plain 是 or 否 turns round, and a word of its own
            (危房) says the same under either header; `有` and `1` do not, and
            are unknown.
    """
    labels = tuple(c.label for c in codes.values)
    words: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for i, code in enumerate(codes.values):
        for word in (code.label, *code.aliases, *code.misprints):
            words.setdefault(_key(word), i)
        if code_set in code.numbers:
            numbers[_bare(code.numbers[code_set]) or code.numbers[code_set]] = i
    for i, label in enumerate(labels):  # a label wins over another's alias
        words[_key(label)] = i
    if inverted:
        yes, no = words.get("是"), words.get("否")
        words = {word: i for word, i in words.items() if len(word) > 1}
        numbers = {}
        if yes is not None and no is not None:
            words |= {"是": no, "否": yes}
    loose = {word.translate(_JOINS): i for word, i in reversed(words.items())}
    return Decoder(labels, words, loose, numbers, codes.open, inverted)


def clean_code(cells: list[Cell], decoder: Decoder) -> Cleaned:
    """One value per cell."""
    return _clean(cells, decoder, multiple=False)


def clean_codes(cells: list[Cell], decoder: Decoder) -> Cleaned:
    """Several values per cell, in any order and with any separator."""
    return _clean(cells, decoder, multiple=True)


def _clean(cells: list[Cell], decoder: Decoder, *, multiple: bool) -> Cleaned:
    kinds = sort_cells(cells)
    values = [""] * len(cells)
    cleaned = Cleaned(values, kinds.state)
    for i in (*kinds.texts, *kinds.numbers, *kinds.others):
        values[i] = text = settled(written(cells[i]), str.strip)
        found = _one(text, decoder)
        if found is not None:
            values[i] = decoder.labels[found]
        elif _key(text) in _BLANKS:
            kinds.state[i] = BLANK
        elif text in ERROR_TEXTS:
            kinds.state[i] = ERROR
        elif multiple:
            _several(i, text, decoder, cleaned)
        else:
            _unknown(i, tidy(text), [text], decoder, cleaned)
    cleaned.touched = (*kinds.texts, *kinds.numbers, *kinds.others)
    return cleaned


def _several(i: int, text: str, decoder: Decoder, cleaned: Cleaned) -> None:
    """Read the parts of a multi-value cell; a part not known is not dropped."""
    found, unknown = _parts(_split(text, decoder), decoder)
    known = [decoder.labels[k] for k in sorted(found)]
    if not found and not unknown:
        cleaned.state[i] = BLANK
    elif unknown:
        _unknown(i, SEPARATOR.join([*known, *unknown]), unknown, decoder, cleaned)
    else:
        cleaned.values[i] = SEPARATOR.join(known)


def _split(text: str, decoder: Decoder) -> list[str]:
    """Split at separators; at spaces only where every piece is a known word."""
    parts: list[str] = []
    for part in filter(None, map(str.strip, _SPLIT.split(text))):
        pieces = part.split()
        apart = len(pieces) > 1 and all(_one(p, decoder) is not None for p in pieces)
        parts += pieces if apart else [part]
    return parts


def _parts(parts: list[str], decoder: Decoder) -> tuple[set[int], list[str]]:
    """Match the longest runs of parts first: a label may hold a separator."""
    found: set[int] = set()
    unknown: list[str] = []
    at = 0
    while at < len(parts):
        for end in range(min(len(parts), at + 4), at, -1):
            run = parts[at:end]
            hit = _one(run[0], decoder) if len(run) == 1 else decoder.loose.get(_key("".join(run)))
            if hit is not None:
                found.add(hit)
                at = end
                break
        else:
            part = folded(parts[at])
            if part not in unknown and _key(part) not in _BLANKS:
                unknown.append(part)
            at += 1
    return found, unknown


def _one(text: str, decoder: Decoder) -> int | None:
    """Return the index of the label a text means, None if it means none."""
    key = _key(text)
    found = decoder.words.get(key)
    if found is None and decoder.numbers:
        found = decoder.numbers.get(_bare(key))
    if found is None and not key.isascii():
        found = decoder.words.get(simplified(key))
    return found


def _unknown(i: int, kept: str, words: list[str], decoder: Decoder, cleaned: Cleaned) -> None:
    """Keep what an open list does not hold; void what a closed one does not."""
    near = [n for n in (_nearest(w, decoder) for w in words) if n]
    hint = "最接近：" + SEPARATOR.join(near) if near else ""
    if decoder.open:
        cleaned.values[i] = kept
        cleaned.state[i] = OPEN
        cleaned.detail[i] = "，".join(filter(None, (OPEN_LIST, hint)))
    else:
        cleaned.state[i] = UNKNOWN_CODE
        cleaned.detail[i] = hint


def _nearest(word: str, decoder: Decoder) -> str:
    from rapidfuzz import fuzz, process

    best = process.extractOne(
        _key(word), list(decoder.words), scorer=fuzz.ratio, score_cutoff=_NEAR
    )
    return decoder.labels[decoder.words[best[0]]] if best else ""


@lru_cache(maxsize=1 << 14)
def _key(text: str) -> str:
    return folded(text).casefold()


_BLANKS = frozenset(map(_key, PLACEHOLDERS))


def _bare(text: str) -> str:
    """Return a number without leading zeros (01 → 1), "" for other text."""
    found = _NUMBER.fullmatch(text)
    return found[1] if found else ""
