"""A small register that changes from run to run, and what its ledger says."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from command_line import FEW, Outcome, run
from register_facts import ROWS, WIDE, grid

Rows = list[dict[str, Any]]
LEDGER = Path(".fupin") / "ledger.sqlite"


def rows() -> Rows:
    """Return the register facts, to be changed at will."""
    return [dict(row) for row in ROWS]


def write(path: Path, some: Iterable[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(grid(list(some), WIDE))
    return path


def check(*arguments: object) -> Outcome:
    """`check` with a ledger, by the few rules the facts break."""
    few = () if "--select" in map(str, arguments) else FEW
    form = () if "--format" in map(str, arguments) else ("--format", "json")
    return run("check", *arguments, *few, "--as-of", "2019", "--region", "", *form)


def counts(done: Outcome) -> dict[str, int]:
    """Return what the ledger made of a run, without the zeros."""
    assert done.code in (0, 1), done.err
    return {name: n for name, n in done.json["ledger"]["counts"].items() if n}


def states(folder: Path) -> dict[tuple[str, str], int]:
    """Return how many findings the ledger has per rule and state."""
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        return dict(Counter(connection.execute("SELECT rule, state FROM findings")))


def state_of(folder: Path, rule: str) -> list[str]:
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        found = connection.execute("SELECT state FROM findings WHERE rule = ? ORDER BY id", (rule,))
        return [state for (state,) in found]


def mark(done: Outcome, rule: str) -> str:
    """Return the fingerprint of the finding of a rule."""
    (one,) = [f["fingerprint"] for f in done.json["findings"] if f["rule"] == rule]
    return one


def ledger(folder: Path, *arguments: object) -> Outcome:
    verb, *rest = arguments
    return run("ledger", verb, *rest, "--ledger", folder / LEDGER)


def confirm(folder: Path, *marks: str, more: Sequence[object] = ()) -> Outcome:
    grounds = ("--state", "情况属实", "--by", "王核", "--evidence", "佐证-0012")
    return ledger(folder, "decide", *marks, *grounds, *more)
