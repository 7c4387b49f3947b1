"""`<name>.疑点标注.xlsx`: the user's own workbook with the doubtful cells marked.

A cell gets a fill and a comment for all that was found on it; a sheet 疑点索引
in front links to them. Everything else stays as it was, as far as openpyxl can
keep it; what it cannot is said. Names stand in full and ids are masked in what
is added, as in the list; the user's own cells are not touched.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from fupin_audit.report.annotate_index import Line, write_index
from fupin_audit.report.annotate_loss import losses
from fupin_audit.report.aside import written_aside
from fupin_audit.report.finding import blamed, findings
from fupin_audit.report.remarks import suggested, told
from fupin_audit.report.safe import visible
from fupin_audit.report.view import FindingView, View
from fupin_audit.report.words import SEVERITIES, SEVERITY

SUFFIXES = (".xlsx", ".xlsm")
FILLS = {"error": "F2B8B5", "warning": "FBDFA6", "info": "D6E4F2"}
_AUTHOR = "fupin-audit"
_LONGEST = 8_000
_BROKEN = (
    BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError,
    IndexError, OSError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Copy:
    """What became of one input.

    Attributes:
        file: The input, as it is called in the run.
        path: The annotated copy; None if there is none.
        cells: Cells marked.
        said: What the reader must know, Chinese: what the copy does not keep,
            or why there is no copy.
    """

    file: str
    path: Path | None
    cells: int = 0
    said: tuple[str, ...] = ()


@dataclass(slots=True)
class _Marks:
    """What is to be written into one file."""

    cells: dict[tuple[int, str], list[FindingView]] = field(default_factory=dict)
    index: list[Line] = field(default_factory=list)


def annotate(view: View, folder: Path | None = None) -> list[Copy]:
    """Write a marked copy of every input workbook on which something was found.

    Args:
        folder: Where to; beside each input by default.

    Raises:
        InputError: A copy cannot be written.
    """
    marks = _collect(view)
    made: list[Copy] = []
    taken: set[Path] = set()
    for file, mark in marks.items():
        sheets = view.result.dataset.sheets
        path = next(sheet.raw.path for sheet in sheets if sheet.raw.file == file)
        if path is None:
            made.append(Copy(file, None, said=("在压缩包里，请先解压再标注",)))
        elif path.suffix.lower() not in SUFFIXES:
            told = f"{path.suffix or '这种'} 文件不能标注，只能标注 .xlsx 和 .xlsm"
            made.append(Copy(file, None, said=(told,)))
        else:
            made.append(_copy(view, file, path, _target(path, folder, taken), mark))
    return made


def _collect(view: View) -> dict[str, _Marks]:
    sheets = view.result.dataset.sheets
    marks: dict[str, _Marks] = {}
    for one in findings(view, named=True, lang="zh"):
        for part in blamed(one, "zh"):
            if part.origin < 0:
                continue
            raw = sheets[part.origin].raw
            mark = marks.setdefault(raw.file, _Marks())
            cells = part.cell.split() or ([f"A{one.row}"] if one.row else [])
            for cell in cells:
                mark.cells.setdefault((part.origin, cell), []).append(one)
            mark.index.append(Line(one, raw.name or "", cells[0] if cells else "A1", part))
    return marks


def _target(path: Path, folder: Path | None, taken: set[Path]) -> Path:
    place = folder or path.parent
    target = place / f"{path.stem}.疑点标注{path.suffix.lower()}"
    number = 2
    while target in taken:
        target = place / f"{path.stem}.疑点标注{number}{path.suffix.lower()}"
        number += 1
    taken.add(target)
    return target


def _copy(view: View, file: str, path: Path, target: Path, mark: _Marks) -> Copy:
    try:
        said = losses(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is lost is said by `losses`
            book = load_workbook(path, keep_vba=target.suffix == ".xlsm", rich_text=True)
    except _BROKEN:
        return Copy(file, None, said=("加了密或结构特殊，标注不了；请用疑点清单",))
    count = _mark(view, book, mark)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = False
    write_index(book, mark.index)
    with written_aside(target) as aside:
        book.save(aside)
    return Copy(file, target, count, said)


def _mark(view: View, book: Workbook, mark: _Marks) -> int:
    """Fill and comment the cells; return how many."""
    fills = {name: PatternFill("solid", fgColor=colour) for name, colour in FILLS.items()}
    joined: dict[tuple[str, str], list[FindingView]] = {}
    for (origin, cell), found in mark.cells.items():
        name = view.result.dataset.sheets[origin].raw.name or ""
        if name in book.sheetnames and isinstance(book[name], Worksheet):
            place = (name, _anchor(book[name], cell))
            joined.setdefault(place, []).extend(found)
    for (name, address), found in joined.items():
        cell = book[name][address]
        worst = min(found, key=lambda one: SEVERITIES.index(one.severity)).severity
        cell.fill = fills[worst]
        text = _comment(found)
        if cell.comment is not None:
            text = f"{cell.comment.text}\n\n{text}"
        cell.comment = Comment(
            text, _AUTHOR, height=min(60 + 18 * text.count("\n"), 400), width=320
        )
    return len(joined)


def _anchor(sheet: Worksheet, address: str) -> str:
    """Return the top left cell of the merged range an address lies in."""
    if isinstance(sheet[address], MergedCell):
        for merged in sheet.merged_cells.ranges:
            if address in merged:
                return str(merged.coord).partition(":")[0]
    return address


def _comment(found: list[FindingView]) -> str:
    parts = []
    for one in dict.fromkeys(found):
        name = f"{one.suggestion.field} " if one.suggestion else ""
        head = f"【{SEVERITY[one.severity][0]}】{one.rule} {one.title}"
        advice = suggested(one, "zh", name) + one.advice
        parts.append(visible(f"{head}\n{told(one, 'zh')}\n{advice}".strip()))
    text = "\n\n".join(parts)
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST] + f"……（共 {len(parts)} 条，全文见疑点清单）"
