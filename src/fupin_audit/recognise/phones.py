"""Whose a plain 联系电话 on a sheet of persons is: the household's or the person's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from fupin_audit.model.recognised import Match, Recognised
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise.headers import read_header
from fupin_audit.recognise.lexicon import Lexicon

_ENOUGH = 3
"""Households with several numbers, from which the numbers themselves tell."""

_MOST = 0.5
"""Share of them that have different ones. A number of the household's, written on
every row, differs by mistake, which is rare; persons' own hardly ever agree."""

_TOLD = "“{}”在同一户里各人多不相同，认作成员本人的电话"


def settle_phone(
    sheet: Recognised,
    all_sheets: Sequence[Recognised],
    pack: ResolvedPack,
    lexicon: Callable[[], Lexicon],
) -> None:
    """Give a plain 联系电话 to the member when the numbers differ within households,
    or when another sheet of the run carries the household's own.

    A wide sheet, which has other columns of the household too, speaks for its own
    households, whatever the other sheets hold.
    """
    parent = pack.wide_parent(sheet.table)
    if parent is None or pack.role(sheet.table, "person_name") is None:
        return
    own, above = pack.role(sheet.table, "phone"), pack.role(parent, "phone")
    if own is None or above is None or (sheet.table, own) in sheet.matches:
        return
    match = sheet.matches.get((parent, above))
    if match is None or match.how == "map":
        return
    persons = pack.tables[sheet.table].fields
    wide = any(t == parent and f != above and f not in persons for t, f in sheet.matches)
    elsewhere = not wide and any(
        other.table == parent and (parent, above) in other.matches for other in all_sheets
    )
    if not elsewhere and not _differs(sheet, match, parent, pack):
        return
    sense = lexicon().sense(read_header(match.header.rpartition(" / ")[2]))
    if sense is None or len(sense.claims) < 2:
        return  # 户主联系电话 says whose it is
    if not elsewhere:
        sheet.notes.append(_TOLD.format(match.header))
    del sheet.matches[parent, above]
    sheet.matches[sheet.table, own] = replace(match, table=sheet.table, field=own)
    sheet.missing = [key for key in sheet.missing if key != (sheet.table, own)]
    if not any(table == parent for table, _ in sheet.matches):
        sheet.also = tuple(t for t in sheet.also if t != parent)
        sheet.missing = [key for key in sheet.missing if key[0] != parent]
    else:
        sheet.missing.append((parent, above))


def _differs(sheet: Recognised, match: Match, parent: str, pack: ResolvedPack) -> bool:
    """Tell whether most households that write several numbers write different ones."""
    names = {(t, pack.role(t, "household_key")) for t in (parent, sheet.table)}
    key = next((m for (t, f), m in sheet.matches.items() if (t, f) in names), None)
    if key is None or key.column == match.column:
        return False
    homes, phones = (sheet.raw.columns[m.column].codes[sheet.rows] for m in (key, match))
    if key.field in sheet.filled_down:
        at = np.arange(len(homes))
        homes = homes[np.maximum.accumulate(np.where(homes != 0, at, 0))]
    told = (homes != 0) & (phones != 0)
    several = np.bincount(homes[told]) > 1
    pairs = np.unique(np.stack([homes[told], phones[told]]), axis=1)
    different = np.bincount(pairs[0], minlength=len(several)) > 1
    count = int(several.sum())
    return count >= _ENOUGH and int((several & different).sum()) >= _MOST * count
