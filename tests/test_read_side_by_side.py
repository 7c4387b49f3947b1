"""Many files are read by two processes, and nobody can tell."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from fupin_audit.beside import cores_here

SECRET = "望山-2019"

_READ = """
import json, os, sys
from fupin_audit import read as room

room._WORTH_IT = 0
copies, asked, fork = [], [], os.fork

def counted():
    copy = fork()
    copies.append(copy)
    return copy

def password(shown):
    asked.append(shown)
    return sys.argv[2]

os.fork = counted
if sys.argv[3] == "one":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
told = []
sheets, files = room.read([sys.argv[1]], password=password, progress=lambda *a: told.append(a))
cells = [[s.file, s.name, s.notes, [[str(v) for v in c.values] + c.codes.tolist()
          for c in s.columns]] for s in sheets]
seen = [[f.file, f.sha256, f.error, f.notes] for f in files]
print(json.dumps([len(copies), len(asked), cells, seen]))
"""


def _read(folder: Path, how: str) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", _READ, folder, SECRET, how], capture_output=True, check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, timeout=60,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.mark.skipif(
    sys.platform != "linux" or cores_here() < 2, reason="elsewhere no process is copied"
)
@pytest.mark.parametrize("locked", [False, True])
def test_two_processes_read_what_one_reads_in_the_same_order(tmp_path: Path, locked: bool) -> None:
    for number in range(7):
        lines = [f"户编号,姓名,数\n{number}{row},甲{row},{row * 1.5}" for row in range(50)]
        (tmp_path / f"{number}.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "5.xlsx").write_bytes(b"PK\x03\x04 half of a workbook")
    if locked:  # only this process can ask for the password
        book = openpyxl.Workbook()
        book.active.append(["户编号", "姓名"])
        plain = io.BytesIO()
        book.save(plain)
        with (tmp_path / "8.xlsx").open("wb") as out:
            OOXMLFile(plain).encrypt(SECRET, out)
    copies, asked, cells, files = _read(tmp_path, "both")
    serial = _read(tmp_path, "one")
    assert serial[:2] == [0, locked]
    assert (copies, asked) == (1, locked)
    assert (cells, files) == (serial[2], serial[3])
    assert len(files) == 8 + locked  # type: ignore[arg-type]
