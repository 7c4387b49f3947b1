"""However many processes a night takes, it says what one says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from command_line import spawn
from fupin_audit import pipeline
from fupin_audit.model.recognised import Recognised
from fupin_audit.normalise import CleanSheet
from fupin_audit.normalise.wide import shared
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import resolve
from ledger_kit import rows, write
from register_facts import DAY, HOUSE, PERSON, grid

SETTINGS = """
inputs = ['收件']
out = '{out}'
[check]
as_of = '2019'
region = '61'
[run]
settle = 0
cores = {cores}
[ledger]
file = ''
[outputs]
lists = 'none'
junit = false
html = false
"""
_OF_THE_RUN = ("ledger", "run", "seconds", "timings", "made", "started")


def _table(path: Path, heads: list[str], some: list[dict[str, Any]], **called: str) -> Path:
    columns = {called.get(field, field): field for field in heads}
    return write_grid(path, grid(some, columns))


def write_grid(path: Path, lines: list[list[Any]]) -> Path:
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in one) for one in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _collected(box: Path) -> Path:
    """Fill a folder with files that mean something else together than alone: persons
    without households, a plain 联系电话 that is the member's only if the household
    has one of its own, a copy, a broken file and a totals row."""
    box.mkdir()
    some = rows()
    homes = sorted({str(row["户编号"]) for row in some})
    first = [row for row in some if row["户编号"] in homes[:3]]
    rest = [row for row in some if row["户编号"] not in homes[:3]]
    for row in rest:
        row["户联系电话"] = row["本人电话"] = "0914-2312345"
    write(box / "甲.csv", first)
    heads = [row for row in rest if row["与户主关系"] == "户主"]
    _table(box / "乙户.csv", HOUSE, heads)
    _table(box / "乙人.csv", [*PERSON, "本人电话"], rest, 本人电话="联系电话")
    lines = grid(heads, {field: field for field in HOUSE})
    total = ["合计", *("" for _ in HOUSE[1:])]
    total[HOUSE.index("家庭人口数")] = "999"
    write_grid(box / "丙户.csv", [*lines, total])
    shutil.copy(box / "甲.csv", box / "甲副本.csv")
    (box / "坏.xlsx").write_bytes(b"PK\x03\x04 half of a workbook")
    return box


def _night(folder: Path, cores: int) -> tuple[dict[str, Any], list[Any], list[Any]]:
    out = f"结果{cores}"
    config = folder / f"{cores}.toml"
    config.write_text(SETTINGS.format(out=out, cores=cores), encoding="utf-8")
    done = spawn("batch", "run", config, cwd=folder)
    assert done.code == 3, done.err
    place = folder / out / (folder / out / "latest.txt").read_text(encoding="utf-8").strip()
    assert {p.name for p in place.iterdir()} == {
        "findings.json", "疑点清单.xlsx", "summary.json", "manifest.json"
    }  # fmt: skip
    told = json.loads((place / "findings.json").read_text(encoding="utf-8"))
    return _lasting(told), _sheet(place / "疑点清单.xlsx", "清洗"), _sheet(
        place / "疑点清单.xlsx", "疑点清单"
    )  # fmt: skip


def _lasting(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in _OF_THE_RUN}


def _sheet(book: Path, name: str) -> list[Any]:
    sheets = [s for s in load_workbook(book).worksheets if name in s.title]
    assert sheets
    return [row for sheet in sheets for row in sheet.values]


def test_one_process_two_and_a_check_say_the_same(tmp_path: Path) -> None:
    _collected(tmp_path / "收件")
    one, two = _night(tmp_path, 1), _night(tmp_path, 2)
    assert one == two
    done = spawn(
        "check", *sorted(f"收件/{p.name}" for p in (tmp_path / "收件").iterdir()),
        "--as-of", "2019", "--region", "61", "--no-ledger", "--format", "json", cwd=tmp_path,
    )  # fmt: skip
    assert done.code == 3, done.err
    checked = _lasting(done.json)
    assert checked["findings"] == one[0]["findings"] != []
    assert checked["summary"] == one[0]["summary"]
    assert checked["coverage"] == one[0]["coverage"]


def test_what_a_file_is_alone_gives_way_to_what_it_is_among_others(tmp_path: Path) -> None:
    box = _collected(tmp_path / "收件")
    paths = sorted(p for p in box.iterdir() if p.suffix == ".csv")
    pack = load_pack()
    request = pipeline.Request(paths, pack, DAY, region="61")
    whole = pipeline.gather(request)
    law = resolve(pack, DAY, "61")
    alone = [
        one
        for sheet in whole.sheets
        for one in pipeline.understand([sheet], law, pins=(), code_sets={})
    ]
    wanted = pipeline.clean(request, reading=whole)
    for understood in (alone, [replace(one, pack="another") for one in alone]):
        given = pipeline.Reading(whole.sheets, whole.files, understood)
        for _ in range(2):  # what is given stays as it is
            _same(pipeline.clean(request, reading=given), wanted)
    together = {sheet.raw.file: shared(sheet, law) for sheet in wanted[1].sheets}
    kept = {Path(file).stem: _of(file, alone).fits(sheet) for file, sheet in together.items()}
    assert kept == {"甲": True, "乙人": False, "乙户": True, "丙户": True}


def _of(file: str, alone: list[pipeline.Understood]) -> CleanSheet:
    (one,) = [u for u in alone if isinstance(u.found, Recognised) and u.found.raw.file == file]
    assert one.clean is not None
    return one.clean


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    (data, found, region), (wanted, right, where) = one, other
    assert region == where
    assert found.skipped == right.skipped
    for a, b in zip(data.sheets, wanted.sheets, strict=True):
        assert (a.raw.file, a.tables, list(a.matches.items())) == (
            b.raw.file, b.tables, list(b.matches.items())
        )  # fmt: skip
        assert (a.missing, a.notes, a.filled_down) == (b.missing, b.notes, b.filled_down)
    assert list(data.log.entries(data)) == list(wanted.log.entries(wanted))
    assert list(map(_plain, data.observations)) == list(map(_plain, wanted.observations))
    assert list(data.tables) == list(wanted.tables)
    for name, table in data.tables.items():
        assert table.full_frame.equals(wanted.tables[name].full_frame)
        assert np.array_equal(table.sheet, wanted.tables[name].sheet)
        assert np.array_equal(table.raw_row, wanted.tables[name].raw_row)


def _plain(seen: Any) -> tuple[Any, ...]:
    return (
        seen.what, seen.table, seen.field, seen.rows.tolist(), seen.sheet, seen.cells,
        seen.values, seen.detail,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
@pytest.mark.parametrize("how", ["os.kill(os.getpid(), 9)", "1 / 0"])
def test_a_workbook_whose_process_is_lost_is_written_all_the_same(tmp_path: Path, how: str) -> None:
    _collected(tmp_path / "收件")
    config = tmp_path / "夜.toml"
    config.write_text(SETTINGS.format(out="结果", cores=2), encoding="utf-8")
    (tmp_path / "lost.py").write_text(_LOST.replace("HOW", how), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, tmp_path / "lost.py", config], capture_output=True, text=True,
        timeout=60, check=False, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert (tmp_path / "lost").read_text() != ""
    place = tmp_path / "结果" / (tmp_path / "结果" / "latest.txt").read_text("utf-8").strip()
    assert not [p for p in place.iterdir() if p.name.startswith(".")]
    assert _sheet(place / "疑点清单.xlsx", "疑点清单")


_LOST = """
import os, sys
from pathlib import Path
from fupin_audit.cli import app
from fupin_audit.cli.door import guarded

