"""docs/benchmarks.md from the numbers of one run."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version

from child import Run

LIBRARIES = ("pandas", "numpy", "pandera", "pyarrow", "python-calamine", "xlsxwriter", "openpyxl",
             "typer")  # fmt: skip
STAGES = ("read", "recognise", "normalise", "evaluate", "view", "write")
BIG = 100_000


@dataclass(slots=True)
class Results:
    """Everything measured. `books` and `rows` are by number of members."""

    start_up: dict[str, Run] = field(default_factory=dict)
    books: dict[int, dict[str, Run]] = field(default_factory=dict)
    rows: dict[int, Run] = field(default_factory=dict)
    ratios: dict[int, dict[str, float]] = field(default_factory=dict)
    lists: dict[str, Run] = field(default_factory=dict)
    listed: float = 0
    nights: dict[str, Run] = field(default_factory=dict)
    gain: float = 0
    files_gain: float = 0


def page(results: Results) -> str:
    """Return the page; what was not measured is left out, and said to be."""
    parts = [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. Ratios of one run on one machine: seconds differ",
        "from machine to machine and from hour to hour, ratios of runs taken in turn much less.",
        "Times are the least of several runs, each in a fresh process; what is said of the whole",
        "`check` and of a night is the median over pairs of runs taken one after the other.",
        "",
        f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
        + ".",
        "",
        *_budgets(results),
        *_start_up(results),
        *_sizes(results),
        *_stages(results),
        *_otherwise(results),
        *_rows(results),
        *_lists(results),
        *_nights(results),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    titles = list(head)
    lines = [titles, ["---", *["---:"] * (len(titles) - 1)], *rows]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


def _budgets(results: Results) -> list[str]:
    """Each budget with a plain verdict."""
    start, books = results.start_up, results.books
    rows: list[tuple[str, str, str, bool]] = []
    for name, most in (("--help", 0.3), ("rules list", 0.5)):
        seconds = start[name].seconds
        rows.append((f"`fupin-audit {name}`", f"{seconds:.2f} s", f"{most} s", seconds <= most))
    if 500 in books:
        over = books[500]["check"].seconds - books[500]["pandas"].seconds
        rows.append((
            "`check` of 500 members, start to exit", f"import of pandas + {over:.2f} s",
            "import of pandas + 0.5 s", over <= 0.5,
        ))  # fmt: skip
    if BIG in books:
        check, floor = books[BIG]["check"], books[BIG]["floor"]
        ratios = results.ratios[BIG]
        for what, ratio in (
            ("`check` of 100 000 members, list written", ratios["check ÷ floor"]),
            ("peak memory at 100 000 members", check.megabytes / floor.megabytes),
        ):
            rows.append((what, f"{ratio:.2f} × the floor", "1.5 × the floor", ratio <= 1.5))
        if other := books[BIG].get("otherwise openpyxl"):
            ratio, most = ratios["otherwise openpyxl"], other.seconds / floor.seconds
            rows.append((
                "100 000 members, against pandas and stock pandera",
                f"{ratio:.1f} × faster (the floor: {most:.1f} ×)",
                "15 × faster", ratio >= 15,
            ))  # fmt: skip
    if 1_000_000 in results.rows:
        whole, tenth = results.rows[1_000_000], results.rows[BIG]
        size = whole.megabytes / 1024
        growth = whole.seconds / tenth.seconds
        rows += [
            ("peak memory at 1 000 000 members (csv)", f"{size:.1f} GiB", "4 GiB", size < 4),
            ("time of ten times the rows (csv)", f"{growth:.1f} ×", "10 × (11)", growth <= 11),
        ]
    if results.lists:
        made, checked = (results.lists[n].seconds for n in ("corrections make", "check"))
        rows.append((
            f"lists of {results.listed:,.0f} findings for 20 townships",
            f"{made - checked:.1f} s (with reading and checking: {made:.1f} s)", "5 s",
            made - checked <= 5,
        ))  # fmt: skip
    if results.nights:
        gain, same = results.files_gain, results.nights["unchanged"]
        rows += [
            (
                "files of a night, side by side on all cores",
                f"{gain:.2f} × faster (the whole night: {results.gain:.2f} ×)",
                "1.7 ×",
                gain >= 1.7,
            ),
            ("a night without changes", f"{same.seconds:.2f} s", "2 s", same.seconds <= 2),
        ]
    told = [(what, got, most, "met" if met else "**not met**") for what, got, most, met in rows]
    return ["## Budgets", "", *_table(("what", "measured", "budget", ""), told)]


def _start_up(results: Results) -> list[str]:
    rows = [(f"`{name}`", f"{run.seconds:.2f} s") for name, run in results.start_up.items()]
    any_book = next(iter(results.books.values()), {}).get("stages")
    if any_book:
        for name in ("compile the pack", "load the pack"):
            rows.append((name, f"{any_book.told[name]:.3f} s"))
    return [
        "## Before any table is seen", "",
        "A pack is compiled when a file of it has changed, and loaded from a cache otherwise.", "",
        *_table(("what", "time"), rows),
    ]  # fmt: skip


def _sizes(results: Results) -> list[str]:
    rows = []
    for members, runs in results.books.items():
        check, floor = runs["check"], runs["floor"]
        rows.append((
            f"{members:,}", f"{floor.told['cells']:,}", f"{runs['stages'].told['findings']:,}",
            f"{floor.seconds:.2f} s", f"{results.ratios[members]['check ÷ floor']:.2f}",
            f"{(check.seconds - runs['pandas'].seconds) / floor.seconds:.2f}",
            f"{check.megabytes / floor.megabytes:.2f}",
        ))  # fmt: skip
    head = ("members", "cells", "findings", "floor", "check ÷ floor",
            "less import of pandas", "memory ÷ floor")  # fmt: skip
    return [
        "## The whole `check`, beside the floor", "",
        "The floor is the same reader (python-calamine, `to_python`) with all sheets of the same",
        "workbook, and nothing else: no guards, no addresses, no kinds. The workbook has a sheet",
        "of 93 columns by household and one of 33 by member; two in a hundred households have a",
        "planted fault. `check` writes the whole list, with the cleaning log.", "",
        *_table(head, rows),
    ]  # fmt: skip


def _stages(results: Results) -> list[str]:
    sizes = list(results.books)
    rows = [
        (stage, *(_share(results.books[n], stage) for n in sizes)) for stage in STAGES
    ]  # fmt: skip
    return [
        "## Stage by stage, as shares of the floor", "",
        "Reading includes whatever of pandas and pandera is loaded meanwhile.", "",
        *_table(("stage", *(f"{n:,}" for n in sizes)), rows),
    ]  # fmt: skip


def _share(runs: dict[str, Run], stage: str) -> str:
    return f"{runs['stages'].told[stage] / runs['floor'].seconds:.2f}"


def _otherwise(results: Results) -> list[str]:
    rows = []
    for members, runs in results.books.items():
        for name, run in runs.items():
            if name.startswith("otherwise"):
                told, check = run.told, runs["check"]
                steps = [f"{told[s] / check.seconds:.1f}" for s in ("read", "validate", "write")]
                rows.append((
                    f"{members:,}", name.removeprefix("otherwise "), *steps,
                    f"{results.ratios[members][name]:.1f}",
                    f"{run.megabytes / check.megabytes:.1f}",
                    f"{told['failure cases']:,}",
                ))  # fmt: skip
    if not rows:
        return []
    head = ("members", "engine", "read_excel", "validate", "to_excel", "whole run", "memory",
            "failure cases")  # fmt: skip
    return [
        "## What would be written otherwise, as multiples of `check`", "",
        "`pandas.read_excel`, columns renamed and cast, stock pandera schemas with the same",
        "field contracts and rules, `validate(lazy=True)`, `to_excel` of the failure cases. The",
        "rules are written in nullable pandas, as `rules prove` has them: what is looked up,",
        "added up over a household or taken from a text is a column that all checks share. It",
        "finds less (nothing about the cells themselves), keeps no addresses and no log, and",
        "explains nothing.", "",
        *_table(head, rows),
    ]  # fmt: skip


def _rows(results: Results) -> list[str]:
    if not results.rows:
        return ["A csv of 1 000 000 members is measured with `--million` only.", ""]
    base = results.rows[BIG]
    rows = [
        (
            f"{members:,}",
            f"{run.seconds / base.seconds:.1f}",
            f"{run.megabytes / 1024:.2f} GiB",
        )
        for members, run in results.rows.items()
    ]
    return [
        "## csv, a row per person with 94 columns", "",
        *_table(("members", "time ÷ that of 100 000", "peak memory"), rows),
    ]  # fmt: skip


def _lists(results: Results) -> list[str]:
    if not results.lists:
        return ["Correction lists are measured with `--lists` only.", ""]
    rows = [(f"`{name}`", f"{run.seconds:.2f} s") for name, run in results.lists.items()]
    return [
        "## Correction lists: 12 000 members in 20 workbooks, hardly a row right",
        "", f"{results.listed:,.0f} findings, a new ledger, one list per township.", "",
        *_table(("command", "time"), rows),
    ]  # fmt: skip


def _nights(results: Results) -> list[str]:
    if not results.nights:
        return ["A night over 20 townships is measured with `--nightly` only.", ""]
    one, every, same = (results.nights[name] for name in ("one core", "all cores", "unchanged"))
    rows = [
        ("one core", "1", f"{one.megabytes / 1024:.2f} GiB"),
        ("all cores", f"{every.seconds / one.seconds:.2f}", f"{every.megabytes / 1024:.2f} GiB"),
        ("nothing has changed", f"{same.seconds / one.seconds:.3f} ({same.seconds:.2f} s)",
         f"{same.megabytes / 1024:.2f} GiB"),
    ]  # fmt: skip
    return [
        "## A night: 20 townships of 5 000 members, all outputs", "",
        "Files are read, recognised and cleaned side by side; judged together, by one process.",
        "Memory is that of the process that judges; each of those that read has its own.", "",
        *_table(("night", "time ÷ one core", "peak memory"), rows),
    ]  # fmt: skip
