"""汇总: the first page, what a leader reads and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.model.history import Night
from fupin_audit.report.safe import cell_text
from fupin_audit.report.totals import Counts, HouseholdTotal, by_place
from fupin_audit.report.view import View, place_label
from fupin_audit.report.words import AUDIT_ITEMS, ERA, NO_PLACE, SEVERITIES, SEVERITY
from fupin_audit.report.workbook.charts import Charts
from fupin_audit.report.workbook.styles import Styles, print_setup

NAME = "汇总"
_WIDTHS = (10, 40, 11, 11, 11, 9, 9, 9, 10)
_LABELS = [SEVERITY[name][0] for name in SEVERITIES]
_CHARTED = 15
_WORST = 20
_COUNTS = 5
_FIRST = 7

Cells = Sequence[str | int | float]
Line = tuple[Cells, Counts]


def write_summary(
    book: Workbook, style: Styles, view: View, nights: Sequence[Night] = ()
) -> None:  # fmt: skip
    """Write the page top to bottom: figures, audit items, townships, rules, households,
    runs; beside them the pictures."""
    sheet = book.add_worksheet(NAME)
    for i, width in enumerate(_WIDTHS):
        sheet.set_column(i, i, width)
    sheet.set_column(len(_WIDTHS), len(_WIDTHS), 2)
    print_setup(sheet, "疑点清单 汇总")
    _heading(sheet, style, view)
    page = _Sheet(sheet, style)
    items, towns = _items(view), _places(view)
    townships, places = by_place(view.totals)
    page.table(
        "先查这些户：差上存疑的钱，是否达标的结论就会改变",
        ("序号", "户编号、户主、村", "现人均", "标准线", "存疑金额"), _at_stake(view),
    )  # fmt: skip
    _rest(page, len(view.totals.at_stake) - _WORST)
    first_item = page.table(
        "按检查内容（十查）", ("序号", "检查内容", "已查规则", "未查规则", "无法判断"),
        items, (2, 3, 4, 5, 6, 7, 8),
    )  # fmt: skip
    level = ("县", "乡镇") if townships else ("乡镇", "行政村")
    first_place = page.table(
        f"按{level[1]}", (*level, "户数", "涉及户", "涉及占比"), towns, (2, 3, 5, 6, 7, 8)
    )
    page.table(
        "这个村要跑几户（一户几条疑点只跑一次；按最费事的一条算）",
        ("乡镇", "行政村", "查台账资料", "打电话", "要入户"), _errands(view), (2, 3, 4, 5, 6, 7, 8),
    )  # fmt: skip
    page.table(
        "按规则", ("规则编号", "疑点", "应查", "通过", "无法判断"), _rules(view), (5, 6, 7, 8)
    )
    page.table("疑点最多的户", ("序号", "户编号、户主、村", "", "", ""), _households(view))
    shown = nights[-_CHARTED:] if len(nights) > 1 else []
    first_night = page.table(
        "历次核对以后还没有销号的疑点（按整个台账）",
        ("核对", "时间", "新增", "重现", "销号"), _nights(shown),
    )  # fmt: skip
    charts = Charts(book, sheet, NAME, _FIRST, len(_WIDTHS) + 1, _COUNTS)
    if len(view) and any(any(one.place[1:]) for one in places):
        many = len(places) > _CHARTED
        title = f"疑点最多的 {_CHARTED} 个{level[1]}" if many else f"各{level[1]}疑点数"
        charts.bars(title, first_place, min(len(places), _CHARTED))
    if len(view):
        charts.bars("各检查内容疑点数", first_item, len(items))
    if shown:
        charts.trend("未销号疑点的走势", first_night, len(shown))


def _heading(sheet: Worksheet, style: Styles, view: View) -> None:
    result, totals = view.result, view.totals
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, "疑点清单汇总", style.title)
    told = (
        f"{place_label(view)} · 数据时点 {result.as_of} · "
        f"{ERA.get(result.era, (result.era,))[0]} · 规则包 {result.pack.id} {result.pack.version}"
    )
    sheet.write_string(1, 0, cell_text(told), style.note)
    figures: list[tuple[int, str, int]] = [
        (0, "户", totals.households), (1, "人", totals.members), (2, "疑点", totals.findings),
        (3, "涉及户", totals.concerned),
        *[(5 + i, _LABELS[i], totals.by_severity[name]) for i, name in enumerate(SEVERITIES)],
    ]  # fmt: skip
    sheet.set_row(3, 16)
    sheet.set_row(4, 28)
    for column, name, count in figures:
        sheet.write_string(3, column, name, style.figure_label)
        sheet.write_number(4, column, count, style.figure)
    if view.minimum != "info":
        least = SEVERITY[view.minimum][0]
        sheet.write_string(5, 0, f"只列“{least}”及以上级别的疑点。", style.note)


def _items(view: View) -> list[Line]:
    checked = {item: [0, 0, 0] for item in AUDIT_ITEMS}
    rules = view.result.pack.rules
    for one in view.result.findings.coverage:
        if one.rule in rules and one.rule not in view.result.pack.inapplicable:
            counts = checked.setdefault(rules[one.rule].audit_item, [0, 0, 0])
            counts[one.skipped is not None] += 1
            counts[2] += one.unknown
    return [
        (
            (str(item), AUDIT_ITEMS.get(item, (str(item),))[0], *checked[item]),
            view.totals.by_item.get(item, (0, 0, 0)),
        )
        for item in sorted(checked)
    ]


def _places(view: View) -> list[Line]:
    lines: list[Line] = []
    townships, places = by_place(view.totals)
    for town in places:
        within, name = town.place[:2] if townships else town.place[1:]
        share = town.concerned / town.households if town.households else ""
        before = (within, name or NO_PLACE[0], town.households, town.concerned, share)
        lines.append((before, town.counts))
    placed = [sum(counts[i] for _, counts in lines) for i in range(len(SEVERITIES))]
    rest = [view.totals.by_severity[name] - placed[i] for i, name in enumerate(SEVERITIES)]
    if any(rest):
        told = ("", "工作表本身的疑点，不属于哪一户", "", "", "")
        lines.append((told, (rest[0], rest[1], rest[2])))
    return lines


def _at_stake(view: View) -> list[Line]:
    lines: list[Line] = []
    for number, one in enumerate(view.totals.at_stake[:_WORST], 1):
        amounts = (round(one.per_head), round(one.line), round(one.doubt))
        lines.append(((str(number), _called(one.of), *amounts), one.of.counts))
    return lines


def _errands(view: View) -> list[Line]:
    villages = view.totals.by_village
    towns = list(dict.fromkeys(one.place[:2] for one in villages))
    villages = sorted(villages, key=lambda one: towns.index(one.place[:2]))
    return [
        ((one.place[1] or NO_PLACE[0], one.place[2] or NO_PLACE[0], *one.settle), one.counts)
        for one in villages
        if any(one.settle)
    ]


def _called(one: HouseholdTotal) -> str:
    place = " ".join(part for part in one.place[1:] if part)
    return "  ".join(part for part in (one.household, one.head, place) if part)


def _rules(view: View) -> list[Line]:
    coverage = {one.rule: one for one in view.result.findings.coverage}
    found: dict[str, list[int]] = {}
    for hits in view.ordered.hits:
        counts = found.setdefault(hits.rule, [0, 0, 0])
        counts[SEVERITIES.index(hits.severity)] += len(hits)
    lines: list[Line] = []
    for rule in sorted(found, key=lambda rule: (-sum(found[rule]), rule)):
        one, (errors, warnings, infos) = coverage.get(rule), found[rule]
        judged = (one.evaluated, one.passed, one.unknown) if one else ("", "", "")
        title = view.result.pack.rules[rule].title.zh
        lines.append(((rule, title, *judged), (errors, warnings, infos)))
    return lines


def _households(view: View) -> list[Line]:
    lines: list[Line] = []
    for number, one in enumerate(view.totals.worst[:_WORST], 1):
        lines.append(((str(number), _called(one), "", "", ""), one.counts))
    return lines


def _nights(nights: Sequence[Night]) -> list[Line]:
    return [((str(n.run), n.at, n.new, n.reopened, n.closed), n.left) for n in nights]


@dataclass(slots=True)
class _Sheet:
    """The page being written; `row` is the next free one."""

    sheet: Worksheet
    style: Styles
    row: int = _FIRST

    def table(
        self, title: str, columns: Sequence[str], lines: Sequence[Line], sums: Sequence[int] = ()
    ) -> int:
        """Write a titled table with a line of sums; return its first data row."""
        sheet, style = self.sheet, self.style
        if not lines:
            return self.row
        sheet.set_row(self.row, 24)
        for i in range(len(_WIDTHS)):
            sheet.write_blank(self.row, i, None, style.section)
        sheet.write_string(self.row, 0, title, style.section)
        sheet.set_row(self.row + 1, 20)
        for i, name in enumerate((*columns, *_LABELS, "合计")):
            sheet.write_string(self.row + 1, i, name, style.head if i < 2 else style.head_right)
        first = self.row + 2
        for at, (before, counts) in enumerate(lines, first):
            self.line(at, (*before, *counts, sum(counts)))
        self.row = first + len(lines)
        if sums:
            self.sums(lines, sums)
        self.row += 1
        return first

    def line(self, row: int, cells: Cells) -> None:
        for i, value in enumerate(cells):
            if isinstance(value, str):
                self.sheet.write_string(row, i, cell_text(value), self.style.text)
            elif isinstance(value, float):
                self.sheet.write_number(row, i, value, self.style.percent)
            else:
                look = self.style.number if value else self.style.zero
                self.sheet.write_number(row, i, value, look)

    def sums(self, lines: Sequence[Line], columns: Sequence[int]) -> None:
        for i in range(len(_WIDTHS)):
            self.sheet.write_blank(self.row, i, None, self.style.total)
        self.sheet.write_string(self.row, 0, "合计", self.style.total)
        rows = [(*before, *counts, sum(counts)) for before, counts in lines]
        for i in columns:
            total = sum(int(row[i] or 0) for row in rows)
            self.sheet.write_number(self.row, i, total, self.style.total_number)
        self.row += 1


def _rest(page: _Sheet, left: int) -> None:
    """Say how many households at stake the page does not name."""
    if left > 0:
        told = f"另有 {left:,} 户，见“疑点清单”里说明以【先查】开头的各条。"
        page.sheet.write_string(page.row - 1, 1, told, page.style.note)
        page.row += 1
