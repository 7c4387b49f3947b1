"""The distinct ones of many values, numbered by first appearance."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

MANY = 300_000
"""Values from which pandas, which takes half as long, is worth its loading."""


def distinct(
    texts: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.object_]]:
    """Number texts: a number each, and the distinct ones."""
    if len(texts) < MANY:
        listed = texts.tolist()
        found = dict.fromkeys(listed)
        if len(found) == len(listed):
            return np.arange(len(listed), dtype=np.int32), texts
        numbers = dict(zip(found, range(len(found)), strict=True))
        codes = np.fromiter(map(numbers.__getitem__, listed), np.int32, len(listed))
        return codes, np.fromiter(found, object, len(found))
    import pandas as pd

    # Given nothing but texts, pandas would compare them as bytes, in which not
    # every text can be written; with a None among them it asks Python.
    many, kept = pd.factorize(np.append(texts, np.array([None], dtype=object)))
    return many[:-1].astype(np.int32), kept


def distinct_numbers(
    numbers: npt.NDArray[Any],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """Number numbers: a number each, and the distinct ones."""
    if len(numbers) < MANY:
        found, first, which = np.unique(numbers, return_index=True, return_inverse=True)
        order = np.argsort(first)
        places = np.empty(len(order), dtype=np.int64)
        places[order] = np.arange(len(order))
        return places[which.reshape(-1)], found[order]
    import pandas as pd

    codes, kept = pd.factorize(numbers, use_na_sentinel=False)
    return codes.astype(np.int64), np.asarray(kept)
