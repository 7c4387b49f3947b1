"""Faults in how a cell is written: unreadable, unknown, an error, no result."""

from __future__ import annotations

from fupin_audit.sample.county import BareFormula, Cell, ErrorValue
from fupin_audit.sample.faults.host import Apply, Host, Kind


def _household_cell(field: str, value: Cell, rule: str) -> Apply:
    def apply(host: Host) -> bool:
        host.put(host.row, field, value)
        host.expect(rule)
        return True

    return apply


def _member_cell(field: str, value: Cell, rule: str) -> Apply:
    def apply(host: Host) -> bool:
        person = host.one(lambda m: m["与户主关系"] != "户主" and m[field] is not None)
        if person is None:
            return False
        host.put(person, field, value)
        host.expect(rule, person)
        return True

    return apply


_TYPED = ("households",)

KINDS = (
    Kind("text-in-amount", "FM002", ("财产性收入",),
         _household_cell("财产性收入", "约三千多元", "FM002")),
    Kind("text-in-distance", "FM002", ("与村主干路距离",),
         _household_cell("与村主干路距离", "不远", "FM002")),
    Kind("unknown-ethnicity", "FM003", ("民族",), _member_cell("民族", "外来族", "FM003")),
    Kind("unknown-education", "FM003", ("文化程度",),
         _member_cell("文化程度", "识字班", "FM003")),
    Kind("unknown-road", "FM003", ("入户路类型",),
         _household_cell("入户路类型", "羊肠小道", "FM003")),
    Kind("error-value", "FM004", ("其他财产性收入",),
         _household_cell("其他财产性收入", ErrorValue("#N/A"), "FM004"), only=_TYPED),
    Kind("error-in-birth", "FM004", ("出生日期",),
         _member_cell("出生日期", ErrorValue("#VALUE!"), "FM004"), only=_TYPED),
    Kind("formula-without-result", "FM005", ("年收入",),
         _household_cell("年收入", BareFormula("=SUM(1,2)"), "FM005"), only=_TYPED),
)  # fmt: skip
