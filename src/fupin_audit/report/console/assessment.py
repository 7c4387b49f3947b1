"""An assessment on the screen: how many of which class, where, and who first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.console import assessment_counts as counts
from fupin_audit.report.console import assessment_detail as detail
from fupin_audit.report.console.assessment_page import Screen
from fupin_audit.report.console.screen import show


def console(
    view: AssessmentView,
    *,
    stream: TextIO | None = None,
    written: Mapping[str, Path] | None = None,
    width: int | None = None,
) -> None:
    """Print the summary of an assessment; plain text where it is no terminal."""
    show(lambda out: _show(Screen(view, out), written or {}), stream=stream, width=width)


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
