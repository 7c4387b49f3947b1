"""An assessment on the screen, second half: who first, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from rich.padding import Padding
from rich.text import Text

from fupin_audit.model.assessment import UNKNOWN, UNMET, ProcedureTrack
from fupin_audit.report.assessment.steps import span_count, step_counts, tracked
from fupin_audit.report.assessment.subjects import SubjectView, differences, subjects
from fupin_audit.report.assessment.words import MARK, SUBJECT, UNDECIDED
from fupin_audit.report.console.assessment_page import ANSWER_STYLE, Screen, wrong_text
from fupin_audit.report.console.page import SHOWN, grid
from fupin_audit.report.safe import visible

_FIRST = 12
_FEW = 5


def figures(page: Screen) -> None:
    found = list(differences(page.view))
    if not found:
        return
    page.title("填报与重算不一致", "As filled and as recomputed do not agree")
    table = grid("left", "left", "right", "left", "right")
    for one in found[:SHOWN]:
        place = " ".join(p for p in one.place if p)
        table.add_row(
            Text(visible(place)), Text(page.view.say(one.label), "dim"),
            Text(f"{one.filled:,.{one.digits}f}{one.unit}"), Text(page.view.say(one.other), "dim"),
            Text(f"{one.found:,.{one.digits}f}{one.unit}", "bold red"),
        )  # fmt: skip
    page.table(table)
    page.more(len(found) - SHOWN)


def first(page: Screen) -> None:
    view = page.view
    every = (s for s in subjects(view) if any(s.own_fault))
    wanted = list(islice(every, _FIRST))
    if not wanted:
        return
    what = view.say(SUBJECT[view.of.level])
    page.title(f"先看这些{what}", f"These {what} first")
    for one in wanted:
        _subject(page, one)
    left = view.attention - len(wanted)
    if left > 0:
        page.line(page.say(
            f"另有 {left:,} {what}有未达到或不能判定的项，见认定表",
            f"and {left:,} more with criteria not met or not judged, see the list",
        ), "dim")  # fmt: skip


def _subject(page: Screen, one: SubjectView) -> None:
    view, of = page.view, page.view.of
    names = [part for part in (one.household, one.head) if part]
    place = one.place[1:] if of.level == "household" else one.place
    names += [" ".join(part for part in place if part)]
    text = Text("  ").append(visible("  ".join(n for n in names if n)), "bold").append("  ")
    text.append(page.kind(of.kinds[one.kind]))
    if one.group:
        text.append("  " + view.say(one.group), "dim")
    page.out.print(text)
    for flag in one.flags:
        page.line(view.say(of.flags[flag].label), "red", 4)
    if one.undecided:
        page.line(view.say(UNDECIDED), "yellow", 4)
    for mark, style, reason in _reasons(page, one):
        page.out.print(Padding(Text(f"{mark} ", style).append(visible(reason), "default"),
                               (0, 0, 0, 4)))  # fmt: skip


def _reasons(page: Screen, one: SubjectView) -> Iterator[tuple[str, str, str]]:
    """What is not met, then what cannot be judged; what the sheet has no column
    for is told once below, not under everyone."""
    for state in (UNMET, UNKNOWN):
        for criterion, answer, reason, own in zip(
            page.view.of.criteria, one.answers, one.reasons, one.own_fault, strict=True
        ):
            if answer == state and own:
                told = page.view.say(criterion.short) + page.say("：", ": ") + reason
                yield MARK[state], ANSWER_STYLE[state], told


def procedures(page: Screen) -> None:
    for track in page.view.of.procedures:
        wrong = int(track.faulty.sum())
        page.title(
            f"程序：{track.label[0]}", f"Procedure: {track.label[1]}",
            page.say(f"{len(track.rows):,} 件，{wrong:,} 件有缺或颠倒、天数不够",
                     f"{len(track.rows):,}, of which {wrong:,} with a fault"),
        )  # fmt: skip
        _steps(page, track)
        for one in islice(tracked(page.view, track, lang=page.view.lang), _FEW):
            if one.faults:
                name = "  ".join(p for p in (one.household, one.head, *one.place[1:]) if p)
                told = page.say("；", "; ").join(one.faults)
                page.out.print(Padding(
                    Text(visible(name) + "  ").append(visible(told), "red"), (0, 0, 0, 2)
                ))  # fmt: skip
        page.more(wrong - _FEW)


def _steps(page: Screen, track: ProcedureTrack) -> None:
    table = grid("left", "right", "right", "right", "right")
    heads = (("有日期", "dated"), ("没有日期", "no date"), ("颠倒", "out of order"),
             ("距上一步（中位）", "days since (median)"))  # fmt: skip
    table.add_row(Text(), *[Text(page.view.say(head), "dim") for head in heads])
    for one in step_counts(track):
        gap = "" if one.gap is None else page.say(f"{one.gap:.0f} 天", f"{one.gap:.0f}")
        table.add_row(
            Text(page.view.say(one.label)), Text(f"{one.dated:,}"), wrong_text(one.missing),
            wrong_text(one.back), Text(gap, "dim"),
        )  # fmt: skip
    page.table(table)
    for span in map(span_count, track.spans):
        if span.median is None:
            continue
        told = page.say(
            f"{span.label[0]}：中位 {span.median:.0f} 天，"
            f"最短 {span.shortest:.0f}、最长 {span.longest:.0f} 天",
            f"{span.label[1]}: median {span.median:.0f} days, "
            f"{span.shortest:.0f} to {span.longest:.0f}",
        )
        zh, en = span.limit
        if zh:
            told += page.say(
                f"；应{zh}，不符的 {span.wrong:,} 件", f"; {en} expected, {span.wrong:,} differ"
            )
        page.line(told, "dim")
    if track.absent:
        names = page.say("、", ", ").join(page.view.say(step) for step in track.absent)
        page.line(page.say(f"表上没有的步骤：{names}", f"no column for: {names}"), "dim")


def unjudged(page: Screen) -> None:
    view = page.view
    lines: list[tuple[str, str]] = []
    for one in view.criteria:
        if one.answers.missing[0]:
            lines.append((view.say(one.answers.label), view.say(one.answers.missing)))
        rows = view.of.rows
        for gap in one.answers.gaps:
            count = int(gap.rows[rows].sum())
            if count:
                lines.append((view.say(one.answers.label), f"{view.say(gap.why)}  {count:,}"))
    if not lines:
        return
    page.title("为什么不能判定", "Why some cannot be judged")
    table = grid("left", "fold")
    for label, why in lines:
        table.add_row(Text(label), Text(visible(why), "dim"))
    page.table(table)
    page.line(page.say(
        "缺的列补上后再判；当地不采集的项可用 --without 排除；本地的标准线可用 --line 给出。",
        "Supply the columns; --without leaves a criterion out; --line gives the local line.",
    ), "dim")  # fmt: skip


def lists(page: Screen, written: Mapping[str, Path]) -> None:
    page.title("认定表", "Full list")
    if not written:
        page.line(
            page.say("没有写成文件（--format xlsx）。", "Not written (--format xlsx)."), "dim"
        )
    for name, path in written.items():
        page.out.print(Text(f"  {name}  {visible(str(path))}"), soft_wrap=True)
