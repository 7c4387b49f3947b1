"""The values of one field, one per row of a table, as plain arrays.

What judges and reports works on these. A pandas frame of them is made for those
who ask for one: to load pandas takes longer than to judge a township.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Coded:
    """Texts and coded values.

    Attributes:
        codes: Per row, index into `texts`; -1 where there is none.
        texts: The distinct texts.
    """

    codes: npt.NDArray[np.signedinteger[Any]]
    texts: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: npt.NDArray[np.int64]) -> Coded:
        """Return the values at row numbers."""
        return Coded(self.codes[rows], self.texts)

    def listed(self) -> list[Any]:
        """Return the values as Python has them, None where there is none."""
        texts = [*self.texts.tolist(), None]
        return [texts[code] for code in self.codes.tolist()]

    def array(self) -> Any:
        """Return a pandas categorical."""
        import pandas as pd

        dtype = pd.CategoricalDtype(pd.Index(self.texts, dtype=object))
        return pd.Categorical.from_codes(self.codes, dtype=dtype, validate=False)


@dataclass(frozen=True, slots=True)
class Plain:
    """Numbers, months (yyyymm), years and days.

    Attributes:
        data: int64, float64, or datetime64[s] for days.
        known: Where there is a value.
    """

    data: npt.NDArray[Any]
    known: Mask

    def __len__(self) -> int:
        return len(self.data)

    def take(self, rows: npt.NDArray[np.int64]) -> Plain:
        """Return the values at row numbers."""
        return Plain(self.data[rows], self.known[rows])

    def listed(self) -> list[Any]:
        """Return the values as Python has them, None where there is none."""
        values, known = self.data.tolist(), self.known.tolist()
        return [value if there else None for value, there in zip(values, known, strict=True)]

    def array(self) -> Any:
        """Return a pandas array that can be missing."""
        import pandas as pd

        if self.data.dtype.kind == "M":
            return pd.array(self.data, dtype="datetime64[s]")
        whole = self.data.dtype.kind == "i"
        return (pd.arrays.IntegerArray if whole else pd.arrays.FloatingArray)(
            self.data, ~self.known
        )


Values = Coded | Plain


def coded(codes: npt.NDArray[np.int32], texts: npt.NDArray[np.object_]) -> Coded:
    """Hold codes in as few bytes as their texts need: registers have few distinct."""
    for small in (np.int8, np.int16):
        if len(texts) <= np.iinfo(small).max:
            return Coded(codes.astype(small), texts)
    return Coded(codes, texts)


def frame_of(columns: dict[str, Values], rows: int) -> pd.DataFrame:
    """Return columns as a frame with a RangeIndex."""
    import pandas as pd

    arrays = {name: values.array() for name, values in columns.items()}
    return pd.DataFrame(arrays, index=pd.RangeIndex(rows), copy=False)
