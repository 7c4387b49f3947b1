"""The look of a household card: small type, thin lines, fit for a grey print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET
from fupin_audit.report.workbook.styles import FAINT, INK, maker

_RULE = "#BFC5CC"
_BAND = "#E9EDF2"
_ANSWERS = {MET: "#1B6E3C", UNMET: "#A61C1C", UNKNOWN: "#8A5A00", NOT_ASKED: FAINT}


@dataclass(frozen=True, slots=True)
class Looks:
    title: Format
    subtitle: Format
    right: Format
    section: Format
    label: Format
    fact: Format
    head: Format
    head_right: Format
    text: Format
    bold: Format
    small: Format
    faint: Format
    centre: Format
    money: Format
    money_bold: Format
    money_off: Format
    item: Format
    part: Format
    verdict: Format
    notes: Format
    sign: Format
    answers: dict[int, Format]


def looks(book: Workbook) -> Looks:
    """Register the formats of a workbook of cards."""
    made = maker(book, font_size=9)
    line: dict[str, Any] = {"bottom": 1, "bottom_color": _RULE}
    wrap: dict[str, Any] = {**line, "text_wrap": True}
    money: dict[str, Any] = {**line, "align": "right", "num_format": "#,##0.00"}
    head: dict[str, Any] = {"bold": True, "bg_color": _BAND, "text_wrap": True, **line}
    return Looks(
        title=made(bold=True, font_size=18),
        subtitle=made(font_color=FAINT, font_size=9),
        right=made(font_color=INK, font_size=10, align="right", bold=True),
        section=made(bold=True, font_size=10.5, bottom=2, bottom_color=INK),
        label=made(font_color=FAINT, font_size=8.5, align="right", indent=1),
        fact=made(shrink=True),
        head=made(**head),
        head_right=made(**head, align="right"),
        text=made(**wrap),
        bold=made(**wrap, bold=True),
        small=made(**wrap, font_size=8.5),
        faint=made(font_color=FAINT, font_size=8, text_wrap=True, valign="top"),
        centre=made(**line, align="center", font_size=8.5),
        money=made(**money),
        money_bold=made(**money, bold=True),
        money_off=made(**money, bold=True, font_color="#A61C1C"),
        item=made(**line, indent=1, shrink=True),
        part=made(**line, indent=2, shrink=True, font_color=FAINT),
        verdict=made(bold=True, text_wrap=True, bg_color="#F3F6F9", indent=1),
        notes=made(font_size=10, valign="top"),
        sign=made(font_size=10, bottom=1),
        answers={state: made(**line, bold=True, font_color=ink) for state, ink in _ANSWERS.items()},
    )  # fmt: skip
