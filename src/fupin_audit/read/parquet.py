"""Parquet → one raw sheet whose first row holds the column names."""

from __future__ import annotations

import decimal
from datetime import datetime
from typing import Any, BinaryIO

import numpy as np

from fupin_audit.model.sheet import Cell, RawColumn, RawSheet
from fupin_audit.read.guards import damaged, too_large

_EXACT_DIGITS = 15
_MAX_CELLS = 200_000_000


def read_parquet(file: BinaryIO, shown: str, limit: int) -> RawSheet:
    """Read a parquet file; values keep their type.

    Raises:
        TooLarge: The columns unpack to more than `limit` bytes.
        UnreadableFile: The file is damaged.
    """
    import pyarrow as pa
    from pyarrow import parquet

    notes = ["Parquet 没有标题行，第 1 行是列名，数据从第 2 行起"]
    try:
        source = parquet.ParquetFile(file)
        described = source.metadata
        groups = (described.row_group(i) for i in range(described.num_row_groups))
        unpacked = sum(group.total_byte_size for group in groups)
        cells = described.num_rows * described.num_columns
        if unpacked > limit or cells > _MAX_CELLS:
            raise too_large(limit)
        names = [str(name) for name in source.schema_arrow.names]
        columns = [
            _column(name, _read_column(source, index), notes) for index, name in enumerate(names)
        ]
    except (pa.ArrowException, OSError, OverflowError) as error:
        raise damaged("Parquet 读不出") from error
    n_rows = 1 + described.num_rows
    return RawSheet(shown, None, columns, n_rows, notes=notes)


def _read_column(source: Any, index: int) -> Any:
    """Return one top-level column, told by position: names may repeat."""
    import pyarrow as pa

    field = source.schema_arrow.field(index)
    leaves = [
        leaf
        for leaf in range(len(source.schema))
        if source.schema.column(leaf).path.split(".")[0] == field.name
    ]
    if source.schema_arrow.names.count(field.name) > 1 or not leaves:
        return source.read().column(index)
    table = source.read(columns=[source.schema.column(leaf).path for leaf in leaves])
    column = table.column(0)
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _column(name: str, column: Any, notes: list[str]) -> RawColumn:
    import pyarrow as pa

    if pa.types.is_nested(column.type) or pa.types.is_null(column.type):
        distinct, codes = _by_hand(column.to_pylist())
        if pa.types.is_nested(column.type):
            notes.append(f"列“{name}”是嵌套类型，已写成文字")
    else:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_timestamp(column.type) or pa.types.is_duration(column.type):
            # Nanoseconds would come back as pandas objects.
            micro = pa.duration("us")
            if pa.types.is_timestamp(column.type):
                micro = pa.timestamp("us", column.type.tz)
            column = column.cast(micro, safe=False)
        encoded = column.dictionary_encode().unify_dictionaries().combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.chunk(0) if encoded.num_chunks else encoded.type.wrap_array([])
        distinct = encoded.dictionary.to_pylist()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    header: list[Cell] = [None, name or None]
    index: dict[Any, int] = {}
    table = np.zeros(len(distinct) + 1, dtype=np.int32)
    for at, value in enumerate(distinct):
        cell = _cell(value)
        if cell is not None:
            table[at] = index.setdefault((type(cell), cell), len(index) + 2)
    full = np.empty(len(codes) + 1, dtype=np.int32)
    full[0] = 1 if name else 0
    full[1:] = table[codes]  # -1, a null, takes the last entry: 0
    return RawColumn(full, header + [key[1] for key in index])


def _by_hand(values: list[Any]) -> tuple[list[Any], Any]:
    index: dict[str, int] = {}
    codes = [-1 if v is None else index.setdefault(_words(v), len(index)) for v in values]
    return list(index), np.asarray(codes, dtype=np.int64)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join("" if item is None else str(item) for item in value)
    return str(value)


def _cell(value: Any) -> Cell:
    """Return the cell for an Arrow scalar, without losing a digit."""
    if value is None or value == "" or value != value:
        return None
    if isinstance(value, decimal.Decimal):
        whole = value == value.to_integral_value()
        if whole and -value.as_tuple().exponent <= 0:  # type: ignore[operator]
            return int(value)
        digits = len(value.as_tuple().digits)
        return float(value) if digits <= _EXACT_DIGITS else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value  # type: ignore[no-any-return]
