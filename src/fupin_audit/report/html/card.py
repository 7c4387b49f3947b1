"""Household cards as one page for a browser; printed, a card is a sheet of A4."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from fupin_audit.report.household.page import Page
from fupin_audit.report.household.words import CHECKED, SIGNED, SUBTITLE, Frame
from fupin_audit.report.html import environment

_WORDS = {"subtitle": SUBTITLE, "checked": CHECKED, "signed": SIGNED}


def to_html(pages: Iterable[Page], frame: Frame, stream: TextIO) -> None:
    """Write the cards, one after the other, as they are made."""
    template = environment().get_template("card.html.j2")
    for part in template.stream(pages=pages, frame=frame, words=_WORDS):
        stream.write(part.encode("utf-8", "replace").decode("utf-8"))
