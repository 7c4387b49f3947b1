"""Recipes for the system's own scheduler, filled in with this machine's paths."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Literal
from xml.sax.saxutils import escape

Scheduler = Literal["cron", "systemd", "windows"]
_FILES: Mapping[Scheduler, tuple[str, ...]] = {
    "cron": ("fupin-audit.cron",),
    "systemd": ("fupin-audit.service", "fupin-audit.timer"),
    "windows": ("fupin-audit.cmd", "fupin-audit.xml"),
}
_SYSTEMD = "systemctl --user enable --now fupin-audit.timer"
_WINDOWS = "schtasks /create /tn fupin-audit /xml fupin-audit.xml"
NEXT: Mapping[Scheduler, tuple[str, str]] = {
    "cron": ("把那一行放进 crontab -e", "put the line into crontab -e"),
    "systemd": (
        f"拷到 ~/.config/systemd/user，再运行 {_SYSTEMD}",
        f"copy them to ~/.config/systemd/user, then run {_SYSTEMD}",
    ),
    "windows": (f"在这个文件夹运行 {_WINDOWS}", f"in this folder, run {_WINDOWS}"),
}
"""What is to be done with the files, Chinese and English."""


def recipe(
    scheduler: Scheduler, *, program: str, config: Path, at: time, folder: Path
) -> dict[str, bytes]:  # fmt: skip
    """Return the files of a recipe by name, as bytes to be written.

    Args:
        program: Full path of `fupin-audit`.
        config: The configuration, absolute.
        folder: Where the files will lie; the Windows task names its script there.
    """
    plain = {"hour": f"{at:%H}", "minute": f"{at:%M}"}
    made = {}
    for name in _FILES[scheduler]:
        text = files("fupin_audit.batch").joinpath("recipes", name).read_text(encoding="utf-8")
        values = plain | _paths(scheduler, name, program, config, at, folder)
        filled = Template(text).substitute(values)
        if scheduler == "windows":
            coding = "utf-16" if name.endswith(".xml") else "utf-8"
            made[name] = filled.replace("\n", "\r\n").encode(coding)
        else:
            made[name] = filled.encode()
    return made


def _paths(
    scheduler: Scheduler, name: str, program: str, config: Path, at: time, folder: Path
) -> dict[str, str]:
    """Return the paths, quoted as the file wants them."""
    if scheduler == "cron":  # a bare % ends a command of cron's
        quoted = [_shell(text).replace("%", r"\%") for text in (program, str(config))]
        return dict(zip(("program", "config"), quoted, strict=True))
    if scheduler == "systemd":
        quoted = [_unit(text) for text in (program, str(config))]
        return dict(zip(("program", "config"), quoted, strict=True))
    if name.endswith(".cmd"):
        quoted = [text.replace("%", "%%") for text in (program, str(config))]
        return dict(zip(("program", "config"), quoted, strict=True))
    return {
        "command": escape(str(folder / "fupin-audit.cmd")),
        "day": f"2020-01-01T{at:%H:%M}:00",
    }


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _unit(text: str) -> str:
    """Quote for a unit file, where % and $ mean something."""
    marked = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{marked}"'
