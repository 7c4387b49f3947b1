"""The household row of a family: recognition, exit, living, land, relocation."""

from __future__ import annotations

from datetime import date

from fupin_audit.sample.county import Row
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.lives import ABLE, NO_LABOUR
from fupin_audit.sample.people import Registry
from fupin_audit.sample.steps import exit_steps


def set_support(draw: Draw, members: list[Row]) -> str:
    """Mark who is on 低保 or 特困 and return the household's 贫困户属性.

    A household in which nobody can work is on one of the two, as it should be.
    """
    able = any(m["劳动技能"] not in NO_LABOUR for m in members)
    lone = len(members) == 1 and not able
    if lone and members[0]["劳动技能"] == "无劳动力" and draw.chance(0.4):
        members[0]["是否特困供养人员"] = "是"
        return "特困供养贫困户"
    ill = any(m["健康状况"] != "健康" for m in members)
    if not able or (ill and draw.chance(0.3)):
        for member in members:
            member["是否享受农村居民最低生活保障"] = "是"
        return "低保贫困户"
    return "一般贫困户"


def _causes(draw: Draw, members: list[Row]) -> list[str]:
    """Return one to three causes of poverty that the members bear out."""
    able = sum(m["劳动技能"] in ABLE for m in members)
    skilled = sum(m["劳动技能"] == "技能劳动力" for m in members)
    schooling = [m["在校生状况"] for m in members]
    true = []
    if any(m["健康状况"] in ("长期慢性病", "患有大病") for m in members):
        true.append("因病")
    if any(m["健康状况"] == "残疾" for m in members):
        true.append("因残")
    if any(s and str(s).startswith(("普通高中", "中职", "高职", "本科")) for s in schooling):
        true.append("因学")
    if able == 0:
        true.append("缺劳力")
    if able and not skilled:
        true.append("缺技术")
    if able:
        true.append("缺资金")
    first = true[0] if draw.chance(0.7) else draw.pick(true)
    others = [c for c in true if c != first]
    return [first, *others[: draw.whole(0, 2)]]


def living(draw: Draw, size: int) -> Row:
    """Return the living conditions and land of a household that lacks nothing."""
    farmed = draw.whole(1, 8) + draw.whole(0, 9) / 10
    wood = float(draw.whole(0, 30))
    returned = float(draw.whole(1, int(wood))) if wood >= 4 and draw.chance(0.5) else 0.0
    return {
        "耕地面积": farmed,
        "有效灌溉面积": round(farmed * draw.whole(0, 10) / 10, 1),
        "林地面积": wood,
        "退耕还林面积": returned,
        "林果面积": float(draw.whole(0, 5)),
        "牧草地面积": 0,
        "水面面积": 0,
        "是否通生产用电": "是",
        "是否通生活用电": "是",
        "是否通广播电视": "是",
        "饮水是否困难": "否",
        "是否解决安全饮用水": "是",
        "与村主干路距离": draw.whole(1, 40) / 10,
        "入户路类型": draw.pick(("水泥路", "水泥路", "沥青路", "砂石路")),
        "住房面积": min(size * draw.whole(18, 38) + draw.whole(20, 40), 320),
        "是否危房户": "否",
        "是否有卫生厕所": "是",
        "主要燃料类型": draw.pick(("柴草", "煤炭", "清洁能源")),
        "是否加入农民专业合作组织": draw.pick(("是", "否")),
        "院内净": "是",
        "厕所净": "是",
        "物品摆放规范": "是",
        "是否整户外出一年以上": "否",
        "政策知晓情况": "是",
        "收入备注": None,
    }


def relocation(draw: Draw, size: int, living_row: Row) -> Row:
    """Return the relocation fields: all filled, or the flag 否 and no details."""
    if not draw.chance(0.08):
        return {
            "是否搬迁户": "否",
            "搬迁方式": None,
            "安置方式": None,
            "安置地": None,
            "安置住房面积": None,
            "是否实际入住": None,
        }
    area = size * draw.whole(18, 24)
    living_row["住房面积"] = area
    return {
        "是否搬迁户": "是",
        "搬迁方式": draw.pick(("自然村(村民小组)整体搬迁", "建档立卡贫困户个别搬迁")),
        "安置方式": "集中安置",
        "安置地": draw.pick(("县城安置", "乡镇安置")),
        "安置住房面积": area,
        "是否实际入住": "是",
    }


def measures(draw: Draw, members: list[Row], kind: str) -> Row:
    """Return help that fits the household; at least one measure each."""
    out: Row = dict.fromkeys(("产业帮扶", "就业帮扶", "健康帮扶", "教育帮扶", "综合保障"))
    if any(str(m["在校生状况"]).startswith(("中职", "高职")) for m in members):
        out["教育帮扶"] = "雨露计划"
    if any(m["务工时间"] for m in members):
        out["就业帮扶"] = draw.pick(("劳务输出", "技能培训", "劳务输出,技能培训"))
    if any(m["健康状况"] in ("长期慢性病", "患有大病") for m in members):
        out["健康帮扶"] = "城乡居民基本医疗保险个人缴费补贴"
    support = [] if kind == "一般贫困户" else ["低保" if kind == "低保贫困户" else "特困供养"]
    if any(m["证件类型"] == "残疾人证" for m in members):
        support.append("残疾人补贴")
    out["综合保障"] = ",".join(support) or None
    if not any(out.values()):
        out["就业帮扶"] = "技能培训"
    return out


def poor_household(draw: Draw, as_of: date, kind: str, members: list[Row]) -> Row:
    """Return recognition and exit of a registered household (2014–2020).

    Who has not exited yet has nobody at work.
    """
    year = as_of.year
    cause = _causes(draw, members)
    idle = not any(m["务工时间"] or m["公益性岗位"] for m in members)
    exited: int | None = draw.weighted(
        ((year, 40.0), (year - 1, 30.0), (year - 2, 15.0), (None, 40.0 if idle else 0.0))
    )
    known = draw.whole(2014, (exited or year) - 1)
    return {
        "识别标准": "国家标准",
        "贫困户属性": kind,
        "脱贫属性": "已脱贫" if exited else "未脱贫",
        "脱贫年度": exited,
        "返贫年度": None,
        "首次识别时间": f"{known}{draw.pick(('03', '06', '09', '11'))}",
        "主要致贫原因": cause[0],
        "其他致贫原因": ",".join(cause[1:]) or None,
        "吃是否不愁": "是",
        "穿是否不愁": "是",
        "户主是否签字认可": "是" if exited else None,
        **exit_steps(draw, exited, as_of),
    }


def account(draw: Draw, registry: Registry) -> Row:
    """Return the bank and phone of a household."""
    return {
        "户联系电话": registry.phone(),
        "开户银行名称": draw.pick(("农村信用社", "邮政储蓄银行", "农业银行")),
        "银行卡号": registry.account(),
    }
