"""Right citizen numbers one slip away from a wrong one.

The check makes each slip an equation of one unknown: of every place at most one
character makes the number right, so no more than a few dozen come into question.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fupin_audit.domain.citizen_id import CHECK_CHARACTERS, WEIGHTS, is_check_ok

SIZE = 18
_INVERSE = tuple(pow(w, -1, 11) for w in WEIGHTS)
_WEIGHT = (*WEIGHTS, -1)
"""Of the last place: the sum has to come to what its character stands for."""
_INVERSES = (*_INVERSE, -1)
_DIGITS = "0123456789"
_HOW = {
    "like": ("把形近的字母改成数字即正确", "Right once letters are read as digits"),
    "one": ("只改第 {} 位即通过校验", "Right once character {} is changed"),
    "swap": ("第 {} 位和后一位对调即通过校验", "Right once character {} and the next are swapped"),
    "out": ("第 {} 位漏了一个字，补上即通过校验", "Right once a character is put in at {}"),
    "many": ("第 {} 位多了一个字，去掉即通过校验", "Right once character {} is left out"),
}


class Slip(NamedTuple):
    """A right number, and how the one that was written differs from it."""

    number: str
    how: str
    place: int

    def told(self) -> tuple[str, str]:
        """Say the slip without saying the digits."""
        zh, en = _HOW[self.how]
        return zh.format(self.place), en.format(self.place)


def slips(number: str) -> Iterator[Slip]:
    """Yield right numbers one slip away: a character misread, two neighbours swapped,
    one left out, one too many."""
    match len(number) - SIZE:
        case 0:
            yield from _of_same_length(number)
        case -1:
            for i in range(SIZE):
                for one in _right(number[:i] + "?" + number[i:], i):
                    yield Slip(one, "out", i + 1)
        case 1:
            for i in range(SIZE + 1):
                one = number[:i] + number[i + 1 :]
                if is_check_ok(one):
                    yield Slip(one, "many", i + 1)


def _of_same_length(number: str) -> Iterator[Slip]:
    odd = [i for i, c in enumerate(number) if _value(i, c) is None]
    if odd:
        if len(odd) == 1:
            yield from (Slip(one, "one", odd[0] + 1) for one in _right(number, odd[0]))
        return
    values = [_value(i, c) or 0 for i, c in enumerate(number)]
    excess = sum(map(int.__mul__, values, _WEIGHT)) % 11
    if not excess:  # right as it stands: look-alikes have been read as digits
        yield Slip(number, "like", 0)
        return
    for i, value in enumerate(values):
        wanted = (value - excess * _INVERSES[i]) % 11
        if wanted < 10 or i == SIZE - 1:
            yield Slip(_put(number, i, wanted), "one", i + 1)
    for i in range(SIZE - 2):
        if (excess + (values[i + 1] - values[i]) * (_WEIGHT[i] - _WEIGHT[i + 1])) % 11 == 0:
            yield Slip(_swapped(number, i), "swap", i + 1)
    a, b = number[-2], number[-1]
    if b in _DIGITS and not (
        (excess + (int(b) - int(a)) * _WEIGHT[-2] + values[-1] - CHECK_CHARACTERS.index(a)) % 11
    ):
        yield Slip(_swapped(number, SIZE - 2), "swap", SIZE - 1)


def _right(number: str, at: int) -> Iterator[str]:
    """Yield the number with the character at a place that makes it right."""
    values = [0 if i == at else _value(i, c) for i, c in enumerate(number)]
    if None in values:
        return
    total = sum(v * w for v, w in zip(values, _WEIGHT, strict=True) if v is not None)
    wanted = -total * _INVERSES[at] % 11
    if wanted < 10 or at == SIZE - 1:
        yield _put(number, at, wanted)


def _value(at: int, character: str) -> int | None:
    """Return what a character counts in the sum; None if it has no business there."""
    if at == SIZE - 1:
        place = CHECK_CHARACTERS.find(character)
        return place if place >= 0 and character else None
    return int(character) if character in _DIGITS else None


def _put(number: str, at: int, value: int) -> str:
    character = CHECK_CHARACTERS[value] if at == SIZE - 1 else str(value)
    return number[:at] + character + number[at + 1 :]


def _swapped(number: str, at: int) -> str:
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
