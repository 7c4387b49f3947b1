"""The workbook of `clean`: the tables under their standard names, and the log."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xlsxwriter

from fupin_audit.model.dataset import Dataset, TableData, written
from fupin_audit.packs.load import Pack
from fupin_audit.packs.shapes import Table
from fupin_audit.report.aside import written_aside
from fupin_audit.report.safe import cell_text
from fupin_audit.report.words import RECIPE

ROWS_PER_SHEET = 1_048_575
NUMERIC = frozenset({"number", "integer", "money"})
LOG_HEADER = ("文件", "工作表", "单元格", "字段", "原来写作", "现在写作", "规整方法")
UNREAD_HEADER = ("文件", "工作表", "单元格", "字段", "原值", "情况")
WHAT_ZH = {
    "unreadable": "认不出", "unknown_code": "不在代码表", "error_cell": "错误值",
    "formula_without_result": "公式无结果", "destroyed_number": "号码以数值存储已失真",
}  # fmt: skip
DOUBT_ZH = {
    "disagrees": "取了这个值，别处写的不同",
    "unit_doubt": "表头的单位说不通，没有换算",
}


class Listing(NamedTuple):
    """A sheet that is a list of texts."""

    title: str
    header: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]


def write_cleaned(
    dataset: Dataset, pack: Pack, path: Path, more: Iterable[Listing] = ()
) -> None:  # fmt: skip
    """Write normalised tables, what else is to be listed, the cleaning log and what
    could not be read.

    A cell that could not be read keeps its raw text, in red: nothing is lost.
    Numbers are numbers; everything else, ids above all, is text.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "constant_memory": True,
    }  # fmt: skip
    with written_aside(path) as aside, xlsxwriter.Workbook(str(aside), options) as book:
        head = book.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1})
        doubt = book.add_format({"font_color": "#B00020", "italic": True})
        for name, data in dataset.tables.items():
            rows = np.flatnonzero(~data.borrowed)  # the rest stands in another table
            if len(rows) or not len(data):
                _table(book, pack.tables[name], data, rows, dataset, head, doubt)
        for title, header, lines in more:
            _listing(book, title, header, lines, head)
        _listing(book, "清洗日志", LOG_HEADER, _log(dataset), head)
        _listing(book, "未能读懂", UNREAD_HEADER, _unread(dataset), head)


def _table(
    book: Any, spec: Table, data: TableData, rows: npt.NDArray[np.int64], dataset: Dataset,
    head: Any, doubt: Any,
) -> None:  # fmt: skip
    """Write a table; sheets with other columns stand apart, or a column that a row
    never had would look as if it had been left blank."""
    unread = _unread_texts(dataset, spec.table)
    number = 0
    for names, some in _alike(data, rows):
        columns = [data.columns[name].listed() for name in names]
        kinds = [spec.fields[n].type if n in spec.fields else "text" for n in names]
        numeric = [kind in NUMERIC for kind in kinds]
        for start in range(0, max(len(some), 1), ROWS_PER_SHEET):
            number += 1
            sheet = book.add_worksheet(spec.label.zh + (str(number) if number > 1 else ""))
            sheet.freeze_panes(1, 0)
            for j, name in enumerate(names):
                sheet.set_column(j, j, min(24, max(8, 2 * len(name) + 2)))
                sheet.write_string(0, j, name, head)
            for line, i in enumerate(some[start : start + ROWS_PER_SHEET].tolist(), start=1):
                for j, name in enumerate(names):
                    raw = unread.get((name, i))
                    value = columns[j][i]
                    if raw is not None:
                        sheet.write_string(line, j, cell_text(raw), doubt)
                    elif text := written(value):
                        if numeric[j]:
                            sheet.write_number(line, j, float(value))
                        else:
                            sheet.write_string(line, j, cell_text(text))


def _alike(
    data: TableData, rows: npt.NDArray[np.int64]
) -> list[tuple[list[str], npt.NDArray[np.int64]]]:
    """Return rows that have the same columns together, and which these are."""
    if not len(rows):
        return [(list(data.columns), rows)]
    groups: dict[tuple[str, ...], list[int]] = {}
    for sheet in np.unique(data.sheet[rows]).tolist():
        first = int(rows[np.argmax(data.sheet[rows] == sheet)])
        names = [n for n in data.columns if n not in data.lacking or not data.lacking[n][first]]
        groups.setdefault(tuple(names), []).append(sheet)
    return [
        (list(names), rows[np.isin(data.sheet[rows], sheets)]) for names, sheets in groups.items()
    ]


def _unread_texts(dataset: Dataset, table: str) -> dict[tuple[str, int], str]:
    return {
        (seen.field, row): value
        for seen in dataset.observations
        if seen.table == table and seen.sheet < 0 and seen.what in WHAT_ZH
        for row, value in zip(seen.rows.tolist(), seen.values, strict=True)
    }


def _log(dataset: Dataset) -> Iterable[tuple[str, ...]]:
    for *told, recipe in dataset.log.entries(dataset):
        yield *told, RECIPE[recipe][0] if recipe in RECIPE else recipe


def _unread(dataset: Dataset) -> Iterable[tuple[str, ...]]:
    for seen in dataset.observations:
        told = WHAT_ZH.get(seen.what) or DOUBT_ZH.get(seen.what)
        if seen.sheet >= 0 or told is None:
            continue
        data = dataset.tables[seen.table]
        details = seen.detail if seen.what in DOUBT_ZH else [""] * len(seen.rows)
        for row, value, detail in zip(seen.rows.tolist(), seen.values, details, strict=True):
            raw = dataset.sheets[data.sheet[row]].raw
            where = dataset.cell(seen.table, row, seen.field)
            what = f"{told}：{detail}" if detail else told
            yield raw.file, raw.name or "", where, seen.field, value, what


def _listing(
    book: Any, title: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]], head: Any
) -> None:
    """Write a list, on as many sheets as it needs."""
    lines, part = iter(rows), 1
    chunk = list(islice(lines, ROWS_PER_SHEET))
    while chunk or part == 1:
        sheet = book.add_worksheet(title if part == 1 else f"{title}{part}")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 18)
        sheet.write_row(0, 0, header, head)
        for i, line in enumerate(chunk, start=1):
            for j, text in enumerate(line):
                sheet.write_string(i, j, cell_text(text))
        sheet.autofilter(0, 0, len(chunk), len(header) - 1)
        chunk, part = list(islice(lines, ROWS_PER_SHEET)), part + 1
