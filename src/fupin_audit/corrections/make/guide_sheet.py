"""填写说明: what a first-time reader needs to fill the list in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from xlsxwriter.workbook import Workbook

from fupin_audit.corrections.form import DONE, GUIDE, LIST, TRUE, UNSURE
from fupin_audit.corrections.make.books import Book, Due
from fupin_audit.corrections.make.formulas import CLEAR, counted
from fupin_audit.corrections.make.lines import Mask
from fupin_audit.corrections.make.looks import Looks
from fupin_audit.corrections.make.mould import slot
from fupin_audit.corrections.make.terms import Terms
from fupin_audit.report.words import MEANING, SEVERITIES, SEVERITY
from fupin_audit.report.workbook.cell_xml import Telling
from fupin_audit.report.workbook.prose import across, height_across, section
from fupin_audit.report.workbook.styles import print_setup

_WIDTHS = (14, 22, 14, 16, 16, 14, 26)
_STEPS = (
    f"打开下面的“{LIST}”表。左边白色各列由系统写好，已锁住；只填右边黄色各列。",
    "先看“疑点”“说明”“现填值”，再按“原表位置”找到原表。先查资料，再打电话，还弄不清的才入户。",
    "在“处理结果”的下拉框里选一项，再按下面第二张表填其余的格。“建议值”只供参考，核实了再填。",
    "看最右边“校验”一列：写“已填全”就好，写“请填……”就照着补。证件号码填好后，"
    "会写“校验通过”或“校验不通过”。整行变绿是填全了，变橙是没填全。",
    "填完保存，文件名不要改，交回发清单的人。不要删行、不要改左边各列；没填完也可以先交，下次接着填。",
)
_OUTCOMES = (
    ("处理结果", "什么时候选", "必须填"),
    (DONE, "原表填错了，已经知道正确的值", "更正值：这一格应填的内容（只填内容，不写“改为……”）"),
    (TRUE, "核实过，原表没有错", "佐证材料：写材料编号，如 佐证-0012；核实人：写姓名"),
    (UNSURE, "找不到人或材料，现在弄不清", "备注：写明原因；以后还会再列出"),
)
_EXAMPLES = (
    ("字段", "现填值", "处理结果", "更正值", "佐证材料", "核实人", "备注"),
    ("人均纯收入", "50000", DONE, "5000", "", "张核实", "多写了一个零"),
    ("与户主关系", "之孙女", TRUE, "", "佐证-0012", "张核实", "户口簿复印件"),
    ("联系电话", "（空白）", UNSURE, "", "", "李核实", "全家外出，联系不上"),
)
_NOTES = (
    "疑点不等于错误：系统只指出互相对不上、或和规定对不上的地方，对不对以核实为准。",
    "一条疑点有几行的（两条深色横线之间），说明几个格里至少有一个不对：错在哪一格，就填哪一行，"
    "其余行不用填。",
    "同一格在原表里填的单位是什么，更正值就用什么单位；证件号码、电话、账号照原样填全。"
    f"要把一格清空，更正值写“{CLEAR}”。",
    "说整张表的疑点（没有户编号，点“更正值”会提示不用填）不能在这里改，请直接改原表，下次核对会自动销号。",
    "户的内容（如家庭人口数）在原表每个成员一行上都写着的，填一次，同一户各行一起改。",
    "可以筛选、调列宽。要排序，先点“审阅”—“撤销工作表保护”，没有密码；排序不影响交回。",
)
_MASKS = {
    "staff": "姓名、以及要改的那一格照原样列出，其余证件号码、电话、账号已遮盖。",
    "strict": "证件号码、电话、账号都已遮盖，核对时请看原表。",
    "none": "没有遮盖，请格外小心保管。",
}


class Cover(NamedTuple):
    """What the cover tells of one list: its facts by name, and the rest."""

    facts: tuple[tuple[str, str], ...]
    name: str
    about: str
    counted: str

    @property
    def shape(self) -> tuple[tuple[str, float], ...]:
        """How its facts are laid out: names and heights."""
        return tuple((label, height_across(1, text, _WIDTHS)) for label, text in self.facts)

    def slots(self) -> dict[str, str]:
        """Return what the slots of the cover take."""
        tell = Telling(exact=True)
        told = {f"fact_{i}": text for i, (_, text) in enumerate(self.facts)}
        told |= {"name": self.name, "about": self.about, "counted": self.counted}
        return {name: tell(text)[0] for name, text in told.items()}


def cover(of: Book, dues: Sequence[Due], today: date, terms: Terms) -> Cover:
    """Return what the cover of a list tells."""
    about = f"{terms.division} · 数据时点 {terms.as_of} · 制表 {terms.day}"
    told = counted(len(of.cases), of.lines)
    return Cover(tuple(_facts(of, dues, today, terms)), of.audience.name, about, told)


def lay_out(book: Workbook, look: Looks, like: Cover, mask: Mask) -> None:
    """Write the cover of all lists that are laid out as one is, with slots."""
    sheet = book.add_worksheet(GUIDE)
    for i, width in enumerate(_WIDTHS):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, f"更正清单 · {slot('name')}", look.common.title)
    sheet.write_string(1, 0, slot("about"), look.common.note)
    row = 3
    for i, (label, height) in enumerate(like.shape):
        sheet.write_string(row, 0, label, look.strong)
        across(sheet, row, 1, slot(f"fact_{i}"), look.cell, _WIDTHS)
        sheet.set_row(row, height)
        row += 1
    sheet.write_string(row, 0, "填了多少", look.strong)
    sheet.merge_range(row, 1, row, len(_WIDTHS) - 1, "", look.cell)
    sheet.set_row(row, 21)
    sheet.write_formula(row, 1, f"='{LIST}'!A2", look.cell, slot("counted"))
    row = section(sheet, row + 2, "怎么填", look.common.section, len(_WIDTHS))
    for number, text in enumerate(_STEPS, 1):
        row = across(sheet, row, 0, f"{number}. {text}", look.step, _WIDTHS)
    row = section(sheet, row + 1, "三种处理结果", look.common.section, len(_WIDTHS))
    for i, (outcome, when, what) in enumerate(_OUTCOMES):
        style = look.strong if not i else look.cell
        sheet.write_string(row, 0, outcome, look.strong)
        sheet.merge_range(row, 1, row, 2, when, style)
        sheet.merge_range(row, 3, row, len(_WIDTHS) - 1, what, style)
        sheet.set_row(row, 20)
        row += 1
    row = section(sheet, row + 1, "填写举例（人和事都是虚构的）", look.common.section, len(_WIDTHS))
    for i, example in enumerate(_EXAMPLES):
        for column, text in enumerate(example):
            style = look.open_cell if column > 1 else look.cell
            sheet.write_string(row, column, text, look.strong if not i else style)
        sheet.set_row(row, 20)
        row += 1
    row = section(sheet, row + 1, "请注意", look.common.section, len(_WIDTHS))
    for text in (
        *_NOTES,
        f"个人信息：{_MASKS[mask]}本清单只发给经办人，不传微信群，用完按规定销毁。",
    ):
        row = across(sheet, row, 0, f"· {text}", look.step, _WIDTHS)
    print_setup(sheet, GUIDE)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)


def _facts(of: Book, dues: Sequence[Due], today: date, terms: Terms) -> list[tuple[str, str]]:
    work = of.work()
    told = [("给谁", f"{of.audience.name}的经办人员")]
    much = f"{len(of.cases)} 条疑点（{of.lines} 行），涉及 {of.households} 户"
    hints = (("desk", "查资料就能弄清"), ("phone", "打电话能弄清"), ("visit", "要入户"))
    ways = "，".join(f"{words} {work[how]} 户" for how, words in hints if work.get(how))
    told.append(("有多少", f"{much}。{ways}。" if ways and of.households else f"{much}。"))
    if of.later:
        told.append(("下次再列", f"另有 {of.later} 户要入户核实，这次没有列出，下次再列。"))
    if limits := _limits(of, dues, today):
        told.append(("什么时候办完", limits))
    told.append(("有问题问谁", terms.contact or "发给您这份清单的人"))
    return told


def _limits(of: Book, dues: Sequence[Due], today: date) -> str:
    """Tell per severity how many there are and by when they are to be settled."""
    found: dict[str, list[date]] = {}
    late: Counter[str] = Counter()
    for case, due in zip(of.cases, dues, strict=True):
        if due.day is not None:
            found.setdefault(case.severity, []).append(due.day)
            late[case.severity] += due.colour == "red"
    told = []
    for severity in SEVERITIES:
        days: Sequence[date] = found.get(severity, ())
        coming = [day for day in days if day >= today]
        if not days:
            continue
        text = f"{SEVERITY[severity][0]}（{MEANING[severity][0]}）{len(days)} 条"
        if coming:
            text += f"，{min(coming).isoformat()} 以前"
        if late[severity]:
            text += f"，其中 {late[severity]} 条已经超期，请先办"
        told.append(text)
    return "；".join(told) + ("。" if told else "")
