"""Short ways to say a fault: which cells, of whom, and what a household must be like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from fupin_audit.sample.county import Cell, Row
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.incomes import add_up, amount, carry_up
from fupin_audit.sample.lives import ABLE, NO_LABOUR

Value = Cell | Callable[[Row], Cell]
Cells = Mapping[str, Value]
Suits = Callable[[Host], bool]
SuitsOne = Callable[[Host, Row], bool]

RISKS = tuple(f"致贫返贫风险{n}" for n in range(1, 6))
OWN_EFFORT = (
    "其他工资性收入",
    "生产经营性收入",
    "生产经营性支出",
    "资产收益扶贫分红收入",
    "其他财产性收入",
)


def home(
    name: str,
    rule: str,
    cells: Cells,
    suits: Suits = lambda host: True,
    *,
    also: Sequence[str] = (),
    needs: Sequence[str] = (),
    since: int = 2014,
    until: int = 2030,
) -> Kind:
    """Return a fault in cells of the household row.

    `also` are rules that must fire besides, `needs` further columns they read.
    """

    def apply(host: Host) -> bool:
        if not suits(host):
            return False
        _put(host, host.row, cells)
        for found in (rule, *also):
            host.expect(found)
        return True

    return Kind(name, rule, (*cells, *needs), apply, since=since, until=until)


def person(
    name: str,
    rule: str,
    cells: Cells,
    suits: SuitsOne,
    *,
    also: Sequence[str] = (),
    household: Sequence[str] = (),
    needs: Sequence[str] = (),
    since: int = 2014,
    until: int = 2030,
) -> Kind:
    """Return a fault in cells of one member row.

    `also` are rules that must fire on the person besides, `household` on the household.
    """

    def apply(host: Host) -> bool:
        found = host.one(partial(suits, host))
        if found is None:
            return False
        _put(host, found, cells)
        for each in (rule, *also):
            host.expect(each, found)
        for each in household:
            host.expect(each)
        return True

    return Kind(name, rule, (*cells, *needs), apply, since=since, until=until)


def _put(host: Host, row: Row, cells: Cells) -> None:
    for field, value in cells.items():
        host.put(row, field, value(row) if callable(value) else value)


def active(host: Host) -> bool:
    """Whether the household is monitored and its risk not removed."""
    return host.watched and host.row["风险是否已消除"] == "否"


def removed(host: Host) -> bool:
    return host.watched and host.row["风险是否已消除"] == "是"


def unwatched(host: Host) -> bool:
    """Whether it is a former poor household that is not monitored."""
    return not host.watched and host.row.get("户类型") == "脱贫户"


def listed(host: Host) -> bool:
    """Whether rules for registered or monitored households are about it."""
    return host.watched or host.row.get("户类型", "脱贫户") == "脱贫户"


def risks_of(host: Host) -> list[str]:
    return [str(host.row[name]) for name in RISKS if host.row[name]]


def with_risk(risk: str) -> Suits:
    return lambda host: active(host) and risk in risks_of(host)


def without_risk(risk: str) -> Suits:
    return lambda host: active(host) and risk not in risks_of(host)


def add_risk(host: Host, risk: str) -> bool:
    """Write one more risk in the first free place."""
    free = [name for name in RISKS if host.row[name] is None]
    if not host.watched or not free or risk in risks_of(host):
        return False
    host.put(host.row, free[0], risk)
    return True


def short_of_labour(host: Host) -> bool:
    """Whether its monitoring rests on having no or little labour."""
    return host.watched and ("缺劳动力" in risks_of(host) or no_labour(host))


def able(member: Row) -> bool:
    return member["劳动技能"] in ABLE


def idle(member: Row) -> bool:
    return not amount(member["务工时间"]) and not member["公益性岗位"]


def no_labour(host: Host) -> bool:
    return all(m["劳动技能"] in NO_LABOUR for m in host.members)


def student(member: Row, *stages: str) -> bool:
    return str(member["在校生状况"] or "").startswith(stages)


def school_age(host: Host, member: Row) -> int:
    """Return full years on 1 September of the data year, its register being of December."""
    born = str(member["出生日期"])
    return host.year - int(born[:4]) - (born[4:] > "0901")


def full_years(host: Host, member: Row) -> int:
    """Return full years at the end of the data year."""
    born = str(member["出生日期"])
    return host.year - int(born[:4]) - (born[4:] > "1231")


def grown(host: Host, member: Row, low: int = 25, high: int = 58) -> bool:
    return low <= full_years(host, member) <= high and not member["在校生状况"]


def scale_income(host: Host, per_head: float) -> bool:
    """Shrink what the family earns until it has `per_head`, everything adding up."""
    target = per_head * len(host.members)
    transfers = amount(host.row["转移性收入"])
    if any(m["公益性岗位"] for m in host.members) or transfers > 0.4 * target:
        return False
    share = (target - transfers) / (amount(host.row["纯收入"]) - transfers)
    trial = dict(host.row)
    for name in OWN_EFFORT:
        trial[name] = round(amount(trial[name]) * share, 2)
    add_up(trial)
    carry_up(trial)
    if 0 < amount(trial["工资性收入"]) < 400:
        return False
    host.write(trial, first=("人均纯收入",))
    return True
