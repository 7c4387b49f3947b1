"""The 18-character citizen number of GB 11643, and its 15-digit forerunner.

Characters 1–6 are the division of first registration, 7–14 the day of birth,
15–17 a serial whose last digit is odd for men, 18 a check character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal

import numpy as np
import numpy.typing as npt

from fupin_audit.domain.dates import real_days

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
LAID_OUT = 22
"""Characters that are laid out of a number: of the longest disability card, all."""

_ZERO = 48
_CHECK_CODES = np.array([ord(c) - _ZERO for c in CHECK_CHARACTERS], dtype=np.uint8)
_WEIGHTS = np.array(WEIGHTS, dtype=np.uint16)  # a hundred in all: no sum outgrows it
_TENS = np.array([1000, 100, 10, 1], dtype=np.int32)

Form = Literal["blank", "characters", "old", "length", "card", "resident"]

# A reissued disability card ends in a letter and a digit (B1, B2 …).
_LEGAL = re.compile(r"\d+|\d{17}X|\d{17}[\dX]\d{2}([A-Z]?\d|[A-Z])?")


def form(number: str) -> Form:
    """Tell what a cleaned number is by its characters and length alone.

    `characters` stands before every length: what holds a stray character is
    judged by nothing else.
    """
    if not number:
        return "blank"
    if not (number.isascii() and _LEGAL.fullmatch(number)):
        return "characters"
    match len(number):
        case 15:
            return "old"
        case 18:
            return "resident"
        case 20 | 22:
            return "card"
        case _:
            return "length"


def check_character(first17: str) -> str:
    """Return the check character that belongs after 17 digits."""
    return CHECK_CHARACTERS[sum(map(mul, map(int, first17), WEIGHTS)) % 11]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Many numbers, laid out once for all that is asked of them.

    Attributes:
        digits: The first `LAID_OUT` characters, a row per number, as their distance
            from "0": what is no digit is above nine.
        lengths: Characters per number.
    """

    digits: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.int64]


def laid_out(
    numbers: Sequence[str] | Numbers, lengths: npt.NDArray[np.int64] | None = None
) -> Numbers:
    """Return many numbers side by side; those that are already, as they are.

    Args:
        lengths: Characters per number, where they have been counted.
    """
    if isinstance(numbers, Numbers):
        return numbers
    size = len(numbers)
    letters = np.array(numbers, dtype=f"U{LAID_OUT}").view(np.uint32)
    letters = letters.reshape(size, LAID_OUT if size else 0)
    # In a byte what stands below "0" wraps to the top, and so does what is no ASCII.
    digits = np.minimum(letters, 255).astype(np.uint8) - np.uint8(_ZERO)
    if lengths is None:
        lengths = np.fromiter(map(len, numbers), np.int64, size)
    return Numbers(digits if size else np.zeros((0, LAID_OUT), np.uint8), lengths)


def check_ok(numbers: Sequence[str] | Numbers) -> npt.NDArray[np.bool_]:
    """Tell for each number whether characters 1–18 are a right citizen number.

    Only form and check character count, not the day of birth or the division.
    Shorter numbers and stray characters are False.
    """
    digits = laid_out(numbers).digits
    first, last = digits[:, :17], digits[:, 17]
    right = _CHECK_CODES[first.astype(np.uint16) @ _WEIGHTS % 11]
    return np.asarray((first <= 9).all(axis=1) & (last == right))


def is_check_ok(number: str) -> bool:
    """Tell whether characters 1–18 are a right citizen number."""
    first, last = number[:17], number[17:18]
    if len(first) < 17 or not (first.isascii() and first.isdigit()):
        return False
    return check_character(first) == last


def birth_days(numbers: Sequence[str] | Numbers) -> npt.NDArray[np.datetime64]:
    """Return the day of birth of each number, NaT where it is no real day.

    What `birth_date` says of one number, for many at once.
    """
    numbers = laid_out(numbers)
    digits, length = numbers.digits, numbers.lengths
    old = length == 15
    written = digits[:, 6:14].astype(np.int32)
    written[old, :2] = 1, 9
    written[old, 2:] = digits[old, 6:12]
    real = (old | (length >= 18)) & (written <= 9).all(axis=1)
    year, month, day = (written[:, a:b] @ _TENS[a - b :] for a, b in ((0, 4), (4, 6), (6, 8)))
    real &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(real, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    found = months.astype("datetime64[D]") + np.where(real, day - 1, 0).astype("timedelta64[D]")
    real &= found.astype("datetime64[M]") == months
    return np.where(real, found, np.datetime64("NaT"))


def birth_date(number: str) -> date | None:
    """Return the day in characters 7–14 (7–12 of 15, then of 19yy).

    None when they are no real day, or the number is neither 15 nor at least 18
    long. The year is not judged: 1800 and 2099 are days too.
    """
    if len(number) == 15:
        part = "19" + number[6:12]
    elif len(number) >= 18:
        part = number[6:14]
    else:
        return None
    if not (part.isascii() and part.isdigit()):
        return None
    return real_days(int(part[:4]), int(part[4:6]), int(part[6:]))


def sexes(numbers: Sequence[str] | Numbers) -> npt.NDArray[np.int8]:
    """Return 1 for 男, 2 for 女 and 0 for neither: `sex` for many at once."""
    numbers = laid_out(numbers)
    digits, length = numbers.digits, numbers.lengths
    digit = np.where(length == 15, digits[:, 14], digits[:, 16])
    known = ((length == 15) | (length >= 18)) & (digit <= 9)
    return np.where(known, 2 - digit % 2, 0).astype(np.int8)


def sex(number: str) -> str | None:
    """Return 男 or 女 by character 17 (15 of 15), None if that is no digit."""
    digit = number[14] if len(number) == 15 else number[16] if len(number) >= 18 else ""
    if not (digit.isascii() and digit.isdigit()):
        return None
    return "男" if int(digit) % 2 else "女"


def to_18(number: str) -> str | None:
    """Return the 18-character candidate of a 15-digit number: to be verified
    with the person's document, never put in its place unasked."""
    if len(number) != 15 or not (number.isascii() and number.isdigit()):
        return None
    first17 = f"{number[:6]}19{number[6:]}"
    return first17 + check_character(first17)
