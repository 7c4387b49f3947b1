"""Household cards as one page for a browser; printed, a card is a sheet of A4."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from fupin_audit.report.household.page import Page
from fupin_audit.report.household.words import CHECKED, NOTES, SIGNED, SUBTITLE, Frame
from fupin_audit.report.html import environment
from fupin_audit.report.lines import width_of

_WORDS = {"subtitle": SUBTITLE, "checked": CHECKED, "signed": SIGNED, "notes": NOTES}
_ROOM = (38.0, 47.0, 57.0)
"""Lines a page takes in the usual type, and in smaller ones."""


def density(page: Page) -> int:
    """Return how a card must be set to stay on one page."""
    people = sum(1 + max((width_of(text) for text in person), default=0) // 16 * 0.5
                 for person in page.people)  # fmt: skip
    criteria = sum(1 + width_of(one.reason) // 44 for one in page.criteria)
    benefits = sum(1 + width_of(one.told) // 24 for one in page.benefits) + 5
    money = len(page.account.lines) + 2 if page.account else 0
    lines = len(page.facts) / 3 + people + criteria + max(benefits, money)
    return sum(lines > room for room in _ROOM)


def to_html(pages: Iterable[Page], frame: Frame, stream: TextIO) -> None:
    """Write the cards, one after the other, as they are made."""
    made = environment()
    made.filters["density"] = density
    template = made.get_template("card.html.j2")
    for part in template.stream(pages=pages, frame=frame, words=_WORDS):
        stream.write(part.encode("utf-8", "replace").decode("utf-8"))
