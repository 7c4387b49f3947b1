"""One household on the screen: what is wrong, what it would take, and on what
grounds."""

from __future__ import annotations

from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fupin_audit.domain.reason import reason_in
from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET
from fupin_audit.report.console.page import STYLE, grid
from fupin_audit.report.console.screen import show
from fupin_audit.report.household.dossier import SETTLE, Case, DossierView, RulingView
from fupin_audit.report.household.money import MoneyLine
from fupin_audit.report.household.values import UNREADABLE, yuan
from fupin_audit.report.household.words import verdict
from fupin_audit.report.remarks import suggested, told
from fupin_audit.report.safe import visible
from fupin_audit.report.view import FindingView
from fupin_audit.report.words import SEVERITY, say, word

_GAPS = 12
_IDS = 12
_NARROW = 18
"""Cells a column of members takes before it may be broken."""
_ANSWER = {MET: "green", UNMET: "bold red", UNKNOWN: "yellow", NOT_ASKED: "dim"}


def console(
    view: DossierView, *, stream: TextIO | None = None, verbose: bool = False,
    width: int | None = None,
) -> None:  # fmt: skip
    """Print a dossier; plain text where it is no terminal.

    Args:
        verbose: Show the values of the rules that passed, too.
    """
    show(lambda out: _Screen(view, out, verbose).show(), stream=stream, width=width)


