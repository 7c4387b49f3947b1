"""Faults in the removal of risks, the steps of an exit, and what monitoring records."""

from __future__ import annotations

from datetime import date, timedelta

from fupin_audit.sample.county import Row
from fupin_audit.sample.faults.build import (
    Suits,
    active,
    home,
    removed,
    scale_income,
)
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.incomes import add_up, amount, carry_up
from fupin_audit.sample.lives import NO_LABOUR

_SINCE, _UNTIL = "识别监测时间", "消除监测时间"
_SUPPORT, _FLAG = "综合保障", "整户无劳动能力兜底保障户"


def _after(name: str, rule: str, item: str, value: str | int | None, suits: Suits = removed,
           *needs: str) -> Kind:  # fmt: skip
    return home(name, rule, {f"风险消除后{item}": value}, suits, needs=needs, since=2021)


def _months_before(host: Host, months: int) -> str:
    until = str(host.row[_UNTIL])
    number = int(until[:4]) * 12 + int(until[4:]) - 1 - months
    return f"{number // 12}{number % 12 + 1:02d}"


def _brief(host: Host) -> bool:
    """Monitored for three months only, within the window of the insurance grant."""
    if not removed(host):
        return False
    since = _months_before(host, 3)
    grant = "缴费补贴" in str(host.row["健康帮扶"] or "")
    if not ("202210" <= since <= "202303" and grant) or amount(host.row["人均纯收入"]) > 19_000:
        return False
    host.put(host.row, _SINCE, since)
    host.put(host.row, "措施开始时间", since)
    host.expect("RM266")
    return True


def _at_once(host: Host) -> bool:
    """Recognised and removed in one month, after the window of the insurance grant."""
    if not removed(host) or host.row["健康帮扶"] or str(host.row[_UNTIL]) <= "202303":
        return False
    if amount(host.row["人均纯收入"]) > 19_000:
        return False
    host.put(host.row, _SINCE, host.row[_UNTIL])
    host.put(host.row, "措施开始时间", host.row[_UNTIL])
    host.expect("RM267")
    return True


def _no_labour_left(host: Host) -> bool:
    """Elders on the allowance: the last weak labour of a removed household is gone."""
    weak = [m for m in host.members if m["劳动技能"] not in NO_LABOUR]
    old = all(host.age(m) > 60 for m in weak)
    if not removed(host) or not old or "低保" not in str(host.row[_SUPPORT]):
        return False
    host.put(host.row, _FLAG, "是")
    for member in weak:
        host.put(member, "劳动技能", "无劳动力")
    host.expect("RM268")
    return True


def _low(host: Host) -> bool:
    host.expect("IC221")
    return active(host) and scale_income(host, 3500)


def _later_low(host: Host) -> bool:
    earlier = host.row["脱贫年度"] is not None and not host.exits
    host.expect("IC223")
    return earlier and scale_income(host, 2600)


def _rich(host: Host) -> bool:
    """Recognised in 2023 with far more than a monitored household has."""
    if not active(host) or host.row["健康帮扶"] or host.row["教育帮扶"]:
        return False
    trial = dict(host.row)
    more = 21_000.0 * len(host.members)
    trial["其他财产性收入"] = amount(trial["其他财产性收入"]) + more
    add_up(trial)
    carry_up(trial)
    host.write(trial, first=("人均纯收入",))
    host.put(host.row, _SINCE, "202305")
    host.put(host.row, "措施开始时间", "202306")
    host.expect("IC219")
    return True


def _payout(host: Host) -> bool:
    host.expect("IC233")
    if not removed(host) or not host.rebook(其他转移性收入=0):
        return False
    host.put(host.row, "理赔收入", 800)
    return True


def _left_out(host: Host) -> bool:
    """One member of a monitored family is not marked as monitored."""
    if not host.watched or len(host.members) < 2:
        return False
    host.put(host.members[-1], "是否监测对象", "否")
    host.expect("MO012")
    return True


def _unfit(host: Host) -> bool:
    """Removed by help that does not meet the first risk."""
    fits = removed(host) and host.row["致贫返贫风险1"] == "因务工就业不稳"
    return fits and not host.row["教育帮扶"] and not host.row[_SUPPORT]


