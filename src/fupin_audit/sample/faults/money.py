"""Faults in the income accounts. Totals are added up again unless the total is the fault."""

from __future__ import annotations

from fupin_audit.sample.county import Row
from fupin_audit.sample.faults.build import scale_income
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.incomes import FOUR_KINDS, MONEY, amount

_PER_HEAD = "人均纯收入"


def _per_head(host: Host) -> bool:
    host.put(host.row, _PER_HEAD, round(amount(host.row[_PER_HEAD]) + 1000, 2))
    host.expect("IC201")
    return True


def _net(host: Host) -> bool:
    net = round(amount(host.row["纯收入"]) + 2000, 2)
    host.put(host.row, "纯收入", net)
    host.put(host.row, _PER_HEAD, round(net / len(host.members), 2))
    host.expect("IC202")
    return True


def _transfer_parts(host: Host) -> bool:
    host.put(host.row, "其他转移性收入", amount(host.row["其他转移性收入"]) + 500)
    host.expect("IC203")
    return True


def _property_parts(host: Host) -> bool:
    host.put(host.row, "资产收益扶贫分红收入", amount(host.row["资产收益扶贫分红收入"]) + 300)
    host.expect("IC204")
    return True


def _wage_parts(host: Host) -> bool:
    if not amount(host.row["其他工资性收入"]):
        return False
    host.put(host.row, "其他工资性收入", round(amount(host.row["其他工资性收入"]) + 1000, 2))
    host.expect("IC205")
    return True


def _gross(host: Host) -> bool:
    host.put(host.row, "年收入", round(amount(host.row["年收入"]) + 1000, 2))
    host.expect("IC207")
    return True


def _negative(host: Host) -> bool:
    host.expect("IC208")
    return amount(host.row["转移性收入"]) > 900 and host.rebook(其他转移性收入=-150)


def _costs_over_income(host: Host) -> bool:
    host.expect("IC209")
    harvest = amount(host.row["生产经营性收入"])
    return harvest > 500 and host.recarry(生产经营性支出=round(harvest * 1.2, 2))


def _no_costs(host: Host) -> bool:
    host.expect("IC210")
    return amount(host.row["生产经营性收入"]) > 500 and host.recarry(生产经营性支出=0)


def _workers(host: Host) -> list[Row]:
    return [m for m in host.members if amount(m["务工时间"]) > 0]


def _posts(host: Host) -> list[Row]:
    return [m for m in host.members if m["公益性岗位"]]


def _wages_without_worker(host: Host) -> bool:
    workers = _workers(host)
    plain = all(
        m["劳动技能"] == "普通劳动力" and m["文化程度"] not in ("大专", "本科及以上")
        for m in workers
    )
    if not workers or _posts(host) or not plain:
        return False
    for member in workers:
        host.put(member, "务工时间", 0)
        host.put(member, "务工状况", None)
        host.put(member, "务工所在地", None)
    host.expect("IC213")
    return True


def _work_without_wages(host: Host) -> bool:
    if not _workers(host) or _posts(host):
        return False
    moved = amount(host.row["生产经营性收入"]) + amount(host.row["其他工资性收入"])
    host.expect("IC212")
    return host.rebook(其他工资性收入=0, 生产经营性收入=round(moved, 2))


def _post_without_income(host: Host) -> bool:
    income = amount(host.row["公益性岗位收入"])
    if not income:
        return False
    host.put(host.row, "公益性岗位收入", 0)
    host.put(host.row, "其他工资性收入", amount(host.row["其他工资性收入"]) + income)
    host.expect("IC215")
    return True


def _all_blank(host: Host) -> bool:
    for kind in FOUR_KINDS:
        host.put(host.row, kind, None)
    host.expect("IC235")
    return True


def _in_ten_thousands(host: Host) -> bool:
    """A household at no work and not exited: only the amounts are out of place."""
    if host.row["脱贫年度"] or not amount(host.row["养老金或离退休金"]):
        return False
    for name in MONEY:
        if amount(host.row[name]):
            host.put(host.row, name, round(amount(host.row[name]) / 10_000, 4))
    host.expect("IC234")
    return True


def _pension_of_the_young(host: Host) -> bool:
    host.expect("IC228")
    young = all(
        host.age(m) < 58 and m["是否参加城镇职工基本养老保险"] == "否" for m in host.members
    )
    return young and host.rebook(养老金或离退休金=1560)


def _reward_of_the_young(host: Host) -> bool:
    host.expect("IC227")
    young = all(host.age(m) < 58 for m in host.members)
    return young and host.rebook(计划生育金=960)


def _small_allowance(host: Host) -> bool:
    host.expect("IC237")
    return amount(host.row["最低生活保障金"]) > 0 and host.rebook(最低生活保障金=120)


def _below_the_line(host: Host) -> bool:
    """The household exits this year on some 2500 yuan a head, all adding up."""
    host.expect("EX001")
    return host.exits and scale_income(host, 2500)


_TOTALS = (*FOUR_KINDS, "生产经营性支出", "纯收入", _PER_HEAD)

KINDS = (
    Kind("per-head", "IC201", (_PER_HEAD, "纯收入"), _per_head),
    Kind("net-income", "IC202", _TOTALS, _net),
    Kind("transfer-parts", "IC203", ("转移性收入", "其他转移性收入"), _transfer_parts),
    Kind("property-parts", "IC204", ("财产性收入", "资产收益扶贫分红收入"), _property_parts),
    Kind("wage-parts", "IC205", ("工资性收入", "其他工资性收入"), _wage_parts, since=2021),
    Kind("gross-income", "IC207", (*FOUR_KINDS, "年收入"), _gross),
    Kind("negative-amount", "IC208", ("其他转移性收入",), _negative),
    Kind("costs-over-income", "IC209", ("生产经营性支出",), _costs_over_income),
    Kind("no-costs", "IC210", ("生产经营性支出",), _no_costs),
    Kind("work-without-wages", "IC212", ("务工时间", "工资性收入"), _work_without_wages),
    Kind(
        "wages-without-worker",
        "IC213",
        ("务工时间", "工资性收入"),
        _wages_without_worker,
        until=2020,
    ),
    Kind("post-without-income", "IC215", ("公益性岗位收入",), _post_without_income),
    Kind("incomes-blank", "IC235", FOUR_KINDS, _all_blank),
    Kind("amounts-in-ten-thousands", "IC234", _TOTALS, _in_ten_thousands, until=2020),
    Kind("pension-of-the-young", "IC228", ("养老金或离退休金",), _pension_of_the_young),
    Kind("reward-of-the-young", "IC227", ("计划生育金",), _reward_of_the_young),
    Kind("allowance-too-small", "IC237", ("最低生活保障金",), _small_allowance),
    Kind("exit-below-the-line", "EX001", (_PER_HEAD, "脱贫年度"), _below_the_line, until=2020),
)
