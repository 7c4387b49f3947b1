"""One card written on the grid, top to bottom."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fupin_audit.report.household.money import MoneyLine
from fupin_audit.report.household.page import Benefit, Page
from fupin_audit.report.household.words import (
    CHECKED,
    NOTES,
    SIGNED,
    SUBTITLE,
    TITLE,
    Frame,
    verdict,
)
from fupin_audit.report.lines import width_of
from fupin_audit.report.safe import cell_text
from fupin_audit.report.workbook.card_looks import Looks

UNITS = 36
_ACROSS = 3.0
"""Narrow characters a unit of the grid takes."""
_LINE, _PAD = 12.5, 3.5
_LEFT, _RIGHT = 17, 18
_FACTS = 3
_LEAST, _MOST = 2, 22
_NOTE_UNITS = 36

Cell = tuple[int, str | float, Format]
"""Units wide, text or amount, look."""


class Body:
    """Writes a card from a row on; `row` is the next free one, `height` points."""

    def __init__(self, sheet: Worksheet, look: Looks, frame: Frame, row: int) -> None:
        self.sheet, self.look, self.frame = sheet, look, frame
        self.row, self.height = row, 0.0

    def write(self, page: Page) -> None:
        self.heading(page)
        self.facts(page)
        self.members(page)
        self.criteria(page)
        self.lower(page)
        self.signatures()

    # ---- rows ----
    def line(self, cells: Sequence[Cell], height: float = 0.0) -> None:
        """Write one row of cells side by side, as tall as its fullest text."""
        at, most = 0, 1
        for units, value, look in cells:
            self.put(self.row, at, units, value, look)
            if isinstance(value, str) and units:
                most = max(most, _lines(value, units))
            at += units
        self.close(height or most * _LINE + _PAD)

    def put(self, row: int, at: int, units: int, value: str | float, look: Format,
            rows: int = 1) -> None:  # fmt: skip
        shown = cell_text(value) if isinstance(value, str) else value
        if units > 1 or rows > 1:
            self.sheet.merge_range(row, at, row + rows - 1, at + units - 1, "", look)
        if isinstance(shown, str):
            self.sheet.write_string(row, at, shown, look)
        else:
            self.sheet.write_number(row, at, shown, look)

    def close(self, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.height += height
        self.row += 1

    def section(self, title: str, note: str = "") -> None:
        self.close(6)
        cells: list[Cell] = [(UNITS, f"{title}   {note}" if note else title, self.look.section)]
        self.line(cells, 19)

    # ---- blocks ----
    def heading(self, page: Page) -> None:
        place = " ".join(part for part in page.place if part)
        year = f"{page.year} 年度" if page.year else ""
        self.line([(18, TITLE, self.look.title), (18, place, self.look.right)], 28)
        told = f"数据时点 {self.frame.day}"
        right = "   ".join(part for part in (year, told) if part)
        self.line([(18, SUBTITLE, self.look.subtitle), (18, right, self.look.right)], 15)
        self.close(4)

    def facts(self, page: Page) -> None:
        each = UNITS // _FACTS
        for start in range(0, len(page.facts), _FACTS):
            cells: list[Cell] = []
            for fact in page.facts[start : start + _FACTS]:
                cells += [(4, fact.label, self.look.label), (each - 4, fact.text, self.look.fact)]
            self.line(cells, 15)

    def members(self, page: Page) -> None:
        if not page.people:
            return
        self.section(f"一、家庭成员（{len(page.people)} 人）")
        units = _shared(page.columns, page.people, UNITS)
        self.line([(u, c, self.look.head) for u, c in zip(units, page.columns, strict=True)])
        for person in page.people:
            self.line([(u, t, self.look.small) for u, t in zip(units, person, strict=True)])

    def criteria(self, page: Page) -> None:
        if not page.criteria:
            return
        note = f"登记表判定：{page.kind}" if page.kind else ""
        self.section("二、两不愁三保障达标认定", note)
        head = self.look.head
        self.line([(9, "项目", head), (5, "登记表判定", head), (14, "依据", head),
                   (8, "入户核实", head)])  # fmt: skip
        for one in page.criteria:
            self.line([
                (9, one.label, self.look.text),
                (5, self.frame.answer(one.answer), self.look.answers[one.answer]),
                (14, one.reason, self.look.small), (8, CHECKED, self.look.centre),
            ])  # fmt: skip

    def lower(self, page: Page) -> None:
        """Write the benefits on the left and the income on the right."""
        self.close(6)
        top, gap = self.row, UNITS - _LEFT - _RIGHT
        right = _LEFT + gap
        self.put(top, 0, _LEFT, "三、政策享受", self.look.section)
        self.put(top, right, _RIGHT, "四、收入核算（元，全户全年）", self.look.section)
        left_rows = self._benefits(page, top + 1)
        right_rows = self._income(page, top + 1, right)
        self.close(19)
        for _ in range(max(left_rows, right_rows)):
            self.close(_LINE + _PAD)

    def _benefits(self, page: Page, row: int) -> int:
        top, head = row, self.look.head
        for at, units, text in ((0, 5, "政策"), (5, 8, "享受情况")):
            self.put(row, at, units, text, head)
        self.put(row, 13, 4, "金额", self.look.head_right)
        row += 1
        for one in page.benefits:
            rows = max(_lines(one.label, 5), _lines(one.told, 8))
            self._benefit(row, rows, one)
            row += rows
        told = []
        if page.none:
            told.append("登记表上没有：" + "、".join(page.none))
        if page.unlisted:
            told.append("登记表没有这些栏：" + "、".join(page.unlisted))
        for text in told:
            rows = math.ceil(width_of(text) * 0.9 / (_LEFT * _ACROSS))
            self.put(row, 0, _LEFT, text, self.look.faint, rows)
            row += rows
        return row - top

    def _benefit(self, row: int, rows: int, one: Benefit) -> None:
        self.put(row, 0, 5, one.label, self.look.bold, rows)
        self.put(row, 5, 8, one.told, self.look.small, rows)
        amount = one.amount if one.amount is not None else ""
        self.put(row, 13, 4, amount, self.look.money, rows)

    def _income(self, page: Page, row: int, at: int) -> int:
        top = row
        if page.account is None:
            return 0
        self.put(row, at, 6, "项目", self.look.head)
        for i, text in enumerate(("填报", "核算", "差额")):
            self.put(row, at + 6 + 4 * i, 4, text, self.look.head_right)
        for line in page.account.lines:
            row += 1
            self._money(row, at, line)
        told = verdict(page.account)
        rows = _lines(told, _RIGHT)
        row += 1
        self.put(row, at, _RIGHT, told, self.look.verdict, rows)
        return row + rows - top

    def _money(self, row: int, at: int, line: MoneyLine) -> None:
        look = self.look
        total = line.level <= 1
        name = look.bold if total else look.item if line.level == 2 else look.part
        label = f"减：{line.label}" if line.sign < 0 and line.level == 1 else line.label
        self.put(row, at, 6, label + ("" if line.counts else "（不计）"), name)
        money = look.money_bold if total else look.money
        filled: str | float = "读不出" if line.void else _or_blank(line.filled)
        off = line.difference if line.difference is not None and line.differs else ""
        # An item is as filled: only what is added up can differ from it.
        reckoned = _or_blank(line.reckoned) if total or not line.counts else ""
        if line.taken and line.reckoned is not None:
            reckoned = "照填报"
        for i, (value, shown) in enumerate(
            ((filled, money), (reckoned, money), (off, look.money_off))
        ):
            self.put(row, at + 6 + 4 * i, 4, value, shown)

    def signatures(self) -> None:
        self.line([(UNITS, f"{NOTES}：", self.look.notes)], 46)
        cells: list[Cell] = []
        for name, units in zip(SIGNED, (13, 12, 11), strict=True):
            cells.append((units, f"{name}：", self.look.sign))
        self.line(cells, 26)
        self.line([(_NOTE_UNITS, self.frame.note, self.look.faint)])


def _or_blank(amount: float | None) -> str | float:
    return "" if amount is None else amount


def _lines(text: str, units: int) -> int:
    return max(1, math.ceil(width_of(text) / (units * _ACROSS)))


def _shared(columns: Sequence[str], rows: Sequence[Sequence[str]], units: int) -> list[int]:
    """Share the grid among columns: each gets what its fullest text takes on one
    line; what is left over, or missing, is shared one unit at a time."""
    widths = [max(width_of(one[i]) for one in (columns, *rows)) + 1 for i in range(len(columns))]
    shares = [max(_LEAST, math.ceil(min(width, _MOST) / _ACROSS)) for width in widths]
    while (over := sum(shares) - units) != 0:
        room = [share * _ACROSS - width for share, width in zip(shares, widths, strict=True)]
        order = sorted(range(len(shares)), key=lambda i: -room[i] if over > 0 else room[i])
        at = next((i for i in order if over < 0 or shares[i] > _LEAST), order[0])
        shares[at] += 1 if over < 0 else -1
    return shares
