"""The three file formats of a sample: xlsx, legacy xls and GBK csv.

Each writer returns the names of the sheets that got total and note lines below
the data (a csv has the empty name).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from fupin_audit.errors import UsageError
from fupin_audit.sample.county import BareFormula, Cell, County, ErrorValue, Row
from fupin_audit.sample.shapes import Columns, Shape

_XLS_ROWS = 65_536
_MADE = datetime(2019, 12, 31, 8, 0, 0)
BELOW_DATA = 4
"""Lines below the data where a county has footers: total, blank, note, signature."""

_NOTE = "说明：本表由行政村采集，乡镇审核后上报。"
_SIGNED = "填表人：            审核人：            填报日期：2019年12月31日"


def write_xlsx(path: Path, shape: Shape, county: County) -> tuple[str, ...]:
    """Write a workbook with a title, an export note and the header in row 3."""
    import xlsxwriter

    options = {
        "constant_memory": len(county.members) > 20_000,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _MADE, "author": "", "title": ""})
        if shape.household:
            _fill(book, "户信息", "信息表", shape, shape.household, county.households, county)
            _fill(book, "家庭成员信息", "成员信息表", shape, shape.member, county.members, county)
            return ("户信息",) if county.footers else ()
        rows = wide_rows(shape, county)
        _fill(book, "Sheet1", "信息表", shape, shape.member, rows, county)
        return ("Sheet1",) if county.footers else ()


def write_table(path: Path, shape: Shape, rows: list[Row], county: County) -> None:
    """Write a linked table as its export: title, note, header in row 3, all text."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        book.set_properties({"created": _MADE, "author": "", "title": ""})
        title = shape.file.partition("）")[2] or shape.file
        title = title.partition(".")[0].partition("_")[0]
        _fill(book, "Sheet1", title, shape, shape.member, rows, county)


def _fill(
    book: Any,
    name: str,
    title: str,
    shape: Shape,
    columns: Columns,
    rows: list[Row] | Iterator[Row],
    county: County,
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center"})
    text = book.add_format({"num_format": "@"})
    sheet.set_column(0, len(columns) - 1, 14)
    sheet.freeze_panes(3, 0)
    subject = "监测对象" if county.monitoring else "建档立卡贫困户"
    name = f"{county.name}{subject}{title}" if title.endswith("信息表") else county.name + title
    sheet.merge_range(0, 0, 0, min(len(columns), 12) - 1, name, bold)
    sheet.write_string(1, 0, f"数据时点：{county.as_of:%Y-%m-%d}    金额单位：元")
    for column, (header, _) in enumerate(columns):
        sheet.write_string(2, column, header, head)
    last = 2
    for last, row in enumerate(rows, start=3):
        for column, (_, field) in enumerate(columns):
            _put(sheet, last, column, row.get(field), shape.text_only, text)
    if county.footers and title == "信息表":
        size = next((i for i, (_, f) in enumerate(columns) if f == "家庭人口数"), 0)
        sheet.write_string(last + 1, 0, "合计")
        sheet.write_number(last + 1, size, sum(_size(h) for h in county.households))
        sheet.write_string(last + 3, 0, _NOTE)
        sheet.write_string(last + 4, 0, _SIGNED)


def _put(sheet: Any, row: int, column: int, cell: Cell, text_only: bool, text: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, text)
    elif isinstance(cell, ErrorValue):
        sheet.write_formula(row, column, "=NA()", None, cell.code)
    elif isinstance(cell, BareFormula):
        sheet.write_formula(row, column, cell.text, None, "")
    elif text_only:
        sheet.write_string(row, column, shown(cell), text)
    else:
        sheet.write_number(row, column, cell)


def _size(household: Row) -> int:
    size = household["家庭人口数"]
    return size if isinstance(size, int) else 0


def xls_writer() -> Any:
    """Return the module xlwt.

    Raises:
        UsageError: It is not installed.
    """
    try:
        import xlwt
    except ImportError:
        raise UsageError(
            "生成 .xls 样表需要 xlwt，本机没有安装。",
            hint="执行 pip install 'fupin-audit[xls]' 后再试。",
        ) from None
    return xlwt


def write_xls(path: Path, shape: Shape, county: County) -> tuple[str, ...]:
    """Write the older list as a legacy workbook, header in row 1 after 序号.

    Raises:
        UsageError: xlwt is not installed, or there are too many rows for xls.
    """
    xlwt = xls_writer()
    if len(county.members) >= _XLS_ROWS:
        raise UsageError("人数超过 .xls 能容纳的 65535 行。", hint="减少户数，或不写 xls。")
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("贫困人口名单 ")
    for column, header in enumerate(["序号", *(h for h, _ in shape.member)]):
        sheet.write(0, column, header)
    for number, row in enumerate(wide_rows(shape, county), start=1):
        sheet.write(number, 0, number)
        for column, (_, field) in enumerate(shape.member, start=1):
            cell = row.get(field)
            if cell is not None:
                sheet.write(number, column, shown(cell))
    book.save(str(path))
    return ()


def write_csv(path: Path, shape: Shape, county: County) -> tuple[str, ...]:
    """Write a GBK csv whose every value stands as `="…"`, so Excel keeps ids."""
    with path.open("w", encoding="gbk", newline="") as stream:
        out = csv.writer(stream, lineterminator="\r\n")
        out.writerow([header for header, _ in shape.member])
        for row in wide_rows(shape, county):
            cells = (row.get(field) for _, field in shape.member)
            out.writerow(["" if c is None else f'="{shown(c)}"' for c in cells])
    return ()


def wide_rows(shape: Shape, county: County) -> Iterator[Row]:
    """Yield a row per person with the household's fields repeated."""
    households = {str(h["户编号"]): h for h in county.households}
    for member in county.members:
        yield {**households[str(member["户编号"])], **member}


def shown(cell: Cell) -> str:
    """Return a cell as text, whole numbers without `.0`."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
