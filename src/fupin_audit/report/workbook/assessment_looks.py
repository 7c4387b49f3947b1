"""The looks only assessments need: answers and classes in tints that a grey
print still tells apart, always with their word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET
from fupin_audit.report.workbook.styles import FONT, INK, LINE, Styles, styles

SHADES = ("#8FA9C4", "#6FA37C", "#A61C1C", "#E9C46A")
"""Fill of a bar per class, in the order of the pack: 兜底, 达标, 缺项, 不能判定."""

_ANSWER = {
    MET: ("#EAF3EC", "#2F6B3C"),
    UNMET: ("#E9B4AE", "#7A0C0C"),
    UNKNOWN: ("#FBE6BC", "#5E4300"),
    NOT_ASKED: ("#FFFFFF", "#A6A6A6"),
}
_KIND = (("#DCE6F1", "#1F3F66"), *(_ANSWER[a] for a in (MET, UNMET, UNKNOWN)))


@dataclass(frozen=True, slots=True)
class Looks:
    base: Styles
    answer: dict[int, Format]
    kind: list[Format]
    money: Format
    short: Format
    money_taken: Format


def looks(book: Workbook) -> Looks:
    """Register the formats of an assessment's workbook."""

    def made(**more: Any) -> Format:
        base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        return book.add_format({**base, "bottom": 1, "bottom_color": LINE, **more})

    def tinted(tint: tuple[str, str], bold: bool = False) -> Format:
        back, ink = tint
        return made(
            bg_color=back, font_color=ink, align="center", bold=bold, text_wrap=True, font_size=9
        )  # fmt: skip

    amount = {"num_format": "#,##0", "align": "right"}
    return Looks(
        base=styles(book),
        answer={key: tinted(tint, key == UNMET) for key, tint in _ANSWER.items()},
        kind=[tinted(tint, True) for tint in _KIND],
        money=made(**amount),
        short=made(**{**amount, "num_format": "#,##0;[Red]-#,##0"}),
        money_taken=made(**amount, italic=True),
    )
