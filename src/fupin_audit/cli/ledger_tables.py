"""What `fupin-audit ledger` shows: tables on the screen, json, csv."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fupin_audit.cli import settings
from fupin_audit.cli.deliver import stream_to
from fupin_audit.ledger.states import HOW, STATES
from fupin_audit.report.safe import csv_text, visible
from fupin_audit.report.words import NO_PLACE, SEVERITY, TRUTH, Lang, say

if TYPE_CHECKING:
    from fupin_audit.ledger.stages import Stages, Tally

FORMATS = ("console", "json", "csv")
Pair = tuple[str, str]
COLOUR: dict[str, Pair] = {
    "green": ("绿", "green"), "yellow": ("黄", "yellow"), "red": ("红", "red"), "": ("", ""),
}  # fmt: skip
_STYLE = {"绿": "green", "黄": "yellow", "红": "bold red"}
_STYLE |= {"green": "green", "yellow": "yellow", "red": "bold red"}


class Column(NamedTuple):
    """A column of a table: its head, Chinese and English, and what stands in it,
    which may be such a pair as well."""

    head: Pair
    of: Callable[[Mapping[str, Any]], str | Pair]
    number: bool = False

    def text(self, row: Mapping[str, Any], lang: Lang) -> str:
        """Return what stands in it for a row."""
        told = self.of(row)
        return told if isinstance(told, str) else say(told, lang)


def _text(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: "" if row[key] is None else str(row[key])


def _count(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: str(row["counts"].get(key, 0))


RUNS = (
    Column(("次", "Run"), _text("run"), True),
    Column(("时间", "Time"), lambda row: row["at"][:16].replace("T", " ")),
    Column(("数据时点", "As of"), _text("as_of")),
    Column(("地区", "Region"), _text("region")),
    Column(("规则", "Rules"), lambda row: ("全部", "all") if row["selected"] is None
           else (f"{len(row['selected'])} 条", str(len(row["selected"])))),
    Column(("户", "Households"), lambda row: str(row["scope"].get("households", "")), True),
    Column(("新发现", "New"), _count("new"), True),
    Column(("仍在", "Still there"), _count("still"), True),
    Column(("重现", "Back"), _count("reopened"), True),
    Column(("已更正", "Corrected"), _count("corrected"), True),
    Column(("删除", "Removed"), _count("gone"), True),
    Column(("属实", "True"), _count("confirmed"), True),
    Column(("没看到", "Not seen"), lambda row: str(sum(
        row["counts"].get(name, 0) for name in ("unseen", "missing", "unknown"))), True),
)  # fmt: skip
FINDINGS = (
    Column(("疑点编号", "Number"), lambda row: row["fingerprint"][:12]),
    Column(("状态", "State"), lambda row: STATES[row["state"]]),
    Column(("灯", "Colour"), lambda row: COLOUR[row["colour"]]),
    Column(("天", "Days"), _text("days"), True),
    Column(("时限", "Due"), _text("due")),
    Column(("级别", "Severity"), lambda row: SEVERITY[row["severity"]]),
    Column(("乡镇", "Township"), _text("township")),
    Column(("村", "Village"), _text("village")),
    Column(("规则", "Rule"), _text("rule")),
    Column(("疑点", "Finding"), _text("title")),
    Column(("字段", "Fields"), lambda row: "、".join(row["fields"])),
    Column(("说明", "Remark"), lambda row: _why(row)),
)
HISTORY = (
    Column(("条", "Entry"), _text("entry"), True),
    Column(("时间", "Time"), lambda row: row["at"][:19].replace("T", " ")),
    Column(("事项", "Kind"), _text("kind")),
    Column(("内容", "Content"), lambda row: json.dumps(row["payload"], ensure_ascii=False)),
    Column(("校验码", "Seal"), lambda row: row["seal"][:16]),
)
_TALLY: dict[str, Pair] = {
    "stock": ("期初", "At start"), "found": ("找", "Found"), "reopened": ("重现", "Back"),
    "corrected": ("改", "Corrected"), "changed": ("改后仍疑", "Still at fault"),
    "gone": ("删除", "Removed"), "lapsed": ("规则变", "Rule changed"),
    "confirmed": ("核·属实", "True"), "unresolved": ("核·不明", "Unverified"),
    "held": ("巩固", "Held"), "left": ("未销号", "Open"),
}  # fmt: skip


def _why(row: Mapping[str, Any]) -> Pair:
    if row["how"] == "decided" or row["state"] == "confirmed":
        day = row["expires"]
        until = (f"有效至 {day}", f"until {day}") if day else ("", "")
        who = [row[key] for key in ("by", "evidence", "note")]
        zh, en = (filter(None, (*who, told)) for told in until)
        return "，".join(zh), ", ".join(en)
    return HOW[row["how"]]


def moment(at: str) -> str:
    """Return a stamp in local time, ISO to the second."""
    return datetime.fromisoformat(at).astimezone().isoformat(timespec="seconds")


def out(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], form: str,
    target: Path | None, lang: Lang,
) -> None:  # fmt: skip
    """Show rows as a table, or write them as json or csv."""
    settings.one_of(form, FORMATS, "--format")
    if form == "console":
        table(columns, rows, lang)
        print(say((f"共 {len(rows)} 条", f"{len(rows)} in all"), lang))
        return
    with stream_to(target) as stream:
        if form == "json":
            json.dump(rows, stream, ensure_ascii=False, indent=1)
            stream.write("\n")
        else:
            stream.write("\ufeff")
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([say(column.head, lang) for column in columns])
            writer.writerows([[csv_text(c.text(row, lang)) for c in columns] for row in rows])


def table(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], lang: Lang, title: str = ""
) -> None:
    """Print a table without lines; plain text of fixed width where nobody watches."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title or None, box=None, padding=(0, 1), title_justify="left")
    for column in columns:
        made.add_column(
            say(column.head, lang), justify="right" if column.number else "left",
            overflow="fold", no_wrap=column.number or len(column.head[0]) < 2,
        )  # fmt: skip
    for row in rows:
        texts = [visible(column.text(row, lang)) for column in columns]
        made.add_row(*[Text(text, _STYLE.get(text, "")) for text in texts])
    terminal = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not terminal.is_terminal:
        terminal = Console(file=sys.stdout, width=160, no_color=True, highlight=False)
    with terminal.capture() as caught:
        terminal.print(made)
    print("\n".join(line.rstrip() for line in caught.get().splitlines()))


