"""What each person learns, does and is entitled to: one member row per person."""

from __future__ import annotations

from fupin_audit.sample.county import Row
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.families import Person
from fupin_audit.sample.people import Registry

NO_LABOUR = ("无劳动力", "丧失劳动力")
ABLE = ("普通劳动力", "技能劳动力")

_JUNIOR = ("七年级", "八年级", "九年级")
_SENIOR = ("普通高中一年级", "普通高中二年级", "普通高中三年级")
_TRADE = ("中职一年级", "中职二年级", "中职三年级")
_COLLEGE = ("高职高专一年级", "高职高专二年级", "高职高专三年级")
_DEGREE = ("本科一年级", "本科二年级", "本科三年级", "本科四年级")
_NATIONS = (("汉族", 95.0), ("回族", 3.0), ("满族", 1.0), ("蒙古族", 1.0))
_POSTS = ("护林员", "保洁员", "护路员", "护水员")


def make_members(
    draw: Draw, registry: Registry, people: list[Person], household: str, home: str
) -> list[Row]:
    """Return the member rows of one family; `home` is the name of its county."""
    taken: set[str] = set()
    nation = draw.weighted(_NATIONS)
    out = []
    for person in people:
        row = _member(draw, registry, person, nation, taken)
        row["户编号"] = household
        _work(draw, person, row, home)
        _insurance(draw, person, row)
        out.append(row)
    return out


def _member(draw: Draw, registry: Registry, person: Person, nation: str, taken: set[str]) -> Row:
    school = _school(draw, person)
    health = _health(draw, person, school)
    number = registry.id_number(person.birth, person.male)
    grade, card_year = 0, None
    if health == "残疾":
        grade = draw.whole(1, 4)
        card_year = person.birth.year + person.age - draw.whole(0, 8)
        number += f"{draw.pick((1, 3, 4, 7))}{grade}"
    return {
        "户编号": None,
        "人口编号": registry.person_number(),
        "姓名": registry.name(person.surname, person.male, taken),
        "性别": "男" if person.male else "女",
        "证件类型": "残疾人证" if grade else "居民身份证",
        "证件号码": number,
        "出生日期": f"{person.birth:%Y%m%d}",
        "民族": nation,
        "政治面貌": _party(draw, person),
        "与户主关系": person.relation,
        "文化程度": None if school else _education(draw, person),
        "在校生状况": school,
        "义务教育阶段未上学原因": None,
        "健康状况": health,
        "残疾证办证年度": card_year,
        "劳动技能": _labour(draw, person, school, health, grade),
        "务工状况": None,
        "务工所在地": None,
        "务工时间": 0,
        "公益性岗位": None,
        "公益性岗位月数": None,
        "家庭成员联系电话": registry.phone() if person.age >= 16 else None,
        "自然增减": "自然增加" if person.age < 1 else None,
        "人员变更": "新生儿" if person.age < 1 else None,
        "变更时间": person.birth.isoformat() if person.age < 1 else None,
    }


def _school(draw: Draw, person: Person) -> str | None:
    years = person.school_age
    if person.relation not in ("之子", "之女", "之孙子", "之孙女"):
        return None
    if years < 3:
        return "学龄前儿童"
    if years < 6:
        return "学前教育"
    if years < 12:
        return "小学"
    if years < 15:
        return _JUNIOR[years - 12]
    if years < 18:
        return draw.pick((_SENIOR, _SENIOR, _TRADE))[years - 15]
    if years < 21 and draw.chance(0.3):
        return _COLLEGE[years - 18]
    if years < 22 and draw.chance(0.5):
        return _DEGREE[years - 18]
    return None


def _education(draw: Draw, person: Person) -> str:
    if person.age <= 22:
        return draw.weighted((("初中", 5.0), ("高中", 4.0)))
    if person.age <= 35:
        return draw.weighted((("初中", 5.0), ("高中", 3.0), ("大专", 1.5), ("本科及以上", 0.5)))
    if person.age <= 59:
        return draw.weighted((("小学", 3.0), ("初中", 5.5), ("高中", 1.5)))
    return draw.weighted((("文盲或半文盲", 3.0), ("小学", 5.5), ("初中", 1.5)))


def _health(draw: Draw, person: Person, school: str | None) -> str:
    if school or person.age < 25:
        return "健康"
    if person.age < 50:
        return draw.weighted(
            (("健康", 88.0), ("长期慢性病", 6.0), ("患有大病", 2.0), ("残疾", 4.0))
        )
    return draw.weighted((("健康", 62.0), ("长期慢性病", 25.0), ("患有大病", 4.0), ("残疾", 9.0)))


def _labour(draw: Draw, person: Person, school: str | None, health: str, grade: int) -> str:
    if school or person.age < 16:
        return "无劳动力"
    if person.age >= 60:
        weak = health == "健康" and draw.chance(0.7)
        return "弱劳动力或半劳动力" if weak else "无劳动力"
    if health == "健康":
        return "技能劳动力" if draw.chance(0.2) else "普通劳动力"
    return "丧失劳动力" if grade in (1, 2) else "弱劳动力或半劳动力"


def _party(draw: Draw, person: Person) -> str:
    if 14 <= person.age <= 27 and draw.chance(0.3):
        return "共青团员"
    return "中共党员" if person.age >= 25 and draw.chance(0.06) else "群众"


def _work(draw: Draw, person: Person, row: Row, home: str) -> None:
    """Give work to those who can: always to the skilled and the graduates."""
    if row["劳动技能"] not in ABLE:
        return
    must = row["劳动技能"] == "技能劳动力" or row["文化程度"] in ("大专", "本科及以上")
    if person.age >= 40 and not must and draw.chance(0.12):
        row["公益性岗位"] = draw.pick(_POSTS)
        row["公益性岗位月数"] = draw.whole(6, 12)
        return
    if not must and not draw.chance(0.55 if person.relation == "配偶" else 0.85):
        return
    place, county = draw.pick(
        (
            ("乡(镇)内务工", home),
            ("乡(镇)外县内务工", home),
            ("县外省内务工", "西安市长安区"),
            ("省外务工", "苏州市吴中区"),
        )
    )
    row["务工状况"] = place
    row["务工所在地"] = county
    row["务工时间"] = draw.whole(5, 12)


def _insurance(draw: Draw, person: Person, row: Row) -> None:
    employed = row["务工状况"] == "省外务工" and draw.chance(0.1)
    pension = person.age >= 16 and not row["在校生状况"]
    row["是否参加城乡居民基本医疗保险"] = "否" if employed else "是"
    row["是否参加城镇职工基本医疗保险"] = "是" if employed else "否"
    row["是否参加大病保险"] = "是"
    row["是否参加城乡居民基本养老保险"] = "是" if pension and not employed else "否"
    row["是否参加城镇职工基本养老保险"] = "是" if employed else "否"
    row["是否享受农村居民最低生活保障"] = "否"
    row["是否特困供养人员"] = "否"
    row["是否接受医疗救助"] = "是" if row["健康状况"] == "患有大病" else "否"
