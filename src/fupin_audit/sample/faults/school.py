"""Faults in schooling and what is paid for it."""

from __future__ import annotations

from fupin_audit.sample.county import Row
from fupin_audit.sample.faults.build import (
    active,
    full_years,
    grown,
    home,
    listed,
    person,
    risks_of,
    school_age,
    short_of_labour,
    student,
    unwatched,
)
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.incomes import amount

_AT, _REASON, _EDU = "在校生状况", "义务教育阶段未上学原因", "文化程度"
_BORN = ("证件号码",)
_SENIOR = ("普通高中",)
_VOCATIONAL = ("中职", "高职")


def _pupil(host: Host, member: Row) -> bool:
    return listed(host) and student(member, "小学") and school_age(host, member) >= 7


def _adult(host: Host, member: Row) -> bool:
    return listed(host) and grown(host, member)


def _worker_remains(host: Host, member: Row) -> bool:
    return any(amount(m["务工时间"]) for m in host.members if m is not member)


def _vocational(host: Host) -> bool:
    return any(student(m, *_VOCATIONAL) for m in host.members)


def _graduate(host: Host, member: Row) -> bool:
    return (
        _adult(host, member)
        and member[_EDU] in ("大专", "本科及以上")
        and amount(member["务工时间"]) > 0
        and _worker_remains(host, member)
    )


def _dropout(host: Host) -> bool:
    """A child is out of school, the flag says so, and nothing is done about it."""
    found = host.one(lambda m: _pupil(host, m))
    if found is None or not active(host) or "因学" in risks_of(host):
        return False
    host.put(found, _AT, None)
    host.put(host.row, "是否失学辍学", "是")
    host.expect("ED043", found)
    host.expect("MS252")
    return True


KINDS = (
    Kind("dropout-without-help", "MS252", (_AT, "是否失学辍学", "义务教育保障", _REASON),
         _dropout, since=2021),
    person("schooling-blank", "ED041", {_EDU: None}, _adult, needs=(_AT,)),
    person("schooling-twice", "ED042", {_EDU: "初中"},
           lambda h, m: listed(h) and student(m, *_SENIOR), since=2019, needs=(_AT,)),
    person("child-not-at-school", "ED043", {_AT: None},
           lambda h, m: _pupil(h, m) and active(h), needs=(_REASON, *_BORN), since=2021),
    person("dropout-not-monitored", "ED043", {_AT: None},
           lambda h, m: _pupil(h, m) and unwatched(h),
           household=("ED044",), needs=(_REASON, *_BORN), since=2021),
    person("poor-child-not-at-school", "ED043", {_AT: None},
           lambda h, m: _pupil(h, m) and not h.exits, needs=(_REASON, *_BORN), until=2020),
    person("exit-with-child-not-at-school", "ED043", {_AT: None},
           lambda h, m: _pupil(h, m) and h.exits, household=("EX003",),
           needs=(_REASON, "脱贫年度", *_BORN), until=2020),
    person("too-old-for-nursery", "ED045", {_AT: "学前教育"}, _pupil, needs=("健康状况", *_BORN)),
    person("too-old-for-primary", "ED046", {_AT: "小学"},
           lambda h, m: listed(h) and student(m, *_SENIOR) and school_age(h, m) > 14,
           needs=_BORN),
    person("too-young-for-junior", "ED047", {_AT: "八年级"},
           lambda h, m: _pupil(h, m) and school_age(h, m) < 11, needs=_BORN),
    person("too-young-for-senior", "ED048", {_AT: "普通高中二年级"},
           lambda h, m: listed(h) and student(m, "七年级", "八年级") and school_age(h, m) < 14,
           needs=_BORN),
    person("too-young-for-college", "ED049", {_AT: "本科一年级"},
           lambda h, m: listed(h) and student(m, *_SENIOR) and school_age(h, m) < 18,
           needs=_BORN),
    person("too-young-for-master", "ED050", {_AT: "硕士研究生及以上"},
           lambda h, m: listed(h) and student(m, *_SENIOR) and school_age(h, m) < 18,
           needs=_BORN),
    person("youth-of-little-schooling", "ED051", {_EDU: "小学"},
           lambda h, m: listed(h) and 17 <= full_years(h, m) <= 22 and m[_EDU] is not None,
           needs=(_AT, *_BORN)),
    person("absent-though-healthy", "ED052", {_AT: None, _REASON: "因病"},
           lambda h, m: _pupil(h, m) and h.row.get("户类型", "脱贫户") == "脱贫户",
           needs=("健康状况", *_BORN)),
    person("absence-of-an-adult", "ED053", {_REASON: "因病"}, _adult, needs=_BORN),
    person("student-with-labour", "ED054", {"劳动技能": "普通劳动力"},
           lambda h, m: listed(h) and student(m, *_SENIOR) and full_years(h, m) >= 17
           and not short_of_labour(h), needs=(_AT, *_BORN)),
    person("student-at-work", "ED055", {"务工时间": 3, "务工所在地": "西安市长安区",
                                        "务工状况": "县外省内务工"},
           lambda h, m: listed(h) and student(m, *_SENIOR) and full_years(h, m) >= 17
           and _worker_remains(h, m), needs=(_AT,)),
    home("grant-without-student", "ED056", {"教育帮扶": "雨露计划"},
         lambda h: listed(h) and not _vocational(h), needs=(_AT,)),
    home("student-without-grant", "ED057", {"教育帮扶": "助学贷款"},
         lambda h: active(h) and _vocational(h), needs=(_AT, "识别监测时间"), since=2021),
    person("graduate-not-at-work", "ED058",
           {"务工时间": 0, "务工所在地": None, "务工状况": None}, _graduate, needs=(_EDU,)),
)  # fmt: skip
