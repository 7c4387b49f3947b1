"""`nightly.toml`: written for the user, and every mistake in it told at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from defusedxml import ElementTree

from command_line import run
from fupin_audit.batch.day import day_of


def test_what_init_writes_is_valid_and_is_not_written_twice(tmp_path: Path) -> None:
    config = tmp_path / "nightly.toml"
    made = run("batch", "init", config, "--inputs", "收件/*.xlsx", "--inputs", r"D:\报送\*.xls")
    assert made.code == 0, made.err
    (tmp_path / "收件").mkdir()
    checked = run("batch", "check", config)
    assert (checked.code, "没有问题" in checked.out) == (0, True), checked.err
    before = config.read_bytes()
    again = run("batch", "init", config)
    assert (again.code, config.read_bytes()) == (2, before)


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    config = tmp_path / "nightly.toml"
    config.write_text(
        "inputs = '收件'\n"
        "outt = '结果'\n"
        "[check]\nfail_on = 'fatal'\nas_of = '去年'\n"
        "[run]\nsettle = 'x'\n"
        "[[township]]\nname = '甲镇'\ninputs = ['a.csv']\n"
        "[[township]]\nname = '乙镇'\ninputs = []\n"
        "[[notify]]\nwhen = 'never'\n",
        encoding="utf-8",
    )
    told = run("batch", "check", config)
    assert told.code == 2
    for line, word in ((1, "inputs"), (2, "outt"), (4, "fail_on"), (5, "as_of"), (7, "settle"),
                       (13, "inputs"), (14, "command"), (15, "when")):  # fmt: skip
        assert any(f"第 {line} 行" in part and word in part for part in told.err.split("；")), line
    assert "没有写 out" in told.err


@pytest.mark.parametrize("text", ["inputs = [", "\udcff", "[check]\nregion = '99'\n"])
def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    config = tmp_path / "nightly.toml"
    config.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert run("batch", "check", config).code == 2


def test_a_rule_that_is_not_there_is_a_mistake_too(tmp_path: Path) -> None:
    config = tmp_path / "nightly.toml"
    config.write_text("inputs = ['a.csv']\nout = 'o'\n[check]\nselect = ['ZZ999']\n")
    told = run("batch", "check", config)
    assert (told.code, "ZZ999" in told.err) == (2, True)


@pytest.mark.parametrize(
    "line",
    ["[check]\nas_of = '2019-13'", "[check]\nas_of = '2021-02-29'", "[retention]\ndays = 1000000",
     "[log]\nmegabytes = inf", "[log]\nfiles = 1", "[run]\ntime_limit = nan",
     "[[notify]]\ncommand = ['x']\ntimeout = -1", "[[notify]]\ncommand = [\"a\\u0000b\"]"],
)  # fmt: skip
def test_a_value_that_would_stop_a_night_is_a_mistake(tmp_path: Path, line: str) -> None:
    config = tmp_path / "nightly.toml"
    config.write_text(f"inputs = ['a.csv']\nout = 'o'\n{line}\n", encoding="utf-8")
    told = run("batch", "check", config)
    assert (told.code, "要改" in told.err or "不行" in told.err) == (2, True), told.err


@pytest.mark.parametrize(
    ("rule", "today", "day"),
    [("month-end", "2024-03-31", "2024-02-29"), ("month-end", "2023-01-01", "2022-12-31"),
     ("year-end", "2024-12-31", "2023-12-31"), ("today", "2024-02-29", "2024-02-29"),
     ("2020-02", "2024-01-01", "2020-02-29"), ("2020", "2024-01-01", "2020-12-31"),
     ("2019-12-05", "2024-01-01", "2019-12-05")],
)  # fmt: skip
def test_the_day_a_rule_means(rule: str, today: str, day: str) -> None:
    assert day_of(rule, date.fromisoformat(today)).isoformat() == day


def test_batch_stays_light_until_a_night_is_run() -> None:
    code = (
        "import sys, fupin_audit.cli.batch;"
        "print({'pebble', 'filelock', 'pandas', 'msgspec'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# ---- recipes ----


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A configuration in a folder whose name every scheduler has to quote."""
    folder = tmp_path / "夜 间 50% a'b$c"
    folder.mkdir()
    config = folder / "nightly.toml"
    assert run("batch", "init", config).code == 0
    return config


def test_the_cron_line_runs_under_a_shell(odd: Path) -> None:
    made = run("batch", "schedule", odd, "--for", "cron", "--at", "2:05", "--out", odd.parent / "c")
    assert made.code == 0, made.err
    line = (odd.parent / "c" / "fupin-audit.cron").read_text(encoding="utf-8").splitlines()[-1]
    minute, hour, *stars, rest = line.split(" ", 5)
    assert (minute, hour, stars) == ("05", "02", ["*"] * 3)
    command = rest.replace(r"\%", "%")  # as cron hands it to the shell
    shown = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {command.partition(' >')[0]}"],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert shown[1:] == ["batch", "run", "--quiet", str(odd)]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_takes_the_unit(odd: Path) -> None:
    place = odd.parent / "s"
    assert run("batch", "schedule", odd, "--for", "systemd", "--out", place).code == 0
    plain = [shutil.copy(p, odd.parent.parent / p.name) for p in sorted(place.iterdir())]
    unit = Path(plain[0]).read_text(encoding="utf-8")
    program = unit.partition('ExecStart="')[2].partition('"')[0]
    Path(plain[0]).write_text(unit.replace(program, sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, plain)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_windows_gets_a_script_and_a_task(odd: Path) -> None:
    place = odd.parent / "w & w"
    assert run("batch", "schedule", odd, "--for", "windows", "--out", place).code == 0
    script = (place / "fupin-audit.cmd").read_bytes()
    assert b"\r\n" in script
    assert str(odd).replace("%", "%%") in script.decode()
    task = ElementTree.fromstring((place / "fupin-audit.xml").read_bytes().decode("utf-16"))
    (command,) = [e.text for e in task.iter() if e.tag.endswith("Command")]
    assert command == str(place / "fupin-audit.cmd")
    assert run("batch", "schedule", odd, "--for", "windows", "--out", place).code == 2
