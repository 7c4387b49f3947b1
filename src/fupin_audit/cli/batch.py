"""`fupin-audit batch`: the nightly run."""

from __future__ import annotations

import json
import signal
import sys
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from fupin_audit.cli import options as o
from fupin_audit.errors import FupinError, UsageError, one_line

app = typer.Typer(help="夜间核对：无人值守，一晚一份结果 / The nightly run", no_args_is_help=True)
ConfigFile = Annotated[Path, typer.Argument(help="设置文件，如 nightly.toml / The configuration")]


@app.command("init")
def init(
    config: ConfigFile,
    inputs: Annotated[
        list[str] | None, o.option("--inputs", zh="核对哪些文件，可写几次", en="What to check")
    ] = None,
    out: Annotated[
        str, o.option("--out", zh="结果文件夹", en="Folder of the results")
    ] = "核对结果",
) -> None:
    """写一份带说明的设置文件。 / Write a commented configuration."""
    from fupin_audit.batch.starter import starter

    if config.exists():
        raise UsageError("已经有这个文件，没有动它", where=str(config), hint="换一个文件名")
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(starter(inputs or ["收件/*.xlsx"], out), encoding="utf-8")
    typer.echo(f"已写出 {config}。改好后：fupin-audit batch check {config}")


@app.command("check")
def check(config: ConfigFile) -> None:
    """验设置文件，错处一次说完；不核对数据。 / Validate the configuration."""
    from fupin_audit.batch import inbox, memory
    from fupin_audit.batch.config import load
    from fupin_audit.batch.day import day_of
    from fupin_audit.cli.night import request_of

    made = load(config)
    now = datetime.now().astimezone()
    as_of = day_of(made.check.as_of, now.date())
    seen = inbox.look(made, memory.recall(made.out).glimpses, now)
    request_of(made, as_of, seen.townships)
    typer.echo(f"{config} 没有问题。按 {as_of} 核对，结果放在 {made.out}")
    typer.echo(f"现在有 {len(seen.files)} 个文件可以核对")
    for name in seen.copying:
        typer.echo(f"  还在变，留到下一次：{one_line(name)}")
    for name in seen.silent:
        typer.echo(f"  还没有报送：{one_line(name)}")


@app.command("run")
def run(
    config: ConfigFile,
    force: Annotated[
        bool, o.option("--force", zh="没有变化也重跑", en="Run even if nothing has changed")
    ] = False,
    quiet: o.Quiet = False,
) -> None:
    """跑一晚：有变化就核对，没有变化几秒就结束。 / Live through one night.

    结果 0 没有疑点，1 有疑点；3 有文件读不出，5 台账有问题，6 另一次运行还没结束。
    """
    from fupin_audit.batch import night
    from fupin_audit.batch.config import load
    from fupin_audit.cli.night import judge, pack_digest, request_of

    made = load(config)
    # A service that is stopped leaves as Ctrl-C does: nothing half done stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    outcome = night.run(
        made, judge, rules=lambda as_of: pack_digest(request_of(made, as_of, {})),
        now=datetime.now().astimezone(), force=force,
    )  # fmt: skip
    if not quiet:
        _say(outcome.status, outcome.summary, outcome.folder)
    if outcome.status in ("failed", "empty") and outcome.exit_code:
        _refuse(outcome.summary)
    raise typer.Exit(outcome.exit_code)


@app.command("schedule")
def schedule(
    config: ConfigFile,
    scheduler: Annotated[str, o.option("--for", zh="cron|systemd|windows", en="Scheduler")],
    at: Annotated[str, o.option("--at", zh="几点，如 01:30", en="When")] = "01:30",
    out: Annotated[Path, o.option("--out", zh="写到哪个文件夹", en="Folder to write to")] = Path(),
) -> None:
    """写出定时运行的配方，路径已填好。 / Write the recipe for a scheduler."""
    from fupin_audit.batch.config import load
    from fupin_audit.batch.schedule import NEXT, recipe

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
        typer.echo(f"已写出 {folder / name}")
    typer.echo(f"下一步：{NEXT[chosen]}")


@app.command("status")
def status(
    config: ConfigFile,
    form: Annotated[
        str, o.option("--format", zh="console|json", en="Form of the result")
    ] = "console",
) -> None:
    """最近一次的结果、现在有没有在跑。 / The last night, and whether one is under way."""
    from fupin_audit.batch import place
    from fupin_audit.batch.config import load
    from fupin_audit.batch.night import FAILURE, SUMMARY

    made = load(config)
    folder = place.latest(made.out)
    last = _read(folder / SUMMARY) if folder else None
    failed = _read(made.out / FAILURE)
    if form == "json":
        told = {"last": last, "failure": failed, "running": place.owner(made.out)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if running := place.owner(made.out):
        typer.echo(f"正在运行：进程 {running['pid']}，{running['since'][:16]} 开始")
    if failed:
        typer.echo(f"最近一次没有跑成（{failed['started'][:16]}）：{failed['what']}")
    if last is None or folder is None:
        typer.echo("还没有完整的结果。")
    else:
        _say("done", last, folder)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _refuse(summary: Any) -> None:
    error = FupinError(summary["what"], where=summary["where"], hint=summary["hint"])
    typer.echo(f"错误：{error}", err=True)


def _say(status: str, told: Any, folder: Path | None) -> None:
    if status == "unchanged":
        typer.echo("没有新文件，也没有变化，沿用上一次的结果。")
    if status in ("failed", "empty"):
        _arrivals(told)
        return
    typer.echo(f"{told['started'][:16].replace('T', ' ')}  {told['files']} 个文件")
    _arrivals(told)
    for name, why in told["bad"].items():
        typer.echo(f"  读不出：{one_line(name)}：{one_line(why)}")
    for name, why in told["unused"].items():
        typer.echo(f"  没有认出登记表：{one_line(name)}：{one_line(why)}")
    by = told["by_severity"]
    typer.echo(
        f"{told['households']} 户 {told['members']} 人，疑点 {told['findings']} 条"
        f"（须更正 {by['error']}，须核实 {by['warning']}，提示 {by['info']}）"
    )
    if told.get("since"):
        since = told["since"]
        typer.echo(
            f"与上次比：新增 {since['new']}，已更正 {since['corrected']}，重现 {since['reopened']}"
        )
    if told["trouble"]:
        typer.echo(f"注意：{told['trouble']}")
    typer.echo(f"结果在 {folder}")


def _arrivals(told: Any) -> None:
    for key, what in (
        ("copying", "还在变，留到下一次"), ("silent", "没有报送"), ("vanished", "上次有、这次没有"),
    ):  # fmt: skip
        for name in told[key]:
            typer.echo(f"  {what}：{one_line(name)}")
