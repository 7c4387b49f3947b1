"""What could not be judged, grouped by the reason."""

from __future__ import annotations

from dataclasses import dataclass

from fupin_audit.domain.reason import reason_in
from fupin_audit.model.findings import Coverage
from fupin_audit.report.view import View


@dataclass(frozen=True, slots=True)
class Gap:
    """Rules that judged nothing, for one and the same reason."""

    reason: str
    rules: tuple[str, ...]


def gaps(view: View) -> list[Gap]:
    """Return the reasons rules were skipped, the most frequent first; a rule
    meant for other years or provinces is no gap."""
    found: dict[str, list[str]] = {}
    for one in view.result.findings.coverage:
        if one.skipped is not None and one.rule not in view.result.pack.inapplicable:
            found.setdefault(reason_in(one.skipped, view.lang), []).append(one.rule)
    made = [Gap(reason, tuple(sorted(rules))) for reason, rules in found.items()]
    return sorted(made, key=lambda gap: (-len(gap.rules), gap.reason))


def inapplicable(view: View) -> int:
    """Return how many rules are meant for other years or provinces."""
    return sum(one.rule in view.result.pack.inapplicable for one in view.result.findings.coverage)


def unknowns(view: View) -> list[Coverage]:
    """Return the rules that could not judge some of their cases, most first."""
    partly = [c for c in view.result.findings.coverage if c.skipped is None and c.unknown]
    return sorted(partly, key=lambda c: (-c.unknown, c.rule))
