"""An assessment on the screen, first half: how many of which class, and where."""

from __future__ import annotations

from datetime import date

from rich.text import Text

from fupin_audit.model.ledger import Floats
from fupin_audit.report.assessment.view import PlaceCount
from fupin_audit.report.assessment.words import ANSWER, DISCLAIMER, NO_GROUP, SUBJECT, TITLE, VETO
from fupin_audit.report.console.assessment_page import ANSWER_STYLE, Screen, count_text
from fupin_audit.report.console.page import SHOWN, grid
from fupin_audit.report.safe import visible
from fupin_audit.report.words import AS_OF_TODAY, ERA, NO_PLACE, word


def heading(page: Screen) -> None:
    of, lang = page.view.of, page.view.lang
    laid = "".join(f" + {name}" for name in of.pack.overlays)
    told = f"fupin-audit {of.engine} · {page.view.say(TITLE[of.level])} · "
    told += f"{page.say('规则包', 'pack')} {of.pack.id} {of.pack.version}{laid}"
    page.out.print(Text(visible(told), style="bold"))
    place = of.region.name or of.region.code or page.say("地区未定", "region unknown")
    if of.region.name and of.region.code:
        place = f"{of.region.name}（{of.region.code}）"
    parts = (
        f"{page.say('数据时点', 'as of')} {of.as_of}", visible(place),
        word(ERA, of.pack.era, lang),
    )  # fmt: skip
    page.out.print(Text(" · ".join(parts), style="dim"))
    if of.as_of == date.today():
        page.out.print(Text(page.say(*AS_OF_TODAY), style="dim"))
    for standard in of.ledger.standards if of.ledger else ():
        values = standard.value[of.rows]
        known = sorted({float(v) for v in values.tolist() if v == v})
        if known:
            amounts = " / ".join(f"{v:,.0f}" for v in known)
            name = page.view.say((standard.zh, standard.en))
            page.out.print(Text(f"{name} {amounts}", "dim"))
    if of.left_out:
        names = "、".join(page.view.say(one.short) for one in of.left_out)
        page.out.print(Text(page.say(f"没有按这几项判：{names}", f"left out: {names}"), "yellow"))


def classes(page: Screen) -> None:
    view, of = page.view, page.view.of
    what = view.say(SUBJECT[of.level])
    page.title("认定结果", "Result", page.say(f"{len(view):,} {what}", f"{len(view):,} {what}"))
    table = grid("left", "right", "right", "fold")
    for kind, count, people in zip(of.kinds, view.kinds, view.people, strict=True):
        if any(kind is lacking for lacking, _ in of.without_class):
            count_text, persons = Text("—", "dim"), ""
        else:
            count_text = Text(f"{count:,}", "bold" if count else "dim")
            persons = page.say(f"{people:,} 人", f"{people:,} people") if people else ""
        table.add_row(page.kind(kind), count_text, Text(persons, "dim"),
                      Text(view.say(kind.means), "dim"))  # fmt: skip
    page.table(table)
    if view.rest_met:
        told = page.say(
            f"其中能判的各项都达到、只是有的项看不出来的 {view.rest_met:,} {what}",
            f"{view.rest_met:,} meet every criterion that can be judged",
        )
        page.line(told, "dim")
    for kind, why in of.without_class:
        zh, en = kind.label
        page.line(page.say(f"{zh}分不出来：缺列 {why}", f"{en}: no column {why}"), "yellow")
    for (zh, en), count in of.set_aside.items():
        page.line(page.say(f"没有认定 {count:,} 行：{zh}", f"{count:,} rows left: {en}"), "dim")
    page.line(view.say(DISCLAIMER), "dim")


def groups(page: Screen) -> None:
    view, of = page.view, page.view.of
    shown = [
        (label, counts)
        for label, counts in zip(
            [*(g.label for g in of.groups), NO_GROUP], view.by_group, strict=True
        )
        if sum(counts)
    ]
    if len(shown) < 2:
        return
    page.title("按登记状态", "By registered state")
    table = grid("left", "right", *["right"] * len(of.kinds))
    table.add_row(Text(), Text(page.say("合计", "all"), "dim"),
                  *[page.kind(kind) for kind in of.kinds])  # fmt: skip
    for label, counts in shown:
        table.add_row(Text(view.say(label)), Text(f"{sum(counts):,}"), *map(count_text, counts))
    page.table(table)