class _Screen:
    """A dossier and where it is printed; each block is a method, top to bottom."""

    def __init__(self, view: DossierView, out: Console, verbose: bool) -> None:
        self.view, self.page, self.out, self.verbose = view, view.page, out, verbose

    def show(self) -> None:
        self.heading()
        self.members()
        self.criteria()
        self.income()
        self.cases()
        self.gaps()
        self.rulings()

    # ---- helpers ----
    def title(self, zh: str, en: str, note: str = "") -> None:
        text = Text("\n" + self.view.say(zh, en), style="bold")
        self.out.print(text.append(f"  {visible(note)}", style="not bold dim") if note else text)

    def line(self, text: str, style: str = "", indent: int = 2) -> None:
        self.out.print(Padding(Text(visible(text), style=style), (0, 0, 0, indent)))

    def table(self, table: Table) -> None:
        self.out.print(Padding(table, (0, 0, 0, 2)))

    # ---- blocks ----
    def heading(self) -> None:
        page, result = self.page, self.view.check.result
        name = Text(visible(f"{page.head or '？'}  {page.household}"), style="bold")
        place = " ".join(part for part in page.place if part)
        self.out.print(name.append(f"  {visible(place)}", style="not bold"))
        if self.view.person:
            only = self.view.say(
                "只看这个人和全户的规则：", "this person's and household's rules: "
            )
            self.out.print(Text(only + visible(self.view.person)))
        as_of = self.view.say("数据时点", "as of")
        pack = f"{self.view.say('规则包', 'pack')} {result.pack.id} {result.pack.version}"
        year = f"{page.year}{self.view.say(' 年度', '')} · " if page.year else ""
        self.out.print(Text(f"{year}{as_of} {result.as_of} · {pack}", style="dim"))
        facts = "   ".join(f"{fact.label} {fact.text}" for fact in page.facts)
        if facts:
            self.line(facts)

    def members(self) -> None:
        page = self.page
        if not page.people:
            return
        self.title("家庭成员", "Members", str(len(page.people)))
        widths = [
            max(cell_len(one[i]) for one in (page.columns, *page.people))
            for i in range(len(page.columns))
        ]
        room = self.out.width - 2 * len(widths) - 2
        most = _NARROW if sum(min(w, _NARROW) for w in widths) <= room else _NARROW // 2
        table = grid(*["fold" if one > most else "left" for one in widths])
        table.add_row(*[Text(visible(column), "dim") for column in page.columns])
        for row, person in zip(page.rows, page.people, strict=True):
            style = "bold" if row == self.view.person_row else ""
            table.add_row(*[Text(visible(text), style) for text in person])
        self.table(table)

    def criteria(self) -> None:
        page = self.page
        if not page.criteria:
            if self.view.of.unassessed:
                self.title("退出标准", "Exit criteria")
                self.line(self.view.of.unassessed, "dim")
            return
        note = f"{page.kind}{self.view.say('：', ': ')}{page.means}" if page.kind else ""
        self.title("退出标准", "Exit criteria", note)
        table = grid("left", "left", "fold")
        for one in page.criteria:
            answer = self.view.frame.answer(one.answer)
            table.add_row(
                Text(answer, _ANSWER[one.answer]), Text(visible(one.label)),
                Text(visible(one.reason), "dim"),
            )  # fmt: skip
        self.table(table)

    def income(self) -> None:
        account = self.page.account
        if account is None:
            return
        self.title("收入账", "Income", self.view.say("元，全户全年", "yuan a year"))
        table = grid("left", "right", "right", "right")
        heads = (("", ""), ("填报", "filled"), ("核算", "reckoned"), ("差额", "difference"))
        table.add_row(*[Text(self.view.say(*head), "dim") for head in heads])
        for line in account.lines:
            table.add_row(*self._money(line))
        self.table(table)
        self.line(verdict(account, self.view.lang), "bold")

    def _money(self, line: MoneyLine) -> list[Text]:
        total = line.level <= 1
        style = "bold" if total else "dim" if line.level > 2 else ""
        minus = self.view.say("减：", "less ") if line.sign < 0 and line.level == 1 else ""
        off = self.view.say("（不计）", " (not counted)") if not line.counts else ""
        filled = UNREADABLE if line.void else yuan(line.filled)
        reckoned = yuan(line.reckoned) if total or not line.counts else ""
        if line.taken and reckoned:
            reckoned = self.view.say("照填报", "as filled")
        return [
            Text("  " * max(0, line.level - 1) + visible(minus + line.label + off), style),
            Text(filled, style), Text(reckoned, style),
            Text(yuan(line.difference) if line.differs else "", "bold red"),
        ]  # fmt: skip

    def cases(self) -> None:
        found = sum(1 + len(case.follow) for case in self.view.cases)
        note = self.view.say(f"{found} 条", str(found)) if found else ""
        self.title("疑点：要改什么", "Findings: what to change", note)
        if not self.view.cases:
            self.line(self.view.say("没有疑点。", "None."), "green")
        for case in self.view.cases:
            self.case(case)

    def case(self, case: Case) -> None:
        self.finding(case.root, 2, " ".join(case.cells))
        for one in case.follow:
            self.finding(one, 6, "")

    def finding(self, one: FindingView, indent: int, cells: str) -> None:
        lang = self.view.lang
        head = Text(word(SEVERITY, one.severity, lang), STYLE[one.severity])
        head.append(f"  {visible(one.title)}", "bold").append(f"  {visible(one.name)}", "not bold")
        head.append(visible(f"  {one.rule} {one.number} {cells}".rstrip()), "not bold dim")
        self.out.print(Padding(head, (0, 0, 0, indent)))
        self.line(told(one, lang), indent=indent + 4)
        settled = say(SETTLE[one.settle], lang)
        if one.suggestion:
            name = f"{one.suggestion.field} "
            self.line(suggested(one, lang, name), "green", indent + 4)
        self.line(f"→{settled}{self.view.say('：', ': ')}{one.advice}", "cyan", indent + 4)

    def gaps(self) -> None:
        gaps = self.view.gaps
        if not gaps:
            return
        note = self.view.say("前面的关系到更多规则", "what most rules wait for first")
        self.title("补上什么才能判断", "What is missing", note)
        table = grid("fold", "left", "fold")
        for gap in gaps if self.verbose else gaps[:_GAPS]:
            ids = " ".join(gap.rules[:_IDS]) + (" …" if len(gap.rules) > _IDS else "")
            table.add_row(Text(visible(gap.what)), Text(gap.cell, "dim"), Text(ids, "dim"))
        self.table(table)
        left = len(gaps) - _GAPS
        if left > 0 and not self.verbose:
            more = self.view.say("另有 {} 处，加 -v 看全", "and {} more, see -v")
            self.line(more.format(left), "dim")

    def rulings(self) -> None:
        view = self.view
        counts = (
            ("violated", "有疑点", "violated"), ("unknown", "判断不了", "unknown"),
            ("pass", "通过", "passed"),
        )  # fmt: skip
        told = [f"{view.say(zh, en)} {view.count(key)}" for key, zh, en in counts]
        told.append(f"{view.say('与该户无关', 'out of scope')} {len(view.of.out_of_scope)}")
        told.append(f"{view.say('没有检查', 'skipped')} {len(view.of.skipped)}")
        self.title("每条规则怎么判", "Every rule", "  ".join(told))
        self.verdict("unknown")
        if self.verbose:
            self.verdict("pass")
            for rule, why in view.of.skipped:
                self.line(
                    f"{view.say('没有检查', 'skipped')}  {rule}  {reason_in(why, view.lang)}", "dim"
                )
        else:
            ids = dict.fromkeys(r.rule for r in view.of_verdict("pass"))
            self.line(f"{view.say('通过', 'passed')}  {' '.join(ids)}", "dim")
            more = "加 -v 看每条规则所看的数；--format html 看全部"
            self.line(view.say(more, "-v shows the values; --format html shows all"), "dim")

    def verdict(self, state: str) -> None:
        table = grid("left", "left", "fold", "fold")
        style = {"unknown": "yellow", "pass": "green"}[state]
        name = self.view.say(*{"unknown": ("判断不了", "unknown"), "pass": ("通过", "ok")}[state])
        for one in self.view.of_verdict(state):
            title = f"{one.title} {one.who}".strip()
            table.add_row(
                Text(name, style), Text(one.rule, "dim"), Text(visible(title)),
                Text(visible(_grounds(one)), "dim"),
            )  # fmt: skip
        if table.row_count:
            self.table(table)


def _grounds(one: RulingView) -> str:
    if one.lacks:
        return "；".join(one.lacks)
    return "  ".join(f"{f'{s.whose}·' if s.whose else ''}{s.field} {s.text}" for s in one.saw)
