"""Make a county: families with lives, land and incomes that agree."""

from __future__ import annotations

from datetime import date

from fupin_audit.domain import division
from fupin_audit.errors import UsageError
from fupin_audit.sample.county import County, Row
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.families import make_family
from fupin_audit.sample.households import (
    account,
    living,
    measures,
    poor_household,
    relocation,
    set_support,
)
from fupin_audit.sample.incomes import earn
from fupin_audit.sample.lives import make_members
from fupin_audit.sample.monitoring import (
    after_removal,
    income_range,
    mark_monitored,
    monitored_household,
    risks,
)
from fupin_audit.sample.people import HOUSEHOLDS_PER_VILLAGE, Registry, place
from fupin_audit.sample.steps import NO_HELPER, helper

REGION = "611002"
FIRST_YEAR = 2016
"""Households were recognised from 2014 on and exit one to three years later."""


def make_county(households: int, seed: int, *, as_of: date, region: str = REGION) -> County:
    """Return a coherent county; the same arguments give the same county anywhere.

    Args:
        households: How many.
        seed: Any whole number.
        as_of: The day the register describes. Up to 2020 the rows are those of
            registered poor households, from 2021 those of the monitoring era.
        region: Six-digit division code that starts every id number.

    Raises:
        UsageError: No households, a year before 2016, or a code that no county ever had.
    """
    if households < 1:
        raise UsageError("户数至少为 1。", hint="用 --households 指定要生成的户数。")
    if as_of.year < FIRST_YEAR:
        raise UsageError("样本的年份过早。", hint=f"--as-of 从 {FIRST_YEAR} 年起。")
    if not division.known(region) or region.endswith("00"):
        raise UsageError("没有这个县级行政区划代码。", hint="用六位县级代码，例如 611002。")
    draw = Draw(seed)
    registry = Registry(region, draw)
    county = County(
        as_of, region, division.name(region, as_of.year) or division.name(region), [], []
    )
    above: Row = {"省": division.name(region[:2] + "0000"), "市": division.name(region[:4] + "00")}
    for number in range(households):
        row, members = _household(draw, registry, county, number, above)
        county.households.append(row)
        county.members.extend(members)
    return county


def _household(
    draw: Draw, registry: Registry, county: County, number: int, above: Row
) -> tuple[Row, list[Row]]:
    village, serial = divmod(number, HOUSEHOLDS_PER_VILLAGE)
    key = f"{county.region}{village:05d}{serial + 1:05d}"
    people = make_family(draw, county.as_of)
    members = make_members(draw, registry, people, key, county.name)
    kind = set_support(draw, members)
    township, village_name = place(village)
    size = len(members)
    row: Row = {
        **above,
        "县": county.name,
        "乡": township,
        "村": village_name,
        "自然村": f"{1 + serial % 5}组",
        "户编号": key,
        "户主姓名": members[0]["姓名"],
        "户主证件号码": members[0]["证件号码"],
        "家庭人口数": size,
        "年度": county.as_of.year,
    }
    row.update(account(draw, registry))
    row.update(helper(village, serial))
    conditions = living(draw, size)
    moved = relocation(draw, size, conditions)
    row.update(conditions)
    row.update(moved)
    if county.monitoring:
        found = risks(draw, members)
        phone = registry.phone()
        row.update(monitored_household(draw, county.as_of, members, kind, found, phone))
        if not row["监测对象类别"] and row["户类型"] == "一般农户":
            row.update(NO_HELPER)
        floor, ceiling = income_range(row)
    else:
        row.update(poor_household(draw, county.as_of, kind, members))
        row.update(measures(draw, members, kind))
        floor, ceiling = (5600.0, 16_000.0) if row["脱贫年度"] else (1500.0, 2900.0)
    earn(draw, row, members, sum(p.age >= 60 for p in people), floor, ceiling)
    if county.monitoring:
        row.update(after_removal(row))
        mark_monitored(row, members)
    return row, members
