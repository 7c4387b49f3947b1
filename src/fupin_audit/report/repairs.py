"""What a repair changed and what it took back, as a sheet of the cleaned workbook."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from fupin_audit.model.repair import Fix, Outcome, Repair, Target
from fupin_audit.report.cleaned import Listing
from fupin_audit.report.words import Lang, Words, say

TITLE = "修正记录"
HEADER = (
    "文件", "工作表", "单元格", "户编号", "姓名", "字段", "原值", "新值", "依据规则", "理由",
    "级别", "结果", "说明",
)  # fmt: skip
FATE: Words = {
    "applied": ("已修正", "fixed"),
    "withdrawn": ("已撤回", "withdrawn"),
    "refused": ("未修正", "not tried"),
}
CONFIDENCE: Words = {"safe": ("稳妥（safe）", "safe"), "unsafe": ("可能（unsafe）", "unsafe")}


def listing(repair: Repair) -> Listing:
    """Return the sheet: a line per fix and text replaced, in full, so that whoever
    puts the old values back into the cells named has the sheet as it was."""
    return Listing(TITLE, HEADER, _lines(repair))


def _lines(repair: Repair) -> Iterator[tuple[str, ...]]:
    for one in repair.outcomes:
        fix = one.fix
        for (file, sheet, before), targets in _alike(fix):
            cells = "、".join(target.cell for target in targets)
            yield (
                file, sheet, cells, fix.household, fix.name, fix.field, before, fix.after,
                "、".join(fix.rules), fix.why[0], CONFIDENCE[fix.confidence][0],
                FATE[one.fate][0], reason(one, "zh"),
            )  # fmt: skip


def _alike(fix: Fix) -> list[tuple[tuple[str, str, str], list[Target]]]:
    """Return the cells of a fix by sheet and by what stands in them."""

    def what(target: Target) -> tuple[str, str, str]:
        return target.file, target.sheet or "", target.before

    found = [(key, list(some)) for key, some in groupby(sorted(fix.targets, key=what), what)]
    return found or [(("", "", ""), [])]


def reason(one: Outcome, lang: Lang) -> str:
    told = say(one.reason, lang)
    return f"{told}（{one.raised}）" if one.raised else told
