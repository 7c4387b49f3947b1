"""What goes wrong around a night: it is told, it mends itself, and the rest is right."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest

from command_line import Outcome, run
from ledger_kit import rows, write

SETTINGS = """
inputs = ['收件']
out = '结果'
[check]
as_of = '2019'
select = ['FM', 'ID001', 'ID004', 'HH014']
[run]
settle = 0
time_limit = 20
[outputs]
lists = 'none'
workbook = false
html = false
"""


class Night:
    """A folder with one good list, and a configuration for it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.box, self.out = folder, folder / "收件", folder / "结果"
        self.config, self.ledger = folder / "nightly.toml", folder / ".fupin" / "ledger.sqlite"
        self.box.mkdir()
        self.config.write_text(SETTINGS, encoding="utf-8")
        write(self.box / "甲.csv", rows())

    def __call__(self, *more: str) -> Outcome:
        return run("batch", "run", self.config, *more)

    def add(self, text: str) -> None:
        self.config.write_text(
            self.config.read_text(encoding="utf-8") + text, encoding="utf-8", newline="\n"
        )

    @property
    def summary(self) -> dict[str, object]:
        return json.loads((self.out / "latest" / "summary.json").read_text(encoding="utf-8"))


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def test_a_bad_file_in_a_folder_hides_no_other(night: Night) -> None:
    (night.box / "坏.zip").write_bytes(b"PK\x03\x04 no zip")
    with zipfile.ZipFile(night.box / "大.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("大.csv", b"a,b\n" * (1 << 18))
    night.add("[ledger]\nfile = ''\n")
    text = night.config.read_text(encoding="utf-8")
    night.config.write_text(text.replace("[run]", "max_unpacked = '64K'\n[run]"), encoding="utf-8")
    shutil.copy(night.box / "甲.csv", night.box / "甲 - 副本.csv")
    (night.box / "自己.csv").symlink_to("自己.csv")
    done = night()
    assert done.code == 3, done.err
    assert sorted(night.summary["bad"]) == ["收件/坏.zip", "收件/大.zip"]
    assert "ID001" not in night.summary["by_rule"]  # a copy is no second person


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_among_the_files_is_given_up(night: Night) -> None:
    os.mkfifo(night.box / "管.csv")
    night.config.write_text(SETTINGS.replace("= 20", "= 3"), encoding="utf-8")
    assert night().code == 3
    assert list(night.summary["bad"]) == ["收件/管.csv"]


def test_results_in_the_folder_of_the_configuration_hide_no_input(night: Night) -> None:
    night.config.write_text(SETTINGS.replace("'结果'", "'.'"), encoding="utf-8")
    assert night().code == 1


def test_lost_state_is_no_lasting_harm(night: Night) -> None:
    assert night().code == 1
    for damage in (b"", b"[]", b'{"digests": [1]}', b"\xff\0"):
        (night.out / "state.json").write_bytes(damage)
        assert night().code == 1
    (night.out / "latest" / "summary.json").write_text("{")
    assert night().code == 1
    (night.out / "latest.txt").write_bytes(b"\xff\xfe")
    assert night().code == 1
    shutil.rmtree(night.out / "runs")
    assert night().code == 1
    assert night.summary["status"] == "done"


def test_a_drive_that_comes_back_ends_the_failure(night: Night) -> None:
    assert night().code == 1
    night.box.rename(night.folder / "别处")
    assert night().code == 3
    assert (night.out / "failure.json").exists()
    (night.folder / "别处").rename(night.box)
    assert "没有变化" in night().out
    assert not (night.out / "failure.json").exists()


def test_a_ledger_that_failed_is_tried_again_and_may_begin_anew(night: Night) -> None:
    for _ in range(2):
        assert night("--force").code == 1
    night.ledger.write_bytes(b"x" * 5000)
    assert night("--force").code == 5
    night.ledger.unlink()
    mended = night()
    assert (mended.code, "没有变化" in mended.out) == (1, False), mended.err
    assert night.summary["since"]["new"] > 0  # the new ledger knows no earlier night
    assert "没有变化" in night().out


def test_whole_is_not_said_of_a_night_that_lacks_a_file(night: Night) -> None:
    some = rows()
    homes = sorted({str(row["户编号"]) for row in some})
    there = [row for row in some if row["户编号"] in homes[:3]]
    write(night.box / "甲.csv", there)
    second = write(night.box / "乙.csv", [row for row in some if row not in there])
    text = SETTINGS.replace("[run]", "whole = true\n[run]")
    night.config.write_text(text, encoding="utf-8")
    assert night().code == 1
    content = second.read_bytes()
    second.rename(night.box / "乙.xlsx")
    (night.box / "乙.xlsx").write_bytes(b"PK\x03\x04 half")
    assert night().code == 3
    assert night.summary["since"]["gone"] == 0
    (night.box / "乙.xlsx").unlink()
    second.write_bytes(content)
    assert night().code == 1
    assert night.summary["new_errors"] == 0


def test_what_fails_before_the_files_are_read_is_told_too(night: Night) -> None:
    (night.folder / "map.yaml").write_text("a: [1\n", encoding="utf-8")
    text = SETTINGS.replace("[run]", "map = 'map.yaml'\n[run]")
    python = sys.executable.replace("\\", "/")
    write_it = "import os; open('told.txt', 'w').write(os.environ['FUPIN_STATUS'])"
    notify = f"[[notify]]\nwhen = 'failure'\ncommand = ['{python}', '-c', \"{write_it}\"]\n"
    hang = f"[[notify]]\nwhen = 'always'\ntimeout = 0.2\ncommand = ['{python}', '-c', 'input()']\n"
    gone = "[[notify]]\nwhen = 'always'\ncommand = ['nowhere/x']\n"
    night.config.write_text(text + notify + hang + gone, encoding="utf-8")
    assert night().code == 2
    assert (night.folder / "told.txt").read_text() == "failed"
    assert "map.yaml" in run("batch", "status", night.config).out


def test_a_township_map_is_for_its_own_files_alone(night: Night) -> None:
    for name in ("甲镇", "乙镇"):
        (night.box / name).mkdir()
        write(night.box / name / "名单.csv", rows())
    text = (night.box / "甲.csv").read_text(encoding="utf-8")
    (night.box / "甲.csv").unlink()
    (night.box / "乙镇" / "名单.csv").write_text(text.replace("户编号", "门号"), encoding="utf-8")
    (night.folder / "乙.yaml").write_text("门号: 户编号\n", encoding="utf-8")
    townships = "".join(
        f"[[township]]\nname = '{name}'\ninputs = ['收件/{name}']\n{more}"
        for name, more in (("甲镇", ""), ("乙镇", "map = '乙.yaml'\n"))
    )
    night.add(townships)
    assert night().code == 1
    assert night.summary["townships"] == {"甲镇": 1, "乙镇": 1}
    assert night.summary["members"] == 2 * len(rows())  # both were understood


def test_numbers_are_those_of_a_check(night: Night) -> None:
    assert night().code == 1
    told = night.summary
    checked = run(
        "check", night.box, "--as-of", "2019", "--select", "FM,ID001,ID004,HH014",
        "--no-ledger", "--format", "json",
    ).json["summary"]  # fmt: skip
    for key in ("households", "members", "findings", "by_severity", "by_rule"):
        assert told[key] == checked[key], key


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_who_is_stopped_leaves_nothing_behind(night: Night, told: signal.Signals) -> None:
    os.mkfifo(night.box / "管.csv")
    process = subprocess.Popen(
        [sys.executable, "-m", "fupin_audit", "batch", "run", str(night.config)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A shell lets what it starts in the background ignore Ctrl-C.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    while not list(night.out.glob("runs/.building-*/.reading-*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(told)
    process.communicate(timeout=15)
    assert process.returncode == 130
    assert list((night.out / "runs").iterdir()) == []
