"""What a workbook reckons of a number that is typed into it.

Only what Excel 2010, WPS and LibreOffice all know; no name of ours, no macro.
"""

from __future__ import annotations

_PLACES = "{" + ";".join(map(str, range(1, 18))) + "}"
_PLACES_IN_RULES = 'ROW(INDIRECT("A1:A17"))'
"""Rules on cells know no arrays, and `A1:A17` itself would grow with a new row."""


def id_sum(text: str, *, in_rule: bool = False) -> str:
    """Return the weighted sum of the first 17 digits (GB 11643), an error of others.

    Args:
        text: Expression of the number as text.
        in_rule: For conditional formats and validations, not for a cell.
    """
    places = _PLACES_IN_RULES if in_rule else _PLACES
    return f"SUMPRODUCT(MID({text},{places},1)*2^(18-{places}))"


def id_right(text: str, *, in_rule: bool = False) -> str:
    """Return the condition that the 18th character is right; an error of other text."""
    total = id_sum(text, in_rule=in_rule)
    return f'MID("10X98765432",MOD({total},11)+1,1)=UPPER(MID({text},18,1))'
