"""Telling somebody: a command of the user's own, given the summary."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fupin_audit.batch.config import Config, Notify
from fupin_audit.batch.log import Say


def tell(
    config: Config, status: str, summary: Mapping[str, Any], file: Path, say: Say
) -> None:  # fmt: skip
    """Run the commands that this night calls for.

    `new` is called for by findings to be corrected that are new since the last night,
    `failure` by a night that failed or a file that could not be read. A command that
    fails is logged and spoils nothing.
    """
    failed = status == "failed" or bool(summary["exit_code"] > 1)
    new = status == "done" and bool(summary.get("new_errors"))
    for number, one in enumerate(config.notify):
        if (
            one.when == "always"
            or (failed and one.when == "failure")
            or (new and one.when == "new")
        ):
            _run(config, one, number, status, file, say)


def _run(config: Config, one: Notify, number: int, status: str, file: Path, say: Say) -> None:
    command = [part.replace("{summary}", str(file)) for part in one.command]
    settings = os.environ | {"FUPIN_SUMMARY": str(file), "FUPIN_STATUS": status}
    try:
        # The command is the configuration's own; nothing from a register gets into it.
        done = subprocess.run(  # noqa: S603
            command, cwd=config.folder, env=settings, timeout=one.timeout, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        say("notify", number=number, exit_code=done.returncode,
            level="info" if done.returncode == 0 else "warning")  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        say("notify", level="warning", number=number, problem=type(problem).__name__)
