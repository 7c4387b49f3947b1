"""Write a sheet's XML anew, piece by piece, with some of its cells replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from fupin_audit.corrections.patch.parts import (
    Part,
    SheetParts,
    Tags,
    area,
    cell_place,
    row_number,
)
from fupin_audit.corrections.patch.xml import spliced, with_attribute
from fupin_audit.model.sheet import address
from fupin_audit.read.guards import damaged

Place = tuple[int, int]
_DIMENSION = re.compile(rb"""(<(?:[\w.-]+:)?dimension\s+ref\s*=\s*["'])([^"']+)(["'])""")


def rewritten(
    parts: SheetParts, cells: Mapping[Place, bytes], heirs: Mapping[Place, bytes], rows: Set[int]
) -> Iterator[bytes]:
    """Yield the sheet's new bytes.

    Args:
        parts: The sheet.
        cells: Whole cells by place; those not there yet are put in order.
        heirs: Cells that keep their value and get another formula element.
        rows: Rows of `cells` that are written in the sheet.
    """
    tag = parts.tags
    missing = sorted({row for row, _ in cells} - rows, reverse=True)
    by_row: dict[int, dict[int, bytes]] = {}
    for (row, column), cell in cells.items():
        by_row.setdefault(row, {})[column] = cell
    passed: dict[int, dict[int, bytes]] = {}
    for (row, column), formula in heirs.items():
        passed.setdefault(row, {})[column] = formula
    row, empty = -1, False
    for part in parts:
        if part.kind == "head":
            head = _widened(part.data, cells)
            empty = head.endswith(b"/>")
            yield head[:-2].rstrip() + b">" if empty else head
        elif part.kind == "rows":
            pieces = []
            for found in tag.row.finditer(part.seen):
                row = row_number(found[1], row)
                new = b""
                while missing and missing[-1] < row:
                    new += _new_row(tag, missing[-1], by_row[missing.pop()])
                if new:
                    pieces.append((found.start(), found.start(), new))
                if row in by_row or row in passed:
                    own, other = by_row.get(row, {}), passed.get(row, {})
                    pieces += _row(part, tag, found, row, dict(own), other)
            yield spliced(part.data, pieces) if pieces else part.data
        else:
            while missing:
                yield _new_row(tag, missing[-1], by_row[missing.pop()])
            if empty:
                yield f"</{tag.prefix}sheetData>".encode()
            yield part.data


def _new_row(tag: Tags, row: int, cells: Mapping[int, bytes]) -> bytes:
    content = b"".join(cells[column] for column in sorted(cells))
    name = tag.prefix
    return f'<{name}row r="{row + 1}">'.encode() + content + f"</{name}row>".encode()


def _row(
    part: Part, tag: Tags, opened: re.Match[bytes], row: int, cells: dict[int, bytes],
    heirs: Mapping[int, bytes],
) -> list[tuple[int, int, bytes]]:  # fmt: skip
    """Return the splices that make one row as wanted."""
    start, inner = opened.span()
    if opened[2]:
        opening = part.data[start:inner].rstrip()[:-2].rstrip() + b">"
        content = b"".join(cells[column] for column in sorted(cells))
        closing = f"</{tag.prefix}row>".encode()
        return [(start, inner, with_attribute(opening, "spans", None) + content + closing)]
    closed = tag.row_end.search(part.seen, inner)
    if not closed:
        raise damaged("工作表的 XML 不完整")
    waiting = sorted(cells, reverse=True)
    pieces = []
    column, added = -1, False
    for cell in tag.cell.finditer(part.seen, inner, closed.start()):
        at = cell_place(cell[1], row, column)
        column = at[1]
        new = b""
        while waiting and waiting[-1] < column:
            if waiting[-1] in cells:
                new += cells.pop(waiting[-1])
                added = True
            waiting.pop()
        if new:
            pieces.append((cell.start(), cell.start(), new))
        if at[0] == row and column in cells:
            pieces.append((*cell.span(), cells.pop(column)))
        elif at[0] == row and column in heirs and cell[2]:
            formula = tag.formula.search(part.seen, cell.start(2), cell.end(2))
            pieces += [(*formula.span(), heirs[column])] if formula else []
    if cells:
        rest = b"".join(cells[column] for column in sorted(cells))
        pieces.append((closed.start(), closed.start(), rest))
        added = True
    if added and b"spans" in opened[1]:
        opening = with_attribute(part.data[start:inner], "spans", None)
        pieces.append((start, inner, opening))
    return pieces


def _widened(head: bytes, cells: Mapping[Place, bytes]) -> bytes:
    """Let the stated size of the sheet hold the cells."""

    def wider(found: re.Match[bytes]) -> bytes:
        top, left, bottom, right = area(found[2])
        rows, columns = [row for row, _ in cells], [column for _, column in cells]
        within = top <= min(rows) and max(rows) <= bottom
        if within and left <= min(columns) and max(columns) <= right:
            return found[0]
        first = address(min(top, *rows), min(left, *columns))
        last = address(max(bottom, *rows), max(right, *columns))
        return found[1] + f"{first}:{last}".encode() + found[3]

    return _DIMENSION.sub(wider, head, count=1) if cells else head
