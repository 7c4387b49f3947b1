"""The fixed words of the reports, Chinese and English side by side."""

from __future__ import annotations

from typing import Literal

from fupin_audit.domain.audit_items import AUDIT_ITEMS as AUDIT_ITEMS

Lang = Literal["zh", "en"]
Words = dict[str, tuple[str, str]]

SEVERITIES = ("error", "warning", "info")

SEVERITY: Words = {
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "info": ("提示", "info"),
}

MEANING: Words = {
    "error": ("应更正", "to be corrected"),
    "warning": ("应核实", "to be verified"),
    "info": ("供留意", "for attention"),
}

ERA: Words = {
    "registration": ("建档立卡时期（2014–2020）", "registration era (2014–2020)"),
    "monitoring": ("防返贫监测时期（2021–2025）", "monitoring era (2021–2025)"),
    "regular": ("常态化帮扶时期（2026–）", "regular support era (2026–)"),
}

SET_ASIDE: Words = {
    "blank": ("空行", "blank"),
    "total": ("合计行", "totals"),
    "note": ("说明行", "notes"),
    "signature": ("签章行", "signatures"),
    "header": ("重复表头", "repeated headers"),
}

RECIPE: Words = {
    "text": ("文字", "text"),
    "name": ("姓名", "name"),
    "id_number": ("证件号码", "id number"),
    "money": ("金额", "money"),
    "number": ("数值", "number"),
    "integer": ("整数", "whole number"),
    "year_month": ("年月", "year and month"),
    "month": ("年月", "month"),
    "period": ("年月或年份", "month or year"),
    "year": ("年份", "year"),
    "date": ("日期", "date"),
    "code": ("代码", "code"),
    "codes": ("多选代码", "several codes"),
    "yes_no": ("是否", "yes or no"),
    "region": ("地名", "place"),
    "phone": ("电话", "phone"),
    "account": ("账号", "account"),
    "fill_down": ("向下补齐", "filled down"),
    "unit": ("单位换算", "unit converted"),
}

HOW: Words = {
    "name": ("标准名称", "canonical name"),
    "alias": ("别名", "alias"),
    "group": ("按分组表头", "by its group"),
    "position": ("按位置", "by position"),
    "map": ("按对照表指定", "by the map"),
}

BLANK: tuple[str, str] = ("（空白）", "(blank)")
AS_OF_TODAY: tuple[str, str] = (
    "数据时点是今天；表若是以往年度的，请写明，如 --as-of 2019-12-31",
    "as of today; for a list of an earlier year say so, as in --as-of 2019-12-31",
)
NO_PLACE: tuple[str, str] = ("（未填）", "(not given)")
TRUTH: dict[bool, tuple[str, str]] = {True: ("是", "yes"), False: ("否", "no")}


def say(pair: tuple[str, str], lang: Lang) -> str:
    """Return the pair's text in a language."""
    return pair[1] if lang == "en" else pair[0]


def word(words: Words, key: str, lang: Lang) -> str:
    """Return what a key is called; the key itself if it has no word yet."""
    pair = words.get(key)
    return say(pair, lang) if pair else key
