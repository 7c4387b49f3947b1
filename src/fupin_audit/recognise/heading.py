"""Finding the header rows: where they are, and what stands over each column.

The top of the sheet is laid out with merged cells spread over their range.
Every row that could end a header is scored by how many of its columns are
understood; titles and 填表说明 over the whole width are no header levels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fupin_audit.model.sheet import RawSheet, address
from fupin_audit.recognise.headers import Header, plain
from fupin_audit.recognise.lexicon import Asked, Lexicon, Sense

SEARCH_ROWS = 15
LEVELS = 3
_TITLE_SHARE = 0.75
_LONG = 60
_ENOUGH = 0.6
_PROSE = ("填表说明", "填报说明", "说明:", "注:", "备注:", "单位:", "填报单位", "制表", "填表")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """One column's header: its leaf, the group titles above it, what it means."""

    column: int
    header: Header
    groups: tuple[str, ...]
    place: Place
    sense: Sense | None

    @property
    def text(self) -> str:
        return " / ".join((*self.groups, self.header.raw.strip()))

    @property
    def cell(self) -> str:
        return address(*self.place)


@dataclass(slots=True)
class Heading:
    """The header block: zero-based rows `top` to `bottom`, cells by column."""

    top: int
    bottom: int
    cells: dict[int, HeaderCell]

    @property
    def understood(self) -> int:
        return len({c.place for c in self.cells.values() if c.sense})

    @property
    def score(self) -> float:
        places = {c.place for c in self.cells.values()}
        return self.understood / len(places) if places else 0.0


