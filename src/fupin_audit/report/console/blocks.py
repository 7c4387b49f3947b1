"""The blocks of the screen, top to bottom, each a function of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rich.text import Text

from fupin_audit.domain.reason import reason_in
from fupin_audit.packs.load import shipped_as
from fupin_audit.report.console.page import SHOWN, STYLE, Page, Tally, grid
from fupin_audit.report.coverage import Gap, gaps, inapplicable, unknowns
from fupin_audit.report.finding import label
from fupin_audit.report.masking import mask_name
from fupin_audit.report.recognition import FileLine, SheetLine, file_lines
from fupin_audit.report.remarks import counted
from fupin_audit.report.safe import visible
from fupin_audit.report.totals import by_place
from fupin_audit.report.view import place_label
from fupin_audit.report.words import (
    AS_OF_TODAY,
    ERA,
    MEANING,
    NO_PLACE,
    SEVERITIES,
    SEVERITY,
    say,
    word,
)

_WORST_SHOWN = 5
_IDS_SHOWN = 8


def heading(page: Page) -> None:
    """What judged, as of when, where, and how the place was found."""
    result, region = page.view.result, page.view.result.region
    zh, en = shipped_as(result.pack.path) or (result.pack.path, result.pack.path)
    laid = "".join(f" + {name}" for name in result.pack.overlays)
    pack = f"{page.say('规则包', 'pack')} {result.pack.id} {result.pack.version}{visible(laid)}"
    told = f"fupin-audit {result.engine} · {pack} · {visible(page.say(zh, en))}"
    page.out.print(Text(told, style="bold"))
    parts = (
        f"{page.say('数据时点', 'as of')} {result.as_of}",
        visible(place_label(page.view)),
        word(ERA, result.era, page.view.lang),
    )
    page.out.print(Text(" · ".join(parts), style="dim"))
    if result.as_of == date.today():
        page.out.print(Text(page.say(*AS_OF_TODAY), style="dim"))
    if region.evidence:
        told = page.say("地区依据：", "region found by: ") + visible(
            reason_in(region.evidence, page.view.lang)
        )
        page.out.print(Text(told, style="dim"))


def inputs(page: Page) -> None:
    """Every file and sheet and what it was taken for."""
    page.title("读入与识别", "Read and recognised")
    every = file_lines(page.view)
    lines = [line for line in every if line.sheets or line.error]
    passed = [line for line in every if not line.sheets and not line.error]
    for line in lines[:SHOWN]:
        _file(page, line)
    page.more(
        len(lines) - SHOWN, "另有 {} 个文件，见清单的“运行信息”", "and {} more files, see the list"
    )
    if passed:
        names = "、".join(visible(line.file) for line in passed[:SHOWN])
        more = page.say(" 等", " …") if len(passed) > SHOWN else ""
        page.line(page.say("没有用的文件：", "files not used: ") + names + more, "dim")


def _file(page: Page, line: FileLine) -> None:
    page.line(line.file)
    if line.error:
        page.line("  " + page.say("没有读成：", "not read: ") + line.error, "bold red")
    for note in line.notes:
        page.line("  " + visible(note), "dim")
    table = grid("fold", "fold", "left", "right", "fold")
    for sheet in line.sheets[:SHOWN]:
        table.add_row(*_sheet(page, sheet))
    if line.sheets:
        page.table(table, indent=4)
    page.more(
        len(line.sheets) - SHOWN, "  另有 {} 个工作表，见清单的“运行信息”",
        "  and {} more sheets, see the list",
    )  # fmt: skip


def _sheet(page: Page, line: SheetLine) -> list[Text]:
    name = Text(visible(line.name) + (page.say("（隐藏）", " (hidden)") if line.hidden else ""))
    if line.reason:
        unused = Text(page.say("没有用", "not used"), "dim")
        return [name, unused, Text(), Text(), Text(visible(line.reason), "dim")]
    notes = page.say("；", "; ").join(line.notes)
    return [
        name,
        Text(" + ".join(line.tables)),
        Text(page.say("表头第 {} 行", "header row {}").format(line.header), "dim"),
        Text(page.say("{:,} 行数据", "{:,} rows").format(line.rows)),
        Text(visible(notes), "dim"),
    ]


def outcome(page: Page) -> None:
    """How much was found, by severity."""
    totals, lang = page.view.totals, page.view.lang
    size = page.say("{:,} 户，{:,} 人", "{:,} households, {:,} persons")
    known = totals.households + totals.members > 0
    page.title("结果", "Result", size.format(totals.households, totals.members) if known else "")
    if not len(page.view):
        page.line(_nothing(page), "green")
        return
    text = page.say("{:,} 条疑点", "{:,} findings").format(totals.findings)
    on = page.say("，涉及 {:,} 户", " on {:,} households").format(totals.concerned)
    if totals.concerned > totals.households:
        on += page.say("（含户表里没有的）", " (some not on the household list)")
    page.line(text + on if known else text)
    table = grid("left", "left", "right", "left")
    most = max(totals.by_severity.values())
    for i, name in enumerate(SEVERITIES):
        count = totals.by_severity[name]
        table.add_row(
            Text(word(SEVERITY, name, lang), STYLE[name]), Text(word(MEANING, name, lang), "dim"),
            Text(f"{count:,}"), page.bars.draw([count if i == k else 0 for k in range(3)], most),
        )  # fmt: skip
    page.table(table)
    if said := counted(page.view):
        page.line(said)


def _nothing(page: Page) -> str:
    judged = sum(
        one.skipped is None and one.passed + one.violated > 0
        for one in page.view.result.findings.coverage
    )
    if not judged:
        return page.say("没有一条规则能够判定。", "Not one rule could be judged.")
    if page.view.minimum != "info":
        least = word(SEVERITY, page.view.minimum, page.view.lang)
        text = page.say("没有“{}”及以上级别的疑点。", "No findings of severity {} or above.")
        return text.format(least)
    text = page.say("查了 {} 条规则，没有发现疑点。", "{} rules were checked; nothing was found.")
    return text.format(judged)


def rules(page: Page) -> None:
    """The rules with most findings, errors first."""
    known, counts = page.view.result.pack.rules, dict[str, list[int]]()
    for hits in page.view.ordered.hits:
        one = counts.setdefault(hits.rule, [0, 0, 0])
        one[SEVERITIES.index(hits.severity)] += len(hits)
    order = sorted(counts, key=lambda r: ([-bool(n) for n in counts[r]], -sum(counts[r]), r))
    note = page.say("{} 条规则有疑点", "{} rules with findings").format(len(order))
    page.title("按规则", "By rule", note)
    table = grid("left", "left", "fold", "right", "left")
    most = max(sum(one) for one in counts.values())
    for rule in order[:SHOWN]:
        worst = next(name for name, n in zip(SEVERITIES, counts[rule], strict=True) if n)
        table.add_row(
            Text(word(SEVERITY, worst, page.view.lang), STYLE[worst]), Text(rule, "dim"),
            Text(label(known[rule].title, page.view.lang)), Text(f"{sum(counts[rule]):,}"),
            page.bars.draw(counts[rule], most),
        )  # fmt: skip
    page.table(table)
    page.more(len(order) - SHOWN, "另有 {} 条规则，见清单", "and {} more rules, see the list")


def places(page: Page) -> None:
    """The townships with most findings; the villages of a single township."""
    townships, towns = by_place(page.view.totals)
    towns = [town for town in towns if town.findings]
    if not any(any(town.place[1:]) for town in towns):
        return
    legend = page.bars.legend(page.view.lang)
    if townships:
        page.title("按乡镇", "By township", legend)
    else:
        page.title("按行政村", "By village", legend)
    level = 1 if townships else 2
    several = len({town.place[:level] for town in towns}) > 1
    lines = [
        Tally(
            (
                f"{town.place[level - 1] if several else ''} "
                f"{town.place[level] or say(NO_PLACE, page.view.lang)}".strip(),
            ),
            town.counts,
            _share(page, town.concerned, town.households),
        )
        for town in towns[:SHOWN]
    ]
    page.tally(lines, max(town.findings for town in towns))
    page.more(len(towns) - SHOWN, "另有 {} 个，见清单", "and {} more, see the list")


def _share(page: Page, concerned: int, households: int) -> str:
    """How many of a place's households; a finding's row may give another place
    than its household's."""
    if concerned > households:
        return page.say("涉及 {:,} 户", "{:,} households").format(concerned)
    if not households:
        return ""
    text = page.say("涉及 {:,} / {:,} 户", "{:,} of {:,} households")
    return text.format(concerned, households)


