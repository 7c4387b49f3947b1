"""Whatever happens while a copy is written, there is the old file or the new one."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from fupin_audit.corrections.patch import Change, patch_file, patch_in_place
from fupin_audit.corrections.patch.whole import placed
from fupin_audit.errors import InputError
from fupin_audit.read import read

_RUN = """
import sys
from pathlib import Path
from fupin_audit.corrections.patch import Change, patch_file, patch_in_place
source, target = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
changes = [Change("户", row, 1, "新", ("x",)) for row in range(1, 3000, 7)]
patch_in_place(source, changes) if source == target else patch_file(source, target, changes)
"""


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "户.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("户")
        for row in range(3000):
            for column in range(12):
                sheet.write_string(row, column, f"值{row * 31 % 977}-{column}")
    return path


def _state(path: Path) -> str:
    """Return `old` or `new`; anything else is a broken file."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    sheets, files = read([path])
    assert files[0].error is None
    column = sheets[0].columns[1]
    changed = [column[row] == "新" for row in range(1, 3000, 7)]
    assert all(changed) or not any(changed)
    return "new" if changed[0] else "old"


@pytest.mark.parametrize("where", ["copy", "in place"])
def test_killed_at_any_moment(large: Path, tmp_path: Path, where: str) -> None:
    out = tmp_path / "出" / "户.xlsx"
    target = large if where == "in place" else out
    before = large.read_bytes()
    started = time.monotonic()
    _start(large, out.parent / "试.xlsx").wait()
    whole = time.monotonic() - started - 0.2
    for part in (0.2, 0.6, 0.9):
        work = _start(large, target)
        time.sleep(whole * part)
        work.send_signal(signal.SIGKILL)
        work.wait()
        if target.exists():
            if _state(target) == "new" and where == "in place":
                large.write_bytes(before)
        else:
            assert where == "copy"
        if where == "copy":
            assert large.read_bytes() == before
        # What is left is hidden, and no input.
        assert {s.path for s in read([tmp_path])[0]} <= {large, out, out.parent / "试.xlsx"}
    changes = [Change("户", row, 1, "新", ("x",)) for row in range(1, 3000, 7)]
    patch_in_place(large, changes) if where == "in place" else patch_file(large, out, changes)
    assert _state(target) == "new"
    assert not [p for p in (*tmp_path.iterdir(), *target.parent.iterdir()) if p.name[0] == "."]


def _start(source: Path, target: Path) -> subprocess.Popen[str]:
    work = subprocess.Popen([sys.executable, "-c", _RUN, str(source), str(target)],
                            stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert work.stdout
    work.stdout.readline()
    work.stdout.close()
    return work


def test_a_disk_that_fills_up(large: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: writing fails half way."""
    before = large.read_bytes()
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    limit = len(before) // 3
    changes = [Change("户", 1, 1, "新", ("x",))]
    target = tmp_path / "出" / "户.xlsx"
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
    try:
        with pytest.raises(InputError, match="磁盘写满") as told:
            patch_file(large, target, changes)
        with pytest.raises(InputError, match="磁盘写满"):
            patch_in_place(large, changes)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert "户.xlsx" in str(told.value)
    assert large.read_bytes() == before
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["出", "户.xlsx"]
    assert _state(patch_file(large, target, [
        Change("户", row, 1, "新", ("x",)) for row in range(1, 3000, 7)
    ]).path) == "new"  # fmt: skip


def test_a_full_disk(large: Path, tmp_path: Path) -> None:
    disk = tmp_path / "盘"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)],
                             capture_output=True)  # fmt: skip
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        with pytest.raises(InputError, match="磁盘写满"):
            patch_file(large, disk / "户.xlsx", [Change("户", 1, 1, "新", ("x",))])
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_what_a_dead_process_left_is_cleared_and_a_living_ones_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with placed(path) as mine:
        left = mine.with_name(mine.name.replace(str(os.getpid()), str(dead.pid)))
        other = mine.with_name(mine.name.replace(str(os.getpid()), str(os.getppid())))
        left.write_bytes(b"x")
        other.write_bytes(b"x")
        mine.write_bytes(b"y")
    with placed(path) as mine:
        mine.write_bytes(b"z")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([other.name, "a.xlsx"])
    assert path.read_bytes() == b"z"


def test_a_source_changed_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("甲,乙\n1,2\n", encoding="utf-8")
    from fupin_audit.corrections import patch as room

    def meanwhile(path: Path, folder: Path) -> Path:
        source.write_text("甲,乙\n1,2\n3,4\n", encoding="utf-8")
        return path

    monkeypatch.setattr(room, "kept_copy", meanwhile)
    with pytest.raises(InputError, match="别的程序改动"):
        patch_in_place(source, [Change(None, 1, 0, "x", ("x",))])
    assert source.read_text(encoding="utf-8") == "甲,乙\n1,2\n3,4\n"
