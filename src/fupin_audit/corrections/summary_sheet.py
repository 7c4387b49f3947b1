"""汇总: how much there is per village and per kind of problem, and how late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.corrections.books import Book, Clock, Due, work_of
from fupin_audit.corrections.form import SUMMARY
from fupin_audit.corrections.lines import Case
from fupin_audit.corrections.looks import LAMPS, Looks
from fupin_audit.report.triage import SETTLE
from fupin_audit.report.words import SEVERITIES, SEVERITY
from fupin_audit.report.workbook.styles import print_setup

_HOW = {"desk": "查资料", "phone": "打电话", "visit": "入户"}
_NOWHERE = "（整张表的，或没写村的）"
_NAME, _RULE, _COUNT = 34, 10, 10
_FIRST = 2  # columns before the counts


class _Group(NamedTuple):
    """One line: what it is called, and its findings."""

    name: str
    note: str
    cases: list[Case]


def write_summary(book: Workbook, look: Looks, of: Book, clock: Clock) -> None:
    """Write the counts."""
    sheet = book.add_worksheet(SUMMARY)
    dues = {case.mark: clock.due(case) for case in of.cases}
    sheet.set_column(0, 0, _NAME)
    sheet.set_column(1, 1, _RULE)
    sheet.set_column(2, 2 + 4 + len(_HOW) + len(LAMPS), _COUNT)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"{SUMMARY} · {of.audience.name}", look.common.title)
    told = "户数按最费事的一条算一次：查资料能弄清、打电话能弄清、要入户。"
    if of.later:
        told += f"另有 {of.later} 户要入户，下次再列。"
    sheet.write_string(1, 0, told, look.common.note)
    row = _table(sheet, look, 3, ("按村", "户数"), _villages(of.cases), dues, _homes)
    _table(sheet, look, row + 2, ("按问题", "规则编号"), _rules(of.cases), dues, lambda g: g.note)
    if any(due.day for due in dues.values()):
        sheet.write_string(2, 0, "三色按发现以来的天数亮：绿为期内，黄为将到期，红为超期。",
                           look.common.note)  # fmt: skip
    print_setup(sheet, SUMMARY)


def _homes(group: _Group) -> int:
    return len({case.household for case in group.cases if case.household >= 0})


def _villages(cases: Sequence[Case]) -> list[_Group]:
    several = len({case.place[:2] for case in cases if case.place[1]}) > 1
    found: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        found.setdefault(case.place, []).append(case)
    made = []
    for (_, township, village), some in found.items():
        parts = (township if several else "", village)
        name = " ".join(filter(None, parts)) or _NOWHERE
        made.append(_Group(name, "", some))
    return made


def _rules(cases: Iterable[Case]) -> list[_Group]:
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case.rule, []).append(case)
    made = [_Group(some[0].title, rule, some) for rule, some in found.items()]
    return sorted(made, key=lambda one: (SEVERITIES.index(one.cases[0].severity), -len(one.cases)))


def _table(
    sheet: Worksheet, look: Looks, row: int, heads: tuple[str, str], groups: Sequence[_Group],
    dues: Mapping[str, Due], second: Callable[[_Group], str | int],
) -> int:  # fmt: skip
    """Write one table and what it adds up to; return the row after it."""
    style = look.common
    counted = [
        "疑点", *(SEVERITY[s][0] for s in SEVERITIES), *(f"{_HOW[s]}（户）" for s in SETTLE),
        *(f"{word}灯" for word, _ in LAMPS.values()),
    ]  # fmt: skip
    sheet.set_row(row, 32)
    sheet.write_string(row, 0, heads[0], style.head)
    sheet.write_string(row, 1, heads[1], style.head_right if heads[1] == "户数" else style.head)
    for i, head in enumerate(counted, _FIRST):
        sheet.write_string(row, i, head, style.head_right)
    everyone = _Group("合计", "", [case for group in groups for case in group.cases])
    for group in (*groups, everyone):
        row += 1
        is_total = group is everyone
        name, number = (
            (style.total, style.total_number) if is_total else (style.text, style.number)
        )  # fmt: skip
        sheet.write_string(row, 0, group.name, name)
        shown = second(group)
        if isinstance(shown, int):
            sheet.write_number(row, 1, shown, number)
        else:
            sheet.write_string(row, 1, shown, name)
        for i, count in enumerate(_counts(group.cases, dues), _FIRST):
            faint = not count and not is_total
            sheet.write_number(row, i, count, style.zero if faint else number)
    return row + 1


def _counts(cases: Sequence[Case], dues: Mapping[str, Due]) -> list[int]:
    work = list(work_of(case for case in cases if case.household >= 0).values())
    lamps = [dues[case.mark].colour for case in cases]
    return [
        len(cases), *(sum(case.severity == s for case in cases) for s in SEVERITIES),
        *(work.count(how) for how in SETTLE), *(lamps.count(colour) for colour in LAMPS),
    ]  # fmt: skip