def criteria(page: Screen) -> None:
    if len(page.view) == 1 and page.view.of.level != "household":
        _indicators(page)
        return
    page.title("按项", "By criterion")
    table = grid("left", "right", "right", "right", "fold")
    heads = (("达到", "met"), ("未达到", "not met"), ("不能判定", "unknown"))
    table.add_row(Text(), *[Text(page.view.say(pair), "dim") for pair in heads], Text())
    for one in page.view.criteria:
        notes = [page.view.say(VETO)] if one.answers.veto else []
        if one.not_asked:
            notes.append(page.say(f"不适用 {one.not_asked:,}", f"not asked {one.not_asked:,}"))
        if one.answers.missing[0]:
            notes.append(page.view.say(one.answers.missing))
        table.add_row(
            Text(page.view.say(one.answers.label)),
            Text(f"{one.met:,}", "green" if one.met else "dim"),
            Text(f"{one.unmet:,}", "bold red" if one.unmet else "dim"),
            Text(f"{one.unknown:,}", "yellow" if one.unknown else "dim"),
            Text(visible(page.say("；", "; ").join(notes)), "dim"),
        )
    page.table(table)


def _indicators(page: Screen) -> None:
    """The one village or county: each indicator with its value and limit."""
    row = int(page.view.of.rows[0])
    page.title("指标", "Indicators")
    table = grid("left", "right", "right", "left", "fold")
    heads = (("数值", "value"), ("标准", "limit"), ("结果", "result"))
    table.add_row(Text(), *[Text(page.view.say(pair), "dim") for pair in heads], Text())
    for one in page.view.of.criteria:
        answer = int(one.answer[row])
        table.add_row(
            Text(page.view.say(one.label)), Text(_amount(one.value, row, one.unit)),
            Text(_amount(one.limit, row, one.unit), "dim"),
            Text(page.view.say(ANSWER[answer]), ANSWER_STYLE[answer]),
            Text(page.view.say(VETO) if one.veto else "", "dim"),
        )  # fmt: skip
    page.table(table)


def _amount(values: Floats | None, row: int, unit: str) -> str:
    if values is None or values[row] != values[row]:
        return ""
    return f"{round(float(values[row]), 2):,g}{unit}"


def places(page: Screen) -> None:
    view, of = page.view, page.view.of
    townships = [p for p in view.townships if p.place[1]]
    if len(townships) > 1:
        page.title("按乡镇", "By township")
        _place_table(page, townships, 1)
    villages = [p for p in view.villages if p.place[2]]
    if of.level == "household" and len(villages) > 1:
        page.title("按行政村", "By village")
        order = {k.id: i for i, k in enumerate(of.kinds)}
        at = order.get("lacking", 0)
        worst = sorted(villages, key=lambda p: (-p.kinds[at], p.place))
        _place_table(page, worst, 2)


def _place_table(page: Screen, places: list[PlaceCount], level: int) -> None:
    view, of = page.view, page.view.of
    table = grid("left", "left", "right", *["right"] * len(of.kinds))
    table.add_row(Text(), Text(), Text(view.say(SUBJECT[of.level]), "dim"),
                  *[page.kind(kind) for kind in of.kinds])  # fmt: skip
    for one in places[:SHOWN]:
        within = one.place[level - 1] or ""
        name = one.place[level] or view.say(NO_PLACE)
        table.add_row(Text(visible(within), "dim"), Text(visible(name)),
                      Text(f"{one.total:,}"), *map(count_text, one.kinds))  # fmt: skip
    page.table(table)
    page.more(len(places) - SHOWN)


def flags(page: Screen) -> None:
    found = [flag for flag in page.view.of.flags if len(flag.rows)]
    if not found:
        return
    page.title("登记状态与认定不一致", "State and judgement do not agree")
    table = grid("left", "right", "fold")
    for flag in found:
        table.add_row(Text(page.view.say(flag.label)), Text(f"{len(flag.rows):,}", "bold red"),
                      Text(page.view.say(flag.advice), "dim"))  # fmt: skip
    page.table(table)