def _days_on(row: Row, field: str, days: int) -> str:
    return (date.fromisoformat(str(row[field])) + timedelta(days)).isoformat()


def _month_before(row: Row) -> str:
    """The month before recognition."""
    number = int(str(row[_SINCE])[:4]) * 12 + int(str(row[_SINCE])[4:]) - 2
    return f"{number // 12}{number % 12 + 1:02d}"


def _step(name: str, rule: str, field: str, value: str | int | None) -> Kind:
    return home(name, rule, {field: value}, lambda h: h.exits, needs=("脱贫年度",), until=2020)


KINDS = (
    _after("after-removal-blank", "RM261", "生产经营性支出", None),
    _after("removed-with-dropout", "RM262", "是否失学辍学", "是"),
    _after("removed-with-ruined-house", "RM263", "是否住房损毁", "是"),
    _after("removed-with-ruined-water", "RM264", "是否饮水设施损毁", "是"),
    _after("removed-uninsured", "RM265", "是否有成员未参保", "是"),
    Kind("removed-after-three-months", "RM266", (_SINCE, _UNTIL, "健康帮扶"), _brief,
         since=2023, until=2023),
    Kind("removed-at-once", "RM267", (_SINCE, _UNTIL, "健康帮扶"), _at_once, since=2023,
         until=2023),
    Kind("removed-without-labour", "RM268", ("劳动技能", _UNTIL), _no_labour_left, since=2021),
    home("removal-before-recognition", "RM269", {_UNTIL: _month_before},
         lambda h: removed(h) and amount(h.row["人均纯收入"]) > 7000, since=2021),
    home("removal-date-but-not-removed", "RM270", {_UNTIL: lambda row: row[_SINCE]}, active,
         since=2021),
    _after("removed-without-transfers", "IC216", "转移性收入", 0,
           lambda h: removed(h) and bool(h.row[_SUPPORT]), _SUPPORT),
    _after("removed-without-wages", "IC217", "工资性收入", 0,
           lambda h: removed(h) and bool(h.row["公益岗位帮扶"]), "公益岗位帮扶"),
    _after("removed-without-harvest", "IC218", "生产经营性收入", 0,
           lambda h: removed(h) and bool(h.row["产业帮扶"]), "产业帮扶"),
    Kind("recognised-though-rich", "IC219", ("人均纯收入", _SINCE), _rich, since=2023,
         until=2023),
    Kind("income-under-the-floor", "IC221", ("人均纯收入", "其他财产性收入"), _low, since=2021),
    Kind("fallen-under-the-line", "IC223", ("人均纯收入", "其他财产性收入", "脱贫年度"),
         _later_low, until=2020),
    Kind("payout-not-booked", "IC233", ("理赔收入", "其他转移性收入"), _payout, since=2021),
    home("removed-by-unfit-help", "MO008", {"产业帮扶": None, "公益岗位帮扶": None,
                                            "社会帮扶": "捐赠"}, _unfit, since=2021),
    Kind("member-not-monitored", "MO012", ("是否监测对象",), _left_out, since=2021),
    home("not-updated", "MO013", {"最近更新日期": "2021-06-01"}, active, since=2023),
    _step("exit-step-blank", "PR001", "两委核实日期", None),
    _step("exit-steps-out-of-order", "PR002", "公告日期", "2014-01-15"),
    home("exit-notice-short", "PR003",
         {"公示结束日期": lambda row: _days_on(row, "公示开始日期", 3)},
         lambda h: h.exits, needs=("脱贫年度", "公示开始日期"), until=2020),
    _step("exit-township-notice-blank", "PR004", "乡镇公示开始日期", None),
    _step("exit-too-few-checked", "PR005", "乡镇核实人数", 2),
    _step("exit-not-approved", "PR006", "县级批准日期", None),
    _step("exit-approved-too-low", "PR007", "退出批准层级", "乡级"),
    home("exit-marked-late", "PR009", {"系统标注日期": lambda row: _days_on(row, "公告日期", 60)},
         lambda h: h.exits, needs=("脱贫年度",), until=2020),
)  # fmt: skip
