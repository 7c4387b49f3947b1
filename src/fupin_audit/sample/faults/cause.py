"""Faults in causes of poverty and risks of falling back."""

from __future__ import annotations

from fupin_audit.sample.faults.build import (
    RISKS,
    Suits,
    able,
    active,
    add_risk,
    home,
    idle,
    no_labour,
    risks_of,
    without_risk,
)
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.incomes import amount
from fupin_audit.sample.lives import NO_LABOUR

_CAUSE, _OTHERS = "主要致贫原因", "其他致贫原因"


def _now_poor(host: Host) -> bool:
    """Whether its causes are about the present: not exited before this year."""
    return host.exits or host.row.get("脱贫年度") is None


def _ill(host: Host) -> bool:
    return any(m["健康状况"] in ("长期慢性病", "患有大病") for m in host.members)


def _disabled(host: Host) -> bool:
    return any(m["健康状况"] == "残疾" for m in host.members)


def _studies(host: Host) -> bool:
    return any(m["在校生状况"] not in (None, "学龄前儿童") for m in host.members)


def _cause(name: str, rule: str, cause: str, suits: Suits, *needs: str) -> Kind:
    def fits(host: Host) -> bool:
        others = str(host.row[_OTHERS] or "")
        return _now_poor(host) and cause not in others and suits(host)

    return home(name, rule, {_CAUSE: cause}, fits, needs=("脱贫年度", *needs), until=2020)


def _risk(name: str, rule: str, risk: str, suits: Suits, *, needs: tuple[str, ...] = ()) -> Kind:
    """Return the fault of one more risk, which the family does not bear out."""

    def apply(host: Host) -> bool:
        host.expect(rule)
        return suits(host) and add_risk(host, risk)

    return Kind(name, rule, ("致贫返贫风险1", *needs), apply, since=2021)


def _share(host: Host) -> float:
    return sum(able(m) for m in host.members) / len(host.members)


def _some_without(host: Host) -> bool:
    return any(m["劳动技能"] in NO_LABOUR for m in host.members)


def _one_risk(host: Host) -> bool:
    return host.watched and len(risks_of(host)) == 1


def _uninsured_flag(host: Host) -> bool:
    return active(host) and "因病" not in risks_of(host) and not host.row["健康帮扶"]


KINDS = (
    home("risk-blank", "CA141", {RISKS[0]: None}, _one_risk, since=2021),
    _risk("other-risk-unexplained", "CA142", "其他", active, needs=("致贫返贫风险其他备注",)),
    _risk("disaster-unexplained", "CA143", "因自然灾害", active, needs=("自然灾害子项",)),
    _cause("disability-without-disabled", "CA144", "因残", lambda h: not _disabled(h),
           "健康状况", "证件类型"),
    _cause("illness-without-patient", "CA145", "因病", lambda h: not _ill(h), "健康状况"),
    home("illness-without-costs", "CA146", {"合规自付支出": 0},
         lambda h: active(h) and "因病" in risks_of(h), since=2021),
    _risk("labour-short-all-able", "CA147", "缺劳动力",
          lambda h: active(h) and _share(h) > 0 and not _some_without(h)),
    _risk("labour-short-half-able", "CA148", "缺劳动力",
          lambda h: active(h) and len(h.members) >= 4 and _share(h) >= 0.5 and _some_without(h)),
    _risk("labour-short-third-able", "CA149", "缺劳动力",
          lambda h: active(h) and _share(h) > 0.25 and _some_without(h)
          and (len(h.members) < 4 or _share(h) < 0.5)),
    _risk("work-unsteady-no-labour", "CA150", "因务工就业不稳",
          lambda h: active(h) and no_labour(h)),
    _risk("work-unsteady-nobody-works", "CA152", "因务工就业不稳",
          lambda h: active(h) and not no_labour(h) and all(idle(m) for m in h.members)),
    home("unsafe-water-not-a-risk", "CA153", {"是否解决安全饮用水": "否"},
         without_risk("因安全饮水"), since=2021),
    home("uninsured-not-a-risk", "CA154", {"是否有成员未参保": "是"}, _uninsured_flag,
         also=("MS253",), needs=("健康帮扶", "致贫返贫风险1"), since=2021),
    home("dropout-not-found", "CA155", {"是否失学辍学": "是", "义务教育保障": "控辍保学"},
         active, needs=("在校生状况", "证件号码"), since=2021),
    home("unsafe-house-not-a-risk", "CA156", {"是否危房户": "是"},
         lambda h: without_risk("因安全住房")(h) and h.row["是否搬迁户"] != "是", since=2021),
    _cause("schooling-without-student", "CA157", "因学", lambda h: not _studies(h), "在校生状况"),
    _cause("no-skills-but-skilled", "CA158", "缺技术",
           lambda h: [m["劳动技能"] for m in h.members if m["劳动技能"] not in NO_LABOUR]
           == ["技能劳动力"]),
    _cause("no-land-but-land", "CA159", "缺土地",
           lambda h: amount(h.row["耕地面积"]) / len(h.members) > 3.8, "耕地面积"),
    home("cause-twice", "CA160", {_OTHERS: lambda row: row[_CAUSE]}, needs=(_CAUSE,),
         until=2020),
    home("recognition-item-blank", "CA161", {"是否住房出现安全问题": None}, active, since=2021),
    home("kind-against-household", "CA162",
         {"监测对象类别": lambda row: "边缘易致贫户" if row["户类型"] == "脱贫户"
          else "脱贫不稳定户"}, lambda h: h.watched, since=2021),
)  # fmt: skip
