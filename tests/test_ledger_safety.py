"""What can happen to a ledger: two processes, a killed one, a full disk, a damaged
or foreign file, somebody's hand."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

import fupin_audit.ledger as room
from command_line import run
from fupin_audit.errors import LedgerError
from ledger_kit import LEDGER, check, confirm, counts, ledger, rows, state_of, write

NOW = datetime(2026, 3, 1, 9).astimezone()


@pytest.fixture(scope="module")
def _first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    file = write(folder / "名单.csv", rows())
    assert check(file).code == 1
    return folder


@pytest.fixture
def project(_first: Path, tmp_path: Path) -> Path:
    """A register that has been checked once."""
    return Path(shutil.copytree(_first, tmp_path / "project"))


def _sql(folder: Path, *statements: str) -> list[tuple]:
    found = []
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        for statement in statements:
            found = connection.execute(statement).fetchall()
        connection.commit()
    return found


# ---- other hands ----


def test_a_sound_ledger_verifies_and_its_seal_is_known_again(project: Path) -> None:
    done = ledger(project, "verify")
    assert (done.code, "台账完好" in done.out) == (0, True)
    _, seal = room.head(project / LEDGER)
    check(project / "名单.csv")
    assert ledger(project, "verify", "--head", seal).code == 0
    assert ledger(project, "verify", "--head", "f" * 32).code == 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET payload = '{}'",
        "DELETE FROM history",
        "UPDATE changes SET now = 'corrected'",
        "DELETE FROM changes",
        "DELETE FROM findings",
        "DELETE FROM decisions",
        "UPDATE runs SET engine = 'x'",
    ],
)
def test_what_happened_cannot_be_rewritten(project: Path, statement: str) -> None:
    confirm(project, _some_mark(project))
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        _sql(project, statement)


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TRIGGER history_update", "UPDATE history SET payload = replace(payload, '5', '4')"),
        ("DROP TRIGGER history_delete", "DELETE FROM history WHERE id = 1"),
        ("DROP TRIGGER changes_update", "UPDATE changes SET how = 'value' WHERE finding = 2"),
        ("DROP TRIGGER changes_delete", "DELETE FROM changes WHERE finding = 2"),
        ("DROP TRIGGER decisions_update", "UPDATE decisions SET by = '别人'"),
        ("DROP TRIGGER runs_update", "UPDATE runs SET as_of = '2001-01-01'"),
        ("DROP TRIGGER coverage_delete", "DELETE FROM coverage WHERE rule = 'ID004'"),
        ("UPDATE findings SET state = 'corrected' WHERE rule = 'ID004'",),
    ],
)
def test_who_rewrites_it_all_the_same_is_found_out(
    project: Path, statements: tuple[str, ...]
) -> None:
    confirm(project, _some_mark(project))
    assert ledger(project, "verify").code == 0
    _sql(project, *statements)
    done = ledger(project, "verify")
    assert (done.code, "台账被改过或损坏" in done.err) == (5, True)


def _some_mark(folder: Path) -> str:
    return ledger(folder, "findings", "--rule", "IC208", "--format", "json").json[0]["fingerprint"]


# ---- files that cannot be used: the findings come all the same ----


def _listed_with_exit(folder: Path, code: int, said: str) -> None:
    (folder / "名单.疑点清单.xlsx").unlink(missing_ok=True)
    done = run("check", folder / "名单.csv", "--as-of", "2019", "--region", "", "--select", "IC208")
    assert (done.code, said in done.err) == (code, True), (done.code, done.err)
    assert "IC208" in done.out
    assert (folder / "名单.疑点清单.xlsx").exists()


def test_a_damaged_ledger_is_said_after_the_lists_are_written(project: Path) -> None:
    (project / LEDGER).write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
    _listed_with_exit(project, 5, "台账文件损坏")


def test_another_programs_database_is_left_alone(project: Path) -> None:
    (project / LEDGER).unlink()
    _sql(project, "CREATE TABLE theirs (x)")
    _listed_with_exit(project, 5, "不是台账")
    assert _sql(project, "SELECT name FROM sqlite_schema") == [("theirs",)]


def test_a_ledger_of_a_later_version_is_left_alone(project: Path) -> None:
    _sql(project, "PRAGMA user_version = 99")
    _listed_with_exit(project, 5, "更新版本")


def test_a_lost_or_damaged_key_is_said(project: Path) -> None:
    key = project / ".fupin" / "key"
    key.write_bytes(b"short")
    _listed_with_exit(project, 5, "密钥损坏")
    key.unlink()
    _listed_with_exit(project, 5, "密钥文件不见了")


def test_a_place_that_cannot_be_written_is_said_and_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path / "名单.csv", rows())
    (tmp_path / ".fupin").write_text("in the way", encoding="utf-8")
    _listed_with_exit(tmp_path, 1, "这次不记台账")


def test_asking_for_a_place_that_cannot_be_written_is_one(tmp_path: Path) -> None:
    file = write(tmp_path / "名单.csv", rows())
    (tmp_path / "挡").write_text("in the way", encoding="utf-8")
    done = run("check", file, "--as-of", "2019", "--no-xlsx", "--ledger", tmp_path / "挡" / "台账")
    assert (done.code, "台账不能写" in done.err) == (5, True)


def test_a_ledger_held_by_another_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fupin_audit.ledger.store.PATIENCE", 0.1)
    with closing(sqlite3.connect(project / LEDGER, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        _listed_with_exit(project, 5, "占用")
    _listed_with_exit(project, 1, "")


@pytest.mark.parametrize("verb", ["runs", "findings", "verify", "export"])
def test_asking_where_there_is_no_ledger_is_told(tmp_path: Path, verb: str) -> None:
    done = ledger(tmp_path, verb)
    assert (done.code, "还没有台账" in done.err) == (5, True)
    assert not (tmp_path / ".fupin").exists()


# ---- processes ----

_DECIDE = """
import sys
from datetime import datetime
from pathlib import Path
import fupin_audit.ledger as room
place, mark = Path(sys.argv[1]), sys.argv[2]
now = datetime.now().astimezone()
for i in range(10_000):
    state = ("confirmed", "unresolved")[i % 2]
    room.decide(place, [mark], state, now=now, by="王核", evidence=f"佐证-{i}")
    print(i, flush=True)
