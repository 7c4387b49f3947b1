"""`fupin-audit check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from fupin_audit.cli import settings
from fupin_audit.errors import UsageError

if TYPE_CHECKING:
    from fupin_audit.model.run import CheckResult
    from fupin_audit.pipeline import Progress, Request
    from fupin_audit.report.view import View

FORMATS = ("console", "json", "csv")
LEVELS = ("error", "warning", "info")

Paths = Annotated[
    list[str], typer.Argument(help="文件、文件夹、通配符或 zip / Files, folders, globs, zips")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="按哪一天核对：2019-12-31 / The day to judge by")
]
Region = Annotated[str | None, typer.Option("--region", help="行政区划代码：611002 / Division code")]
PackPath = Annotated[
    str | None, typer.Option("--pack", help="自己的规则包文件夹 / A rule pack folder")
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", help="只查：规则编号、类别(IC)、十查项(2)/ Only these rules"),
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", help="不查 / Not these rules")]
MapFile = Annotated[
    str | None, typer.Option("--map", help="列对照文件 / Header-to-field map (YAML)")
]
PasswordFile = Annotated[
    str | None, typer.Option("--password-file", help="打开密码所在文件 / File with the password")
]
MaxUnpacked = Annotated[
    str | None, typer.Option("--max-unpacked", help="解压后上限，默认 1G / Limit on unpacked size")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="有一个文件读不出就停 / Stop at the first unreadable file")
]
LangOption = Annotated[str | None, typer.Option("--lang", help="zh 或 en")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="只说结果在哪里 / Say little")]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="不显示进度条 / No progress bar")]


def check(
    paths: Paths,
    as_of: AsOf = None,
    region: Region = None,
    pack: PackPath = None,
    select: Select = None,
    ignore: Ignore = None,
    severity: Annotated[str | None, typer.Option("--severity", help="最低级别 error|warning|info / Least severity shown")] = None,
    fail_on: Annotated[str | None, typer.Option("--fail-on", help="error|warning|info|never")] = None,
    output: Annotated[str, typer.Option("--format", help="console|json|csv")] = "console",
    out: Annotated[Path | None, typer.Option("--out", help="写到哪里 / Where to write")] = None,
    no_xlsx: Annotated[bool, typer.Option("--no-xlsx", help="不写疑点清单 / Write no workbook")] = False,
    annotate: Annotated[bool, typer.Option("--annotate", help="另存一份在原表上标出疑点的副本 / Annotated copy")] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="json 只要统计 / Totals only")] = False,
    explain_columns: Annotated[bool, typer.Option("--explain-columns", help="说明每一列认成了什么 / Explain the columns")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="不遮盖个人信息 / Do not mask personal data")] = False,
    map_file: MapFile = None,
    password_file: PasswordFile = None,
    max_unpacked: MaxUnpacked = None,
    strict: Strict = False,
    lang: LangOption = None,
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="多说一些 / Say more")] = False,
    no_progress: NoProgress = False,
) -> None:  # fmt: skip
    """核对登记表，列出疑点。 / Check registers and list what needs correction.

    结果 0 没有疑点，1 有疑点；2 用法、3 文件、4 规则有问题。
    """
    found = settings.find(paths)
    level = _one_of(found.pick(severity, "severity", "info"), LEVELS, "--severity")
    fails = _one_of(found.pick(fail_on, "fail_on", "error"), (*LEVELS, "never"), "--fail-on")
    _one_of(output, FORMATS, "--format")
    language = settings.language(found.pick(lang, "lang"))
    with _progress(quiet or no_progress) as progress:
        from fupin_audit.cli.intake import request

        asked = request(
            paths, found, as_of=as_of, region=region, pack=pack, select=select, ignore=ignore,
            map_file=map_file, password_file=password_file, max_unpacked=max_unpacked,
            strict=strict, progress=progress,
        )  # fmt: skip
        result = _run(asked)
        from fupin_audit.report.view import view

        seen = view(result, reveal=reveal, lang=language, minimum=level)
        written = _write(seen, paths, out, output, no_xlsx or explain_columns, annotate, progress)
    if explain_columns:
        from fupin_audit.cli.columns import explain

        explain(result, language)
        raise typer.Exit(_exit_code(result, "never"))
    if output == "console":
        _print(seen, written, quiet)
    else:
        with _stream(out) as stream:
            _format(seen, output, stream, statistics)
    if verbose:
        for stage, seconds in result.timings.items():
            typer.echo(f"{stage:<10} {seconds:6.2f} s", err=True)
    raise typer.Exit(_exit_code(result, fails))


def _one_of(value: str, allowed: tuple[str, ...], option: str) -> str:
    if value not in allowed:
        raise UsageError(f"{option} 不能是“{value}”", hint="可以是 " + "、".join(allowed))
    return value


def _run(asked: Request) -> CheckResult:
    from fupin_audit import __version__
    from fupin_audit.pipeline import check as run

    result = run(asked)
    result.engine = __version__
    return result


def _exit_code(result: CheckResult, fails: str) -> int:
    """3 if a file could not be read, else 1 if anything is bad enough, else 0."""
    if any(f.error for f in result.dataset.files):
        return 3
    if fails == "never":
        return 0
    worst = LEVELS[: LEVELS.index(fails) + 1]
    return int(any(len(h) and h.severity in worst for h in result.findings.hits))


def list_path(paths: list[str], out: Path | None, suffix: str = ".疑点清单.xlsx") -> Path:
    """Return where the list goes: beside the first input, or as asked."""
    first = Path(paths[0])
    name = (first.name if first.is_dir() else first.stem).replace("*", "") or "全部"
    if out is None:
        return first.absolute().parent / f"{name}{suffix}"
    return out / f"{name}{suffix}" if out.is_dir() or not out.suffix else out


def _write(
    seen: View, paths: list[str], out: Path | None, output: str, no_xlsx: bool, annotate: bool,
    progress: Progress | None,
) -> dict[str, Path]:  # fmt: skip
    written: dict[str, Path] = {}
    if output == "console" and not no_xlsx:
        from fupin_audit.report.workbook import write_workbook

        target = list_path(paths, out)
        if progress:
            progress("写疑点清单", 0, 1)
        _writable(target)
        write_workbook(seen, target)
        written["疑点清单"] = target
    if annotate:
        from fupin_audit.report.annotate import annotate as mark

        for copy in mark(seen, out if out is not None and out.is_dir() else None):
            for told in copy.said:
                typer.echo(f"{copy.file}：{told}", err=True)
            if copy.path:
                written[f"疑点标注 {copy.file}"] = copy.path
    return written


def _writable(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)


def _print(seen: View, written: dict[str, Path], quiet: bool) -> None:
    if quiet:
        for what, path in written.items():
            typer.echo(f"{what}:{path}")
        return
    from fupin_audit.report.console import console

    console(seen, written=written)


def _format(seen: View, output: str, stream: TextIO, statistics: bool) -> None:
    if output == "json":
        from fupin_audit.report.as_json import to_json

        to_json(seen, stream, statistics=statistics)
    else:
        from fupin_audit.report.as_csv import to_csv

        to_csv(seen, stream)


@contextmanager
def _stream(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    from fupin_audit.report.aside import written_aside

    _writable(out)
    with written_aside(out) as aside, aside.open("w", encoding="utf-8", newline="") as stream:
        yield stream


@contextmanager
def _progress(off: bool) -> Iterator[Progress | None]:
    """Show a bar on stderr while work is long; nothing when piped."""
    if off or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("开始", total=None)
        yield lambda what, done, total: bar.update(
            task, description=what, completed=done, total=total or None
        )
