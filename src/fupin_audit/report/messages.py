"""A finding's message: the rule's template with the row's own values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin_audit.model.dataset import written
from fupin_audit.model.findings import Absence, Piece, RuleHits
from fupin_audit.report.masking import Masker, find_field, mask_free
from fupin_audit.report.words import BLANK, TRUTH, Lang, say

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

ABSENCE: dict[Absence, tuple[str, str]] = {
    Absence.NO_COLUMN: ("（表上没有）", "(not on the sheet)"),
    Absence.UNREADABLE: ("（读不出）", "(unreadable)"),
    Absence.NO_FIGURE: ("（没有公布）", "(not published)"),
    Absence.UNKNOWN: ("（看不出）", "(not known)"),
}

OTHERS = "others"
"""Text of the piece that names the other rows involved."""

AS_READ = "*"
"""Field of the piece that shows what stood in the cell an observed rule blames."""

_OTHERS_SHOWN = 8
_REMEMBERED = 50_000

Part = str | Callable[[int], str]
NameRow = Callable[[int, int], str]
"""(own row, other row) → `第12行 张*`."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How to speak: language, mask, and how to name another row."""

    pack: ResolvedPack
    lang: Lang
    mask: Masker
    named_row: NameRow


def renderer(hits: RuleHits, table: str, speech: Speech) -> Callable[[int], str]:
    """Return the function that writes the message of the hit at a position."""
    pieces = hits.pieces.get(speech.lang) or hits.pieces.get("zh") or []
    parts = [_part(piece, hits, table, speech) for piece in pieces]
    if all(isinstance(part, str) for part in parts):
        fixed = "".join(part for part in parts if isinstance(part, str))
        return lambda _: fixed

    def render(at: int) -> str:
        return "".join([part if isinstance(part, str) else part(at) for part in parts])

    return render


def _part(piece: Piece, hits: RuleHits, table: str, speech: Speech) -> Part:
    if piece.argument < 0 and piece.text == OTHERS:
        return lambda at: _others(hits, at, speech)
    if piece.argument < 0:
        return piece.text
    values, spec, mask, lang = hits.arguments[piece.argument], piece.spec, speech.mask, speech.lang
    known = piece.field if find_field(speech.pack, table, piece.field) else ""
    seen: dict[Any, str] = {}
    worded = not piece.text

    def shown(at: int) -> str:
        value = values[at]
        if value.__class__ is str and (value.strip() or (worded and not value)):
            return mask(table, known, value) if value else ""  # an expression's empty text
        key = (value.__class__, value)
        if key in seen:
            return seen[key]
        text = speak(value, spec, lang)
        if isinstance(value, date) and not _absent(value):
            text = mask(table, known, text)
        if len(seen) < _REMEMBERED:
            seen[key] = text
        return text

    if piece.text and hits.blame_per_row is not None and piece.field != AS_READ:
        return lambda at: "" if _absent(values[at]) else shown(at)
    if piece.field == AS_READ and hits.blame_per_row is not None:
        return lambda at: _as_read(hits, at, values[at], table, speech)
    return shown


def _as_read(hits: RuleHits, at: int, value: Any, table: str, speech: Speech) -> str:
    """Show what stood in the blamed cell, masked as that cell's field asks."""
    text = speak(value, "", speech.lang)
    return text if _absent(value) else speech.mask(table, (hits.blame_per_row or [])[at], text)


def speak(value: Any, spec: str, lang: Lang) -> str:
    """Return a value as a sentence shows it.

    Numbers lose what floating arithmetic added; a blank is said to be blank.
    """
    if isinstance(value, Absence):
        return say(ABSENCE[value], lang)
    if _absent(value):
        return say(BLANK, lang)
    if isinstance(value, bool | np.bool_):
        return say(TRUTH[bool(value)], lang)
    if spec:
        try:
            return format(value, spec)
        except (TypeError, ValueError):
            return written(value)
    if isinstance(value, float | np.floating):
        near = round(float(value), 4)
        return written(near)
    return written(value)


def _absent(value: Any) -> bool:
    return (
        value is None
        or isinstance(value, Absence)
        or (isinstance(value, float) and value != value)
        or (isinstance(value, str) and not value.strip())
    )


def _others(hits: RuleHits, at: int, speech: Speech) -> str:
    own = int(hits.rows[at])
    rows = [row for row in (hits.others or [[]] * len(hits))[at] if row != own]
    zh = speech.lang == "zh"
    text = ("、" if zh else ", ").join(speech.named_row(own, row) for row in rows[:_OTHERS_SHOWN])
    if len(rows) > _OTHERS_SHOWN:
        text += f"等{len(rows)}行" if zh else f" and others, {len(rows)} rows in all"
    return text


def redacted(message: str, raw: str, masked: str) -> str:
    """Return the message without a personal value that slipped into it whole."""
    if len(raw) > 1 and raw != masked and raw in message:
        message = message.replace(raw, masked)
    return mask_free(message)
