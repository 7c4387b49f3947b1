"""The order in which returned lists are held against the source, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fupin_audit.corrections.apply import decide
from fupin_audit.corrections.apply.fates import BAD, RESULTS, Circumstances, Fate
from fupin_audit.corrections.apply.judge import Judge, policy_of
from fupin_audit.corrections.apply.recheck import Compared, compare
from fupin_audit.corrections.apply.returned import Returned, Unusable
from fupin_audit.corrections.apply.standing import standing
from fupin_audit.corrections.apply.trial import Run, tried
from fupin_audit.ledger.query import Row
from fupin_audit.pipeline import Reading
from fupin_audit.report.masking import Policy
from fupin_audit.report.prints import Ground, ground_of

Tell = Callable[[str], None]


@dataclass(slots=True)
class Work:
    """Returned lists and what becomes of them.

    Attributes:
        before, after: The check of the source as it is, and as it will be.
        said: What else the user must know, Chinese.
    """

    lists: list[Returned]
    bad: list[Unusable]
    fates: list[Fate]
    reading: Reading
    run: Run
    before: Ground
    after: Ground
    compared: Compared = field(default_factory=Compared)
    said: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many lines came to each result."""
        return counted(self.fates)

    @property
    def failed(self) -> bool:
        """Some line was refused or contradicts another, or a list could not be read."""
        return bool(self.bad) or any(fate.outcome in BAD for fate in self.fates)

    @property
    def cleared(self) -> set[str]:
        """Fingerprints of the findings that a correction made go away."""
        return {f.fingerprint for f in self.fates if f.correction and f.verdict == "cleared"}

    def of(self, one: Returned) -> list[Fate]:
        """Return the lines of one list, in its order."""
        return [fate for fate in self.fates if fate.source is one]

    def again(self) -> None:
        """Try and check once more what is left of the corrections."""
        self.after = tried(self.before, self.reading, self.fates, self.run)
        for fate in self.fates:
            fate.keep_up()
        self.compared = compare(self.before, self.after, self.fates, _policy(self.lists))


def counted(fates: Sequence[Fate]) -> dict[str, int]:
    """Return how many lines came to each result."""
    found = Counter(fate.result for fate in fates)
    return {name: found[name] for name in RESULTS if found[name]}


def work_out(
    lists: list[Returned],
    bad: list[Unusable],
    reading: Reading,
    run: Run,
    *,
    key: bytes,
    rows: Mapping[str, Row],
    about: Circumstances,
    tell: Tell = lambda _: None,
) -> Work:
    """Decide every line; try the corrections on the cells that were read.

    Args:
        reading: The source, as read; see `without`.
        run: Judges a reading.
        key: Secret of the fingerprints, of the ledger the lists were made with.
        rows: What the ledger knows, by fingerprint.
        tell: Told what is being done.
    """
    tell("核对原表")
    before = ground_of(run(reading), key)
    work = Work(lists, bad, decide.fates(lists), reading, run, before, before)
    judge = Judge(standing(before), rows)
    judge.meet(work.fates)
    decide.settle_contradictions(work.fates, decide.value_text)
    judge.aim(work.fates)
    tell("试改并再核对")
    work.again()
    work.said = [*about.said, *_odd(work, about, rows)]
    return work


def without(reading: Reading, lists: Sequence[Returned], out: Path | None = None) -> Reading:
    """Return a reading without the lists themselves, and without earlier copies, where
    they lie among the sources.

    Args:
        out: Folder of the corrected copies.
    """
    paths = {one.path.resolve() for one in lists}
    top = out.resolve() if out else None
    mine = set()
    for sheet in reading.sheets:
        path = sheet.path.resolve() if sheet.path else None
        if path in paths or (path and top and path.is_relative_to(top)):
            mine.add(sheet.file)
    return Reading(
        [s for s in reading.sheets if s.file not in mine],
        [f for f in reading.files if f.file not in mine],
    )


def _policy(lists: Sequence[Returned]) -> Policy:
    """Return the strictest policy of the lists."""
    found = {policy_of(one.header.mask if one.header else "") for one in lists}
    every: tuple[Policy, ...] = ("masked", "named", "open")
    return next((p for p in every if p in found), "named")


def _odd(work: Work, about: Circumstances, rows: Mapping[str, Row]) -> list[str]:
    """Return what does not fit between the lists and this run."""
    told: list[str] = []
    header, pack = about.header, work.before.result.pack
    if header and header.pack_digest and header.pack_digest != pack.digest:
        told.append("清单是用另一版规则做的，按现在的规则核对；规则变了的疑点可能对不上")
    strange = [
        one.path.name
        for one in work.lists
        if one.lines and not any(f.finding or f.fingerprint in rows for f in work.of(one) if f.line)
    ]
    if strange:
        told.append(
            f"{'、'.join(strange)} 里的疑点编号一个也不认得：原表可能拿错了，"
            "或清单是用另一个台账做的（用 --ledger 指明那个台账）"
        )
    return told
