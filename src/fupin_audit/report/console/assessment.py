"""An assessment on the screen: how many of which class, where, and who first."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET, Kind, ProcedureTrack
from fupin_audit.report.assessment.steps import span_count, step_counts, tracked
from fupin_audit.report.assessment.view import (
    AssessmentView,
    PlaceCount,
    SubjectView,
    differences,
    subjects,
)
from fupin_audit.report.assessment.words import (
    DISCLAIMER,
    MARK,
    NO_GROUP,
    SUBJECT,
    TITLE,
    UNDECIDED,
    VETO,
)
from fupin_audit.report.console.page import SHOWN, grid
from fupin_audit.report.safe import visible
from fupin_audit.report.words import ERA, NO_PLACE, word

_PLAIN_WIDTH = 100
_WIDEST = 120
_FIRST = 12
_FEW = 5
_STYLE = {MET: "green", UNMET: "bold red", UNKNOWN: "yellow", NOT_ASKED: "dim"}
_KIND_STYLE = {"supported": "cyan", "meets": "green", "lacking": "bold red", "unknown": "yellow"}


def console(
    view: AssessmentView,
    *,
    stream: TextIO | None = None,
    written: Mapping[str, Path] | None = None,
    width: int | None = None,
) -> None:
    """Print the summary of an assessment; plain text where it is no terminal."""
    stream = stream or sys.stdout
    terminal = Console(file=stream, highlight=False, markup=False, emoji=False)
    if terminal.is_terminal:
        terminal.width = width or min(terminal.width, _WIDEST)
        _Screen(view, terminal).show(written or {})
        return
    buffer = StringIO()
    plain = Console(
        file=buffer, width=width or _PLAIN_WIDTH, no_color=True, force_terminal=False,
        highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    _Screen(view, plain).show(written or {})
    stream.writelines(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


class _Screen:
    """A view and where it is printed; each block is a method, top to bottom."""

    def __init__(self, view: AssessmentView, out: Console) -> None:
        self.view, self.out = view, out

    def show(self, written: Mapping[str, Path]) -> None:
        self.heading()
        self.classes()
        self.groups()
        self.criteria()
        self.places()
        self.flags()
        self.figures()
        self.first()
        self.procedures()
        self.unjudged()
        self.lists(written)

    # ---- words ----
    def say(self, zh: str, en: str) -> str:
        return self.view.say((zh, en))

    def title(self, zh: str, en: str, note: str = "") -> None:
        text = Text("\n" + self.say(zh, en), style="bold")
        self.out.print(text.append(f"  {note}", style="not bold dim") if note else text)

    def line(self, text: str, style: str = "", indent: int = 2) -> None:
        self.out.print(Padding(Text(visible(text), style=style), (0, 0, 0, indent)))

    def table(self, table: Table, indent: int = 2) -> None:
        self.out.print(Padding(table, (0, 0, 0, indent)))

    def more(self, left: int) -> None:
        if left > 0:
            told = self.say(f"另有 {left:,} 个，见认定表", f"and {left:,} more, see the list")
            self.line(told, "dim")

    def kind(self, kind: Kind) -> Text:
        return Text(self.view.say(kind.label), _KIND_STYLE.get(kind.id, ""))

    # ---- blocks ----
    def heading(self) -> None:
        of, lang = self.view.of, self.view.lang
        laid = "".join(f" + {name}" for name in of.pack.overlays)
        told = f"fupin-audit {of.engine} · {self.view.say(TITLE[of.level])} · "
        told += f"{self.say('规则包', 'pack')} {of.pack.id} {of.pack.version}{laid}"
        self.out.print(Text(visible(told), style="bold"))
        place = of.region.name or of.region.code or self.say("地区未定", "region unknown")
        if of.region.name and of.region.code:
            place = f"{of.region.name}（{of.region.code}）"
        parts = (
            f"{self.say('数据时点', 'as of')} {of.as_of}", visible(place),
            word(ERA, of.pack.era, lang),
        )  # fmt: skip
        self.out.print(Text(" · ".join(parts), style="dim"))
        for standard in of.ledger.standards if of.ledger else ():
            values = standard.value[of.rows]
            known = sorted({float(v) for v in values.tolist() if v == v})
            if known:
                amounts = " / ".join(f"{v:,.0f}" for v in known)
                name = self.view.say((standard.zh, standard.en))
                self.out.print(Text(f"{name} {amounts}", "dim"))
        if of.left_out:
            names = "、".join(self.view.say(one.short) for one in of.left_out)
            self.out.print(
                Text(self.say(f"没有按这几项判：{names}", f"left out: {names}"), "yellow")
            )

    def classes(self) -> None:
        view, of = self.view, self.view.of
        what = view.say(SUBJECT[of.level])
        self.title("认定结果", "Result", self.say(f"{len(view):,} {what}", f"{len(view):,} {what}"))
        table = grid("left", "right", "right", "fold")
        for kind, count, people in zip(of.kinds, view.kinds, view.people, strict=True):
            if any(kind is lacking for lacking, _ in of.without_class):
                count_text, persons = Text("—", "dim"), ""
            else:
                count_text = Text(f"{count:,}", "bold" if count else "dim")
                persons = self.say(f"{people:,} 人", f"{people:,} people") if people else ""
            table.add_row(self.kind(kind), count_text, Text(persons, "dim"),
                          Text(view.say(kind.means), "dim"))  # fmt: skip
        self.table(table)
        if view.rest_met:
            told = self.say(
                f"其中能判的各项都达到、只是有的项看不出来的 {view.rest_met:,} {what}",
                f"{view.rest_met:,} meet every criterion that can be judged",
            )
            self.line(told, "dim")
        for kind, why in of.without_class:
            zh, en = kind.label
            self.line(self.say(f"{zh}分不出来：缺列 {why}", f"{en}: no column {why}"), "yellow")
        for (zh, en), count in of.set_aside.items():
            self.line(self.say(f"没有认定 {count:,} 行：{zh}", f"{count:,} rows left: {en}"), "dim")
        self.line(view.say(DISCLAIMER), "dim")

    def groups(self) -> None:
        view, of = self.view, self.view.of
        shown = [
            (label, counts)
            for label, counts in zip(
                [*(g.label for g in of.groups), NO_GROUP], view.by_group, strict=True
            )
            if sum(counts)
        ]
        if len(shown) < 2:
            return
        self.title("按登记状态", "By registered state")
        table = grid("left", "right", *["right"] * len(of.kinds))
        table.add_row(Text(), Text(self.say("合计", "all"), "dim"),
                      *[self.kind(kind) for kind in of.kinds])  # fmt: skip
        for label, counts in shown:
            table.add_row(Text(view.say(label)), Text(f"{sum(counts):,}"), *map(_count, counts))
        self.table(table)

    def criteria(self) -> None:
        self.title("按项", "By criterion")
        table = grid("left", "right", "right", "right", "fold")
        heads = (("达到", "met"), ("未达到", "not met"), ("不能判定", "unknown"))
        table.add_row(Text(), *[Text(self.view.say(pair), "dim") for pair in heads], Text())
        for one in self.view.criteria:
            notes = [self.view.say(VETO)] if one.answers.veto else []
            if one.not_asked:
                notes.append(self.say(f"不适用 {one.not_asked:,}", f"not asked {one.not_asked:,}"))
            if one.answers.missing[0]:
                notes.append(self.view.say(one.answers.missing))
            table.add_row(
                Text(self.view.say(one.answers.label)),
                Text(f"{one.met:,}", "green" if one.met else "dim"),
                Text(f"{one.unmet:,}", "bold red" if one.unmet else "dim"),
                Text(f"{one.unknown:,}", "yellow" if one.unknown else "dim"),
                Text(visible(self.say("；", "; ").join(notes)), "dim"),
            )
        self.table(table)

    def places(self) -> None:
        view, of = self.view, self.view.of
        townships = [p for p in view.townships if p.place[1]]
        if len(townships) > 1:
            self.title("按乡镇", "By township")
            self.place_table(townships, 1)
        villages = [p for p in view.villages if p.place[2]]
        if of.level == "household" and len(villages) > 1:
            self.title("按行政村", "By village")
            order = {k.id: i for i, k in enumerate(of.kinds)}
            at = order.get("lacking", 0)
            worst = sorted(villages, key=lambda p: (-p.kinds[at], p.place))
            self.place_table(worst, 2)

    def place_table(self, places: list[PlaceCount], level: int) -> None:
        view, of = self.view, self.view.of
        table = grid("left", "left", "right", *["right"] * len(of.kinds))
        table.add_row(Text(), Text(), Text(view.say(SUBJECT[of.level]), "dim"),
                      *[self.kind(kind) for kind in of.kinds])  # fmt: skip
        for one in places[:SHOWN]:
            within = one.place[level - 1] or ""
            name = one.place[level] or view.say(NO_PLACE)
            table.add_row(Text(visible(within), "dim"), Text(visible(name)),
                          Text(f"{one.total:,}"), *map(_count, one.kinds))  # fmt: skip
        self.table(table)
        self.more(len(places) - SHOWN)

    def flags(self) -> None:
        found = [flag for flag in self.view.of.flags if len(flag.rows)]
        if not found:
            return
        self.title("登记状态与认定不一致", "State and judgement do not agree")
        table = grid("left", "right", "fold")
        for flag in found:
            table.add_row(Text(self.view.say(flag.label)), Text(f"{len(flag.rows):,}", "bold red"),
                          Text(self.view.say(flag.advice), "dim"))  # fmt: skip
        self.table(table)

    def figures(self) -> None:
        found = list(differences(self.view))
        if not found:
            return
        self.title("填报与重算不一致", "As filled and as recomputed do not agree")
        table = grid("left", "left", "right", "left", "right")
        for one in found[:SHOWN]:
            place = " ".join(p for p in one.place if p)
            table.add_row(
                Text(visible(place)), Text(self.view.say(one.label), "dim"),
                Text(f"{one.filled:,.{one.digits}f}{one.unit}"), Text(self.view.say(one.other), "dim"),
                Text(f"{one.found:,.{one.digits}f}{one.unit}", "bold red"),
            )  # fmt: skip
        self.table(table)
        self.more(len(found) - SHOWN)

    def procedures(self) -> None:
        for track in self.view.of.procedures:
            wrong = int(track.faulty.sum())
            self.title(
                f"程序：{track.label[0]}", f"Procedure: {track.label[1]}",
                self.say(f"{len(track.rows):,} 件，{wrong:,} 件有缺或颠倒、天数不够",
                         f"{len(track.rows):,}, of which {wrong:,} with a fault"),
            )  # fmt: skip
            self.steps(track)
            for one in islice(tracked(self.view, track, lang=self.view.lang), _FEW):
                if one.faults:
                    name = "  ".join(p for p in (one.household, one.head, *one.place[1:]) if p)
                    told = self.say("；", "; ").join(one.faults)
                    self.out.print(Padding(
                        Text(visible(name) + "  ").append(visible(told), "red"), (0, 0, 0, 2)
                    ))  # fmt: skip
            self.more(wrong - _FEW)

    def steps(self, track: ProcedureTrack) -> None:
        table = grid("left", "right", "right", "right", "right")
        heads = (("有日期", "dated"), ("没有日期", "no date"), ("颠倒", "out of order"),
                 ("距上一步（中位）", "days since (median)"))  # fmt: skip
        table.add_row(Text(), *[Text(self.view.say(head), "dim") for head in heads])
        for one in step_counts(track):
            gap = "" if one.gap is None else self.say(f"{one.gap:.0f} 天", f"{one.gap:.0f}")
            table.add_row(
                Text(self.view.say(one.label)), Text(f"{one.dated:,}"), _wrong(one.missing),
                _wrong(one.back), Text(gap, "dim"),
            )  # fmt: skip
        self.table(table)
        for span in map(span_count, track.spans):
            if span.median is None:
                continue
            told = self.say(
                f"{span.label[0]}：中位 {span.median:.0f} 天，"
                f"最短 {span.shortest:.0f}、最长 {span.longest:.0f} 天",
                f"{span.label[1]}: median {span.median:.0f} days, "
                f"{span.shortest:.0f} to {span.longest:.0f}",
            )
            if span.limit is not None:
                told += self.say(f"；应为 {span.limit:.0f} 天，不符的 {span.wrong:,} 件",
                                 f"; {span.limit:.0f} expected, {span.wrong:,} differ")  # fmt: skip
            self.line(told, "dim")
        if track.absent:
            names = self.say("、", ", ").join(self.view.say(step) for step in track.absent)
            self.line(self.say(f"表上没有的步骤：{names}", f"no column for: {names}"), "dim")

    def first(self) -> None:
        view = self.view
        every = (s for s in subjects(view) if any(s.own_fault))
        wanted = list(islice(every, _FIRST))
        if not wanted:
            return
        what = view.say(SUBJECT[view.of.level])
        self.title(f"先看这些{what}", f"These {what} first")
        for one in wanted:
            self.subject(one)
        left = view.attention - len(wanted)
        if left > 0:
            self.line(self.say(
                f"另有 {left:,} {what}有未达到或不能判定的项，见认定表",
                f"and {left:,} more with criteria not met or not judged, see the list",
            ), "dim")  # fmt: skip

    def subject(self, one: SubjectView) -> None:
        view, of = self.view, self.view.of
        names = [part for part in (one.household, one.head) if part]
        place = one.place[1:] if of.level == "household" else one.place
        names += [" ".join(part for part in place if part)]
        text = Text("  ").append(visible("  ".join(n for n in names if n)), "bold").append("  ")
        text.append(self.kind(of.kinds[one.kind]))
        if one.group:
            text.append("  " + view.say(one.group), "dim")
        self.out.print(text)
        for flag in one.flags:
            self.line(view.say(of.flags[flag].label), "red", 4)
        if one.undecided:
            self.line(view.say(UNDECIDED), "yellow", 4)
        for mark, style, reason in self.reasons(one):
            self.out.print(Padding(Text(f"{mark} ", style).append(visible(reason), "default"),
                                   (0, 0, 0, 4)))  # fmt: skip

    def reasons(self, one: SubjectView) -> Iterator[tuple[str, str, str]]:
        """What is not met, then what cannot be judged; what the sheet has no column
        for is told once below, not under everyone."""
        for state in (UNMET, UNKNOWN):
            for criterion, answer, reason, own in zip(
                self.view.of.criteria, one.answers, one.reasons, one.own_fault, strict=True
            ):
                if answer == state and own:
                    told = self.view.say(criterion.short) + self.say("：", ": ") + reason
                    yield MARK[state], _STYLE[state], told

    def unjudged(self) -> None:
        view = self.view
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
        self.title("为什么不能判定", "Why some cannot be judged")
        table = grid("left", "fold")
        for label, why in lines:
            table.add_row(Text(label), Text(visible(why), "dim"))
        self.table(table)
        self.line(self.say(
            "缺的列补上后再判；当地不采集的项可用 --without 排除；本地的标准线可用 --line 给出。",
            "Supply the columns; --without leaves a criterion out; --line gives the local line.",
        ), "dim")  # fmt: skip

    def lists(self, written: Mapping[str, Path]) -> None:
        self.title("认定表", "Full list")
        if not written:
            self.line(
                self.say("没有写成文件（--format xlsx）。", "Not written (--format xlsx)."), "dim"
            )
        for name, path in written.items():
            self.out.print(Text(f"  {name}  {visible(str(path))}"), soft_wrap=True)


def _wrong(count: int) -> Text:
    return Text(f"{count:,}", "bold red" if count else "dim")


def _count(count: int) -> Text:
    return Text(f"{count:,}", "" if count else "dim")
