"""Columns keep the order of their rows, whichever way they are encoded."""

from __future__ import annotations

import random

import pytest

from fupin_audit.read.encode import ColumnEncoder


@pytest.mark.parametrize("seed", range(8))
def test_numbers_and_texts_in_turn_stay_in_their_rows(seed: int) -> None:
    dice = random.Random(seed)
    encoder, written = ColumnEncoder(), []
    for chunk in range(40):
        cells: list[object] = [float(chunk * 256 + row) for row in range(256)]
        if dice.random() < 0.5:
            for row in dice.sample(range(1, 255), dice.randint(1, 40)):
                cells[row] = dice.choice(["", "无", f"文{chunk}-{row}"])
        written += cells
        encoder.add(tuple(cells), mixed=False)
    column = encoder.finish()
    assert [column[row] or "" for row in range(1, len(written))] == [c or "" for c in written[1:]]
