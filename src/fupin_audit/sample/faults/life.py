"""Faults in exit, housing, water, power, land and relocation."""

from __future__ import annotations

from collections.abc import Callable

from fupin_audit.sample.county import Cell
from fupin_audit.sample.faults.host import EXIT_SCORE, Apply, Host, Kind
from fupin_audit.sample.incomes import amount

_MEASURES = ("产业帮扶", "就业帮扶", "健康帮扶", "教育帮扶", "综合保障")


def _exits(host: Host) -> bool:
    return host.exits


def _stays(host: Host) -> bool:
    return not host.exits


def _moved(host: Host) -> bool:
    return host.row["是否搬迁户"] == "是"


def _settled(host: Host) -> bool:
    return not host.exits and not _moved(host)


def _poor(host: Host) -> bool:
    """Whether rules for registered or former poor households are about it."""
    return host.row.get("户类型", "脱贫户") == "脱贫户"


def _stays_poor(host: Host) -> bool:
    return _stays(host) and _poor(host)


def _write(
    field: str, value: Cell, *rules: str, suits: Callable[[Host], bool] = lambda h: True
) -> Apply:
    """Return a fault that writes one household cell."""

    def apply(host: Host) -> bool:
        if not suits(host) or host.row[field] == value:
            return False
        host.put(host.row, field, value)
        for rule in rules:
            host.expect(rule)
        return True

    return apply


def _uninsured(host: Host) -> bool:
    person = host.one(lambda m: m["是否参加城乡居民基本医疗保险"] == "是")
    if not host.exits or person is None:
        return False
    host.put(person, "是否参加城乡居民基本医疗保险", "否")
    host.expect("EX004")
    if person["是否参加城镇职工基本医疗保险"] == "否":
        host.expect("SP111", person)
    return True


def _same_year(host: Host) -> bool:
    if not host.exits:
        return False
    host.put(host.row, "首次识别时间", f"{host.year}03")
    host.expect("EX008")
    return True


def _returned(host: Host) -> bool:
    if not host.exits:
        return False
    host.put(host.row, "返贫年度", host.year)
    host.expect("EX009")
    return True


def _no_help(host: Host) -> bool:
    given = [n for n in _MEASURES if host.row[n]]
    if not host.exits or _moved(host) or host.row["贫困户属性"] != "一般贫困户":
        return False
    for name in given:
        host.put(host.row, name, None)
    host.expect("EX010")
    return True


def _no_year(host: Host) -> bool:
    if host.exits or host.row["脱贫年度"] is None:
        return False
    host.put(host.row, "脱贫年度", None)
    host.expect("EX020")
    return True


def _exit_before_recognition(host: Host) -> bool:
    if host.exits or host.row["脱贫年度"] is None:
        return False
    host.put(host.row, "首次识别时间", f"{host.year}03")
    host.expect("EX020")
    return True


def _irrigation(host: Host) -> bool:
    host.put(host.row, "有效灌溉面积", round(amount(host.row["耕地面积"]) + 3, 1))
    host.expect("LV191")
    return True


def _no_return_grant(host: Host) -> bool:
    host.expect("LV192")
    return amount(host.row["退耕还林面积"]) > 0 and host.rebook(生态补偿金=0)


def _returned_over_wood(host: Host) -> bool:
    if not amount(host.row["退耕还林面积"]):
        return False
    host.put(
        host.row, "退耕还林面积", sum(amount(host.row[n]) for n in ("林地面积", "林果面积")) + 2
    )
    host.expect("LV197")
    return True


def _no_relocation_place(host: Host) -> bool:
    if not _moved(host) or not _poor(host):
        return False
    host.put(host.row, "安置地", None)
    host.expect("LV193")
    return True


def _large_resettlement(host: Host) -> bool:
    if not _moved(host):
        return False
    host.put(host.row, "安置住房面积", len(host.members) * 30)
    host.expect("LV195")
    return True


def _named(name: str, rule: str, field: str, apply: Apply, until: int = 2030) -> Kind:
    fields = (field, "脱贫年度") if name.startswith("exit-") else (field,)
    return Kind(name, rule, fields, apply, until=until)


_HOUSE, _WATER, _SPACE = "是否危房户", "是否解决安全饮用水", "住房面积"
_POWER, _TOILET = "是否通生活用电", "是否有卫生厕所"
_INSURED = "是否参加城乡居民基本医疗保险"

KINDS = (
    _named("exit-hungry", "EX002", "吃是否不愁",
           _write("吃是否不愁", "否", "EX002", suits=_exits), 2020),
    Kind("exit-uninsured", "EX004", (_INSURED, "脱贫年度", *EXIT_SCORE), _uninsured, until=2020),
    _named("exit-unsafe-house", "EX005", _HOUSE,
           _write(_HOUSE, "是", "EX005", suits=lambda h: h.exits and not _moved(h)), 2020),
    _named("exit-not-moved-in", "EX006", "是否实际入住",
           _write("是否实际入住", "否", "EX006", "LV194",
                  suits=lambda h: h.exits and _moved(h)), 2020),
    _named("exit-unsafe-water", "EX007", _WATER, _write(_WATER, "否", "EX007", suits=_exits), 2020),
    Kind("exit-no-power", "EX016", (_POWER, "脱贫年度"),
         _write(_POWER, "否", "EX016", "LV179", suits=_exits), until=2020),
    _named("exit-in-year-of-recognition", "EX008", "首次识别时间", _same_year, 2020),
    _named("exit-in-year-of-return", "EX009", "返贫年度", _returned, 2020),
    Kind("exit-without-help", "EX010", (*_MEASURES, "脱贫年度", "贫困户属性"), _no_help,
         until=2020),
    _named("exit-unsigned", "EX017", "户主是否签字认可",
           _write("户主是否签字认可", None, "EX017", suits=_exits), 2020),
    _named("exit-year-blank", "EX020", "脱贫年度", _no_year, 2020),
    _named("exit-before-recognition", "EX020", "首次识别时间", _exit_before_recognition, 2020),
    _named("house-safety-blank", "LV175", _HOUSE, _write(_HOUSE, None, "LV175", suits=_stays)),
    _named("water-blank", "LV176", _WATER, _write(_WATER, None, "LV176", suits=_stays_poor)),
    _named("floor-area-blank", "LV177", _SPACE, _write(_SPACE, None, "LV177")),
    _named("floor-area-tiny", "LV178", _SPACE, _write(_SPACE, 9, "LV178", suits=_settled)),
    _named("floor-area-huge", "LV178", _SPACE, _write(_SPACE, 900, "LV178", suits=_settled)),
    _named("no-power", "LV179", _POWER, _write(_POWER, "否", "LV179", suits=_stays)),
    _named("toilet-blank", "LV180", _TOILET, _write(_TOILET, None, "LV180", suits=_poor)),
    _named("road-blank", "LV181", "入户路类型", _write("入户路类型", None, "LV181")),
    _named("distance-blank", "LV182", "与村主干路距离", _write("与村主干路距离", None, "LV182")),
    _named("irrigated-over-farmland", "LV191", "有效灌溉面积", _irrigation),
    _named("no-return-grant", "LV192", "退耕还林面积", _no_return_grant),
    _named("relocation-place-blank", "LV193", "安置地", _no_relocation_place),
    _named("resettlement-too-large", "LV195", "安置住房面积", _large_resettlement, 2020),
    _named("returned-over-woodland", "LV197", "退耕还林面积", _returned_over_wood),
)  # fmt: skip
