"""Correct values of a parquet table; its schema stays."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from fupin_audit.corrections.patch.change import (
    Change,
    Outcome,
    Refused,
    no_such_cell,
    no_such_sheet,
)
from fupin_audit.model.sheet import Cell
from fupin_audit.read.guards import damaged, too_large


def write_parquet(source: Path, aside: Path, changes: list[Change], limit: int) -> Outcome:
    """Write the table with the changes, each as its column's type.

    Row 0 is the heading, as on reading.

    Raises:
        InputError: The table cannot be read, or a changed cell is not in it.
    """
    import pyarrow as pa
    from pyarrow import parquet

    by_column: dict[int, list[Change]] = {}
    for change in changes:
        if change.sheet is not None:
            raise no_such_sheet(source, change.sheet)
        by_column.setdefault(change.column, []).append(change)
    done: list[Change] = []
    refused: list[Refused] = []
    try:
        with parquet.ParquetFile(source) as file:
            about = file.metadata
            groups = [about.row_group(i) for i in range(about.num_row_groups)]
            if sum(group.total_byte_size for group in groups) > limit:
                raise too_large(limit)
            table = file.read()
        for index, own in by_column.items():
            if index >= table.num_columns:
                raise no_such_cell(source, own[0])
            field, column = table.schema.field(index), table.column(index)
            new: dict[int, Any] = {}
            for change in own:
                if change.row > table.num_rows:
                    raise no_such_cell(source, change)
                value, why = _as(change.value, field) if change.row else (None, "是列名，不能改")
                if why:
                    refused.append(Refused(change, why))
                else:
                    new[change.row - 1] = value
                    done.append(change)
            if new:
                table = table.set_column(index, field, _replaced(column, new))
        rows = max((group.num_rows for group in groups), default=1)
        squeezed = groups[0].column(0).compression.lower() if groups else "snappy"
        squeezed = "none" if squeezed == "uncompressed" else squeezed
        parquet.write_table(table, aside, row_group_size=max(rows, 1), compression=squeezed)
    except pa.ArrowException as error:
        raise damaged("Parquet 读不出") from error
    return Outcome(tuple(done), tuple(done), (), tuple(refused))


def _replaced(column: Any, new: dict[int, Any]) -> Any:
    """Return the column with some values replaced; the chunks stay as they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    chunks, start = [], 0
    for chunk in column.chunks:
        mine = {at - start: v for at, v in new.items() if start <= at < start + len(chunk)}
        if mine:
            values = chunk.cast(plain) if plain is not kind else chunk
            order = sorted(mine)
            mask = [False] * len(chunk)
            for at in order:
                mask[at] = True
            given = pa.array([mine[at] for at in order], plain)
            values = pc.replace_with_mask(values, pa.array(mask), given)
            chunk = values.dictionary_encode() if plain is not kind else values
            chunk = chunk.cast(kind) if chunk.type != kind else chunk
        chunks.append(chunk)
        start += len(column.chunks[len(chunks) - 1])
    return pa.chunked_array(chunks, kind)


def _as(value: Cell, field: Any) -> tuple[Any, str]:
    """Return the value as the column's type, or why it cannot be."""
    import pyarrow as pa

    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    wrong = f"这一列只能存 {kind}，新值放不进去"
    if value is None or value == "":
        return None, "" if field.nullable else "这一列不许为空"
    text = isinstance(value, str)
    try:
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            if isinstance(value, bool) or not isinstance(value, str | int | float | date):
                return None, wrong
            shown = value.isoformat() if isinstance(value, date) else str(value)
            whole = isinstance(value, float) and value.is_integer()
            return str(int(value)) if whole else shown, ""  # type: ignore[arg-type]
        if pa.types.is_boolean(kind):
            return (value, "") if isinstance(value, bool) else (None, wrong)
        if isinstance(value, bool):
            return None, wrong
        if pa.types.is_integer(kind):
            number = int(value) if text else value  # type: ignore[arg-type]
            if not isinstance(number, int | float) or int(number) != number:
                return None, wrong
            return pa.scalar(int(number), kind).as_py(), ""
        if pa.types.is_floating(kind):
            return pa.scalar(float(value), kind).as_py(), ""  # type: ignore[arg-type]
        if pa.types.is_decimal(kind):
            return pa.scalar(str(value), pa.string()).cast(kind).as_py(), ""
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            moment = datetime.fromisoformat(value) if isinstance(value, str) else value
            return pa.scalar(moment, kind).as_py(), ""
    except (ValueError, TypeError, OverflowError, pa.ArrowException):
        return None, wrong
    return None, wrong
