"""What has come of it all since some earlier run: first state against last."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from fupin_audit.ledger.query import entry_of
from fupin_audit.ledger.states import TO_DO
from fupin_audit.ledger.store import reading


class Since(NamedTuple):
    """How many findings are otherwise than they were.

    Attributes:
        new: Were not there and are to do; `new_errors` of them to be corrected.
        reopened: Were closed and are to do again.
        corrected: No longer at fault.
        confirmed: Confirmed as true.
        gone: Their record is gone, or their rule changed.
    """

    new: int
    new_errors: int
    reopened: int
    corrected: int
    confirmed: int
    gone: int


def since(ledger: Path, run: int) -> Since:
    """Compare with how things stood right after a run; 0 is before the first.

    Raises:
        LedgerError: The ledger cannot be read.
        UsageError: There was no such run.
    """
    entry = entry_of(ledger, run) if run else 0
    with reading(ledger) as connection:
        rows = connection.execute(
            "SELECT f.severity, first.was, last.now FROM"
            " (SELECT finding, min(entry) AS a, max(entry) AS z FROM changes"
            "  WHERE entry > ? GROUP BY finding) AS span"
            " JOIN changes first ON (first.finding, first.entry) = (span.finding, span.a)"
            " JOIN changes last ON (last.finding, last.entry) = (span.finding, span.z)"
            " JOIN findings f ON f.id = span.finding",
            (entry,),
        ).fetchall()
    counts: Counter[str] = Counter()
    for severity, was, now in rows:
        if not was and now in TO_DO:
            counts["new"] += 1
            counts["new_errors"] += severity == "error"
        elif was and was not in TO_DO and now in TO_DO:
            counts["reopened"] += 1
        elif now in ("corrected", "confirmed"):
            counts[now] += 1
        elif now in ("gone", "changed", "lapsed") and was in TO_DO:
            counts["gone"] += 1
    return Since(*(counts[name] for name in Since._fields))
