"""The command line, run inside the test's own process."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fupin_audit.cli import app
from fupin_audit.cli.door import guarded


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)

    def rules(self) -> set[str]:
        return {finding["rule"] for finding in self.json["findings"]}


def run(*arguments: object) -> Outcome:
    """Run a command as `fupin-audit …` does, up to leaving the process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            guarded(partial(app, [str(a) for a in arguments]))
        except SystemExit as left:
            code = int(left.code or 0)
    told = []
    for stream in (out, err):
        stream.flush()
        told.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
    assert "Traceback" not in "".join(told)
    return Outcome(code, *told)


FEW = ("--select", "FM,ID004,HH014,HH019,IC208")
"""The rules the register facts break, and those about sheets: enough, and quick."""


def check(*arguments: object) -> Outcome:
    """`check` on the 2019 register facts, without a workbook, by a few rules."""
    chosen = () if {"--select", "--ignore", "--explain-columns"} & {*map(str, arguments)} else FEW
    return run("check", *arguments, *chosen, "--as-of", "2019", "--region", "", "--no-xlsx")


def spawn(*arguments: object, cwd: Path | None = None, **environment: str) -> Outcome:
    """Run `python -m fupin_audit …` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "fupin_audit", *map(str, arguments)],
        capture_output=True, cwd=cwd, env={**os.environ, "LANG": "zh_CN.UTF-8", **environment},
        timeout=60, check=False,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
