"""What was recognised and why, line by line, for `--explain-columns`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fupin_audit.model.recognised import Match, Recognised, Recognition
from fupin_audit.packs.resolve import ResolvedPack

What = Literal[
    "sheet", "column", "last_year", "duplicate", "unmatched", "proposal", "missing",
    "filled_down", "set_aside", "note", "skipped",
]  # fmt: skip

HOW = {
    "name": "与规范字段名相同",
    "alias": "是已知的别名",
    "group": "按上一级表头认定",
    "position": "按所处位置认定",
    "map": "按列对照指定",
}
REASON = {
    "blank": "空行",
    "total": "合计行",
    "note": "说明文字",
    "signature": "签字、日期行",
    "header": "重复的表头或标题",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to know about one sheet.

    Attributes:
        what: The kind of line.
        file, sheet: Where; `sheet` is empty for csv.
        cell: Address of the header cell, empty if it is not about a column.
        header: The header as written.
        table, field: The field it is about, empty if none.
        text: Why, or what follows; Chinese.
        score: Of a sheet or proposal, 0–1.
    """

    what: What
    file: str
    sheet: str
    cell: str = ""
    header: str = ""
    table: str = ""
    field: str = ""
    text: str = ""
    score: float | None = None


def explain(recognition: Recognition, pack: ResolvedPack) -> list[Line]:
    """Explain a recognition: per sheet what was matched and why, what was left
    over, what it might be, and which fields of its tables are missing.

    Never holds a cell of the data, only headers.
    """
    lines = [line for sheet in recognition.sheets for line in _sheet(sheet, pack)]
    for skipped in recognition.skipped:
        text = skipped.reason + ("（隐藏的表）" if skipped.hidden else "")
        lines.append(Line("skipped", skipped.file, skipped.sheet or "", text=text))
    return lines


def _sheet(sheet: Recognised, pack: ResolvedPack) -> Iterator[Line]:
    file, name = sheet.raw.file, sheet.raw.name or ""
    labels = "、".join(pack.tables[t].label.zh for t in sheet.tables)
    where = "、".join(map(str, sheet.header_rows))
    hidden = "，隐藏的表" if sheet.raw.hidden else ""
    text = f"认作{labels}表；表头在第 {where} 行；数据 {len(sheet.rows)} 行{hidden}"
    yield Line("sheet", file, name, table=sheet.table, text=text, score=sheet.score)
    for note in sheet.notes:
        yield Line("note", file, name, text=note)
    for match in sorted(sheet.matches.values(), key=lambda m: (m.column, m.table)):
        yield _column("column", file, name, match, pack, _why(match, pack))
    for match in sheet.last_year.values():
        yield _column("last_year", file, name, match, pack, f"{match.year} 年，用作上年数")
    for match in sheet.duplicates:
        used = sheet.matches.get((match.table, match.field))
        text = f"与 {used.cell} 是同一字段，未采用" if used else "同一字段的另一列，未采用"
        yield _column("duplicate", file, name, match, pack, text)
    for header, cell in sheet.unmatched:
        text = sheet.reasons.get(cell, "没有对应的字段")
        yield Line("unmatched", file, name, cell, header, text=text)
    for proposal in sheet.proposals:
        yield Line(
            "proposal", file, name, proposal.cell, proposal.header, field=proposal.field,
            text="可能是，需用 --map 确认", score=proposal.score,
        )  # fmt: skip
    for table, field in sheet.missing:
        expected = pack.era in pack.tables[table].fields[field].expected
        text = "应有而没有这一列" if expected else "没有这一列"
        yield Line("missing", file, name, table=table, field=field, text=text)
    for field in sheet.filled_down:
        text = "合并单元格或只写首行，向下补齐"
        yield Line("filled_down", file, name, field=field, text=text)
    for reason, count in Counter(a.reason for a in sheet.set_aside).items():
        at = "、".join(str(a.row + 1) for a in sheet.set_aside if a.reason == reason)
        text = f"{REASON[reason]} {count} 行不作数据：第 {at} 行"
        yield Line("set_aside", file, name, text=text)


def _column(what: What, file: str, sheet: str, match: Match, pack: ResolvedPack, text: str) -> Line:
    return Line(what, file, sheet, match.cell, match.header, match.table, match.field, text)


def _why(match: Match, pack: ResolvedPack) -> str:
    parts = [HOW.get(match.how, match.how)]
    unit = pack.tables[match.table].fields[match.field].unit
    if match.unit and match.factor != 1.0:
        parts.append(f"单位 {match.unit}，换算成 {unit} 乘 {match.factor:g}")
    elif match.unit:
        parts.append(f"单位 {match.unit}")
    if match.year is not None:
        parts.append(f"{match.year} 年")
    if match.inverted:
        parts.append("问法相反，是否对调")
    if match.doubt:
        parts.append(match.doubt)
    return "；".join(parts)
