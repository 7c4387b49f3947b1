"""Judgements of overlays laid on the core's, and cut to an era and a region."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

import msgspec

from fupin_audit.packs.judgement import IncomeMethod, Judgement, Procedure
from fupin_audit.packs.load import Pack


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def laid_method(pack: Pack, overlays: list[Pack], era: str) -> IncomeMethod | None:
    """Return the income method in force: the most local one, with the standards
    of its era."""
    found = [m for layer in (pack, *overlays) for m in layer.methods.values()]
    if not found:
        return None
    method = found[-1]
    standards = tuple(s for s in method.standards if era in s.era)
    return msgspec.structs.replace(method, standards=standards)


def laid_judgements(
    pack: Pack, overlays: list[Pack], era: str, region: str
) -> dict[str, Judgement]:
    """Return the judgement of each level, with what applies in an era and region.

    What an overlay writes under an id replaces what is below it.
    """
    laid: dict[str, Judgement] = {}
    for layer in (pack, *overlays):
        for level, own in layer.judgements.items():
            base = laid.get(level)
            laid[level] = own if base is None else _over(base, own)
    return {level: _cut(judgement, era, region) for level, judgement in laid.items()}


def laid_procedures(pack: Pack, overlays: list[Pack], era: str) -> tuple[Procedure, ...]:
    """Return the procedures of an era; an overlay's replace those of the same id."""
    laid: tuple[Procedure, ...] = ()
    for layer in (pack, *overlays):
        for own in layer.procedures.values():
            laid = _merged(laid, own.procedures)
    return tuple(p for p in laid if era in p.era)


def _over(base: Judgement, own: Judgement) -> Judgement:
    return msgspec.structs.replace(
        base,
        note=own.note or base.note,
        subject=own.subject or base.subject,
        criteria=_merged(base.criteria, own.criteria),
        classes=own.classes or base.classes,
        figures=_merged(base.figures, own.figures),
        groups=_merged(base.groups, own.groups),
        flags=_merged(base.flags, own.flags),
    )


def _merged(base: Iterable[N], own: Iterable[N]) -> tuple[N, ...]:
    laid: list[N] = []
    left = {one.id: one for one in own}
    for one in base:  # a replacement stands where the first of its id stood
        if one.id in left:
            laid.append(left.pop(one.id))
        elif all(one.id != other.id for other in own):
            laid.append(one)
    return (*laid, *left.values())


def _cut(judgement: Judgement, era: str, region: str) -> Judgement:
    criteria = tuple(
        c
        for c in judgement.criteria
        if era in c.era and (not c.regions or any(region.startswith(r) for r in c.regions))
    )
    groups = tuple(g for g in judgement.groups if era in g.era)
    return msgspec.structs.replace(judgement, criteria=criteria, groups=groups)
