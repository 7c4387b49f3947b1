"""Faults in the tables that go with the households: villages, work, plans, procedures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from fupin_audit.sample.county import Cell, Change, County, Expected, Planted, Row
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.linked import Tables


@dataclass(frozen=True, slots=True)
class LinkedKind:
    """A fault in one row of a linked table.

    Attributes:
        name: Says what is wrong.
        rule: The rule that must find it.
        table: Name of the shape.
        field, value: The cell and what is written in it; a function gets the row.
        suits: Which rows it makes sense in.
        home: Which households it makes sense in.
        whole: Whether the finding is of the household, not of the row.
        more: Further cells that get the same value.
        until, since: Data years it makes sense in.
    """

    name: str
    rule: str
    table: str
    field: str
    value: Cell | Callable[[Row], Cell]
    suits: Callable[[Row], bool] = lambda row: True
    home: Callable[[Row], bool] = lambda row: True
    whole: bool = False
    more: tuple[str, ...] = ()
    since: int = 2014
    until: int = 2030


def _blank(name: str, rule: str, field: str) -> LinkedKind:
    return LinkedKind(name, rule, "village", field, None)


def _work(
    name: str,
    rule: str,
    field: str,
    value: Cell | Callable[[Row], Cell],
    suits: Callable[[Row], bool] = lambda row: True,
    home: Callable[[Row], bool] | None = None,
) -> LinkedKind:
    return LinkedKind(name, rule, "work", field, value, suits=suits, home=home or _listed)


def _poor(household: Row) -> bool:
    return household.get("户类型", "脱贫户") == "脱贫户"


def _listed(household: Row) -> bool:
    """Whether rules for registered or monitored households are about it."""
    return _poor(household) or bool(household.get("监测对象类别"))


def _exits(row: Row) -> bool:
    return row.get("是否出列") == "是"


def _recognised(row: Row) -> bool:
    return row["程序类型"] == "识别"


def _removed(row: Row) -> bool:
    return row["程序类型"] == "风险消除"


def _day_before(field: str) -> Callable[[Row], Cell]:
    """Return a value one day after the start of the notice."""
    return lambda row: f"{str(row[field])[:8]}{int(str(row[field])[8:]) + 1:02d}"


_BARE = 60
"""Acreage (亩) of a village none of whose households has farmland to be seen."""

_ONE_SPELL = 7
"""Months of a spell that is the only one of its worker."""

_STRANGER = "611002197001010032"

KINDS = (
    _blank("village-population-blank", "VL281", "总人口数"),
    _blank("village-households-blank", "VL282", "总户数"),
    _blank("village-income-blank", "VL283", "村级集体经济收入"),
    _blank("village-schools-blank", "VL284", "村小学个数"),
    _blank("village-pensions-blank", "VL285", "参加城乡居民基本养老保险人数"),
    _blank("village-bus-blank", "VL286", "是否通客运班车"),
    _blank("village-clinics-blank", "VL287", "行政村卫生室个数"),
    _blank("village-toilets-blank", "VL288", "公共卫生厕所个数"),
    _blank("village-doctors-blank", "VL289", "执业助理医师人数"),
    _blank("village-refuse-blank", "VL290", "垃圾集中堆放点个数"),
    _blank("village-library-blank", "VL291", "文化图书室个数"),
    _blank("village-allowance-blank", "VL292", "低保户数"),
    _blank("village-destitute-blank", "VL293", "特困供养人口数"),
    _blank("village-disabled-blank", "VL294", "残疾人口数"),
    LinkedKind("village-unpaved", "VL295", "village", "到乡镇是否通沥青水泥路", "否"),
    LinkedKind("village-unsafe-houses", "VL296", "village", "危房户数", 9000),
    LinkedKind("village-farmland", "VL297", "village", "耕地面积", 1,
               suits=lambda row: int(str(row["耕地面积"])) > _BARE),
    LinkedKind("village-insured", "VL298", "village", "劳动力人数", 90_000),
    LinkedKind(
        "village-poor-households", "VL299", "village", "贫困户数",
        lambda row: int(str(row["贫困户数"])) + 7,
    ),
    LinkedKind("village-poverty-rate", "VX001", "village", "未脱贫人口数",
               lambda row: int(str(row["农业户籍人口数"])) // 20, suits=_exits, until=2020),
    LinkedKind("village-no-water", "VX003", "village", "是否解决安全饮用水", "否",
               suits=_exits, until=2020),
    LinkedKind("village-uninsured", "VX004", "village", "贫困人口参加医疗保险人数", 1,
               suits=_exits, until=2020),
    LinkedKind("village-notice-blank", "VX006", "village", "乡镇公示开始日期", None,
               suits=_exits, until=2020),
    LinkedKind("village-rate-alarm", "WS001", "village", "未脱贫人口数",
               lambda row: int(str(row["农业户籍人口数"])) // 20,
               suits=lambda row: not _exits(row), until=2020),
    LinkedKind("plan-of-a-stranger", "WK108", "work_plan", "证件号码", _STRANGER),
    LinkedKind("work-of-another-household", "WK109", "work", "户编号", "6110029999900001"),
    _work("work-place-vague", "WK083", "务工所在县", "外地"),
    _work("work-details-blank", "WK084", "务工企业名称", None, lambda r: r["是否已务工"] == "是"),
    _work("wage-huge", "WK085", "务工月收入", 90_000),
    _work("wage-small", "WK086", "务工月收入", 260),
    _work("work-start-blank", "WK087", "开始时间", None),
    _work("work-end-blank", "WK089", "结束时间", None, lambda r: r["是否已务工"] == "否"),
    _work("whether-working-blank", "WK091", "是否已务工", None, home=_poor),
    _work("local-post-far-away", "WK093", "就业渠道", "帮扶车间",
          lambda r: r["务工所在省"] == "江苏省"),
    _work("work-of-a-child", "WK082", "开始时间",
          lambda r: f"{int(str(r['证件号码'])[6:10]) + 14}01", lambda r: r["是否已务工"] == "否"),
    _work("work-open-for-years", "WK090", "开始时间", lambda r: f"{int(str(r['年度'])) - 6}01",
          lambda r: int(str(r["务工时间"])) >= _ONE_SPELL, home=_poor),
    LinkedKind("plan-without-need", "WK092", "work_plan", "就业服务需求", None, home=_listed),
    LinkedKind("travel-grant-at-home", "WK106", "work", "年度交通费补助", 500,
               suits=lambda r: r["年度交通费补助"] == 0, home=lambda h: bool(h.get("监测对象类别")),
               whole=True, since=2021),
    LinkedKind("procedure-of-no-household", "HH107", "procedure", "户编号", "6110029999900002"),
    LinkedKind("recognition-step-missing", "MO001", "procedure", "民主评议日期", None,
               suits=_recognised, since=2021),
    LinkedKind("recognition-too-slow", "MO003", "procedure", "县级批准日期",
               lambda r: f"{int(str(r['申请日期'])[:4]) + 1}{str(r['申请日期'])[4:]}",
               suits=_recognised, since=2021, more=("公告日期", "系统标注日期")),
    LinkedKind("visit-too-late", "MO004", "procedure", "入户核实日期",
               lambda r: r["信息比对日期"], suits=_recognised, since=2021),
    LinkedKind("notice-too-short", "MO002", "procedure", "村内公示结束日期",
               _day_before("村内公示开始日期"), suits=_removed, since=2021),
    LinkedKind("one-person-checked", "MO005", "procedure", "核实人数", 1, since=2021),
    LinkedKind("removal-step-missing", "MO010", "procedure", "民主评议日期", None,
               suits=_removed, since=2021),
    LinkedKind("poor-recognition-step-missing", "PR008", "procedure", "民主评议日期", None,
               until=2020),
)  # fmt: skip


_COUNTY_KINDS = (
    LinkedKind("county-poverty-rate", "CX001", "county", "综合贫困发生率", 4.5),
    LinkedKind("county-wrong-exits", "CX002", "county", "错退率", 4.5),
    LinkedKind("county-overlooked", "CX003", "county", "漏评率", 4.5),
    LinkedKind("county-approval", "CX004", "county", "群众认可度", 84),
)


def place_of(row: Row) -> str:
    """Return what a finding is filed under: the household, else the village, else the county."""
    if "户编号" in row:
        return str(row["户编号"])
    return f"{row['乡']}{row['村']}" if "村" in row else str(row["县"])


def _lost_time(homes: dict[str, Row], tables: Tables, used: set[str]) -> list[Planted]:
    """Let the second spell of a worker begin with the first."""
    for first, second in pairwise(tables["work"]):
        place, person = place_of(first), str(first["人口编号"])
        if second["人口编号"] != first["人口编号"] or place in used or not _listed(homes[place]):
            continue
        before, second["开始时间"] = second["开始时间"], first["开始时间"]
        used.add(place)
        change = Change(place, person, "开始时间", before, second["开始时间"])
        fault = Planted(
            "spells-overlap", "WK088", place, person, "开始时间", before, second["开始时间"],
            (change,), (Expected("WK088", place, person),) * 2,
        )  # fmt: skip
        return [fault]
    return []


def _stranger(draw: Draw, tables: Tables, used: set[str]) -> list[Planted]:
    """Add a spell of work of somebody who is on no list."""
    for row in draw.shuffled(tables["work"]):
        place, person = place_of(row), str(row["人口编号"])
        if place not in used:
            used.add(place)
            tables["work"].append({**row, "证件号码": _STRANGER})
            change = Change(place, person, "证件号码", row["证件号码"], _STRANGER)
            fault = Planted(
                "work-of-a-stranger", "WK107", place, person, "证件号码", row["证件号码"],
                _STRANGER, (change,), (Expected("WK107", place, person),),
            )  # fmt: skip
            return [fault]
    return []


def plant_linked(
    draw: Draw,
    county: County,
    rate: float,
    households: list[Row],
    tables: Tables,
    spoiled: set[str],
) -> dict[str, list[Planted]]:
    """Spoil rows of the linked tables, each kind once, `rate` of a table's rows at most.

    Rows of spoiled households are left alone. A village counts as spoiled when
    a fault is planted in its row.
    """
    out: dict[str, list[Planted]] = {name: [] for name in tables}
    room = {name: max(1, round(rate * len(rows))) for name, rows in tables.items()}
    homes = {str(h["户编号"]): h for h in households}
    used = set(spoiled)
    if "county" in tables:
        out["county"].append(_spoil(draw.pick(_COUNTY_KINDS), tables["county"][0]))
    out["work"] += _stranger(draw, tables, used)
    out["work"] += _lost_time(homes, tables, used)
    out["village"] += _lose_village(draw, households, tables, used)
    for kind in draw.shuffled(KINDS):
        fits = kind.since <= county.as_of.year <= kind.until
        if not fits or len(out[kind.table]) >= room[kind.table]:
            continue
        for row in draw.shuffled(tables[kind.table]):
            place = place_of(row)
            if place not in used and kind.suits(row) and kind.home(homes.get(place, row)):
                used.add(place)
                out[kind.table].append(_spoil(kind, row))
                break
    return out


def _spoil(kind: LinkedKind, row: Row) -> Planted:
    person = str(row.get("人口编号") or "")
    at = place_of(row)
    before = row[kind.field]
    after = kind.value(row) if callable(kind.value) else kind.value
    changes = []
    for name in (kind.field, *kind.more):
        changes.append(Change(at, person, name, row[name], after))
        row[name] = after
    expected = (Expected(kind.rule, place_of(row), "" if kind.whole else person),)
    return Planted(
        kind.name, kind.rule, at, person, kind.field, before, after, tuple(changes), expected
    )


def _lose_village(
    draw: Draw, households: list[Row], tables: Tables, used: set[str]
) -> list[Planted]:
    """Take a village off the list: each of its households then lacks one."""
    for row in draw.shuffled(tables["village"]):
        place = place_of(row)
        if place in used:
            continue
        tables["village"].remove(row)
        homes = [h for h in households if h["村"] == row["村"] and h["乡"] == row["乡"]]
        expected = tuple(Expected("VL300", str(h["户编号"])) for h in homes)
        fault = Planted(
            "village-not-listed", "VL300", place, "", "村", row["村"], None, (), expected,
            removed="village",
        )  # fmt: skip
        return [fault]
    return []