"""


def _deciding(folder: Path, one: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _DECIDE, str(folder / LEDGER), one],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_process_loses_no_decision_it_had_said_was_made(project: Path) -> None:
    one = _some_mark(project)
    for pause in (0.0, 0.013, 0.05):
        worker = _deciding(project, one)
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(pause)
        os.kill(worker.pid, signal.SIGKILL)
        said = 1 + len(worker.stdout.read().split())
        worker.wait()
        worker.stdout.close()
        kept = _sql(project, "SELECT evidence FROM decisions ORDER BY id DESC LIMIT 1")
        assert int(kept[0][0].removeprefix("佐证-")) >= said - 1
        assert room.verify(project / LEDGER) == []
    assert counts(check(project / "名单.csv"))["still"] == 4


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_check_is_recorded_whole_or_not_at_all(project: Path) -> None:
    command = [sys.executable, "-m", "fupin_audit", "check", str(project / "名单.csv"),
               "--as-of", "2019", "--no-xlsx", "-q", "--select", "IC208"]  # fmt: skip
    start = time.perf_counter()
    subprocess.run(command, check=False, capture_output=True)
    took = time.perf_counter() - start
    for part in (0.7, 0.85, 0.95):
        worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(took * part)
        worker.kill()
        worker.wait()
        assert room.verify(project / LEDGER) == []
    assert check(project / "名单.csv").code == 1
    assert room.verify(project / LEDGER) == []


def test_many_at_once_all_get_their_turn(tmp_path: Path) -> None:
    """Also when none has made the ledger yet."""
    file = write(tmp_path / "名单.csv", rows())
    command = [sys.executable, "-m", "fupin_audit", "check", str(file), "--as-of", "2019",
               "--no-xlsx", "--select", "IC208", "--format", "json", "--region", ""]  # fmt: skip
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    told = [worker.communicate()[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [1, 1, 1]
    prints = {line for text in told for line in text.split(b'"') if len(line) == 32}
    assert len(prints) == 1
    runs = room.runs(tmp_path / LEDGER)
    assert [r.counts for r in runs] == [{"new": 1}, {"still": 1}, {"still": 1}]
    assert room.verify(tmp_path / LEDGER) == []


_FULL = """
import resource, signal, sys
from datetime import datetime
from pathlib import Path
import fupin_audit.ledger as room
from fupin_audit.errors import LedgerError
place = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
room.runs(place)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    room.decide(place, [sys.argv[2]], "unresolved", now=datetime.now().astimezone())
except LedgerError as refused:
    sys.exit(str(refused))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits")
def test_a_full_disk_is_said_and_nothing_is_half_written(project: Path) -> None:
    one = _some_mark(project)
    command = [sys.executable, "-c", _FULL, str(project / LEDGER), one]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "磁盘已满" in done.stderr, done.stderr
    assert room.verify(project / LEDGER) == []
    assert state_of(project, "IC208") == ["open"]
    assert confirm(project, one).code == 0


def test_a_ledger_that_grows_no_more_refuses_the_whole_run(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full database inside the writing of a run: SQLite's own refusal."""
    import fupin_audit.ledger.store as store

    connect = store._connect

    def small(place: Path) -> sqlite3.Connection:
        connection = connect(place)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    before = room.head(project / LEDGER)
    monkeypatch.setattr(store, "_connect", small)
    many = [dict(row, 文化程度=f"错{i}") for i, row in enumerate(rows() * 30)]
    write(project / "名单.csv", many)
    done = run("check", project / "名单.csv", "--as-of", "2019", "--no-xlsx")
    assert (done.code, "磁盘已满" in done.err) == (5, True), done.err
    assert room.head(project / LEDGER) == before
    assert room.verify(project / LEDGER) == []


def test_a_decision_needs_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="台账"):
        room.decide(tmp_path / "没有.sqlite", ["0" * 12], "unresolved", now=NOW)
    assert not (tmp_path / "没有.sqlite").exists()
