"""The results as a page: ratios of one run, beside the budgets."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version

from child import Run

STAGES = ("read", "recognise", "normalise", "evaluate", "view", "write")
OTHERWISE = ("read", "prepare", "validate", "write")
LIBRARIES = ("pandas", "pandera", "numpy", "python-calamine", "xlsxwriter", "pyarrow", "openpyxl")


@dataclass
class Results:
    """What was measured.

    Attributes:
        start_up: Command → its best run.
        books: Members in the workbook → measurement → its best run.
        rows: Members in the csv → the check of it.
    """

    start_up: dict[str, Run] = field(default_factory=dict)
    books: dict[int, dict[str, Run]] = field(default_factory=dict)
    rows: dict[int, Run] = field(default_factory=dict)


def page(results: Results) -> str:
    """Return docs/benchmarks.md."""
    parts = [
        _head(), _budgets(results), _start_up(results), _sizes(results), _stages(results),
        _otherwise(results), _csv(results),
    ]  # fmt: skip
    return "\n".join(line for part in parts for line in [*part, ""]).rstrip() + "\n"


def _head() -> list[str]:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        "# Benchmarks",
        "",
        "Written by `make bench`; run it on your own machine. Times differ between machines,",
        "ratios of one run much less: *the floor* is reading the same workbook into raw cells",
        "with the same reader (python-calamine) and nothing else, in a process of its own.",
        "",
        f"This run: {date.today()}, 2 cores, {platform.system()}, Python "
        f"{platform.python_version()}, {libraries}. Samples: synthetic counties, a fault in",
        "about two of a hundred households. Best of several runs, taken in turn.",
    ]


def _budgets(results: Results) -> list[str]:
    """The promises of the design, and what this run says of them."""
    start, books = results.start_up, results.books
    rows: list[tuple[str, str, str, bool]] = []
    for name, limit in (("--help", 0.3), ("rules list", 0.5)):
        if name in start:
            taken = start[name].seconds
            rows.append((f"`{name}`", f"{limit} s", f"{taken:.2f} s", taken <= limit))
    if 500 in books:
        spare = books[500]["check"].seconds - books[500]["pandas"].seconds
        rows.append(
            ("`check` of 500 members", "import of pandas + 0.5 s", f"+ {spare:.2f} s", spare <= 0.5)
        )
    if 100_000 in books:
        floor, check = books[100_000]["floor"], books[100_000]["check"]
        ratio, room = check.seconds / floor.seconds, check.megabytes / floor.megabytes
        rows.append(
            (
                "`check` of 100 000 members, list written",
                "1.5 × the floor",
                f"{ratio:.2f} ×",
                ratio <= 1.5,
            )
        )
        rows.append(
            ("peak memory at 100 000 members", "1.5 × the floor's", f"{room:.2f} ×", room <= 1.5)
        )
        if other := books[100_000].get("otherwise openpyxl"):
            faster = other.seconds / check.seconds
            rows.append(
                ("beside pandas and stock pandera", "15 × faster", f"{faster:.1f} ×", faster >= 15)
            )
    if 1_000_000 in results.rows:
        run = results.rows[1_000_000]
        rows.append(
            ("`check` of 1 000 000 members (csv)", "under 4 GiB", f"{run.megabytes / 1024:.2f} GiB",
             run.megabytes < 4096)
        )  # fmt: skip
        if 100_000 in results.rows:
            growth = run.seconds / results.rows[100_000].seconds
            rows.append(
                ("its time beside a tenth of it", "about 10 ×", f"{growth:.1f} ×", growth <= 12)
            )
    body = [f"| {a} | {b} | {c} | {'met' if ok else '**not met**'} |" for a, b, c, ok in rows]
    return ["## Budgets", "", "| what | budget | this run | |", "|---|---|---|---|", *body]


def _start_up(results: Results) -> list[str]:
    body = [
        f"| {n} | {r.seconds:.2f} s | {r.megabytes:.0f} MB |" for n, r in results.start_up.items()
    ]
    return ["## Start-up", "", "| command | time | peak memory |", "|---|---|---|", *body]


def _sizes(results: Results) -> list[str]:
    lines = ["## Whole checks, list written", "",
             "| members | cells | findings | floor | check | ratio | memory ratio |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    for members, runs in results.books.items():
        floor, check, told = runs["floor"], runs["check"], runs["stages"].told
        lines.append(
            f"| {members:,} | {told['cells']:,.0f} | {told['findings']:,.0f} | {floor.seconds:.2f} s "
            f"| {check.seconds:.2f} s | {check.seconds / floor.seconds:.2f} × "
            f"| {check.megabytes / floor.megabytes:.2f} × |"
        )
    return lines


def _stages(results: Results) -> list[str]:
    lines = ["## Stages, as parts of the floor", "",
             "| members | " + " | ".join(STAGES) + " | pack: load | pack: compile |",
             "|---" * (len(STAGES) + 3) + "|"]  # fmt: skip
    for members, runs in results.books.items():
        told, floor = runs["stages"].told, runs["floor"].told["read"]
        parts = " | ".join(f"{told[s] / floor:.2f}" for s in STAGES)
        pack = f"{told['load the pack']:.3f} s | {told['compile the pack']:.2f} s"
        lines.append(f"| {members:,} | {parts} | {pack} |")
    return lines


def _otherwise(results: Results) -> list[str]:
    lines = ["## What one would write otherwise", "",
             "`pandas.read_excel`, a stock pandera schema with the same field contracts and row",
             "rules, `validate(lazy=True)`, `to_excel` of the failure cases. No cleaning log, no",
             "addresses, no coverage, no rules across rows.", "",
             "| members | reader | read | prepare | validate | write | whole | × the product |",
             "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for members, runs in results.books.items():
        for name, run in runs.items():
            if not name.startswith("otherwise"):
                continue
            parts = " | ".join(
                f"{run.told[p]:.1f} s" for p in ("read", "prepare", "validate", "write")
            )
            ratio = run.seconds / runs["check"].seconds
            reader = name.removeprefix("otherwise ")
            lines.append(
                f"| {members:,} | {reader} | {parts} | {run.seconds:.1f} s | {ratio:.1f} |"
            )
    return lines


def _csv(results: Results) -> list[str]:
    if not results.rows:
        return []
    lines = ["## A csv of persons, GBK", "", "| members | check | peak memory |", "|---|---|---|"]
    return lines + [
        f"| {members:,} | {run.seconds:.1f} s | {run.megabytes:,.0f} MB |"
        for members, run in results.rows.items()
    ]
