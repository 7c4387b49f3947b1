"""`--select` and `--ignore`: rule ids, families, audit items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from fupin_audit.errors import UsageError
from fupin_audit.packs.names import nearest
from fupin_audit.packs.shapes import Rule


def chosen(
    rules: Mapping[str, Rule], select: Sequence[str] | None, ignore: Sequence[str] | None
) -> set[str] | None:
    """Return the ids to evaluate, None for all.

    Raises:
        UsageError: A token names nothing.
    """
    if not select and not ignore:
        return None
    wanted = _ids(rules, select) if select else set(rules)
    return wanted - _ids(rules, ignore or ())


def _ids(rules: Mapping[str, Rule], tokens: Iterable[str]) -> set[str]:
    return {i for text in tokens for token in re.split(r"[,，、\s]+", text) if token
            for i in _matching(rules, token)}  # fmt: skip


def _matching(rules: Mapping[str, Rule], token: str) -> set[str]:
    upper = token.upper()
    if upper in rules:
        return {upper}
    if re.fullmatch(r"[A-Z]{2}", upper) and (family := {i for i in rules if i[:2] == upper}):
        return family
    item = re.fullmatch(r"(?:十查|ITEM)?(\d{1,2})", upper)
    if item and 1 <= int(item.group(1)) <= 10:
        return {i for i, r in rules.items() if r.audit_item == int(item.group(1))}
    raise UsageError(
        f"没有规则、规则类别或十查项“{token}”",
        hint=nearest(upper, rules) or "用 fupin-audit rules list 看全部规则；十查项写 1–10",
    )
