"""The log of corrections: a sheet of the workbook, or a file beside a text table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from fupin_audit.corrections.patch.cells import text_xml
from fupin_audit.corrections.patch.change import LOG_COLUMNS, LOG_NUMBER, LOG_SUFFIX, Change
from fupin_audit.corrections.patch.whole import placed
from fupin_audit.errors import InputError
from fupin_audit.model.sheet import address
from fupin_audit.report.safe import cell_text, csv_text

HEADINGS = (LOG_NUMBER, *LOG_COLUMNS)
_WIDTHS = (6, 20, 14, 16, 10, 16, 22, 22, 22, 10, 12, 24, 10, 24)
_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"

Place = tuple[int, int]


def log_rows(changes: Sequence[Change]) -> list[tuple[str, ...]]:
    """Return the lines of the log, each as wide as `LOG_COLUMNS`."""
    width = len(LOG_COLUMNS)
    rows = [tuple(map(str, change.log[:width])) for change in changes]
    return [row + ("",) * (width - len(row)) for row in rows]


def log_cells(rows: Sequence[tuple[str, ...]], first: int, prefix: str) -> dict[Place, bytes]:
    """Return the cells of lines that start in a (zero-based) row."""
    cells: dict[Place, bytes] = {}
    for row, texts in enumerate(rows, first):
        cells[row, 0] = (
            f'<{prefix}c r="A{row + 1}"><{prefix}v>{row}</{prefix}v></{prefix}c>'.encode()
        )
        for column, text in enumerate(texts, 1):
            if text:
                cells[row, column] = _text(prefix, row, column, cell_text(text))
    return cells


def log_sheet(rows: Sequence[tuple[str, ...]], strict: bool) -> bytes:
    """Return a new sheet with headings and lines."""
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(_WIDTHS, 1)
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_STRICT if strict else _SPACE}"><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{columns}</cols><sheetData>"
    )
    cells = {(0, column): _text("", 0, column, text) for column, text in enumerate(HEADINGS)}
    cells |= log_cells(rows, 1, "")
    made: list[bytes] = []
    row = -1
    for (at, _), cell in sorted(cells.items()):
        if at != row:
            made.append((b"</row>" if made else b"") + f'<row r="{at + 1}">'.encode())
            row = at
        made.append(cell)
    return head.encode() + b"".join(made) + b"</row></sheetData></worksheet>"


def _text(prefix: str, row: int, column: int, text: str) -> bytes:
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return (
        f'<{prefix}c r="{address(row, column)}" t="inlineStr"><{prefix}is><{prefix}t{space}>'
        f"{text_xml(text)}</{prefix}t></{prefix}is></{prefix}c>"
    ).encode()


def log_beside(source: Path, target: Path, changes: Sequence[Change]) -> Path:
    """Write the log beside a text table: what the source's log holds, and these.

    Raises:
        InputError: The file there is no log of ours, or cannot be written.
    """
    before = source.with_name(source.name + LOG_SUFFIX)
    path = target.with_name(target.name + LOG_SUFFIX)
    old = _old_log(before)
    lines = sum(1 for _ in csv.reader(io.StringIO(old, newline=""))) - 1
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\r\n")
    if not old:
        out.writerow(HEADINGS)
    for number, row in enumerate(log_rows(changes), max(lines, 0) + 1):
        out.writerow([number, *(csv_text(cell) for cell in row)])
    with placed(path) as aside:
        aside.write_text(old + text.getvalue(), encoding="utf-8-sig", newline="")
    return path


def _old_log(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            text = stream.read()
    except (UnicodeDecodeError, OSError) as error:
        raise _foreign(path) from error
    if not text.startswith(",".join(HEADINGS[:3])):
        raise _foreign(path)
    return text if text.endswith("\n") else text + "\r\n"


def _foreign(path: Path) -> InputError:
    return InputError(
        "更正记录要写进的文件读不出，或不是本工具写的", where=path.name,
        hint="把这个文件改名或移开后重试",
    )  # fmt: skip
