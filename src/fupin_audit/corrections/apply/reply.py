"""更正回执: what became of every line of a list, for the township that filled it in."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from fupin_audit.corrections import form
from fupin_audit.corrections.apply.fates import RESULTS, Fate
from fupin_audit.corrections.apply.returned import Returned
from fupin_audit.corrections.apply.work import Work, counted
from fupin_audit.corrections.lock import locked
from fupin_audit.domain.characters import tidy
from fupin_audit.model.dataset import written
from fupin_audit.report.aside import written_aside
from fupin_audit.report.masking import Masker, masker
from fupin_audit.report.safe import cell_text
from fupin_audit.report.workbook.styles import INK, LINE, Styles, print_setup, styles

_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_COLUMNS = (
    ("疑点编号", 13), ("行政村", 8), ("户编号", 17.5), ("户主", 7.5), ("姓名", 7.5), ("字段", 11),
    ("现填值", 11), ("更正值", 11), ("处理结果", 8.5), ("结果", 10.5), ("原因、下一步", 25),
    ("复核结果", 11.5), ("引出的新疑点", 27),
)  # fmt: skip
_HEAD = 3
_TINTS = {
    "已采用": ("#DDEFE0", "#1D5B2E"), "已确认属实": ("#DDEFE0", "#1D5B2E"),
    "无法核实": ("#FBE6BC", "#5E4300"), "未采用": ("#E9B4AE", "#7A0C0C"),
    "冲突": ("#E9B4AE", "#7A0C0C"), "未答复": ("#F3F6F9", "#595959"),
    "无需处理": ("#F3F6F9", "#595959"),
}  # fmt: skip
_MEANING = {
    "已采用": "更正值已写进更正件", "已确认属实": "记入台账，值不改",
    "无法核实": "记入台账，仍是疑点",
    "未采用": "没有改，请按“下一步”补齐再报", "冲突": "几份答复不一致，一条也没有采用",
    "未答复": "还没有填，请继续核实", "无需处理": "已经改过、已有答复，或疑点已不在",
}  # fmt: skip


class Reply(NamedTuple):
    """A reply's name, and the list it answers."""

    name: str
    source: Returned


def replies(work: Work) -> list[Reply]:
    """Name a reply per list; two lists of one name are told apart."""
    made: list[Reply] = []
    for one in work.lists:
        name, number = one.name, 1
        while any(reply.name == name + form.REPLY for reply in made):
            number += 1
            name = f"{one.name}（{number}）"
        made.append(Reply(name + form.REPLY, one))
    return made


def write_reply(work: Work, one: Returned, path: Path, *, done: bool) -> None:
    """Write the reply to one list, locked with its password if it had one.

    Args:
        done: The corrections are made; otherwise it says that they were only tried.
    """
    fates = work.of(one)
    made = BytesIO()
    book = Workbook(made, _OPTIONS)
    book.set_properties({"title": "更正回执"})
    style = styles(book)
    _summary(book, style, one, fates, done)
    _lines(book, style, work, one, fates)
    book.close()
    with written_aside(path) as aside:
        plain = made.getvalue()
        aside.write_bytes(locked(plain, one.password) if one.password else plain)


def _summary(
    book: Workbook, style: Styles, one: Returned, fates: Sequence[Fate], done: bool
) -> None:
    sheet = book.add_worksheet("汇总")
    for column, width in enumerate((16, 10, 64)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 30)
    audience = one.header.audience if one.header else ""
    sheet.write_string(0, 0, cell_text(f"更正回执　{audience or one.name}"), style.title)
    note = "已按清单处理。" if done else "这是试算，原表和台账都没有动。"
    sheet.write_string(1, 0, cell_text(f"清单文件：{one.path.name}。{note}"), style.note)
    for column, text in enumerate(("结果", "行数", "　说明")):
        sheet.write_string(3, column, text, style.head_right if column == 1 else style.head)
    row, counts = 4, counted(fates)
    for name in RESULTS:
        if counts.get(name):
            sheet.write_string(row, 0, name, _tinted(book, name))
            sheet.write_number(row, 1, counts[name], style.number)
            sheet.write_string(row, 2, _MEANING[name], style.indented)
            row += 1
    sheet.write_string(row, 0, "合计", style.total)
    sheet.write_number(row, 1, len(fates), style.total_number)
    sheet.write_string(row, 2, "", style.total)
    row += 2
    still = sum(fate.verdict == "still" for fate in fates)
    fresh = sum(bool(fate.fresh) for fate in fates)
    told = [f"{sum(f.verdict == 'cleared' for f in fates)} 行更正后疑点已消除。"]
    told += [f"{still} 行改了以后仍与规则不符，请看“复核结果”。"] if still else []
    told += [f"{fresh} 行的更正引出了新疑点，请看最后一列。"] if fresh else []
    for text in (*told, *one.notes):
        sheet.merge_range(row, 0, row, 2, cell_text(text), style.text)
        row += 1
    print_setup(sheet, f"更正回执 {one.name}")


