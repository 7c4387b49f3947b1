"""The command line: parse, call, report, and turn what went wrong into an exit
code. Commands import what they need when they run, so that `--help` is quick."""

from __future__ import annotations

import typer

from fupin_audit.cli import assess, card, check, clean, explain, ledger, rules, sample
from fupin_audit.cli.door import guarded
from fupin_audit.cli.leave import leave
from fupin_audit.cli.light import LightCommand, LightGroup

app = typer.Typer(
    name="fupin-audit",
    help="核对建档立卡 / 防返贫监测登记表：找出疑点，说明依据，指到单元格。\n\n"
    "Check and clean household registers: every finding names its cell and its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    cls=LightGroup,
)
app.command("check", cls=LightCommand)(check.check)
app.command("assess", cls=LightCommand)(assess.assess)
app.command("clean", cls=LightCommand)(clean.clean)
app.command("explain", cls=LightCommand)(explain.explain)
app.command("card", cls=LightCommand)(card.card)
app.command("sample", cls=LightCommand)(sample.sample)
app.add_typer(ledger.app, name="ledger")
app.add_typer(rules.app, name="rules")


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
    try:
        guarded(app)
    except SystemExit as left:
        if isinstance(left.code, int):
            leave(left.code)
        raise
