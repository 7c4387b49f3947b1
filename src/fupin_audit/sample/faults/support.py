"""Faults in insurance, pensions, living allowance and support of the destitute."""

from __future__ import annotations

from fupin_audit.sample.county import Row
from fupin_audit.sample.faults.build import (
    active,
    full_years,
    grown,
    home,
    idle,
    listed,
    no_labour,
    person,
    removed,
    unwatched,
)
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.incomes import amount

_RESIDENT, _EMPLOYEE = "是否参加城乡居民基本医疗保险", "是否参加城镇职工基本医疗保险"
_SERIOUS = "是否参加大病保险"
_PENSION, _WORK_PENSION = "是否参加城乡居民基本养老保险", "是否参加城镇职工基本养老保险"
_ALLOWANCE, _DESTITUTE = "是否享受农村居民最低生活保障", "是否特困供养人员"
_MEASURE, _KIND = "综合保障", "贫困户属性"
_BORN = ("证件号码",)


def _calm(host: Host) -> bool:
    """Whether nothing about insurance is asked of the whole household."""
    return listed(host) and not host.exits and not removed(host)


def _resident(host: Host, member: Row) -> bool:
    return _calm(host) and member[_RESIDENT] == "是" and member[_EMPLOYEE] == "否"


def _well(member: Row) -> bool:
    return member["健康状况"] in ("健康", "残疾")


def _adult(host: Host, member: Row) -> bool:
    return listed(host) and not host.exits and grown(host, member) and member[_PENSION] == "是"


def _gets(host: Host, field: str) -> bool:
    return any(m[field] == "是" for m in host.members)


def _no_pension(host: Host) -> bool:
    elders = [m for m in host.members if full_years(host, m) >= 61 and m[_PENSION] == "是"]
    host.expect("SP119")
    return bool(elders and amount(host.row["养老金或离退休金"])) and host.rebook(养老金或离退休金=0)


def _allowance_unpaid(host: Host) -> bool:
    host.expect("SP120")
    return _gets(host, _ALLOWANCE) and host.rebook(最低生活保障金=0)


def _allowance_to_nobody(host: Host) -> bool:
    host.expect("SP120")
    return not _gets(host, _ALLOWANCE) and host.rebook(最低生活保障金=1560)


def _destitute_pay_to_nobody(host: Host) -> bool:
    host.expect("SP121")
    return not _gets(host, _DESTITUTE) and host.rebook(特困人员救助供养金=4800)


def _both(host: Host) -> bool:
    """A destitute person is marked as on the allowance too, and some of the pay booked so."""
    paid = amount(host.row["特困人员救助供养金"])
    if host.head[_DESTITUTE] != "是" or host.watched or paid < 3000:
        return False
    host.put(host.head, _ALLOWANCE, "是")
    host.put(host.row, "最低生活保障金", 1560)
    host.put(host.row, "特困人员救助供养金", paid - 1560)
    host.expect("SP122", host.head)
    return True


def _healthy_destitute(host: Host) -> bool:
    head = host.head
    fits = (
        len(host.members) == 1
        and grown(host, head)
        and head["健康状况"] == "健康"
        and idle(head)
        and host.row[_KIND] == "一般贫困户"
        and host.rebook(特困人员救助供养金=4800)
    )
    if fits:
        host.put(head, _DESTITUTE, "是")
        host.put(host.row, _KIND, "特困供养贫困户")
        host.expect("SP123", head)
        host.expect("SP134")
    return fits


def _without_support(host: Host) -> bool:
    """Nobody is able to work, and the allowance has turned into other transfers."""
    if not no_labour(host) or host.row[_KIND] != "低保贫困户":
        return False
    paid = amount(host.row["最低生活保障金"])
    other = amount(host.row["其他转移性收入"])
    host.put(host.row, "最低生活保障金", 0)
    host.put(host.row, "其他转移性收入", other + paid)
    for member in host.members:
        host.put(member, _ALLOWANCE, "否")
    host.expect("SP130")
    return True


def _swap(name: str, rule: str, old: str, *needs: str) -> Kind:
    """Return the fault that a kind of support is not ticked, another is in its place."""

    def suits(host: Host) -> bool:
        return (
            active(host)
            and old in str(host.row[_MEASURE] or "").split(",")
            and (old != "残疾人补贴" or any(_severe(m) for m in host.members))
        )

    def value(row: Row) -> str:
        return str(row[_MEASURE]).replace(old, "临时救助")

    return home(name, rule, {_MEASURE: value}, suits, needs=needs, since=2021)


def _add(name: str, rule: str, new: str, *needs: str) -> Kind:
    """Return the fault that a kind of support is ticked which nobody gets."""

    def suits(host: Host) -> bool:
        return active(host) and new not in str(host.row[_MEASURE])

    def value(row: Row) -> str:
        return f"{row[_MEASURE]},{new}" if row[_MEASURE] else new

    return home(name, rule, {_MEASURE: value}, suits, needs=needs, since=2021)


