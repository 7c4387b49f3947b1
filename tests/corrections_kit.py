"""A register, the correction lists made of it, and hands that fill them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl

import file_writers as write
from command_line import Outcome, run
from register_facts import ROWS, WIDE, grid

RULES = ("FM002", "FM003", "ID004", "HH014", "HH019", "IC208", "HL064", "HH012")
HEAD = "疑点编号"
Answers = Mapping[tuple[str, str], Mapping[str, Any]]
"""(rule, field) → what is written on each such line."""

DONE, TRUE = (
    {"处理结果": "已更正"},
    {"处理结果": "情况属实", "佐证材料": "佐证-7", "核实人": "王核"},
)


def done(value: Any) -> dict[str, Any]:
    return {**DONE, "更正值": value}


class Loop:
    """One register and its lists, in a folder of their own."""

    def __init__(self, folder: Path, rows: list[dict[str, Any]] | None = None) -> None:
        self.folder = folder
        self.source = folder / "src"
        self.source.mkdir()
        chosen = ", ".join(f'"{rule}"' for rule in RULES)
        (self.source / "fupin.toml").write_text(
            f'as_of = "2019-12-31"\nregion = ""\nselect = [{chosen}]\n', encoding="utf-8"
        )
        self.register = self.source / "名单.xlsx"
        self.write(ROWS if rows is None else rows)
        self.lists = folder / "lists"

    def write(self, rows: list[dict[str, Any]]) -> None:
        write.xlsx(self.register, {"名单": grid(rows, WIDE)})

    def make(self, *more: object) -> Path:
        made = run("corrections", "make", self.source, "--out", self.lists, "--by", "all", *more)
        assert made.code == 0, made.err
        (path,) = self.lists.glob("*.xlsx")
        return path

    def apply(self, *more: object, lists: Path | None = None) -> Outcome:
        return run(
            "corrections", "apply", lists or self.lists, "--source", self.source, *more,
            "--format", "json",
        )  # fmt: skip

    def states(self) -> dict[str, str]:
        """Return state by rule of what the ledger knows, the newest last."""
        told = run("ledger", "findings", "--ledger", self.source / ".fupin" / "ledger.sqlite",
                   "--state", "all", "--format", "json")  # fmt: skip
        import json

        return {row["rule"]: row["state"] for row in json.loads(told.out)}

    def cells(self, path: Path | None = None) -> list[list[Any]]:
        book = openpyxl.load_workbook(path or self.register)
        return [[cell.value for cell in row] for row in book["名单"].iter_rows()]


def columns(sheet: Any) -> tuple[int, dict[str, int]]:
    """Return the header row of a list and its columns by name."""
    for row in sheet.iter_rows(max_row=30):
        if any(cell.value == HEAD for cell in row):
            return row[0].row, {c.value: c.column for c in row if c.value}
    raise AssertionError("no header")


def fill(path: Path, answers: Answers, to: Path | None = None) -> Path:
    """Fill a list in."""

    def hand(sheet: Any) -> None:
        head, at = columns(sheet)
        for row in range(head + 1, sheet.max_row + 1):
            key = (sheet.cell(row, at["规则编号"]).value, sheet.cell(row, at["字段"]).value)
            for name, value in answers.get(key, {}).items():
                cell = sheet.cell(row, at[name])
                cell.value = value
                if isinstance(value, str) and value.startswith("="):
                    cell.data_type = "s"

    return change(path, hand, to)


def change(path: Path, hand: Callable[[Any], None], to: Path | None = None) -> Path:
    """Do something to the list's sheet."""
    book = openpyxl.load_workbook(path)
    hand(book["更正清单"])
    book.save(to or path)
    return to or path


def lines(told: Outcome) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the lines of all lists by rule and field."""
    every = [line for one in told.json["lists"] for line in one["lines"]]
    return {(line["rule"], line["field"]): line for line in every}
