"""汇总: how much there is per village and per kind of problem, and how late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xlsxwriter.workbook import Workbook

from fupin_audit.corrections.form import SUMMARY
from fupin_audit.corrections.make.books import Book, Due
from fupin_audit.corrections.make.lines import Case
from fupin_audit.corrections.make.looks import LAMPS, Looks
from fupin_audit.corrections.make.mould import slot, styles_of, text_cell
from fupin_audit.model.sheet import column_letter
from fupin_audit.report.triage import SETTLE
from fupin_audit.report.words import SEVERITIES, SEVERITY
from fupin_audit.report.workbook.cell_xml import Telling
from fupin_audit.report.workbook.styles import print_setup

_HOW = {"desk": "查资料", "phone": "打电话", "visit": "入户"}
_NOWHERE = "（整张表的，或没写村的）"
_NAME, _RULE, _COUNT = 34, 10, 10
_COUNTED = (
    "疑点", *(SEVERITY[s][0] for s in SEVERITIES), *(f"{_HOW[s]}（户）" for s in SETTLE),
    *(f"{word}灯" for word, _ in LAMPS.values()),
)  # fmt: skip
_LETTERS = tuple(column_letter(i) for i in range(2 + len(_COUNTED)))
_HEAD_HEIGHT = 32.25  # whole pixels
_BETWEEN = 2  # rows
_RANK = {how: rank for rank, how in enumerate(SETTLE)}
FIRST = 4
"""The first table's head, as Excel numbers rows: where the rows begin."""


class _Styles(NamedTuple):
    """Numbers of the styles, in the order of the sample row's cells."""

    head: str
    head_right: str
    text: str
    number: str
    zero: str
    total: str
    total_number: str


@dataclass(slots=True)
class _Group:
    """One line: what it is called, and what its findings add up to.

    Attributes:
        homes: Household → rank of what takes most there.
    """

    name: str
    note: str = ""
    findings: int = 0
    severities: dict[str, int] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)
    lamps: dict[str, int] = field(default_factory=dict)

    def add(self, case: Case, colour: str) -> None:
        self.findings += 1
        self.severities[case.severity] = self.severities.get(case.severity, 0) + 1
        self.lamps[colour] = self.lamps.get(colour, 0) + 1
        if case.household >= 0:
            rank = _RANK[case.settle]
            if self.homes.get(case.household, -1) < rank:
                self.homes[case.household] = rank

    def counts(self) -> list[int]:
        ranks = list(self.homes.values())
        return [
            self.findings, *(self.severities.get(s, 0) for s in SEVERITIES),
            *(ranks.count(rank) for rank in _RANK.values()),
            *(self.lamps.get(colour, 0) for colour in LAMPS),
        ]  # fmt: skip


def lay_out(book: Workbook, look: Looks, *, timed: bool) -> None:
    """Write the sheet with slots, and a sample of every style in place of the tables.

    Args:
        timed: There are deadlines.
    """
    sheet, style = book.add_worksheet(SUMMARY), look.common
    sheet.set_column(0, 0, _NAME)
    sheet.set_column(1, 1, _RULE)
    sheet.set_column(2, len(_LETTERS), _COUNT)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"{SUMMARY} · {slot('name')}", style.title)
    sheet.write_string(1, 0, slot("work"), style.note)
    if timed:
        sheet.write_string(2, 0, "三色按发现以来的天数亮：绿为期内，黄为将到期，红为超期。",
                           style.note)  # fmt: skip
    samples = _Styles._make(getattr(style, name) for name in _Styles._fields)
    for i, sample in enumerate(samples):
        sheet.write_blank(FIRST - 1, i, None, sample)
    sheet.write_blank(FIRST - 1, len(_LETTERS) - 1, None, style.zero)
    print_setup(sheet, SUMMARY)


def slots(of: Book) -> dict[str, str]:
    """Return what the slots of the summary take, but for those of the cover."""
    told = "户数按最费事的一条算一次：查资料能弄清、打电话能弄清、要入户。"
    if of.later:
        told += f"另有 {of.later} 户要入户，下次再列。"
    return {"work": told}


def rows(of: Book, dues: Sequence[Due], sample: str) -> tuple[list[str], int]:
    """Return the rows of both tables, and the number of the last."""
    styles = _Styles._make(styles_of(sample)[: len(_Styles._fields)])
    villages, rules, total = _groups(of, dues)
    first = list(_table(FIRST, ("按村", "户数"), [*villages, total], styles))
    start = FIRST + len(first) + _BETWEEN
    second = list(_table(start, ("按问题", "规则编号"), [*rules, total], styles))
    return first + second, start + len(second) - 1


def _groups(of: Book, dues: Sequence[Due]) -> tuple[list[_Group], list[_Group], _Group]:
    several = len({case.place[:2] for case in of.cases if case.place[1]}) > 1
    places: dict[tuple[str, str, str], _Group] = {}
    rules: dict[str, _Group] = {}
    severity: dict[str, int] = {}
    total = _Group("合计")
    for case, due in zip(of.cases, dues, strict=True):
        place, rule = places.get(case.place), rules.get(case.rule)
        if place is None:
            parts = (case.place[1] if several else "", case.place[2])
            place = places[case.place] = _Group(" ".join(filter(None, parts)) or _NOWHERE)
        if rule is None:
            rule = rules[case.rule] = _Group(case.title, case.rule)
            severity[case.rule] = SEVERITIES.index(case.severity)
        for group in (place, rule, total):
            group.add(case, due.colour)
    ordered = sorted(rules.values(), key=lambda one: (severity[one.note], -one.findings))
    return list(places.values()), ordered, total


def _table(
    start: int, heads: tuple[str, str], groups: Sequence[_Group], styles: _Styles
) -> Iterator[str]:
    """Yield the rows of one table; its last group is what it adds up to."""
    tell = Telling()
    by_home = heads[1] == "户数"
    told = [text_cell(_LETTERS[0], start, styles.head, heads[0])]
    told.append(text_cell("B", start, styles.head_right if by_home else styles.head, heads[1]))
    for letter, head in zip(_LETTERS[2:], _COUNTED, strict=True):
        told.append(text_cell(letter, start, styles.head_right, head))
    yield f'<row r="{start}" ht="{_HEAD_HEIGHT}" customHeight="1">{"".join(told)}</row>'
    for row, group in enumerate(groups, start + 1):
        is_total = group is groups[-1]
        name, number = (
            (styles.total, styles.total_number) if is_total else (styles.text, styles.number)
        )  # fmt: skip
        zero = number if is_total else styles.zero
        told = [text_cell("A", row, name, tell(group.name)[0])]
        if by_home:
            told.append(f'<c r="B{row}" s="{number}"><v>{len(group.homes)}</v></c>')
        else:
            told.append(text_cell("B", row, name, tell(group.note)[0]))
        for letter, count in zip(_LETTERS[2:], group.counts(), strict=True):
            style = number if count else zero
            told.append(f'<c r="{letter}{row}" s="{style}"><v>{count}</v></c>')
        yield f'<row r="{row}">{"".join(told)}</row>'