def _severe(member: Row) -> bool:
    number = str(member["证件号码"])
    return len(number) == 20 and number[19] in "12" and member[_DESTITUTE] != "是"


def _late_grant(host: Host) -> bool:
    grant = "缴费补贴" in str(host.row["健康帮扶"] or "")
    modest = amount(host.row["人均纯收入"]) < 19_000
    return (
        active(host) and modest and grant and not str(host.row["教育帮扶"] or "").startswith("雨露")
    )


KINDS = (
    person("uninsured", "SP111", {_RESIDENT: "否"}, _resident, needs=(_EMPLOYEE,)),
    person("insured-twice", "SP112", {_EMPLOYEE: "是"}, _resident, needs=(_RESIDENT,)),
    person("serious-illness-blank", "SP113", {_SERIOUS: None},
           lambda h, m: _resident(h, m) and _well(m), needs=(_RESIDENT, _EMPLOYEE)),
    person("serious-illness-no", "SP114", {_SERIOUS: "否"},
           lambda h, m: _resident(h, m) and _well(m), needs=(_RESIDENT, _EMPLOYEE)),
    person("patient-not-covered", "SP114", {_SERIOUS: "否"},
           lambda h, m: unwatched(h) and _resident(h, m) and not _well(m),
           household=("SP115",), needs=(_RESIDENT, _EMPLOYEE, "健康状况"), since=2021),
    person("pension-blank", "SP116", {_PENSION: None}, _adult, needs=(_WORK_PENSION, *_BORN)),
    person("pensions-blank", "SP117", {_PENSION: None, _WORK_PENSION: None}, _adult,
           needs=_BORN),
    person("aid-but-uninsured", "SP118", {"是否接受医疗救助": "是", _RESIDENT: "否"},
           lambda h, m: _resident(h, m) and (not h.watched or h.row["户类型"] == "脱贫户"),
           also=("SP111",), needs=(_EMPLOYEE,)),
    Kind("pension-not-paid", "SP119", ("养老金或离退休金", _PENSION, "证件号码"), _no_pension),
    Kind("allowance-not-paid", "SP120", ("最低生活保障金", _ALLOWANCE), _allowance_unpaid),
    Kind("allowance-to-nobody", "SP120", ("最低生活保障金", _ALLOWANCE), _allowance_to_nobody),
    Kind("destitute-pay-to-nobody", "SP121", ("特困人员救助供养金", _DESTITUTE),
         _destitute_pay_to_nobody),
    Kind("allowance-and-destitute", "SP122", (_ALLOWANCE, _DESTITUTE, "最低生活保障金"), _both,
         until=2020),
    Kind("destitute-but-healthy", "SP123", (_DESTITUTE, _KIND, "特困人员救助供养金"),
         _healthy_destitute, until=2020),
    _swap("allowance-not-ticked", "SP124", "低保", _ALLOWANCE),
    _swap("destitute-not-ticked", "SP125", "特困供养", _DESTITUTE),
    _add("allowance-ticked", "SP126", "低保", _ALLOWANCE),
    _add("destitute-ticked", "SP127", "特困供养", _DESTITUTE),
    _swap("disability-grant-not-ticked", "SP128", "残疾人补贴", "证件号码"),
    home("disability-grant-ticked", "SP129",
         {_MEASURE: lambda row: f"{row[_MEASURE]},残疾人补贴" if row[_MEASURE] else "残疾人补贴"},
         lambda h: h.watched and all(m["健康状况"] != "残疾" for m in h.members),
         needs=("健康状况", "证件类型"), since=2021),
    Kind("no-labour-no-support", "SP130", ("最低生活保障金", "其他转移性收入", _ALLOWANCE),
         _without_support, until=2020),
    home("no-labour-not-marked", "SP131", {"整户无劳动能力兜底保障户": "否"},
         lambda h: h.watched and no_labour(h), needs=("劳动技能", _ALLOWANCE), since=2021),
    home("late-insurance-grant", "SP132", {"识别监测时间": "202306", "措施开始时间": "202307"},
         _late_grant, needs=("健康帮扶",), since=2023, until=2023),
    home("kind-against-allowance", "SP133", {_KIND: "一般贫困户"},
         lambda h: h.row[_KIND] == "低保贫困户", needs=(_ALLOWANCE, _DESTITUTE), until=2020),
    home("destitute-with-labour", "SP134", {_KIND: "特困供养贫困户"},
         lambda h: h.row[_KIND] == "一般贫困户"
         and any(m["劳动技能"] in ("普通劳动力", "技能劳动力") for m in h.members),
         needs=("劳动技能", _ALLOWANCE, _DESTITUTE), until=2020),
)  # fmt: skip
