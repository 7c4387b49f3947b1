"""Which fields are written once for several rows: merged cells, or the first
row of a household only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin_audit.model.recognised import Match
from fupin_audit.model.sheet import RawSheet
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise.kinds import Kind

_PLACES = ("province", "city", "county", "township", "village")
_HOUSEHOLD = ("household_key", "head_name", "head_id_number")
_RARELY_AGAIN = 0.95
_OFTEN_BLANK = 0.2


def filled_down(
    raw: RawSheet,
    rows: npt.NDArray[np.int64],
    kind: Kind,
    matches: dict[tuple[str, str], Match],
    pack: ResolvedPack,
) -> list[str]:
    """Return the fields whose cells hold for the rows below them too.

    A column with vertically merged cells counts whatever its field. Without
    merged cells only the household's number, its head and its place can stand
    once per household, and only on sheets of persons; a lone blank among
    filled cells is a blank.
    """
    if not len(rows):
        return []
    found: dict[str, None] = {}
    tall = _merged_columns(raw, int(rows[0]), int(rows[-1]))
    found.update({m.field: None for m in matches.values() if m.column in tall})
    if pack.role(kind.table, "person_name") is None:
        return list(found)
    blank_below = np.zeros(len(rows), dtype=bool)
    for role in (*_HOUSEHOLD, *_PLACES):
        for table in kind.tables:
            name = pack.role(table, role)
            match = matches.get((table, name)) if name else None
            if match is None or match.column in tall or match.field in found:
                continue
            codes = raw.columns[match.column].codes[rows]
            blank = codes == 0
            if not blank.any() or blank[0]:
                continue
            if role in _HOUSEHOLD and _once_per_household(codes, blank):
                blank_below |= blank
                found[match.field] = None
            elif role in _PLACES and _once_per_run(codes, blank, blank_below):
                found[match.field] = None
    return list(found)


def _merged_columns(raw: RawSheet, first: int, last: int) -> set[int]:
    if not raw.merges:
        return set()
    merges = np.array(raw.merges, dtype=np.int64)
    tall = merges[(merges[:, 2] > merges[:, 0]) & (merges[:, 0] >= first) & (merges[:, 0] <= last)]
    return set(tall[:, 1].tolist())


def _once_per_household(codes: npt.NDArray[np.int32], blank: npt.NDArray[np.bool_]) -> bool:
    """Tell values that stand on one row each, blanks following them."""
    filled = codes[~blank]
    different = np.count_nonzero(np.bincount(filled))
    return bool(different >= _RARELY_AGAIN * len(filled) and np.mean(blank) >= _OFTEN_BLANK)


def _once_per_run(
    codes: npt.NDArray[np.int32], blank: npt.NDArray[np.bool_], below: npt.NDArray[np.bool_]
) -> bool:
    """Tell values that stand on a household's first row, or on the first row
    of a run of equal places."""
    if below.any() and not (blank & ~below).any():
        return True
    filled = codes[~blank]
    changes = np.count_nonzero(filled[1:] != filled[:-1]) + 1
    return bool(changes >= _RARELY_AGAIN * len(filled) and np.mean(blank) >= _OFTEN_BLANK)
