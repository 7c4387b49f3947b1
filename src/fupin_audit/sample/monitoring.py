"""The household row of the monitoring era (from 2021): risk, measures, removal."""

from __future__ import annotations

from datetime import date

from fupin_audit.sample.county import Row
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.incomes import amount
from fupin_audit.sample.lives import ABLE, NO_LABOUR

MEASURES = (
    "产业帮扶", "就业帮扶", "金融帮扶", "公益岗位帮扶", "健康帮扶", "教育帮扶", "社会帮扶",
    "住房安全保障", "饮水安全保障", "义务教育保障", "综合保障", "搬迁", "生产生活条件改善",
    "基础设施建设",
)  # fmt: skip
_FIRST_MONITORING = 2020
_COSTLY = ("普通高中", "中职", "高职", "本科")
_AFTER = {
    "风险消除后工资性收入": "工资性收入",
    "风险消除后生产经营性收入": "生产经营性收入",
    "风险消除后财产性收入": "财产性收入",
    "风险消除后转移性收入": "转移性收入",
    "风险消除后生产经营性支出": "生产经营性支出",
    "风险消除后家庭纯收入": "纯收入",
    "风险消除后家庭人均纯收入": "人均纯收入",
}
_AFTER_FLAGS = (
    "风险消除后是否住房出现安全问题",
    "风险消除后是否住房损毁",
    "风险消除后是否饮水出现安全问题",
    "风险消除后是否饮水设施损毁",
    "风险消除后是否失学辍学",
    "风险消除后是否有成员未参保",
)
COLLECTORS = ("采集员甲", "采集员乙", "采集员丙")


def risks(draw: Draw, members: list[Row]) -> list[str]:
    """Return the risks of falling back that the members bear out."""
    able = sum(m["劳动技能"] in ABLE for m in members)
    out = []
    if any(m["健康状况"] in ("长期慢性病", "患有大病") for m in members):
        out.append("因病")
    if any(m["健康状况"] == "残疾" for m in members):
        out.append("因残")
    if any(str(m["在校生状况"]).startswith(_COSTLY) for m in members) and draw.chance(0.5):
        out.append("因学")
    if any(m["劳动技能"] == "无劳动力" for m in members) and able * 4 <= len(members):
        out.append("缺劳动力")
    if any(amount(m["务工时间"]) for m in members):
        out.append("因务工就业不稳")
    return out


def monitored_household(
    draw: Draw, as_of: date, members: list[Row], kind: str, found: list[str], collector_phone: str
) -> Row:
    """Return the monitoring fields; without a risk the household is not monitored."""
    watched = bool(found) and draw.chance(0.7)
    former = draw.chance(0.6) or not watched
    removable = any(m["劳动技能"] not in NO_LABOUR for m in members)
    removed = watched and removable and draw.chance(0.4)
    since = max(as_of.year - 2, _FIRST_MONITORING) * 100 + draw.whole(5, 12)
    until = as_of.year * 100 + draw.whole(max(1, as_of.month - 9), max(1, as_of.month - 2))
    costs = draw.whole(20, 60) * 100 if watched else 0
    row: Row = {
        "户类型": "脱贫户" if former else "一般农户",
        "监测对象类别": ("脱贫不稳定户" if former else "边缘易致贫户") if watched else None,
        **{f"致贫返贫风险{i}": None for i in range(1, 6)},
        "自然灾害子项": None,
        "致贫返贫风险其他备注": None,
        "风险是否已消除": ("是" if removed else "否") if watched else None,
        "识别监测时间": str(since) if watched else None,
        "消除监测时间": str(until) if removed else None,
        "风险消除方式": "帮扶消除" if removed else None,
        "整户无劳动能力兜底保障户": "是" if watched and not removable else "否",
        "实施开发式帮扶措施情况": None,
        "措施开始时间": str(_later(since)) if watched else None,
        "最近更新日期": f"{as_of.year}-{max(1, as_of.month - 1):02d}-15" if watched else None,
        "合规自付支出": costs if "因病" in found and not removed else 0,
        "理赔收入": 0,
        **dict.fromkeys(("是否住房出现安全问题", "是否饮水出现安全问题"), "否"),
        **dict.fromkeys(("是否失学辍学", "是否有成员未参保"), "否"),
        "信息采集人": draw.pick(COLLECTORS),
        "信息采集人联系电话": collector_phone,
        **dict.fromkeys(MEASURES),
    }
    if watched:
        for number, risk in enumerate(found[:5], start=1):
            row[f"致贫返贫风险{number}"] = risk
        row.update(_measures(draw, members, kind, found))
        row["实施开发式帮扶措施情况"] = "已实施" if row["产业帮扶"] else None
    return row


def _measures(draw: Draw, members: list[Row], kind: str, found: list[str]) -> Row:
    out: Row = {}
    if any(m["劳动技能"] not in NO_LABOUR for m in members):
        out["产业帮扶"] = draw.pick(("种植业", "养殖业"))
    if any(m["公益性岗位"] for m in members):
        out["公益岗位帮扶"] = next(m["公益性岗位"] for m in members if m["公益性岗位"])
    if "因病" in found:
        out["健康帮扶"] = "城乡居民基本医疗保险个人缴费补贴"
    support = [] if kind == "一般贫困户" else ["低保" if kind == "低保贫困户" else "特困供养"]
    if "因残" in found:
        support.append("残疾人补贴")
    out["综合保障"] = ",".join(support) or None
    schooling = [str(m["在校生状况"]) for m in members]
    if any(s.startswith(("中职", "高职")) for s in schooling):
        out["教育帮扶"] = "雨露计划"
    elif "因学" in found:
        out["教育帮扶"] = draw.pick(("助学金", "助学贷款"))
    return out


def mark_monitored(row: Row, members: list[Row]) -> None:
    """Mark every member of a monitored household: people are monitored as a family."""
    for member in members:
        member["是否监测对象"] = "是" if row["监测对象类别"] else "否"


def _later(month: int) -> int:
    """Return the month after one written yyyymm."""
    return month + 1 if month % 100 < 12 else month + 89


def after_removal(row: Row) -> Row:
    """Return the 13 fields of the state after removal, blank unless removed."""
    removed = row["风险是否已消除"] == "是"
    out: Row = {name: row[source] if removed else None for name, source in _AFTER.items()}
    out["风险消除后理赔收入"] = 0 if removed else None
    out["风险消除后合规自付支出"] = 0 if removed else None
    out.update(dict.fromkeys(_AFTER_FLAGS, "否" if removed else None))
    return out


def income_range(row: Row) -> tuple[float, float]:
    """Return floor and ceiling of the income per head that fit the state."""
    if row["监测对象类别"] and row["风险是否已消除"] == "否":
        return 4600.0, 5700.0
    return 9000.0, 19_500.0 if row["监测对象类别"] else 24_000.0
