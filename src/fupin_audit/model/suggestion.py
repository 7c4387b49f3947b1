"""A candidate for the right value of a doubtful cell: shown, never applied by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Confidence = Literal["safe", "unsafe"]
"""safe    follows by arithmetic or identity alone and changes nothing else
unsafe  probable; a person decides"""


class Suggestion(NamedTuple):
    """What a cell might rightly hold.

    Attributes:
        field: The field to change; one of those the finding blames, if it can be.
        value: As a clerk would type it into the field's cell; unmasked.
        confidence: See `Confidence`.
        why: Chinese and English, without personal values.
    """

    field: str
    value: str
    confidence: Confidence
    why: tuple[str, str]


class Input(NamedTuple):
    """A field that an expression rests on: `rows[i]` of `table` is what hit
    `of[i]` looked at."""

    table: str
    field: str
    rows: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]

    def only(self, keep: npt.NDArray[np.bool_]) -> Input:
        """Return what some of the hits rest on."""
        here = keep[self.of]
        return self._replace(rows=self.rows[here], of=(np.cumsum(keep) - 1)[self.of[here]])


@dataclass(slots=True)
class Offer:
    """What one entry of a rule's `suggest` comes to, per hit, before anything
    else that was found is looked at.

    Attributes:
        allowed: Where its `when` holds.
        values: The value as a clerk would type it, None where there is none.
        gap: For finders of a slip in a sum: what should be zero; NaN unknown.
        weights: By how much the gap grows when a field grows by one.
        inputs: What a safe entry rests on.
    """

    allowed: npt.NDArray[np.bool_]
    values: list[str | None]
    gap: npt.NDArray[np.float64] | None = None
    weights: dict[str, float] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)

    def only(self, keep: npt.NDArray[np.bool_]) -> Offer:
        """Return the offer for some of the hits: `keep` is a mask over them."""
        at = np.flatnonzero(keep).tolist()
        gap = None if self.gap is None else self.gap[keep]
        inputs = [one.only(keep) for one in self.inputs]
        values = [self.values[i] for i in at]
        return Offer(self.allowed[keep], values, gap, self.weights, inputs)
