"""The summary on the screen: calm, short, the same when piped, only without colour.

It sums up and says where the full list lies; where it shows only the first of
many it says how many more there are. Names are masked unless revealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from rich.console import Console

from fupin_audit.report.console import blocks
from fupin_audit.report.console.bars import Bars
from fupin_audit.report.console.ledger import ledger
from fupin_audit.report.console.page import Page
from fupin_audit.report.console.screen import show
from fupin_audit.report.view import View


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

    def page(out: Console) -> None:
        blocks_fit = out.is_terminal and _has_blocks(out.encoding)
        _print(Page(view, out, Bars(plain=not blocks_fit)), written)

    show(page, stream=stream, width=width)


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
