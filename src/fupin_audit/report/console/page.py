"""What the blocks of the screen have in common: titles, indents, tallies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fupin_audit.report.console.bars import Bars
from fupin_audit.report.safe import visible
from fupin_audit.report.totals import Counts
from fupin_audit.report.view import View
from fupin_audit.report.words import SEVERITIES, SEVERITY, say, word

STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
SHOWN = 10
"""Lines of a block before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A line of a tally: what it is about, its counts, a remark."""

    names: tuple[str, ...]
    counts: Counts
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """Where a view is printed and how."""

    view: View
    out: Console
    bars: Bars

    def say(self, zh: str, en: str) -> str:
        return say((zh, en), self.view.lang)

    def line(self, text: str, style: str = "") -> None:
        self.out.print(Text("  " + visible(text), style=style))

    def title(self, zh: str, en: str, note: str = "") -> None:
        text = Text("\n" + self.say(zh, en), style="bold")
        self.out.print(text.append(f"  {note}", style="not bold dim") if note else text)

    def table(self, table: Table, indent: int = 2) -> None:
        self.out.print(Padding(table, (0, 0, 0, indent)))

    def more(self, left: int, zh: str, en: str) -> None:
        """Say how many lines were not shown, if any."""
        if left > 0:
            self.line(self.say(zh, en).format(left), "dim")

    def tally(self, lines: Sequence[Tally], most: int = 0) -> None:
        """Print counts by severity in columns, with bars if `most` is given."""
        table = grid(*["left"] * len(lines[0].names), *["right"] * len(SEVERITIES), "left", "left")
        for line in lines:
            numbers = [
                Text(f"{word(SEVERITY, name, self.view.lang)} {n:,}", STYLE[name] if n else "dim")
                for name, n in zip(SEVERITIES, line.counts, strict=True)
            ]
            table.add_row(
                *[Text(visible(name)) for name in line.names], *numbers,
                Text(line.note, "dim"), self.bars.draw(line.counts, most),
            )  # fmt: skip
        self.table(table)


def grid(*columns: str) -> Table:
    """Return a table without lines; a column is `left`, `right` or `fold`, which
    alone may run over several lines."""
    table = Table.grid(padding=(0, 2))
    for column in columns:
        right = column == "right"
        table.add_column(
            justify="right" if right else "left", no_wrap=column != "fold", overflow="fold"
        )
    return table
