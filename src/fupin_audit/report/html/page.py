"""`--format html`: one page a supervisor reads, one file, nothing fetched.

Both languages are in the page. Everything but the charts and the list of
findings is plain tables, there without any script. The policy in its head lets
run what was put in here, by digest, and nothing else.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, NamedTuple, TextIO
from urllib.parse import quote

from markupsafe import Markup

from fupin_audit.model.history import History
from fupin_audit.packs.pages import basis_line
from fupin_audit.report.coverage import gaps, inapplicable, unknowns
from fupin_audit.report.finding import label
from fupin_audit.report.html import environment
from fupin_audit.report.html.block import LIMIT, block, embedded
from fupin_audit.report.html.figures import (
    WEIGHTS,
    Places,
    RuleRow,
    called,
    places,
    rules_found,
)
from fupin_audit.report.safe import visible
from fupin_audit.report.view import View, place_name
from fupin_audit.report.words import AUDIT_ITEMS, ERA, SEVERITIES, SEVERITY

SUFFIX = ".疑点报告.html"
_SHOWN = 12
_FIRST = 20
_ROWS = 30


class Link(NamedTuple):
    """A file beside the page."""

    name: str
    href: str


def write_page(
    view: View,
    stream: TextIO,
    *,
    history: History | None = None,
    links: Mapping[str, str] | None = None,
    made: datetime | None = None,
    limit: int = LIMIT,
) -> None:
    """Write the page as UTF-8 text.

    Args:
        history: The ledger after this run; without one the page has no trend,
            nothing overdue and no comparison with the run before.
        links: What a list is called → its path, relative to the page, with `/`.
        made: When the run was; now, if not said.
        limit: Findings listed at most; the page says what is not listed.
    """
    where, rules = places(view), rules_found(view)
    listed = block(view, [one.rule.id for one in rules], where.group, history, limit)
    figures = embedded(_figures(view, where, rules, history))
    script, chart, style = _text("page.js"), _chart(), _text("page.css")
    result = view.result
    parts = environment().get_template("page.html.j2").stream(
        view=view, result=result, totals=view.totals, history=history, where=where, rules=rules,
        place={lang: place_name(result.region, view.who, lang) for lang in ("zh", "en")},
        era=ERA.get(result.era, (result.era,) * 2), made=made or datetime.now(),
        links=[Link(name, _href(path)) for name, path in (links or {}).items()],
        listed=listed, items=AUDIT_ITEMS, severities=SEVERITIES, severity=SEVERITY,
        weights=WEIGHTS, gaps=gaps(view), unknowns=unknowns(view),
        inapplicable=inapplicable(view), called=called, basis_line=basis_line, label=label,
        shown=_SHOWN, first=_FIRST, rows=_ROWS,
        policy=_policy(style, chart, script), style=Markup(style), chart=Markup(chart),  # noqa: S704
        script=Markup(script), figures=Markup(figures), findings=Markup(listed.text),  # noqa: S704
    )  # fmt: skip
    for part in parts:
        stream.write(part.encode("utf-8", "replace").decode("utf-8"))


def _figures(
    view: View, where: Places, rules: list[RuleRow], history: History | None
) -> dict[str, Any]:
    """Return what the charts and the filters are made of."""
    return {
        "townships": where.townships,
        "places": [
            {"name": visible(row.name), "within": visible(row.within), "counts": row.counts}
            for row in where.rows
        ],
        "rest": sum(where.rest) > 0,
        "items": [
            {"zh": zh, "en": en, "counts": view.totals.by_item.get(item, (0, 0, 0))}
            for item, (zh, en) in AUDIT_ITEMS.items()
        ],
        "rules": [
            {
                "id": row.rule.id, "item": list(AUDIT_ITEMS).index(row.rule.audit_item),
                "zh": row.rule.title.zh, "en": label(row.rule.title, "en"),
                "adviceZh": row.rule.advice.zh, "adviceEn": label(row.rule.advice, "en"),
                "count": row.found,
            }
            for row in rules
        ],
        "nights": [list(night) for night in history.nights] if history else [],
        "ledger": history is not None,
        "total": len(view),
    }  # fmt: skip


def _policy(style: str, *scripts: str) -> str:
    """Return a policy by which nothing is fetched and only our own scripts run."""
    allowed = " ".join(f"'sha256-{_digest(text)}'" for text in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'sha256-{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _href(path: str) -> str:
    """Return a path as a link that stays beside the page, whatever it is called."""
    return "./" + quote(path.replace("\\", "/").lstrip("/"), safe="/")


@cache
def _text(name: str) -> str:
    return (files("fupin_audit.report") / "html" / name).read_text(encoding="utf-8")


def _chart() -> str:
    """Return the charts' library without the line that points to its source map."""
    return _text("vendor/chart.umd.min.js").partition("\n//# sourceMappingURL")[0]
