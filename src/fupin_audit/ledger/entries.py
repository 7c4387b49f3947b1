"""History: entries that are only ever added, each sealed over the one before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from fupin_audit.ledger.store import reading

_START = bytes(32)
_WRITTEN = {
    "changes": "SELECT hex(f.fingerprint) || f.rule || ' ' || f.fields || ' ' || c.was || '>' ||"
    " c.now || ' ' || c.how AS line FROM changes c JOIN findings f ON f.id = c.finding"
    " WHERE c.entry = ? ORDER BY c.finding",
    "decisions": "SELECT hex(f.fingerprint) || ' ' || quote(d.state) || quote(d.by) ||"
    " quote(d.evidence) || quote(d.note) || quote(d.expires) || hex(d.law) AS line"
    " FROM decisions d JOIN findings f ON f.id = d.finding WHERE d.entry = ? ORDER BY d.id",
    "runs": "SELECT id || quote(engine) || quote(pack) || quote(version) || quote(digest) ||"
    " quote(as_of) || quote(region) || quote(era) || quote(selected) || quote(inputs) ||"
    " quote(scope) || quote(counts) AS line FROM runs WHERE entry = ?",
    "coverage": "SELECT c.rule || ' ' || c.evaluated || ' ' || c.passed || ' ' || c.violated ||"
    " ' ' || c.unknown || quote(c.skipped) AS line FROM coverage c JOIN runs r ON r.id = c.run"
    " WHERE r.entry = ? ORDER BY c.rule",
    "lists": "SELECT id || quote(run) || quote(audience) || hex(digest) AS line FROM lists"
    " WHERE entry = ?",
    "list_lines": "SELECT hex(f.fingerprint) AS line FROM list_lines n JOIN lists l"
    " ON l.id = n.list JOIN findings f ON f.id = n.finding WHERE l.entry = ? ORDER BY 1",
    "answers": "SELECT quote(a.list) || ifnull(hex(f.fingerprint), '') || quote(a.answer) ||"
    " quote(a.outcome) || quote(a.reason) || quote(a.field) || hex(a.before) || ' ' ||"
    " hex(a.after) AS line FROM answers a LEFT JOIN findings f ON f.id = a.finding"
    " WHERE a.entry = ? ORDER BY a.id",
}
"""What is written with an entry, per table, in a fixed order."""


class Change(NamedTuple):
    """A finding goes from one state to another; `was` is empty for a new one."""

    finding: int
    was: str
    now: str
    how: str


def stamp(now: datetime) -> str:
    """Return a moment as the ledger writes it: UTC, sortable as text."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def local_day(at: str) -> str:
    """Return the local day of a stamp, ISO."""
    return datetime.fromisoformat(at).astimezone().date().isoformat()


def next_entry(connection: sqlite3.Connection) -> int:
    """Return the number the entry of this transaction will have."""
    return int(connection.execute("SELECT ifnull(max(id), 0) + 1 FROM history").fetchone()[0])


def note_changes(connection: sqlite3.Connection, entry: int, changes: Iterable[Change]) -> None:
    """Write how findings changed, and what their states are now."""
    connection.executemany(
        "INSERT INTO changes (entry, finding, was, now, how) VALUES (?, ?, ?, ?, ?)",
        ((entry, *change) for change in changes),
    )