here = os.getpid()

def lost(*given, **more):
    if os.getpid() != here:
        Path(sys.argv[1]).with_name("lost").write_text("yes")
        target = given[1]
        target.with_name(f".{target.stem}.{os.getpid()}.xlsx").write_text("half")
        HOW
    return whole(*given, **more)

if __name__ == "__main__":
    def run(standalone_mode):
        global whole
        import fupin_audit.report.workbook as room
        whole, room.write_workbook = room.write_workbook, lost
        return app(["batch", "run", sys.argv[1]], standalone_mode=False)
    guarded(run)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
def test_a_night_that_is_killed_leaves_no_process_that_writes_on(tmp_path: Path) -> None:
    (tmp_path / "killed.py").write_text(_KILLED, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, tmp_path / "killed.py"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        copy = int(process.stdout.readline())
        os.kill(copy, 0)
        process.kill()
    end = time.monotonic() + 10
    while _runs(copy) and time.monotonic() < end:
        time.sleep(0.02)
    assert not _runs(copy)


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


_KILLED = """
import os, time
from fupin_audit.beside import beside

def work():
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(600)

with beside(work, 2) as result:
    result()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
def test_a_copy_is_made_only_where_it_is_safe_and_ends_with_its_block(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text(_BESIDE, encoding="utf-8")
    subprocess.run([sys.executable, tmp_path / "beside.py"], check=True, timeout=60)


_BESIDE = """
import os, threading, time
from fupin_audit.beside import beside

def there(cores):
    with beside(os.getpid, cores) as result:
        return result()

assert there(2) != os.getpid()
assert there(1) == os.getpid()
stop = threading.Event()
other = threading.Thread(target=stop.wait)
other.start()
assert there(2) == os.getpid()
stop.set()
other.join()
try:
    with beside(lambda: time.sleep(600), 2):
        1 / 0
except ZeroDivisionError:
    pass
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    pass  # none is left
else:
    raise AssertionError
"""
