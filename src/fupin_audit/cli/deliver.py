"""Where a result goes: workbook, page, marked copies, terminal, json, csv, junit."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from fupin_audit.errors import UsageError, one_line

if TYPE_CHECKING:
    from fupin_audit.model.history import History, Night
    from fupin_audit.model.run import CheckResult
    from fupin_audit.report.view import View

SUFFIX = ".疑点清单.xlsx"
PAGE = ".疑点报告.html"
LEVELS = ("error", "warning", "info")


def exit_code(result: CheckResult, fails: str) -> int:
    """3 if a file could not be read, else 1 if anything is bad enough, else 0."""
    if any(f.error for f in result.dataset.files):
        return 3
    if fails == "never":
        return 0
    worst = LEVELS[: LEVELS.index(fails) + 1]
    return int(any(len(h) and h.severity in worst for h in result.findings.hits))


def target(paths: Sequence[str], form: str, out: Path | None) -> Path | None:
    """Return the file a result goes to; None for standard output."""
    if out is not None and str(out) == "-" and form != "console":
        return None
    suffix = {"console": SUFFIX, "html": PAGE}.get(form)
    return list_path(paths, out, suffix) if suffix else out


def list_path(paths: Sequence[str], out: Path | None, suffix: str = SUFFIX) -> Path:
    """Return where a list goes: beside the first input, or as asked."""
    first = Path(paths[0])
    name = first.resolve().name if first.is_dir() else first.stem
    name = "".join(c for c in name if c not in "*?[]") or "全部"
    if out is None:
        beside = first.resolve().parent if first.exists() else Path.cwd()
        return beside / f"{name}{suffix}"
    return out / f"{name}{suffix}" if out.is_dir() or not out.suffix else out


def spare(inputs: Iterable[str | Path], target: Path | None) -> None:
    """Refuse to write a result over an input.

    Raises:
        UsageError: The target is one of the inputs.
    """
    if target is None or not target.is_file():
        return
    for path in map(Path, inputs):
        if path.is_file() and path.samefile(target):
            raise UsageError(
                "结果不能写到输入文件上", where=str(target), hint="用 --out 换一个文件名"
            )


def workbook(
    view: View, target: Path, options: Mapping[str, str], nights: Sequence[Night] = ()
) -> Path:
    """Write the list."""
    from fupin_audit.report.workbook import write_workbook

    target.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(view, target, options=options, nights=nights)
    return target


def copies(view: View, out: Path | None) -> dict[str, Path]:
    """Write the marked copies; say what they do not keep."""
    from fupin_audit.report.annotate import annotate

    written: dict[str, Path] = {}
    for copy in annotate(view, out if out is not None and out.is_dir() else None):
        for told in copy.said:
            typer.echo(f"{copy.file}：{told}", err=True)
        if copy.path:
            written[f"疑点标注 {copy.file}"] = copy.path
    return written


def summary(view: View, written: Mapping[str, Path], quiet: bool) -> None:
    """Print what the terminal is to show."""
    if quiet:
        for what, path in written.items():
            typer.echo(f"{what}：{one_line(str(path))}")
        return
    from fupin_audit.report.console import console

    console(view, written=written)


def page(view: View, out: Path | None, history: History | None) -> None:
    """Write the page a supervisor reads; say where it is."""
    from fupin_audit.report.html.page import write_page

    with stream_to(out) as stream:
        write_page(view, stream, history=history)
    if out is not None:
        typer.echo(f"疑点报告：{one_line(str(out))}")


def data(view: View, form: str, out: Path | None, statistics: bool) -> None:
    """Write json, csv or junit to a file, whole or not at all, or to standard output."""
    with stream_to(out) as stream:
        if form == "json":
            from fupin_audit.report.as_json import to_json

            to_json(view, stream, statistics=statistics)
        elif form == "junit":
            from fupin_audit.report.as_junit import to_junit

            to_junit(view, stream)
        else:
            from fupin_audit.report.as_csv import to_csv

            to_csv(view, stream)


@contextmanager
def stream_to(out: Path | None) -> Iterator[TextIO]:
    """Open a file to be written whole or not at all, or standard output (also "-")."""
    if out is None or str(out) == "-":
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        return
    from fupin_audit.report.aside import written_aside

    out.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(out) as aside, aside.open("w", encoding="utf-8", newline="") as stream:
        yield stream