def at_stake(page: Page) -> None:
    """The households to be asked first: a doubt decides whether they meet the line."""
    first = page.view.totals.at_stake
    if not first:
        return
    note = page.say("差上存疑的钱，是否达标的结论就会改变", "the doubt decides if the line is met")
    page.title("先查这些户", "Ask these first", note)
    table = grid("left", "left", "right", "right", "right", "fold")
    told = page.say("人均 {:,.0f}", "{:,.0f} a head"), page.say("存疑 {:,.0f}", "{:,.0f} in doubt")
    for one in first[:_WORST_SHOWN]:
        head = one.of.head if page.view.reveal else mask_name(one.of.head)
        place = " ".join(part for part in one.of.place[1:] if part)
        line = f"{say(one.label, page.view.lang)} {one.line:,.0f}"
        texts = (one.of.household, head, told[0].format(one.per_head), line,
                 told[1].format(one.doubt), place)  # fmt: skip
        table.add_row(*[Text(visible(text)) for text in texts])
    page.table(table)
    left = len(first) - _WORST_SHOWN
    page.more(left, "另有 {} 户，排在清单最前面", "and {} more, first in the list")


def work(page: Page) -> None:
    """How many households papers settle, a call, a visit."""
    desk, phone, visit = page.view.totals.settle
    if not desk + phone + visit:
        return
    told = page.say(
        "查台账就能办的 {:,} 户，要打电话的 {:,} 户，要入户的 {:,} 户（各村户数见清单“汇总”）",
        "{:,} households by papers, {:,} by telephone, {:,} by a visit (by village: see the list)",
    )
    page.line(told.format(desk, phone, visit))