def _tinted(book: Workbook, name: str) -> Format:
    fill, ink = _TINTS[name]
    return book.add_format({
        "font_name": "微软雅黑", "font_size": 10, "bg_color": fill, "font_color": ink, "bold": True,
        "align": "center", "valign": "vcenter", "bottom": 1, "bottom_color": LINE,
    })  # fmt: skip


def _lines(book: Workbook, style: Styles, work: Work, one: Returned, fates: Sequence[Fate]) -> None:
    sheet = book.add_worksheet("回执")
    tints = {name: _tinted(book, name) for name in RESULTS}
    text = book.add_format({
        "font_name": "微软雅黑", "font_size": 9, "font_color": INK, "text_wrap": True,
        "valign": "vcenter", "bottom": 1, "bottom_color": LINE, "num_format": "@",
    })  # fmt: skip
    for column, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEAD, column, name, style.head)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "更正回执", style.title)
    counts = "，".join(f"{name} {count} 行" for name, count in counted(fates).items())
    sheet.write_string(1, 0, cell_text(f"{one.name}：{counts}。"), style.note)
    mask = masker(work.before.result.pack, "masked")
    strict = one.header is not None and one.header.mask == "strict"
    for at, fate in enumerate(fates, start=_HEAD + 1):
        cells = _cells(fate, mask if strict else None)
        for column, told in enumerate(cells):
            kind = tints[fate.result] if _COLUMNS[column][0] == "结果" else text
            sheet.write_string(at, column, cell_text(told), kind)
        sheet.set_row(at, _height(cells))
    sheet.autofilter(_HEAD, 0, max(_HEAD + len(fates), _HEAD + 1), len(_COLUMNS) - 1)
    print_setup(sheet, f"更正回执 {one.name}", head=_HEAD)
    sheet.freeze_panes(_HEAD + 1, 1)


def _cells(fate: Fate, mask: Masker | None) -> tuple[str, ...]:
    given = fate.given
    value = fate.after if fate.correction else tidy(written(fate.said.value))
    if mask is not None:
        table = fate.slip.table if fate.slip else fate.finding.table if fate.finding else ""
        value = mask(table, fate.field, value)
    todo = "" if fate.outcome == "unanswered" else fate.todo  # the summary tells it once
    why = fate.reason + (f"。{todo}" if todo else "")
    fresh = "\n".join(f"{one.rule} {one.title}：{one.told}" for one in fate.fresh)
    return (
        fate.number, given("行政村"), given("户编号"), given("户主姓名"), given("姓名"),
        fate.told_field or given("疑点"),
        given(form.FILLED), value, fate.answer or given(form.OUTCOME), fate.result, why,
        fate.recheck.partition("；")[0], fresh,
    )  # fmt: skip


def _height(cells: Sequence[str]) -> float:
    """Return a row's height from its longest cell; a Chinese letter takes two places."""
    lines = 1
    for told, (_, width) in zip(cells, _COLUMNS, strict=True):
        here = 0
        for part in told.split("\n") if told else ():
            places = sum(2 if ord(letter) > 0x2E80 else 1 for letter in part)
            here += max(1, -(-places // max(int(width * 1.2), 1)))
        lines = max(lines, here)
    return min(max(20.0, 12.5 * lines + 6), 400.0)
