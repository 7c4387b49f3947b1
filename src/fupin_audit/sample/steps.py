"""Who helps a household, and the dated steps of its exit, recognition and removal."""

from __future__ import annotations

from datetime import date, timedelta

from fupin_audit.sample.county import Row
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.people import SURNAMES

_HELPED = 5
_GIVEN = ("建平", "海峰", "晓燕", "志强")
_UNITS = ("区农业农村局", "区水利局", "区教育局", "区住建局", "区卫健局")
NO_HELPER: Row = {"帮扶责任人姓名": None, "帮扶责任人联系电话": None, "帮扶单位名称": None}

EXIT_STEPS = (
    "民主评议日期", "两委核实日期", "户主认可日期", "公示开始日期", "公示结束日期",
    "乡镇审核日期", "乡镇公示开始日期", "乡镇公示结束日期", "县级批准日期", "公告日期",
    "系统标注日期",
)  # fmt: skip
_EXIT_DAYS = (0, 2, 3, 5, 12, 14, 15, 22, 25, 26, 28)
_RECOGNITION = (
    ("申请日期", 0), ("承诺授权日期", 0), ("入户核实日期", 2), ("信息比对日期", 4),
    ("民主评议日期", 6), ("村内公示开始日期", 7), ("村内公示结束日期", 12),
    ("乡镇审核日期", 14), ("县级批准日期", 17), ("公告日期", 18), ("系统标注日期", 19),
)  # fmt: skip
_REMOVAL = (
    ("入户核实日期", 0), ("民主评议日期", 2), ("村内公示开始日期", 3), ("村内公示结束日期", 9),
    ("乡镇审核日期", 11), ("县级批准日期", 14), ("公告日期", 15), ("系统标注日期", 16),
)  # fmt: skip


def helper(village: int, serial: int) -> Row:
    """Return the person who helps five neighbouring households."""
    group = serial // _HELPED
    return {
        "帮扶责任人姓名": SURNAMES[(village * 7 + group) % len(SURNAMES)] + _GIVEN[group % 4],
        "帮扶责任人联系电话": f"1990{village % 100_000:05d}{group:02d}",
        "帮扶单位名称": _UNITS[village % len(_UNITS)],
    }


def exit_steps(draw: Draw, exited: int | None, as_of: date) -> Row:
    """Return the steps of an exit in their order, in time for the year's marking."""
    if exited is None:
        return dict.fromkeys((*EXIT_STEPS, "乡镇核实人数", "退出批准层级"))
    first = min(date(exited, 10, 20), as_of - timedelta(days=40)) + timedelta(draw.whole(0, 9))
    row: Row = {
        name: (first + timedelta(days=days)).isoformat()
        for name, days in zip(EXIT_STEPS, _EXIT_DAYS, strict=True)
    }
    row["乡镇核实人数"] = 3
    row["退出批准层级"] = "县级"
    return row


_POOR_RECOGNITION = (
    ("申请日期", 0), ("民主评议日期", 3), ("村内公示开始日期", 4), ("村内公示结束日期", 11),
    ("乡镇审核日期", 13), ("乡镇公示开始日期", 14), ("乡镇公示结束日期", 21),
    ("县级批准日期", 24), ("公告日期", 26), ("系统标注日期", 28),
)  # fmt: skip


def recognition(household: Row) -> list[Row]:
    """Return how a poor household that has not exited was recognised."""
    month = str(household.get("首次识别时间"))
    if household.get("脱贫属性") != "未脱贫" or len(month) != 6 or not month.isdigit():
        return []
    return [_procedure(household, "识别", month, _POOR_RECOGNITION)]


def procedures(household: Row) -> list[Row]:
    """Return the recognition of a monitored household and, if removed, the removal."""
    out = []
    for kind, month, steps in (
        ("识别", household.get("识别监测时间"), _RECOGNITION),
        ("风险消除", household.get("消除监测时间"), _REMOVAL),
    ):
        if isinstance(month, str) and len(month) == 6 and month.isdigit():
            out.append(_procedure(household, kind, month, steps))
    return out


def _procedure(household: Row, kind: str, month: str, steps: tuple[tuple[str, int], ...]) -> Row:
    first = date(int(month[:4]), int(month[4:]), 3)
    dates: Row = {name: (first + timedelta(days)).isoformat() for name, days in steps}
    return {
        **{n: household[n] for n in ("县", "乡", "村", "户编号", "户主姓名")},
        "程序类型": kind,
        **dates,
        "核实人数": 2,
    }
