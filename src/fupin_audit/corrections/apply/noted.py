"""What of returned lists enters the ledger: the answers, list by list, and the run of
the corrected copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from fupin_audit import ledger as room
from fupin_audit.corrections.apply.decide import note_of
from fupin_audit.corrections.apply.fates import STATE_OF, Fate
from fupin_audit.corrections.apply.returned import Returned
from fupin_audit.corrections.apply.work import Work
from fupin_audit.corrections.form import value_digest
from fupin_audit.ledger.query import Row
from fupin_audit.model.run import CheckResult


def known_rows(ledger: Path | None) -> dict[str, Row]:
    """Return what the ledger knows, by fingerprint; nothing where there is none."""
    if ledger is None or not ledger.is_file():
        return {}
    return {row.fingerprint: row for row in room.findings(ledger, states=tuple(room.STATES))}


def must_record_first(work: Work, rows: Mapping[str, Row]) -> bool:
    """Tell whether the ledger lacks, or holds closed, a finding that is answered."""
    for fate in work.fates:
        if fate.outcome == "applied":
            row = rows.get(fate.fingerprint)
            if row is None or (fate.answer in STATE_OF and row.state not in room.LIVE):
                return True
    return False


def note_answers(work: Work, ledger: Path, key: bytes, now: datetime) -> list[Returned]:
    """Note what was answered and what became of it, a transaction per list.

    Returns:
        The lists of which the ledger took a line otherwise than was decided.
    """
    sent = {one.list for one in room.lists_sent(ledger)}
    changed = []
    for one in work.lists:
        told = [f for f in work.of(one) if f.line and f.outcome != "unanswered" and f.fingerprint]
        if not told:
            continue
        header = one.header
        of_list = int(header.list) if header and header.list.isdecimal() else None
        answers = [_answer(fate, key) for fate in told]
        noted = room.answered(
            ledger, answers, now=now, of_list=of_list if of_list in sent else None
        )
        for fate, answer, after in zip(told, answers, noted, strict=True):
            if fate.outcome == "applied" and after.outcome != answer.outcome:
                fate.settle(after.outcome, after.reason)
                changed.append(one)
    return changed


def _answer(fate: Fate, key: bytes) -> room.Answer:
    outcome = "nothing" if fate.outcome == "unanswered" else fate.outcome
    before, after = (bytes.fromhex(value_digest(key, t)) for t in (fate.before, fate.after))
    changed = fate.correction
    decided = fate.answer in STATE_OF and fate.outcome == "applied"
    return room.Answer(
        fate.fingerprint, fate.answer, outcome, fate.reason, fate.field,
        before if changed else b"", after if changed else b"",
        fate.said.by if decided else "", fate.said.evidence if decided else "",
        note_of(fate.said) if decided else "",
    )  # fmt: skip


def as_written(work: Work, copies: Mapping[str, Path]) -> CheckResult:
    """Return the second check as one of the files that were written.

    Args:
        copies: File as read → its corrected copy.
    """
    result = work.after.result
    files = [
        replace(f, sha256=_digest(copies[f.file])) if f.file in copies else f
        for f in work.reading.files
    ]
    result.dataset.files = files
    return result


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        made = sha256()
        while block := file.read(1 << 20):
            made.update(block)
    return made.hexdigest()
