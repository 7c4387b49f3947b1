"""`fupin-audit batch`: the nightly run."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.errors import FupinError, UsageError, one_line
from fupin_audit.memory import uncollected
from fupin_audit.report.words import Lang, say

app = typer.Typer(help="夜间核对：无人值守，一晚一份结果 / The nightly run", no_args_is_help=True)
ConfigFile = Annotated[Path, typer.Argument(help="设置文件，如 nightly.toml / The configuration")]

_COPYING = ("还在变，留到下一次", "still changing, left for the next time")
_SAME = (
    "没有新文件，也没有变化，沿用上一次的结果。",
    "No new files and no changes: the last result holds.",
)


@app.command("init")
def init(
    config: ConfigFile,
    inputs: Annotated[
        list[str] | None, o.option("--inputs", zh="核对哪些文件，可写几次", en="What to check")
    ] = None,
    out: Annotated[
        str, o.option("--out", zh="结果文件夹", en="Folder of the results")
    ] = "核对结果",
    lang: o.Language = None,
) -> None:
    """写一份带说明的设置文件。 / Write a commented configuration."""
    from fupin_audit.batch.starter import starter

    language = settings.language(lang)
    if config.exists():
        raise UsageError("已经有这个文件，没有动它", where=str(config), hint="换一个文件名")
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(starter(inputs or ["收件/*.xlsx"], out), encoding="utf-8")
    then = f"fupin-audit batch check {config}"
    typer.echo(say((
        f"已写出 {config}。改好后：{then}", f"Written: {config}. Fill it in, then: {then}",
    ), language))  # fmt: skip


@app.command("check")
def check(config: ConfigFile, lang: o.Language = None) -> None:
    """验设置文件，错处一次说完；不核对数据。 / Validate the configuration."""
    from fupin_audit.batch import inbox, memory
    from fupin_audit.batch.config import load
    from fupin_audit.batch.day import day_of
    from fupin_audit.cli.night import request_of

    language = settings.language(lang)
    made = load(config)
    now = datetime.now().astimezone()
    as_of = day_of(made.check.as_of, now.date())
    seen = inbox.look(made, memory.recall(made.out).glimpses, now)
    request_of(made, as_of, seen.townships)
    typer.echo(say((
        f"{config} 没有问题。按 {as_of} 核对，结果放在 {made.out}",
        f"{config} is in order. Checks as of {as_of}; the results go to {made.out}",
    ), language))  # fmt: skip
    count = len(seen.files)
    now_there = (f"现在有 {count} 个文件可以核对", f"{count} files can be checked now")
    typer.echo(say(now_there, language))
    _named(_COPYING, seen.copying, language)
    _named(("还没有报送", "not handed in yet"), seen.silent, language)


@app.command("run")
def run(
    config: ConfigFile,
    force: Annotated[
        bool, o.option("--force", zh="没有变化也重跑", en="Run even if nothing has changed")
    ] = False,
    lang: o.Language = None,
    quiet: o.Quiet = False,
) -> None:
    """跑一晚：有变化就核对，没有变化几秒就结束。 / Live through one night.

    结果 0 没有疑点，1 有疑点；3 有文件读不出，5 台账有问题，6 另一次运行还没结束。
    """
    from fupin_audit.batch.ahead import ahead

    ahead("fupin_audit.cli")
    from fupin_audit.batch import night
    from fupin_audit.batch.config import load
    from fupin_audit.cli.night import judge, pack_digest, request_of

    language = settings.language(lang)
    made = load(config)
    # A service that is stopped leaves as Ctrl-C does: nothing half done stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with uncollected():
        outcome = night.run(
            made, judge, rules=lambda as_of: pack_digest(request_of(made, as_of, {})),
            now=datetime.now().astimezone(), force=force,
        )  # fmt: skip
    if not quiet:
        _say(outcome.status, outcome.summary, outcome.folder, language)
    if outcome.status in ("failed", "empty") and outcome.exit_code:
        _refuse(outcome.summary)
    raise typer.Exit(outcome.exit_code)


@app.command("schedule")
def schedule(
    config: ConfigFile,
    scheduler: Annotated[str, o.option("--for", zh="cron|systemd|windows", en="Scheduler")],
    at: Annotated[str, o.option("--at", zh="几点，如 01:30", en="When")] = "01:30",
    out: Annotated[Path, o.option("--out", zh="写到哪个文件夹", en="Folder to write to")] = Path(),
    lang: o.Language = None,
) -> None:
    """写出定时运行的配方，路径已填好。 / Write the recipe for a scheduler."""
    from fupin_audit.batch.config import load
    from fupin_audit.batch.schedule import NEXT, recipe

    language = settings.language(lang)
    chosen = next((one for one in NEXT if one == scheduler), None)
    if chosen is None:
        raise UsageError(f"--for 不能是“{scheduler}”", hint="可以是 " + "、".join(NEXT))
    try:
        moment = time.fromisoformat(at if len(at) > 4 else f"0{at}")
    except ValueError:
        raise UsageError(f"--at 不能是“{at}”", hint="写成 01:30 的样子") from None
    made = load(config)
    program = Path(sys.argv[0]).absolute()
    if program.name == "__main__.py":  # python -m fupin_audit
        program = Path(sys.executable).with_name("fupin-audit")
    folder = out.absolute()
    texts = recipe(chosen, program=str(program), config=made.file, at=moment, folder=folder)
    for name in texts:
        if (folder / name).exists():
            raise UsageError(
                "已经有这个文件，没有动它", where=str(folder / name), hint="换个文件夹"
            )
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in texts.items():
        (folder / name).write_bytes(content)
        typer.echo(say((f"已写出 {folder / name}", f"Written: {folder / name}"), language))
    typer.echo(say(("下一步：", "Next: "), language) + say(NEXT[chosen], language))


@app.command("status")
def status(
    config: ConfigFile,
    form: Annotated[
        str, o.option("--format", zh="console|json", en="Form of the result")
    ] = "console",
    lang: o.Language = None,
) -> None:
    """最近一次的结果、现在有没有在跑。 / The last night, and whether one is under way."""
    from fupin_audit.batch import place
    from fupin_audit.batch.config import load
    from fupin_audit.batch.night import FAILURE, SUMMARY

    language = settings.language(lang)
    made = load(config)
    folder = place.latest(made.out)
    last = _read(folder / SUMMARY) if folder else None
    failed = _read(made.out / FAILURE)
    if form == "json":
        told = {"last": last, "failure": failed, "running": place.owner(made.out)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if running := place.owner(made.out):
        process, since = running["pid"], running["since"][:16]
        typer.echo(say((
            f"正在运行：进程 {process}，{since} 开始", f"Running: process {process}, since {since}",
        ), language))  # fmt: skip
    if failed:
        when, what = failed["started"][:16], failed["what"]
        typer.echo(say((
            f"最近一次没有跑成（{when}）：{what}", f"The last run came to nothing ({when}): {what}",
        ), language))  # fmt: skip
    if last is None or folder is None:
        typer.echo(say(("还没有完整的结果。", "There is no finished result yet."), language))
    else:
        _say("done", last, folder, language)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _refuse(summary: Any) -> None:
    error = FupinError(summary["what"], where=summary["where"], hint=summary["hint"])
    typer.echo(f"错误：{error}", err=True)


def _say(status: str, told: Any, folder: Path | None, lang: Lang) -> None:
    if status == "unchanged":
        typer.echo(say(_SAME, lang))
    if status in ("failed", "empty"):
        _arrivals(told, lang)
        return
    when, files = told["started"][:16].replace("T", " "), told["files"]
    typer.echo(say((f"{when}  {files} 个文件", f"{when}  {files} files"), lang))
    _arrivals(told, lang)
    _named(("读不出", "cannot be read"), told["bad"], lang)
    _named(("没有认出登记表", "no register found in"), told["unused"], lang)
    by = told["by_severity"]
    typer.echo(say((
        f"{told['households']} 户 {told['members']} 人，疑点 {told['findings']} 条"
        f"（须更正 {by['error']}，须核实 {by['warning']}，提示 {by['info']}）",
        f"{told['households']} households, {told['members']} people, {told['findings']} findings "
        f"({by['error']} to be corrected, {by['warning']} to be verified, "
        f"{by['info']} for attention)",
    ), lang))  # fmt: skip
    if told.get("since"):
        new, done, again = (told["since"][key] for key in ("new", "corrected", "reopened"))
        typer.echo(say((
            f"与上次比：新增 {new}，已更正 {done}，重现 {again}",
            f"Since the last time: {new} new, {done} corrected, {again} back",
        ), lang))  # fmt: skip
    if told["trouble"]:
        typer.echo(say(("注意：", "Note: "), lang) + told["trouble"])
    typer.echo(say(("结果在", "Results in"), lang) + f" {folder}")


def _arrivals(told: Any, lang: Lang) -> None:
    _named(_COPYING, told["copying"], lang)
    _named(("没有报送", "not handed in"), told["silent"], lang)
    gone = ("上次有、这次没有", "there the last time, not this time")
    _named(gone, told["vanished"], lang)


def _named(what: tuple[str, str], files: Iterable[str], lang: Lang) -> None:
    """Name files, with the reasons where there are any."""
    colon = say(("：", ": "), lang)
    reasons = files if isinstance(files, Mapping) else {}
    for name in files:
        why = f"{colon}{one_line(reasons[name])}" if name in reasons else ""
        typer.echo(f"  {say(what, lang)}{colon}{one_line(name)}{why}")
