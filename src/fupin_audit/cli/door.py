"""The one place where an exception becomes a message and an exit code."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fupin_audit.errors import FupinError

_NO_COMMAND = re.compile(r"No such command '([^']*)'(.*)")
BUG, INTERRUPTED = 70, 130
_REFUSALS = {
    "MissingParameter": "命令没有写全，少了",
    "NoSuchOption": "没有这个选项",
    "BadParameter": "选项的值不对",
}


def guarded(command: Callable[..., Any]) -> None:
    """Run a command and leave the process with its exit code."""
    _utf8(sys.stdout, sys.stderr)
    try:
        # What a command leaves with is returned here; Ctrl-C comes back as 130.
        code = command(standalone_mode=False) or 0
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except FupinError as error:
        _say(f"错误：{error}")
        code = error.exit_code
    except Exception as error:
        code = _other(error)
    if code == INTERRUPTED:
        _say("已中断。没有写出不完整的文件。")
    sys.exit(code)


def _other(error: Exception) -> int:
    """Answer typer's own refusals, a full disk, and bugs."""
    import typer

    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    # Typer may carry its own copy of click, so its refusals are known by their shape.
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):
        return _refused(error)
    if isinstance(error, OSError) and error.filename:
        _say(
            f"错误：{error.filename}：{error.strerror}\n"
            "  → 检查文件是否被占用、磁盘是否已满、有没有权限"
        )
        return 3
    _say(f"错误：程序出了意外（{type(error).__name__}）。不是数据的错，请把报告文件交给维护人员：")
    _say(f"  {_bug_report(error)}")
    return BUG


def _refused(error: Any) -> int:
    """Say in Chinese what was wrong with the call, and where to read more."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "fupin-audit"
    told = error.format_message().rstrip("。.")
    if not told:  # called without anything: the help has been shown
        return int(error.exit_code)
    kind = type(error).__name__
    if kind == "NoSuchOption":
        told = error.option_name + _nearest(error.possibilities)
    elif unknown := _NO_COMMAND.match(told):  # the library has no exception of its own for it
        told = f"没有 {unknown[1]} 这个命令" + _nearest(re.findall(r"'([^']+)'", unknown[2]))
    elif kind == "MissingParameter" and error.param is not None:
        param = error.param
        told = "、".join(param.opts) if param.param_type_name == "option" else param.name.upper()
        told += f"（{param.help}）" if getattr(param, "help", None) else ""
    _say(f"错误：{_REFUSALS.get(kind, '命令写法不对')}：{told}")
    _say(f"  → 看用法：{command} --help")
    return int(error.exit_code)


def _nearest(names: Any) -> str:
    return f"；相近的有 {'、'.join(names)}" if names else ""


def _bug_report(error: Exception) -> str:
    """Write where it happened and on what; never values, which may be personal."""
    import platform
    import tempfile
    import traceback

    from fupin_audit import __version__

    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"fupin-audit {__version__} · Python {platform.python_version()} · {platform.system()}",
        f"{type(error).__module__}.{type(error).__name__}",
        *(f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in frames),
    ]
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="fupin-audit-", suffix=".log", delete=False, encoding="utf-8"
        ) as report:
            report.write("\n".join(lines) + "\n")
        return report.name
    except OSError:
        return "\n  ".join(lines)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _utf8(*streams: Any) -> None:
    """A terminal that cannot show a character gets a mark, not an exception."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            encoding = stream.encoding or "utf-8"
            plain = encoding.lower().replace("-", "") in ("ascii", "ansi_x3.41968", "latin1")
            stream.reconfigure(encoding="utf-8" if plain else encoding, errors="replace")
