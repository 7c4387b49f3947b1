"""Correct cells of an xlsx package and leave every other byte of content as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from fupin_audit.corrections.patch.book import Book, free_title, is_numbered, links_of_root
from fupin_audit.corrections.patch.cells import Unwritable, cell_xml, day_zero
from fupin_audit.corrections.patch.change import LOG_SHEET, Change, Outcome, Refused, no_such_sheet
from fupin_audit.corrections.patch.log import HEADINGS, log_cells, log_rows, log_sheet
from fupin_audit.corrections.patch.parts import SheetParts
from fupin_audit.corrections.patch.rows import rewritten
from fupin_audit.corrections.patch.styles import Styles
from fupin_audit.corrections.patch.survey import Place, Surveyed, survey
from fupin_audit.corrections.patch.xml import relation_namespace
from fupin_audit.corrections.patch.zip import Content, copy_with
from fupin_audit.read.guards import check_package, check_parts, inflate, open_zip

_STYLES = "xl/styles.xml"
_IN_TABLE_HEAD = "是“表格”（套用表格格式）的列名，改了会使文件损坏；请在 Excel 里改"


@dataclass(slots=True)
class _Work:
    """What the writing gathers."""

    done: list[Change] = field(default_factory=list)
    checked: list[Change] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    replaced: dict[str, Content] = field(default_factory=dict)
    added: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    formulas: bool = False
    lost: int = 0
    moved: int = 0


def write_package(source: Path, aside: Path, changes: list[Change], limit: int) -> Outcome:
    """Write the package with the changes and the log sheet.

    Args:
        source: The workbook.
        aside: Where to write.
        changes: No two of them contradict one another.
        limit: Most bytes the workbook may unpack to.

    Raises:
        InputError: The workbook cannot be read, or a sheet is not in it.
    """
    with source.open("rb") as file, open_zip(file) as archive:
        check_package(archive, limit)
        check_parts(archive, file, limit)
        book = Book(file, archive, limit)
        styles = Styles(book.find(_STYLES))
        work = _Work()
        by_sheet: dict[str, list[Change]] = {}
        for change in changes:
            if change.sheet is None or change.sheet not in book.titles:
                raise no_such_sheet(source, change.sheet)
            by_sheet.setdefault(change.sheet, []).append(change)
        for title, own in by_sheet.items():
            _sheet(book, styles, title, own, work)
        if work.done:
            said = _finished(book, styles, source, work)
            copy_with(file, archive, aside, work.replaced, work.added, work.dropped)
            return Outcome(tuple(work.done), tuple(work.checked), said, tuple(work.refused))
    return Outcome(refused=tuple(work.refused))


def _pieces(book: Book, name: str) -> Callable[[], Iterator[bytes]]:
    part = book.parts[name.casefold()]
    return lambda: inflate(book.file, part, book.limit)


def _sheet(book: Book, styles: Styles, title: str, changes: list[Change], work: _Work) -> None:
    name = book.titles[title]
    parts = SheetParts(_pieces(book, name))
    placed = _anchored(changes, parts.merges)
    heads = book.table_heads(name)
    seen = survey(parts, placed.keys())
    work.formulas = work.formulas or seen.formulas
    since = day_zero(book.since_1904)
    cells: dict[Place, bytes] = {}
    for at, wanted in placed.items():
        why = seen.barred.get(at, "")
        if any(top <= at[0] <= low and left <= at[1] <= right for top, left, low, right in heads):
            why = _IN_TABLE_HEAD
        if len({(type(change.value), change.value) for change in wanted}) > 1:
            why = "几处更正落在同一个合并单元格，新值不同，都没有改"
        spot, value = seen.spots[at], wanted[0].value
        if not why:
            try:
                cells[at] = cell_xml(parts.tags.prefix, *at, spot.style, value, styles, since)
            except Unwritable as problem:
                why = str(problem)
        if why:
            work.refused += [Refused(change, why) for change in wanted]
            continue
        work.done += wanted
        work.checked.append(Change(title, *at, value, ()))
        work.moved += sum((change.row, change.column) != at for change in wanted)
        work.lost += spot.formula
    if cells:
        heirs = _heirs(seen, cells)
        work.replaced[name] = partial(rewritten, parts, cells, heirs, seen.rows)


def _heirs(seen: Surveyed, cells: dict[Place, bytes]) -> dict[Place, bytes]:
    return {at: formula for at, formula in seen.heirs.items() if at not in cells}


def _anchored(
    changes: list[Change], merges: list[tuple[int, int, int, int]]
) -> dict[Place, list[Change]]:
    """Return the changes by the cell that holds the value: of merged cells the first."""
    rows: dict[int, list[tuple[int, int, int, int]]] = {}
    wanted = {change.row for change in changes}
    for merge in merges:
        for row in range(merge[0], merge[2] + 1) if merge[2] - merge[0] < 1 << 16 else ():
            if row in wanted:
                rows.setdefault(row, []).append(merge)
    placed: dict[Place, list[Change]] = {}
    for change in changes:
        at = change.row, change.column
        for top, left, _, right in rows.get(change.row, ()):
            if left <= change.column <= right:
                at = top, left
        placed.setdefault(at, []).append(change)
    return placed


def _finished(book: Book, styles: Styles, source: Path, work: _Work) -> tuple[str, ...]:
    """Add the log, and make the rest of the package agree; say what there is to say."""
    said = []
    strict = "purl.oclc.org" in relation_namespace(book.book)
    new_sheets = _log(book, source, work, strict)
    work.formulas = work.formulas or _any_formula(book, work.replaced.keys())
    if work.moved:
        said.append(f"有 {work.moved} 处落在合并单元格里，已写进合并区域的第一格")
    if work.lost:
        said.append(f"有 {work.lost} 格原来是公式，已换成更正值，公式不再保留")
    if work.formulas:
        book.recalculated()
        said.append(
            "工作簿里有公式：用 Excel 或 WPS 打开会自动重算（LibreOffice 里按 Ctrl+Shift+F9），"
            "存一次盘后再核查"
        )
        if book.chain:
            work.dropped.add(book.chain)
            links = book.named("xl/_rels/workbook.xml.rels")
            data = work.replaced.get(links)
            old = data if isinstance(data, bytes) else book.part(links.casefold())
            work.replaced[links] = book.without_links(old, "xl/workbook.xml", work.dropped)
    if signed := book.signatures:
        work.dropped |= signed
        root = book.named(links_of_root())
        work.replaced[root] = book.without_links(book.part(links_of_root()), "", signed)
        said.append("原文件有数字签名，内容改了签名就作废，副本里已去掉")
    if new_sheets or work.dropped:
        types = book.types(new_sheets, work.dropped)
        work.replaced[book.named("[content_types].xml")] = types
    if new_sheets or work.formulas:
        work.replaced[book.named("xl/workbook.xml")] = book.book
    if changed := styles.changed():
        work.replaced[book.named(_STYLES)] = changed
    return tuple(said)


def _log(book: Book, source: Path, work: _Work, strict: bool) -> set[str]:
    """Put the lines into the log sheet; return the part made for it, if one was."""
    rows = log_rows(work.done)
    own = next((t for t in book.titles if is_numbered(t, LOG_SHEET) and _is_log(source, t)), None)
    if own is None:
        name, links = book.with_sheet(free_title(set(book.titles), LOG_SHEET))
        work.added[name] = log_sheet(rows, strict)
        work.replaced |= {book.named(link): data for link, data in links.items()}
        return {name}
    name = book.titles[own]
    parts = SheetParts(_pieces(book, name))
    last = survey(parts, frozenset()).last_row
    cells = log_cells(rows, last + 1, parts.tags.prefix)
    work.replaced[name] = partial(rewritten, parts, cells, {}, frozenset())
    return set()


def _is_log(source: Path, title: str) -> bool:
    """Tell our own log by its headings."""
    from python_calamine import CalamineWorkbook

    with source.open("rb") as file:  # given a path, the extension would be believed
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_name(title)
        first = next(iter(sheet.to_python(nrows=1, skip_empty_area=False)), [])
    return [str(cell).strip() for cell in first[: len(HEADINGS)]] == list(HEADINGS)


def _any_formula(book: Book, known: Set[str]) -> bool:
    if book.chain:
        return True
    for name in book.titles.values():
        if name in known:
            continue
        last = b""
        for piece in _pieces(book, name)():
            if b"</f>" in (chunk := last + piece) or b"<f " in chunk or b":f>" in chunk:
                return True
            last = piece[-8:]
    return False
