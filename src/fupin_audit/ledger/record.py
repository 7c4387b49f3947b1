"""A run enters the ledger: what is new, what is still there, what became of the
rest. One transaction; a run that cannot be recorded whole is not recorded."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from fupin_audit.ledger.entries import Change, local_day, next_entry, note_changes, seal, stamp
from fupin_audit.ledger.reconcile import Moves, Old, reconcile
from fupin_audit.ledger.states import LIVE
from fupin_audit.ledger.store import writing
from fupin_audit.model.run import CheckResult
from fupin_audit.model.sighting import ANYONE, Known, Sighting, Witness
from fupin_audit.packs.law import law_of

_SEPARATOR = "\x1f"
_AT_ONCE = 500


class Asked(NamedTuple):
    """How a run was made: rules asked for (None: all), whether its inputs list
    every household of their villages, whether personal data was shown."""

    selected: tuple[str, ...] | None
    whole: bool
    revealed: bool
    households: int
    members: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the ledger made of a run.

    Attributes:
        run: Number of the run.
        states: Per sighting, the finding's state now.
        counts: `new still reopened confirmed unresolved` of what was found;
            `corrected changed gone lapsed` of what was not; `unseen missing
            unknown` of live findings this run says nothing of.
    """

    run: int
    states: list[str]
    counts: dict[str, int] = field(default_factory=dict)


def record(
    ledger: Path,
    key: bytes,
    result: CheckResult,
    found: Sequence[Sighting],
    witness: Witness,
    asked: Asked,
    now: datetime,
) -> Recorded:
    """Record a run and bring every finding's state up to date.

    Raises:
        LedgerError: The ledger cannot be used; nothing was recorded.
    """
    at = stamp(now)
    laws = _Laws(result)
    with writing(ledger, make=True) as connection:
        entry = next_entry(connection)
        old = _known(connection, found)
        moves = reconcile(old, found, witness, laws, local_day(at), result.pack.retired)
        run = _run(connection, entry, at, key, result, asked, moves.counts)
        changes = _write(connection, run, at, found, moves, laws)
        note_changes(connection, entry, changes)
        told = {"run": run, "counts": moves.counts, "as_of": result.as_of.isoformat()}
        seal(connection, entry, at, "run", told)
    return Recorded(run, moves.states, moves.counts)


def input_digest(key: bytes, sha256: str) -> str:
    """Return how a run names a file that it read."""
    return blake2b(sha256.encode(), key=key, digest_size=16, person=b"input").hexdigest()


class _Laws(dict[str, bytes]):
    """Digest per rule, made when first asked for; empty for a rule that is gone."""

    def __init__(self, result: CheckResult) -> None:
        self.pack = result.pack

    def __missing__(self, rule: str) -> bytes:
        spec = self.pack.rules.get(rule)
        made = self[rule] = law_of(spec, self.pack) if spec else b""
        return made


_SELECT = (
    "SELECT f.id, f.fingerprint, f.rule, f.about, f.at_table, p.county, p.township, p.village,"
    " f.home, f.subject, f.fields, f.partners, f.looked, f.law, f.state, f.since,"
    " d.expires, d.law, d.state, f.severity FROM findings f JOIN places p ON p.id = f.place"
    " LEFT JOIN decisions d ON d.id = (SELECT max(id) FROM decisions WHERE finding = f.id)"
)


def _known(connection: sqlite3.Connection, found: Sequence[Sighting]) -> list[Old]:
    """Return what is live, and what this run finds again of the rest."""
    states = ", ".join(f"'{state}'" for state in LIVE)
    rows = connection.execute(f"{_SELECT} WHERE f.state IN ({states}) ORDER BY f.id").fetchall()
    (count,) = connection.execute("SELECT count(*) FROM findings").fetchone()
    if count > len(rows):
        live = {row[1] for row in rows}
        rest = [one.fingerprint for one in found if one.fingerprint not in live]
        for start in range(0, len(rest), _AT_ONCE):
            some = rest[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            rows += connection.execute(f"{_SELECT} WHERE f.fingerprint IN ({marks})", some)
    return [_old(row) for row in rows]


def _old(row: tuple[Any, ...]) -> Old:
    partners = tuple(row[11][i : i + 8] for i in range(0, len(row[11]) - len(row[11]) % 8, 8))
    if len(row[11]) % 8:  # one byte more: others that are not listed
        partners += (ANYONE,)
    known = Known(
        row[1], row[2], row[3], row[4], (row[5], row[6], row[7]), row[8], row[9],
        _split(row[10]), partners, _split(row[12]),
    )  # fmt: skip
    return Old(
        row[0], known, row[13], row[14], row[15], row[16] or "", row[17] or b"", row[18] or "",
        row[19],
    )  # fmt: skip


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(_SEPARATOR)) if text else ()


