"""Words that mean a code or a place, misspelt."""

from __future__ import annotations

from collections import Counter

from fupin_audit.model.values import Coded
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.suggest.asked import Answers, Asked, Found, Run

_SHORT = 3
"""Of two characters one is half the word."""
_LONGEST = 30
_OFTEN = 2
_CODE = ("与代码表里的这一项写法最接近", "The nearest entry of the code list")
_PLACE = ("与本次数据里的这个地名最接近", "The nearest place name of these data")


def near_code(run: Run, asked: Asked) -> Answers:
    """Find the one label that a word outside the code list is nearest to."""
    found: Answers = {}
    hits = asked.hits
    seen: dict[tuple[str, str], str | None] = {}
    for at in asked.at:
        field, text = asked.field_of(at), _as_read(asked, at)
        if not text or len(text) > _LONGEST:
            continue
        if (field, text) not in seen:
            seen[field, text] = _nearest(text, labels_of(run.pack, hits.table, field))
        label = seen[field, text]
        if label:
            found[at] = Found(label, _CODE)
    return found


def labels_of(pack: ResolvedPack, table: str, field: str) -> dict[str, str]:
    """Return every way to write a code of a field's list, and its label."""
    spec = pack.tables[table].fields.get(field)
    if spec is None or spec.type != "code" or not spec.codes or spec.codes not in pack.codes:
        return {}
    year = pack.as_of.year
    return {
        word: code.label
        for code in pack.codes[spec.codes].values
        if (code.since or 0) <= year <= (code.until or 9999)
        for word in (code.label, *code.aliases)
    }


def near_place(run: Run, asked: Asked) -> Answers:
    """Find the one place of the run's own that a name is nearest to.

    Names are those the list of villages gives; without one, those that at least
    two other rows of the table bear.
    """
    hits, field = asked.hits, asked.field
    role = next(
        (r for r in ("village", "township", "county") if run.pack.role(hits.table, r) == field), ""
    )
    names = _names(run, hits.table, field, role) if role else {}
    found: Answers = {}
    for at, text in zip(asked.at, run.texts(hits.table, field, asked.rows), strict=True):
        if text:
            others = {name: name for name in names if name != text}
            name = _nearest(text, others)
            if name:
                found[at] = Found(name, _PLACE)
    return found


def _names(run: Run, table: str, field: str, role: str) -> dict[str, int]:
    kept = run.kept.get(("places", table, field))
    if isinstance(kept, dict):
        return kept
    found: dict[str, int] = {}
    listed = run.dataset.tables.get("village")
    own = run.pack.role("village", role)
    if table != "village" and listed is not None and own and own in listed.columns:
        found = _counted(listed.columns[own])
    else:
        data = run.dataset.tables[table]
        found = {n: c for n, c in _counted(data.columns.get(field)).items() if c >= _OFTEN}
    run.kept["places", table, field] = found
    return found


def _counted(values: object) -> dict[str, int]:
    if not isinstance(values, Coded):
        return {}
    texts = values.texts.tolist()
    counts = Counter(values.codes[values.codes >= 0].tolist())
    return {texts[code]: count for code, count in counts.items()}


def _nearest(text: str, words: dict[str, str]) -> str | None:
    """Return the label that a text is one character away from, or holds, or is part
    of; None where that is true of two."""
    from rapidfuzz.distance import Levenshtein

    one_off = {
        words[word]
        for word in words
        if max(len(word), len(text)) >= _SHORT
        if Levenshtein.distance(word, text, score_cutoff=1) == 1
    }
    if one_off:
        return one_off.pop() if len(one_off) == 1 else None
    held = [w for w in words if len(w) >= 2 and w in text]
    held = held or [w for w in words if len(text) >= 2 and text in w]
    # Of words that hold one another the longest is meant: 高中 in 普通高中.
    labels = {words[w] for w in held if not any(w != other and w in other for other in held)}
    return labels.pop() if len(labels) == 1 else None


def _as_read(asked: Asked, at: int) -> str:
    """Return what stood in the cell an observed rule is about."""
    arguments = asked.hits.arguments
    return str(arguments[1][at]).strip() if len(arguments) > 1 else ""
