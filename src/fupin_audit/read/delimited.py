"""Delimited text → one raw sheet. Every cell is text, as it stands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple, cast

from fupin_audit.errors import UnreadableFile
from fupin_audit.model.sheet import Cell, CellError, RawColumn, RawSheet
from fupin_audit.read.encode import ColumnEncoder, replace_values
from fupin_audit.read.encoding import Encoding, detect
from fupin_audit.read.survey import DENSE

_ROWS = 512
_LARGE = 4 << 20
"""Bytes from which the quick way is worth its start."""

_DELIMITERS = ",\t;|"
_DELIMITER_NAMES = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
FIELD_LIMIT = 1 << 24
_MAX_COLUMNS = 1 << 14
_MAX_CELLS = 200_000_000
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA",
     "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!")
)  # fmt: skip


class Layout(NamedTuple):
    """How a text table is written. `declared` says that its first line is no row
    but states the delimiter."""

    codec: str
    delimiter: str
    declared: bool


def layout(file: BinaryIO, suffix: str) -> Layout:
    """Tell how delimited text is written, as `read_text` takes it."""
    codec = detect(file).codec
    file.seek(0)
    wrapped = io.TextIOWrapper(file, codec, errors="replace", newline="")
    try:
        return Layout(codec, *_separator(wrapped.read(1 << 16), suffix))
    finally:
        wrapped.detach()


def read_text(
    file: BinaryIO, shown: str, suffix: str, step: Callable[[int], None] | None = None
) -> RawSheet:
    """Read delimited text.

    Args:
        file: The bytes.
        shown: The name shown to people.
        suffix: `.tsv` prefers the tab where the text leaves a choice.
        step: Told the number of rows done, now and then.

    Raises:
        UnreadableFile: A cell or the number of columns is beyond all reason.
    """
    encoding = detect(file)
    notes = [f"编码 {encoding.shown}"]
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    wrapped = io.TextIOWrapper(file, encoding.codec, errors="replace", newline="")
    try:
        sample = wrapped.read(1 << 16)
        wrapped.seek(0)
        delimiter, declared = _separator(sample, suffix)
        if declared:
            wrapped.readline()
            notes.append("首行 sep= 是分隔符声明，不计入行号")
        notes.append(f"分隔符 {_DELIMITER_NAMES.get(delimiter, delimiter)}")
        regular = None
        if not declared and size >= _LARGE:
            regular = _quickly(file, encoding, delimiter, sample, step)
            wrapped.seek(0)
        if regular:
            columns, n_rows = regular
        else:
            columns, n_rows, ragged = _slowly(wrapped, delimiter, step)
            if ragged:
                notes.append(f"有 {ragged} 行的列数与第一行不同，缺的作空白，多的照留")
    finally:
        wrapped.detach()
    if _has_special(file):
        columns = _unwrapped(columns, notes)
    _tell_damage(columns, encoding, notes)
    if not any(len(column.values) > 1 for column in columns):
        notes.append("没有任何内容")
    return RawSheet(shown, None, columns, n_rows, notes=notes)


def _quickly(
    file: BinaryIO,
    encoding: Encoding,
    delimiter: str,
    sample: str,
    step: Callable[[int], None] | None,
) -> tuple[list[RawColumn], int] | None:
    """Read a table whose rows are all as wide as the first, or return None."""
    from fupin_audit.read.arrowcsv import read_regular

    first = next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), [])
    if not 1 < len(first) <= _MAX_COLUMNS:
        return None
    file.seek(0)
    return read_regular(file, encoding.codec, delimiter, len(first), step)


def _slowly(
    text: io.TextIOWrapper, delimiter: str, step: Callable[[int], None] | None
) -> tuple[list[RawColumn], int, int]:
    """Read any table, row by row."""
    previous = csv.field_size_limit(FIELD_LIMIT)
    try:
        return _columns(csv.reader(text, delimiter=delimiter), step)
    except csv.Error as error:
        raise UnreadableFile(
            "文本表格的引号不配对，某个单元格长得不合情理", hint="请用 Excel 打开另存为 .xlsx"
        ) from error
    finally:
        csv.field_size_limit(previous)


def _separator(sample: str, suffix: str) -> tuple[str, bool]:
    """Return the separator, and whether the first line states it."""
    declared = re.match(r"sep=(.)\r?\n", sample, re.I)
    return (declared[1], True) if declared else (_delimiter(sample, suffix), False)


def _delimiter(sample: str, suffix: str) -> str:
    """Return the separator that splits most lines into the same number of cells."""
    lines = _QUOTED.sub("x", sample).splitlines()[:60]  # all quoted, only tabs would be left
    best, best_score = ("\t" if suffix.lower() == ".tsv" else ","), 0.0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines if line.strip()]
        counts = [number for number in counts if number]
        if not counts:
            continue
        usual = max(set(counts), key=lambda number: (counts.count(number), number))
        score = counts.count(usual) * (1 + min(usual, 50) / 50)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _columns(
    rows: Iterator[list[str]], step: Callable[[int], None] | None
) -> tuple[list[RawColumn], int, int]:
    """Encode the rows; return the columns, their length, and how many rows are
    of another width than the first that is not blank."""
    encoders: list[ColumnEncoder] = []
    usual = ragged = done = written = 0
    while chunk := list(islice(rows, _ROWS)):
        widths = set(map(len, chunk))
        width = max(widths)
        usual = usual or next((len(row) for row in chunk if row), 0)
        if widths != {usual}:
            written -= sum(width - len(row) for row in chunk)
            ragged += sum(0 < len(row) != usual for row in chunk)
            chunk = [row + [""] * (width - len(row)) for row in chunk]
        while len(encoders) < width:
            encoders.append(ColumnEncoder())
            encoders[-1].skip(done)
        done += len(chunk)
        written += sum(map(len, chunk))
        area = done * len(encoders)
        if width > _MAX_COLUMNS or area > min(_MAX_CELLS, max(DENSE, 4 * written)):
            raise UnreadableFile("行列数大得不合情理", hint="请确认文件完整、分隔符正确")
        for encoder, cells in zip(encoders, zip(*chunk, strict=True), strict=False):
            encoder.add(cells, mixed=False)
        for encoder in encoders[width:]:
            encoder.skip(len(chunk))
        if step:
            step(done)
    return [encoder.finish() for encoder in encoders], done, ragged


def _has_special(file: BinaryIO) -> bool:
    """Tell whether any cell may need a second look, in whatever encoding."""
    file.seek(0)
    blocks = iter(lambda: file.read(1 << 20), b"")
    return any(b"#" in block or b"\0" in block or b"=" in block for block in blocks)


def _unwrapped(columns: list[RawColumn], notes: list[str]) -> list[RawColumn]:
    """Undo `="…"`, see error values, and make NULs visible, per distinct value."""
    wrapped = nuls = 0

    def change(value: Cell) -> Cell:
        nonlocal wrapped, nuls
        text = str(value)
        if "\0" in text:
            nuls += 1
            text = text.replace("\0", "\ufffd")
        if text[0] == "=" and len(text) > 2 and text[1] == '"' == text[-1]:
            wrapped += 1
            text = text[2:-1].replace('""', '"')
        if text[:1] == "#" and text in _ERRORS:
            return CellError(text)
        return text or None

    done: list[RawColumn] = []
    for column in columns:
        texts = cast(list[str], column.values[1:])
        if any(text[0] in "=#" or "\0" in text for text in texts):
            column = replace_values(column, change)
        done.append(column)
    if wrapped:
        notes.append('单元格写成 ="…" 的，已去掉外壳')
    if nuls:
        notes.append(f"有 {nuls} 个值含 NUL 字节，显示为 \ufffd")
    return done


def _tell_damage(columns: list[RawColumn], encoding: Encoding, notes: list[str]) -> None:
    if encoding.broken:
        hurt = sum(
            isinstance(value, str) and "\ufffd" in value
            for column in columns
            for value in column.values
        )
        notes.append(f"有 {hurt} 个值含无法解码的字节，显示为 \ufffd")
