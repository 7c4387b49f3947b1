"""Where a summary goes: a terminal as it is, anything else as plain lines."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import StringIO
from typing import TextIO

from rich.console import Console

_PLAIN_WIDTH = 100
_WIDEST = 120


def show(
    page: Callable[[Console], None], *, stream: TextIO | None = None, width: int | None = None
) -> None:
    """Let a page print itself.

    Args:
        page: Prints onto what it is given; no terminal means no colour.
        stream: Where to; standard output by default. Anything but a terminal
            gets plain text of fixed width.
        width: Columns, instead of the terminal's.
    """
    stream = stream or sys.stdout
    terminal = Console(file=stream, highlight=False, markup=False, emoji=False)
    if terminal.is_terminal:
        terminal.width = width or min(terminal.width, _WIDEST)
        page(terminal)
        return
    # Aligned lines end in spaces, which no reader of a file wants.
    buffer = StringIO()
    plain = Console(
        file=buffer, width=width or _PLAIN_WIDTH, no_color=True, force_terminal=False,
        highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    page(plain)
    stream.writelines(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())
