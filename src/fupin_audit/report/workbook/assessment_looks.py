"""The looks only assessments need: answers and classes in tints that a grey
print still tells apart, always with their word."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET
from fupin_audit.report.workbook.styles import INK, LINE, Styles, maker, styles

SHADES = {"supported": "#8FA9C4", "meets": "#6FA37C", "lacking": "#A61C1C", "unknown": "#E9C46A"}
"""Fill of a bar per class; a class of a pack's own is grey."""
OTHER = "#BFBFBF"

_ANSWER = {
    MET: ("#EAF3EC", "#2F6B3C"),
    UNMET: ("#E9B4AE", "#7A0C0C"),
    UNKNOWN: ("#FBE6BC", "#5E4300"),
    NOT_ASKED: ("#FFFFFF", "#A6A6A6"),
}
_KIND = {
    "supported": ("#DCE6F1", "#1F3F66"),
    "meets": _ANSWER[MET],
    "lacking": _ANSWER[UNMET],
    "unknown": _ANSWER[UNKNOWN],
}


@dataclass(frozen=True, slots=True)
class Looks:
    base: Styles
    answer: dict[int, Format]
    kind: dict[str, Format]
    other: Format
    money: Format
    short: Format
    money_taken: Format
    figure: Format
    differs: Format
    day: Format
    day_wrong: Format


def looks(book: Workbook) -> Looks:
    """Register the formats of an assessment's workbook."""
    made = maker(book, bottom=1, bottom_color=LINE)

    def tinted(tint: tuple[str, str], bold: bool = False) -> Format:
        back, ink = tint
        return made(
            bg_color=back, font_color=ink, align="center", bold=bold, text_wrap=True, font_size=9
        )  # fmt: skip

    amount = {"num_format": "#,##0", "align": "right"}
    return Looks(
        base=styles(book),
        answer={key: tinted(tint, key == UNMET) for key, tint in _ANSWER.items()},
        kind={key: tinted(tint, True) for key, tint in _KIND.items()},
        other=tinted(("#F2F2F2", INK), True),
        money=made(**amount),
        short=made(**{**amount, "num_format": "#,##0;[Red]-#,##0"}),
        money_taken=made(**amount, italic=True),
        figure=made(num_format="#,##0.##", align="right"),
        differs=made(num_format="#,##0.##", align="right", bg_color="#FBE6BC", bold=True),
        day=made(num_format="yyyy-mm-dd", align="center"),
        day_wrong=made(num_format="yyyy-mm-dd", align="center", bg_color="#E9B4AE"),
    )
