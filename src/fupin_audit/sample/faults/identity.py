"""Faults in id numbers, names and what must agree with them."""

from __future__ import annotations

from fupin_audit.domain.citizen_id import check_character
from fupin_audit.sample.county import Row
from fupin_audit.sample.faults.build import idle
from fupin_audit.sample.faults.host import Host, Kind

_ID = "证件号码"


def _number(row: Row) -> str:
    return str(row[_ID])


def _plain(row: Row) -> bool:
    return len(_number(row)) == 18 and row["与户主关系"] != "户主"


def _digits(row: Row) -> bool:
    return _plain(row) and _number(row).isdigit()


def _check_digit(host: Host) -> bool:
    person = host.one(_plain)
    if person is None:
        return False
    number = _number(person)
    wrong = "0123456789X"[("0123456789X".index(number[-1]) + 3) % 11]
    host.put(person, _ID, number[:-1] + wrong)
    host.expect("ID004", person)
    return True


def _stored_as_number(host: Host) -> bool:
    person = host.one(_digits)
    if person is None:
        return False
    host.put(person, _ID, int(_number(person)))
    host.expect("ID101", person)
    return True


def _fifteen_digits(host: Host) -> bool:
    person = host.one(lambda m: _plain(m) and _number(m)[6:8] == "19")
    if person is None:
        return False
    host.put(person, _ID, _number(person)[:6] + _number(person)[8:17])
    host.expect("ID102", person)
    return True


def _letter(host: Host) -> bool:
    person = host.one(lambda m: _plain(m) and "0" in _number(m)[8:14])
    if person is None:
        return False
    number = _number(person)
    at = number.index("0", 8)
    host.put(person, _ID, number[:at] + "O" + number[at + 1 :])
    host.expect("ID103", person)
    return True


def _too_short(host: Host) -> bool:
    person = host.one(_plain)
    if person is None:
        return False
    host.put(person, _ID, _number(person)[:13] + _number(person)[14:])
    host.expect("ID003", person)
    return True


def _blank(host: Host) -> bool:
    person = host.one(_plain)
    if person is None:
        return False
    host.put(person, _ID, None)
    host.expect("ID006", person)
    return True


def _placeholder(host: Host) -> bool:
    person = host.one(_plain)
    if person is None:
        return False
    first17 = "999999" + _number(person)[6:17]
    host.put(person, _ID, first17 + check_character(first17))
    host.expect("ID006", person)
    return True


def _no_such_region(host: Host) -> bool:
    person = host.one(_plain)
    if person is None:
        return False
    first17 = "619987" + _number(person)[6:17]
    host.put(person, _ID, first17 + check_character(first17))
    host.expect("ID104", person)
    return True


def _card_kind(host: Host) -> bool:
    person = host.one(lambda m: len(_number(m)) == 20 and m["与户主关系"] != "户主")
    if person is None:
        return False
    host.put(person, _ID, _number(person)[:18] + "8" + _number(person)[19:])
    host.expect("ID005", person)
    return True


def _duplicate(host: Host) -> bool:
    """Two wives of nearly one age, both at home, get one number."""

    def wife(h: Host) -> Row | None:
        found = h.relative("配偶")
        if found is None or len(_number(found)) != 18 or not 25 <= h.age(found) <= 55:
            return None
        return found if found["劳动技能"] == "普通劳动力" and idle(found) else None

    person = wife(host)
    if person is None:
        return False
    age = host.age(person)

    def near(other: Host) -> bool:
        found = wife(other)
        return found is not None and abs(other.age(found) - age) <= 4

    other = host.partner(near)
    twin = wife(other) if other else None
    if other is None or twin is None:
        return False
    host.put(person, _ID, twin[_ID])
    host.put(person, "出生日期", twin["出生日期"])
    rule = "ID002" if host.watched or other.watched else "ID001"
    host.expect(rule, person)
    host.expect(rule, twin)
    return True


def _birth(host: Host) -> bool:
    person = host.one(lambda m: _plain(m) and 5 <= int(_number(m)[12:14]) <= 20)
    if person is None or _number(person)[10:12] in ("08", "09"):
        return False
    born = str(person["出生日期"])
    host.put(person, "出生日期", f"{born[:6]}{int(born[6:]) + 3:02d}")
    host.expect("ID007", person)
    return True


def _sex_of_lone_head(host: Host) -> bool:
    if len(host.members) > 1:
        return False
    host.put(host.head, "性别", "女" if host.head["性别"] == "男" else "男")
    host.expect("ID008", host.head)
    return True


def _sex_of_child(host: Host) -> bool:
    person = host.relative("之子", "之女")
    if person is None:
        return False
    host.put(person, "性别", "女" if person["性别"] == "男" else "男")
    host.expect("ID008", person)
    return True


def _odd_name(host: Host) -> bool:
    person = host.one(lambda m: m["与户主关系"] != "户主")
    if person is None:
        return False
    host.put(person, "姓名", f"{str(person['姓名'])[0]}2")
    host.expect("ID009", person)
    return True


def _no_ethnicity(host: Host) -> bool:
    person = host.one(lambda m: True)
    if person is None:
        return False
    host.put(person, "民族", None)
    host.expect("ID010", person)
    return True


KINDS = (
    Kind("id-check-digit", "ID004", (_ID,), _check_digit),
    Kind("id-stored-as-number", "ID101", (_ID,), _stored_as_number, only=("households",)),
    Kind("id-fifteen-digits", "ID102", (_ID,), _fifteen_digits),
    Kind("id-letter-for-digit", "ID103", (_ID,), _letter),
    Kind("id-too-short", "ID003", (_ID,), _too_short),
    Kind("id-blank", "ID006", (_ID,), _blank),
    Kind("id-placeholder", "ID006", (_ID,), _placeholder),
    Kind("id-no-such-region", "ID104", (_ID,), _no_such_region),
    Kind("id-card-kind", "ID005", (_ID,), _card_kind),
    Kind("id-twice", "ID001", (_ID,), _duplicate),
    Kind("birth-against-id", "ID007", (_ID, "出生日期"), _birth),
    Kind("sex-against-id", "ID008", (_ID, "性别"), _sex_of_lone_head),
    Kind("sex-of-child", "ID008", (_ID, "性别"), _sex_of_child),
    Kind("odd-name", "ID009", ("姓名",), _odd_name),
    Kind("ethnicity-blank", "ID010", ("民族",), _no_ethnicity),
)
