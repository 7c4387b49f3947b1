"""运行信息: what was read, by which rules, as of when: enough to do it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from xlsxwriter.workbook import Workbook

from fupin_audit.model.recognised import Recognised
from fupin_audit.report.finding import label
from fupin_audit.report.lines import row_height, width_of
from fupin_audit.report.recognition import FileLine, file_lines
from fupin_audit.report.safe import cell_text
from fupin_audit.report.view import View
from fupin_audit.report.words import ERA, HOW, SEVERITY, word
from fupin_audit.report.workbook.styles import Styles, print_setup

NAME = "运行信息"
_WIDTHS = (26, 22, 12, 30, 24, 14, 14, 30)

STAGES = {"read": "读入", "recognise": "识别", "normalise": "规整", "evaluate": "核对",
          "suggest": "找建议值"}  # fmt: skip

Lines = list[tuple[str, ...]]


def write_run(book: Workbook, style: Styles, view: View, options: Mapping[str, str]) -> None:
    """Write the run's circumstances, its inputs and every column's meaning."""
    sheet = book.add_worksheet(NAME)
    for i, width in enumerate(_WIDTHS):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, NAME, style.title)
    row = 2
    files = file_lines(view)
    for title, columns, lines in (
        ("本次运行", ("项目", "内容"), _circumstances(view, options)),
        ("输入文件", ("文件", "情况", "", "SHA-256"), _inputs(files)),
        ("工作表", ("文件", "工作表", "表头行", "当作", "数据行", "隐藏", "", "说明"),
         _sheets(files)),
        ("列的对照", ("文件", "工作表", "单元格", "表头", "字段", "所属表", "依据", "单位、年份"),
         _columns(view)),
        ("没有用的列", ("文件", "工作表", "单元格", "表头", "可能是"), _unmatched(view)),
        ("缺少的列", ("文件", "工作表", "", "", "字段", "所属表"), _missing(view)),
        ("读取中的情况", ("文件", "工作表", "", "情况"), _notes(view)),
    ):  # fmt: skip
        if not lines:
            continue
        sheet.set_row(row, 24)
        for i in range(len(_WIDTHS)):
            sheet.write_blank(row, i, None, style.section)
        sheet.write_string(row, 0, title, style.section)
        for i, name in enumerate(columns):
            sheet.write_string(row + 1, i, name, style.head)
        for at, line in enumerate(lines, row + 2):
            for i, text in enumerate(line):
                wide = i == len(line) - 1 and len(line) < len(_WIDTHS)
                sheet.write_string(at, i, cell_text(text), style.plain if wide else style.text)
            fullest = [width_of(t) / w for t, w in zip(line, _WIDTHS, strict=False)]
            fullest = fullest if len(line) == len(_WIDTHS) else fullest[:-1]
            sheet.set_row(at, row_height(max(fullest)))
        row += len(lines) + 3
    print_setup(sheet, NAME)


def _circumstances(view: View, options: Mapping[str, str]) -> Lines:
    result, pack = view.result, view.result.pack
    region = " ".join(part for part in (result.region.name, result.region.code) if part)
    lines = [
        ("程序", f"fupin-audit {result.engine}"),
        ("规则包", f"{pack.id} {pack.version}"),
        ("叠加的规则包", "、".join(pack.overlays)),
        ("规则包位置", pack.path),
        ("规则包摘要", pack.digest),
        ("数据时点", result.as_of.isoformat()),
        ("时期", word(ERA, result.era, "zh")),
        ("地区", region or "未定"),
        ("地区依据", result.region.evidence),
        ("所选规则", result.selected),
        ("列出的最低级别", word(SEVERITY, view.minimum, "zh")),
        ("个人信息", "未遮盖" if view.reveal else "证件号码、电话、账号等已遮盖，姓名保留"),
        ("读入单元格", f"{result.dataset.cells:,}"),
        *((f"选项 {name}", text) for name, text in options.items()),
        *((f"用时 {STAGES[name]}", f"{s:.2f} 秒") for name, s in result.timings.items()),
    ]
    return [line for line in lines if line[1]]


def _inputs(files: Sequence[FileLine]) -> Lines:
    return [(line.file, _read(line), "", line.sha256) for line in files]


def _read(line: FileLine) -> str:
    if line.error:
        return f"没有读成：{line.error}"
    return "；".join(("已读" if line.sheets else "没有用", *line.notes))


def _sheets(files: Sequence[FileLine]) -> Lines:
    return [
        (
            line.file, sheet.name, sheet.header, " + ".join(sheet.tables) or "没有用",
            f"{sheet.rows:,}" if sheet.tables else "", "隐藏" if sheet.hidden else "", "",
            sheet.reason or "；".join(sheet.notes),
        )
        for line in files for sheet in line.sheets
    ]  # fmt: skip


def _columns(view: View) -> Lines:
    return _told_once(view, partial(_columns_of, view))


def _told_once(view: View, lines_of: Callable[[Recognised], Lines]) -> Lines:
    """Return lines on every sheet, file first; sheets of many files of which all is
    the same are told once."""
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for sheet in view.result.dataset.sheets:
        lines = tuple((sheet.raw.name or "", *line) for line in lines_of(sheet))
        alike.setdefault(lines, []).append(sheet.raw.file)
    told: Lines = []
    for lines, files in alike.items():
        many = len(set(files))
        name = files[0] if many == 1 else f"{files[0]} 等 {many} 个文件，都一样"
        told += [(name, *line) for line in lines]
    return told


def _columns_of(view: View, sheet: Recognised) -> Lines:
    tables = view.result.pack.tables
    lines: Lines = []
    found = [(name, match, "") for (_, name), match in sheet.matches.items()]
    found += [(name, match, "上一年") for (_, name), match in sheet.last_year.items()]
    found += [(match.field, match, "重复，没有用") for match in sheet.duplicates]
    for name, match, remark in sorted(found, key=lambda item: item[1].column):
        table = label(tables[match.table].label, "zh") if match.table in tables else match.table
        factor = f"×{match.factor:g}" if match.factor != 1 else ""
        unit = " ".join(
            part for part in (match.unit, factor, str(match.year or ""), remark) if part
        )
        lines.append((match.cell, match.header, name, table, word(HOW, match.how, "zh"), unit))
    return lines


def _unmatched(view: View) -> Lines:
    def of(sheet: Recognised) -> Lines:
        near = {one.cell: f"{one.field}（相似 {one.score:g}）" for one in sheet.proposals}
        return [(cell, header, near.get(cell, "")) for header, cell in sheet.unmatched]

    return _told_once(view, of)


def _missing(view: View) -> Lines:
    tables = view.result.pack.tables

    def of(sheet: Recognised) -> Lines:
        return [
            ("", "", name, label(tables[table].label, "zh") if table in tables else table)
            for table, name in sheet.missing
        ]

    return _told_once(view, of)


def _notes(view: View) -> Lines:
    return [
        (sheet.raw.file, sheet.raw.name or "", "", note)
        for sheet in view.result.dataset.sheets for note in sheet.raw.notes
    ]  # fmt: skip
