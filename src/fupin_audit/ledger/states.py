"""The states of a finding and what brings it from one to another."""

from __future__ import annotations

from typing import Literal

State = Literal[
    "open", "reopened", "unresolved", "confirmed", "corrected", "changed", "gone", "lapsed"
]
STATES: dict[str, tuple[str, str]] = {
    "open": ("待核实", "open"),
    "reopened": ("重现", "reopened"),
    "unresolved": ("无法核实", "could not be verified"),
    "confirmed": ("情况属实", "confirmed as true"),
    "corrected": ("已更正", "corrected"),
    "changed": ("改后仍有疑点", "changed, and still at fault"),
    "gone": ("记录已删除", "record removed"),
    "lapsed": ("规则已变不再算", "no longer at fault by the rule as it is now"),
}
"""`changed`: the value is another and still at fault; a new finding goes on with
its age. `lapsed`: nothing was changed but the rule or its threshold."""

LIVE = ("open", "reopened", "unresolved", "confirmed")
"""A live finding is at fault as far as anyone knows."""

TO_DO = ("open", "reopened", "unresolved")
"""What somebody still has to see to."""

HOW: dict[str, tuple[str, str]] = {
    "found": ("首次发现", "first found"),
    "value": ("填报值已改", "its value was changed"),
    "other": ("值未改，别处改正或时间推移", "another cell or the passing of time"),
    "law": ("规则或标准已变", "the rule or its threshold changed"),
    "retired": ("规则已停用", "the rule was retired"),
    "again": ("再次出现", "found again"),
    "expired": ("确认到期", "the confirmation expired"),
    "gone": ("记录不在了", "the record is not there"),
    "decided": ("人工认定", "decided by a person"),
}
