"""Questions to the ledger."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from fupin_audit.errors import UsageError
from fupin_audit.ledger.entries import local_day
from fupin_audit.ledger.states import LIVE, TO_DO
from fupin_audit.ledger.store import reading

_SEPARATOR = "\x1f"
_SELECT = (
    "SELECT lower(hex(f.fingerprint)), f.rule, f.severity, f.state,"
    " f.how,"
    " p.county, p.township, p.village, f.fields, f.since, f.moved, f.first_run, f.last_run,"
    " d.by, d.evidence, d.note, d.at, d.expires, f.due"
    " FROM findings f JOIN places p ON p.id = f.place LEFT JOIN decisions d ON d.id ="
    " (SELECT max(id) FROM decisions WHERE finding = f.id) WHERE f.state IN"
)
_ORDER = "ORDER BY f.since, f.id"


class Run(NamedTuple):
    """A recorded run; `selected` None means every rule."""

    run: int
    at: str
    engine: str
    pack: str
    version: str
    digest: str
    as_of: str
    region: str
    era: str
    selected: tuple[str, ...] | None
    inputs: tuple[str, ...]
    scope: dict[str, Any]
    counts: dict[str, int]


class Row(NamedTuple):
    """A finding as the ledger knows it, with its last decision."""

    fingerprint: str
    rule: str
    severity: str
    state: str
    how: str
    county: str
    township: str
    village: str
    fields: tuple[str, ...]
    since: str
    moved: str
    first_run: int
    last_run: int
    by: str | None
    evidence: str | None
    note: str | None
    decided: str | None
    expires: str | None
    due: str = ""


class Entry(NamedTuple):
    """An entry of the history."""

    entry: int
    at: str
    kind: str
    payload: dict[str, Any]
    seal: str


def runs(ledger: Path) -> list[Run]:
    """Return the runs, the oldest first."""
    with reading(ledger) as connection:
        rows: list[Any] = connection.execute(
            "SELECT id, at, engine, pack, version, digest, as_of, region, era, selected, inputs,"
            " scope, counts FROM runs ORDER BY id"
        ).fetchall()
    return [
        Run._make(
            (*row[:9], _rules(row[9]), tuple(json.loads(row[10])), *map(json.loads, row[11:]))
        )
        for row in rows
    ]


def _rules(selected: str | None) -> tuple[str, ...] | None:
    return None if selected is None else tuple(selected.split())


def findings(
    ledger: Path,
    *,
    states: Collection[str] = LIVE,
    rules: Collection[str] | None = None,
    township: str | None = None,
) -> list[Row]:
    """Return findings in some states, those known longest first.

    Args:
        rules: Ids or families; None is all.
    """
    marks = ", ".join("?" * len(states))
    with reading(ledger) as connection:
        rows: list[Any] = connection.execute(
            f"{_SELECT} ({marks}) {_ORDER}", list(states)
        ).fetchall()
    made = [Row._make((*row[:8], _fields(row[8]), *row[9:])) for row in rows]
    return [
        row
        for row in made
        if (rules is None or row.rule in rules or row.rule[:2] in rules)
        and (township is None or township == row.township)
    ]


def _fields(text: str) -> tuple[str, ...]:
    return tuple(text.split(_SEPARATOR)) if text else ()


def entry_of(ledger: Path, run: int) -> int:
    """Return the history entry of a run.

    Raises:
        UsageError: There was no such run.
    """
    with reading(ledger) as connection:
        entry = connection.execute("SELECT entry FROM runs WHERE id = ?", (run,)).fetchone()
        if entry is None:
            raise UsageError(
                f"台账里没有第 {run} 次核对", hint="用 fupin-audit ledger runs 看有哪些"
            )
    return int(entry[0])


def to_do_at(ledger: Path, entry: int) -> set[bytes]:
    """Return the fingerprints of live findings that were to be seen to right after a
    history entry, whatever became of their values since."""
    with reading(ledger) as connection:
        to_do, live = (", ".join(f"'{state}'" for state in some) for some in (TO_DO, LIVE))
        rows = connection.execute(
            "WITH RECURSIVE stood(id) AS ("  # noqa: S608
            " SELECT last.finding FROM changes last JOIN (SELECT finding, max(entry) AS z"
            " FROM changes WHERE entry <= ? GROUP BY finding) then_"
            " ON (last.finding, last.entry) = (then_.finding, then_.z)"
            f" WHERE last.now IN ({to_do})"
            " UNION SELECT f.id FROM findings f JOIN stood ON f.follows = stood.id)"
            f" SELECT fingerprint FROM findings WHERE state IN ({live}) AND id IN stood",
            (entry,),
        )
        return {mark for (mark,) in rows}


def new_since(ledger: Path, entry: int) -> set[bytes]:
    """Return the fingerprints of live findings that came, or came back, after a
    history entry."""
    with reading(ledger) as connection:
        states = ", ".join(f"'{state}'" for state in LIVE)
        rows = connection.execute(
            f"SELECT fingerprint FROM findings WHERE state IN ({states}) AND id IN"  # noqa: S608
            " (SELECT finding FROM changes WHERE entry > ? AND how <> 'decided')",
            (entry,),
        )
        return {mark for (mark,) in rows}


def dump(ledger: Path) -> Iterator[Entry]:
    """Yield the whole history, the oldest entry first."""
    with reading(ledger) as connection:
        for entry, at, kind, payload, sealed in connection.execute(
            "SELECT id, at, kind, payload, hash FROM history ORDER BY id"
        ):
            yield Entry(entry, at, kind, json.loads(payload), sealed.hex())


def days_old(since: str, on: str) -> int:
    """Return how many days lie between two ISO days, never less than none."""
    return max((datetime.fromisoformat(on) - datetime.fromisoformat(since)).days, 0)


def day(at: str) -> str:
    """Return the local day of a stamp."""
    return local_day(at)
