"""The words and tables of `ledger import`, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin_audit.cli.ledger_tables import Column, Pair
from fupin_audit.domain.reason import english
from fupin_audit.report.words import Lang

COUNTS: dict[str, Pair] = {
    "rows": ("行", "Rows"), "matched": ("对上", "Matched"), "several": ("不止一个", "Several"),
    "unmatched": ("对不上", "Unmatched"), "answered": ("已答复", "Answered"),
    "new": ("新入账", "New"), "known": ("已在账", "Known"), "reopened": ("重现", "Back"),
    "closed": ("已销号", "Closed"),
}  # fmt: skip
_LATER = ("reopened", "closed")
UNSAID = ("（未写明）", "(not given)")
UNMATCHED = (
    "没有对上的（不猜，先找到人）",
    "Not matched (nothing is guessed: find the person first)",
)
NEXT = (
    "逐条办理：fupin-audit ledger findings --rule XD；答复：ledger decide，或在清单的\n"
    "“整改情况”里写明后再导入一次。",
    "Go through them: fupin-audit ledger findings --rule XD. To answer: ledger decide, or fill in\n"
    "the list's column 整改情况 and import it once more.",
)


def sentence(counts: Mapping[str, int], lang: Lang, compared: bool) -> str:
    """Tell what became of the rows."""
    if lang == "en":
        return _english(counts, compared)
    told = [f"新入账 {counts['new']}", f"已在账 {counts['known']}"]
    told += [f"{COUNTS[key][0]} {counts[key]}" for key in _LATER if counts[key]]
    told.append(f"清单上已答复 {counts['answered']}")
    if not compared:
        return "，".join(told) + "。没有给登记表（--source），没有和户、人对照。"
    ways = f"与登记表对上 {counts['matched']}，对不上 {counts['unmatched']}，"
    return "，".join(told) + f"。{ways}不止一个对得上 {counts['several']}。"


def _english(counts: Mapping[str, int], compared: bool) -> str:
    told = [f"{counts['new']} new", f"{counts['known']} known already"]
    told += [f"{counts[key]} {COUNTS[key][1].lower()}" for key in _LATER if counts[key]]
    told.append(f"{counts['answered']} answered on the list")
    if not compared:
        return ", ".join(told) + ". No register (--source) was given to find the households in."
    ways = f"{counts['matched']} matched with the register, {counts['unmatched']} not, "
    return ", ".join(told) + f". {ways}{counts['several']} match several."


def _number(key: str) -> Any:
    return lambda row: str(row[key])


TOWNS = (
    Column(("乡镇", "Township"), lambda row: row["township"] or UNSAID),
    *(Column(name, _number(key), True) for key, name in COUNTS.items()),
)


def _there(found: Mapping[str, Any] | None) -> Pair:
    if found is None:
        return "", ""
    sheet = f"{found['file']}{':' + found['sheet'] if found['sheet'] else ''}"
    return f"{sheet} 第{found['row']}行", f"{sheet} row {found['row']}"


def _way(found: Mapping[str, Any] | None) -> Pair:
    return (found["by"], english(found["by"])) if found else ("", "")


_FATES = {key: COUNTS[key] for key in ("new", "known", "reopened", "closed")}
_FATES["answered"] = ("清单上已答复", "Answered on the list")
_WHERE = Column(("清单位置", "On the list"), _there)
_WHO = (
    Column(("乡镇", "Township"), lambda row: row["township"]),
    Column(("村", "Village"), lambda row: row["village"]),
    Column(("姓名", "Name"), lambda row: row["name"]),
    Column(("问题", "Problem"), lambda row: row["problem"]),
)
_WHY = Column(
    ("没有对上的原因", "Why it is not matched"), lambda row: (row["why"], english(row["why"]))
)
LOST = (_WHERE, *_WHO, _WHY)
CSV = (
    Column(("疑点编号", "Number"), lambda row: (row["fingerprint"] or "")[:12]),
    Column(("入账", "Entered"), lambda row: _FATES[row["fate"]]),
    _WHERE,
    *_WHO,
    Column(("户编号", "Household"), lambda row: row["household"] or ""),
    Column(("时限", "Due"), lambda row: row["due"] or ""),
    Column(("登记表位置", "In the register"), lambda row: _there(row["matched"])),
    Column(("按什么对上", "Matched by"), lambda row: _way(row["matched"])),
    _WHY,
)
