"""Lists that went out and the answers that came back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from fupin_audit.errors import FupinError
from fupin_audit.ledger.decide import Terms, check_terms, find, write_decision
from fupin_audit.ledger.entries import local_day, next_entry, seal, stamp
from fupin_audit.ledger.states import LIVE
from fupin_audit.ledger.store import reading, writing

ANSWERS = {"已更正": "corrected", "情况属实": "confirmed", "无法核实": "unresolved"}
Outcome = Literal["applied", "refused", "conflict", "nothing"]


class Answer(NamedTuple):
    """One line of a returned list and what was done with it.

    Attributes:
        fingerprint: Of the finding, 32 hex digits or a start of them.
        answer: One of `ANSWERS`, or what else was written, in its place "".
        outcome: `applied`, `refused`, `conflict` or `nothing` (to do).
        reason: Why, Chinese; never holds a value.
        field: The corrected field.
        before, after: Keyed digests of its values.
        by, evidence, note, expires: As for `decide`; used of confirmations.
    """

    fingerprint: str
    answer: str
    outcome: Outcome
    reason: str = ""
    field: str = ""
    before: bytes = b""
    after: bytes = b""
    by: str = ""
    evidence: str = ""
    note: str = ""
    expires: str | None = None


class Sent(NamedTuple):
    """A list that went out."""

    list: int
    at: str
    run: int | None
    audience: str
    lines: int
    answered: int


def send(
    ledger: Path,
    marks: Sequence[str],
    *,
    audience: str,
    digest: bytes,
    now: datetime,
    run: int | None = None,
) -> int:
    """Note that a list of findings went to a township, village or helper.

    Args:
        audience: Its name; of a person a keyed digest.
        digest: Of the list, to know it again.

    Returns:
        The list's number.
    """
    at = stamp(now)
    with writing(ledger) as connection:
        found = {find(connection, mark).number for mark in marks}
        entry = next_entry(connection)
        made = connection.execute(
            "INSERT INTO lists (entry, at, run, audience, digest) VALUES (?, ?, ?, ?, ?)",
            (entry, at, run, audience, digest),
        )
        number = int(made.lastrowid or 0)
        connection.executemany(
            "INSERT INTO list_lines VALUES (?, ?)", [(number, finding) for finding in sorted(found)]
        )
        seal(connection, entry, at, "list", {"list": number, "lines": len(found)})
    return number


def answered(
    ledger: Path, answers: Sequence[Answer], *, now: datetime, of_list: int | None = None
) -> list[Answer]:
    """Note the answers of a returned list, in one transaction.

    A confirmation or a "could not be verified" decides its finding here and now;
    a correction is only noted: the next run closes it, if the rule then passes.

    Returns:
        The answers as noted: one that the ledger refuses has that outcome and
        the reason.
    """
    at = stamp(now)
    noted, decided = [], dict[int, str]()
    with writing(ledger) as connection:
        entry = next_entry(connection)
        for answer in answers:
            number = None
            try:
                found = find(connection, answer.fingerprint)
                number = found.number
                state = ANSWERS.get(answer.answer, "")
                if answer.outcome == "applied" and state in ("confirmed", "unresolved"):
                    terms = Terms(state, answer.by, answer.evidence, answer.note, answer.expires)
                    check_terms(terms, local_day(at))
                    before = decided.get(number)
                    if before not in (None, state):
                        answer = answer._replace(outcome="conflict", reason="同一疑点答复不一")
                    elif found.state not in LIVE:
                        answer = answer._replace(outcome="nothing", reason="这条疑点已经销号")
                    elif before is None:
                        write_decision(connection, entry, at, [found], terms)
                        decided[number] = state
            except FupinError as refused:
                answer = answer._replace(outcome="refused", reason=refused.what)
            connection.execute(
                "INSERT INTO answers (entry, list, finding, at, answer, outcome, reason, field,"
                " before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (entry, of_list, number, at, answer.answer, answer.outcome, answer.reason,
                 answer.field, answer.before, answer.after),
            )  # fmt: skip
            noted.append(answer)
        seal(connection, entry, at, "answers", {"list": of_list, "lines": len(noted)})
    return noted


def lists_sent(ledger: Path) -> list[Sent]:
    """Return the lists that went out, the oldest first."""
    with reading(ledger) as connection:
        rows = connection.execute(
            "SELECT l.id, l.at, l.run, l.audience,"
            " (SELECT count(*) FROM list_lines n WHERE n.list = l.id),"
            " (SELECT count(DISTINCT a.finding) FROM answers a WHERE a.list = l.id)"
            " FROM lists l ORDER BY l.id"
        ).fetchall()
    return [Sent(*row) for row in rows]


def listed(ledger: Path, *, besides: Sequence[int] = ()) -> set[bytes]:
    """Return the fingerprints that were on a list before.

    Args:
        besides: Runs whose lists do not count.
    """
    with reading(ledger) as connection:
        rows = connection.execute(
            "SELECT DISTINCT f.fingerprint FROM list_lines n JOIN findings f ON f.id = n.finding"
            " JOIN lists l ON l.id = n.list WHERE l.run IS NULL"
            " OR l.run NOT IN (SELECT value FROM json_each(?))",
            (json.dumps(list(besides)),),
        )
        return {mark for (mark,) in rows}
