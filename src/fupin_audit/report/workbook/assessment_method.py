"""判定口径: by what was judged, on what sources, and with which local choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.assessment.words import VETO
from fupin_audit.report.lines import row_height, width_of
from fupin_audit.report.safe import cell_text
from fupin_audit.report.words import ERA
from fupin_audit.report.workbook.assessment_looks import Looks
from fupin_audit.report.workbook.styles import print_setup

NAME = "判定口径"
_WIDTHS = (24, 28, 30, 70)

Lines = list[tuple[str, ...]]


def write_method(
    book: Workbook, look: Looks, view: AssessmentView, options: Mapping[str, str]
) -> None:  # fmt: skip
    """Write the criteria, the classes, the method of reckoning and the run."""
    sheet = book.add_worksheet(NAME)
    for i, width in enumerate(_WIDTHS):
        sheet.set_column(i, i, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, NAME, look.base.title)
    row = 2
    for title, heads, lines in _parts(view, options):
        row = _part(sheet, look, row, title, heads, lines)
    print_setup(sheet, NAME)


def _parts(
    view: AssessmentView, options: Mapping[str, str]
) -> Iterator[tuple[str, Sequence[str], Lines]]:  # fmt: skip
    of = view.of
    yield "认定项目", ("项目", "不能判定的原因", "同一判据的规则", "依据"), [
        (
            one.label[0] + (f"（{VETO[0]}）" if one.veto else ""),
            one.missing[0] or "；".join(gap.why[0] for gap in one.gaps if gap.rows[of.rows].any()),
            " ".join(one.because),
            "；".join(one.basis) + (f"。{one.note}" if one.note else ""),
        )
        for one in of.criteria
    ]  # fmt: skip
    yield (
        "分类",
        ("类别", "含义", "", ""),
        [(kind.label[0], kind.means[0], _lacking(view, kind.id), "") for kind in of.kinds],
    )
    if of.ledger is not None:
        lines: Lines = [
            (one.zh, _amounts(one.value[of.rows].tolist()) or "没有数", "", one.gap)
            for one in of.ledger.standards
        ]
        yield "标准线", ("标准", "数额", "", "说明"), lines
        yield "收入核算口径", ("口径", "取值", "来源可靠程度", "依据和说明"), [
            (
                one.zh, f"{one.value} {one.unit}".strip() if not one.gap else "没有数",
                "只见于转引或推断，待核实" if one.weak else "",
                one.gap or f"{one.basis}。{one.note}",
            )
            for one in of.ledger.options
        ]  # fmt: skip
    yield "本次运行", ("项目", "内容", "", ""), [
        ("程序", f"fupin-audit {of.engine}", "", ""),
        ("规则包", f"{of.pack.id} {of.pack.version}", "、".join(of.pack.overlays), of.pack.digest),
        ("数据时点", of.as_of.isoformat(), "", ""),
        ("时期", ERA.get(of.pack.era, (of.pack.era,))[0], "", ""),
        ("地区", " ".join(p for p in (of.region.name, of.region.code) if p) or "未定", "",
         of.region.evidence),
        ("个人信息", "未遮盖" if view.reveal else "姓名保留以便查找，别的不列", "", ""),
        *((name, value, "", "") for name, value in options.items()),
        *((f.file, f.error or "已读", "", f.sha256) for f in of.dataset.files
          if f.error or f.sha256),  # the others were passed over on purpose
        *((why[0], f"{count:,} 行没有认定", "", "") for why, count in of.set_aside.items()),
    ]  # fmt: skip


def _lacking(view: AssessmentView, kind: str) -> str:
    return next((f"分不出来，缺列：{why}" for k, why in view.of.without_class if k.id == kind), "")


def _amounts(values: Sequence[float]) -> str:
    return " / ".join(f"{v:,.0f}" for v in sorted({v for v in values if v == v}))


def _part(
    sheet: Worksheet, look: Looks, row: int, title: str, heads: Sequence[str], lines: Lines
) -> int:  # fmt: skip
    base = look.base
    sheet.set_row(row, 24)
    for i in range(len(_WIDTHS)):
        sheet.write_blank(row, i, None, base.section)
        sheet.write_string(row + 1, i, heads[i], base.head)
    sheet.write_string(row, 0, title, base.section)
    for at, line in enumerate(lines, row + 2):
        for i, text in enumerate(line):
            sheet.write_string(at, i, cell_text(text), base.text if i < 2 else base.faint)
        full = max(width_of(t) / w for t, w in zip(line, _WIDTHS, strict=True))
        sheet.set_row(at, row_height(full))
    return row + len(lines) + 3
