"""The first page: what there is to do, for somebody who has typed the name alone.

It is written here, and not by typer, because it must name the commands without
loading them, and because typer's own speaks English and loads a markdown reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A line of the page."""

    name: str
    zh: str
    en: str


COMMANDS: dict[str, tuple[Entry, ...]] = {
    "核对 / Check": (
        Entry("check", "核对登记表，列出疑点", "list what needs correction"),
        Entry("assess", "逐户、逐村判定达标不达标", "judge households and villages"),
        Entry("explain", "一户的全部：账目、每条规则", "one household in full"),
        Entry("card", "每户一页户卡", "a printable card per household"),
    ),
    "更正 / Correct": (
        Entry("corrections", "更正清单：发出、收回、进度", "lists out, back, where they stand"),
        Entry("clean", "写法规整成一致，附日志", "normalise how values are written"),
        Entry("ledger", "台账：疑点状态、认定、督办", "the ledger of findings"),
    ),
    "准备 / Prepare": (
        Entry("template", "空白填报表，当场查错", "a blank workbook to fill in"),
        Entry("sample", "造一个虚构的县来试", "a synthetic county to try"),
        Entry("rules", "规则：看、查、试、写", "read, test and write rules"),
        Entry("batch", "夜间核对，无人值守", "the nightly run"),
        Entry("doctor", "这台电脑缺什么、怎么办", "what this machine has and lacks"),
    ),
}
"""Heading → its commands, in the order of the page."""

GROUPS = frozenset({"batch", "corrections", "ledger", "rules"})
"""Those that have commands of their own."""

_OPTIONS = {
    "version": ("版本", "show the version"),
    "install_completion": ("装好命令补全（按 Tab）", "install shell completion"),
    "show_completion": ("只看补全脚本", "print the completion script"),
    "help": ("这一页；或一条命令的用法", "this page, or a command's own"),
}


def show(program: str, about: str, params: Iterable[Any]) -> None:
    """Print the page.

    Args:
        program: As it is called.
        about: What the program is for, a paragraph per language.
        params: Options of the program itself.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = Console(highlight=False)
    for line in about.split("\n\n"):
        out.print(Text(line))
    out.print()
    out.print(Text.assemble(("用法 / Usage  ", "bold"), f"{program} 命令 [选项] …"))
    out.print(Text.assemble(("先试 / Try    ", "bold"), f"{program} check 你的表.xlsx"))
    for sections in (COMMANDS, {"选项 / Options": _options(params)}):
        page = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        page.add_column(no_wrap=True, style="cyan")
        page.add_column(overflow="fold")
        page.add_column(overflow="fold", style="dim")
        for heading, entries in sections.items():
            page.add_row()
            page.add_row(Text(heading, style="bold default not dim"))
            for entry in entries:
                page.add_row(f"  {entry.name}", Text(entry.zh), Text(entry.en))
        out.print(page)


def _options(params: Iterable[Any]) -> list[Entry]:
    told = []
    for param in params:
        zh, en = _OPTIONS.get(param.name, (param.help or "", ""))
        told.append(Entry(", ".join(sorted(param.opts, key=len)), zh, en))
    return told