def stages_out(
    report: Stages, titles: Mapping[str, str], form: str, target: Path | None, lang: Lang
) -> None:  # fmt: skip
    """Show the stage report: in all and per township, then kind by kind of problem."""
    settings.one_of(form, FORMATS, "--format")
    nameless = say(NO_PLACE, lang)
    places = [_line(say(("合计", "Total"), lang), report.total)]
    places += [_line(name or nameless, t) for name, t in sorted(report.townships.items())]
    kinds = [
        {**_line(rule, tally), "title": titles.get(rule, ""), "zero": tally.left == 0}
        for rule, tally in sorted(report.rules.items(), key=lambda kv: (-kv[1].left, kv[0]))
    ]
    if form == "json":
        told = {
            "format": "fupin-audit.stages/1", "from": report.first.isoformat(),
            "to": report.last.isoformat(), "total": places[0], "townships": places[1:],
            "kinds": kinds,
        }  # fmt: skip
        with stream_to(target) as stream:
            json.dump(told, stream, ensure_ascii=False, indent=1)
            stream.write("\n")
        return
    done = Column(("清零", "Cleared"), lambda row: TRUTH[row["zero"]])
    finding = Column(("疑点", "Finding"), _text("title"))
    zero = (*_columns(("规则", "Rule"), short=True), done, finding)
    if form == "csv":
        for row in places:
            row |= {"title": "", "zero": row["left"] == 0}
        both = (
            Column(
                ("类", "Kind"),
                lambda row: ("规则", "rule") if row["title"] else ("乡镇", "township"),
            ),
            *_columns(("名称", "Name")),
            *zero[-2:],
        )
        out(both, [*places, *kinds], "csv", target, lang)
        return
    days = (
        f"阶段报告  {report.first} 至 {report.last}",
        f"Stages, {report.first} to {report.last}",
    )
    table(_columns(("乡镇", "Township")), places, lang, say(days, lang))
    print()
    table(zero, kinds, lang, say(("按问题清零", "Cleared, kind by kind"), lang))


def _line(name: str, tally: Tally) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, **{key: getattr(tally, key) for key in _TALLY}}
    made |= {colour: tally.colours[colour] for colour in ("green", "yellow", "red")}
    return {**made, "settled": tally.settled, "closed": tally.closed, "share": tally.share}


def _columns(name: Pair, *, short: bool = False) -> tuple[Column, ...]:
    few = ("stock", "found", "reopened", "corrected", "confirmed", "left")
    counts = [
        Column(head, _text(key), True) for key, head in _TALLY.items() if not short or key in few
    ]
    lamps = [Column(COLOUR[key], _text(key), True) for key in ("green", "yellow", "red")]
    share = Column(("销号率", "Share"), lambda row: _percent(row["share"]), True)
    return (Column(name, _text("name")), *counts, *lamps, share)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"
