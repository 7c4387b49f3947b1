"""Trying fixes, checking again, and taking back what did harm.

All fixes are put in at once and every rule is run again. A fix stays only if its
own finding is gone and no finding has come that was not there. A check costs as
much as the first one, so there are few of them, however many fixes there are:
what cannot be proven harmless within them is taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from fupin_audit.model.repair import Fix, Outcome, Repair
from fupin_audit.model.run import CheckResult
from fupin_audit.pipeline import Reading
from fupin_audit.repair.candidates import (
    Attempt,
    Candidate,
    Spot,
    attempts,
    candidates,
    same,
)
from fupin_audit.repair.standing import Standing, arisen, standing
from fupin_audit.repair.suspects import Suspects
from fupin_audit.report.prints import ground_of

ROUNDS = {"safe": 4, "unsafe": 6}
"""Checks after the first, at most; nearly always one or two are enough."""

_NEAR = 2
"""Checks in which a fix in the very cells or rows of a new finding is blamed alone."""

Reason = tuple[tuple[str, str], str]
_STILL = ("改了以后原来的疑点还在", "its own finding is still there")
_UNPROVEN = (
    "没能在有限的几次复查里证明无害，请人工更正",
    "not proven harmless within the few checks there are; correct it by hand",
)
_TWICE = ("这一格已按另一条建议改过", "another suggestion for this cell was taken before")

Run = Callable[[Reading], CheckResult]
Collect = Callable[[CheckResult], list[Candidate]]


def repair(
    reading: Reading,
    result: CheckResult,
    run: Run,
    *,
    unsafe: bool = False,
    only: Collection[str] | None = None,
    collect: Collect | None = None,
) -> Repair:
    """Apply what the findings' suggestions say, as far as that does no harm.

    What is sure comes first; what is only probable is tried, if at all, on what
    the sure has left.

    Args:
        reading: The inputs; they stay as they are.
        result: Their check, by every rule.
        run: Checks edited inputs in the same way.
        only: The rules whose suggestions are taken and whose findings count.
        collect: What to take for suggestions instead of the check's own.
    """
    found = collect or (lambda checked: candidates(checked, only))
    trial = _Trial(reading, run, found, standing(result), result)
    trial.through("safe")
    if unsafe:
        trial.through("unsafe")
    left = [] if unsafe else trial.open("unsafe", told=False)
    outcomes = sorted(trial.outcomes(), key=lambda one: _order(one.fix))
    return Repair(
        trial.result, outcomes, _count(result, only), _count(trial.result, only), len(left)
    )


@dataclass(slots=True)
class _Trial:
    """What has been tried so far. `kept` is proven by the check `result`."""

    reading: Reading
    run: Run
    found: Collect
    before: Standing
    result: CheckResult
    kept: list[Attempt] = field(default_factory=list)
    dropped: dict[object, Outcome] = field(default_factory=dict)

    def through(self, confidence: str) -> None:
        """Try all suggestions of one confidence, also those that arise on the way."""
        fresh, queue = self.open(confidence), list[Attempt]()
        for number in range(ROUNDS[confidence]):
            if not fresh:
                break
            edits = [edit for one in (*self.kept, *fresh) for edit in one.edits]
            result = self.run(self.reading.edited(edits))
            faults = self._faults(result, fresh, near=number < _NEAR)
            if faults:
                mates = Suspects(fresh)
                for attempt, reason in faults.values():
                    if attempt.same not in self.dropped and len(mates.mates(attempt)) > 1:
                        queue.append(attempt)
                    self.dropped[attempt.same] = Outcome(attempt.fix, "withdrawn", *reason)
                fresh = [one for one in fresh if id(one) not in faults]
                if fresh:
                    continue
            else:
                self.kept, self.result = [*self.kept, *fresh], result
            fresh = self.open(confidence)
            fresh += _one_per_household(queue, fresh)
            queue = [one for one in queue if all(one is not other for other in fresh)]
        for attempt in fresh:
            self.dropped[attempt.same] = Outcome(attempt.fix, "withdrawn", _UNPROVEN)

    def open(self, confidence: str, *, told: bool = True) -> list[Attempt]:
        """Return what the last good check suggests that was not tried yet.

        What seems sure once the probable has been put in rests on that, and is
        itself no more than probable.

        Args:
            told: What cannot be tried is one of the outcomes.
        """
        ground = ground_of(self.result, b"")
        wanted = self.found(self.result)
        if confidence == "safe" or not told:
            wanted = [one for one in wanted if one.suggestion.confidence == confidence]
        else:
            wanted = [_probable(one) for one in wanted]
        fresh, refused = attempts(ground, wanted)
        taken: set[Spot] = {spot for one in self.kept for spot in one.spots}
        made = []
        for attempt in fresh:
            if taken.intersection(attempt.spots):
                refused.append(Outcome(attempt.fix, "refused", _TWICE))
            elif attempt.same not in self.dropped:
                made.append(attempt)
        for outcome in refused if told else ():
            self.dropped.setdefault(same(outcome.fix), outcome)
        return made

    def outcomes(self) -> Iterable[Outcome]:
        """Return what became of every fix; of what was tried and taken back in one
        cell with several values only the last, and nothing where another was kept."""
        yield from (Outcome(one.fix, "applied") for one in self.kept)
        marks = {one.same for one in self.kept}
        settled: set[Spot] = {spot for one in self.kept for spot in one.spots}
        for mark, told in reversed(self.dropped.items()):
            spots = {target[:4] for target in told.fix.targets}
            if mark in marks or (told.fate == "withdrawn" and spots & settled):
                continue
            if told.fate == "withdrawn":
                settled |= spots
            yield told

    def _faults(
        self, result: CheckResult, fresh: list[Attempt], *, near: bool
    ) -> dict[int, tuple[Attempt, Reason]]:
        """Return the fixes that a check speaks against, by identity, and why; those
        that were kept before are proven, and not to blame."""
        now = standing(result)
        found: dict[int, tuple[Attempt, Reason]] = {}
        still = now.of({key for one in (*self.kept, *fresh) for key in one.settles})
        for attempt in fresh:
            if back := still.intersection(attempt.settles):
                rule = min(key.kind[0] for key in back)
                found[id(attempt)] = attempt, (_STILL, rule)
        suspects = Suspects(fresh)
        for kept in self.kept:
            if back := still.intersection(kept.settles):
                reason = _raises(result, min(key.kind[0] for key in back))
                for attempt in suspects.mates(kept) or fresh:
                    found.setdefault(id(attempt), (attempt, reason))
        if news := list(arisen(self.before, now)):
            ground = ground_of(result, b"")
            for new in news:
                for attempt in suspects.of(ground, new, near=near):
                    found.setdefault(id(attempt), (attempt, _raises(result, new.hits.rule)))
        return found


def _probable(one: Candidate) -> Candidate:
    return one._replace(suggestion=one.suggestion._replace(confidence="unsafe"))


def _raises(result: CheckResult, rule: str) -> Reason:
    title = result.pack.rules[rule].title
    return (
        (f"改了会出现新的疑点：{title.zh}", f"would raise a new finding: {title.en or title.zh}"),
        rule,
    )  # fmt: skip


def _one_per_household(queue: list[Attempt], fresh: list[Attempt]) -> list[Attempt]:
    """Return one fix per household to try again, none of a cell that has a fresh one."""
    taken = {spot for one in fresh for spot in one.spots}
    by: dict[object, list[Attempt]] = defaultdict(list)
    for attempt in queue:
        if not taken.intersection(attempt.spots):
            by[attempt.fix.household or id(attempt)].append(attempt)
    return [some[0] for some in by.values()]


def _order(fix: Fix) -> tuple[str, str, int, int]:
    first = fix.targets[0] if fix.targets else None
    return (first.file, first.sheet or "", first.row, first.column) if first else ("", "", 0, 0)


def _count(result: CheckResult, only: Collection[str] | None) -> int:
    return sum(len(h) for h in result.findings.hits if only is None or h.rule in only)
