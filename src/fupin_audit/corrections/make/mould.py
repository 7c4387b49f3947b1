"""One workbook that all lists are cast from.

The library that makes our workbooks takes as long over one of them, most of it
the same in every list, as a thousand lines do to write. So it makes one with slots
where lists differ and sample rows in place of the rows; a list is that workbook
with the slots filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from fupin_audit.report.workbook.cell_xml import CELL, Telling, Told
from fupin_audit.report.workbook.packing import pack

LAST = 1_048_575
"""Row, as Excel numbers them, that stands for a list's last one: the mould's ranges
reach to it. Nothing of ours but ranges holds such a number."""

_SLOT = re.compile("\ue000([a-z0-9_]+)\ue001")
_DIMENSION = re.compile(r'<dimension ref="A1:([A-Z]+)\d+"/>')
_COUNTED = re.compile(r'(<dataValidations count=")\d+(">).*(?=</dataValidations>)')
_VALIDATION = re.compile(r"<dataValidation [^>]*(?:/>|(?<!/)>.*?</dataValidation>)")
_GAP = "\x00"  # no XML holds it
_OWN = "<v>0</v>"
_SHORT = 64
_LEVEL = 1  # a third quicker than 3, and a twelfth larger

Pieces = tuple[str, ...]
"""Text and the name of a slot by turns, text first and last."""


def slot(name: str) -> str:
    """Return what stands in the mould where lists differ."""
    return f"\ue000{name}\ue001"


def cut(text: str) -> Pieces:
    """Cut a text of the mould at its slots."""
    return tuple(_SLOT.split(text))


def filled(pieces: Pieces, values: Mapping[str, str]) -> str:
    """Fill the slots of a text."""
    told = list(pieces)
    told[1::2] = [values.get(name, slot(name)) for name in pieces[1::2]]  # else: no slot of ours
    return "".join(told)


@dataclass(frozen=True, slots=True)
class Mould:
    """A workbook with slots. A sheet of rows has two: `rows_N`, and `end_N` for the
    number of its last row.

    Attributes:
        parts: Name → the part's XML, cut at its slots.
        samples: Per sheet of rows its sample rows, as XML.
        validations: What cells are helped with, as XML; slots take their place and
            that of their count, `helped`.
    """

    parts: dict[str, Pieces]
    samples: dict[int, list[str]]
    validations: list[str]


def moulded(skeleton: IO[bytes], firsts: Mapping[int, int]) -> Mould:
    """Make a mould of a workbook.

    Args:
        firsts: Per number of a sheet of rows, its first sample row as Excel numbers.
    """
    made = Mould({}, {}, [])
    names = {f"xl/worksheets/sheet{number}.xml": number for number in firsts}
    with ZipFile(skeleton) as source:
        for name in source.namelist():
            xml = source.read(name).decode()
            if name in names:
                number = names[name]
                start, end = xml.index(f'<row r="{firsts[number]}"'), xml.index("</sheetData>")
                made.samples[number] = [row for row in xml[start:end].split("</row>") if row]
                size = rf'<dimension ref="A1:\g<1>{slot(f"end_{number}")}"/>'
                head = _DIMENSION.sub(size, xml[:start], count=1)
                found = _VALIDATION.findall(xml, end)
                made.validations.extend(found)
                xml = head + slot(f"rows_{number}") + xml[end:]
                if found:
                    xml = _COUNTED.sub(rf"\1{slot('helped')}\2{slot('validations')}", xml)
            if name.startswith(("xl/workbook", "xl/worksheets/")):
                xml = xml.replace(str(LAST), slot("last"))
            # A slot may be filled with what begins with a space.
            made.parts[name] = cut(xml.replace("<t>\ue000", '<t xml:space="preserve">\ue000'))
    return made


def cast(mould: Mould, values: Mapping[str, str], rows: Mapping[int, Iterable[str]]) -> bytes:
    """Return the workbook with its slots filled.

    Args:
        values: What the slots take, as XML; `end_N` besides.
        rows: Per number of a sheet of rows, the rows as XML.
    """
    made = BytesIO()
    held = {f"rows_{number}": some for number, some in rows.items()}
    with ZipFile(made, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as target:
        for name, pieces in mould.parts.items():
            if held.keys().isdisjoint(pieces[1::2]):
                target.writestr(name, filled(pieces, values))
                continue
            with target.open(name, "w", force_zip64=True) as out:
                pack(out, _poured(pieces, values, held))
    return made.getvalue()


def _poured(
    pieces: Pieces, values: Mapping[str, str], rows: Mapping[str, Iterable[str]]
) -> Iterator[str]:
    for i, piece in enumerate(pieces):
        if not i % 2:
            yield piece
        elif piece in rows:
            yield from rows[piece]
        else:
            yield values[piece]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row: cells that take texts, then cells that stay as they are but for the
    number of the row, and a number if the sample ends with one.

    Attributes:
        texts: The first, with gaps: for number and height, then for each cell its
            number and its text; every other piece is a gap.
        rest: The others, cut where the row's number stands.
        end: What comes after the number at the end.
    """

    texts: list[str]
    rest: list[str]
    end: str

    def row(self, number: int, height: float, texts: Sequence[str], own: str = "") -> str:
        """Return a row; `texts` are XML."""
        digits = str(number)
        told = self.texts.copy()
        told[1], told[3] = digits, str(height)
        told[5::4] = [digits] * len(texts)
        told[7::4] = texts
        told.append(digits.join(self.rest))
        return f"{''.join(told)}{own}{self.end}"


def pattern(row: str, count: int) -> Pattern:
    """Return the pattern a sample row gives whose first `count` cells take texts."""
    number = row.partition('"')[2].partition('"')[0]
    cells = list(CELL.finditer(row))
    told = [f'<row r="{_GAP}" ht="{_GAP}">']
    for cell in cells[:count]:
        letter, _, style = cell.groups()
        told.append(text_cell(letter, _GAP, style, _GAP))
    pieces = "".join(told).split(_GAP)
    texts = [""] * (2 * len(pieces) - 1)
    texts[::2] = pieces
    rest = "".join(cell.group() for cell in cells[count:])
    before, found, after = rest.rpartition(_OWN)
    if found:
        rest, end = f"{before}<v>", f"</v>{after}</row>"
    else:
        end = "</row>"
    return Pattern(texts, re.split(rf"(?<=[A-Z]){number}(?!\d)", rest), end)


def styles_of(row: str) -> list[str]:
    """Return the numbers of the styles of a sample row's cells."""
    return [cell.group(3) for cell in CELL.finditer(row)]


def text_cell(letter: str, row: int | str, style: str, text: str) -> str:
    """Return a cell that holds a text, given as XML, itself."""
    told = f'<is><t xml:space="preserve">{text}</t></is>'
    return f'<c r="{letter}{row}" s="{style}" t="inlineStr">{told}</c>'


def as_told(text: str, tell: Telling) -> Told:
    """Return a text as XML and its width; ids and digests, of which hardly one comes
    twice, need no escaping and are not remembered."""
    if len(text) < _SHORT and text.isascii() and text.isalnum():
        return text, len(text)
    return tell(text)
