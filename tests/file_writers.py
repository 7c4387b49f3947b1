"""Grids written as the files they come in."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from struct import pack
from typing import Any

Grid = Sequence[Sequence[Any]]


def xlsx(path: Path, sheets: Mapping[str, Grid], merges: Sequence[str] = ()) -> Path:
    """Write a workbook; `merges` are ranges of its first sheet."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        for name, grid in sheets.items():
            sheet = book.add_worksheet(name)
            for at in merges if sheet.index == 0 else ():
                sheet.merge_range(at, "")
            for r, row in enumerate(grid):
                for c, cell in enumerate(row):
                    if cell not in (None, ""):
                        sheet.write(r, c, cell)
    return path


def xls(path: Path, sheets: Mapping[str, Grid]) -> Path:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    for name, grid in sheets.items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(grid):
            for c, cell in enumerate(row):
                if cell not in (None, ""):
                    sheet.write(r, c, cell)
    book.save(str(path))
    return path


def delimited(path: Path, grid: Grid, encoding: str, mark: str = ",", guard: bool = False) -> Path:
    """Write separated text; `guard` writes every value as `="…"`."""
    with path.open("w", encoding=encoding, newline="") as stream:
        out = csv.writer(stream, delimiter=mark, lineterminator="\r\n")
        for at, row in enumerate(grid):
            cells = ["" if c is None else str(c) for c in row]
            out.writerow([f'="{c}"' if guard and at and c else c for c in cells])
    return path


def ods(path: Path, sheets: Mapping[str, Grid]) -> Path:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for name, grid in sheets.items():
        table = Table(name=name)
        for row in grid:
            line = TableRow()
            for value in row:
                if value in (None, ""):
                    cell = TableCell()
                elif isinstance(value, str):
                    cell = TableCell(valuetype="string")
                    cell.addElement(P(text=value))
                else:
                    cell = TableCell(valuetype="float", value=str(value))
                line.addElement(cell)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


def parquet(path: Path, grid: Grid) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    head, *rows = grid
    pq.write_table(pa.table({h: [r[i] for r in rows] for i, h in enumerate(head)}), path)
    return path


def archive(path: Path, files: Sequence[Path]) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for file in files:
            out.write(file, f"上报/{file.name}")
    return path


# ---- the binary workbook: no free library writes one ----

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/>
</Types>"""
_RELS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="{target}"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>
</Relationships>"""


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data)
    while size > 127:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + data


def _wide(text: str) -> bytes:
    return pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(path: Path, grid: Grid) -> Path:
    """Write one sheet with the records [MS-XLSB] asks for at the least."""
    width = max(map(len, grid))
    body = _record(129)
    body += _record(148, pack("<4I", 0, len(grid) - 1, 0, width - 1)) + _record(145)
    for r, row in enumerate(grid):
        body += _record(0, pack("<IIHHBBI", r, 0, 300, 0, 0, 0, 0))
        for c, cell in enumerate(row):
            if cell in (None, ""):
                continue
            where = pack("<II", c, 0)
            if isinstance(cell, str):
                body += _record(6, where + _wide(cell))
            else:
                body += _record(5, where + pack("<d", cell))
    body += _record(146) + _record(130)
    sheet = _record(156, pack("<II", 0, 1) + _wide("rId1") + _wide("Sheet1"))
    book = _record(131) + _record(143) + sheet + _record(144) + _record(132)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", _TYPES)
        out.writestr("_rels/.rels", _RELS.format(target="xl/workbook.bin", kind="officeDocument"))
        out.writestr("xl/workbook.bin", book)
        rels = _RELS.format(target="worksheets/sheet1.bin", kind="worksheet")
        out.writestr("xl/_rels/workbook.bin.rels", rels)
        out.writestr("xl/worksheets/sheet1.bin", body)
    return path
