"""Rows that differ in little, laid into a sheet column by column.

A cleaning log has a row per changed cell, and most of what the rows say is the
same. Each distinct text goes into the workbook's list of shared strings once, and
a row names it by number: half of the XML that the texts themselves would take,
and nothing of a row but its numbers is put together for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin_audit.report.lines import row_heights
from fupin_audit.report.workbook.cell_xml import CELL, Telling, inline

_BATCH = 4_000  # rows
_COUNTS = re.compile(r' count="(\d+)" uniqueCount="(\d+)"')
_OWN = "\x00"  # stands for a text; no text of a workbook can hold it


class Chosen(NamedTuple):
    """A column whose texts are few: `texts[which[i]]` is that of row i."""

    texts: Sequence[str]
    which: npt.NDArray[np.int64]


class Own(NamedTuple):
    """A column with a text for each row: some letters, and a number of its own."""

    letters: str
    numbers: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows of one pattern, by columns; a column of one text for all is that text."""

    pattern: int
    count: int
    columns: tuple[str | Chosen | Own, ...]


class SharedStrings:
    """The list of texts that cells of a workbook name by number."""

    def __init__(self, xml: str) -> None:
        found = _COUNTS.search(xml)
        assert found is not None
        self._head, self._tail = xml[: found.start()], xml[found.end() :]
        self._uses, self._size = int(found[1]), int(found[2])
        self._numbers: dict[str, int] = {}

    def number(self, told: str) -> int:
        """Return the number of a text, given as XML."""
        return self._numbers.setdefault(told, self._size + len(self._numbers))

    def used(self, times: int) -> None:
        """Note that so many cells name a text."""
        self._uses += times

    def xml(self) -> Iterator[str]:
        """Yield the list, grown."""
        yield self._head
        yield f' count="{self._uses}" uniqueCount="{self._size + len(self._numbers)}"'
        before, end, after = self._tail.rpartition("</sst>")
        yield before
        for told in self._numbers:
            yield f'<si><t xml:space="preserve">{told}</t></si>'
        yield end + after


def lines_alike(
    rows: Alike, pattern: str, first: int, widths: Sequence[int], tell: Telling,
    strings: SharedStrings,
) -> Iterator[str]:  # fmt: skip
    """Yield the XML of rows alike, many at a time.

    Args:
        pattern: The XML of their pattern row.
        first: The number of the first of them.
    """
    cells = [(letter, style) for letter, _, style in CELL.findall(pattern)]
    ends = [f'</c><c r="{letter}' for letter, _ in cells[1:]] + ["</c></row>"]
    full = np.zeros(rows.count)
    between: list[_Part] = []
    for (_, style), end, column, width in zip(cells, ends, rows.columns, widths, strict=True):
        start = f'" s="{style}"'
        if isinstance(column, Own):
            before, _, after = f"{start}{inline(_OWN)}{end}".partition(_OWN)
            between.append(_numbered(before + column.letters, column.numbers, after))
            continue
        texts = column.texts if isinstance(column, Chosen) else [column]
        told = {text: tell(text) for text in dict.fromkeys(texts)}
        made = {
            text: f'{start} t="s"><v>{strings.number(xml)}</v>{end}'
            for text, (xml, _) in told.items()
        }
        strings.used(rows.count)
        if isinstance(column, Chosen):
            between.append(_picked([made[text] for text in texts], column.which))
            lines = np.array([told[text][1] for text in texts]) / width
            np.maximum(full, lines[column.which], out=full)
        else:
            between.append(made[column])
            np.maximum(full, told[column][1] / width, out=full)
    heights, which = np.unique(row_heights(full), return_inverse=True)
    opened = [f'" ht="{height}"><c r="{cells[0][0]}' for height in heights.tolist()]
    yield from _joined(['<row r="', _picked(opened, which), *between], first, rows.count)


_Part = str | Callable[[slice], list[str]]
"""What stands between two numbers of a row: the same for all, or of some rows."""


def _numbered(before: str, numbers: npt.NDArray[np.int64], after: str) -> _Part:
    return lambda here: [f"{before}{number}{after}" for number in numbers[here].tolist()]


def _picked(pieces: Sequence[str], which: npt.NDArray[np.int64]) -> _Part:
    return lambda here: [pieces[i] for i in which[here].tolist()]


def _joined(between: Sequence[_Part], first: int, count: int) -> Iterator[str]:
    """Put the numbers of rows between what each row holds."""
    for start in range(0, count, _BATCH):
        here = slice(start, min(start + _BATCH, count))
        numbers = map(str, range(first + here.start, first + here.stop))
        parts = [repeat(part) if isinstance(part, str) else part(here) for part in between]
        # A row is a join by its number: without a step of the interpreter's for each.
        yield "".join(map(str.join, numbers, zip(*parts, strict=False)))
