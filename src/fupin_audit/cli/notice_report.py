"""What became of every row of the lists from above that were imported."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer

from fupin_audit.cli.deliver import stream_to
from fupin_audit.cli.ledger_tables import out, table
from fupin_audit.cli.notice_words import (
    COUNTS,
    CSV,
    LOST,
    NEXT,
    TOWNS,
    UNMATCHED,
    sentence,
)
from fupin_audit.report.words import Lang, say

if TYPE_CHECKING:
    from fupin_audit.report.prints import Ground
    from fupin_audit.report.reached import Reach
    from fupin_audit.report.register import Texts

Row = Mapping[str, Any]
_SHOWN = 50
_ROWS = 9
_TOLD = ("matter", "person_name", "head_name", "due")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger says.

    Attributes:
        run: The run recorded.
        before: Fingerprints it knew before.
        states: Fingerprint → its state now.
        again: The run in which the same files were imported before, None if never.
    """

    run: int
    before: Collection[str]
    states: Mapping[str, str]
    again: int | None


def rows_of(ground: Ground, tables: Collection[str], kept: Kept, *, reveal: bool) -> list[Row]:
    """Return one record per row of the lists, in their order."""
    from fupin_audit.report.masking import mask_free, mask_register, masker
    from fupin_audit.report.register import texts_of

    result, who = ground.result, ground.who
    mask = masker(result.pack, "open" if reveal else "masked")
    number = str if reveal else mask_register
    made: list[Row] = []
    for name in tables:
        data, subjects = result.dataset.tables[name], who.tables[name]
        marks = _marks(ground, name)
        fields: dict[str, list[tuple[str, Texts]]] = defaultdict(list)
        for field, spec in result.pack.tables[name].fields.items():
            if spec.role in _TOLD and (texts := texts_of(data, field)) is not None:
                fields[spec.role].append((field, texts))

        def cell(role: str, row: int, name: str = name, fields: Any = fields) -> str:
            shown = (mask(name, field, texts[row]) for field, texts in fields.get(role, ()))
            return next(filter(None, shown), "")

        for row, reach in enumerate(subjects.reached or []):
            sheet = result.dataset.sheets[int(data.sheet[row])].raw
            mark = marks.get(row, "")
            home = int(subjects.household[row])
            place = who.places[int(subjects.place[row])]
            made.append({
                "file": sheet.file, "sheet": sheet.name, "row": int(data.raw_row[row]) + 1,
                "township": mask_free(place[1]), "village": mask_free(place[2]),
                "household": number(who.households[home]) if home >= 0 else None,
                "name": cell("person_name", row) or cell("head_name", row),
                "problem": cell("matter", row), "due": cell("due", row)[:10] or None,
                "fingerprint": mark or None, "fate": _fate(mark, kept),
                "state": kept.states.get(mark) if mark else None,
                **_matched(ground, reach),
            })  # fmt: skip
    return made


def repeated(ground: Ground, tables: Collection[str], lang: Lang) -> list[str]:
    """Say how many rows say again what a row before them said."""
    own = [text for name in tables for text in ground.who.tables[name].own or []]
    again = len(own) - len(set(own))
    told = (
        f"清单里有 {again} 行重复（同一个人、同一个问题），各记一条",
        f"{again} rows of the lists repeat another (same person, same problem); "
        "each problem is recorded once",
    )
    return [say(told, lang)] if again else []


def unreadable_days(ground: Ground, tables: Collection[str], lang: Lang) -> list[str]:
    """Return on which rows the day to answer by cannot be read: they go by their age
    instead."""
    told = []
    for name in tables:
        data, field = ground.result.dataset.tables[name], ground.result.pack.role(name, "due")
        void = data.void.get(field or "")
        if field is None or void is None:
            continue
        lacking = data.lacking.get(field)
        bad = np.flatnonzero(void if lacking is None else void & ~lacking)
        rows = [str(int(row) + 1) for row in data.raw_row[bad[:_ROWS]]]
        if rows:
            many = len(bad) > _ROWS
            more = (f" 等 {len(bad)} 行", f" ({len(bad)} in all)") if many else (" 行", "")
            said = (
                f"第 {'、'.join(rows)}{more[0]}的“{field}”读不出，没有按时限亮灯；"
                "写成 2026-12-31 再导入一次",
                f"{field} of rows {', '.join(rows)}{more[1]} cannot be read, so their colour goes "
                "by age; write it as 2026-12-31 and import once more",
            )
            told.append(say(said, lang))
    return told


