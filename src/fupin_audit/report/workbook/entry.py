"""How a value is typed into a cell: the help Excel gives, field by field.

What is refused outright cannot be typed at all, and townships know writings we
do not; so a doubtful entry is asked about, and stays if it is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack
    from fupin_audit.packs.shapes import Field

NOWHERE = "nowhere"
_INLINE = 255
"""Letters of a drop-down that stands in the cell's own rules."""

PROMPT_LIMIT, TITLE_LIMIT = 255, 32


class Entry(NamedTuple):
    """One way to type a value.

    Attributes:
        field: The field's name; empty where there is none.
        kind: `text`, `number` or `date`: what the cell is.
        type: The field's type in the pack; `NOWHERE` where there is no one cell.
        codes: The code list, empty for none.
        unit: Of the column as the township has it.
    """

    field: str = ""
    kind: str = "text"
    type: str = "text"
    codes: str = ""
    unit: str = ""

    @property
    def check(self) -> str:
        """What is checked of a value while it is typed."""
        return {"id_number": "id", NOWHERE: "none"}.get(self.type, "")


_KINDS = {"integer": "number", "money": "number", "number": "number", "date": "date"}


def entry_of(name: str, field: Field | None, unit: str) -> Entry:
    """Return how a field is typed, in the unit of its column."""
    if field is None:
        return Entry(name)
    kind = _KINDS.get(field.type, "text")
    return Entry(name, kind, field.type, field.codes or "", unit)


def labels(pack: ResolvedPack, codes: str, year: int) -> list[str]:
    """Return the values of a code list that are in use in a year."""
    return [
        one.label
        for one in pack.codes[codes].values
        if (one.since or 0) <= year <= (one.until or 9999)
    ]


def fits_inline(values: list[str]) -> bool:
    """May a drop-down hold the values itself?"""
    return len(",".join(values)) <= _INLINE and not any("," in value for value in values)


def how_to(entry: Entry) -> str:
    """Return what to type, as a clerk is told."""
    unit = f"，单位：{entry.unit}" if entry.unit else ""
    return {
        "integer": f"填整数{unit}", "money": f"填数字{unit}", "number": f"填数字{unit}",
        "date": "填日期，如 2019-05-20", "month": "填年月，如 2019-05",
        "period": "填年月或年份，如 2019-05、2019", "year": "填四位年份，如 2019",
        "id_number": "填 18 位号码；“校验”列会告诉您对不对", "phone": "填电话号码，不加空格",
        NOWHERE: "这一条没有单独的一格，请直接改原表，这里不用填",
        "account": "填完整的号码", "codes": "可选几项，用、隔开", "code": "从下拉框里选",
    }.get(entry.type, "填这一格应有的内容")  # fmt: skip


def validation(
    entry: Entry, cell: str, values: list[str], source: str, is_open: bool
) -> dict[str, Any]:
    """Return the rule for cells of an entry, as xlsxwriter takes it.

    Args:
        cell: Address of the first of them, for rules that compute.
        values: Of the code list.
        source: Where they stand, if they do not fit the rule.
        is_open: The list is known to be incomplete.
    """
    unit = f"，单位：{entry.unit}" if entry.unit else ""
    made: dict[str, Any]
    if entry.codes and values and entry.type in ("code", "codes"):
        made = {"validate": "list", "source": values if fits_inline(values) else source}
        several = entry.type == "codes"
        made["error_type"] = "information" if is_open or several else "warning"
        made["show_error"] = not several
        made["error_message"] = "下拉框里没有这个写法。确实要这样填吗？"
    elif entry.type == "integer":
        made = {"validate": "integer", "criteria": ">=", "value": 0}
        made["error_message"] = f"这里一般填不小于 0 的整数{unit}。确实要这样填吗？"
    elif entry.kind == "number":
        made = {"validate": "decimal", "criteria": ">=", "value": 0}
        made["error_message"] = f"这里一般填不小于 0 的数字{unit}。确实要这样填吗？"
    elif entry.kind == "date":
        made = {"validate": "custom", "value": _DAY.format(cell)}
        made["error_message"] = "日期请写成 2019-05-20。确实要这样填吗？"
    elif entry.type in ("month", "period", "year"):
        made = {"validate": "custom", "value": _YEAR.format(cell)}
        made["error_message"] = "前四位应是年份，如 2019-05。确实要这样填吗？"
    elif entry.check == "id":
        made = {"validate": "custom", "value": f"OR(LEN({cell})=18,LEN({cell})=20)"}
        made["error_message"] = "身份证号是 18 位，残疾证号是 20 位。确实要这样填吗？"
    elif entry.type == "phone":
        made = {"validate": "custom", "value": f"AND(LEN({cell})>=7,LEN({cell})<=13)"}
        made["error_message"] = "电话号码的位数不对。确实要这样填吗？"
    else:
        made = {"validate": "any"}
    made.setdefault("error_type", "warning")
    made["error_title"] = "请再看一眼"
    made["input_title"] = entry.field[:TITLE_LIMIT]
    made["input_message"] = how_to(entry)[:PROMPT_LIMIT]
    return made


_DAY = (
    "OR(AND(ISNUMBER({0}),{0}>=1,{0}<73051),"
    "AND(ISTEXT({0}),ISNUMBER(--LEFT({0},4)),LEN({0})>=8))"
)  # 73051 is the first day of 2100
_YEAR = "AND(ISNUMBER(--LEFT({0},4)),--LEFT({0},4)>=1900,--LEFT({0},4)<2100)"
