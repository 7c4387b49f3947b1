"""The look of our workbooks: one typeface, few colours, made to be printed.

Severities differ in darkness as well as in hue, and always carry their word,
so that a grey print tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

FONT = "微软雅黑"
INK = "#262626"
FAINT = "#7F7F7F"
LINE = "#D9D9D9"
HEAD = "#E9EDF2"
SHADES = {"error": "#A61C1C", "warning": "#E9A23B", "info": "#CFDDEB"}
"""Fill of a bar per severity: dark, middle, light."""

_TINTS = {
    "error": ("#E9B4AE", "#7A0C0C"),
    "warning": ("#FBE6BC", "#5E4300"),
    "info": ("#F3F6F9", "#595959"),
}

A4 = 9


@dataclass(frozen=True, slots=True)
class Styles:
    title: Format
    note: Format
    section: Format
    head: Format
    head_right: Format
    text: Format
    indented: Format
    faint: Format
    plain: Format
    link: Format
    number: Format
    zero: Format
    percent: Format
    total: Format
    total_number: Format
    figure: Format
    figure_label: Format
    severity: dict[str, Format]


def maker(book: Workbook, **common: Any) -> Callable[..., Format]:
    """Return what registers a format: our font and ink, then what all of them have in
    common, then its own."""
    base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", **common}
    return lambda **more: book.add_format({**base, **more})


def styles(book: Workbook) -> Styles:
    """Register the formats of a workbook."""
    made = maker(book)
    cell: dict[str, Any] = {"bottom": 1, "bottom_color": LINE}
    bold: dict[str, Any] = {"bold": True}
    head: dict[str, Any] = {**bold, "bg_color": HEAD, "text_wrap": True, "bottom": 1}
    counted = {**cell, "num_format": "#,##0", "align": "right"}
    summed = {**bold, "top": 1, "bottom": 1, "num_format": "#,##0"}
    return Styles(
        title=made(**{**bold, "font_size": 16}),
        note=made(font_color=FAINT),
        section=made(**{**bold, "font_size": 12, "bottom": 2}),
        head=made(**head),
        head_right=made(**head, align="right"),
        text=made(**cell, text_wrap=True),
        indented=made(**cell, text_wrap=True, indent=1),
        faint=made(**cell, text_wrap=True, font_color=FAINT),
        plain=made(**cell),
        link=made(**cell, text_wrap=True, font_color="#1F4E9E", underline=1),
        number=made(**counted),
        zero=made(**{**counted, "font_color": "#BFBFBF"}),
        percent=made(**{**counted, "num_format": "0.0%"}),
        total=made(**summed),
        total_number=made(**summed, align="right"),
        figure=made(**{**bold, "font_size": 16, "align": "left", "num_format": "#,##0"}),
        figure_label=made(font_color=FAINT, align="left"),
        severity={
            name: made(
                **{**cell, "bold": name != "info", "align": "center"}, bg_color=tint,
                **{"font_color": ink},
            )
            for name, (tint, ink) in _TINTS.items()
        },
    )  # fmt: skip


def print_setup(sheet: Worksheet, name: str, *, head: int | None = None) -> None:
    """Make a sheet print on A4 landscape, one page wide, with page numbers.

    Args:
        head: Zero-based row to repeat on every page.
    """
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    told = name.replace("&", "&&")
    sheet.set_footer(f"&L&9{told}&R&9第 &P 页，共 &N 页")
    sheet.hide_gridlines(2)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    if head is not None:
        sheet.repeat_rows(head)
        sheet.freeze_panes(head + 1, 0)
