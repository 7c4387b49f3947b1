"""What a person decides about findings: true as filled in, not to be verified,
removed, or to be looked at again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from fupin_audit.errors import UsageError
from fupin_audit.ledger.entries import Change, local_day, next_entry, note_changes, seal, stamp
from fupin_audit.ledger.states import LIVE, STATES
from fupin_audit.ledger.store import writing

DECIDABLE = ("confirmed", "unresolved", "gone", "open")
CLOSES_NOTICE = "corrected"
"""What a list from above complained of is set right in a register that may say it
in any column: only a person can tell, and answers for it."""
LEAST = 8
"""Characters of a fingerprint that must be given."""
_MARK = re.compile(rf"[0-9a-f]{{{LEAST},32}}")
_PERSONAL = re.compile(r"\d{14,}|(?<!\d)1[3-9]\d{9}(?!\d)")


class Decision(NamedTuple):
    """A finding and how its state was changed by a person."""

    fingerprint: str
    rule: str
    was: str
    now: str


class Terms(NamedTuple):
    """What a decision is and rests on."""

    state: str
    by: str
    evidence: str
    note: str
    expires: str | None


class _Found(NamedTuple):
    number: int
    fingerprint: bytes
    rule: str
    state: str
    law: bytes
    about: str


def decide(
    ledger: Path,
    marks: Sequence[str],
    state: str,
    *,
    now: datetime,
    by: str = "",
    evidence: str = "",
    note: str = "",
    expires: date | None = None,
) -> list[Decision]:
    """Decide about findings, all or none of them.

    A confirmation holds for the rule, the value and the threshold of the last run
    that saw the finding, through the day it expires.

    Args:
        marks: Fingerprints, or at least 8 characters of each's start.
        state: One of `DECIDABLE`; `open` takes a decision back. `corrected` only
            of what a list from above says: of others the next run tells.

    Raises:
        UsageError: A finding is unknown, named ambiguously or closed, or the
            decision says too little, or personal data.
        LedgerError: The ledger cannot be used.
    """
    terms = Terms(
        state, by.strip(), evidence.strip(), note.strip(), str(expires) if expires else None
    )
    at = stamp(now)
    if state != CLOSES_NOTICE:
        check_terms(terms, local_day(at))
    if not marks:
        raise UsageError("没有写疑点编号", hint="疑点编号在清单第一列")
    with writing(ledger) as connection:
        found = list(dict.fromkeys(find(connection, mark) for mark in marks))
        for one in found:
            if one.state not in LIVE:
                closed = STATES[one.state][0]
                raise UsageError(f"疑点 {one.fingerprint.hex()[:12]} 已经销号（{closed}）")
            if state == CLOSES_NOTICE and one.about != "notice":
                raise UsageError(
                    f"疑点 {one.fingerprint.hex()[:12]} 改没改，由下一次核对来看",
                    hint="改好登记表再运行 check；只有上级下发的疑点可以记“已更正”",
                )
        check_terms(terms, local_day(at))
        entry = next_entry(connection)
        write_decision(connection, entry, at, found, terms)
        told = {k: v for k, v in terms._asdict().items() if v}
        seal(connection, entry, at, "decision", told)
    return [Decision(f.fingerprint.hex(), f.rule, f.state, state) for f in found]


def check_terms(terms: Terms, today: str) -> None:
    """Refuse a decision nobody could account for later.

    Raises:
        UsageError: What is missing or must not be there.
    """
    if terms.state not in (*DECIDABLE, CLOSES_NOTICE):
        words = "、".join(STATES[s][0] for s in DECIDABLE)
        raise UsageError("没有这种认定", hint=f"可以是 {words}")
    if terms.state in ("confirmed", CLOSES_NOTICE) and not (terms.evidence and terms.by):
        named = STATES[terms.state][0]
        raise UsageError(f"{named}要写佐证材料和核实人", hint="--evidence 材料编号 --by 核实人")
    if terms.expires and terms.state != "confirmed":
        raise UsageError("只有情况属实才有有效期")
    if terms.expires and terms.expires < today:
        raise UsageError("有效期已经过了", hint="写今天或以后的日期")
    for text in (terms.by, terms.evidence, terms.note):
        if not text.isprintable():
            raise UsageError("核实人、佐证材料、备注里有不能显示的字符")
        if _PERSONAL.search(text):
            raise UsageError(
                "台账不记个人信息，这里像有证件号码、电话或账号",
                hint="写材料的编号，例如 佐证-0012",
            )


def find(connection: sqlite3.Connection, mark: str) -> _Found:
    """Return the finding that a fingerprint, or its start, names.

    Raises:
        UsageError: None or several.
    """
    text = mark.strip().lower()
    if not _MARK.fullmatch(text):
        raise UsageError(
            f"疑点编号“{mark[:32]}”不对", hint=f"至少写 {LEAST} 位，由 0–9、a–f 组成"
        )  # fmt: skip
    low, high = bytes.fromhex(text.ljust(32, "0")), bytes.fromhex(text.ljust(32, "f"))
    rows = connection.execute(
        "SELECT id, fingerprint, rule, state, law, about FROM findings"
        " WHERE fingerprint BETWEEN ? AND ? LIMIT 2",
        (low, high),
    ).fetchall()
    if len(rows) != 1:
        why = "不止一条疑点以它开头，请写全" if rows else "台账里没有"
        raise UsageError(f"疑点编号“{text}”：{why}", hint="疑点编号在清单第一列")
    return _Found(*rows[0])


def write_decision(
    connection: sqlite3.Connection, entry: int, at: str, found: Sequence[_Found], terms: Terms
) -> None:
    """Write decisions and the changes of state they make, inside an entry."""
    connection.executemany(
        "INSERT INTO decisions (entry, finding, at, state, by, evidence, note, expires, law)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (entry, f.number, at, terms.state, terms.by, terms.evidence, terms.note,
             terms.expires, f.law)
            for f in found
        ],
    )  # fmt: skip
    moved = [f for f in found if f.state != terms.state]
    connection.executemany(
        "UPDATE findings SET state = ?, how = 'decided', moved = ? WHERE id = ?",
        [(terms.state, at, f.number) for f in moved],
    )
    note_changes(
        connection, entry, [Change(f.number, f.state, terms.state, "decided") for f in moved]
    )
