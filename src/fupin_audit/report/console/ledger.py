"""What the ledger says of a run."""

from __future__ import annotations

from fupin_audit.report.console.page import Page

_FOUND = (
    ("new", "新发现", "new"), ("still", "仍在", "still there"), ("reopened", "重现", "reopened"),
    ("unresolved", "无法核实", "not to be verified"),
    ("confirmed", "情况属实", "confirmed as true"),
)  # fmt: skip
_CLOSED = (
    ("corrected", "已更正", "corrected"), ("gone", "记录已删除", "record removed"),
    ("lapsed", "规则已变不再算", "no longer at fault by the rule"),
)  # fmt: skip
_SILENT = ("unseen", "missing", "unknown")


def ledger(page: Page) -> None:
    """What is new, what was settled, what is not listed and why."""
    note = page.view.result.ledger
    if note is None:
        return
    page.title("台账", "Ledger", page.say("第 {} 次核对", "run {}").format(note.run))
    for sort in (_FOUND, _CLOSED):
        told = [
            f"{page.say(zh, en)} {note.counts[name]:,}"
            for name, zh, en in sort
            if note.counts.get(name)
        ]
        if told:
            page.line("  ".join(told))
    if note.hidden:
        page.line(
            page.say(
                "情况属实、此后没有变的 {:,} 条没有列入；--with-confirmed 一并列出",
                "{:,} confirmed and unchanged since are not listed; --with-confirmed lists them",
            ).format(note.hidden),
            "dim",
        )
    if note.baseline is not None:
        page.line(
            page.say(
                "只列第 {} 次核对以后新出现的；那时已有的 {:,} 条没有列入",
                "only what is new since run {}; {:,} that stood then are not listed",
            ).format(note.baseline, note.known),
            "dim",
        )
    silent = sum(note.counts.get(name, 0) for name in _SILENT)
    if silent:
        page.line(
            page.say(
                "另有 {:,} 条这次没有查到或判断不了，状态不变",
                "{:,} more were not seen or could not be judged, and stay as they are",
            ).format(silent),
            "dim",
        )
    if missing := note.counts.get("missing", 0):
        page.line(
            page.say(
                "其中 {:,} 条所在的村在名单里、户不在；名单若是全的，加 --whole 按已删除记",
                "of {:,} the village is listed and the household is not; if the lists are"
                " complete, --whole notes them as removed",
            ).format(missing),
            "dim",
        )
