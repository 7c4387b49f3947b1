"""Faults in health, disability and labour."""

from __future__ import annotations

from fupin_audit.sample.county import Row
from fupin_audit.sample.faults.build import (
    able,
    full_years,
    grown,
    idle,
    listed,
    person,
    short_of_labour,
)
from fupin_audit.sample.faults.host import Host
from fupin_audit.sample.incomes import amount
from fupin_audit.sample.lives import NO_LABOUR

_HEALTH, _LABOUR, _KIND = "健康状况", "劳动技能", "证件类型"
_BORN = ("证件号码",)
_GRADUATE = ("大专", "本科及以上")


def _adult(host: Host, member: Row) -> bool:
    return listed(host) and grown(host, member)


def _healthy(host: Host, member: Row) -> bool:
    return _adult(host, member) and member[_HEALTH] == "健康"


def _spare(host: Host, member: Row) -> bool:
    """Whether the person is able and idle, and another is able too."""
    others = [m for m in host.members if m is not member and able(m)]
    return _healthy(host, member) and able(member) and idle(member) and bool(others)


def _sick(host: Host, member: Row) -> bool:
    return (
        grown(host, member)
        and member[_HEALTH] == "长期慢性病"
        and member["文化程度"] not in _GRADUATE
        and not short_of_labour(host)
        and listed(host)
    )


def _elder(host: Host, member: Row) -> bool:
    return (
        listed(host)
        and full_years(host, member) >= 61
        and member[_HEALTH] != "残疾"
        and member["是否特困供养人员"] == "否"
        and not short_of_labour(host)
    )


def _card(member: Row) -> str:
    number = str(member["证件号码"])
    return number[18:] if len(number) == 20 else ""


def _severe(host: Host, member: Row) -> bool:
    return (
        listed(host)
        and grown(host, member)
        and _card(member)[1:] in ("1", "2")
        and not short_of_labour(host)
        and member[_LABOUR] in NO_LABOUR
        and member["文化程度"] not in _GRADUATE
    )


def _skilled(host: Host, member: Row) -> bool:
    others = [m for m in host.members if m is not member and amount(m["务工时间"])]
    return (
        _healthy(host, member)
        and member[_LABOUR] == "技能劳动力"
        and member["文化程度"] not in _GRADUATE
        and bool(others)
    )


KINDS = (
    person("health-blank", "HL061", {_HEALTH: None}, _healthy),
    person("labour-blank", "HL062", {_LABOUR: None},
           lambda h, m: _healthy(h, m) and m is not h.head),
    person("child-with-labour", "HL063", {_LABOUR: "普通劳动力"},
           lambda h, m: listed(h) and full_years(h, m) < 15 and not short_of_labour(h),
           needs=_BORN),
    person("healthy-and-disabled", "HL064", {_LABOUR: "丧失劳动力"}, _spare,
           needs=(_HEALTH, "在校生状况", *_BORN)),
    person("healthy-without-labour", "HL065", {_LABOUR: "无劳动力"}, _spare,
           needs=(_HEALTH, "在校生状况", *_BORN)),
    person("healthy-and-weak", "HL066", {_LABOUR: "弱劳动力或半劳动力"}, _spare,
           needs=(_HEALTH, "在校生状况", *_BORN)),
    person("sick-with-labour", "HL067", {_LABOUR: "普通劳动力"}, _sick, needs=(_HEALTH, *_BORN)),
    person("elder-with-labour", "HL068", {_LABOUR: "普通劳动力"}, _elder, needs=_BORN),
    person("disabled-without-card", "HL069", {_KIND: "居民身份证"},
           lambda h, m: listed(h) and m[_HEALTH] == "残疾", needs=(_HEALTH,)),
    person("card-and-healthy", "HL070", {_HEALTH: "健康"},
           lambda h, m: len(_card(m)) == 2 and m[_HEALTH] == "残疾", needs=_BORN),
    person("severe-limb-with-labour", "HL071", {_LABOUR: "普通劳动力"},
           lambda h, m: _severe(h, m) and _card(m)[0] == "4", needs=_BORN),
    person("severe-with-labour", "HL072", {_LABOUR: "普通劳动力"},
           lambda h, m: _severe(h, m) and _card(m)[0] != "4", needs=_BORN),
    person("card-of-next-year", "HL073",
           {"残疾证办证年度": lambda m: int(str(m["残疾证办证年度"])) + 30},
           lambda h, m: m["残疾证办证年度"] is not None, needs=_BORN),
    person("skilled-not-at-work", "HL074",
           {"务工时间": 0, "务工所在地": None, "务工状况": None}, _skilled,
           needs=(_LABOUR, "在校生状况", *_BORN)),
)  # fmt: skip
