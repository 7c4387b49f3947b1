"""The look of a correction list: what is ours is white, what is theirs is yellow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from fupin_audit.report.workbook.styles import FAINT, HEAD, LINE, Styles, maker, styles

OPEN = "#FFFBE8"
OPEN_HEAD = "#FFE699"
DONE_TINT, DONE_INK = "#DDF0DC", "#1E5B1E"
PART_TINT, PART_INK = "#FBD9B5", "#7A3E00"
SAME_TINT = "#EFF7EE"
LAMPS = {"green": ("绿", "#DDF0DC"), "yellow": ("黄", "#FFF0B3"), "red": ("红", "#F4C7C3")}
_CASE = "#8C8C8C"  # between findings; between the lines of one, none
_NUMBERS = {"number": "General", "date": "yyyy-mm-dd", "text": "@"}


@dataclass(frozen=True, slots=True)
class Looks:
    """Formats of one workbook.

    Attributes:
        given: (first line of its finding, how) → a locked cell. `how` is `text`,
            `faint`, `again`, `value`, `error`, `warning`, `info`.
        answer: (first, kind) → an open cell of that kind.
        check: first → the cell that tells whether a line is complete.
    """

    common: Styles
    counter: Format
    open_head: Format
    step: Format
    cell: Format
    strong: Format
    open_cell: Format
    done: Format
    part: Format
    same: Format
    bad: Format
    lamps: dict[str, Format]
    given: Callable[[bool, str], Format]
    answer: Callable[[bool, str], Format]
    check: Callable[[bool], Format]


def looks(book: Workbook) -> Looks:
    """Register the formats of a workbook."""
    common = styles(book)

    made = maker(book, text_wrap=True)

    def edge(first: bool) -> dict[str, Any]:
        if first:
            return {"top": 1, "top_color": _CASE}
        return {"top": 4, "top_color": LINE}

    tints: dict[str, dict[str, Any]] = {
        "error": {"bg_color": "#E9B4AE", "font_color": "#7A0C0C", "bold": True},
        "warning": {"bg_color": "#FBE6BC", "font_color": "#5E4300", "bold": True},
        "info": {"bg_color": "#F3F6F9", "font_color": "#595959"},
        "faint": {"font_color": FAINT, "font_size": 8},
        "again": {"font_color": FAINT},
        "value": {"num_format": "@", "bold": True},
        "text": {"num_format": "@"},
    }

    @cache
    def given(first: bool, how: str) -> Format:
        more = dict(tints[how])
        if how in SEVERE:
            more["align"] = "center"
        return made(**edge(first), **more)

    @cache
    def answer(first: bool, kind: str) -> Format:
        sides = {"left": 1, "right": 1, "left_color": LINE, "right_color": LINE}
        return made(
            **edge(first), **sides, bg_color=OPEN, locked=False, num_format=_NUMBERS[kind]
        )  # fmt: skip

    @cache
    def check(first: bool) -> Format:
        return made(**edge(first), font_color=FAINT, align="center")

    boxed: dict[str, Any] = {"border": 1, "border_color": LINE}
    return Looks(
        common=common,
        counter=made(bold=True, font_size=12, text_wrap=False, font_color="#1F4E9E"),
        open_head=made(bold=True, bg_color=OPEN_HEAD, bottom=1),
        step=made(font_size=11, valign="top"),
        cell=made(**boxed),
        strong=made(**boxed, bold=True, bg_color=HEAD),
        open_cell=made(**boxed, bg_color=OPEN, num_format="@"),
        done=book.add_format({"bg_color": DONE_TINT, "font_color": DONE_INK}),
        part=book.add_format({"bg_color": PART_TINT, "font_color": PART_INK}),
        same=book.add_format({"bg_color": SAME_TINT}),
        bad=book.add_format({"font_color": "#A61C1C", "bold": True}),
        lamps={key: made(**boxed, bg_color=tint) for key, (_, tint) in LAMPS.items()},
        given=given, answer=answer, check=check,
    )  # fmt: skip


SEVERE = ("error", "warning", "info")
