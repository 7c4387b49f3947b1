"""The second check held against the first: what a correction cleared, what it did not,
and what it brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fupin_audit.corrections.apply.fates import Fate, Fresh
from fupin_audit.corrections.apply.standing import place_of
from fupin_audit.model.findings import Findings, RuleHits
from fupin_audit.report.finding import findings
from fupin_audit.report.masking import Policy
from fupin_audit.report.prints import Ground, imprint
from fupin_audit.report.view import FindingView, view

Key = tuple[object, ...]
"""Where a finding is, whatever it says: rule, table, file, sheet, raw row, field."""
_CLEARED, _STILL = "疑点已消除", "改了以后仍不符"


@dataclass(slots=True)
class Compared:
    """The two checks, side by side.

    Attributes:
        cleared: Findings that are gone besides those that were answered.
        elsewhere: New findings that no single correction accounts for.
    """

    cleared: int = 0
    elsewhere: list[Fresh] = field(default_factory=list)


def compare(before: Ground, after: Ground, fates: Sequence[Fate], policy: Policy) -> Compared:
    """Say of each correction that is made what the second check found.

    Args:
        policy: How much of a person the replies may show.
    """
    for fate in fates:
        fate.verdict, fate.recheck, fate.fresh = "", "", []
        if fate.besides:
            fate.leave()
            fate.besides = False
    made = [fate for fate in fates if fate.correction]
    if not made:
        return Compared()
    imprint(before)
    imprint(after)
    old, new = _keys(before), _keys(after)
    rules = {fate.finding.rule for fate in made if fate.finding}
    moved = {_subject(after, *at) for key, at in new.items() if key[0] in rules and key not in old}
    answered = set()
    for fate in made:
        assert fate.finding is not None
        one = fate.finding.hits, fate.finding.at
        key = _key(before, *one)
        answered.add(key)
        # A household whose first row was another before is still the same one.
        gone = key not in new and _subject(before, *one) not in moved
        fate.verdict = "cleared" if gone else "still"
        fate.recheck = _CLEARED if gone else _STILL
    _besides(before, fates, new)
    lost = {key: at for key, at in old.items() if key not in new}
    subjects = {_subject(before, *at) for at in lost.values()}
    fresh = {
        key: at
        for key, at in new.items()
        if key not in old and _subject(after, *at) not in subjects
    }
    result = Compared(len(lost.keys() - answered))
    _attribute(before, after, made, list(fresh.values()), policy, result)
    return result


def _besides(before: Ground, fates: Sequence[Fate], new: Container[Key]) -> None:
    """Settle the lines nobody answered whose findings other corrections cleared."""
    for fate in fates:
        found = fate.finding if fate.line and fate.outcome == "unanswered" else None
        if found is not None and _key(before, found.hits, found.at) not in new:
            fate.settle("nothing", "因别处的更正，这条疑点已消除")
            fate.besides = True


def _keys(ground: Ground) -> dict[Key, tuple[RuleHits, int]]:
    return {
        _key(ground, hits, at): (hits, at)
        for hits in ground.result.findings.hits
        for at in range(len(hits))
    }


def _key(ground: Ground, hits: RuleHits, at: int) -> Key:
    name = hits.blame_per_row[at] if hits.blame_per_row else ""
    if hits.sheet is not None:
        return (hits.rule, hits.sheet[at], name, tuple((hits.cells or [[]] * len(hits))[at]))
    data = ground.result.dataset.tables[hits.table]
    row = int(hits.rows[at])
    return (hits.rule, hits.table, int(data.sheet[row]), int(data.raw_row[row]), name)


def _subject(ground: Ground, hits: RuleHits, at: int) -> Key:
    """Return whom a finding is about: a household's row may be another than before."""
    if hits.sheet is not None:
        return _key(ground, hits, at)
    row = int(hits.rows[at])
    who = ground.who.tables[hits.table]
    home = int(who.household[row])
    name = hits.blame_per_row[at] if hits.blame_per_row else ""
    told = [t[row] for t in (who.person, who.name) if t is not None]
    number = ground.who.households[home] if home >= 0 else ground.place(int(who.place[row]))
    return (hits.rule, hits.table, number, *told, name)