def _marks(ground: Ground, name: str) -> dict[int, str]:
    """Return the fingerprint of each row that is still to be answered."""
    from fupin_audit.packs.shapes import Rule

    rules: Mapping[str, Rule] = ground.result.pack.rules
    return {
        int(row): mark.hex()
        for hits in ground.result.findings.hits
        if hits.table == name and hits.sheet is None and rules[hits.rule].kind == "row"
        for row, mark in zip(hits.rows, hits.prints.digests if hits.prints else [], strict=True)
    }


def _fate(mark: str, kept: Kept) -> str:
    from fupin_audit.ledger import LIVE

    if not mark:
        return "answered"
    state = kept.states.get(mark, "open")
    if mark not in kept.before:
        return "new"
    if state not in LIVE:
        return "closed"
    return "reopened" if state == "reopened" else "known"


def _matched(ground: Ground, reach: Reach) -> dict[str, Any]:
    found = reach.target
    if found is None:
        return {"matched": None, "several": reach.several, "why": reach.why}
    data = ground.result.dataset.tables[found.table]
    sheet = ground.result.dataset.sheets[int(data.sheet[found.row])].raw
    where = {
        "table": found.table, "file": sheet.file, "sheet": sheet.name,
        "row": int(data.raw_row[found.row]) + 1, "by": reach.way,
    }  # fmt: skip
    return {"matched": where, "several": False, "why": ""}


def show(
    rows: list[Row], kept: Kept, notes: list[str], compared: bool, form: str,
    target: Path | None, lang: Lang,
) -> None:  # fmt: skip
    """Show the import."""
    counts = _counted(rows)
    by_place: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_place[row["township"]].append(row)
    towns = [{"township": name, **_counted(some)} for name, some in sorted(by_place.items())]
    if form == "json":
        told = {
            "format": "fupin-audit.notices/1", "run": kept.run, "imported_before": kept.again,
            "compared": compared, "summary": counts, "townships": towns,
            "notes": notes, "rows": rows,
        }  # fmt: skip
        with stream_to(target) as stream:
            json.dump(told, stream, ensure_ascii=False, indent=1)
            stream.write("\n")
        return
    if form == "csv":
        out(CSV, rows, "csv", target, lang)
        return
    _console(rows, counts, towns, kept, notes, lang, compared=compared)


def _console(
    rows: list[Row],
    counts: Mapping[str, int],
    towns: list[dict[str, Any]],
    kept: Kept,
    notes: list[str],
    lang: Lang,
    *,
    compared: bool,
) -> None:
    if kept.again is not None:
        again = (
            f"这份清单第 {kept.again} 次核对时已经导入过：已销号的不重开。",
            f"This list was imported before, in run {kept.again}: what is closed stays closed.",
        )
        typer.echo(say(again, lang))
    head = (
        f"台账第 {kept.run} 次核对。清单 {counts['rows']} 行：",
        f"Run {kept.run} of the ledger. {counts['rows']} rows on the lists: ",
    )
    typer.echo(say(head, lang) + sentence(counts, lang, compared))
    table(TOWNS, towns, lang)
    lost = [row for row in rows if row["matched"] is None]
    if lost and compared:
        print()
        table(LOST, lost[:_SHOWN], lang, say(UNMATCHED, lang))
        if left := max(0, len(lost) - _SHOWN):
            more = (
                f"另有 {left} 行，用 --format csv 或 json 看全部。",
                f"{left} more rows; --format csv or json lists them all.",
            )
            typer.echo(say(more, lang))
    for told in notes:
        typer.echo(say((f"提示：{told}", f"Note: {told}"), lang), err=True)
    typer.echo(say(NEXT, lang))


def _counted(rows: list[Row]) -> dict[str, int]:
    counts = Counter(row["fate"] for row in rows)
    counts["rows"] = len(rows)
    counts["matched"] = sum(row["matched"] is not None for row in rows)
    counts["several"] = sum(row["several"] for row in rows)
    counts["unmatched"] = len(rows) - counts["matched"] - counts["several"]
    return {key: counts[key] for key in COUNTS}
