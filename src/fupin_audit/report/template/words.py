"""What a blank form says of each of its columns."""

from __future__ import annotations

from fupin_audit.packs.resolve import ERA_ZH, ResolvedPack
from fupin_audit.report.template.columns import Column
from fupin_audit.report.workbook.entry import PROMPT_LIMIT, how_to, labels

GROUPS = {"must": "必填", "list": "从下拉框选", "free": "选填"}
_ALIASES = 6
_LISTED = 40
_OWN = {
    "id_number": "填 18 位身份证号；持残疾证的可填 20 位残疾证号。末位是 X 的写大写 X",
    "name": "照证件上的姓名填，中间不加空格",
    "region": "填全称，不用简称",
    "account": "把编号或账号填全，不加空格",
    "text": "填文字，写简短",
    "phone": "填手机号，或带区号的座机号，不加空格",
}
_HINTS = {
    "id_number": "18 位", "phone": "填 11 位", "date": "如 2019-05-20", "month": "如 2019-05",
    "period": "如 2019-05", "year": "如 2019", "code": "下拉", "codes": "可选几项",
}  # fmt: skip
_EXAMPLE_OF_ROLE = {
    "province": "陕西省", "city": "商洛市", "county": "商州区", "township": "柳溪镇",
    "village": "上河村", "household_key": "6110020001", "person_key": "611002000101",
}  # fmt: skip
_EXAMPLE = {
    "id_number": "11010519491231002X", "name": "张三", "phone": "13800000000",
    "account": "6210000000000000000", "date": "2019-05-20", "month": "2019-05",
    "period": "2019-05", "year": "2019", "money": "5000", "integer": "4", "number": "3.5",
    "region": "商州区",
}  # fmt: skip
_EXAMPLE_OF_UNIT = {"月": "6", "%": "2.5", "平方米": "80", "公里": "1.2", "万元": "12.5"}


def hint(column: Column) -> str:
    """Return the second line of a header, such that readers of headers know it for one."""
    parts = ["必填"] if column.group == "must" else []
    unit = column.entry.unit
    if column.entry.kind == "number":
        if unit and not parts:
            return f"({unit})"
        parts.append(unit or ("整数" if column.field.type == "integer" else "数字"))
    elif told := _HINTS.get(column.field.type):
        parts.append(told)
    return f"({'，'.join(parts)})" if parts else ""


def filling(column: Column, pack: ResolvedPack) -> str:
    """Return what to type, in a sentence."""
    told = _OWN.get(column.field.type) or how_to(column.entry)
    codes = pack.codes.get(column.entry.codes)
    if codes and codes.open and column.field.type == "code":
        told += "；没有合适的可以自己填"
    return told


def values(column: Column, pack: ResolvedPack) -> list[str]:
    """Return the values that may be chosen on the day of the pack."""
    if column.entry.codes not in pack.codes:
        return []
    return labels(pack, column.entry.codes, pack.as_of.year)


def prompt(column: Column, pack: ResolvedPack) -> str:
    """Return what is shown beside a cell that is entered."""
    told = ("必填。" if column.group == "must" else "") + filling(column, pack) + "。"
    if column.field.type == "codes":
        told += "可选：" + "、".join(values(column, pack))
    return told if len(told) <= PROMPT_LIMIT else told[: PROMPT_LIMIT - 1] + "…"


def note(column: Column, pack: ResolvedPack) -> str:
    """Return the note on a header: everything there is to know of the column."""
    field = column.field
    lines = [f"{column.name}（{GROUPS[column.group]}）", filling(column, pack)]
    if chosen := values(column, pack):
        more = "……" if len(chosen) > _LISTED else ""
        lines.append("可选的值：" + "、".join(chosen[:_LISTED]) + more)
    if field.required and len(field.required) < len(ERA_ZH):
        lines.append("必填的时期：" + "、".join(ERA_ZH[era] for era in field.required))
    if field.note:
        lines.append(field.note)
    chinese = [a for a in field.aliases if not a.isascii()][:_ALIASES]
    if chinese:
        lines.append("别的表上也叫：" + "、".join(chinese))
    return "\n".join(lines)


def example(column: Column, pack: ResolvedPack) -> str:
    """Return a value as it might be typed; nobody's."""
    chosen = values(column, pack)
    if chosen:
        return "、".join(chosen[:2]) if column.field.type == "codes" else chosen[0]
    return (
        _EXAMPLE_OF_ROLE.get(column.field.role or "")
        or _EXAMPLE_OF_UNIT.get(column.entry.unit)
        or _EXAMPLE.get(column.field.type, "")
    )
