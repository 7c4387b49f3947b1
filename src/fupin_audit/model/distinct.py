"""The distinct ones of many texts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd


def distinct(
    texts: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.object_]]:
    """Number texts by first appearance: a number each, and the distinct ones.

    Takes half as long as a dict does.
    """
    # Given nothing but texts, pandas would compare them as bytes, in which not
    # every text can be written; with a None among them it asks Python.
    numbers, found = pd.factorize(np.append(texts, np.array([None], dtype=object)))
    return numbers[:-1].astype(np.int32), found
