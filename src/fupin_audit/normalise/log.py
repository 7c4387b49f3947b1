"""The law of the cleaning log: raw + log = clean, and back."""

from __future__ import annotations

from collections.abc import Iterator

from fupin_audit.model.dataset import Dataset, written

Place = tuple[int, int, int]
"""(sheet, zero-based row, zero-based column)."""


def raw_texts(dataset: Dataset) -> dict[Place, str]:
    """Return what every bound data cell holds, as a person would see it."""
    return {
        (number, int(row), column): written(sheet.raw.columns[column][int(row)])
        for number, sheet in enumerate(dataset.sheets)
        for column in _columns(dataset, number)
        for row in sheet.rows
    }


def clean_texts(dataset: Dataset) -> dict[Place, str]:
    """Return the raw texts with every logged change made."""
    return apply_log(dataset, raw_texts(dataset))


def apply_log(dataset: Dataset, texts: dict[Place, str]) -> dict[Place, str]:
    """Make the logged changes.

    Raises:
        ValueError: A cell does not hold what the log says it held.
    """
    return _changed(dataset, texts, forward=True)


def undo_log(dataset: Dataset, texts: dict[Place, str]) -> dict[Place, str]:
    """Take the logged changes back.

    Raises:
        ValueError: A cell does not hold what the log says it came to hold.
    """
    return _changed(dataset, texts, forward=False)


def _changed(dataset: Dataset, texts: dict[Place, str], *, forward: bool) -> dict[Place, str]:
    result = dict(texts)
    for place, before, after in _entries(dataset):
        old, new = (before, after) if forward else (after, before)
        if result[place] != old:
            sheet, row, column = place
            raise ValueError(f"log does not fit sheet {sheet}, row {row}, column {column}")
        result[place] = new
    return result


def _entries(dataset: Dataset) -> Iterator[tuple[Place, str, str]]:
    for block in dataset.log.blocks:
        for row, which in zip(block.rows.tolist(), block.which.tolist(), strict=True):
            yield (block.sheet, row, block.column), block.before[which], block.after[which]


def _columns(dataset: Dataset, number: int) -> list[int]:
    sheet = dataset.sheets[number]
    bound = {m.column for m in (*sheet.matches.values(), *sheet.last_year.values())}
    return sorted(c for c in bound if c >= 0)
