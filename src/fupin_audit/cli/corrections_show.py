"""What `corrections apply` and `status` show: tables on the screen, and json."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import hexdigits
from typing import Any

from fupin_audit import __version__
from fupin_audit.cli.deliver import stream_to
from fupin_audit.cli.ledger_tables import Column, Pair, table
from fupin_audit.corrections import form
from fupin_audit.corrections.apply.fates import Fate, Fresh
from fupin_audit.corrections.apply.returned import Returned, Unusable
from fupin_audit.corrections.apply.work import Work, counted
from fupin_audit.domain.characters import tidy
from fupin_audit.domain.reason import english
from fupin_audit.errors import one_line
from fupin_audit.ledger.query import Row
from fupin_audit.ledger.states import STATES
from fupin_audit.model.dataset import written
from fupin_audit.model.sheet import address
from fupin_audit.report.masking import mask_register, masker
from fupin_audit.report.words import Lang, say

_RANK = {"applied": 0, "refused": 1, "conflict": 2, "nothing": 3, "unanswered": 4}

_HOW_FAR = {
    "applied": "已答复", "refused": "没答全", "conflict": "答复不一", "nothing": "已答复",
    "unanswered": "未答复",
}  # fmt: skip
_MISSING = "少了这一行"
_ENGLISH = {
    "已采用": "taken", "已确认属实": "confirmed as true", "无法核实": "could not be verified",
    "未采用": "not taken", "冲突": "in conflict", "未答复": "not answered",
    "无需处理": "nothing to do", "已答复": "answered", "没答全": "answered in part",
    "答复不一": "answers differ", _MISSING: "line is missing", "情况属实": "true as it stands",
    "已更正": "corrected",
}  # fmt: skip
"""What the lists call things in Chinese, on the screen."""
_COLON: Pair = ("：", ": ")
_NEXT = (
    "\n确认无误后加 --write 文件夹 写出更正件；要直接改原表用 --in-place。",
    "\nIf this is right, write corrected copies with --write FOLDER; --in-place changes the "
    "registers themselves.",
)


def _of(key: str) -> Any:
    return lambda row: "" if row[key] is None else str(row[key])


def _both(key: str) -> Any:
    return lambda row: (row[key] or "", _ENGLISH.get(row[key], row[key] or ""))


def _why(row: Mapping[str, Any]) -> Pair:
    """Return why, and what the second check says. A reason of the reply staff get is
    Chinese where it knows no English."""
    why = [text for text in (row["reason"], row["todo"]) if text]
    fresh = "；".join(f"{one['rule']} {one['message']}" for one in row["new_findings"])
    checked = {True: "the finding is gone", False: "still at fault"}.get(row["cleared"], "")
    brought = ", ".join(dict.fromkeys(one["rule"] for one in row["new_findings"]))
    if brought:
        checked += f"; brings {len(row['new_findings'])} new findings ({brought})"
    return (
        " ".join(filter(None, ("。".join(why), row["recheck"], fresh))),
        " ".join(filter(None, (". ".join(map(english, why)), checked))),
    )


_WHICH = (
    Column(("行", "Row"), _of("row"), True),
    Column(("疑点编号", "Number"), _of("number")),
    Column(("户编号", "Household"), _of("household")),
    Column(("字段", "Field"), lambda row: form.shown_field(row["field"])),
)
_LINES = (
    *_WHICH,
    Column(("更正值", "New value"), _of("value")),
    Column(("结果", "Result"), _both("result")),
    Column(("原因、复核", "Why, and the second check"), _why),
)
_STANDING = (
    *_WHICH,
    Column(("处理结果", "Answer"), _both("answer")),
    Column(("填写", "Filled in"), _both("standing")),
    Column(("说明", "Remark"), lambda row: (row["reason"], english(row["reason"]))),
    Column(
        ("台账", "Ledger"),
        lambda row: STATES[row["state"]] if row["state"] else ("没有记录", "no record"),
    ),
)


def _counts(counts: Mapping[str, int], none: Pair, lang: Lang) -> str:
    """Return how many of what, in one line."""
    told = (say((name, _ENGLISH.get(name, name)), lang) for name in counts)
    mark = say(("　", ", "), lang)
    return mark.join(f"{n} {c}" for n, c in zip(told, counts.values(), strict=True)) or say(
        none, lang
    )


def _unusable(bad: Sequence[Unusable], lang: Lang) -> None:
    head = say(("读不了：", "Cannot be read: "), lang)
    for one in bad:
        print(f"{head}{one_line(str(one.path))}{say(_COLON, lang)}{one.why}。{one.hint}")


def console(work: Work, written_: Sequence[Path], done: bool, lang: Lang) -> None:
    """Show what became of the lines, or what would become of them."""
    result = work.before.result
    edits = {edit[:4] for f in work.fates if f.correction for edit in f.edits}
    print(say((
        f"{'已按清单更正' if done else '试算：原表和台账都没有动'}　{len(work.lists)} 份清单，"
        f"{len(work.fates)} 行，数据时点 {result.as_of}",
        f"{'Corrected by the lists' if done else 'Trial: registers and ledger are as they were'}; "
        f"{len(work.lists)} lists, {len(work.fates)} lines, as of {result.as_of}",
    ), lang))  # fmt: skip
    print(_counts(work.counts, ("没有要做的", "nothing to do"), lang))
    before, after = len(result.findings), len(work.after.result.findings)
    if edits:
        print(say((
            f"{'改了' if done else '要改'} {len(edits)} 个单元格，"
            f"疑点 {before} → {after} 条（连带消除 {work.compared.cleared} 条）",
            f"{len(edits)} cells {'changed' if done else 'to change'}, "
            f"findings {before} → {after} ({work.compared.cleared} of them cleared besides)",
        ), lang))  # fmt: skip
    for text in work.said:
        print(say(("提示：", "Note: "), lang) + one_line(text))
    _unusable(work.bad, lang)
    for one in work.lists:
        fates = sorted(work.of(one), key=lambda f: _RANK[f.outcome])
        # A line with a mere note is open still, but somebody wrote something there.
        shown = [f for f in fates if f.outcome != "unanswered" or (f.line and f.said.note)]
        rows = [_line(work, fate) for fate in shown]
        left = sum(fate.outcome == "unanswered" for fate in fates)
        print()
        notes = "".join(f"（{text}）" for text in one.notes)
        open_ = say((f"　未答复 {left} 行", f"  {left} lines not answered"), lang)
        print(f"{one_line(one.path.name)}{notes}" + (open_ if left else ""))
        if rows:
            table(_LINES, rows, lang)
    if work.compared.elsewhere:
        print(say(("\n别处新出现的疑点：", "\nNew findings elsewhere:"), lang))
        for fresh in work.compared.elsewhere:
            print(f"  {fresh.number} {fresh.rule} {fresh.household} {one_line(fresh.message)}")
    if written_:
        print()
    for path in written_:
        print(say(("写出：", "Written: "), lang) + one_line(str(path)))
    if not done:
        print(say(_NEXT, lang))


def as_json(work: Work, written_: Sequence[Path], done: bool, out: Path | None) -> None:
    """Write what became of every line; the shape is told in docs/corrections-apply.md."""
    result = work.before.result
    told = {
        "format": "fupin-audit.corrections.apply/1",
        "engine": result.engine,
        "pack": {
            "id": result.pack.id, "version": result.pack.version, "digest": result.pack.digest,
        },
        "as_of": result.as_of.isoformat(),
        "region": result.region.code,
        "dry_run": not done,
        "counts": work.counts,
        "findings": {
            "before": len(result.findings), "after": len(work.after.result.findings),
            "cleared_besides": work.compared.cleared,
            "new_elsewhere": [_fresh(one) for one in work.compared.elsewhere],
        },
        "notes": work.said,
        "unreadable": _bad(work.bad),
        "lists": [
            {
                **_list(one), "counts": counted(work.of(one)),
                "lines": [_line(work, fate) for fate in work.of(one)],
            }
            for one in work.lists
        ],
        "written": [str(path) for path in written_],
    }  # fmt: skip
    _dump(told, out)


def status(
    lists: Sequence[Returned], bad: Sequence[Unusable], fates: Sequence[Fate],
    rows: Mapping[str, Row], form_: str, out: Path | None, lang: Lang,
) -> None:  # fmt: skip
    """Show how far lists are filled in, and what the ledger says of their findings."""
    starts = {mark[: form.NUMBER_LENGTH]: row.state for mark, row in rows.items()}
    told = []
    for one in lists:
        lines = [_standing(f, starts) for f in fates if f.source is one]
        told.append({
            **_list(one), "counts": dict(Counter(line["standing"] for line in lines)),
            "lines": lines,
        })  # fmt: skip
    if form_ == "json":
        shape = "fupin-audit.corrections.status/1"
        _dump({"format": shape, "engine": __version__, "unreadable": _bad(bad), "lists": told}, out)
        return
    _unusable(bad, lang)
    for shown in told:
        counts = _counts(shown["counts"], ("没有一行", "no lines"), lang)
        print(f"{one_line(Path(shown['file']).name)}{say(('　', '  '), lang)}{counts}")
        for note in shown["notes"]:
            print(f"  {note}")
        table(_STANDING, shown["lines"], lang)
        print()


def _standing(fate: Fate, states: Mapping[str, str]) -> dict[str, Any]:
    standing = _HOW_FAR[fate.outcome] if fate.line else _MISSING
    return {
        "row": fate.line.row if fate.line else None, "number": _number(fate),
        "fingerprint": fate.fingerprint or None, "field": fate.field,
        "household": mask_register(fate.given("户编号")) or None,
        "rule": fate.given("规则编号"), "answer": fate.answer, "standing": standing,
        "reason": fate.reason, "todo": fate.todo, "state": states.get(fate.number),
    }  # fmt: skip


def _list(one: Returned) -> dict[str, Any]:
    header = one.header
    return {
        "file": str(one.path), "list": header.list or None if header else None,
        "run": header.run or None if header else None,
        "audience": header.audience if header else None,
        "made": header.made if header else None, "notes": one.notes,
    }  # fmt: skip


def _line(work: Work, fate: Fate) -> dict[str, Any]:
    mask = masker(work.before.result.pack, "masked")
    finding, slip = fate.finding, fate.slip
    at = finding.table if finding else slip.table if slip else ""
    value = fate.after if fate.correction else tidy(written(fate.said.value))
    return {
        "row": fate.line.row if fate.line else None,
        "number": _number(fate),
        "fingerprint": fate.fingerprint or None,
        "rule": finding.rule if finding else fate.given("规则编号") or None,
        "household": mask_register(fate.given("户编号")) or None,
        "field": fate.field,
        "answer": fate.answer,
        "value": mask(at, fate.field, value) or None,
        "outcome": fate.outcome,
        "result": fate.result,
        "reason": fate.reason,
        "todo": fate.todo,
        "recheck": fate.recheck,
        "cleared": {"cleared": True, "still": False}.get(fate.verdict),
        "new_findings": [_fresh(one) for one in fate.fresh],
        "cells": [
            {"file": e.file, "sheet": e.sheet, "cell": address(e.row, e.column)} for e in fate.edits
        ],
    }


def _number(fate: Fate) -> str:
    """Return a line's number; what is none may be anything somebody typed there."""
    right = len(fate.number) == form.NUMBER_LENGTH and not set(fate.number) - set(hexdigits)
    return fate.number if right or not fate.number else "（不是编号）"


def _fresh(one: Fresh) -> dict[str, str]:
    return {
        "number": one.number, "rule": one.rule, "title": one.title, "message": one.message,
        "household": one.household,
    }  # fmt: skip


def _bad(some: Sequence[Unusable]) -> list[dict[str, str]]:
    return [{"file": str(one.path), "reason": one.why, "todo": one.hint} for one in some]


def _dump(told: Mapping[str, Any], out: Path | None) -> None:
    with stream_to(out) as stream:
        json.dump(told, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