def _run(
    connection: sqlite3.Connection,
    entry: int,
    at: str,
    key: bytes,
    result: CheckResult,
    asked: Asked,
    counts: Counter[str],
) -> int:
    pack = result.pack
    inputs = [input_digest(key, f.sha256) for f in result.dataset.files if f.sha256]
    scope = {
        "households": asked.households, "members": asked.members, "whole": asked.whole,
        "revealed": asked.revealed, "unreadable": sum(bool(f.error) for f in result.dataset.files),
    }  # fmt: skip
    made = connection.execute(
        "INSERT INTO runs (entry, at, engine, pack, version, digest, as_of, region, era, selected,"
        " inputs, scope, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry, at, result.engine, pack.id, pack.version, pack.digest, result.as_of.isoformat(),
            result.region.code, result.era,
            None if asked.selected is None else " ".join(asked.selected),
            json.dumps(sorted(inputs)), json.dumps(scope), json.dumps(counts),
        ),
    )  # fmt: skip
    run = int(made.lastrowid or 0)
    connection.executemany(
        "INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (run, c.rule, c.evaluated, c.passed, c.violated, c.unknown, c.skipped)
            for c in result.findings.coverage
        ],
    )
    return run


def _write(
    connection: sqlite3.Connection,
    run: int,
    at: str,
    found: Sequence[Sighting],
    moves: Moves,
    laws: _Laws,
) -> Iterable[Change]:
    """Write findings as they are now; return how they changed."""
    places = _places(connection, found)
    (first,) = connection.execute("SELECT ifnull(max(id), 0) + 1 FROM findings").fetchone()
    # In the order of the index, which is then written from one end to the other.
    marks = [one.fingerprint for one in found]
    fresh = [(found[i], new) for i, new in sorted(moves.new, key=lambda pair: marks[pair[0]])]
    connection.executemany(
        "INSERT INTO findings VALUES"
        " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                first + i, one.fingerprint, one.rule, one.severity, one.about, one.table,
                places[one.place], one.home, one.subject, _SEPARATOR.join(one.fields),
                _partners(one), _SEPARATOR.join(one.tables), laws[one.rule], new.state, new.how,
                new.since, at, new.follows, run, run, one.due,
            )
            for i, (one, new) in enumerate(fresh)
        ),
    )  # fmt: skip
    _seen_again(connection, run, [(old, found[at_]) for at_, old in moves.again], laws)
    connection.executemany(
        "UPDATE findings SET state = ?, how = ?, since = ?, moved = ? WHERE id = ?",
        [(move.now, move.how, move.since, at, move.finding) for move in moves.moved],
    )
    return chain(
        (Change(m.finding, m.was, m.now, m.how) for m in moves.moved),
        (Change(first + i, "", new.state, new.how) for i, (_, new) in enumerate(fresh)),
    )


def _seen_again(
    connection: sqlite3.Connection, run: int, pairs: list[tuple[Old, Sighting]], laws: _Laws
) -> None:
    connection.execute(
        "UPDATE findings SET last_run = ? WHERE id IN (SELECT value FROM json_each(?))",
        (run, json.dumps([old.number for old, _ in pairs])),
    )
    places = _places(connection, [one for _, one in pairs if one.about == "notice"])
    connection.executemany(
        "UPDATE findings SET place = ? WHERE id = ? AND place <> ?",
        [
            (places[one.place], old.number, places[one.place])
            for old, one in pairs
            if one.about == "notice" and one.place[1]
        ],
    )
    connection.executemany(
        "UPDATE findings SET due = ? WHERE id = ? AND due <> ?",
        [(one.due, old.number, one.due) for old, one in pairs if one.due],
    )
    connection.executemany(
        "UPDATE findings SET severity = ?, partners = ?, looked = ?, law = ? WHERE id = ?",
        [
            (one.severity, _partners(one), _SEPARATOR.join(one.tables), laws[one.rule], old.number)
            for old, one in pairs
            if (old.severity, old.law, old.known.tables, set(old.known.partners))
            != (one.severity, laws[one.rule], one.tables, set(one.partners))
        ],
    )


def _partners(one: Sighting) -> bytes:
    if not one.partners:
        return b""
    return b"".join(sorted(one.partners)) + (b"\0" if ANYONE in one.partners else b"")


def _places(
    connection: sqlite3.Connection, found: Sequence[Sighting]
) -> dict[tuple[str, str, str], int]:
    named = {one.place for one in found}
    connection.executemany(
        "INSERT OR IGNORE INTO places (county, township, village) VALUES (?, ?, ?)", sorted(named)
    )
    rows = connection.execute("SELECT id, county, township, village FROM places")
    return {(county, township, village): number for number, county, township, village in rows}
