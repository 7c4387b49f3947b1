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

if TYPE_CHECKING:
    from fupin_audit.ledger.stages import Stages, Tally

FORMATS = ("console", "json", "csv")
COLOUR = {"green": "绿", "yellow": "黄", "red": "红", "": ""}
_STYLE = {"绿": "green", "黄": "yellow", "红": "bold red"}
_SEVERITY = {"error": "错误", "warning": "警告", "info": "提示"}


class Column(NamedTuple):
    """A column of a table: its Chinese head, and what stands in it."""

    head: str
    of: Callable[[Mapping[str, Any]], str]
    number: bool = False


def _text(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: "" if row[key] is None else str(row[key])


def _count(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: str(row["counts"].get(key, 0))


RUNS = (
    Column("次", _text("run"), True),
    Column("时间", lambda row: row["at"][:16].replace("T", " ")),
    Column("数据时点", _text("as_of")),
    Column("地区", _text("region")),
    Column("规则", lambda row: "全部" if row["selected"] is None else f"{len(row['selected'])} 条"),
    Column("户", lambda row: str(row["scope"].get("households", "")), True),
    Column("新发现", _count("new"), True),
    Column("仍在", _count("still"), True),
    Column("重现", _count("reopened"), True),
    Column("已更正", _count("corrected"), True),
    Column("删除", _count("gone"), True),
    Column("属实", _count("confirmed"), True),
    Column("没看到", lambda row: str(sum(
        row["counts"].get(name, 0) for name in ("unseen", "missing", "unknown"))), True),
)  # fmt: skip
FINDINGS = (
    Column("疑点编号", lambda row: row["fingerprint"][:12]),
    Column("状态", lambda row: STATES[row["state"]][0]),
    Column("灯", lambda row: COLOUR[row["colour"]]),
    Column("天", _text("days"), True),
    Column("时限", _text("due")),
    Column("级别", lambda row: _SEVERITY[row["severity"]]),
    Column("乡镇", _text("township")),
    Column("村", _text("village")),
    Column("规则", _text("rule")),
    Column("疑点", _text("title")),
    Column("字段", lambda row: "、".join(row["fields"])),
    Column("说明", lambda row: _why(row)),
)
HISTORY = (
    Column("条", _text("entry"), True),
    Column("时间", lambda row: row["at"][:19].replace("T", " ")),
    Column("事项", _text("kind")),
    Column("内容", lambda row: json.dumps(row["payload"], ensure_ascii=False)),
    Column("校验码", lambda row: row["seal"][:16]),
)
_TALLY: tuple[tuple[str, str], ...] = (
    ("stock", "期初"), ("found", "找"), ("reopened", "重现"), ("corrected", "改"),
    ("changed", "改后仍疑"), ("gone", "删除"), ("lapsed", "规则变"), ("confirmed", "核·属实"),
    ("unresolved", "核·不明"), ("held", "巩固"), ("left", "未销号"),
)  # fmt: skip


def _why(row: Mapping[str, Any]) -> str:
    if row["how"] == "decided" or row["state"] == "confirmed":
        until = f"，有效至 {row['expires']}" if row["expires"] else ""
        who = "，".join(text for text in (row["by"], row["evidence"], row["note"]) if text)
        return f"{who}{until}"
    return HOW[row["how"]][0]


def moment(at: str) -> str:
    """Return a stamp in local time, ISO to the second."""
    return datetime.fromisoformat(at).astimezone().isoformat(timespec="seconds")


def out(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], form: str, target: Path | None
) -> None:
    """Show rows as a table, or write them as json or csv."""
    settings.one_of(form, FORMATS, "--format")
    if form == "console":
        table(columns, rows)
        print(f"共 {len(rows)} 条")
        return
    with stream_to(target) as stream:
        if form == "json":
            json.dump(rows, stream, ensure_ascii=False, indent=1)
            stream.write("\n")
        else:
            stream.write("\ufeff")
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([column.head for column in columns])
            writer.writerows([[csv_text(c.of(row)) for c in columns] for row in rows])


def table(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], title: str = "") -> None:
    """Print a table without lines; plain text of fixed width where nobody watches."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title or None, box=None, padding=(0, 1), title_justify="left")
    for column in columns:
        made.add_column(
            column.head, justify="right" if column.number else "left", overflow="fold",
            no_wrap=column.number or len(column.head) < 2,
        )  # fmt: skip
    for row in rows:
        texts = [visible(column.of(row)) for column in columns]
        made.add_row(*[Text(text, _STYLE.get(text, "")) for text in texts])
    terminal = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not terminal.is_terminal:
        terminal = Console(file=sys.stdout, width=160, no_color=True, highlight=False)
    with terminal.capture() as caught:
        terminal.print(made)
    print("\n".join(line.rstrip() for line in caught.get().splitlines()))


def stages_out(
    report: Stages, titles: Mapping[str, str], form: str, target: Path | None
) -> None:  # fmt: skip
    """Show the stage report: in all and per township, then kind by kind of problem."""
    settings.one_of(form, FORMATS, "--format")
    places = [_line("合计", report.total)]
    places += [_line(name or "（未填）", t) for name, t in sorted(report.townships.items())]
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
    head = _columns("乡镇")
    done = Column("清零", lambda row: "是" if row["zero"] else "否")
    zero = (*_columns("规则", short=True), done, Column("疑点", _text("title")))
    if form == "csv":
        for row in places:
            row |= {"title": "", "zero": row["left"] == 0}
        both = (
            Column("类", lambda row: "规则" if row["title"] else "乡镇"),
            *_columns("名称"),
            *zero[-2:],
        )
        out(both, [*places, *kinds], "csv", target)
        return
    table(head, places, f"阶段报告  {report.first} 至 {report.last}")
    print()
    table(zero, kinds, "按问题清零")


def _line(name: str, tally: Tally) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, **{key: getattr(tally, key) for key, _ in _TALLY}}
    made |= {colour: tally.colours[colour] for colour in ("green", "yellow", "red")}
    return {**made, "settled": tally.settled, "closed": tally.closed, "share": tally.share}


def _columns(name: str, *, short: bool = False) -> tuple[Column, ...]:
    few = ("stock", "found", "reopened", "corrected", "confirmed", "left")
    counts = [Column(zh, _text(key), True) for key, zh in _TALLY if not short or key in few]
    lamps = [Column(COLOUR[key], _text(key), True) for key in ("green", "yellow", "red")]
    share = Column("销号率", lambda row: _percent(row["share"]), True)
    return (Column(name, _text("name")), *counts, *lamps, share)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"