def _attribute(
    before: Ground, after: Ground, made: Sequence[Fate], fresh: list[tuple[RuleHits, int]],
    policy: Policy, result: Compared,
) -> None:  # fmt: skip
    """Lay each new finding to the corrections that brought it: those of its own row
    and field, else of its household, of a record it is matched to, of its village."""
    if not fresh:
        return
    by_row: dict[Key, list[Fate]] = defaultdict(list)
    by_home: dict[str, list[Fate]] = defaultdict(list)
    by_place: dict[Key, list[Fate]] = defaultdict(list)
    for fate in made:
        assert fate.finding is not None
        table, row = fate.finding.table, fate.finding.row
        by_row[(table, *place_of(before, table, row))].append(fate)
        by_home[_home(before, table, row)].append(fate)
        who = before.who.tables[table]
        by_place[before.place(int(who.place[row]))].append(fate)
    by_home.pop("", None)
    masked = _views(after, fresh, "masked")
    told = masked if policy == "masked" else _views(after, fresh, policy)
    for hits, at in fresh:
        mark = _mark(hits, at)
        one = masked[mark]
        found = Fresh(
            one.number, one.rule, one.title, one.message, told[mark].message, one.household or ""
        )
        causes = _causes(after, hits, at, by_row, by_home, by_place)
        for fate in causes:
            fate.fresh.append(found)
        if not causes:
            result.elsewhere.append(found)
    for fate in made:
        if fate.fresh:
            rules = "、".join(dict.fromkeys(one.rule for one in fate.fresh))
            fate.recheck += f"；引出新疑点 {len(fate.fresh)} 条（{rules}）"


def _causes(
    after: Ground, hits: RuleHits, at: int, by_row: dict[Key, list[Fate]],
    by_home: dict[str, list[Fate]], by_place: dict[Key, list[Fate]],
) -> list[Fate]:  # fmt: skip
    if hits.sheet is not None:
        return []
    row, table = int(hits.rows[at]), hits.table
    fields = set(hits.blame) | {hits.blame_per_row[at] if hits.blame_per_row else ""}
    others = hits.others[at] if hits.others else []
    homes = [_home(after, table, r) for r in (row, *others)]
    near = (
        by_row.get((table, *place_of(after, table, row)), []),
        by_home.get(homes[0], []),
        [fate for r in others for fate in by_row.get((table, *place_of(after, table, r)), [])],
        [fate for home in homes[1:] for fate in by_home.get(home, [])],
        by_place.get(after.place(int(after.who.tables[table].place[row])), []),
    )
    for some in near[:4]:
        if exact := [fate for fate in some if fate.field in fields]:
            return _each(exact)
    return next((_each(some) for some in near if some), [])


def _each(some: Iterable[Fate]) -> list[Fate]:
    return list({id(fate): fate for fate in some}.values())


def _home(ground: Ground, table: str, row: int) -> str:
    home = int(ground.who.tables[table].household[row])
    return ground.who.households[home] if home >= 0 else ""


def _views(
    after: Ground, fresh: list[tuple[RuleHits, int]], policy: Policy
) -> dict[str, FindingView]:  # fmt: skip
    """Return the new findings as they are told, by fingerprint."""
    wanted: dict[int, tuple[RuleHits, list[int]]] = {}
    for hits, at in fresh:
        wanted.setdefault(id(hits), (hits, []))[1].append(at)
    kept = []
    for hits, some in wanted.values():
        mask = np.zeros(len(hits), dtype=bool)
        mask[some] = True
        kept.append(hits.only(mask))
    result = replace(after.result, findings=Findings(kept))
    ground = Ground(result, after.who, after.cells, after.key)
    seen = view(result, reveal=policy == "open", key=after.key, ground=ground)
    return {one.fingerprint: one for one in findings(seen, named=policy == "named")}


def _mark(hits: RuleHits, at: int) -> str:
    assert hits.prints is not None
    return hits.prints.digests[at].hex()
