"""The steps a household or village went through: which, in what order, how long.

Only columns that the sheets have are looked at. A blank day is missing; a cell
that cannot be read is neither missing nor out of order.
"""

from __future__ import annotations

import numpy as np

from fupin_audit.assess.criteria import condition, number
from fupin_audit.evaluate.context import Context
from fupin_audit.model.assessment import Mask, Pair, ProcedureTrack, SpanColumn
from fupin_audit.model.ledger import Floats
from fupin_audit.packs.judgement import Procedure, Span, Step

CHILDREN = {"household": ("household", "procedure"), "village": ("village",)}
"""Tables whose rows went through a procedure, by level."""


def tracks(level: str, ctx: Context) -> list[ProcedureTrack]:
    """Follow every procedure of a level that the sheets have any step of."""
    tables = CHILDREN.get(level, ())
    made = [
        track(procedure, ctx)
        for procedure in ctx.pack.procedures
        if procedure.table in tables and procedure.table in ctx.tables
    ]
    return [one for one in made if one.steps and len(one.rows)]


def track(procedure: Procedure, ctx: Context) -> ProcedureTrack:
    """Follow one procedure over the rows that went through it."""
    table = procedure.table
    rows = np.flatnonzero(condition(ctx, table, procedure.when).yes)
    here = [s for s in procedure.steps if ctx.available(table, s.field)]
    size = (len(here), len(rows))
    day, missing = np.full(size, np.nan), np.zeros(size, bool)
    for i, step in enumerate(here):
        column = ctx.field_column(table, step.field)
        day[i] = np.where(column.known, column.data, np.nan)[rows]
        blank = ~column.known & ~column.voids
        missing[i] = (blank & ~_needless(step, table, ctx))[rows]
    back, earlier = _backwards(day)
    return ProcedureTrack(
        id=procedure.id,
        label=(procedure.label.zh, procedure.label.en),
        table=table,
        rows=rows,
        steps=[_named(s, table, ctx) for s in here],
        fields=[s.field for s in here],
        absent=[_named(s, table, ctx) for s in procedure.steps if s not in here],
        day=day,
        missing=missing,
        back=back,
        earlier=earlier,
        spans=[_span(s, here, day, table, ctx) for s in procedure.spans if _spanned(s, here)],
        because=procedure.because,
    )


def _needless(step: Step, table: str, ctx: Context) -> Mask:
    if step.needless is None:
        return np.zeros(len(ctx.tables[table]), bool)
    return condition(ctx, table, step.needless).yes


def _named(step: Step, table: str, ctx: Context) -> Pair:
    if step.label is not None:
        return step.label.zh, step.label.en
    return step.field.removesuffix("日期"), ctx.pack.tables[table].fields[step.field].en


def _backwards(
    day: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.bool_]],
           np.ndarray[tuple[int, int], np.dtype[np.int8]]]:  # fmt: skip
    """Tell where a step lies before the last day of the steps before it, and which
    step that day is of."""
    back = np.zeros(day.shape, bool)
    earlier = np.full(day.shape, -1, dtype=np.int8)
    latest = np.full(day.shape[1], -np.inf)
    holder = np.full(day.shape[1], -1, dtype=np.int8)
    for i in range(len(day)):
        known = ~np.isnan(day[i])
        back[i] = known & (day[i] < latest)
        earlier[i] = np.where(back[i], holder, -1)
        later = known & (day[i] >= latest)
        latest = np.where(later, day[i], latest)
        holder = np.where(later, i, holder).astype(np.int8)
    return back, earlier


def _spanned(span: Span, here: list[Step]) -> bool:
    fields = [s.field for s in here]
    return span.start in fields and span.end in fields


def _span(span: Span, here: list[Step], day: Floats, table: str, ctx: Context) -> SpanColumn:
    fields = [s.field for s in here]
    days = day[fields.index(span.end)] - day[fields.index(span.start)]
    days = np.where(days >= 0, days + span.inclusive, np.nan)  # out of order: no length
    least, most = (_limit(text, table, ctx) for text in (span.least, span.most))
    wrong = (days < least) | (days > most)
    return SpanColumn(span.id, (span.label.zh, span.label.en), days, wrong, least, most)


def _limit(text: str | None, table: str, ctx: Context) -> float:
    values = number(ctx, table, text)
    known = values[~np.isnan(values)] if values is not None else np.zeros(0)
    return float(known[0]) if len(known) else np.nan
