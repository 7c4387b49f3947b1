"""Which division the rows belong to, by their own word."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from fupin_audit.domain import division
from fupin_audit.domain.reason import Reason, english
from fupin_audit.model.dataset import Dataset
from fupin_audit.model.values import Coded

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

SHARE = 0.6
"""Share of the ids that must begin with one county's code."""
PROVINCE_SHARE = 0.9

_NOTHING = Reason(
    "表中没有省、市、县列，也没有可用的证件号码",
    "no column names a province, city or county, and no id number is of use",
)
_SCATTERED = Reason(
    "没有县列，证件号码的地区码也不集中",
    "no column names the county, and the id numbers are of many places",
)


def infer_region(dataset: Dataset, pack: ResolvedPack) -> tuple[str, str, str]:
    """Infer the division from the place columns and the ids.

    Names and ids must not contradict each other. Citizen numbers keep the code
    of the county of first registration, so an abolished code of the same place
    speaks for its successor.

    Returns:
        (code of 6, 4 or 2 digits, name, evidence), or ("", "", reason).
    """
    named, said = _by_name(dataset, pack)
    prefixes = _prefixes(dataset, pack)
    total = sum(prefixes.values())
    if named:
        return _confirmed(named, said, prefixes, total)
    if said:
        told = f"{english(said)}, which does not tell the region"
        return "", "", Reason(f"{said}，无法据此确定地区", told)
    if not total:
        return "", "", _NOTHING
    return _by_ids(prefixes, total)


def _confirmed(
    named: list[str], said: str, prefixes: Counter[str], total: int
) -> tuple[str, str, str]:
    """Narrow the candidates of a name by the ids, which must not contradict."""
    if len(named) > 1 and total:
        votes = {code: _support(code, prefixes) for code in named}
        best = max(votes, key=lambda c: votes[c])
        if votes[best] and sorted(votes.values())[-2] < votes[best]:
            named = [best]
    if len(named) > 1:
        provinces = sorted({division.name(code[:2]) for code in named})
        return (
            "",
            "",
            Reason(
                f"{said}，同名的地区有 {len(named)} 个（{'、'.join(provinces)}）",
                f"{english(said)}, and {len(named)} places have this name ({', '.join(provinces)})",
            ),
        )
    code = named[0]
    shown = division.full_name(code)
    if not total:
        return code, shown, said
    same = _support(code, prefixes)
    if same * 2 > total or same == max((_support(c, prefixes) for c in prefixes), default=0):
        return (
            code,
            shown,
            Reason(
                f"{said}，{same}/{total} 个证件号码的地区码与之相符",
                f"{english(said)}; {same} of {total} id numbers agree",
            ),
        )
    province = sum(n for c, n in prefixes.items() if c[:2] == code[:2])
    if province * 2 > total:
        home = division.name(code[:2])
        return (
            code,
            shown,
            Reason(
                f"{said}，{province}/{total} 个证件号码属于{home}",
                f"{english(said)}; {province} of {total} id numbers are of {home}",
            ),
        )
    top, count = prefixes.most_common(1)[0]
    other = division.full_name(top) or top
    return (
        "",
        "",
        Reason(
            f"{said}，但证件号码的地区码以 {top}（{other}）最多，{count}/{total} 个，两者不符",
            f"{english(said)}, but most id numbers, {count} of {total}, are of {top} ({other})",
        ),
    )


def _by_ids(prefixes: Counter[str], total: int) -> tuple[str, str, str]:
    places: Counter[str] = Counter()
    for code in prefixes:
        if division.current(code):
            places[code] = _support(code, prefixes)
    if places:
        code, count = places.most_common(1)[0]
        if count >= SHARE * total:
            told = f"{count} of {total} id numbers are of {code}"
            shown = division.full_name(code)
            return code, shown, Reason(f"{count}/{total} 个证件号码的地区码为 {code}", told)
    provinces: Counter[str] = Counter()
    for code, count in prefixes.items():
        provinces[code[:2]] += count
    code, count = provinces.most_common(1)[0]
    if count >= PROVINCE_SHARE * total and division.name(code):
        told = f"{count} of {total} id numbers begin with {code}"
        return code, division.name(code), Reason(f"{count}/{total} 个证件号码以 {code} 开头", told)
    return "", "", _SCATTERED


