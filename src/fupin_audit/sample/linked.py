"""The tables that go with the households: villages, work spells, work plans, procedures.

They are made from the rows as they stand, faults and all: the exports of one
system agree with each other. Only rows whose id number or village can be read
appear in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from fupin_audit.sample.county import County, Row
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.incomes import amount
from fupin_audit.sample.lives import ABLE
from fupin_audit.sample.steps import procedures, recognition

Tables = dict[str, list[Row]]
PLACES = {
    "乡(镇)内务工": ("", "", ""),
    "乡(镇)外县内务工": ("", "", ""),
    "县外省内务工": ("陕西省", "西安市", "长安区"),
    "省外务工": ("江苏省", "苏州市", "吴中区"),
}
_TRADES = ("制造业", "建筑业", "住宿和餐饮业", "居民服务业")
_LAND = (
    ("耕地面积", "耕地面积"), ("林地面积", "林地面积"), ("退耕还林面积", "退耕还林面积"),
    ("林果面积", "林果面积"), ("牧草地面积", "牧草地面积"), ("水域面积", "水面面积"),
)  # fmt: skip
_FEWEST = 1200
"""People of the smallest village; the poor are so few of them that it may exit."""


def linked_tables(
    draw: Draw, parts: Iterable[tuple[County, frozenset[str]]], as_of: date, monitoring: bool
) -> Tables:
    """Return the rows of every linked table, by the name of its shape.

    `parts` say with each part of the county which fields its file shows: the
    land of a village is the sum of what can be seen.
    """
    households: list[Row] = []
    people: dict[str, list[Row]] = {}
    for part, fields in parts:
        unseen = dict.fromkeys(own for _, own in _LAND if own not in fields)
        households += [{**h, **unseen} for h in part.households]
        people.update(part.families())
    known = {str(h["户编号"]): h for h in households}
    tables: Tables = {"village": [], "work": [], "work_plan": [], "procedure": []}
    for key, members in people.items():
        if key not in known:
            continue
        for member in members:
            if isinstance(member["证件号码"], str):
                tables["work"] += _spells(draw, known[key], member, as_of)
                tables["work_plan"] += _plan(draw, known[key], member, as_of)
    for household in households:
        steps = procedures(household) if monitoring else recognition(household)
        tables["procedure"] += steps
    tables["village"] = list(_villages(draw, households, people, as_of, monitoring))
    if not monitoring:
        tables["county"] = [_county(households, tables["village"], as_of)]
    return tables


def _county(households: list[Row], villages: list[Row], as_of: date) -> Row:
    """Return the indicators of a county that exits this year and may."""
    people = sum(int(amount(v["农业户籍人口数"])) for v in villages) + 50_000
    poor = sum(int(amount(v["未脱贫人口数"])) for v in villages)
    return {
        "县": households[0]["县"], "年度": as_of.year, "摘帽年度": as_of.year,
        "农业户籍人口数": people, "建档立卡人口数": _heads(households), "未脱贫人口数": poor,
        "综合贫困发生率": round(poor * 100 / people, 2), "错退率": 0.1, "漏评率": 0.2,
        "群众认可度": 97.5, "通硬化路村比例": 100, "自来水普及率": 96.5, "通电率": 100,
        "安全住房比例": 99.2, "贫困人口参保比例": 100, "农村居民人均可支配收入": 9850,
        "全省农村居民人均可支配收入": 12326, "是否国家抽查": "是",
    }  # fmt: skip


def _person(household: Row, member: Row) -> Row:
    return {
        **{n: household[n] for n in ("县", "乡", "村")},
        **{n: member[n] for n in ("户编号", "人口编号", "姓名", "证件号码")},
        "年度": household["年度"],
    }


def _spells(draw: Draw, household: Row, member: Row, as_of: date) -> Iterator[Row]:
    """Yield one or two spells of the year that add up to the months of work."""
    months = min(int(amount(member["务工时间"])), as_of.month)
    if months < 1:
        return
    pieces = [months]
    if 5 < months < as_of.month and draw.chance(0.3):
        pieces = [months // 2, months - months // 2]
    first = as_of.month - months - len(pieces) + 2
    where = PLACES.get(str(member["务工状况"]), ("", "", ""))
    own = (household["省"], household["市"], household["县"])
    province, city, county = where if where[0] else own
    for length in pieces:
        last = first + length - 1
        open_ended = last == as_of.month
        yield {
            **_person(household, member),
            "是否已务工": "是" if open_ended else "否",
            "务工所在省": province,
            "务工所在市": city,
            "务工所在县": county,
            "务工状况": member["务工状况"],
            "开始时间": f"{as_of.year}{first:02d}",
            "结束时间": None if open_ended else f"{as_of.year}{last:02d}",
            "务工时间": length,
            "务工月收入": draw.whole(26, 48) * 100,
            "务工企业名称": draw.pick(("兴达劳务公司", "宏远建设公司", "个体餐馆")),
            "所属行业": draw.pick(_TRADES),
            "就业渠道": "外出务工" if where[0] else "务工",
            "是否点对点输送": draw.pick(("是", "否")) if where[0] else "否",
            "年度交通费补助": 500 if where[0] else 0,
        }
        first = last + 2


def _plan(draw: Draw, household: Row, member: Row, as_of: date) -> Iterator[Row]:
    idle = not amount(member["务工时间"]) and not member["公益性岗位"]
    if member["劳动技能"] not in ABLE or not idle or member["在校生状况"]:
        return
    if draw.chance(0.5):
        yield {
            **_person(household, member),
            "是否计划务工": "是",
            "计划务工所在省": "陕西省",
            "计划务工所在市": "西安市",
            "计划务工所在县": "长安区",
            "计划务工时间": f"{as_of.year + 1}03",
            "是否有就业服务需求": "是",
            "就业服务需求": draw.pick(("岗位信息", "技能培训")),
        }


def _villages(
    draw: Draw, households: list[Row], people: dict[str, list[Row]], as_of: date, monitoring: bool
) -> Iterator[Row]:
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for household in households:
        if household["村"]:
            place = (str(household["县"]), str(household["乡"]), str(household["村"]))
            groups.setdefault(place, []).append(household)
    for place, rows in groups.items():
        members = [m for h in rows for m in people.get(str(h["户编号"]), [])]
        yield _village(draw, place, rows, members, as_of, monitoring)


def _heads(rows: list[Row]) -> int:
    return sum(int(amount(h["家庭人口数"])) for h in rows)


def _village(
    draw: Draw,
    place: tuple[str, str, str],
    rows: list[Row],
    members: list[Row],
    as_of: date,
    monitoring: bool,
) -> Row:
    listed = [h for h in rows if not monitoring or h["户类型"] == "脱贫户"]
    poor = [] if monitoring else [h for h in listed if h["脱贫属性"] == "未脱贫"]
    total = max(_FEWEST, _heads(rows) * 6, _heads(poor) * 80) + draw.whole(0, 60)
    out = not monitoring and draw.chance(0.4)
    land = {name: round(2 * sum(amount(h[own]) for h in rows) + 40) for name, own in _LAND}
    return {
        "县": place[0], "乡": place[1], "村": place[2], "年度": as_of.year,
        "自然村数": 5, "村属性": "贫困村" if out else "非贫困村",
        "总户数": total // 3 + len(rows), "总人口数": total, "农业户籍人口数": total,
        "贫困户数": len(listed), "贫困人口数": _heads(listed),
        "未脱贫户数": len(poor), "未脱贫人口数": _heads(poor),
        "贫困发生率": round(_heads(poor) * 100 / total, 2),
        "低保户数": 12 + len(rows) // 4, "低保人口数": 30 + len(rows),
        "特困供养人口数": 3 + sum(m["是否特困供养人员"] == "是" for m in members),
        "残疾人口数": 9 + sum(m["健康状况"] == "残疾" for m in members),
        "劳动力人数": total // 2,
        **land,
        "村级集体经济收入": draw.whole(5, 30), "农民专业合作社个数": 1,
        "参加城乡居民基本医疗保险人数": total - draw.whole(0, 20),
        "参加城乡居民基本养老保险人数": total // 2,
        "贫困人口参加医疗保险人数": _heads(listed),
        "是否通客运班车": "是", "到乡镇是否通沥青水泥路": "是", "是否通硬化路": "是",
        "是否解决安全饮用水": "是", "是否通电": "是", "是否有卫生室": "是",
        "未实现饮水安全户数": 0, "危房户数": 0, "行政村卫生室个数": 1, "公共卫生厕所个数": 2,
        "执业助理医师人数": 1, "垃圾集中堆放点个数": 6, "文化图书室个数": 1,
        "村小学个数": draw.whole(0, 1),
        "是否出列": "是" if out else None, "出列年度": as_of.year if out else None,
        "乡镇公示开始日期": f"{as_of.year}-10-10" if out else None,
        "乡镇公示结束日期": f"{as_of.year}-10-19" if out else None,
        "公告日期": f"{as_of.year}-11-20" if out else None,
    }  # fmt: skip
