"""`check --explain-columns`: what each column was taken for, what was left over,
and which rules the missing ones silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fupin_audit.model.run import CheckResult
    from fupin_audit.recognise.explain import Line

HEADINGS = {
    "last_year": ("上年的列", "Columns of the year before"),
    "duplicate": ("重复的列（没有用上）", "Duplicates, not used"),
    "unmatched": ("没认出的列", "Columns not recognised"),
    "proposal": (
        "可能是（没有用上，要用请写进 --map）",
        "Perhaps (not taken; pin them with --map)",
    ),
    "filled_down": ("向下补齐的字段", "Filled down"),
    "set_aside": ("不作数据的行", "Rows set aside"),
    "note": ("说明", "Notes"),
}


def explain(result: CheckResult, lang: str) -> None:
    """Print the explanation of every sheet, then the silenced rules."""
    from fupin_audit.recognise.explain import explain as lines_of

    at = 1 if lang == "en" else 0
    lines = lines_of(result.recognition, result.pack)
    for place in dict.fromkeys((line.file, line.sheet) for line in lines):
        own = [line for line in lines if (line.file, line.sheet) == place]
        if own[0].what == "skipped":
            typer.echo(f"{_place(place)}  {('没有用上', 'Not used')[at]}：{own[0].text}")
            continue
        typer.echo(f"{_place(place)}  {own[0].text}")
        _columns([line for line in own if line.what == "column"])
        for what, heading in HEADINGS.items():
            _group(heading[at], [line for line in own if line.what == what])
        typer.echo("")
    _silenced(result, at)


def _place(place: tuple[str, str]) -> str:
    return " · ".join(part for part in place if part)


def _columns(lines: Iterable[Line]) -> None:
    # A column that both tables of a wide sheet share is told once.
    told_once = ((li.cell, " ".join(li.header.split()), li.field, li.text) for li in lines)
    rows = list(dict.fromkeys(told_once))
    widths = [max((cell_len(row[i]) for row in rows), default=0) for i in range(3)]
    for row in rows:
        told = (text + " " * (width - cell_len(text)) for text, width in zip(row, widths))
        typer.echo(("  " + "  ".join([*told, row[3]])).rstrip())


def _group(heading: str, lines: list[Line]) -> None:
    if not lines:
        return
    typer.echo(f"  {heading}：")
    for line in lines:
        score = f" {line.score:.0%}" if line.score is not None else ""
        target = f"→ {line.field}{score}" if line.field and line.field != line.header else ""
        told = [t for t in (line.cell, line.header, target, line.text) if t]
        typer.echo("    " + "  ".join(told))


def _silenced(result: CheckResult, at: int) -> None:
    """Group the rules that a missing column, table or value keeps silent."""
    reasons: dict[str, list[str]] = {}
    for row in result.findings.coverage:
        if row.skipped and row.rule not in result.pack.inapplicable:
            reasons.setdefault(row.skipped, []).append(row.rule)
    if not reasons:
        typer.echo(("所有适用的规则都能检查。", "Every applicable rule can judge.")[at])
        return
    typer.echo(("因此没有检查的规则：", "Rules that therefore cannot judge:")[at])
    for reason, rules in sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        typer.echo(f"  {reason}")
        for rule in rules:
            title = result.pack.rules[rule].title
            typer.echo(f"    {rule} {title.en if at else title.zh}")
