"""Near misses: shown to the user with a score, never taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fupin_audit.model.recognised import Proposal
from fupin_audit.recognise.heading import HeaderCell
from fupin_audit.recognise.lexicon import Lexicon

_THRESHOLD = 72.0
_BRACKET_APART = 0.95


def propose(
    cells: Sequence[HeaderCell],
    lexicon: Lexicon,
    tables: Sequence[str],
    taken: Iterable[tuple[str, str]],
) -> list[Proposal]:
    """Propose fields for headers that no field of these tables has.

    A header known to be ambiguous is proposed for each of its fields; one that
    differs by a bracket only, or by a character or two, for the nearest field
    no column has been taken for.
    """
    if not cells:
        return []
    taken_fields = set(taken)
    free: dict[str, tuple[str, str]] = {}
    for key, claims in lexicon.exact.items():
        for claim in claims:
            if claim.table in tables and (claim.table, claim.field) not in taken_fields:
                free.setdefault(key, (claim.table, claim.field))
    found: list[Proposal] = []
    for cell in cells:
        text, place = cell.text, cell.cell
        doubtful = [f for t, f in lexicon.doubtful(cell.header) if t in tables]
        doubtful += [c.field for c in lexicon.by_position(cell.header) if c.table in tables]
        if doubtful:
            found += [Proposal(text, place, f, 1.0) for f in dict.fromkeys(doubtful)]
            continue
        if cell.header.core in free:
            found.append(Proposal(text, place, free[cell.header.core][1], _BRACKET_APART))
            continue
        if len(cell.header.core) < 2:
            continue
        from rapidfuzz import fuzz, process

        near = process.extractOne(
            cell.header.core, free.keys(), scorer=fuzz.ratio, score_cutoff=_THRESHOLD
        )
        if near:
            found.append(Proposal(text, place, free[near[0]][1], round(near[1] / 100, 2)))
    return found
