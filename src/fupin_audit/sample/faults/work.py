"""Faults in who works, who holds a post, and help with work."""

from __future__ import annotations

from fupin_audit.sample.county import Row
from fupin_audit.sample.faults.build import (
    Cells,
    active,
    full_years,
    grown,
    home,
    idle,
    listed,
    no_labour,
    person,
)
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.incomes import amount
from fupin_audit.sample.lives import NO_LABOUR

_MONTHS, _POST, _POST_MONTHS = "务工时间", "公益性岗位", "公益性岗位月数"
_HELP, _STATE = "就业帮扶", "实施开发式帮扶措施情况"
_BORN = ("证件号码",)
_AWAY: Cells = {_MONTHS: 5, "务工所在地": "西安市长安区", "务工状况": "县外省内务工"}
_KEPT: Cells = {_POST: "护林员", _POST_MONTHS: 6}


def _paid(host: Host) -> bool:
    """Whether wages are booked that somebody of the family earns."""
    return listed(host) and amount(host.row["工资性收入"]) > 0


def _posted(host: Host) -> bool:
    return listed(host) and not host.watched and amount(host.row["公益性岗位收入"]) > 0


def _holds(host: Host, member: Row) -> bool:
    return listed(host) and bool(member[_POST])


def _plain_worker(host: Host, member: Row) -> bool:
    return (
        listed(host)
        and not host.watched
        and amount(member[_MONTHS]) > 0
        and member["劳动技能"] == "普通劳动力"
        and member["文化程度"] not in ("大专", "本科及以上")
    )


def _elder(host: Host, member: Row) -> bool:
    return full_years(host, member) >= 61 and member["劳动技能"] == "无劳动力"


def _destitute_at_work(host: Host) -> bool:
    head = host.head
    if head["是否特困供养人员"] != "是" or host.watched or not host.rebook(其他工资性收入=9000):
        return False
    for field, value in _AWAY.items():
        host.put(head, field, value if isinstance(value, str | int) else None)
    host.expect("WK094", head)
    host.expect("WK081", head)
    return True


def _idle_household(host: Host) -> bool:
    able = [m for m in host.members if m["劳动技能"] not in NO_LABOUR and not m["在校生状况"]]
    return active(host) and bool(able) and all(idle(m) for m in host.members)


KINDS = (
    person("work-without-labour", "WK081", _AWAY, lambda h, m: _paid(h) and _elder(h, m)
           and not h.watched, needs=("劳动技能", "工资性收入")),
    person("work-with-weak-labour", "WK110", _AWAY,
           lambda h, m: _paid(h) and not h.watched and grown(h, m)
           and m["劳动技能"] == "弱劳动力或半劳动力", needs=("劳动技能", "工资性收入")),
    Kind("destitute-at-work", "WK094", (*_AWAY, "是否特困供养人员", "劳动技能", "工资性收入"),
         _destitute_at_work, until=2020),
    person("post-without-months", "WK095", {_POST_MONTHS: None}, _holds, needs=(_POST,)),
    person("months-without-post", "WK096", {_POST: None},
           lambda h, m: _holds(h, m) and not h.watched, needs=(_POST_MONTHS,)),
    person("post-of-fourteen-months", "WK097", {_POST_MONTHS: 14}, _holds, needs=(_POST,)),
    person("post-of-a-child", "WK098", _KEPT,
           lambda h, m: _posted(h) and full_years(h, m) < 16, needs=_BORN),
    person("post-of-the-aged", "WK099", _KEPT,
           lambda h, m: _posted(h) and full_years(h, m) >= 71, needs=_BORN),
    person("three-posts", "WK100", {_POST: "护林员,保洁员,护路员"}, _holds,
           needs=(_POST_MONTHS,)),
    person("post-without-labour", "WK101", _KEPT,
           lambda h, m: h.watched and amount(h.row["公益性岗位收入"]) > 0 and _elder(h, m)
           and full_years(h, m) < 70, needs=("劳动技能",), since=2021),
    home("work-help-without-labour", "WK102", {_HELP: "帮扶车间", _STATE: "已实施"},
         lambda h: active(h) and no_labour(h), needs=("劳动技能",), since=2021),
    home("work-help-without-work", "WK103", {_HELP: "技能培训"},
         lambda h: _idle_household(h) and bool(h.row["产业帮扶"]), needs=("劳动技能", _MONTHS),
         since=2021),
    person("work-of-fourteen-months", "WK104", {_MONTHS: 14}, _plain_worker),
)  # fmt: skip