class Top:
    """The first rows of a sheet, merged cells spread out, titles blanked."""

    def __init__(self, sheet: RawSheet, rows: int) -> None:
        self.rows = min(rows, sheet.n_rows)
        self.width = len(sheet.columns)
        self.text: list[list[str]] = [[""] * self.width for _ in range(self.rows)]
        self.owner: dict[Place, Place] = {}
        self.merges = [m for m in sheet.merges if m[0] < self.rows]
        for column, cells in enumerate(sheet.columns):
            for row in range(self.rows):
                value = cells[row]
                if isinstance(value, str) and value.strip():
                    self.text[row][column] = value
                elif isinstance(value, int | float) and not isinstance(value, bool):
                    self.text[row][column] = f"{value:.15g}"
        for top, left, bottom, right in self.merges:
            if top >= self.rows or left >= self.width:
                continue
            said = self.text[top][left]
            for row in range(top, min(bottom, self.rows - 1) + 1):
                for column in range(left, min(right, self.width - 1) + 1):
                    if not self.text[row][column]:  # some writers leave text underneath
                        self.text[row][column] = said
                    if self.text[row][column] == said:
                        self.owner[row, column] = (top, left)
        used = max((sum(map(bool, line)) for line in self.text), default=0)
        self.titles = {row for row in range(self.rows) if self._is_title(row, used)}

    def _is_title(self, row: int, used: int) -> bool:
        """Tell a title or instruction row: one text over the whole width, of which
        the fullest row uses so many cells."""
        places = {self.place(row, c) for c in range(self.width) if self.text[row][c]}
        texts = {self.text[r][c] for r, c in places}
        if not texts:
            return False
        if len(places) == 1:
            (owner,) = places
            covered = sum(self.place(row, c) == owner for c in range(self.width))
            return covered > 1 or used > 1
        prose = {t for t in texts if len(t) > _LONG or plain(t).startswith(_PROSE)}
        wide = {t for t in texts if self.text[row].count(t) >= max(3, _TITLE_SHARE * used)}
        return len(prose) * 2 >= len(texts) or bool(wide and len(texts) <= 2)

    def place(self, row: int, column: int) -> Place:
        """Return where the text of a cell was written."""
        return self.owner.get((row, column), (row, column))

    def read(self, top: int, bottom: int, asked: Asked) -> Heading:
        """Read rows `top` to `bottom` as a header."""
        levels = [r for r in range(top, bottom + 1) if r not in self.titles]
        cells: dict[int, HeaderCell] = {}
        for column in range(self.width):
            path = self._path(levels, column)
            if not path:
                continue
            (place, leaf) = path[-1]
            groups = tuple([text.strip() for _, text in path[:-1]])
            if not groups and place[0] > top and not self.merges:
                groups = self._inherited(levels, place[0], column)
            header, sense = asked.sense(leaf, groups)
            if header.key:
                cells[column] = HeaderCell(column, header, groups, place, sense)
        return Heading(top, bottom, cells)

    def _path(self, levels: list[int], column: int) -> list[tuple[Place, str]]:
        """Return the texts over a column from the top, each merged cell once,
        and equal ones that follow each other once."""
        met: list[tuple[Place, str]] = []
        path: list[tuple[Place, str]] = []
        for row in levels:
            text = self.text[row][column]
            step = (self.owner.get((row, column), (row, column)), text)
            if text and step not in met:
                met.append(step)
                if not path or path[-1][1] != text:
                    path.append(step)
        return path

    def _inherited(self, levels: list[int], leaf_row: int, column: int) -> tuple[str, ...]:
        """Return the group titles to the left, where nothing says how far a
        title reaches (csv): it reaches to the next one."""
        groups = []
        for row in (r for r in levels if r < leaf_row):
            left = next((c for c in range(column, -1, -1) if self.text[row][c]), None)
            if left is not None and self.text[leaf_row][left]:
                groups.append(self.text[row][left].strip())
        return tuple(groups)

    def is_level(self, row: int, below: int) -> bool:
        """Tell whether a row above the header is a level of it: merged group
        titles over headers, or titles that tell equal headers apart."""
        if row in self.titles:
            return False
        filled = [c for c in range(self.width) if self.text[row][c]]
        texts = {self.text[row][c] for c in filled}
        if any(len(t) > _LONG // 2 or plain(t).startswith(_PROSE) for t in texts):
            return False
        if not filled or not all(self.text[below][c] for c in filled):
            return False
        if any(top <= row < bottom for top, _, bottom, _ in self.merges):
            return True
        across = any(top == row == last and right > left for top, left, last, right in self.merges)
        leaves = [text for text in self.text[below] if text]
        return len(texts) > 1 and (across or len(set(leaves)) < len(leaves))


def find(sheet: RawSheet, asked: Asked) -> Heading | None:
    """Find the header rows, None if nothing in the first rows is understood."""
    top = Top(sheet, SEARCH_ROWS + LEVELS - 1)
    tries = list(_tries(top, asked))
    if not tries:
        return None
    most = max(heading.understood for heading in tries)
    enough = [h for h in tries if h.understood >= max(1, _ENOUGH * most)]
    signed = [h for h in enough if _signed(h, asked.lexicon)]
    first = min(signed or enough, key=lambda h: (h.bottom, -h.understood, -h.top))
    best = first
    for heading in tries:  # leaves one or two rows further down say more
        further = heading.top == first.top and first.bottom < heading.bottom < first.top + LEVELS
        if further and heading.understood > best.understood:
            best = heading
    return _widened(top, best, asked)


def _tries(top: Top, asked: Asked) -> Iterator[Heading]:
    """Read every block of rows that could be the header, from the top.

    Where enough of all columns is understood, no row below can be it.
    """
    used = sum(any(line[column] for line in top.text) for column in range(top.width))
    found = top.rows
    for first in range(min(top.rows, SEARCH_ROWS)):
        if first > found:
            return
        if first in top.titles or not any(top.text[first]):
            continue
        for last in range(first, min(first + LEVELS, top.rows)):
            heading = top.read(first, last, asked)
            if heading.understood >= _ENOUGH * used and _signed(heading, asked.lexicon):
                found = min(found, last)
            if heading.understood:
                yield heading


def _signed(heading: Heading, lexicon: Lexicon) -> bool:
    return heading.understood >= 2 and any(
        (claim.table, claim.field) in lexicon.signature
        for cell in heading.cells.values()
        if cell.sense
        for claim in cell.sense.claims
    )


def _widened(top: Top, heading: Heading, asked: Asked) -> Heading:
    """Take in the rows that merged cells and group titles make part of it."""
    first, last = heading.top, heading.bottom
    for upper, _, lower, _ in top.merges:
        if first <= upper <= last < lower <= upper + LEVELS and upper not in top.titles:
            last = max(last, lower)
    while first > 0 and last - first + 1 < LEVELS and top.is_level(first - 1, first):
        first -= 1
    return top.read(first, min(last, top.rows - 1), asked)


def at(sheet: RawSheet, rows: tuple[int, ...], asked: Asked) -> Heading | None:
    """Read the header where the user says it is (one-based rows)."""
    if rows[-1] > sheet.n_rows:
        return None
    top = Top(sheet, rows[-1])
    top.titles -= {r - 1 for r in rows}
    return top.read(rows[0] - 1, rows[-1] - 1, asked)
