"""`fupin-audit.check/1`: the result for other programs, written in one pass."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, TextIO

from fupin_audit.domain.reason import reason_in
from fupin_audit.model.recognised import Match, Recognised
from fupin_audit.report.finding import addresses, findings
from fupin_audit.report.totals import Counts, PlaceTotal
from fupin_audit.report.triage import SETTLE
from fupin_audit.report.view import FindingView, View
from fupin_audit.report.words import SEVERITIES

FORMAT = "fupin-audit.check/1"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode


def to_json(view: View, stream: TextIO, *, statistics: bool = False) -> None:
    """Write the result as JSON; with `statistics` without the findings.

    Findings are one per line, so that a list of a million can be read line by
    line as well. Personal values are masked unless the view reveals them.
    """
    head: dict[str, Any] = {
        "format": FORMAT,
        "engine": view.result.engine,
        "pack": pack_json(view),
        "as_of": view.result.as_of.isoformat(),
        "region": view.result.region.code,
        "region_name": view.result.region.name,
        "region_evidence": reason_in(view.result.region.evidence, view.lang),
        "era": view.result.era,
        "masked": not view.reveal,
        "inputs": _inputs(view),
        "summary": _summary(view),
        "coverage": _coverage(view),
        "ledger": asdict(view.result.ledger) if view.result.ledger else None,
    }
    stream.write("{\n")
    for name, value in head.items():
        stream.write(f'"{name}": {encoded(value)},\n')
    if not statistics:
        stream.write('"findings": [')
        for i, finding in enumerate(findings(view)):
            stream.write(",\n  " if i else "\n  ")
            stream.write(encoded(finding_json(view, finding)))
        stream.write("\n],\n")
    log = view.result.dataset.log
    stream.write(f'"cleaning": {encoded({"cells": len(log), "by_recipe": log.by_recipe()})}\n}}\n')


def encoded(value: Any) -> str:
    """Encode; half a surrogate pair, which no UTF-8 file can hold, is replaced."""
    return str(_encode(value)).encode("utf-8", "replace").decode("utf-8")


def pack_json(view: View) -> dict[str, str]:
    """Return which rule pack judged."""
    pack = view.result.pack
    return {"id": pack.id, "version": pack.version, "digest": pack.digest}


def finding_json(view: View, finding: FindingView) -> dict[str, Any]:
    """Return a finding as the format promises it."""
    county, township, village = finding.place
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "severity": finding.severity,
        "title": finding.title,
        "table": finding.table,
        "file": finding.file,
        "sheet": finding.sheet,
        "row": finding.row,
        "cells": addresses(view, finding),
        "household": finding.household,
        "person": finding.person,
        "place": {"县": county, "乡": township, "村": village},
        "fields": finding.fields,
        "values": dict(zip(finding.fields, finding.values, strict=True)),
        "message": finding.message,
        "advice": finding.advice,
        "suggestion": _suggestion(finding),
        "settle": finding.settle,
        "because_of": finding.because_of,
        "stakes": _stakes(finding),
        "state": finding.state,
    }


def _suggestion(finding: FindingView) -> dict[str, str] | None:
    one = finding.suggestion
    if one is None:
        return None
    return {"field": one.field, "value": one.value, "class": one.confidence, "why": one.why}


def _stakes(finding: FindingView) -> dict[str, Any] | None:
    stake = finding.stake
    if stake is None:
        return None
    return {
        "line": stake.line, "line_name": stake.label[0], "per_head": _yuan(stake.per_head),
        "doubt": _yuan(stake.doubt), "flips": stake.flips,
    }  # fmt: skip


def _yuan(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 2)


def _inputs(view: View) -> list[dict[str, Any]]:
    result = view.result
    inputs = []
    for source in result.dataset.files:
        entry: dict[str, Any] = {"file": source.file, "sha256": source.sha256}
        if source.error:
            entry["error"] = source.error
        entry["sheets"] = [
            _sheet(sheet) for sheet in result.dataset.sheets if sheet.raw.file == source.file
        ]
        entry["skipped"] = [
            {"sheet": skipped.sheet, "reason": skipped.reason, "hidden": skipped.hidden}
            for skipped in result.recognition.skipped
            if skipped.file == source.file
        ]
        inputs.append(entry)
    return inputs


def _sheet(sheet: Recognised) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    beside: list[dict[str, str]] = []
    for (table, name), match in sorted(sheet.matches.items(), key=lambda item: item[1].column):
        column = _match(match)
        if name in columns and columns[name] != column:
            beside.append({"field": name, "table": table, **column})
        columns.setdefault(name, column)
    doubles = [{"field": match.field, **_match(match)} for match in sheet.duplicates]
    return {
        "sheet": sheet.raw.name,
        "hidden": sheet.raw.hidden,
        "table": sheet.table,
        "also": sheet.also,
        "header_rows": sheet.header_rows,
        "rows": len(sheet.rows),
        "set_aside": len(sheet.set_aside),
        "columns": columns,
        "last_year": {field: _match(match) for (_, field), match in sheet.last_year.items()},
        "duplicates": beside + doubles,
        "unmatched": [header for header, _ in sheet.unmatched],
        "missing": list(dict.fromkeys(field for _, field in sheet.missing)),
    }


def _match(match: Match) -> dict[str, str]:
    return {"header": match.header, "cell": match.cell}


def _summary(view: View) -> dict[str, Any]:
    totals = view.totals
    return {
        "households": totals.households,
        "members": totals.members,
        "findings": totals.findings,
        "households_concerned": totals.concerned,
        "by_severity": totals.by_severity,
        "by_rule": totals.by_rule,
        "by_audit_item": {str(item): _by(counts) for item, counts in totals.by_item.items()},
        "households_at_stake": len(totals.at_stake),
        "households_by_settle": _work(totals.settle),
        "by_place": [_place(village) for village in totals.by_village],
    }


def _place(total: PlaceTotal) -> dict[str, Any]:
    county, township, village = total.place
    return {
        "县": county, "乡": township, "村": village, "findings": total.findings,
        **_by(total.counts), "households": total.households,
        "households_concerned": total.concerned, "households_by_settle": _work(total.settle),
    }  # fmt: skip


def _work(counts: Counts) -> dict[str, int]:
    return dict(zip(SETTLE, counts, strict=True))


def _by(counts: Counts) -> dict[str, int]:
    return dict(zip(SEVERITIES, counts, strict=True))


def _coverage(view: View) -> list[dict[str, Any]]:
    return [
        {
            "rule": one.rule, "evaluated": one.evaluated, "passed": one.passed,
            "violated": one.violated, "unknown": one.unknown,
            "skipped": one.skipped and reason_in(one.skipped, view.lang),
        }
        for one in view.result.findings.coverage
    ]  # fmt: skip
