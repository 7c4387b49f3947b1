"""Faults in who belongs to a household and how it is reached."""

from __future__ import annotations

from datetime import date, timedelta

from fupin_audit.domain.citizen_id import check_character
from fupin_audit.sample.county import Row
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.incomes import amount
from fupin_audit.sample.people import HOUSEHOLDS_PER_VILLAGE

_RELATION = "与户主关系"
_ORDERS = 400


def _no_head(host: Host) -> bool:
    if len(host.members) < 2:
        return False
    host.put(host.head, _RELATION, "其他")
    host.expect("HH011")
    return True


def _two_heads(host: Host) -> bool:
    person = host.relative("之父", "之母")
    if person is None:
        return False
    host.put(person, _RELATION, "户主")
    host.expect("HH012", host.head)
    host.expect("HH012", person)
    return True


def _no_relation(host: Host) -> bool:
    person = host.relative("之子", "之女")
    if person is None:
        return False
    host.put(person, _RELATION, None)
    host.expect("HH013", person)
    return True


def _relation_against_sex(host: Host) -> bool:
    person = host.relative("之子", "之女")
    if person is None:
        return False
    host.put(person, _RELATION, "之女" if person[_RELATION] == "之子" else "之子")
    host.expect("HH014", person)
    return True


def _two_spouses(host: Host) -> bool:
    wife = host.relative("配偶")
    mother = host.relative("之母")
    if wife is None or mother is None:
        return False
    host.put(mother, _RELATION, "配偶")
    host.expect("HH016", wife)
    host.expect("HH016", mother)
    return True


def _child_older_than_head(host: Host) -> bool:
    person = host.relative("之父")
    if person is None:
        return False
    host.put(person, _RELATION, "之子")
    host.expect("HH017", person)
    return True


def _wrong_size(host: Host) -> bool:
    if amount(host.row["住房面积"]) < 20 * len(host.members):
        return False
    host.put(host.row, "家庭人口数", len(host.members) + 1)
    host.expect("HH019")
    return True


def _orphans(host: Host) -> bool:
    for member in host.members:
        host.expect("HH021", member)
    host.removed = "household"
    return True


def _empty(host: Host) -> bool:
    host.expect("HH020")
    host.removed = "members"
    return True


def _same_number(host: Host) -> bool:
    person = host.relative("配偶", "之子", "之女")
    if person is None:
        return False
    host.put(person, "人口编号", host.head["人口编号"])
    host.expect("HH023", host.head)
    host.expect("HH023", host.head)
    return True


def _no_village(host: Host) -> bool:
    host.put(host.row, "村", None)
    host.expect("HH024")
    return True


def _head_name(host: Host) -> bool:
    name = str(host.row["户主姓名"])
    host.put(host.row, "户主姓名", name[0] + ("甲" if "甲" not in name else "乙"))
    host.expect("HH102")
    return True


def _no_head_name(host: Host) -> bool:
    host.put(host.row, "户主姓名", None)
    host.expect("FM001")
    return True


def _young_wife(host: Host) -> bool:
    wife = host.relative("配偶")
    if wife is None or len(str(wife["证件号码"])) != 18 or host.age(wife) >= 55:
        return False
    if wife["健康状况"] != "健康":
        return False
    # One birthday and order code for each household number, or ids would repeat.
    number = int(host.key[-10:-5]) * HOUSEHOLDS_PER_VILLAGE + int(host.key[-5:])
    days, order = divmod(number, _ORDERS)
    born = f"{date(host.year - 18, 4, 10) - timedelta(days=days % 90):%Y%m%d}"
    first17 = f"{str(wife['证件号码'])[:6]}{born}{2 * order:03d}"
    host.put(wife, "出生日期", born)
    host.put(wife, "证件号码", first17 + check_character(first17))
    host.put(wife, "文化程度", "初中")
    host.put(wife, "劳动技能", "普通劳动力")
    host.expect("HH103", wife)
    return True


def _namesakes(host: Host) -> bool:
    children = [m for m in host.members if m[_RELATION] in ("之子", "之女")]
    if len(children) < 2:
        return False
    host.put(children[1], "姓名", children[0]["姓名"])
    host.expect("HH104", children[0])
    host.expect("HH104", children[1])
    return True


def _short_phone(host: Host) -> bool:
    host.put(host.row, "户联系电话", str(host.row["户联系电话"])[:10])
    host.expect("CT032" if host.watched else "CT031")
    return True


def _no_phone(host: Host) -> bool:
    host.put(host.row, "户联系电话", None)
    host.expect("CT032" if host.watched else "CT031")
    return True


def _no_collector(host: Host) -> bool:
    if host.row["风险是否已消除"] != "是":
        return False
    host.put(host.row, "信息采集人", None)
    host.expect("CT036")
    return True


def _worker_phone(host: Host) -> bool:
    person = host.one(_works)
    if person is None:
        return False
    host.put(person, "家庭成员联系电话", f"{person['家庭成员联系电话']}6")
    host.expect("CT033", person)
    return True


def _works(member: Row) -> bool:
    return amount(member["务工时间"]) > 0


def _shared_phone(host: Host) -> bool:
    other = host.partner(lambda h: True)
    if other is None:
        return False
    host.put(host.row, "户联系电话", other.row["户联系电话"])
    host.expect("CT035")
    other.expect("CT035")
    host.expected.extend(other.expected)
    return True


def _disagreeing_rows(host: Host) -> bool:
    """The last row of a wide sheet tells another size of house than the others."""
    if len(host.members) < 2:
        return False
    last = host.members[-1]
    last["住房面积"] = host.row["住房面积"]
    host.put(last, "住房面积", amount(host.row["住房面积"]) + 5)
    host.expect("HH101")
    return True


_TWO_SHEETS = ("households",)

KINDS = (
    Kind("no-head", "HH011", (_RELATION,), _no_head),
    Kind("two-heads", "HH012", (_RELATION,), _two_heads),
    Kind("relation-blank", "HH013", (_RELATION,), _no_relation),
    Kind("relation-against-sex", "HH014", (_RELATION,), _relation_against_sex),
    Kind("two-spouses", "HH016", (_RELATION,), _two_spouses),
    Kind("child-older-than-head", "HH017", (_RELATION,), _child_older_than_head),
    Kind("household-size", "HH019", ("家庭人口数",), _wrong_size),
    Kind("orphan-members", "HH021", ("户编号",), _orphans, only=_TWO_SHEETS),
    Kind("empty-household", "HH020", ("户编号",), _empty, only=_TWO_SHEETS),
    Kind("person-number-twice", "HH023", ("人口编号",), _same_number),
    Kind("village-blank", "HH024", ("村",), _no_village),
    Kind("head-name-differs", "HH102", ("户主姓名",), _head_name),
    Kind("head-name-blank", "FM001", ("户主姓名",), _no_head_name),
    Kind("wife-under-age", "HH103", (_RELATION,), _young_wife),
    Kind("namesakes", "HH104", ("姓名",), _namesakes),
    Kind("phone-too-short", "CT031", ("户联系电话",), _short_phone),
    Kind("phone-blank", "CT031", ("户联系电话",), _no_phone),
    Kind("collector-blank", "CT036", ("信息采集人",), _no_collector, since=2021),
    Kind("worker-phone", "CT033", ("家庭成员联系电话",), _worker_phone),
    Kind("phone-shared", "CT035", ("户联系电话",), _shared_phone),
    Kind("rows-disagree", "HH101", ("住房面积",), _disagreeing_rows, only=("wide",)),
)
