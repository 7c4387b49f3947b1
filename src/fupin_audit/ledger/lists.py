"""Lists that went out and the answers that came back."""

from __future__ import annotations

import json
import re
import sqlite3
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
_WHOLE = re.compile(r"[0-9a-f]{32}")
_AT_ONCE = 500  # any SQLite takes as many
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


class Going(NamedTuple):
    """A list that goes out to a township, village or helper.

    Attributes:
        audience: Its name; of a person a keyed digest.
        marks: Fingerprints of its findings, or starts of them.
        digest: Of the list, to know it again.
    """

    audience: str
    marks: Sequence[str]
    digest: bytes


class Sent(NamedTuple):
    """A list that went out."""

    list: int
    at: str
    run: int | None
    audience: str
    lines: int
    answered: int


def send(
    ledger: Path, lists: Sequence[Going], *, now: datetime, run: int | None = None
) -> list[int]:
    """Note lists of findings that went out, all of them or none.

    Returns:
        The numbers of the lists.

    Raises:
        UsageError: A finding is unknown.
    """
    at = stamp(now)
    numbers = []
    with writing(ledger) as connection:
        for going in lists:
            found = _numbers(connection, going.marks)
            entry = next_entry(connection)
            made = connection.execute(
                "INSERT INTO lists (entry, at, run, audience, digest) VALUES (?, ?, ?, ?, ?)",
                (entry, at, run, going.audience, going.digest),
            )
            numbers.append(int(made.lastrowid or 0))
            connection.executemany(
                "INSERT INTO list_lines VALUES (?, ?)",
                [(numbers[-1], finding) for finding in sorted(found)],
            )
            seal(connection, entry, at, "list", {"list": numbers[-1], "lines": len(found)})
    return numbers


def _numbers(connection: sqlite3.Connection, marks: Sequence[str]) -> set[int]:
    """Return the numbers of findings; whole fingerprints are looked up many at once."""
    whole = [mark for mark in marks if _WHOLE.fullmatch(mark)]
    found: dict[bytes, int] = {}
    for start in range(0, len(whole), _AT_ONCE):
        some = [bytes.fromhex(mark) for mark in whole[start : start + _AT_ONCE]]
        asked = ", ".join("?" * len(some))
        found.update(
            connection.execute(
                f"SELECT fingerprint, id FROM findings WHERE fingerprint IN ({asked})",  # noqa: S608
                some,
            )
        )
    if len(found) == len(marks):
        return set(found.values())
    return {find(connection, mark).number for mark in marks}  # or tells which is unknown


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


def clocks(ledger: Path) -> dict[str, tuple[str, str]]:
    """Return what deadlines of live findings run from and to: fingerprint → since when
    it is known, and the day by which a list from above wants it settled, if one does."""
    states = ", ".join(f"'{state}'" for state in LIVE)
    with reading(ledger) as connection:
        rows = connection.execute(
            f"SELECT fingerprint, since, due FROM findings WHERE state IN ({states})"  # noqa: S608
        ).fetchall()
    return {mark.hex(): (since, due or "") for mark, since, due in rows}


def last_list(ledger: Path) -> int:
    """Return the number of the last list that went out; 0 if none did."""
    with reading(ledger) as connection:
        return int(connection.execute("SELECT ifnull(max(id), 0) FROM lists").fetchone()[0])


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
