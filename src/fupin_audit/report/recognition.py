"""What was read and what it was taken for, line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from fupin_audit.model.recognised import Recognised
from fupin_audit.report.finding import label
from fupin_audit.report.view import View
from fupin_audit.report.words import SET_ASIDE, say, word

_HEADERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One sheet. `reason` says why it was not used, empty if it was."""

    name: str
    hidden: bool
    reason: str = ""
    tables: tuple[str, ...] = ()
    header: str = ""
    rows: int = 0
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class FileLine:
    file: str
    sha256: str
    error: str | None
    notes: tuple[str, ...] = ()
    sheets: list[SheetLine] = field(default_factory=list)


def file_lines(view: View) -> list[FileLine]:
    """Return every input with its sheets, used ones first."""
    result = view.result
    lines = {s.file: FileLine(s.file, s.sha256, s.error, s.notes) for s in result.dataset.files}
    for sheet in result.dataset.sheets:
        line = lines.setdefault(sheet.raw.file, FileLine(sheet.raw.file, "", None))
        line.sheets.append(_used(view, sheet))
    for skipped in result.recognition.skipped:
        line = lines.setdefault(skipped.file, FileLine(skipped.file, "", None))
        line.sheets.append(SheetLine(skipped.sheet or "", skipped.hidden, skipped.reason))
    return list(lines.values())


def _used(view: View, sheet: Recognised) -> SheetLine:
    tables, lang = view.result.pack.tables, view.lang
    names = [label(tables[t].label, lang) if t in tables else t for t in sheet.tables]
    rows = sheet.header_rows
    header = str(rows[0]) if len(rows) == 1 else f"{rows[0]}–{rows[-1]}" if rows else "?"
    name = sheet.raw.name or say(("（整个文件）", "(whole file)"), lang)
    return SheetLine(
        name, sheet.raw.hidden, "", tuple(names), header, len(sheet.rows),
        tuple(_notes(view, sheet)),
    )  # fmt: skip


def _notes(view: View, sheet: Recognised) -> list[str]:
    lang, notes = view.lang, [*sheet.notes, *sheet.raw.notes]
    reasons = Counter(aside.reason for aside in sheet.set_aside)
    if reasons:
        parts = [f"{word(SET_ASIDE, name, lang)} {count:,}" for name, count in reasons.items()]
        told = "、".join(parts) if lang == "zh" else ", ".join(parts)
        notes.append(say((f"不作数据：{told}", f"set aside: {told}"), lang))
    if sheet.unmatched:
        told = _some([header for header, _ in sheet.unmatched], view)
        notes.append(say((f"没认出的列：{told}", f"unknown columns: {told}"), lang))
    if sheet.duplicates:
        told = _some([match.header for match in sheet.duplicates], view)
        notes.append(say((f"重复的列：{told}", f"duplicate columns: {told}"), lang))
    return notes


def _some(headers: list[str], view: View) -> str:
    zh = view.lang == "zh"
    told = ("、" if zh else ", ").join(headers[:_HEADERS_SHOWN])
    if len(headers) <= _HEADERS_SHOWN:
        return told
    return told + (f" 等 {len(headers)} 列" if zh else f" … {len(headers)} in all")
