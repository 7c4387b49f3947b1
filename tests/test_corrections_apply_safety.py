"""Killed, crowded out, or out of room: nothing is left half done, and again succeeds."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from filelock import FileLock

from command_line import run
from corrections_kit import TRUE, Loop, done, fill, lines
from fupin_audit.cli import corrections_write

INCOME, COUNT, EDUCATION = ("IC208", "人均纯收入"), ("HH019", "家庭人口数"), ("FM003", "文化程度")
ANSWERS = {INCOME: done(5300), EDUCATION: done("小学"), COUNT: TRUE}

_KILLED = """
import os, signal, sys
from fupin_audit.corrections.apply import noted, write
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
room, name = sys.argv[1].split(".")
setattr({"write": write, "noted": noted}[room], name, die)
from fupin_audit.cli import app
app(sys.argv[2:], standalone_mode=False)
"""


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    made = Loop(tmp_path)
    fill(made.make(), ANSWERS)
    return made


@pytest.mark.parametrize("where", ["write.move_all", "noted.note_answers", "noted.as_written"])
@pytest.mark.parametrize("how", ["--write", "--in-place"])
def test_killed_on_the_way(loop: Loop, where: str, how: str) -> None:
    if (where, how) == ("write.move_all", "--in-place"):
        where = "write.write_in_place"
    out = loop.folder / "out"
    more = [how, out] if how == "--write" else [how]
    before = loop.register.read_bytes()
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, where, "corrections", "apply", str(loop.lists),
         "--source", str(loop.source), *map(str, more)],
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    for path in (loop.register, out / "名单.xlsx"):
        if path.exists():
            openpyxl.load_workbook(path).close()
    if how == "--write":
        assert loop.register.read_bytes() == before
    assert run("ledger", "verify", "--ledger", loop.source / ".fupin" / "ledger.sqlite").code == 0
    assert "corrected" not in loop.states().values()

    again = loop.apply(*more)
    assert again.code == 0, again.out + again.err
    states = loop.states()
    assert (states["IC208"], states["FM003"], states["HH019"]) == (
        "corrected", "corrected", "confirmed",
    )  # fmt: skip
    assert not list(loop.folder.rglob("*更正中*"))
    assert not list(loop.folder.rglob("*.part"))


def test_two_at_once(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections_write, "_PATIENCE", 0.1)
    before = loop.states()
    with FileLock(loop.source / ".fupin" / "apply.lock"):
        told = loop.apply("--write", loop.folder / "out")
        assert told.code == 3
        assert "另一个更正正在进行" in told.err
        assert not (loop.folder / "out").exists()
        assert loop.apply().code == 0  # looking is free
    assert loop.states() == before
    assert loop.apply("--write", loop.folder / "out").code == 0


def test_a_full_disk(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the copy is forced onto it."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before, known = loop.register.read_bytes(), loop.states()
    out = loop.folder / "out"
    for more in (["--write", out], ["--in-place"]):
        with monkeypatch.context() as m:
            m.setattr(os, "fsync", full)
            told = loop.apply(*more)
        assert told.code == 3, told.err
        assert loop.register.read_bytes() == before
        assert loop.states() == known
        assert not list(out.rglob("*")) if out.exists() else True
    assert loop.apply("--write", out).code == 0


def test_a_ledger_that_fails_ends_with_5_and_again_succeeds(loop: Loop) -> None:
    ledger = loop.source / ".fupin" / "ledger.sqlite"
    kept = ledger.read_bytes()
    ledger.write_bytes(b"no database" * 100)
    assert loop.apply("--write", loop.folder / "out").code == 5
    ledger.write_bytes(kept)
    assert loop.apply("--write", loop.folder / "out").code == 0


def test_without_a_ledger(loop: Loop) -> None:
    told = loop.apply("--write", loop.folder / "out", "--no-ledger")
    assert told.code == 0
    assert lines(told)[INCOME]["recheck"] == "疑点已消除"
    assert set(loop.states().values()) == {"open"}


def test_personal_values_stay_masked_on_the_screen(loop: Loop) -> None:
    fill(next(loop.lists.glob("*.xlsx")), {("ID004", "证件号码"): done("611002197209050229")})
    told = loop.apply()
    shown = run("corrections", "apply", loop.lists, "--source", loop.source)
    for text in (told.out, shown.out):
        assert "611002********0229" in text
        assert "611002197209050229" not in text
        assert "李春花" not in text


def test_copies_and_replies_among_the_sources_are_no_sources(loop: Loop) -> None:
    out = loop.source / "更正件"
    assert loop.apply("--write", out).code == 0
    reply = next(out.glob("*回执*"))
    reply.rename(loop.source / "镇里改的.xlsx")
    (loop.source / "清单.xlsx").write_bytes(next(loop.lists.glob("*.xlsx")).read_bytes())
    told = loop.apply("--write", out, lists=loop.source / "清单.xlsx")
    assert told.code == 0, told.out
    assert len(lines(told)[INCOME]["cells"]) == 1
    assert loop.apply(lists=loop.source / "镇里改的.xlsx").code == 3
