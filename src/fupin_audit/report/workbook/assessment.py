"""`<name>.认定表.xlsx`: an assessment as a workbook to work with and to print.

Names stand in full, so that staff find the household; nothing else personal is
in it. The text is Chinese in any language of the screen: it goes to townships.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.report.aside import written_aside
from fupin_audit.report.assessment.view import AssessmentView, PlaceCount
from fupin_audit.report.assessment.words import DISCLAIMER, NO_GROUP, SUBJECT, TITLE, VETO
from fupin_audit.report.lines import row_height, width_of
from fupin_audit.report.safe import cell_text
from fupin_audit.report.words import ERA, NO_PLACE
from fupin_audit.report.workbook.assessment_figures import write_figures, write_indicators
from fupin_audit.report.workbook.assessment_looks import OTHER, SHADES, Looks, looks
from fupin_audit.report.workbook.assessment_method import write_method
from fupin_audit.report.workbook.assessment_procedures import write_procedures
from fupin_audit.report.workbook.assessment_subjects import write_subjects
from fupin_audit.report.workbook.styles import FONT, INK, LINE, print_setup

NAME = "汇总"
_WIDTHS = (16, 18, 10, 10, 10, 10, 10, 3, 40)
_CHARTED = 20
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip

Cell = str | int | float


def write_assessment(
    view: AssessmentView, path: Path, *, options: Mapping[str, str] | None = None
) -> None:
    """Write the summary, every subject, and by what they were judged.

    Raises:
        InputError: The file cannot be written; what stood there is untouched.
    """
    with written_aside(path) as aside:
        book = Workbook(str(aside), _OPTIONS)
        title = TITLE[view.of.level][0]
        book.set_properties({"title": title, "comments": f"fupin-audit {view.of.engine}"})
        look = looks(book)
        _write_summary(book, look, view)
        if view.of.level == "county":
            write_indicators(book, look, view)
        else:
            write_subjects(book, look, view)
        write_figures(book, look, view)
        write_procedures(book, look, view)
        write_method(book, look, view, options or {})
        book.close()


def _write_summary(book: Workbook, look: Looks, view: AssessmentView) -> None:
    sheet, of = book.add_worksheet(NAME), view.of
    what = SUBJECT[of.level][0]
    for i, width in enumerate(_WIDTHS):
        sheet.set_column(i, i, width)
    print_setup(sheet, f"{TITLE[of.level][0]} 汇总")
    _heading(sheet, look, view)
    page = _Page(sheet, look, 7)
    heads = [kind.label[0] for kind in of.kinds]
    groups: list[list[Cell]] = [
        [label, sum(counts), *counts]
        for label, counts in zip(
            [*(g.label[0] for g in of.groups), NO_GROUP[0]], view.by_group, strict=True
        )
        if sum(counts)
    ]
    if len(groups) > 1:
        page.table("按登记状态", ("登记状态", f"合计（{what}）", *heads), groups, first=1)
    flags = [(f.label[0], len(f.rows), f.advice[0]) for f in of.flags if len(f.rows)]
    if flags:
        page.notes("登记状态与认定不一致", ("情形", "", what, "　怎么办"), flags)
    page.table(
        "按项", ("认定项目", "说明", "达到", "未达到", "不能判定", "不适用"),
        [
            (
                one.answers.label[0],
                "；".join(filter(None, (
                    VETO[0] if one.answers.veto else "", one.answers.missing[0],
                ))),
                one.met, one.unmet, one.unknown, one.not_asked,
            )
            for one in view.criteria
        ],
        first=2,
    )  # fmt: skip
    at = 0
    towns = [p for p in view.townships if p.place[1]]
    villages = [p for p in view.villages if p.place[2]] if of.level == "household" else []
    if len(towns) > 1:
        at = page.table("按乡镇", ("县", "乡镇", what, *heads), _places(towns, 1), first=2)
    at_village = 0
    if villages:
        at_village = page.table(
            "按行政村", ("乡镇", "行政村", what, *heads), _places(villages, 2), first=2
        )
    charted, start = (towns, at) if len(towns) > 1 else (villages, at_village)
    if len(charted) > 1:
        _chart(book, sheet, view, start, min(len(charted), _CHARTED))


def _heading(sheet: Worksheet, look: Looks, view: AssessmentView) -> None:
    of = view.of
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, TITLE[of.level][0], look.base.title)
    place = " ".join(p for p in (of.region.name, of.region.code) if p) or "地区未定"
    lines = "，".join(_standards(view))
    told = f"{place} · 数据时点 {of.as_of} · {ERA.get(of.pack.era, (of.pack.era,))[0]}"
    sheet.write_string(1, 0, cell_text(told + (f" · {lines}" if lines else "")), look.base.note)
    sheet.write_string(2, 0, DISCLAIMER[0], look.base.note)
    sheet.set_row(4, 28)
    figures: list[tuple[str, int, str]] = [(SUBJECT[of.level][0], len(view), "")]
    for kind, count, people in zip(of.kinds, view.kinds, view.people, strict=True):
        figures.append((kind.label[0], count, f"{people:,} 人" if people else ""))
    columns = (0, 2, 3, 4, 5, 6)
    for column, (name, count, living) in zip(columns, figures, strict=False):
        sheet.write_string(3, column, name, look.base.figure_label)
        sheet.write_number(4, column, count, look.base.figure)
        sheet.write_string(5, column, living, look.base.note)


def _standards(view: AssessmentView) -> list[str]:
    ledger = view.of.ledger
    told = []
    for one in ledger.standards if ledger else ():
        known = sorted({v for v in one.value[view.of.rows].tolist() if v == v})
        if known:
            told.append(f"{one.zh} {'/'.join(f'{v:,.0f}' for v in known)} 元")
    return told


def _places(places: Sequence[PlaceCount], level: int) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [
        (p.place[level - 1], p.place[level] or NO_PLACE[0], p.total, *p.kinds) for p in places
    ]
    sums = [sum(p.kinds[i] for p in places) for i in range(len(places[0].kinds))]
    rows.append(("合计", "", sum(p.total for p in places), *sums))
    return rows


def _chart(book: Workbook, sheet: Worksheet, view: AssessmentView, start: int, rows: int) -> None:
    chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for i, kind in enumerate(view.of.kinds):
        column = 3 + i
        chart.add_series({
            "name": kind.label[0],
            "categories": [NAME, start, 1, start + rows - 1, 1],
            "values": [NAME, start, column, start + rows - 1, column],
            "fill": {"color": SHADES.get(kind.id, OTHER)},
            "gap": 60,
        })  # fmt: skip
    font = {"name": FONT, "size": 9, "color": INK, "bold": False}
    chart.set_title({"name": "各地认定结果构成", "name_font": {**font, "size": 11, "bold": True}})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": LINE}})
    chart.set_x_axis({"num_font": font, "num_format": "0%", "line": {"none": True},
                      "major_gridlines": {"visible": True, "line": {"color": LINE}}})  # fmt: skip
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 330, "height": max(220, 90 + 24 * rows)})
    sheet.insert_chart(7, 8, chart)


@dataclass(slots=True)
class _Page:
    """A sheet filled top to bottom; `row` is the next free one."""

    sheet: Worksheet
    look: Looks
    row: int

    def section(self, title: str, columns: int) -> None:
        for i in range(columns):
            self.sheet.write_blank(self.row, i, None, self.look.base.section)
        self.sheet.set_row(self.row, 24)
        self.sheet.write_string(self.row, 0, title, self.look.base.section)
        self.row += 1

    def table(
        self, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], *, first: int
    ) -> int:  # fmt: skip
        """Write a table whose numbers begin in column `first`; return its first row."""
        base = self.look.base
        self.section(title, 7)
        for i, head in enumerate(heads):
            self.sheet.write_string(
                self.row, i, head, base.head if i < first else base.head_right
            )  # fmt: skip
        self.row += 1
        start = self.row
        for cells in rows:
            total = cells[0] == "合计"
            for i, cell in enumerate(cells):
                if isinstance(cell, str):
                    look = base.total if total else base.text
                    self.sheet.write_string(self.row, i, cell_text(cell), look)
                else:
                    self.sheet.write_number(self.row, i, cell, self._number(cell, total))
            told = [(c, w) for c, w in zip(cells, _WIDTHS, strict=False) if isinstance(c, str)]
            self.sheet.set_row(self.row, row_height(max(width_of(c) / w for c, w in told)))
            self.row += 1
        self.row += 1
        return start

    def notes(
        self, title: str, heads: Sequence[str], rows: Sequence[tuple[str, int, str]]
    ) -> None:  # fmt: skip
        """Write cases with their number and what to do about them."""
        base = self.look.base
        self.section(title, 7)
        for i, head in enumerate((*heads, "", "", "")):
            self.sheet.write_string(self.row, i, head, base.head_right if i == 2 else base.head)
        self.row += 1
        for label, count, advice in rows:
            self.sheet.merge_range(self.row, 0, self.row, 1, label, base.text)
            self.sheet.write_number(self.row, 2, count, base.number)
            self.sheet.merge_range(self.row, 3, self.row, 6, advice, base.indented)
            self.sheet.set_row(self.row, 32 if len(advice) > 22 or len(label) > 16 else 18)
            self.row += 1
        self.row += 1

    def _number(self, cell: float, total: bool) -> Format:
        base = self.look.base
        if total:
            return base.total_number
        return base.number if cell else base.zero
