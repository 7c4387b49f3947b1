"""An assessment on the screen: how many of which class, where, and who first."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import TextIO

from rich.console import Console

from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.console import assessment_counts as counts
from fupin_audit.report.console import assessment_detail as detail
from fupin_audit.report.console.assessment_page import Screen

_PLAIN_WIDTH = 100
_WIDEST = 120


def console(
    view: AssessmentView,
    *,
    stream: TextIO | None = None,
    written: Mapping[str, Path] | None = None,
    width: int | None = None,
) -> None:
    """Print the summary of an assessment; plain text where it is no terminal."""
    stream = stream or sys.stdout
    terminal = Console(file=stream, highlight=False, markup=False, emoji=False)
    if terminal.is_terminal:
        terminal.width = width or min(terminal.width, _WIDEST)
        _show(Screen(view, terminal), written or {})
        return
    buffer = StringIO()
    plain = Console(
        file=buffer, width=width or _PLAIN_WIDTH, no_color=True, force_terminal=False,
        highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    _show(Screen(view, plain), written or {})
    stream.writelines(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def _show(page: Screen, written: Mapping[str, Path]) -> None:
    counts.heading(page)
    counts.classes(page)
    counts.groups(page)
    counts.criteria(page)
    counts.places(page)
    counts.flags(page)
    detail.figures(page)
    detail.first(page)
    detail.procedures(page)
    detail.unjudged(page)
    detail.lists(page, written)
