"""Let stock pandera judge a run's tables, and compare with what `check` found."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from fupin_audit.domain.reason import Reason
from fupin_audit.errors import UsageError
from fupin_audit.evaluate.compiled import compiled
from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.engine import evaluate
from fupin_audit.evaluate.judge import judge
from fupin_audit.evaluate.plan import Plan, population, why_skipped
from fupin_audit.evaluate.proof.contracts import Pair, broken, comparable, seen
from fupin_audit.evaluate.proof.draw import some_households
from fupin_audit.evaluate.proof.hang import Hanging
from fupin_audit.evaluate.proof.outcome import Apart, Proof, RuleProof, Side, TableProof, Way
from fupin_audit.evaluate.proof.reckoner import Reckoner, written
from fupin_audit.evaluate.proof.verdicts import judged
from fupin_audit.evaluate.schema import CONTRACT
from fupin_audit.evaluate.spent import spent_after
from fupin_audit.model.dataset import Dataset
from fupin_audit.model.findings import Findings
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.tree import walk

OBSERVED = Reason(
    "读表时所见（空行、列名、单位、错误值一类），整理后的表里已经没有",
    "seen while reading the sheet (blank rows, headers, units, error values); "
    "the tidied table no longer has it",
)
Progress = Callable[[str, int, int], None]


def prove(
    dataset: Dataset, pack: ResolvedPack, findings: Findings, progress: Progress | None = None
) -> Proof:
    """Judge the tables of a run by stock pandera and compare.

    Args:
        dataset: The cleaned tables.
        pack: The law they were judged by.
        findings: What `check` found in just these tables.
    """
    return _Work(dataset, pack, findings).proof(progress)


def prove_some(
    dataset: Dataset,
    pack: ResolvedPack,
    selected: Collection[str] | None,
    households: int,
    seed: int,
    progress: Progress | None = None,
) -> Proof:
    """Prove on the records of some households: both sides judge just those.

    Raises:
        UsageError: The run has no households to draw from.
    """
    if "household" not in dataset.tables:
        raise UsageError("没有户表，不能按户抽样", hint="去掉 --rows，全部核对")
    hung = _hanging(dataset, pack).all()
    below = [t for t in dataset.tables if (t, "household") in hung]
    smaller, drawn = some_households(
        dataset, {t: hung[t, "household"].up for t in below},
        pack.role("household", "household_key") or "", households, seed,
    )  # fmt: skip
    proof = prove(smaller, pack, evaluate(smaller, pack, selected), progress)
    proof.drawn = drawn
    return proof


def _hanging(dataset: Dataset, pack: ResolvedPack) -> Hanging:
    frames = {name: data.full_frame for name, data in dataset.tables.items()}
    on = {
        name: None if data.on is None else (data.on[0], pd.Series(data.on[1]))
        for name, data in dataset.tables.items()
    }
    return Hanging(frames, on, pack)


class _Work:
    def __init__(self, dataset: Dataset, pack: ResolvedPack, findings: Findings) -> None:
        self.dataset, self.pack, self.findings = dataset, pack, findings
        hanging = _hanging(dataset, pack)
        self.frames = hanging.frames
        borrowed = {name: pd.Series(data.borrowed) for name, data in dataset.tables.items()}
        self.by = Reckoner(self.frames, hanging.all(), borrowed, pack)
        self.ctx = Context(dataset.tables, pack)

    def proof(self, progress: Progress | None) -> Proof:
        tables = {
            name: TableProof(name, self.pack.tables[name].label.zh, len(frame))
            for name, frame in self.frames.items()
        }
        coverage = {c.rule: c for c in self.findings.coverage}
        plans = compiled([r for r in self.pack.rules.values() if r.id in coverage], self.pack)
        proof = Proof(list(tables.values()), {}, {})
        for number, (plan, spent) in enumerate(zip(plans, spent_after(plans), strict=True)):
            rule = plan.rule
            if progress:
                progress(f"pandera 复核 {rule.id}", number, len(plans))
            if rule.kind == "observed":
                if rule.id not in CONTRACT.values():
                    proof.not_held[rule.id] = OBSERVED
            elif why := why_skipped(plan, self.ctx):
                proof.silent[rule.id] = why
            else:
                start = time.perf_counter()
                home = tables[plan.table]
                home.rules.append(self._rule(plan, coverage[rule.id].skipped is None))
                home.seconds += time.perf_counter() - start
                self.ctx.forget(spent)
                self.by.forget(spent)
        for name, table in tables.items():
            start = time.perf_counter()
            table.rules += self._contracts(name, [r for r in CONTRACT.values() if r in coverage])
            table.seconds += time.perf_counter() - start
        return proof

    def _rule(self, plan: Plan, decided: bool) -> RuleProof:
        """Prove one rule.

        Args:
            decided: `check` told which rows it could not decide.
        """
        rule, table = plan.rule.id, plan.table
        own = written(n for tree in plan.trees() for n in walk(tree))
        if own:
            violated = judged(self.by, plan, population(plan, self.ctx)[0])
        else:
            violated = pd.Series(judge(self.ctx, plan).violated)
        found = self._by_pandera(plan, ~violated.fillna(False).astype(bool))
        known = {int(row) for hits in self.findings.hits if hits.rule == rule for row in hits.rows}
        apart = [self._apart(rule, table, "pandera", row) for row in sorted(found - known)]
        apart += [self._apart(rule, table, "check", row) for row in sorted(known - found)]
        undecided = 0
        if own and decided and plan.rule.kind == "row":
            undecided = int((violated.isna().to_numpy() != self._undecided(rule, table)).sum())
        way: Way = "pandas" if own else "shared"
        return RuleProof(rule, table, way, len(found & known), tuple(apart), undecided)

    def _by_pandera(self, plan: Plan, passes: pd.Series) -> set[int]:
        """Return the rows that pandera reports. It tells every failing row once
        per column, so it is given the columns that the rule is about."""
        frame, rule = self.frames[plan.table], plan.rule
        about = [name for name in plan.blame if name in frame] or list(frame.columns[:1])
        check = pa.Check(
            lambda given: passes.reindex(given.index), name=rule.id, title=rule.title.zh,
            description=rule.title.en, ignore_na=False,
        )  # fmt: skip
        columns = {name: pa.Column(nullable=True, name=name) for name in about}
        schema = pa.DataFrameSchema(columns=columns, checks=[check], name=plan.table)
        try:
            schema.validate(frame[about], lazy=True)
        except SchemaErrors as errors:
            cases = errors.failure_cases
            return set(cases.loc[cases["check"] == rule.id, "index"].astype(int))
        return set()

    def _undecided(self, rule: str, table: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        n = len(self.frames[table])
        packed = self.findings.unknown.get(rule)
        if packed is None:
            return np.zeros(n, dtype=bool)
        return np.unpackbits(packed, count=n).astype(bool)

    def _contracts(self, table: str, rules: Sequence[str]) -> list[RuleProof]:
        found = broken(table, self.frames[table], self.pack)
        known = list(seen(table, self.findings))
        proofs = []
        for rule in rules:
            here, there = (
                {pair for pair in pairs if comparable(
                    rule, pair, table, self.frames[table], self.dataset, self.pack)}
                for pairs in (found[rule], [p for r, p in known if r == rule])
            )  # fmt: skip
            sides: list[tuple[Side, set[Pair]]] = [
                ("pandera", here - there), ("check", there - here),
            ]  # fmt: skip
            apart = [
                self._apart(rule, table, by, row, name)
                for by, pairs in sides
                for name, row in sorted(pairs)
            ]
            proofs.append(RuleProof(rule, table, "pandas", len(here & there), tuple(apart)))
        return proofs

    def _apart(self, rule: str, table: str, by: Side, row: int, field: str = "") -> Apart:
        data = self.dataset.tables[table]
        at = int(data.sheet[row])
        raw = self.dataset.sheets[at].raw if at < len(self.dataset.sheets) else None
        file, sheet = (raw.file, raw.name or "") if raw else ("", "")
        return Apart(rule, by, file, sheet, int(data.raw_row[row]) + 1, field)
