"""The summary on the screen: calm, short, the same when piped, only without colour.

It sums up and says where the full list lies; where it shows only the first of
many it says how many more there are. Names are masked unless revealed.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import TextIO

from rich.console import Console

from fupin_audit.report.console import blocks
from fupin_audit.report.console.bars import Bars
from fupin_audit.report.console.ledger import ledger
from fupin_audit.report.console.page import Page
from fupin_audit.report.view import View

_PLAIN_WIDTH = 100
_WIDEST = 120


def console(
    view: View,
    *,
    stream: TextIO | None = None,
    written: Mapping[str, Path] | None = None,
    width: int | None = None,
) -> None:
    """Print the summary of a view.

    Args:
        stream: Where to; standard output by default. Anything but a terminal
            gets plain text of fixed width.
        written: What was written where: `{"疑点清单": path}`.
        width: Columns, instead of the terminal's.
    """
    stream = stream or sys.stdout
    terminal = Console(file=stream, highlight=False, markup=False, emoji=False)
    if terminal.is_terminal:
        terminal.width = width or min(terminal.width, _WIDEST)
        _print(Page(view, terminal, Bars(plain=not _has_blocks(terminal.encoding))), written)
        return
    # Aligned lines end in spaces, which no reader of a file wants.
    buffer = StringIO()
    plain = Console(
        file=buffer, width=width or _PLAIN_WIDTH, no_color=True, force_terminal=False,
        highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    _print(Page(view, plain, Bars(plain=True)), written)
    stream.writelines(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def _print(page: Page, written: Mapping[str, Path] | None) -> None:
    blocks.heading(page)
    blocks.inputs(page)
    blocks.outcome(page)
    if len(page.view):
        blocks.work(page)
        blocks.at_stake(page)
        blocks.rules(page)
        blocks.places(page)
        blocks.households(page)
    ledger(page)
    blocks.unjudged(page)
    blocks.lists(page, written or {})


def _has_blocks(encoding: str) -> bool:
    return encoding.lower().replace("-", "").startswith(("utf", "gb", "cp936"))
