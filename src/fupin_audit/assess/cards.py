"""Whose cards are asked for: rows of the household table, village by village."""

from __future__ import annotations

from collections.abc import Sequence

from fupin_audit.assess.find import HOUSEHOLD, find
from fupin_audit.errors import InputError
from fupin_audit.evaluate.context import Context
from fupin_audit.model.assessment import Assessment


def rows_of(assessment: Assessment, asked: Sequence[str]) -> list[int]:
    """Return the row of every household asked for, each once, in that order.

    Args:
        assessment: Of level `household`.
        asked: Numbers, ids or names; empty for all households judged.

    Raises:
        UsageError: A word means nobody, or several households.
        InputError: It means somebody whose household is not in the table.
    """
    if not asked:
        return [int(row) for row in assessment.rows]
    ctx = Context(assessment.dataset.tables, assessment.pack)
    rows = []
    for word in asked:
        found = find(ctx, word)
        if found.main < 0:
            label = assessment.pack.tables[HOUSEHOLD].label.zh
            raise InputError(f"这个人的户不在{label}里，做不成户卡", hint=f"请同时给出{label}")
        rows.append(found.main)
    return list(dict.fromkeys(rows))