def seal(
    connection: sqlite3.Connection, entry: int, at: str, kind: str, payload: dict[str, Any]
) -> None:
    """Close an entry over all that was written with it."""
    last = connection.execute("SELECT hash FROM history ORDER BY id DESC LIMIT 1").fetchone()
    text = json.dumps(
        {**payload, "written": _written(connection, entry)},
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    connection.execute(
        "INSERT INTO history (id, at, kind, payload, hash) VALUES (?, ?, ?, ?, ?)",
        (entry, at, kind, text, _seal(last[0] if last else _START, at, kind, text)),
    )


def _written(connection: sqlite3.Connection, entry: int) -> dict[str, list[Any]]:
    """Return per table how many rows an entry wrote, and their digest."""
    found = {}
    for table, select in _WRITTEN.items():
        every = f"SELECT count(*), group_concat(line, char(10)) FROM ({select})"  # noqa: S608
        count, text = connection.execute(every, (entry,)).fetchone()
        if count:
            found[table] = [count, sha256(text.encode()).hexdigest()]
    return found


def _seal(before: bytes, at: str, kind: str, payload: str) -> bytes:
    made = sha256(before)
    for part in (at, kind, payload):
        raw = part.encode()
        made.update(len(raw).to_bytes(8, "big") + raw)
    return made.digest()


def head(ledger: Path) -> tuple[int, str]:
    """Return the number and seal of the last entry; (0, "") of an empty ledger."""
    with reading(ledger) as connection:
        last = connection.execute("SELECT id, hash FROM history ORDER BY id DESC LIMIT 1")
        found = last.fetchone()
    return (int(found[0]), found[1].hex()) if found else (0, "")


def verify(ledger: Path, known: str = "") -> list[str]:
    """Return everything that is not as it was written; nothing for a sound ledger.

    Args:
        known: A seal noted earlier. Entries cut off the end leave no gap behind;
            that the noted one is still there shows that none before it is lost.
    """
    with reading(ledger) as connection:
        problems = [
            f"文件结构：{text}"
            for (text,) in connection.execute("PRAGMA integrity_check(20)")
            if text != "ok"
        ]
        seals = _broken_seals(connection, problems)
        problems += _wrong_states(connection)
        problems += _unsealed(connection)
        astray = connection.execute("PRAGMA foreign_key_check").fetchall()
        problems += [f"{table} 有指向不明的行" for table in sorted({row[0] for row in astray})]
    if known and not any(seal.startswith(known.lower()) for seal in seals):
        problems.append(f"记下的校验码 {known[:12]}… 不在台账里：台账被换过或被截短")
    return problems


def _broken_seals(connection: sqlite3.Connection, problems: list[str]) -> set[str]:
    before, expected, seals = _START, 1, set()
    rows = connection.execute("SELECT id, at, kind, payload, hash FROM history ORDER BY id")
    for entry, at, kind, payload, sealed in rows.fetchall():
        if entry != expected:
            problems.append(f"第 {expected} 条记录缺失")
        if _seal(before, at, kind, payload) != sealed:
            problems.append(f"第 {entry} 条记录（{kind}）与校验码不符")
        told, found = json.loads(payload).get("written", {}), _written(connection, entry)
        for table in sorted(told.keys() | found.keys()):
            if told.get(table) != found.get(table):
                problems.append(f"第 {entry} 条记录（{kind}）写下的 {table} 被改过")
        before, expected = sealed, entry + 1
        seals.add(sealed.hex())
    return seals


def _wrong_states(connection: sqlite3.Connection) -> list[str]:
    """A finding's state is that of its last change, and each change starts where
    the one before ended."""
    wrong = connection.execute(
        """
        WITH told AS (
          SELECT finding, was, now,
                 lag(now, 1, '') OVER (PARTITION BY finding ORDER BY entry) AS before,
                 row_number() OVER (PARTITION BY finding ORDER BY entry DESC) AS back
          FROM changes)
        SELECT lower(hex(f.fingerprint)) FROM findings f LEFT JOIN told t ON t.finding = f.id
        GROUP BY f.id
        HAVING count(t.finding) = 0 OR max(t.was <> t.before)
            OR max(CASE WHEN t.back = 1 THEN t.now <> f.state ELSE 0 END)
        """
    )
    return [f"疑点 {mark[:12]} 的状态与记录不符" for (mark,) in wrong]


def _unsealed(connection: sqlite3.Connection) -> list[str]:
    """No row belongs to an entry that is not there."""
    return [
        f"{table} 有 {count} 行不属于任何一条记录"
        for table in ("runs", "changes", "decisions", "lists", "answers")
        for (count,) in connection.execute(
            f"SELECT count(*) FROM {table} WHERE entry NOT IN (SELECT id FROM history)"  # noqa: S608
        )
        if count
    ]
