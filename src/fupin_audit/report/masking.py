"""Personal values made fit to be shown: enough to recognise, never the whole.

Three policies:
    masked  names, ids, phones, accounts and other personal text are masked;
            for the console, json, csv and logs.
    named   as `masked`, but names stand in full: a township clerk must find
            the person on the list. For the workbook and the annotated copy.
    open    nothing is masked (`--reveal`).

Register numbers (户编号, 人口编号) are not masked, unless one is a person's id.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from fupin_audit.domain.citizen_id import birth_date, is_check_ok

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack
    from fupin_audit.packs.shapes import Field

Policy = Literal["masked", "named", "open"]
Masker = Callable[[str, str, str], str]
"""(table, field, text) → text fit to be shown."""

_BY_NATURE = ("name", "id_number", "phone", "account")
_REGISTER_ROLES = ("household_key", "person_key")
_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])\d{17,21}[0-9Xx](?![0-9A-Za-z])")
_ERROR_VALUE = re.compile(r"#[A-Z0-9/!?]+|公式无结果")
_ELEVEN_DIGITS = re.compile(r"\d{11}")
_PHONE_IN_TEXT = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def mask_name(text: str) -> str:
    """Keep the first character: 张三 → 张*, 欧阳小明 → 欧***."""
    text = text.strip()
    if len(text) < 2:
        return "*" * len(text)
    return text[0] + "*" * min(len(text) - 1, 3)


def mask_id(text: str) -> str:
    """Keep division and serial: 611002********0012; less of a shorter one."""
    text = text.strip()
    size = len(text)
    if size >= 15:
        return text[:6] + "*" * (size - 10) + text[-4:]
    keep = size // 4 if size >= 8 else 0
    return text[:keep] + "*" * (size - 2 * keep) + text[size - keep :]


def mask_phone(text: str) -> str:
    """Keep both ends of a full number: 138****1234; less of a shorter one."""
    text = text.strip()
    size = len(text)
    if size >= 11:
        return text[:3] + "*" * (size - 7) + text[-4:]
    keep = 2 if size >= 7 else 0
    return "*" * (size - keep) + text[size - keep :]


def mask_account(text: str) -> str:
    """Keep the last four: ************1234; less of a shorter one."""
    text = text.strip()
    size = len(text)
    keep = 4 if size >= 12 else 2 if size >= 8 else 0
    return "*" * (size - keep) + text[size - keep :]


@lru_cache(maxsize=1 << 15)
def mask_date(text: str) -> str:
    """Keep the year: 1985-03-02 → 1985****."""
    text = text.strip()
    return text[:4] + "****" if text[:4].isdecimal() and len(text) > 4 else mask_text(text)


def mask_text(text: str) -> str:
    """Keep the first character of any other personal text."""
    text = text.strip()
    return text[0] + "*" if len(text) > 1 else "*" * len(text)


def mask_free(text: str) -> str:
    """Mask the id and mobile numbers that stand inside free text."""
    if not _ELEVEN_DIGITS.search(text):
        return text
    text = _ID_IN_TEXT.sub(lambda found: mask_id(found.group()), text)
    return _PHONE_IN_TEXT.sub(lambda found: mask_phone(found.group()), text)


_MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "id_number": mask_id,
    "phone": mask_phone,
    "account": mask_account,
    "date": mask_date,
    "month": mask_date,
    "period": mask_date,
}


def masker(pack: ResolvedPack, policy: Policy) -> Masker:
    """Return the mask for a pack's fields under a policy.

    A field of another table is found there, dotted (`household.户联系电话`) or
    not. What no table declares is taken for free text.
    """
    known: dict[tuple[str, str], Callable[[str], str]] = {}

    def mask(table: str, field: str, text: str) -> str:
        key = (table, field)
        if key not in known:
            known[key] = mask_of(pack, policy, table, field)
        return known[key](text)

    return mask


def mask_of(pack: ResolvedPack, policy: Policy, table: str, field: str) -> Callable[[str], str]:
    """Return the mask for one field; what the cell of an error shows is nobody's."""
    chosen = None if policy == "open" else _choose(find_field(pack, table, field), policy)
    if chosen is None:
        return str

    def mask(text: str) -> str:
        # Few texts begin as an error does, and a pattern asks more than a letter.
        if not text or (text[0] in "#公" and _ERROR_VALUE.fullmatch(text)):
            return text
        return chosen(text)

    return mask


def find_field(pack: ResolvedPack, table: str, field: str) -> Field | None:
    """Return the declaration of a field, the table's own first; None if there is none."""
    head, dot, tail = field.partition(".")
    if dot and head in pack.tables:
        table, field = head, tail
    elif dot:
        field = tail
    own = pack.tables.get(table)
    if own and field in own.fields:
        return own.fields[field]
    return next((t.fields[field] for t in pack.tables.values() if field in t.fields), None)


def mask_register(text: str) -> str:
    """Leave a register's own number, which is no personal datum, as it is; hide a
    person's id that somebody has typed in its place."""
    return mask_id(text) if len(text) == 18 and is_check_ok(text) and birth_date(text) else text


def _choose(field: Field | None, policy: Policy) -> Callable[[str], str] | None:
    if field is None:
        return mask_free
    if field.role in _REGISTER_ROLES:
        return mask_register
    if not (field.personal or field.type in _BY_NATURE or field.role == "matter"):
        return None
    if field.role == "matter" and (policy == "named" or not field.personal):
        return mask_free  # whoever has to answer must read what is asked
    if policy == "named" and field.type == "name":
        return None
    return _MASKS.get(field.type, mask_text)
