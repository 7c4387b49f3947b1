"""Faults in land, living conditions, phones, accounts and who is at home."""

from __future__ import annotations

from fupin_audit.sample.county import Row
from fupin_audit.sample.faults.build import (
    full_years,
    home,
    listed,
    person,
    removed,
    unwatched,
)
from fupin_audit.sample.faults.host import Apply, Host, Kind
from fupin_audit.sample.incomes import add_up, amount

_PHONE, _PLACE = "家庭成员联系电话", "务工所在地"


def _land(name: str, rule: str, field: str, value: int) -> Kind:
    return home(name, rule, {field: value}, listed)


def _shared_between_workers(host: Host) -> bool:
    away = [m for m in host.members if m[_PLACE]]
    places = {str(m[_PLACE]) for m in away}
    poor = host.row.get("户类型", "脱贫户") == "脱贫户"
    if len(away) != 2 or len(places) != 2 or not poor:
        return False
    host.put(away[1], _PHONE, away[0][_PHONE])
    for member in away:
        host.expect("CT034", member)
    return True


def _same_account(host: Host) -> bool:
    other = host.partner(lambda h: True)
    if other is None:
        return False
    host.put(host.row, "银行卡号", other.row["银行卡号"])
    host.expect("CT039")
    other.expect("CT039")
    host.expected.extend(other.expected)
    return True


def _spouse_of_one_sex(host: Host) -> bool:
    """A daughter of a woman who heads her family is written down as her spouse."""
    grown_up = [
        m for m in host.members
        if m["与户主关系"] == "之女" and full_years(host, m) >= 20 and not m["在校生状况"]
    ]  # fmt: skip
    if host.head["性别"] != "女" or not grown_up:
        return False
    if any(m["与户主关系"] == "配偶" for m in host.members):
        return False
    host.put(grown_up[0], "与户主关系", "配偶")
    host.expect("HH015", grown_up[0])
    return True


def _tiny_wages(value: int, rule: str, watched: bool) -> Apply:
    def apply(host: Host) -> bool:
        posts = any(m["公益性岗位"] for m in host.members)
        wages = amount(host.row["其他工资性收入"])
        if posts or not wages or host.watched is not watched:
            return False
        moved = round(wages + amount(host.row["生产经营性收入"]) - value, 2)
        host.expect(rule)
        return host.rebook(其他工资性收入=value, 生产经营性收入=moved)

    return apply


def _mostly_transfers(host: Host) -> bool:
    if not host.exits:
        return False
    trial: Row = {**host.row, "其他转移性收入": round(amount(host.row["纯收入"]) * 1.5)}
    add_up(trial)
    host.write(trial, first=("其他转移性收入",))
    host.expect("IC226")
    return True


def _dead_but_counted(host: Host) -> bool:
    """An elder without work or allowance has died; the household still counts as many."""
    elder = host.relative("之父", "之母")
    others = [m for m in host.members if m is not elder]
    if elder is None or host.watched or _allowed(host) or host.exits:
        return False
    if not any(full_years(host, m) >= 60 and m["与户主关系"] != "户主" for m in others):
        return False
    host.put(elder, "人员变更", "死亡")
    host.put(elder, "自然增减", "自然减少")
    host.put(elder, "变更时间", f"{host.year}-06-18")
    host.expect("HH026")
    return True


def _allowed(host: Host) -> bool:
    return any(m["是否享受农村居民最低生活保障"] == "是" for m in host.members)


def _helped(host: Host) -> bool:
    kept = removed(host) and host.row["户类型"] != "脱贫户"
    return listed(host) and bool(host.row["帮扶责任人姓名"]) and not kept


KINDS = (
    home("unsafe-house-not-monitored", "LV171", {"是否危房户": "是"},
         lambda h: unwatched(h) and h.row["是否搬迁户"] != "是", since=2021),
    home("unsafe-water-not-monitored", "LV172", {"是否解决安全饮用水": "否"}, unwatched,
         since=2021),
    home("far-from-the-road", "LV183", {"与村主干路距离": 9}, listed),
    _land("farmland-huge", "LV184", "耕地面积", 260),
    _land("woodland-huge", "LV185", "林地面积", 360),
    home("returned-huge", "LV186", {"退耕还林面积": 330},
         lambda h: listed(h) and amount(h.row["生态补偿金"]) > 0, also=("LV197",)),
    _land("orchard-huge", "LV187", "林果面积", 340),
    _land("grassland-huge", "LV188", "牧草地面积", 350),
    _land("water-huge", "LV189", "水面面积", 310),
    home("water-surface-blank", "LV190", {"水面面积": None}, listed),
    home("relocated-not-moved-in", "LV194", {"是否实际入住": "否"},
         lambda h: not h.exits and h.row["是否搬迁户"] == "是"
         and h.row.get("户类型", "脱贫户") == "脱贫户"),
    home("yard-not-clean", "LV198", {"厕所净": "否"}),
    home("policies-unknown", "EX022", {"政策知晓情况": "否"}, listed),
    Kind("dead-but-counted", "HH026", ("人员变更", "家庭人口数"), _dead_but_counted),
    person("increase-unexplained", "HH027", {"自然增减": "自然增加"},
           lambda h, m: m["人员变更"] is None and m["与户主关系"] in ("之儿媳", "之孙女", "配偶"),
           needs=("人员变更",)),
    home("nobody-at-home", "HH029", {"是否整户外出一年以上": "是"}),
    home("no-people", "HH106", {"家庭人口数": 0}, lambda h: h.row["是否搬迁户"] != "是",
         also=("HH019",)),
    Kind("spouse-of-one-sex", "HH015", ("与户主关系", "证件号码"), _spouse_of_one_sex),
    Kind("phone-of-two-workers", "CT034", (_PHONE, _PLACE), _shared_between_workers),
    home("no-helper", "CT037", {"帮扶责任人姓名": None}, _helped),
    home("account-too-short", "CT039", {"银行卡号": lambda row: str(row["银行卡号"])[:12]}),
    Kind("account-shared", "CT039", ("银行卡号",), _same_account),
    Kind("wages-tiny", "IC236", ("其他工资性收入", "工资性收入"),
         _tiny_wages(180, "IC236", False)),
    Kind("wages-tiny-monitored", "IC211", ("其他工资性收入", "工资性收入"),
         _tiny_wages(60, "IC211", True), since=2021),
    Kind("exit-on-transfers", "IC226", ("其他转移性收入", "脱贫年度"), _mostly_transfers,
         until=2020),
    home("grants-in-income", "IC230", {"收入备注": "含危房改造补助和临时救助"}),
)  # fmt: skip
