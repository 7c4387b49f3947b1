"""One level judged: who is judged, by which criteria, and what it comes to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from fupin_audit.assess.criteria import absent_columns, answer, condition
from fupin_audit.assess.place import figures
from fupin_audit.assess.procedure import tracks
from fupin_audit.errors import InputError, UsageError
from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.keys import all_known, group_codes
from fupin_audit.evaluate.values import Truth
from fupin_audit.model.assessment import (
    UNKNOWN,
    UNMET,
    Answers,
    Assessment,
    Flagged,
    Ints,
    Kind,
    Mask,
    Pair,
)
from fupin_audit.model.dataset import Dataset
from fupin_audit.model.run import Region
from fupin_audit.packs.expr import parse
from fupin_audit.packs.judgement import Class, Judgement
from fupin_audit.packs.names import nearest
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Label

ANOTHER_YEAR = ("同一户另有更新年度的行", "another row of a later year")
REPEATED = ("同一户重复的行", "a repeated row")
NO_SUBJECT = ("不是认定对象（没有贫困、监测标志）", "not registered or monitored")


def judge_level(
    level: str,
    dataset: Dataset,
    pack: ResolvedPack,
    region: Region,
    *,
    without: Collection[str] = (),
    ctx: Context | None = None,
) -> Assessment:
    """Judge every subject of a level.

    Args:
        level: `household`, `village` or `county`.
        without: Ids or short names of criteria to leave out.

    Raises:
        UsageError: The pack has no such level, or no such criterion.
        InputError: The inputs hold no table of the level.
    """
    judgement = pack.judgements.get(level)
    if judgement is None:
        known = "、".join(pack.judgements) or "无"
        raise UsageError(f"规则包里没有“{level}”这一级的认定标准", hint=f"可以是 {known}")
    table = judgement.table
    if table not in dataset.tables or not len(dataset.tables[table]):
        label = pack.tables[table].label.zh
        raise InputError(
            f"没有认出“{label}”表，不能按{judgement.label.zh}认定",
            hint=f"请同时给出“{label}”表，或用 --map 指明",
        )
    ctx = ctx or Context(dataset.tables, pack)
    asked, left_out = _chosen(judgement, without)
    answers = [answer(c, table, ctx) for c in judgement.criteria if c.id in asked]
    spared = [answer(c, table, ctx) for c in judgement.criteria if c.id in left_out]
    rows, set_aside = _subjects(judgement, ctx)
    kinds, kind, undecided, lacking = _classes(judgement, answers, ctx)
    groups = [Kind(g.id, _pair(g.label)) for g in judgement.groups]
    group = _groups(judgement, ctx)
    return Assessment(
        level=level,
        table=table,
        label=_pair(judgement.label),
        pack=pack,
        as_of=pack.as_of,
        region=region,
        dataset=dataset,
        rows=rows,
        criteria=answers,
        left_out=spared,
        kinds=kinds,
        kind=kind,
        undecided=undecided,
        groups=groups,
        group=group,
        flags=_flags(judgement, answers, rows, group, kind),
        figures=figures(judgement, ctx),
        procedures=tracks(level, ctx),
        set_aside=set_aside,
        without_class=lacking,
    )


def _chosen(judgement: Judgement, without: Collection[str]) -> tuple[set[str], set[str]]:
    words = {w: c.id for c in judgement.criteria for w in (c.id, c.short.zh, c.label.zh)}
    for word in without:
        if word not in words:
            hint = nearest(word, words) or "可以是 " + "、".join(
                c.short.zh for c in judgement.criteria
            )
            raise UsageError(f"没有“{word}”这一项认定标准", hint=hint)
    left_out = {words[w] for w in without}
    return {c.id for c in judgement.criteria} - left_out, left_out


def _subjects(judgement: Judgement, ctx: Context) -> tuple[Ints, dict[Pair, int]]:
    """Return the rows judged: each subject once, its latest year."""
    table, pack = judgement.table, ctx.pack
    size = len(ctx.tables[table])
    taken = np.ones(size, dtype=bool)
    set_aside: dict[Pair, int] = {}
    if judgement.subject is not None:
        outside = condition(ctx, table, judgement.subject).no
        set_aside[NO_SUBJECT] = int(outside.sum())
        taken &= ~outside
    year = pack.role(table, "year")
    fields = [f for f in pack.tables[table].key if f != year]
    if fields and all(ctx.available(table, f) for f in fields):
        keys = [ctx.field_column(table, f) for f in fields]
        keyed = taken & all_known(keys)
        codes, count = group_codes(keys)
        if year is not None and ctx.available(table, year):
            years = ctx.field_column(table, year)
            when = np.where(years.known, years.data, -np.inf)
            latest = np.full(count, -np.inf)
            np.maximum.at(latest, codes[keyed], when[keyed])
            older = keyed & (when < latest[codes])
            set_aside[ANOTHER_YEAR] = int(older.sum())
            taken &= ~older
            keyed &= taken
        at = np.flatnonzero(keyed)
        first = np.full(count, -1, dtype=np.int64)
        first[codes[at[::-1]]] = at[::-1]
        repeated = keyed & (first[codes] != np.arange(size))
        set_aside[REPEATED] = int(repeated.sum())
        taken &= ~repeated
    return np.flatnonzero(taken), {why: n for why, n in set_aside.items() if n}


def totals(answers: Sequence[Answers], size: int) -> tuple[Mask, Mask]:
    """Return where some criterion is not met, and where some cannot be judged."""
    unmet, unknown = np.zeros(size, bool), np.zeros(size, bool)
    for one in answers:
        unmet |= one.answer == UNMET
        unknown |= one.answer == UNKNOWN
    return unmet, unknown


def _classes(
    judgement: Judgement, answers: list[Answers], ctx: Context
) -> tuple[list[Kind], Ints, Mask, list[tuple[Kind, str]]]:
    table, size = judgement.table, len(ctx.tables[judgement.table])
    unmet, unknown = totals(answers, size)
    kinds = [Kind(c.id, _pair(c.label), _pair(c.means), c.attention) for c in judgement.classes]
    kind = np.full(size, -1, dtype=np.int64)
    open_rows = np.ones(size, dtype=bool)
    undecided = np.zeros(size, dtype=bool)
    lacking: list[tuple[Kind, str]] = []
    last = len(kinds) - 1
    for i, spec in enumerate(judgement.classes):
        holds = _holds(spec, table, ctx, unmet, unknown)
        if spec.when is not None and size and holds.unknown.all():
            columns = absent_columns(parse(spec.when, table, ctx.pack.names), ctx)
            lacking.append((kinds[i], "、".join(columns)))
            continue
        kind[open_rows & holds.yes] = i
        torn = open_rows & holds.unknown
        kind[torn] = last
        undecided |= torn
        open_rows &= holds.no
    return kinds, kind, undecided, lacking


def _holds(spec: Class, table: str, ctx: Context, unmet: Mask, unknown: Mask) -> Truth:
    size = len(unmet)
    every = np.ones(size, dtype=bool)
    holds = Truth(every, ~every)
    if spec.criteria == "all_met":
        met = ~unmet & ~unknown
        holds &= Truth(met, ~met)
    elif spec.criteria == "some_unmet":
        holds &= Truth(unmet, ~unmet)
    elif spec.criteria == "some_unknown":
        holds &= Truth(unknown, ~unknown)
    if spec.when is not None:
        holds &= condition(ctx, table, spec.when)
    return holds


def _groups(judgement: Judgement, ctx: Context) -> Ints:
    table, size = judgement.table, len(ctx.tables[judgement.table])
    group = np.full(size, -1, dtype=np.int64)
    for i, spec in enumerate(judgement.groups):
        group[(group < 0) & condition(ctx, table, spec.when).yes] = i
    return group


def _flags(
    judgement: Judgement, answers: list[Answers], rows: Ints, group: Ints, kind: Ints
) -> list[Flagged]:
    unmet, unknown = totals(answers, len(group))
    states = {"unmet": unmet, "unknown": ~unmet & unknown, "met": ~unmet & ~unknown}
    groups = [g.id for g in judgement.groups]
    classes = [c.id for c in judgement.classes]
    found = []
    for flag in judgement.flags:
        if flag.group in groups:
            here = (group == groups.index(flag.group)) & states[flag.when]
            if flag.classes:
                here &= np.isin(kind, [classes.index(c) for c in flag.classes])
            chosen = rows[here[rows]]
            found.append(Flagged(flag.id, _pair(flag.label), _pair(flag.advice), chosen))
    return found


def _pair(label: Label) -> Pair:
    return label.zh, label.en or label.zh
