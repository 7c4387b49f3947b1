"""Measure the product beside the floor and beside what would be written otherwise.

    python benchmarks/run.py                       about ten minutes
    python benchmarks/run.py --million             with a csv of 1 000 000 members
    python benchmarks/run.py --nightly             with a night over 20 townships
    python benchmarks/run.py --sizes 500 --no-otherwise

Times are the least of several runs, taken in turn. The files to measure on are
made once and kept in the temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from child import Run, best, product, run, worker
from page import Results, page

CACHE = Path(tempfile.gettempdir()) / "fupin-audit-bench-3"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
OTHERWISE_UP_TO = {"openpyxl": 100_000, "calamine": 10_000}


def main() -> None:
    asked = _arguments()
    results = Results()
    _start_up(results, asked.repeat)
    for members in asked.sizes:
        repeat = asked.repeat if members < 100_000 else max(asked.repeat // 2, 2)
        _workbook(results, members, repeat)
        if asked.otherwise:
            _otherwise(results, members)
    if asked.million:
        _csv(results)
    if asked.nightly:
        _nightly(results)
    asked.raw.write_text(json.dumps(asdict(results), indent=1), encoding="utf-8")
    asked.out.write_text(page(results), encoding="utf-8", newline="\n")
    print(page(results))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 1_000, 10_000, 100_000])
    parser.add_argument("--repeat", type=int, default=5, help="runs of each small measurement")
    parser.add_argument("--million", action="store_true", help="also a csv of 1 000 000 members")
    parser.add_argument("--nightly", action="store_true", help="also a night over 20 townships")
    parser.add_argument("--no-otherwise", dest="otherwise", action="store_false")
    parser.add_argument("--out", type=Path, default=PAGE)
    parser.add_argument("--raw", type=Path, default=CACHE / "results.json")
    return parser.parse_args()


def _start_up(results: Results, repeat: int) -> None:
    """Measure what is paid before any table is seen."""
    commands = {
        "python": [sys.executable, "-c", "pass"],
        "import pandas": [sys.executable, "-c", "import pandas"],
        "import pandera": [sys.executable, "-c", "import pandera.pandas"],
        "import fupin_audit": [sys.executable, "-c", "import fupin_audit"],
        "--help": [product(), "--help"],
        "rules list": [product(), "rules", "list"],
    }
    for command in commands.values():
        run(command)  # compiled modules and the compiled pack are kept from here on
    taken = [{name: run(command) for name, command in commands.items()} for _ in range(repeat)]
    results.start_up = {name: best(*(t[name] for t in taken)) for name in commands}


def _workbook(results: Results, members: int, repeat: int) -> None:
    book = _made("county", members) / "households.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "list.xlsx"
        command: list[str | Path] = [
            product(),
            "check",
            book,
            "--as-of",
            "2019-12-31",
            "--out",
            out,
        ]
        runs: dict[str, list[Run]] = {"floor": [], "check": [], "stages": [], "pandas": []}
        for _ in range(repeat):  # in turn, so that a slow minute is slow for all
            runs["floor"].append(worker("floor", book))
            runs["check"].append(run(command))
            runs["stages"].append(worker("stages", book, out))
            runs["pandas"].append(run([sys.executable, "-c", "import pandas"]))
    results.books[members] = {name: best(*found) for name, found in runs.items()}


def _otherwise(results: Results, members: int) -> None:
    book = _made("county", members) / "households.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        for engine, most in OTHERWISE_UP_TO.items():
            if 10_000 <= members <= most:
                found = worker("otherwise", book, Path(folder) / "cases.xlsx", engine)
                results.books[members][f"otherwise {engine}"] = found


def _csv(results: Results) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for members in (100_000, 1_000_000):
            rows = _made("million", members) / "members.csv"
            out = Path(folder) / "list.xlsx"
            results.rows[members] = run(
                [product(), "check", rows, "--as-of", "2019-12-31", "--region", "61", "--out", out]
            )


def _nightly(results: Results) -> None:
    """Measure a night on one core and on all, and one on which nothing has changed."""
    townships = _made("townships", 100_000)
    for path in townships.glob("*.xlsx"):
        os.utime(path, (0, 0))
    for name, cores, force in (("one core", 1, True), ("all cores", 0, True),
                               ("unchanged", 0, False)):  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "nightly.toml"
            config.write_text(
                f"inputs = ['{townships.as_posix()}/*.xlsx']\nout = 'out'\n"
                f"[check]\nas_of = '2019-12-31'\nregion = '61'\n[run]\ncores = {cores}\n",
                encoding="utf-8",
            )
            command: list[str | Path] = [product(), "batch", "run", config]
            if cores == 1 and (pin := shutil.which("taskset")):  # readers have threads, too
                command = [pin, "-c", "0", *command]
            if not force:
                run(command)
            results.nights[name] = run(command)


def _made(job: str, members: int) -> Path:
    """Return the folder of a sample, made now if it is not there."""
    folder = CACHE / f"{job}-{members}"
    facts = folder / "facts.json"
    if not facts.exists():
        folder.mkdir(parents=True, exist_ok=True)
        facts.write_text(json.dumps(worker(job, str(members), folder).told), encoding="utf-8")
    return folder


if __name__ == "__main__":
    main()
