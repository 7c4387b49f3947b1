"""Faults in the help of monitored households: none, of the wrong kind, too early."""

from __future__ import annotations

from fupin_audit.sample.faults.build import (
    Suits,
    active,
    add_risk,
    home,
    no_labour,
    removed,
    risks_of,
    student,
    with_risk,
)
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.monitoring import MEASURES

_INDUSTRY, _POST, _HEALTH = "产业帮扶", "公益岗位帮扶", "健康帮扶"
_EDUCATION, _SUPPORT = "教育帮扶", "综合保障"
_STATE = "实施开发式帮扶措施情况"
_DEVELOPMENT = ("产业帮扶", "就业帮扶", "金融帮扶", "公益岗位帮扶")
_SINCE = "识别监测时间"


def _develops(host: Host) -> bool:
    return any(host.row[name] for name in _DEVELOPMENT)


def _student(host: Host) -> bool:
    return any(student(m, "中职", "高职") for m in host.members)


def _poorly(host: Host) -> bool:
    """Whether it is monitored and its measures other than support can go."""
    return active(host) and not host.row[_SUPPORT] and not _student(host)


def _clear(*names: str) -> dict[str, None]:
    return dict.fromkeys(names)


def _without_development(host: Host) -> bool:
    rest = host.row[_HEALTH] or host.row[_EDUCATION]
    return active(host) and not no_labour(host) and bool(rest) and _develops(host)


def _only_support(host: Host) -> bool:
    first = str(host.row["致贫返贫风险1"])
    return (
        removed(host)
        and bool(host.row[_SUPPORT])
        and "因学" not in risks_of(host)
        and first not in ("因务工就业不稳", "因安全住房", "因安全饮水")
        and not no_labour(host)
    )


def _disabled_only(host: Host) -> bool:
    light = all(str(m["证件号码"])[19:] not in ("1", "2") for m in host.members)
    return active(host) and host.row[_SUPPORT] == "残疾人补贴" and light


def _unmet(name: str, rule: str, risk: str, *needs: str) -> Kind:
    """Return the fault of one more risk for which nothing is done."""

    def apply(host: Host) -> bool:
        host.expect(rule)
        return active(host) and add_risk(host, risk)

    return Kind(name, rule, ("致贫返贫风险1", *needs), apply, since=2021)


def _home(name: str, rule: str, cells: dict[str, None] | dict[str, str], suits: Suits) -> Kind:
    return home(name, rule, cells, suits, needs=("风险是否已消除", "劳动技能"), since=2021)


KINDS = (
    _home("no-measure", "MS241", _clear(*MEASURES), _poorly),
    _home("removed-without-measure", "MS242", _clear(*MEASURES), removed),
    _home("no-development-measure", "MS243", _clear(*_DEVELOPMENT), _without_development),
    _home("measures-not-started", "MS244", {_STATE: "尚未实施"},
          lambda h: active(h) and _develops(h)),
    home("measure-other", "MS245", {_INDUSTRY: "其他"},
         lambda h: active(h) and bool(h.row[_INDUSTRY]) and not h.row[_POST], since=2021),
    _home("support-only", "MS246",
          _clear(*_DEVELOPMENT, _HEALTH, _EDUCATION), _only_support),
    home("illness-without-help", "MS247", {_HEALTH: None}, with_risk("因病"), since=2021),
    home("schooling-without-help", "MS248", {_EDUCATION: None},
         lambda h: with_risk("因学")(h) and not _student(h), since=2021),
    home("disability-without-help", "MS249", {_SUPPORT: None}, _disabled_only, since=2021),
    _unmet("unsafe-house-without-help", "MS250", "因安全住房", "住房安全保障"),
    _unmet("unsafe-water-without-help", "MS251", "因安全饮水", "饮水安全保障"),
    home("measure-before-recognition", "MS255", {"措施开始时间": "202003"},
         lambda h: h.watched, needs=(_SINCE,), since=2021),
    home("relocation-after-the-end", "LV196", {"搬迁": "搬迁"},
         lambda h: h.watched and str(h.row[_SINCE]) >= "202101", needs=(_SINCE,), since=2021),
)  # fmt: skip
