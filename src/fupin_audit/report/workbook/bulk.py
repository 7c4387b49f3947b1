"""Long lists laid into a workbook a hundred thousand rows at a time.

The library that makes our workbooks spends most of its time turning single
cells into objects and back. So it makes the whole workbook with a few pattern
rows in place of a long list; here the list's rows are written in the patterns'
styles straight into the sheet's XML, in one pass and in constant memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile

from fupin_audit.model.sheet import column_letter
from fupin_audit.report.lines import row_height
from fupin_audit.report.workbook.alike import Alike, SharedStrings, lines_alike
from fupin_audit.report.workbook.cell_xml import CELL, Telling, inline, quoted
from fupin_audit.report.workbook.packing import pack

LINK_LIMIT = 65_530
"""Links a sheet of Excel can hold."""

_LEVEL = 2  # takes two thirds of the time of 3 on such rows, and a hundredth more room
_LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_STRINGS = "xl/sharedStrings.xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Link:
    """A place in another workbook: file relative to ours, and `'表'!H12`."""

    file: str
    place: str


class Row(NamedTuple):
    """One row: which pattern, the texts, and the link of the last column."""

    pattern: int
    texts: tuple[str, ...]
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class BulkSheet:
    """A sheet whose rows from `first` (as Excel numbers) on are patterns, to be
    replaced by the next `count` of `rows`, of which those alike do not go past the
    sheet's end. `widths` are those of the columns filled.

    `filled`: That many cells of a pattern take a row's texts, None is all; those
    after them stay as they are, formulas of the row above all. Where a pattern
    holds a number, a row's text is one.
    `exact`: The texts are for programs, and kept to the letter.
    """

    number: int
    first: int
    count: int
    rows: Iterator[Row | Alike]
    widths: tuple[int, ...]
    filled: int | None = None
    exact: bool = False


@dataclass(slots=True)
class _Links:
    files: dict[str, int] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)

    def add(self, cell: str, link: Link) -> None:
        if len(self.cells) < LINK_LIMIT:
            number = self.files.setdefault(link.file, len(self.files) + 1)
            place = quoted(link.place)
            self.cells.append(f'<hyperlink ref="{cell}" r:id="rId{number}" location={place}/>')


def lay_in(skeleton: Path | IO[bytes], path: Path | IO[bytes], sheets: Sequence[BulkSheet]) -> None:
    """Copy a workbook, laying the rows into its bulk sheets."""
    parts = {f"xl/worksheets/sheet{sheet.number}.xml": sheet for sheet in sheets}
    with (
        ZipFile(skeleton) as source,
        ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as target,
    ):
        for name in source.namelist():
            if name not in parts and name != _STRINGS:
                target.writestr(name, source.read(name))
        strings = SharedStrings(source.read(_STRINGS).decode())
        for name, sheet in parts.items():
            links = _Links()
            with target.open(name, "w", force_zip64=True) as out:
                _write_sheet(out, source.read(name).decode(), sheet, links, strings)
            if links.files:
                folder, _, file = name.rpartition("/")
                target.writestr(f"{folder}/_rels/{file}.rels", _relations(links))
        with target.open(_STRINGS, "w", force_zip64=True) as out:
            pack(out, strings.xml())


def _write_sheet(
    out: IO[bytes], xml: str, sheet: BulkSheet, links: _Links, strings: SharedStrings
) -> None:
    start, end = xml.index(f'<row r="{sheet.first}"'), xml.index("</sheetData>")
    patterns = [row for row in xml[start:end].split("</row>") if row]
    last = column_letter(patterns[0].count("<c ") - 1)
    size = f'<dimension ref="A1:{last}{max(1, sheet.first + sheet.count - 1)}"/>'
    out.write(re.sub(r"<dimension [^>]*/>", size, xml[:start], count=1).encode())
    pack(out, _lines(sheet, patterns, links, last, strings))
    tail = xml[end:]
    if links.cells:
        at = re.search(r"<(printOptions|pageMargins|pageSetup|headerFooter|/worksheet)\b", tail)
        assert at is not None
        added = f"<hyperlinks>{''.join(links.cells)}</hyperlinks>"
        tail = tail[: at.start()] + added + tail[at.start() :]
    out.write(tail.encode())


def _lines(
    sheet: BulkSheet, rows: Sequence[str], links: _Links, last: str, strings: SharedStrings
) -> Iterator[str]:
    tell = Telling(sheet.exact)
    patterns = [_pattern(row, sheet.filled) for row in rows]
    number, end = sheet.first, sheet.first + sheet.count
    while number < end:
        row = next(sheet.rows)
        if isinstance(row, Alike):
            yield from lines_alike(row, rows[row.pattern], number, sheet.widths, tell, strings)
            number += row.count
            continue
        told = [tell(text) for text in row.texts]
        full = [wide / width for (_, wide), width in zip(told, sheet.widths, strict=True)]
        texts = [text for text, _ in told]
        yield patterns[row.pattern].format(number, row_height(max(full)), *texts)
        if row.link is not None:
            links.add(f"{last}{number}", row.link)
        number += 1


def _pattern(row: str, filled: int | None) -> str:
    """Return the template of a row: its number, its height, its texts."""
    told, slot = [], 2
    for i, cell in enumerate(CELL.finditer(row)):
        letter, number, style = cell.groups()
        head = f'<c r="{letter}{{0}}" s="{style}"'
        if "<v>" in cell.group() and "<f>" not in cell.group():
            told.append(f"{head}><v>{{{slot}}}</v></c>")
        elif filled is None or i < filled:
            told.append(head + inline(f"{{{slot}}}") + "</c>")
        else:
            kept = cell.group().replace("{", "{{").replace("}", "}}")
            told.append(re.sub(rf"(?<=[A-Z]){number}(?!\d)", "{0}", kept))
            continue
        slot += 1
    return f'<row r="{{0}}" ht="{{1}}">{"".join(told)}</row>'


def _relations(links: _Links) -> str:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINK_TYPE}" '
        f'Target={quoted(_address(file))} TargetMode="External"/>'
        for file, number in links.files.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Relationships xmlns="{_RELATIONS}">{told}</Relationships>'
    )


def _address(file: str) -> str:
    """Escape what an address cannot hold; Chinese stands as it is."""
    return "".join(c if c > "\x7f" else quote(c, safe="/:!$&'()*+,;=@~") for c in file)
