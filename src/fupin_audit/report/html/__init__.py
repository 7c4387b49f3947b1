"""Pages for a browser: one file, nothing fetched, every text escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from fupin_audit.report.household.values import yuan
from fupin_audit.report.household.words import verdict
from fupin_audit.report.safe import visible


@cache
def environment() -> Environment:
    """Return the templates' environment: everything put in is escaped."""
    made = Environment(
        loader=PackageLoader("fupin_audit.report", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.filters |= {"yuan": yuan, "verdict": verdict}
    return made


def _finalize(value: Any) -> Any:
    """Take out what no page may hold: control characters."""
    return visible(value) if type(value) is str else value
