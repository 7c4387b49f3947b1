"""A week of nights over what the townships drop into a folder: arriving, changing,
half copied, broken, renamed and vanishing files, a night killed, a full disk, two
runs at once. Every morning the ledger and the results are right."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import fupin_audit.ledger as room
from command_line import Outcome, run
from ledger_kit import rows, write
from register_facts import HOUSES

HALF = {house["户编号"] for house in HOUSES[:3]}
SETTINGS = """
inputs = ['收件']
out = '结果'
[check]
as_of = '2019'
select = ['FM', 'ID001', 'ID004', 'HH014', 'HH019', 'IC208']
[run]
settle = 60
time_limit = 60
[outputs]
lists = 'township'
[[township]]
name = '甲镇'
inputs = ['收件/甲*']
[[township]]
name = '乙镇'
inputs = ['收件/乙*']
[[township]]
name = '丙镇'
inputs = ['收件/丙*']
[[notify]]
when = 'new'
command = ['@python@', 'told.py', '{summary}']
"""
TOLD = "import sys; open('told.txt', 'a', encoding='utf-8').write(sys.argv[1] + '\\n')\n"


class Office:
    """A county's folder, its nights, and what stands there in the morning."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.box, self.out = folder, folder / "收件", folder / "结果"
        self.config, self.ledger = folder / "nightly.toml", folder / ".fupin" / "ledger.sqlite"
        self.box.mkdir()
        text = SETTINGS.replace("@python@", sys.executable.replace("\\", "/"))
        self.config.write_text(text, encoding="utf-8")
        (folder / "told.py").write_text(TOLD, encoding="utf-8")

    def arrive(self, name: str, some: list[dict[str, Any]], *, ago: float = 7200) -> Path:
        file = write(self.box / name, some)
        self.age(file, ago)
        return file

    def age(self, file: Path, ago: float = 7200) -> None:
        os.utime(file, (time.time() - ago,) * 2)

    def night(self, *more: str) -> Outcome:
        return run("batch", "run", self.config, *more)

    @property
    def summary(self) -> dict[str, Any]:
        place = self.out / (self.out / "latest.txt").read_text(encoding="utf-8").strip()
        return json.loads((place / "summary.json").read_text(encoding="utf-8"))

    @property
    def nights(self) -> list[str]:
        return sorted(p.name for p in (self.out / "runs").iterdir())

    def states(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in room.findings(self.ledger, states=room.STATES):
            found.setdefault(one.rule, []).append(one.state)
        return found

    def process(self, *more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "fupin_audit", "batch", "run", str(self.config), *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


def _of(first: bool) -> list[dict[str, Any]]:
    return [row for row in rows() if (row["户编号"] in HALF) == first]


def _mended(some: list[dict[str, Any]], name: str, **values: Any) -> list[dict[str, Any]]:
    return [{**row, **values} if row["姓名"] == name else row for row in some]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and resource limits")
def test_a_week_of_nights(office: Office) -> None:
    # Monday: one township has sent its list, another's is still being copied.
    office.arrive("甲镇.csv", _of(True))
    half = office.arrive("乙镇.csv", _of(False), ago=1)
    monday = office.night()
    assert monday.code == 1, monday.err
    told = office.summary
    assert (told["files"], told["copying"], told["silent"]) == (1, ["收件/乙镇.csv"], ["丙镇"])
    assert set(told["by_rule"]) == {"ID004", "HH014", "HH019"}
    assert (office.folder / "told.txt").read_text(encoding="utf-8").count("\n") == 1

    # Nothing has changed: the night is over in no time and leaves no new folder.
    before = office.nights
    assert office.night().code == 1
    assert office.nights == before

    # Tuesday: the copy is whole.
    office.age(half)
    assert office.night().code == 1
    assert (office.summary["files"], office.summary["arrived"]) == (2, ["收件/乙镇.csv"])
    assert {"ID004", "HH014", "FM003", "IC208"} <= set(office.summary["by_rule"])
    first = office.states()
    assert first["ID004"] == first["IC208"] == ["open"]

    # Wednesday: a file is corrected, and a broken one has come.
    right = next(r["证件号码"] for r in rows() if r["姓名"] == "李春花")
    mended = right[:-1] + _check_digit(right)
    office.arrive("甲镇.csv", _mended(_of(True), "李春花", 证件号码=mended))
    (office.box / "丙镇.xlsx").write_bytes(b"PK\x03\x04 half of a workbook")
    office.age(office.box / "丙镇.xlsx")
    wednesday = office.night()
    assert wednesday.code == 3, wednesday.err
    assert list(office.summary["bad"]) == ["收件/丙镇.xlsx"]
    assert office.summary["changed"] == ["收件/甲镇.csv"]
    assert office.states()["ID004"] == ["corrected"]
    assert office.summary["since"]["corrected"] >= 1

    # Thursday: the broken one is gone, a list was renamed. Nothing is new by that.
    (office.box / "丙镇.xlsx").unlink()
    (office.box / "甲镇.csv").rename(office.box / "甲镇（新）.csv")
    assert office.night().code == 1
    assert office.summary["vanished"] == ["收件/丙镇.xlsx", "收件/甲镇.csv"]
    assert (office.summary["new_errors"], office.summary["bad"]) == (0, {})
    thursday = office.states()

    # Friday: killed in the middle; the next run clears up, and is right.
    office.arrive("乙镇.csv", _mended(_of(False), "周福", 文化程度="小学"))
    killed = office.process()
    while not list((office.out / "runs").glob(".building-*")) and killed.poll() is None:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert list((office.out / "runs").glob(".building-*"))
    assert room.verify(office.ledger) == []
    assert office.summary["vanished"][-1] == "收件/甲镇.csv"  # latest is still Thursday's
    assert office.night().code == 1
    assert not list((office.out / "runs").glob(".building-*"))
    assert office.states()["FM003"] == ["corrected"]
    assert office.states()["IC208"] == thursday["IC208"]

    # Saturday: the disk is full. It is said, and Friday's result stands.
    office.arrive("乙镇.csv", _of(False))
    friday = office.nights
    full = subprocess.run(
        [sys.executable, "-c", _FULL, str(office.config)], capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert full.returncode in (3, 5), full.stderr
    assert "Traceback" not in full.stderr
    assert office.nights == friday

    # Sunday: two are started at once; one works, the other says so.
    both = [office.process("--force"), office.process("--force")]
    ended = [(p.communicate(timeout=120), p.returncode) for p in both]
    codes = sorted(code for _, code in ended)
    assert codes in ([1, 6], [1, 1]), ended
    if codes == [1, 6]:
        assert any("另一次运行还没有结束" in said[1] for said, _ in ended)
    assert room.verify(office.ledger) == []
    assert office.states()["FM003"][-1] in ("open", "reopened")
    assert office.summary["status"] == "done"


_FULL = """
import resource, signal, sys
from fupin_audit.cli import app
from fupin_audit.cli.door import guarded
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
guarded(lambda standalone_mode: app(["batch", "run", sys.argv[1]], standalone_mode=False))
"""


def _check_digit(identity: str) -> str:
    from stdnum.cn import ric

    return str(ric.calc_check_digit(identity[:17] + "0"))


# ---- single nights ----


def test_a_person_on_two_townships_lists_is_seen(office: Office) -> None:
    there = next(row["证件号码"] for row in _of(True) if row["姓名"] == "陈大山")
    office.arrive("甲镇.csv", _of(True))
    office.arrive("乙镇.csv", _mended(_of(False), "郑大庆", 证件号码=there))
    assert office.night().code == 1
    assert office.summary["by_rule"]["ID001"] == 2


def test_a_file_that_takes_too_long_is_given_up(office: Office) -> None:
    text = office.config.read_text(encoding="utf-8").replace("time_limit = 60", "time_limit = 0.01")
    office.config.write_text(text, encoding="utf-8")
    file = office.arrive("甲镇.csv", _of(True))
    head, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text(head + "".join(lines) * 20_000, encoding="utf-8")  # seconds to read
    office.age(file)
    done = office.night()
    assert (done.code, "放弃" in done.err) == (3, True)


def test_a_file_in_which_no_register_is_found_is_named(office: Office) -> None:
    office.arrive("甲镇.csv", _of(True))
    (office.box / "通知.csv").write_text("关于报送的通知,\n各乡镇,\n", encoding="utf-8")
    office.age(office.box / "通知.csv")
    done = office.night()
    assert (done.code, "没有认出登记表：收件/通知.csv" in done.out) == (1, True), done.out


def test_an_empty_folder_is_not_taken_for_a_clean_county(office: Office) -> None:
    done = office.night()
    assert (done.code, "没有找到任何文件" in done.err) == (3, True)
    status = run("batch", "status", office.config, "--format", "json")
    assert status.json["failure"]["status"] == "empty"


def test_old_nights_go_and_the_latest_stays(office: Office) -> None:
    text = office.config.read_text(encoding="utf-8") + "\n[retention]\nruns = 2\n"
    office.config.write_text(text, encoding="utf-8")
    office.arrive("甲镇.csv", _of(True))
    for _ in range(3):
        assert office.night("--force").code == 1
    assert len(office.nights) == 2
    assert (office.out / (office.out / "latest.txt").read_text(encoding="utf-8").strip()).is_dir()


def test_lists_of_a_night_that_was_killed_go_out_the_night_after(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = office.config.read_text(encoding="utf-8")
    office.config.write_text(text.replace("'township'", "'all'\nonly_new = true"), encoding="utf-8")
    office.arrive("甲镇.csv", _of(True))
    import fupin_audit.report.html.page as page

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as some:
        some.setattr(page, "write_page", killed)  # the lists are noted, the night is not
        assert office.night().code == 130
    assert len(room.lists_sent(office.ledger)) == 1
    assert office.night().code == 1
    place = office.out / (office.out / "latest.txt").read_text(encoding="utf-8").strip()
    assert len(list((place / "更正清单").iterdir())) == 1
    assert office.night("--force").code == 1
    place = office.out / (office.out / "latest.txt").read_text(encoding="utf-8").strip()
    assert not (place / "更正清单").exists()


def test_the_log_has_numbers_and_no_names(office: Office) -> None:
    office.arrive("甲镇 陈大山.csv", _of(True))
    (office.box / "乙镇 周福.xls").write_bytes(b"PK\x03\x04 half a workbook")
    office.age(office.box / "乙镇 周福.xls")
    assert office.night().code == 3
    log = (office.out / "log" / "fupin-audit.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"look", "file", "stages", "night"} <= {line["event"] for line in lines}
    assert not any(name in log for name in ("陈大山", "周福", "611002"))


def test_results_inside_the_folder_that_is_checked_are_no_inputs(office: Office) -> None:
    text = office.config.read_text(encoding="utf-8").replace("'结果'", "'收件/结果'")
    office.config.write_text(text, encoding="utf-8")
    office.out = office.box / "结果"
    office.arrive("甲镇.csv", _of(True))
    assert office.night().code == 1
    assert office.night("--force").code == 1
    assert office.summary["files"] == 1
    shutil.rmtree(office.out)
