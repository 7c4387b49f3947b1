"""`doctor`: what a machine and a project have, and what to do about each."""

from __future__ import annotations

from pathlib import Path

from command_line import run
from ledger_kit import LEDGER, check, rows, write


def test_a_sound_project_has_nothing_to_be_done(tmp_path: Path) -> None:
    assert check(write(tmp_path / "名单.csv", rows())).code == 1
    done = run("doctor", tmp_path)
    assert (done.code, "没有要处理的" in done.out) == (0, True), done.out
    for word in ("fupin-audit 0", "pandas", "规则包", "1 次核对", "完好"):
        assert word in done.out


def test_every_fault_is_told_with_what_to_do(tmp_path: Path) -> None:
    assert check(write(tmp_path / "名单.csv", rows())).code == 1
    (tmp_path / "fupin.toml").write_text("regoin = '611002'\n", encoding="utf-8")
    (tmp_path / LEDGER).with_name("key").unlink()
    done = run("doctor", tmp_path)
    assert done.code == 1
    for word in ("regoin", "密钥文件不见了", "从备份里把密钥放回原处"):
        assert word in done.out, done.out
    (tmp_path / "fupin.toml").unlink()
    (tmp_path / LEDGER).write_bytes(b"x" * 5000)
    assert run("doctor", tmp_path).code == 1
    assert run("doctor", tmp_path / "没有").code == 1
