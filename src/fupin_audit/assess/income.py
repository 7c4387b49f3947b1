"""The income ledger: as filled, as recomputed, and how far from the line.

    ledger = income_ledger(dataset, pack)           # or (…, ctx=ctx) to share a Context
    net = ledger.line("net")                        # .filled .recomputed .difference .source
    ledger.judged, ledger.standards[0].distance     # per row of the household table

What is computed: a kind of income is the sum of its items where every item that
counts is filled; otherwise it is taken as its own cell has it. Gross is the sum
of the four kinds, net is gross less costs, per head is net over the people; each
again taken as filled where a part is not known. A blank is not nothing, unless
the parameter that `blank_is_zero` asks says so.
"""

from __future__ import annotations

import numpy as np

from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.functions import rounded
from fupin_audit.evaluate.values import Column
from fupin_audit.model.dataset import Dataset
from fupin_audit.model.ledger import (
    COMPUTED,
    TAKEN,
    UNKNOWN,
    Floats,
    IncomeLedger,
    LedgerLine,
    LedgerOption,
    LedgerStandard,
    Mask,
)
from fupin_audit.packs.expr import parse
from fupin_audit.packs.judgement import IncomeItem, IncomeKind, IncomeMethod, Standard
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Label
from fupin_audit.packs.tree import walk


def income_ledger(
    dataset: Dataset, pack: ResolvedPack, ctx: Context | None = None
) -> IncomeLedger | None:
    """Reckon the income of every row of the household table.

    Args:
        dataset: The cleaned tables.
        pack: The law of the day and region; its `method` says how to reckon.
        ctx: A context over the same tables, to share what is already computed.

    Returns:
        The ledger, rows in the order of the household table; None when the run
        has no such table or the pack no method.
    """
    method = pack.method
    if method is None or method.table not in dataset.tables:
        return None
    return _Reckoner(method, pack, ctx or Context(dataset.tables, pack)).ledger()


