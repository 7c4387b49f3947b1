"""The quick way through a large, regular text table.

pyarrow splits the text; a row of another width makes it stop, and the caller
then goes the slow way from the start. Both ways give the same cells.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import BinaryIO

import numpy as np

from fupin_audit.model.sheet import RawColumn
from fupin_audit.read.encode import ColumnEncoder

_BLOCK = 8 << 20


class _Utf8:
    """A file whose text is handed out as UTF-8, whatever it is written in."""

    closed = False

    def __init__(self, file: BinaryIO, codec: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self._held = b""

    def read(self, size: int = _BLOCK) -> bytes:
        """Return at most `size` bytes; none at the end."""
        while len(self._held) < size:
            block = self._file.read(_BLOCK)
            self._held += self._decoder.decode(block, not block).encode()
            if not block:
                break
        taken, self._held = self._held[:size], self._held[size:]
        return taken


def read_regular(
    file: BinaryIO,
    codec: str,
    delimiter: str,
    width: int,
    step: Callable[[int], None] | None,
) -> tuple[list[RawColumn], int] | None:
    """Read a table whose rows all have `width` cells.

    Args:
        file: The text, from its first row on.
        codec: Its encoding; bytes that do not decode become U+FFFD.
        delimiter: Between cells.
        width: Cells in the first row.
        step: Told the number of rows done, now and then.

    Returns:
        The columns and their length, or None when the text is not regular.
    """
    import pyarrow as pa
    from pyarrow import csv

    names = [str(number) for number in range(width)]
    encoders = [ColumnEncoder() for _ in names]
    done = 0
    try:
        with csv.open_csv(
            pa.PythonFile(_Utf8(file, codec), mode="r"),
            read_options=csv.ReadOptions(column_names=names, block_size=_BLOCK),
            parse_options=csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        ) as batches:
            for batch in batches:
                for encoder, column in zip(encoders, batch.columns, strict=True):
                    encoded = column.dictionary_encode()
                    codes = encoded.indices.to_numpy(zero_copy_only=False)
                    encoder.add_texts(encoded.dictionary.to_pylist(), codes.astype(np.int32))
                done += batch.num_rows
                if step:
                    step(done)
    except pa.ArrowInvalid:
        return None
    return [encoder.finish() for encoder in encoders], done
