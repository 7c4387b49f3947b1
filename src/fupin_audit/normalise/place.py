"""Which division the rows belong to, by their own word."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from fupin_audit.domain import division
from fupin_audit.model.dataset import Dataset
from fupin_audit.model.values import Coded

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

SHARE = 0.6
"""Share of the ids that must begin with one county's code."""
PROVINCE_SHARE = 0.9


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
        return "", "", f"{said}，无法据此确定地区"
    if not total:
        return "", "", "表中没有省、市、县列，也没有可用的证件号码"
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
        provinces = "、".join(sorted({division.name(code[:2]) for code in named}))
        return "", "", f"{said}，同名的地区有 {len(named)} 个（{provinces}）"
    code = named[0]
    shown = division.full_name(code)
    if not total:
        return code, shown, said
    same = _support(code, prefixes)
    if same * 2 > total or same == max((_support(c, prefixes) for c in prefixes), default=0):
        return code, shown, f"{said}，{same}/{total} 个证件号码的地区码与之相符"
    province = sum(n for c, n in prefixes.items() if c[:2] == code[:2])
    if province * 2 > total:
        return code, shown, f"{said}，{province}/{total} 个证件号码属于{division.name(code[:2])}"
    top, count = prefixes.most_common(1)[0]
    other = division.full_name(top) or top
    return (
        "",
        "",
        f"{said}，但证件号码的地区码以 {top}（{other}）最多，{count}/{total} 个，两者不符",
    )


def _by_ids(prefixes: Counter[str], total: int) -> tuple[str, str, str]:
    places: Counter[str] = Counter()
    for code in prefixes:
        if division.current(code):
            places[code] = _support(code, prefixes)
    if places:
        code, count = places.most_common(1)[0]
        if count >= SHARE * total:
            return code, division.full_name(code), f"{count}/{total} 个证件号码的地区码为 {code}"
    provinces: Counter[str] = Counter()
    for code, count in prefixes.items():
        provinces[code[:2]] += count
    code, count = provinces.most_common(1)[0]
    if count >= PROVINCE_SHARE * total and division.name(code):
        return code, division.name(code), f"{count}/{total} 个证件号码以 {code} 开头"
    return "", "", "没有县列，证件号码的地区码也不集中"


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
        said = f"县列有 {len(counties)} 个县"
        return ([shared] if shared else []), said
    label = next(
        (f"{z}列为“{n}”" for z, n in (("县", county), ("市", city), ("省", province)) if n), ""
    )
    if not label:
        return [], ""
    found = division.codes_of(*(n for n in (province, city, county) if n))
    active = [c for c in found if division.current(c)] or list(found)
    if not county:
        active = [c[:2] if c[2:] == "0000" else c[:4] for c in active if c[4:] == "00"]
    return active, label + ("" if active else "，区划表里没有这个名称")


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
            index: dict[str, int] = {}
            at = [index.setdefault(t[:6] if len(t) >= 15 else "", len(index)) for t in texts]
            weights = np.bincount(at, weights=used, minlength=len(index)).astype(int).tolist()
            counts.update({c: n for c, n in zip(index, weights) if n and division.known(c)})
        if counts:
            break
    return counts
