"""The runs in a row, and where every township stands after the last: what a
supervisor's page shows of the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

from fupin_audit.ledger.query import Run, days_old, findings, runs
from fupin_audit.ledger.stages import COLOURS, Deadlines, Stages, colour_on, stages
from fupin_audit.ledger.states import TO_DO
from fupin_audit.ledger.store import reading
from fupin_audit.model.history import History, Night, Standing, TownshipWork

_SEVERITIES = ("error", "warning", "info")
_CLOSED = ("corrected", "gone", "lapsed")
_NIGHTS = 60
_WINDOW = 30


def history(ledger: Path, run: int, deadlines: Deadlines, today: date) -> History:
    """Return the ledger as it is after a run, the last one recorded.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    made = runs(ledger)
    this = next(one for one in made if one.run == run)
    known = [one for one in made if one.run <= run]
    report = stages(ledger, today - timedelta(days=_WINDOW - 1), today, deadlines)
    return History(
        run,
        _moment(known[-2].at) if len(known) > 1 else "",
        dict(this.counts),
        nights(ledger, run)[-_NIGHTS:],
        _townships(ledger, run, report),
        _standing(ledger, this, deadlines, today),
        _WINDOW,
        {level: deadlines[level] for level in _SEVERITIES},
        max(len(known) - _NIGHTS, 0),
        {colour: report.total.colours[colour] for colour in COLOURS},
    )


def nights(ledger: Path, run: int) -> list[Night]:
    """Return the runs up to one, the oldest first.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    known = [one for one in runs(ledger) if one.run <= run]
    # How many were to do after each is what changed, entry by entry, added up.
    marks = ", ".join(f"'{state}'" for state in TO_DO)
    with reading(ledger) as connection:
        moved = connection.execute(
            f"SELECT c.entry, f.severity, sum((c.now IN ({marks})) - (c.was IN ({marks})))"  # noqa: S608
            " FROM changes c JOIN findings f ON f.id = c.finding GROUP BY 1, 2 ORDER BY 1"
        ).fetchall()
        entries = dict(connection.execute("SELECT entry, id FROM runs"))
    after: dict[int, tuple[int, int, int]] = {}
    left: Counter[str] = Counter()
    steps = defaultdict(list)
    for entry, severity, change in moved:
        steps[entry].append((severity, change))
    for entry in sorted(steps.keys() | entries.keys()):
        for severity, change in steps.get(entry, ()):
            left[severity] += change
        if entry in entries:
            errors, warnings, infos = (left[name] for name in _SEVERITIES)
            after[entries[entry]] = (errors, warnings, infos)
    return [
        Night(
            one.run, _moment(one.at), after[one.run], one.counts.get("new", 0),
            one.counts.get("reopened", 0), sum(one.counts.get(name, 0) for name in _CLOSED),
        )
        for one in known
    ]  # fmt: skip


def _townships(ledger: Path, run: int, report: Stages) -> list[TownshipWork]:
    """Return where each township stands, those with the most that is late first."""
    with reading(ledger) as connection:
        rows = connection.execute(
            "SELECT p.township, c.was, c.now, c.how, count(*) FROM changes c"
            " JOIN findings f ON f.id = c.finding JOIN places p ON p.id = f.place"
            " WHERE c.entry = (SELECT entry FROM runs WHERE id = ?) GROUP BY 1, 2, 3, 4",
            (run,),
        ).fetchall()
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for township, was, now, how, count in rows:
        if now == "reopened":
            moved[township]["reopened"] += count
        elif not was and how == "found":
            moved[township]["new"] += count
        elif now in _CLOSED:
            moved[township]["closed"] += count
    made = []
    for name, tally in report.townships.items():
        green, yellow, red = (tally.colours[colour] for colour in COLOURS)
        one = moved[name]
        work = TownshipWork(
            name, one["new"], one["reopened"], one["closed"], (green, yellow, red), tally.share
        )  # fmt: skip
        if any(work.left) or any(work[1:4]) or tally.share is not None:
            made.append(work)
    return sorted(made, key=lambda w: (-w.left[2], -w.left[1], -w.left[0], w.name))


def _standing(ledger: Path, run: Run, deadlines: Deadlines, today: date) -> dict[str, Standing]:
    """Return what is to do, finding by finding."""
    made = {}
    for row in findings(ledger, states=TO_DO):
        days = days_old(row.since, today.isoformat())
        fresh = ""
        if row.state == "reopened" and row.moved == run.at:
            fresh = "reopened"
        elif row.first_run == run.run and row.how == "found" and row.moved == run.at:
            fresh = "new"
        colour = colour_on(deadlines, row.severity, row.since, row.due, today)
        made[row.fingerprint] = Standing(days, colour, fresh)  # type: ignore[arg-type]
    return made


def _moment(at: str) -> str:
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