def _support(code: str, prefixes: Counter[str]) -> int:
    """Count the ids of a place, under its present code and its former ones."""
    if code[2:] in ("", "0000"):
        return sum(n for c, n in prefixes.items() if c[:2] == code[:2])
    if len(code) == 4 or code[4:] == "00":
        return sum(n for c, n in prefixes.items() if c[:4] == code[:4])
    stems = {division.stem(s.name) for s in division.spells(code)}
    return sum(
        n
        for c, n in prefixes.items()
        if c == code
        or (c[:2] == code[:2] and stems & {division.stem(s.name) for s in division.spells(c)})
    )


def _by_name(dataset: Dataset, pack: ResolvedPack) -> tuple[list[str], str]:
    """Return candidate codes by the place columns, and what they say."""
    names = [_commonest(dataset, pack, role) for role in ("province", "city", "county")]
    (province, _), (city, _), (county, counties) = names
    wider = [n for n in (province, city) if n]
    if len(counties) > 1:
        codes = [c for n in counties if (c := division.codes_of(*wider, n))]
        shared = _common([c[0] for c in codes]) if len(codes) == len(counties) else ""
        count = len(counties)
        said = Reason(f"县列有 {count} 个县", f"the column 县 names {count} counties")
        return ([shared] if shared else []), said
    column, name = next(
        ((z, n) for z, n in (("县", county), ("市", city), ("省", province)) if n), ("", "")
    )
    if not name:
        return [], ""
    label = Reason(f"{column}列为“{name}”", f"the column {column} says {name}")
    found = division.codes_of(*(n for n in (province, city, county) if n))
    active = [c for c in found if division.current(c)] or list(found)
    if not county:
        active = [c[:2] if c[2:] == "0000" else c[:4] for c in active if c[4:] == "00"]
    if active:
        return active, label
    return [], Reason(f"{label}，区划表里没有这个名称", f"{label.en}, which no division is called")


def _common(codes: list[str]) -> str:
    """Return the code of the prefecture or province that all codes share."""
    for length in (4, 2):
        if len({c[:length] for c in codes}) == 1:
            return codes[0][:length]
    return ""


def _commonest(dataset: Dataset, pack: ResolvedPack, role: str) -> tuple[str, list[str]]:
    """Return the commonest name in a place column and all that are not strays."""
    counts: Counter[str] = Counter()
    for table, data in dataset.tables.items():
        name = pack.role(table, role)
        column = data.columns.get(name or "")
        if isinstance(column, Coded):
            found = np.bincount(column.codes[column.codes >= 0], minlength=len(column.texts))
            counts.update(dict(zip(column.texts.tolist(), found.tolist(), strict=True)))
    counts = +counts
    total = sum(counts.values())
    names = [n for n, c in counts.most_common() if c * 20 >= total]
    return (names[0] if names else ""), names


def _prefixes(dataset: Dataset, pack: ResolvedPack) -> Counter[str]:
    """Count the first six digits of the ids, those that were ever a division;
    of the heads' ids only where there are no members'."""
    counts: Counter[str] = Counter()
    for role in ("id_number", "head_id_number"):
        for table, data in dataset.tables.items():
            column = data.columns.get(pack.role(table, role) or "")
            if not isinstance(column, Coded):
                continue
            texts, codes = column.texts.tolist(), column.codes
            used = np.bincount(codes[codes >= 0], minlength=len(texts))
            long = np.fromiter(map(len, texts), np.int64, len(texts)) >= 15
            starts, at = np.unique(np.array(texts, dtype="U6"), return_inverse=True)
            weights = np.bincount(at, weights=used * long, minlength=len(starts))
            found = zip(starts.tolist(), weights.astype(int).tolist(), strict=True)
            counts.update({c: n for c, n in found if n and division.known(c)})
        if counts:
            break
    return counts