class _Reckoner:
    """Holds what every step of one reckoning needs."""

    def __init__(self, method: IncomeMethod, pack: ResolvedPack, ctx: Context) -> None:
        self.method, self.pack, self.ctx = method, pack, ctx
        self.table = method.table
        self.rows = len(ctx.tables[method.table])
        self.zero = self.condition(method.blank_is_zero)

    def ledger(self) -> IncomeLedger:
        method = self.method
        kinds = [self.kind(kind, 1) for kind in method.kinds]
        costs = self.kind(method.cost, -1)
        lines = [line for block in kinds for line in block] + costs
        gross = self.total("gross", method.gross, [block[0].recomputed for block in kinds])
        net = self.total("net", method.net, [gross.recomputed, -costs[0].recomputed])
        size = self.number(method.size)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(size > 0, net.recomputed / np.where(size > 0, size, 1), np.nan)
        per_head = self.total("per_head", method.per_head, [self.rounded(share)])
        judged = self.number(method.judged)
        return IncomeLedger(
            table=self.table,
            lines=[*lines, gross, net, per_head],
            year=self.number(method.year),
            size=size,
            judged=judged,
            standards=[self.standard(s, judged) for s in method.standards],
            options=[option(self.pack, name) for name in method.options],
        )

    # ---- expressions ----
    def column(self, text: str) -> Column:
        node = parse(text, self.table, self.pack.names, "judgement/income.yaml")
        return self.ctx.column(self.table, node)

    def number(self, text: str) -> Floats:
        return _floats(self.column(text))

    def condition(self, text: str) -> bool:
        """A condition about the local method, the same for every row."""
        node = parse(text, self.table, self.pack.names, "judgement/income.yaml")
        return bool(self.ctx.truth(self.table, node).yes.any()) if self.rows else False

    def rounded(self, values: Floats) -> Floats:
        known = ~np.isnan(values)
        data = Column(np.where(known, values, 0.0), known)
        return _floats(rounded(data, self.column(self.method.digits)))

    # ---- lines ----
    def cell(self, field: str) -> tuple[Floats, Mask, bool]:
        if not self.ctx.available(self.table, field):
            nothing = np.full(self.rows, np.nan)
            return nothing, np.ones(self.rows, bool), False
        column = self.ctx.field_column(self.table, field)
        return _floats(column), column.voids, True

    def kind(self, kind: IncomeKind, sign: int) -> list[LedgerLine]:
        filled, void, present = self.cell(kind.field)
        items = [self.item(kind, item, sign) for item in kind.items]
        pairs = list(zip(kind.items, items, strict=True))
        parts = [line for item, line in pairs if not item.within and not item.extra and line.counts]
        extras = [line for item, line in pairs if item.extra and line.counts]
        unreadable = np.logical_or.reduce([void, *(p.void for p in parts if p.present)])
        own = self.zeroed(filled, unreadable)  # a column nobody has is void, not blank
        whole = [self.zeroed(line.recomputed, line.void) for line in parts]
        complete = np.full(self.rows, any(line.present for line in parts))
        for amount in whole:
            complete &= ~np.isnan(amount)
        if self.zero:  # nothing filled anywhere is not a sum of nothings
            complete &= np.logical_or.reduce([~np.isnan(line.filled) for line in parts] or [~void])
        summed = np.add.reduce([np.zeros(self.rows), *whole])
        recomputed = np.where(complete, summed, own)
        for line in extras:
            nothing = np.isnan(line.recomputed) & ~(line.void & line.present)
            recomputed = recomputed + np.where(nothing, 0.0, line.recomputed)
        source = np.where(complete, COMPUTED, np.where(np.isnan(recomputed), UNKNOWN, TAKEN))
        head = LedgerLine(
            kind.id, kind.label.zh, kind.label.en, kind.field, 1, sign,
            filled, void, recomputed, source.astype(np.int8), present,
        )  # fmt: skip
        return [head, *items]

    def item(self, kind: IncomeKind, item: IncomeItem, sign: int) -> LedgerLine:
        filled, void, present = self.cell(item.field)
        counts = item.counts is None or self.condition(item.counts)
        amount = self.number(item.amount) if item.amount and present else filled
        recomputed = amount if counts else np.where(np.isnan(filled), np.nan, 0.0)
        source = np.where(np.isnan(recomputed), UNKNOWN, COMPUTED if item.amount else TAKEN)
        field = self.pack.tables[self.table].fields[item.field]
        return LedgerLine(
            f"{kind.id}.{item.field}", item.field, field.en, item.field,
            3 if item.within else 2, sign, filled, void, recomputed,
            source.astype(np.int8), present, counts, item.note,
        )  # fmt: skip

    def total(self, key: str, field: str, parts: list[Floats]) -> LedgerLine:
        filled, void, present = self.cell(field)
        summed = np.add.reduce(parts)
        known = ~np.isnan(summed)
        recomputed = np.where(known, summed, filled)
        source = np.where(known, COMPUTED, np.where(np.isnan(filled), UNKNOWN, TAKEN))
        spec = self.pack.tables[self.table].fields[field]
        return LedgerLine(
            key, field, spec.en, field, 0, 0, filled, void, recomputed,
            source.astype(np.int8), present,
        )  # fmt: skip

    def zeroed(self, values: Floats, void: Mask) -> Floats:
        """Make nothing of what is blank, where the local method says so."""
        return np.where(np.isnan(values) & ~void, 0.0, values) if self.zero else values

    def standard(self, spec: Standard, judged: Floats) -> LedgerStandard:
        value = self.number(spec.value)
        gap = ""
        if self.rows and np.isnan(value).all():
            node = parse(spec.value, self.table, self.pack.names)
            names = [n.args[0] for n in walk(node) if n.op == "param"]
            gap = next((w for n in names if (w := self.pack.param(n, self.pack.as_of)[1])), "")
        near = judged - value
        return LedgerStandard(spec.id, spec.label.zh, spec.label.en, value, near, gap)


def option(pack: ResolvedPack, name: str) -> LedgerOption:
    """Return a parameter's value of the pack's day and region, with its sources."""
    title: Label = pack.params[name].title
    value, gap = pack.param(name, pack.as_of)
    found = pack.param_value(name, pack.as_of)
    basis = found.basis if found else ()
    return LedgerOption(
        name=name,
        zh=title.zh,
        en=title.en,
        value="" if value is None else str(value),
        unit=pack.params[name].unit,
        gap=gap,
        weak=bool(basis) and basis[0].confidence != "firm",
        basis="；".join(b.document + (f"（{b.note}）" if b.note else "") for b in basis),
        note=pack.params[name].note,
    )


def _floats(column: Column) -> Floats:
    return np.where(column.known, column.data.astype(np.float64), np.nan)
