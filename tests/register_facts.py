"""One small register with known faults, and the grids it can be written as.

Six households, five faults. Every file shape must tell the same five, as far
as it has the columns for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from stdnum.cn import ric

import fupin_audit
from fupin_audit.model.run import CheckResult

Grid = list[list[Any]]
DAY = date(2019, 12, 31)

# Headers of the older list of persons, in its own order, and the field of each.
WIDE = {
    "县(市、区、旗)": "县", "乡(镇)": "乡", "行政村": "村", "自然村": "自然村", "户编号": "户编号",
    "人编号": "人口编号", "姓名": "姓名", "证件号码": "证件号码", "人数": "家庭人口数",
    "与户主关系": "与户主关系", "民族": "民族", "文化程度": "文化程度", "在校生状况": "在校生状况",
    "健康状况": "健康状况", "劳动技能": "劳动技能", "务工状况": "务工状况",
    "务工时间（月）": "务工时间", "参加大病医疗": "是否参加大病保险", "脱贫属性": "脱贫属性",
    "贫困户属性": "贫困户属性", "主要致贫原因": "主要致贫原因", "危房户": "是否危房户",
    "饮水安全": "是否解决安全饮用水", "饮水困难": "饮水是否困难", "人均纯收入": "人均纯收入",
    "联系电话": "户联系电话",
}  # fmt: skip
PLACE = ["县", "乡", "村"]
HOUSE = [*PLACE, "户编号", "户主姓名", "家庭人口数", "脱贫属性", "贫困户属性", "主要致贫原因",
         "是否危房户", "是否解决安全饮用水", "饮水是否困难", "人均纯收入",
         "户联系电话"]  # fmt: skip
PERSON = ["户编号", "人口编号", "姓名", "证件号码", "与户主关系", "民族", "文化程度", "在校生状况",
          "健康状况", "劳动技能", "是否参加大病保险"]  # fmt: skip
OWN = frozenset(WIDE.values()) | {"户主姓名"}

# rule → (whose: a head for a household's finding, else a person; fields it needs)
FAULTS = {
    "ID004": ("李春花", {"证件号码"}),
    "HH014": ("孙丽", {"证件号码", "与户主关系"}),
    "FM003": ("周福", {"文化程度"}),
    "HH019": ("赵长河", {"家庭人口数"}),
    "IC208": ("吴桂兰", {"人均纯收入"}),
}
# What a sheet's own make-up causes, whatever the facts.
OF_THE_SHAPE = {"FM001", "FM006", "FM007", "FM008"}


def number(born: str, serial: int) -> str:
    """Return a made-up id number whose check digit is right."""
    body = f"611002{born}{serial:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def _wrong(right: str) -> str:
    return right[:-1] + ("1" if right[-1] != "1" else "2")


def _person(name: str, relation: str, born: str, serial: int, education: str = "小学") -> Any:
    return {
        "姓名": name, "证件号码": number(born, serial), "与户主关系": relation, "民族": "汉族",
        "文化程度": education, "健康状况": "健康", "劳动技能": "普通劳动力",
        "性别": "男" if serial % 2 else "女", "是否参加大病保险": "是",
    }  # fmt: skip


_FAMILIES = [
    [_person("陈大山", "户主", "19700312", 11), _person("李春花", "配偶", "19720905", 22),
     _person("陈小明", "之子", "19950617", 33, "高中")],
    [_person("赵长河", "户主", "19600228", 15), _person("钱秀英", "配偶", "19621109", 24)],
    [_person("孙国强", "户主", "19700101", 17), _person("孙丽", "之子", "19990520", 28, "初中")],
    [_person("周福", "户主", "19621212", 19, "小学二年级半")],
    [_person("吴桂兰", "户主", "19611030", 26)],
    [_person("郑大庆", "户主", "19660815", 31), _person("王玉梅", "配偶", "19680704", 32)],
]  # fmt: skip
_FAMILIES[0][1]["证件号码"] = _wrong(_FAMILIES[0][1]["证件号码"])


def _house(at: int, family: list[Any]) -> dict[str, Any]:
    return {
        "县": "商州区", "乡": "柳溪镇", "村": "王家村", "自然村": "一组",
        "户编号": f"61100200000000{at:02d}", "户主姓名": family[0]["姓名"],
        "家庭人口数": 3 if at == 2 else len(family), "脱贫属性": "未脱贫",
        "贫困户属性": "一般贫困户", "主要致贫原因": "缺资金", "是否危房户": "否",
        "是否解决安全饮用水": "是", "饮水是否困难": "否",
        "人均纯收入": -300 if at == 5 else 5000 + 137 * at, "户联系电话": f"138000000{at:02d}",
    }  # fmt: skip


HOUSES = [_house(at, family) for at, family in enumerate(_FAMILIES, start=1)]
PEOPLE = [
    {"户编号": house["户编号"], "人口编号": f"{house['户编号']}{n}", **member}
    for house, family in zip(HOUSES, _FAMILIES)
    for n, member in enumerate(family, start=1)
]
ROWS = [{**next(h for h in HOUSES if h["户编号"] == p["户编号"]), **p} for p in PEOPLE]
FAMILIES = [[r for r in ROWS if r["户编号"] == h["户编号"]] for h in HOUSES]


def grid(rows: Sequence[dict[str, Any]], headers: dict[str, str] | Sequence[str]) -> Grid:
    """Return a header row and one row per record; `headers` maps header → field."""
    named = headers if isinstance(headers, dict) else {h: h for h in headers}
    return [list(named), *([row.get(field) for field in named.values()] for row in rows)]


def as_text(lines: Grid) -> Grid:
    """Write every cell as text, as the national exports do."""
    return [["" if cell is None else str(cell) for cell in line] for line in lines]


def wide() -> Grid:
    return grid(ROWS, WIDE)


def houses() -> Grid:
    return grid(HOUSES, HOUSE)


def people() -> Grid:
    return grid(PEOPLE, PERSON)


def expected(fields: frozenset[str] = OWN) -> set[tuple[str, str]]:
    """Return the (rule, name) pairs a file with these fields must give."""
    return {(rule, who) for rule, (who, needs) in FAULTS.items() if needs <= fields}


def found(result: CheckResult) -> set[tuple[str, str]]:
    """Return the (rule, name) pairs of a result, a household by its head's name."""
    return {
        (hits.rule, _who(result, hits.table, row))
        for hits in result.findings.hits
        if hits.rule not in OF_THE_SHAPE
        for row in hits.rows.tolist()
    }


def _who(result: CheckResult, table: str, row: int) -> str:
    frame = result.dataset.tables[table].frame
    if table == "member":
        return str(frame["姓名"].iloc[row])
    if "户主姓名" in frame and frame["户主姓名"].notna().iloc[row]:
        return str(frame["户主姓名"].iloc[row])
    members = result.dataset.tables["member"].frame
    return str(members.loc[members["户编号"] == frame["户编号"].iloc[row], "姓名"].iloc[0])


shipped = cache(fupin_audit.load_pack)


def check(*paths: Any) -> CheckResult:
    return fupin_audit.check([str(p) for p in paths], as_of=DAY, region="", pack=shipped())
