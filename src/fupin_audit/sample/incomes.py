"""Household incomes that follow from who works, who is old and what land there is.

Accounting (元 per year): 年收入 = 工资性 + 生产经营性 + 财产性 + 转移性;
纯收入 = 年收入 − 生产经营性支出; 人均纯收入 = 纯收入 ÷ 家庭人口数.
"""

from __future__ import annotations

from fupin_audit.sample.county import Cell, Row
from fupin_audit.sample.draw import Draw

TRANSFER_PARTS = (
    "计划生育金",
    "最低生活保障金",
    "特困人员救助供养金",
    "养老金或离退休金",
    "生态补偿金",
    "其他转移性收入",
)
PROPERTY_PARTS = ("资产收益扶贫分红收入", "其他财产性收入")
WAGE_PARTS = ("公益性岗位收入", "其他工资性收入")
FOUR_KINDS = ("工资性收入", "生产经营性收入", "财产性收入", "转移性收入")
MONEY = (
    *FOUR_KINDS, *TRANSFER_PARTS, *PROPERTY_PARTS, *WAGE_PARTS,
    "生产经营性支出", "年收入", "纯收入", "人均纯收入",
)  # fmt: skip


_POOR = 5000.0
EDGES = ((3150.0, 3450.0), (5990.0, 6320.0), (7290.0, 7680.0))
"""So close to a line of some year that a rule asks to look again."""


def amount(cell: Cell) -> float:
    """Return a money cell of this generator as a number, blank as 0."""
    return float(cell) if isinstance(cell, int | float) else 0.0


def add_up(row: Row) -> None:
    """Fill every total of the income accounts from its parts."""
    row["工资性收入"] = _sum(row, WAGE_PARTS)
    row["财产性收入"] = _sum(row, PROPERTY_PARTS)
    row["转移性收入"] = _sum(row, TRANSFER_PARTS)
    carry_up(row)


def carry_up(row: Row) -> None:
    """Fill 年收入, 纯收入 and 人均纯收入 from the four kinds and the costs."""
    row["年收入"] = _sum(row, FOUR_KINDS)
    row["纯收入"] = round(amount(row["年收入"]) - amount(row["生产经营性支出"]), 2)
    row["人均纯收入"] = round(amount(row["纯收入"]) / amount(row["家庭人口数"]), 2)


def _sum(row: Row, fields: tuple[str, ...]) -> float:
    return round(sum(amount(row[f]) for f in fields), 2)


def earn(
    draw: Draw, row: Row, members: list[Row], pensioners: int, floor: float, ceiling: float
) -> None:
    """Fill the accounts so that the income per head lies between floor and ceiling.

    Short of the floor, rent makes up for it; over the ceiling the wages and then
    the harvest are smaller. Above `_POOR` a head transfers stay under half.
    """
    months = sum(int(amount(m["务工时间"])) for m in members)
    posts = sum(int(amount(m["公益性岗位月数"])) for m in members)
    harvest = round(draw.cents(700, 1300) * amount(row["耕地面积"]), 2)
    row["公益性岗位收入"] = posts * draw.whole(4, 7) * 100
    row["其他工资性收入"] = months * draw.whole(16, 36) * 100
    row["生产经营性收入"] = harvest
    row["生产经营性支出"] = round(harvest * draw.cents(0.2, 0.4), 2)
    row["资产收益扶贫分红收入"] = draw.whole(2, 12) * 100
    row["其他财产性收入"] = 0
    _transfers(draw, row, members, pensioners)
    add_up(row)
    target = draw.cents(floor, floor + (ceiling - floor) * 0.5) * amount(row["家庭人口数"])
    net, transfers = amount(row["纯收入"]), amount(row["转移性收入"])
    if amount(row["人均纯收入"]) > ceiling and net > 2.2 * transfers:
        _cut(row, months, net - max(target, 2.2 * transfers))
        add_up(row)
        _step_off(row)
        return
    rent = target - net if amount(row["人均纯收入"]) < floor else 0.0
    if floor > _POOR:
        rent = max(rent, 2.2 * transfers - net)
    row["其他财产性收入"] = round(max(rent, 0.0), 2)
    add_up(row)
    _step_off(row)


def _step_off(row: Row) -> None:
    """Raise the rent of a household that is just over a line, each by another sum:
    villages where several incomes are the same to the fen are suspect."""
    for low, high in EDGES:
        short = high - amount(row["人均纯收入"])
        if 0 < short <= high - low:
            apart = amount(row["年收入"]) % 197
            more = round((short + apart) * amount(row["家庭人口数"]), 2)
            row["其他财产性收入"] = round(amount(row["其他财产性收入"]) + more, 2)
            add_up(row)


def _transfers(draw: Draw, row: Row, members: list[Row], pensioners: int) -> None:
    allowance = sum(m["是否享受农村居民最低生活保障"] == "是" for m in members)
    destitute = sum(m["是否特困供养人员"] == "是" for m in members)
    disabled = sum(m["证件类型"] == "残疾人证" for m in members)
    row["养老金或离退休金"] = pensioners * draw.whole(110, 140) * 12
    row["最低生活保障金"] = allowance * draw.whole(100, 180) * 12
    row["特困人员救助供养金"] = destitute * draw.whole(400, 480) * 12
    row["生态补偿金"] = round(amount(row["退耕还林面积"]) * 125 + draw.whole(0, 8) * 20, 2)
    row["计划生育金"] = 960 if pensioners and draw.chance(0.08) else 0
    row["其他转移性收入"] = disabled * 720 + draw.whole(1, 9) * 60


def _cut(row: Row, months: int, surplus: float) -> None:
    """Take `surplus` out of wages (leaving 600 yuan a month) and of the harvest."""
    wages = amount(row["其他工资性收入"])
    taken = max(0.0, min(surplus, wages - min(wages, months * 600.0)))
    row["其他工资性收入"] = round(wages - taken, 2)
    harvest, costs = amount(row["生产经营性收入"]), amount(row["生产经营性支出"])
    if surplus > taken and harvest > 0:
        share = costs / harvest
        harvest = max(harvest - (surplus - taken) / (1 - share), 400.0)
        row["生产经营性收入"] = round(harvest, 2)
        row["生产经营性支出"] = round(harvest * share, 2)
