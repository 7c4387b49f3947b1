"""JUnit XML, which schedulers and build servers show: a suite per audit item (十查),
a case per rule."""

from __future__ import annotations

from collections import defaultdict
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from fupin_audit.model.findings import Coverage
from fupin_audit.report.finding import findings, label
from fupin_audit.report.remarks import told
from fupin_audit.report.safe import visible
from fupin_audit.report.view import FindingView, View
from fupin_audit.report.words import AUDIT_ITEMS, say

_FIRST = 5


def to_junit(view: View, stream: TextIO) -> None:
    """Write the result; values are masked unless the view reveals them.

    A rule that found something fails, with how many and the first few; one that
    could not judge is skipped, with the reason; one that found infos passes, for
    they are nothing to be corrected. Rules for other years or provinces are left
    out. A file that could not be read is an error.
    """
    rules, first = view.result.pack.rules, _first(view)
    suites: dict[int, list[Coverage]] = defaultdict(list)
    for one in view.result.findings.coverage:
        if one.rule in rules and one.rule not in view.result.pack.inapplicable:
            suites[rules[one.rule].audit_item].append(one)
    failed = {hits.rule for hits in view.ordered.hits if len(hits) and hits.severity != "info"}
    every = [one for suite in suites.values() for one in suite]
    unread = [f for f in view.result.dataset.files if f.error]
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="fupin-audit"')
    stream.write(f"{_counts(every, failed, len(unread), len(unread))}>\n")
    if unread:
        stream.write(f'<testsuite name="input"{_counts([], failed, len(unread), len(unread))}>\n')
        for file in unread:
            stream.write(f'  <testcase classname="input" name={_attribute(file.file)}>')
            stream.write(f"<error message={_attribute(file.error or '')}/></testcase>\n")
        stream.write("</testsuite>\n")
    for item, suite in sorted(suites.items()):
        name = f"{item} {say(AUDIT_ITEMS[item], view.lang)}"
        stream.write(f"<testsuite name={_attribute(name)}{_counts(suite, failed)}>\n")
        for one in suite:
            _case(view, stream, one, first.get(one.rule, []), one.rule in failed)
        stream.write("</testsuite>\n")
    stream.write("</testsuites>\n")


def _case(
    view: View, stream: TextIO, one: Coverage, some: list[FindingView], failed: bool
) -> None:  # fmt: skip
    rule = view.result.pack.rules[one.rule]
    name = f"{one.rule} {label(rule.title, view.lang)}"
    stream.write(f'  <testcase classname="{one.rule[:2]}" name={_attribute(name)}')
    if one.skipped is not None:
        stream.write(f"><skipped message={_attribute(one.skipped)}/></testcase>\n")
        return
    if not some:
        stream.write("/>\n")
        return
    count = view.totals.by_rule[one.rule]
    lines = [_line(found, view) for found in some]
    if count > len(some):
        lines.append(say((f"…… 共 {count} 条", f"… {count} in all"), view.lang))
    kind = "failure" if failed else "system-out"
    head = say(
        (f"{count} 条疑点，{one.unknown} 处判断不了", f"{count} findings, {one.unknown} unknown"),
        view.lang,
    )
    about = f' type="{some[0].severity}" message={_attribute(head)}' if failed else ""
    stream.write(f"><{kind}{about}>{_text(chr(10).join(lines))}</{kind}></testcase>\n")


def _first(view: View) -> dict[str, list[FindingView]]:
    """Return the first few findings of every rule."""
    found: dict[str, list[FindingView]] = defaultdict(list)
    for one in findings(view):
        if len(found[one.rule]) < _FIRST:
            found[one.rule].append(one)
    return found


def _line(one: FindingView, view: View) -> str:
    where = [*filter(None, one.place), one.household or "", one.name or one.head, one.sheet or ""]
    return f"[{one.number}] {' '.join(filter(None, where))}: {told(one, view.lang)}"


def _counts(suite: list[Coverage], failed: set[str], errors: int = 0, more: int = 0) -> str:
    skipped = sum(one.skipped is not None for one in suite)
    bad = sum(one.rule in failed for one in suite)
    return f' tests="{len(suite) + more}" failures="{bad}" errors="{errors}" skipped="{skipped}"'


def _text(text: str) -> str:
    return escape(visible(text)).encode("utf-8", "replace").decode("utf-8")


def _attribute(text: str) -> str:
    return quoteattr(visible(text)).encode("utf-8", "replace").decode("utf-8")