def households(page: Page) -> None:
    """The households with most findings, the name of the head masked."""
    worst = page.view.totals.worst[:_WORST_SHOWN]
    if not worst:
        return
    page.title("疑点最多的户", "Households with most findings")
    lines = []
    for one in worst:
        head = one.head if page.view.reveal else mask_name(one.head)
        place = " ".join(part for part in one.place[1:] if part)
        lines.append(Tally((one.household, head), one.counts, visible(place)))
    page.tally(lines)


def unjudged(page: Page) -> None:
    """What could not be judged, and why."""
    missed, partly, foreign = gaps(page.view), unknowns(page.view), inapplicable(page.view)
    if not missed and not partly and not foreign:
        return
    page.title("未能判定", "Could not be judged")
    if missed:
        count = sum(len(gap.rules) for gap in missed)
        page.line(page.say("{} 条规则没有检查：", "{} rules were not checked:").format(count))
        table = grid("fold", "fold")
        for gap in missed[:SHOWN]:
            table.add_row(Text(visible(gap.reason)), Text(_ids(page, gap), "dim"))
        page.table(table, indent=4)
        page.more(len(missed) - SHOWN, "  另有 {} 种原因，见清单", "  and {} more reasons")
    if partly:
        text = page.say(
            "另有 {} 条规则共 {:,} 处因空白或读不出而无法判断，见清单的“未能判定”。",
            "{} rules left {:,} cases unjudged (blank or unreadable cells); see the list.",
        )
        page.line(text.format(len(partly), sum(one.unknown for one in partly)))
    if foreign:
        text = page.say(
            "{} 条规则只管别的年份或省份，不在此列。", "{} rules are for other years or provinces."
        )
        page.line(text.format(foreign), "dim")


def _ids(page: Page, gap: Gap) -> str:
    shown = " ".join(gap.rules[:_IDS_SHOWN])
    if len(gap.rules) <= _IDS_SHOWN:
        return shown
    return shown + page.say(" 等 {} 条", " … {} in all").format(len(gap.rules))


def lists(page: Page, written: Mapping[str, Path]) -> None:
    """Where the full lists lie."""
    page.title("完整清单", "Full list")
    if not written:
        page.line(page.say("没有写成文件。", "Not written to a file."))
    for name, path in written.items():
        page.out.print(Text(f"  {name}  {visible(str(path))}"), soft_wrap=True)
