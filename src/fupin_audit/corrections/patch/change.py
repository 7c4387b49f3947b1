"""What is to be changed in a source file, what became of it, and how it is logged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fupin_audit.errors import InputError
from fupin_audit.model.sheet import Cell, address

LIMIT = 1 << 30
"""Most bytes a source may unpack to, as on reading."""

LOG_SHEET = "更正记录"
LOG_SUFFIX = ".更正记录.csv"
LOG_NUMBER = "序号"


class LogRow(NamedTuple):
    """One line of the log, as texts; the line's own number is put before it."""

    time: str
    finding: str
    household: str
    name: str
    field: str
    place: str
    before: str
    after: str
    verified_by: str
    verified_on: str
    evidence: str
    rule: str
    note: str = ""


LOG_COLUMNS = (
    "更正时间", "疑点编号", "户编号", "姓名", "字段", "位置", "原值", "新值",
    "核实人", "核实日期", "佐证材料", "规则编号", "备注",
)  # fmt: skip
"""Headings of the log, in the order of `LogRow`; `序号` stands before them."""


class Change(NamedTuple):
    """One cell to be given another value.

    Attributes:
        sheet: Its name; None for csv and parquet.
        row: Zero-based, as in `RawSheet`.
        column: Zero-based.
        value: What shall stand there. Text stays text, whatever it looks like.
        log: Its line in the log: a `LogRow`, or texts in that order.
    """

    sheet: str | None
    row: int
    column: int
    value: Cell
    log: tuple[str, ...]

    @property
    def place(self) -> str:
        cell = address(self.row, self.column)
        return f"{self.sheet}:{cell}" if self.sheet else cell


class Refused(NamedTuple):
    """A change that was not made, and why (Chinese)."""

    change: Change
    why: str


@dataclass(frozen=True, slots=True)
class Patch:
    """What was written.

    Attributes:
        path: The file with the changes.
        said: What the reader must know, Chinese.
        refused: Changes that were left out; all others were made.
        log: The file of the log where it does not stand in `path` itself.
        backup: The copy of the original made before it was replaced.
    """

    path: Path
    said: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    log: Path | None = None
    backup: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one writer did: see `Patch`. `done` are the changes made, in order;
    `checked` are the cells where they can be read again."""

    done: tuple[Change, ...] = ()
    checked: tuple[Change, ...] = ()
    said: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()


def distinct(changes: list[Change]) -> tuple[list[Change], list[Refused]]:
    """Part the changes that contradict one another about one cell from the rest."""
    wanted: dict[tuple[str | None, int, int], set[tuple[type, Cell]]] = {}
    for change in changes:
        key = (change.sheet, change.row, change.column)
        wanted.setdefault(key, set()).add((type(change.value), change.value))
    good, bad = [], []
    for change in changes:
        if len(wanted[change.sheet, change.row, change.column]) == 1:
            good.append(change)
        else:
            bad.append(Refused(change, "同一个单元格要改成几个不同的值，都没有改"))
    return good, bad


def no_such_sheet(source: Path, sheet: str | None) -> InputError:
    """Return the refusal of a change in a sheet the file has not."""
    name = f"工作表“{sheet}”" if sheet else "没有名称的工作表"
    return InputError(
        f"文件里没有{name}", where=source.name, hint="源文件可能换过了，请重新核查后再更正"
    )


def no_such_cell(source: Path, change: Change) -> InputError:
    """Return the refusal of a change outside the table."""
    return InputError(
        "要更正的单元格不在表里",
        where=f"{source.name}:{change.place}",
        hint="源文件可能换过了，请重新核查后再更正",
    )
