"""Where a run's ledger is, and what happens when it cannot be kept.

The findings come first: a ledger that is locked, damaged or on a full disk ends
the run with exit code 5, but only after the lists are written. A folder that
cannot be written to is no fault: that is said, and nothing is recorded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fupin_audit.cli.secret import fingerprint_key, first_key
from fupin_audit.cli.settings import Settings
from fupin_audit.errors import LedgerError, UsageError
from fupin_audit.report.words import Lang, say

if TYPE_CHECKING:
    from fupin_audit.model.findings import Findings
    from fupin_audit.model.history import History, Night
    from fupin_audit.model.run import CheckResult
    from fupin_audit.model.sighting import Fate, Known, Witness
    from fupin_audit.report.prints import Ground

PLACE = Path(".fupin") / "ledger.sqlite"


@dataclass(slots=True)
class Book:
    """The ledger of a run: none if `file` is None. `trouble` is why it could not
    be kept though it should have been."""

    file: Path | None
    key: bytes
    trouble: LedgerError | None = None


def place_of(paths: Sequence[str], found: Settings, given: Path | None = None) -> Path:
    """Return where the ledger is: as given, beside the settings, else beside the
    first input (in it, if that is a folder)."""
    if given is not None:
        return given
    if found.file is not None:
        named = found.values.get("ledger")
        return found.file.parent / (Path(named) if named else PLACE)
    first = Path(paths[0])
    if not first.exists():
        first = Path(next(iter(sorted(glob(paths[0], recursive=True))), "."))  # noqa: PTH207
    first = first.resolve()
    return (first if first.is_dir() else first.parent) / PLACE


def open_book(
    paths: Sequence[str], found: Settings, given: Path | None, none: bool, lang: Lang = "zh"
) -> Book:
    """Find the ledger and its key; make the key if there is none."""
    from fupin_audit.ledger.keys import key_beside

    if none and given is not None:
        raise UsageError("--ledger 和 --no-ledger 不能同时写")
    file = place_of(paths, found, given)
    try:
        key = key_beside(file, first=None if none else first_key)
    except LedgerError as trouble:
        return Book(None, fingerprint_key(), None if none else trouble)
    if none:
        return Book(None, key or fingerprint_key())
    if key is not None and _may_write(file):
        return Book(file, key)
    if given is not None:
        refused = LedgerError("台账不能写", where=str(file), hint="检查文件夹的权限，或换一个位置")
        return Book(None, key or fingerprint_key(), refused)
    told = (
        f"提示：{file.parent} 不能写，这次不记台账；--ledger 可换一个位置。",
        f"Note: {file.parent} cannot be written to, so nothing is recorded this time; "
        "--ledger names another place.",
    )
    typer.echo(say(told, lang), err=True)
    return Book(None, key or fingerprint_key())


def _may_write(file: Path) -> bool:
    return os.access(file if file.exists() else file.parent, os.W_OK) and os.access(
        file.parent, os.W_OK
    )


def enter(
    book: Book,
    ground: Ground,
    *,
    selected: Collection[str] | None,
    whole: bool,
    revealed: bool,
    baseline: int | None,
    confirmed: bool,
    of_run: int | None = None,
    corrected: Collection[str] = (),
) -> CheckResult:
    """Record a run; return the result as it is to be reported.

    What was confirmed as true and has not changed since is left out, unless
    `confirmed`; with `baseline` all that stood at that run too, with `of_run` all
    that did not.

    Args:
        corrected: Fingerprints of findings known to be gone because the value was
            corrected. Of a record whose number was the wrong value nobody else can
            tell: it is not there under the old one.
    """
    from fupin_audit import ledger
    from fupin_audit.model.run import LedgerNote
    from fupin_audit.report.fates import witness
    from fupin_audit.report.sightings import sightings

    result = ground.result
    if book.file is None:
        if (baseline is not None or of_run is not None) and book.trouble is None:
            raise UsageError("--baseline 要有台账" if of_run is None else "--run 要有台账")
        return result
    pack, tables = result.pack, result.dataset.tables
    members = sum(len(t) for name, t in tables.items() if pack.role(name, "head_relation"))
    asked = ledger.Asked(
        None if selected is None else tuple(sorted(selected)),
        whole, revealed, ground.who.known, members,
    )  # fmt: skip
    try:
        since = ledger.entry_of(book.file, baseline) if baseline is not None else None
        until = ledger.entry_of(book.file, of_run) if of_run is not None else None
        recorded = ledger.record(
            book.file, book.key, result, sightings(ground),
            _told_by(witness(ground, whole=whole), corrected), asked, datetime.now().astimezone(),
        )  # fmt: skip
        fresh = ledger.new_since(book.file, since) if since is not None else None
        stood = ledger.to_do_at(book.file, until) if until is not None else None
    except LedgerError as trouble:
        book.trouble = trouble
        return result
    _tell(result.findings, recorded.states)
    kept = result.findings if confirmed else _only(result.findings, _unconfirmed)
    hidden = len(result.findings) - len(kept)
    known = later = 0
    if fresh is not None:
        before = len(kept)
        kept = _only(kept, lambda mark, _: mark in fresh)
        known = before - len(kept)
    if stood is not None:
        before = len(kept)
        kept = _only(kept, lambda mark, _: mark in stood)
        later = before - len(kept)
    note = LedgerNote(recorded.run, dict(recorded.counts), hidden, baseline, known, of_run, later)
    return replace(result, findings=kept, ledger=note)


def _told_by(witness: Witness, corrected: Collection[str]) -> Witness:
    """Return the witness, who knows besides what was corrected."""
    sure = {bytes.fromhex(mark) for mark in corrected}

    def ask(some: Sequence[Known]) -> list[Fate]:
        told = zip(some, witness(some), strict=True)
        return ["changed" if one.fingerprint in sure else fate for one, fate in told]

    return ask if sure else witness


def history(book: Book, result: CheckResult) -> History | None:
    """Return what the ledger tells a page of the runs so far; None without one."""
    from fupin_audit import ledger

    if book.file is None or result.ledger is None:
        return None
    today = date.today()
    try:
        return ledger.history(
            book.file, result.ledger.run, ledger.deadlines_of(result.pack, today), today
        )
    except LedgerError as trouble:
        book.trouble = trouble
        return None


def nights(book: Book, result: CheckResult) -> list[Night]:
    """Return the runs so far, this one last; none without a ledger."""
    from fupin_audit import ledger

    if book.file is None or result.ledger is None:
        return []
    try:
        return ledger.nights(book.file, result.ledger.run)
    except LedgerError as trouble:
        book.trouble = trouble
        return []


def left_out(result: CheckResult, lang: Lang = "zh") -> str:
    """Return what is not listed and why; empty if everything is."""
    note = result.ledger
    if note is None:
        return ""
    hidden, known, run = note.hidden, note.known, note.baseline
    told = []
    if hidden:
        told.append((
            f"情况属实、此后没有变的 {hidden} 条没有列入",
            f"{hidden} findings confirmed as true and unchanged since are not listed",
        ))  # fmt: skip
    if run is not None:
        told.append((
            f"只列第 {run} 次核对以后新出现的，那时已有的 {known} 条没有列入",
            f"only what is new since run {run} is listed; {known} findings known then are not",
        ))  # fmt: skip
    if note.of_run is not None:
        told.append((
            f"只列第 {note.of_run} 次核对时要办的，后来新出现的 {note.later} 条没有列入",
            f"only what stood at run {note.of_run} is listed; {note.later} newer findings are not",
        ))  # fmt: skip
    return say(("；", "; "), lang).join(say(one, lang) for one in told)


def _unconfirmed(_: bytes, state: str) -> bool:
    return state != "confirmed"


def _tell(findings: Findings, states: list[str]) -> None:
    told: Iterator[str] = iter(states)
    for hits in findings.hits:
        hits.states = [next(told) for _ in range(len(hits))]


def _only(findings: Findings, keep: Callable[[bytes, str], bool]) -> Findings:
    import numpy as np

    hits = []
    for one in findings.hits:
        marks = one.prints.digests if one.prints else []
        mask = np.array([keep(m, s) for m, s in zip(marks, one.states or [], strict=True)], bool)
        hits.append(one if mask.all() else one.only(mask))
    return replace(findings, hits=[one for one in hits if len(one)])
