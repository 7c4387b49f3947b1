"""Which sheets of the files handed in are lists from above, and the cells of a
list brought into the shape the rest of the program reads."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from fupin_audit.errors import AmbiguousHeader, UnrecognisedSheet, UsageError
from fupin_audit.model.sheet import RawColumn, RawSheet
from fupin_audit.pipeline import Reading, Request, gather
from fupin_audit.report.words import Lang, say

if TYPE_CHECKING:
    from fupin_audit.model.recognised import Recognised
    from fupin_audit.packs.resolve import ResolvedPack
    from fupin_audit.recognise import Pin

_NO_LIST = ("不是清单", "it is no list")
_ANOTHER = ("也是下发的清单，这次没有导入", "a list from above as well; not imported this time")


@dataclass(slots=True)
class Lists:
    """Everything to be read for an import.

    Attributes:
        reading: The lists first, then the registers.
        pins: Those asked for, and those that say which sheets are lists.
        digests: SHA-256 of the files that are lists.
        left_out: Sheets of the registers that are lists themselves and were not
            asked for, and sheets of the lists that are none.
        lang: What is said in `left_out` is in this language, but for reasons given by others.
    """

    reading: Reading
    pins: tuple[Pin, ...]
    digests: tuple[str, ...]
    left_out: list[str] = field(default_factory=list)
    lang: Lang = "zh"


def gathered(
    asked: Request, lists: Sequence[str], sources: Sequence[str], pack: ResolvedPack, about: str,
    lang: Lang,
) -> Lists:  # fmt: skip
    """Read lists and registers.

    Args:
        about: What a list is about that has no column for it.

    Raises:
        UnrecognisedSheet: A file given as a list holds none.
        UsageError: A list does not say what it is about.
    """
    table = next(name for name in pack.tables if pack.role(name, "matter"))
    sent = gather(replace(asked, paths=list(lists)))
    digests = tuple(f.sha256 for f in sent.files if f.sha256)
    made = Lists(Reading([], list(sent.files)), tuple(asked.pins), digests, lang=lang)
    found = 0
    for sheet in sent.sheets:
        seen = _recognised(sheet, pack, made.pins)
        if not isinstance(seen, str) and seen is not None and seen.table == table:
            pins: tuple[Pin, ...] = ()
        elif isinstance(seen, str):
            made.left_out.append(_said(sheet, seen, lang))
            continue
        else:
            pins = (_pin(sheet, table),)
            seen = _recognised(sheet, pack, (*made.pins, *pins))
            if seen is None or isinstance(seen, str):
                made.left_out.append(_said(sheet, seen or say(_NO_LIST, lang), lang))
                continue
        made.pins = (*made.pins, *pins)
        made.reading.sheets.append(_about(sheet, seen, pack, table, about))
        found += 1
    if not found:
        raise UnrecognisedSheet(
            "没有认出下发的清单。" + "；".join(made.left_out[:3]),
            where=str(lists[0]),
            hint="确认表里有姓名、证件号码、户编号一类的表头，或用 --map 指明哪一列是什么",
        )
    if sources:
        _registers(made, replace(asked, paths=list(sources)), pack, table)
    return made


def _registers(made: Lists, asked: Request, pack: ResolvedPack, table: str) -> None:
    """Add the registers; a list that lies among them is not read twice, and another
    list is not imported along with it."""
    given = gather(asked)
    twice = {f.file for f in given.files if f.sha256 and f.sha256 in made.digests}
    taken = {sheet.file for sheet in made.reading.sheets}
    kept = set()
    for sheet in (s for s in given.sheets if s.file not in twice):
        seen = _recognised(sheet, pack, made.pins)
        if not isinstance(seen, str) and seen is not None and seen.table == table:
            made.left_out.append(_said(sheet, say(_ANOTHER, made.lang), made.lang))
        elif sheet.file in taken:  # two folders, one name: told apart by where they are
            made.reading.sheets.append(replace(sheet, file=str(sheet.path or sheet.file)))
        else:
            made.reading.sheets.append(sheet)
        kept.add(sheet.file)
    made.reading.files.extend(f for f in given.files if f.file in kept or f.error)


def _recognised(
    sheet: RawSheet, pack: ResolvedPack, pins: Sequence[Pin]
) -> Recognised | str | None:  # fmt: skip
    """Return what a sheet is; why it is no table; None where it could be several."""
    from fupin_audit.recognise import recognise

    try:
        found = recognise([sheet], pack, pins=pins)
    except AmbiguousHeader:
        return None
    return found.sheets[0] if found.sheets else found.skipped[0].reason


def _said(sheet: RawSheet, why: str, lang: Lang) -> str:
    return say((f"{sheet.label}：{why}", f"{sheet.label}: {why}"), lang)


def _pin(sheet: RawSheet, table: str) -> Pin:
    from fupin_audit.recognise import Pin

    name = sheet.file.replace("\\", "/").replace("!/", "/")
    return Pin(file=glob.escape(name), sheet=sheet.name, table=table)


def _about(
    sheet: RawSheet, seen: Recognised, pack: ResolvedPack, table: str, about: str
) -> RawSheet:
    """Return a list that says in every row what it is about: many say so in their
    title, or in the letter that came with them."""
    matter = [f for f, spec in pack.tables[table].fields.items() if spec.role == "matter"]
    if any((table, name) in seen.matches for name in matter):
        return sheet
    if not about:
        raise UsageError(
            "清单里没有“问题类型”“疑似问题”这样的列，不知道说的是什么问题",
            where=sheet.label,
            hint="用 --about 写明，例如 --about 疑似死亡；列名特别的用 --map 指明",
        )
    codes = np.zeros(sheet.n_rows, dtype=np.int32)
    codes[seen.header_rows[-1] - 1] = 1
    codes[seen.rows] = 2
    return replace(sheet, columns=[*sheet.columns, RawColumn(codes, [None, matter[0], about])])
