"""The ten matters a township is inspected on (十查), Chinese and English side by side."""

from __future__ import annotations

AUDIT_ITEMS: dict[int, tuple[str, str]] = {
    1: ("两不愁三保障达标", "Two assurances and three guarantees met"),
    2: ("收入核算真实", "Income reckoned truthfully"),
    3: ("帮扶政策落实", "Support policies delivered"),
    4: ("档案完善", "Files complete"),
    5: ("致贫原因、措施、政策与清单相符", "Causes, measures and policies agree with the lists"),
    6: ("驻村帮扶扎实", "Village support solid"),
    7: ("院落环境卫生", "Home and yard clean"),
    8: ("政策知晓", "Policies known to the household"),
    9: ("核查反馈整改", "Feedback of inspections acted upon"),
    10: ("系统数据更新补正", "System data updated and corrected"),
}
