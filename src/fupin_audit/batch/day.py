"""Which day a rule of the configuration means."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta


def day_of(rule: str, today: date) -> date:
    """Return the day a rule means: `today`, the end of last month or year, or a
    day, month (its last day) or year (its last day) written out.

    Raises:
        ValueError: The calendar has none such.
    """
    if rule == "today":
        return today
    if rule == "month-end":
        return today.replace(day=1) - timedelta(days=1)
    if rule == "year-end":
        return date(today.year - 1, 12, 31)
    found = re.fullmatch(r"([12]\d{3})(?:-(\d\d))?(?:-(\d\d))?", rule, re.ASCII)
    if not found:
        raise ValueError(rule)
    year, month = int(found[1]), int(found[2] or 12)
    return date(year, month, int(found[3] or monthrange(year, month)[1]))
