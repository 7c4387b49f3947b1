"""填写说明 and 字段说明: for whoever sees the form for the first time."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.model.sheet import column_letter
from fupin_audit.packs.resolve import ERA_ZH, ResolvedPack
from fupin_audit.report.lines import fullest, row_height
from fupin_audit.report.template.columns import Form
from fupin_audit.report.template.looks import Looks
from fupin_audit.report.template.sheet import FIRST
from fupin_audit.report.template.words import GROUPS, example, filling, values
from fupin_audit.report.workbook.prose import across, section
from fupin_audit.report.workbook.styles import print_setup

GUIDE, FIELDS = "填写说明", "字段说明"
_WIDTHS = (15, 20, 20, 20, 20, 20, 20)
_STEPS = (
    f"一张表一页，从第 {FIRST} 行起往下填，一行一条，中间不空行。列名那一行不要改。",
    "看列名的底色：橙色必填；蓝色从下拉框里选；灰色有就填，没有就空着。",
    "不知道怎么填，把鼠标停在列名上，或者点进格子看旁边的提示；每一列的例子在“字段说明”里。",
    "填错时会提醒：下拉框以外的写法和不是整数的人数不让填；别的只问一句，确实如此可以点“是”。",
    "证件号码变红，是位数或末位校验码不对；变橙，是这一列里有重复的号码。",
    "性别、出生日期变红，是和证件号码对不上；必填的格变浅黄，是这一行漏填了。",
    "填完保存，用 fupin-audit check 核对，不用另写列对照。",
)
_NOTES = (
    "证件号码、电话、账号、编号的格子已设成文本，直接打数字就行，不会变成 1.1E+17。",
    "从别的表粘贴，请用“选择性粘贴—数值”，否则下拉框和提示会被冲掉。粘贴进来的不会当场提醒，核对时再查。",
    "金额一律填数字，单位是元，不写“元”“万”。日期写成 2019-05-20，月份写成 2019-05。",
    "用不着的列可以整列删掉，也可以在右边自己加列；合计行、签字栏不用写。",
    "里面是个人信息：只发给经办人，不传微信群，用完按规定保管。",
)
_COLUMNS = (("列", 36), ("要求", 14), ("怎么填", 40), ("可选的值", 60), ("举例", 26))


def write_guide(
    book: Workbook, look: Looks, forms: Sequence[Form], pack: ResolvedPack, rows: int
) -> None:
    """Write the cover."""
    sheet = book.add_worksheet(GUIDE)
    for i, width in enumerate(_WIDTHS):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 32)
    names = "、".join(f"{form.label}表" for form in forms)
    sheet.write_string(0, 0, f"填报模板 · {names}", look.common.title)
    told = f"按 {pack.as_of} 的规则（{ERA_ZH[pack.era]}）· 规则包 {pack.id} {pack.version}"
    sheet.write_string(1, 0, told, look.common.note)
    row = section(sheet, 3, "有哪些表", look.common.section, len(_WIDTHS))
    for form in forms:
        must = [c.name for c in form.columns if c.group == "must"]
        sheet.write_url(row, 0, f"internal:'{form.label}'!A{FIRST}", look.strong, f"{form.label}表")
        text = f"{len(form.columns)} 列"
        text += f"，必填 {len(must)} 列：{'、'.join(must)}" if must else "，没有必填的列"
        row = across(sheet, row, 1, text, look.boxed, _WIDTHS)
    row = section(sheet, row + 1, "怎么填", look.common.section, len(_WIDTHS))
    for number, text in enumerate(_STEPS, 1):
        row = across(sheet, row, 0, f"{number}. {text}", look.step, _WIDTHS)
    row = section(sheet, row + 1, "请注意", look.common.section, len(_WIDTHS))
    ready = f"每张表备好了 {rows} 行；再往下填也读得出来，只是没有下拉框和提示。"
    for text in (*_NOTES, ready):
        row = across(sheet, row, 0, f"· {text}", look.step, _WIDTHS)
    _write_example(sheet, look, forms[0], pack, row + 1)
    print_setup(sheet, GUIDE)
    sheet.fit_to_pages(1, 1)


def _write_example(sheet: Worksheet, look: Looks, form: Form, pack: ResolvedPack, row: int) -> None:
    """Write a row as it is filled in; so far down that it is not taken for data."""
    title = f"填写举例（{form.label}表的几列，虚构）"
    row = section(sheet, row, title, look.common.section, len(_WIDTHS))
    shown = [c for c in form.columns if c.group == "must"]
    shown += [c for c in form.columns if c not in shown]
    for at, column in enumerate(shown[: len(_WIDTHS)]):
        sheet.write_string(row, at, column.name, look.groups[column.group])
        sheet.write_string(row + 1, at, example(column, pack), look.boxed)
    sheet.set_row(row, 20)
    sheet.set_row(row + 1, 20)


def write_fields(book: Workbook, look: Looks, forms: Sequence[Form], pack: ResolvedPack) -> None:
    """Write every column of every form, with an example.

    The name of a column never stands alone in a cell: the sheet would be taken for a register.
    """
    sheet = book.add_worksheet(FIELDS)
    sheet.set_column(0, 0, 11)
    for i, (_, width) in enumerate(_COLUMNS, 1):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "每一列怎么填（例子都是虚构的）", look.common.title)
    for i, name in enumerate(("表", *(name for name, _ in _COLUMNS))):
        sheet.write_string(1, i, name, look.strong)
    row = 2
    for form in forms:
        row = _write_form(sheet, look, form, pack, row)
    print_setup(sheet, FIELDS, head=1)
    sheet.autofilter(1, 0, row - 1, len(_COLUMNS))


def _write_form(sheet: Worksheet, look: Looks, form: Form, pack: ResolvedPack, row: int) -> int:
    widths = [int(width) - 3 for _, width in _COLUMNS]
    for at, column in enumerate(form.columns):
        texts = (
            f"{column.name}（{column_letter(at)} 列）", GROUPS[column.group],
            filling(column, pack), "、".join(values(column, pack)), example(column, pack),
        )  # fmt: skip
        sheet.write_string(row, 0, f"{form.label}表", look.boxed)
        for i, text in enumerate(texts, 1):
            sheet.write_string(row, i, text, look.groups[column.group] if i == 2 else look.boxed)
        sheet.set_row(row, row_height(fullest(texts, widths)))
        row += 1
    return row
