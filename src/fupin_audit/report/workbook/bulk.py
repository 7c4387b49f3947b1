"""Long lists laid into a workbook a hundred thousand rows at a time.

The library that makes our workbooks spends most of its time turning single
cells into objects and back. So it makes the whole workbook with a few pattern
rows in place of a long list; here the list's rows are written in the patterns'
styles straight into the sheet's XML, in one pass and in constant memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile

from fupin_audit.model.sheet import column_letter
from fupin_audit.report.lines import row_height, width_of
from fupin_audit.report.safe import CELL_LIMIT, cell_text, visible

LINK_LIMIT = 65_530
"""Links a sheet of Excel can hold."""

OWN = "\x00"
"""Stands for the text a row does not share; never more than a line of letters
and digits."""

_NUMBER = "\x01"  # stands for the row's number; as OWN, no text of a workbook can hold it
_LEVEL = 3  # quicker than 4 on such rows, and no larger
_BATCH = 4_000
_REMEMBERED = 20_000
_PLAIN = re.compile(r"[^=+\-@＝＋－＠\s&<>\x00-\x1f\x7f-\x9f_\ud800-\udfff\ufffe\uffff]"
                    r"[^&<>\x00-\x09\x0b-\x1f\x7f-\x9f_\ud800-\udfff\ufffe\uffff]*")  # fmt: skip
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)" s="(\d+)"(?:[^>]*/>|.*?</c>)')
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Not from xml.sax: it loads the web's protocols, and a short run is a second long.
_MARKS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTED = _MARKS | str.maketrans({'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
_LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Link:
    """A place in another workbook: file relative to ours, and `'表'!H12`."""

    file: str
    place: str


class Row(NamedTuple):
    """One row: which pattern, the texts, and the link of the last column.

    Where many rows differ in one short text alone, they share `texts`, which
    holds `OWN` once, in its place.
    """

    pattern: int
    texts: tuple[str, ...]
    link: Link | None = None
    own: str = ""


@dataclass(frozen=True, slots=True)
class BulkSheet:
    """A sheet whose rows from `first` (as Excel numbers) on are patterns, to be
    replaced by the next `count` of `rows`. `widths` are those of the columns filled.

    `filled`: That many cells of a pattern take a row's texts, None is all; those
    after them stay as they are, formulas of the row above all. Where a pattern
    holds a number, a row's text is one.
    `exact`: The texts are for programs, and kept to the letter.
    """

    number: int
    first: int
    count: int
    rows: Iterator[Row]
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
            place = _quoted(link.place)
            self.cells.append(f'<hyperlink ref="{cell}" r:id="rId{number}" location={place}/>')


def lay_in(skeleton: Path | IO[bytes], path: Path | IO[bytes], sheets: Sequence[BulkSheet]) -> None:
    """Copy a workbook, laying the rows into its bulk sheets."""
    parts = {f"xl/worksheets/sheet{sheet.number}.xml": sheet for sheet in sheets}
    with (
        ZipFile(skeleton) as source,
        ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as target,
    ):
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, sheet in parts.items():
            links = _Links()
            with target.open(name, "w", force_zip64=True) as out:
                _write_sheet(out, source.read(name).decode(), sheet, links)
            if links.files:
                folder, _, file = name.rpartition("/")
                target.writestr(f"{folder}/_rels/{file}.rels", _relations(links))


def _write_sheet(out: IO[bytes], xml: str, sheet: BulkSheet, links: _Links) -> None:
    start, end = xml.index(f'<row r="{sheet.first}"'), xml.index("</sheetData>")
    patterns = [_pattern(row, sheet.filled) for row in xml[start:end].split("</row>") if row]
    columns = xml[start:end].partition("</row>")[0].count("<c ")
    last = column_letter(columns - 1)
    size = f'<dimension ref="A1:{last}{max(1, sheet.first + sheet.count - 1)}"/>'
    out.write(re.sub(r"<dimension [^>]*/>", size, xml[:start], count=1).encode())
    lines = _lines(sheet, patterns, links, last)
    with ThreadPoolExecutor(1) as packer:  # packing needs no lock: it goes on beside
        packed = packer.submit(out.write, b"")
        while batch := "".join(islice(lines, _BATCH)).encode():
            packed.result()
            packed = packer.submit(out.write, batch)
        packed.result()
    tail = xml[end:]
    if links.cells:
        at = re.search(r"<(printOptions|pageMargins|pageSetup|headerFooter|/worksheet)\b", tail)
        assert at is not None
        added = f"<hyperlinks>{''.join(links.cells)}</hyperlinks>"
        tail = tail[: at.start()] + added + tail[at.start() :]
    out.write(tail.encode())


def _lines(sheet: BulkSheet, patterns: Sequence[str], links: _Links, last: str) -> Iterator[str]:
    known: dict[str, tuple[str, int]] = {}
    shared: dict[tuple[str, ...], tuple[list[str], list[str]]] = {}
    for number, row in enumerate(islice(sheet.rows, sheet.count), sheet.first):
        if row.own:
            template = shared.get(row.texts)
            if template is None:
                filled = _filled(patterns[row.pattern], row.texts, sheet.widths, known)
                before, _, after = filled.partition(OWN)
                template = before.split(_NUMBER), after.split(_NUMBER)
                shared[row.texts] = template
                if len(shared) > _REMEMBERED:
                    shared.clear()
            digits = str(number)  # joined in: format() takes five times as long
            yield digits.join(template[0]) + row.own + digits.join(template[1])
        else:
            told = [known.get(text) or _told(text, known, sheet.exact) for text in row.texts]
            full = [wide / width for (_, wide), width in zip(told, sheet.widths, strict=True)]
            texts = [text for text, _ in told]
            yield patterns[row.pattern].format(number, row_height(max(full)), *texts)
        if row.link is not None:
            links.add(f"{last}{number}", row.link)


def _filled(
    pattern: str, texts: tuple[str, ...], widths: Sequence[int], known: dict[str, tuple[str, int]]
) -> str:
    """Return the template of rows alike: left open are its number and `OWN`."""
    told = [(OWN, 1) if text == OWN else known.get(text) or _told(text, known) for text in texts]
    full = max(wide / width for (_, wide), width in zip(told, widths, strict=True))
    return pattern.format(_NUMBER, row_height(full), *[text for text, _ in told])


def _pattern(row: str, filled: int | None) -> str:
    """Return the template of a row: its number, its height, its texts."""
    told, slot = [], 2
    for i, cell in enumerate(_CELL.finditer(row)):
        letter, number, style = cell.groups()
        head = f'<c r="{letter}{{0}}" s="{style}"'
        if "<v>" in cell.group() and "<f>" not in cell.group():
            told.append(f"{head}><v>{{{slot}}}</v></c>")
        elif filled is None or i < filled:
            text = f'<t xml:space="preserve">{{{slot}}}</t>'
            told.append(f'{head} t="inlineStr"><is>{text}</is></c>')
        else:
            kept = cell.group().replace("{", "{{").replace("}", "}}")
            told.append(re.sub(rf"(?<=[A-Z]){number}(?!\d)", "{0}", kept))
            continue
        slot += 1
    return f'<row r="{{0}}" ht="{{1}}">{"".join(told)}</row>'


def _told(text: str, known: dict[str, tuple[str, int]], exact: bool = False) -> tuple[str, int]:
    """Return the text as XML and how many narrow characters wide it is."""
    if _PLAIN.fullmatch(text) and len(text) <= CELL_LIMIT:
        told = text
    else:
        fit = visible(text)[:CELL_LIMIT] if exact else cell_text(text)
        told = _ESCAPE_LIKE.sub("_x005F_", fit).translate(_MARKS)
    made = told, width_of(text)
    if len(known) < _REMEMBERED:
        known[text] = made
    return made


def _relations(links: _Links) -> str:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINK_TYPE}" '
        f'Target={_quoted(_address(file))} TargetMode="External"/>'
        for file, number in links.files.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Relationships xmlns="{_RELATIONS}">{told}</Relationships>'
    )


def _address(file: str) -> str:
    """Escape what an address cannot hold; Chinese stands as it is."""
    return "".join(c if c > "\x7f" else quote(c, safe="/:!$&'()*+,;=@~") for c in file)


def _quoted(text: str) -> str:
    return f'"{text.translate(_QUOTED)}"'
