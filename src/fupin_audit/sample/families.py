"""Who lives together: relations, ages, sexes and surnames that agree.

A child is at least twenty years younger than the head and a wife of the head at
least twenty-one; parents are at least twenty-one years older than the head.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fupin_audit.sample.draw import Draw
from fupin_audit.sample.people import SURNAMES


@dataclass(slots=True)
class Person:
    """One person before work, health and money are added.

    `age` counts full years at the register's day, `school_age` full years on 1
    September of the school year that contains it.
    """

    relation: str
    male: bool
    birth: date
    age: int
    school_age: int
    surname: str


KINDS = (
    ("couple", 44.0),
    ("generations", 16.0),
    ("elders", 14.0),
    ("elder", 8.0),
    ("single", 8.0),
    ("mother", 10.0),
)


def make_family(draw: Draw, as_of: date) -> list[Person]:
    """Return a family, the head first."""
    kind = draw.weighted(KINDS)
    return _BUILDERS[kind](draw, as_of)


def _person(draw: Draw, as_of: date, relation: str, male: bool, age: int, surname: str) -> Person:
    latest = _years_back(as_of, age)
    birth = latest - timedelta(days=draw.whole(0, 364))
    september = date(as_of.year if as_of.month >= 9 else as_of.year - 1, 9, 1)
    return Person(relation, male, birth, _age(birth, as_of), _age(birth, september), surname)


def _years_back(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _children(draw: Draw, as_of: date, oldest: int, surname: str, most: int) -> list[Person]:
    """Return up to `most` unmarried children, the eldest at most `oldest`."""
    out: list[Person] = []
    age = min(oldest, 23)
    for _ in range(draw.whole(1, most)):
        age -= draw.whole(2, 4) if out else draw.whole(0, 9)
        if age < 1:
            break
        male = draw.chance(0.52)
        out.append(_person(draw, as_of, "之子" if male else "之女", male, age, surname))
    return out


def _parents(draw: Draw, as_of: date, head_age: int, surname: str) -> list[Person]:
    age = max(head_age + draw.whole(21, 30), 60)
    if age > 86:
        return []
    out = []
    if draw.chance(0.6):
        out.append(_person(draw, as_of, "之父", True, age, surname))
    if draw.chance(0.8):
        mother = max(head_age + 21, age - draw.whole(0, 4), 60)
        out.append(_person(draw, as_of, "之母", False, mother, draw.pick(SURNAMES)))
    return out


def _couple(draw: Draw, as_of: date) -> list[Person]:
    surname = draw.pick(SURNAMES)
    age = draw.whole(28, 56)
    wife = max(24, age - draw.whole(0, 5))
    people = [
        _person(draw, as_of, "户主", True, age, surname),
        _person(draw, as_of, "配偶", False, wife, draw.pick(SURNAMES)),
    ]
    people += _children(draw, as_of, wife - 22, surname, 3)
    if draw.chance(0.45):
        people += _parents(draw, as_of, age, surname)
    return people


def _generations(draw: Draw, as_of: date) -> list[Person]:
    surname = draw.pick(SURNAMES)
    age = draw.whole(52, 66)
    wife = age - draw.whole(0, 4)
    son = min(wife - 21, draw.whole(26, 34))
    people = [
        _person(draw, as_of, "户主", True, age, surname),
        _person(draw, as_of, "配偶", False, wife, draw.pick(SURNAMES)),
        _person(draw, as_of, "之子", True, son, surname),
        _person(draw, as_of, "之儿媳", False, max(24, son - draw.whole(0, 3)), draw.pick(SURNAMES)),
    ]
    for child in _children(draw, as_of, son - 23, surname, 2):
        child.relation = "之孙子" if child.male else "之孙女"
        people.append(child)
    return people


def _elders(draw: Draw, as_of: date) -> list[Person]:
    age = draw.whole(63, 82)
    return [
        _person(draw, as_of, "户主", True, age, draw.pick(SURNAMES)),
        _person(draw, as_of, "配偶", False, max(61, age - draw.whole(0, 4)), draw.pick(SURNAMES)),
    ]


def _elder(draw: Draw, as_of: date) -> list[Person]:
    male = draw.chance(0.6)
    return [_person(draw, as_of, "户主", male, draw.whole(62, 85), draw.pick(SURNAMES))]


def _single(draw: Draw, as_of: date) -> list[Person]:
    return [_person(draw, as_of, "户主", True, draw.whole(28, 57), draw.pick(SURNAMES))]


def _mother(draw: Draw, as_of: date) -> list[Person]:
    age = draw.whole(30, 50)
    head = _person(draw, as_of, "户主", False, age, draw.pick(SURNAMES))
    return [head, *_children(draw, as_of, age - 22, draw.pick(SURNAMES), 2)]


_BUILDERS = {
    "couple": _couple,
    "generations": _generations,
    "elders": _elders,
    "elder": _elder,
    "single": _single,
    "mother": _mother,
}
