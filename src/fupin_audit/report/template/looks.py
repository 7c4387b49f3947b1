"""The look of a blank form: what must be filled in is amber, what is chosen blue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from fupin_audit.report.workbook.styles import FAINT, HEAD, LINE, Styles, maker, styles

FILLS = {"must": "#FFE0A3", "list": "#D6E6F7", "free": HEAD}
_INKS = {"must": "#B26B00", "list": "#2F6DB5", "free": "#8C96A3"}
_NUMBERS = {"number": "General", "date": "yyyy-mm-dd", "text": "@"}


@dataclass(frozen=True, slots=True)
class Looks:
    """Formats of one workbook.

    Attributes:
        heads: Group → a header's cell.
        squares: Group → the little square that explains its colour.
        cells: Kind of entry → a cell to be filled in.
    """

    common: Styles
    heads: dict[str, Format]
    name: Format
    hint: Format
    squares: dict[str, Format]
    told: Format
    cells: dict[str, Format]
    wrong: Format
    twice: Format
    missing: Format
    lined: Format
    step: Format
    boxed: Format
    strong: Format
    groups: dict[str, Format]


def looks(book: Workbook) -> Looks:
    """Register the formats of a workbook."""
    made = maker(book)
    head: dict[str, Any] = {
        "text_wrap": True, "align": "center", "bottom": 1, "bottom_color": LINE,
        "left": 1, "right": 1, "left_color": "#FFFFFF", "right_color": "#FFFFFF", "bold": True,
    }  # fmt: skip
    boxed: dict[str, Any] = {"border": 1, "border_color": LINE, "text_wrap": True, "indent": 1}
    return Looks(
        common=styles(book),
        heads={key: made(**head, bg_color=fill) for key, fill in FILLS.items()},
        name=made(bold=True),
        hint=made(font_size=8, font_color="#595959"),
        squares={key: made(font_color=ink, bold=True) for key, ink in _INKS.items()},
        told=made(font_color=FAINT),
        cells={kind: made(num_format=form) for kind, form in _NUMBERS.items()},
        wrong=book.add_format({"bg_color": "#F4C7C3", "font_color": "#A61C1C", "bold": True}),
        twice=book.add_format({"bg_color": "#FBD9B5", "font_color": "#7A3E00"}),
        missing=book.add_format({"bg_color": "#FFF3D6"}),
        lined=book.add_format({"border": 1, "border_color": LINE}),
        step=made(font_size=11, valign="top", text_wrap=True),
        boxed=made(**boxed),
        strong=made(**boxed, bold=True, bg_color=HEAD),
        groups={
            key: made(**{**boxed, "indent": 0}, bg_color=fill, align="center")
            for key, fill in FILLS.items()
        },
    )
