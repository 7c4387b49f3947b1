"""The list of findings as csv: one row per finding and blamed field.

UTF-8 with the mark Excel wants. No cell can be run as a formula, and long
numbers stay whole when Excel opens the file (see `safe.csv_text`).
"""

from __future__ import annotations

import csv
from typing import TextIO

from fupin_audit.report.finding import blamed, findings
from fupin_audit.report.remarks import told
from fupin_audit.report.safe import csv_text
from fupin_audit.report.view import FindingView, View
from fupin_audit.report.words import SEVERITY, Lang, say, word

_COLUMNS = (
    ("疑点编号", "finding"), ("县", "county"), ("乡镇", "township"), ("行政村", "village"),
    ("户编号", "household"), ("户主姓名", "head"), ("姓名", "name"), ("人口编号", "person"),
    ("级别", "severity"), ("规则编号", "rule"), ("疑点", "title"), ("说明", "message"),
    ("字段", "field"), ("现填值", "value"), ("建议", "advice"), ("文件", "file"),
    ("工作表", "sheet"), ("行", "row"), ("单元格", "cell"), ("建议值", "suggestion"),
    ("建议值把握", "sureness"), ("建议值理由", "reason"),
)  # fmt: skip
_MARK = "\ufeff"


def to_csv(view: View, stream: TextIO) -> None:
    """Write the list to a stream opened as plain UTF-8 with `newline=""`.

    Values are masked unless the view reveals them.
    """
    stream.write(_MARK)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([say(column, view.lang) for column in _COLUMNS])
    for finding in findings(view):
        writer.writerows(_rows(finding, view.lang))


def _rows(finding: FindingView, lang: Lang) -> list[list[str]]:
    before = [
        finding.number, *finding.place, finding.household or "", finding.head, finding.name,
        finding.person or "", word(SEVERITY, finding.severity, lang), finding.rule,
        finding.title, told(finding, lang),
    ]  # fmt: skip
    after = [
        finding.advice, finding.file, finding.sheet or "",
        "" if finding.row is None else str(finding.row),
    ]  # fmt: skip
    return [
        [
            csv_text(text)
            for text in (*before, field, value, *after, cell, *_suggested(finding, field))
        ]
        for field, value, cell, _ in blamed(finding, lang)
    ]


def _suggested(finding: FindingView, field: str) -> tuple[str, str, str]:
    one = finding.suggestion
    if one is None or one.field != field:
        return "", "", ""
    return one.value, one.confidence, one.why
