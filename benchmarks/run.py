"""Measure the product beside the floor and beside what would be written otherwise.

    python benchmarks/run.py                       about ten minutes
    python benchmarks/run.py --million             with a csv of 1 000 000 members
    python benchmarks/run.py --nightly             with a night over 20 townships
    python benchmarks/run.py --lists               with lists of 10 000 findings
    python benchmarks/run.py --sizes 500 --no-otherwise

Times are the least of several runs, ratios the median over pairs of runs taken in
turn. The files to measure on are made once and kept in the temporary folder.
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
from statistics import median

from child import Run, best, product, ratio, run, worker
from page import Results, page

CACHE = Path(tempfile.gettempdir()) / "fupin-audit-bench-3"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
OTHERWISE_UP_TO = {"openpyxl": 100_000, "calamine": 10_000}


def main() -> None:
    asked = _arguments()
    results = Results()
    _start_up(results, asked.repeat)
    for members in asked.sizes:
        _workbook(results, members, asked.repeat)
        if asked.otherwise:
            _otherwise(results, members)
    if asked.lists:
        _lists(results, asked.repeat)
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
    parser.add_argument("--lists", action="store_true", help="also lists of 10 000 findings")
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
        command = _check(book, out)
        runs: dict[str, list[Run]] = {"floor": [], "check": [], "stages": [], "pandas": []}
        for _ in range(repeat):  # in turn, so that a slow minute is slow for all
            runs["floor"].append(worker("floor", book))
            runs["check"].append(run(command))
            runs["stages"].append(worker("stages", book, out))
            runs["pandas"].append(run([sys.executable, "-c", "import pandas"]))
    results.books[members] = {name: best(*found) for name, found in runs.items()}
    results.ratios[members] = {"check ÷ floor": ratio(runs["check"], runs["floor"])}


def _otherwise(results: Results, members: int) -> None:
    book = _made("county", members) / "households.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        for engine, most in OTHERWISE_UP_TO.items():
            if 10_000 <= members <= most:
                before = run(_check(book, Path(folder) / "list.xlsx"))
                found = worker("otherwise", book, Path(folder) / "cases.xlsx", engine)
                after = run(_check(book, Path(folder) / "list.xlsx"))
                results.books[members][f"otherwise {engine}"] = found
                beside = (before.seconds + after.seconds) / 2
                results.ratios[members][f"otherwise {engine}"] = found.seconds / beside


def _check(book: Path, out: Path) -> list[str | Path]:
    return [product(), "check", book, "--as-of", "2019-12-31", "--out", out]


def _lists(results: Results, repeat: int) -> None:
    """Measure correction lists for twenty townships, a new ledger each time."""
    townships = _made("faulty", 12_000)
    books = sorted(townships.glob("*.xlsx"))
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            asked = ["--as-of", "2019-12-31", "--region", "61", "--ledger"]
            commands: dict[str, list[str | Path]] = {
                "check": ["check", *books, *asked, f"{folder}/a.sqlite", "--no-xlsx"],
                "corrections make": ["corrections", "make", *books, *asked, f"{folder}/b.sqlite",
                                     "--out", f"{folder}/lists"],
            }  # fmt: skip
            for name, command in commands.items():
                found = run([product(), *command])
                known = results.lists.get(name)
                results.lists[name] = best(found, known) if known else found
            results.listed = worker("findings", f"{folder}/b.sqlite").told["findings"]


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
    nights = (("one core", 1, True), ("all cores", 0, True))
    whole: list[float] = []
    files: list[float] = []
    for name, cores, force in (*nights, *nights, *nights, ("unchanged", 0, False)):
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
            found = run(command)
            known = results.nights.get(name)
            results.nights[name] = best(found, known) if known else found
            whole.append(found.seconds)
            (manifest,) = Path(folder).glob("out/runs/*/manifest.json")
            files.append(json.loads(manifest.read_text(encoding="utf-8"))["seconds"]["read"])
    results.gain, results.files_gain = _gain(whole), _gain(files)


def _gain(seconds: list[float]) -> float:
    """Return the median gain of nights on one core and on all, taken by turns."""
    return median(one / every for one, every in zip(seconds[:6:2], seconds[1:6:2], strict=True))


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
