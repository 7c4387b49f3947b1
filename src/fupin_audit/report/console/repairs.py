"""What a repair changes, on the screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fupin_audit.model.repair import Repair, Target
from fupin_audit.report.masking import mask_name, mask_register, masker
from fupin_audit.report.repairs import CONFIDENCE, FATE, reason
from fupin_audit.report.safe import visible
from fupin_audit.report.words import BLANK, Lang, say

_PLAIN_WIDTH = 160
_CELLS_SHOWN = 3
_STYLE = {"applied": "green", "withdrawn": "yellow", "refused": "dim"}
_HEADS: dict[Lang, tuple[str, ...]] = {
    "zh": ("位置", "户编号", "姓名", "字段", "原值", "新值", "依据", "理由", "级别", "结果"),
    "en": ("Cells", "Household", "Name", "Field", "Now", "New", "Rule", "Why", "Class", "Outcome"),
}


def show(repair: Repair, *, reveal: bool, lang: Lang) -> None:
    """Print what would be changed, what would not and why; masked unless revealed."""
    if not repair.outcomes:
        return
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for head in _HEADS[lang]:
        table.add_column(head, overflow="fold")
    mask = masker(repair.result.pack, "open" if reveal else "masked")
    for one in repair.outcomes:
        fix = one.fix
        before = fix.targets[0].before if fix.targets else ""
        outcome = "：".join(filter(None, (say(FATE[one.fate], lang), reason(one, lang))))
        texts = (
            _where(fix.targets), fix.household if reveal else mask_register(fix.household),
            fix.name if reveal else mask_name(fix.name), fix.field,
            mask(fix.table, fix.field, before) or say(BLANK, lang),
            mask(fix.table, fix.field, fix.after), "、".join(fix.rules), say(fix.why, lang),
            say(CONFIDENCE[fix.confidence], lang),
        )  # fmt: skip
        table.add_row(
            *[Text(visible(text)) for text in texts], Text(visible(outcome), _STYLE[one.fate])
        )
    terminal = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not terminal.is_terminal:
        terminal = Console(file=sys.stdout, width=_PLAIN_WIDTH, no_color=True, highlight=False)
    with terminal.capture() as caught:
        terminal.print(table)
    print("\n".join(line.rstrip() for line in caught.get().splitlines()))


def _where(targets: Sequence[Target]) -> str:
    if not targets:
        return ""
    first = targets[0]
    cells = "、".join(target.cell for target in targets[:_CELLS_SHOWN])
    more = f"等{len(targets)}格" if len(targets) > _CELLS_SHOWN else ""
    return " ".join(filter(None, (first.file, first.sheet, cells + more)))
