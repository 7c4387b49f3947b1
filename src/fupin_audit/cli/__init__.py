"""The command line: parse, call, report, and turn what went wrong into an exit
code. A command is loaded when it is asked for, and loads what it needs when it runs."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

import typer

from fupin_audit.cli import front
from fupin_audit.cli.door import guarded
from fupin_audit.cli.leave import leave
from fupin_audit.cli.light import LightGroup, Made, command_in, group_in


class _Program(LightGroup):
    def __init__(self, **settings: Any) -> None:
        names = [entry.name for entries in front.COMMANDS.values() for entry in entries]
        makers = {
            name: partial(group_in if name in front.GROUPS else command_in, __name__, name)
            for name in names
        }
        super().__init__(**{**settings, "commands": Made(makers)})

    def format_help(self, ctx: Any, formatter: Any) -> None:
        front.show(ctx.command_path, self.help or "", self.get_params(ctx))


app = typer.Typer(
    name="fupin-audit",
    help="核对建档立卡 / 防返贫监测登记表：找出疑点，说明依据，指到单元格。\n\n"
    "Check and clean household registers; every finding names its cell and source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    cls=_Program,
)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="版本 / Version", is_eager=True),
) -> None:
    """Answer `--version`; everything else is a command's."""
    if version:
        from fupin_audit import __version__

        typer.echo(f"fupin-audit {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run() -> None:
    """Run the command line; the exit code is the process's."""
    # The linear algebra below numpy, which nothing here uses, would begin a thread
    # per core; and a process with threads is not copied (`beside`).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        guarded(app)
    except SystemExit as left:
        if isinstance(left.code, int):
            leave(left.code)
        raise
