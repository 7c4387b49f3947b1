"""A candidate for the right value of a doubtful cell: shown, never applied by itself."""

from __future__ import annotations

from typing import Literal, NamedTuple

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
