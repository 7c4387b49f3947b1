"""The disability card: a citizen number, a kind, a grade, perhaps a suffix."""

from __future__ import annotations

from fupin_audit.domain.citizen_id import is_check_ok

LENGTHS = (20, 22)
SHORTEST = min(LENGTHS)
KIND_AT, GRADE_AT = 18, 19
"""Where the kind and the grade stand, counted from nought."""

KINDS = {
    1: "视力残疾", 2: "听力残疾", 3: "言语残疾", 4: "肢体残疾",
    5: "智力残疾", 6: "精神残疾", 7: "多重残疾",
}  # fmt: skip
GRADES = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


def kind(number: str) -> int | None:
    """Return character 19 as a number; None if there is none or no digit."""
    return _digit(number, KIND_AT)


def grade(number: str) -> int | None:
    """Return character 20 as a number; None if there is none or no digit."""
    return _digit(number, GRADE_AT)


def is_ok(number: str) -> bool:
    """Tell whether this is a card: right length, citizen number, kind, grade."""
    return (
        len(number) in LENGTHS
        and is_check_ok(number)
        and kind(number) in KINDS
        and grade(number) in GRADES
    )


def _digit(number: str, at: int) -> int | None:
    if len(number) < SHORTEST:
        return None
    character = number[at]
    return int(character) if character.isascii() and character.isdigit() else None
