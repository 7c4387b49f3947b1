"""What stands where a sheet is to be changed, seen before a byte is written.

A formula may serve many cells: an array fills a range, a shared formula is
written out in one cell and only referred to in the others. Such ties are found
here, so that no change breaks them.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from fupin_audit.corrections.patch.parts import (
    Part,
    SheetParts,
    Tags,
    area,
    cell_place,
    place,
    row_number,
    style_of,
)
from fupin_audit.corrections.patch.xml import ATTRIBUTES, escaped
from fupin_audit.errors import UnreadableFile
from fupin_audit.model.sheet import address

Place = tuple[int, int]
_PAIR = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_RANGED = (b"array", b"dataTable")
_PART_OF_ARRAY = "是数组公式的一部分，单独改一格会弄坏整个公式；请在 Excel 里改"
_SHARED = "是一组共用公式的头一格，改了会弄坏其余各格；请在 Excel 里改"


class Spot(NamedTuple):
    """A cell to be changed: the style it has or would have, and whether it holds
    a formula."""

    style: int | None
    formula: bool


@dataclass(slots=True)
class _Shared:
    """A shared formula whose first cell is to be replaced."""

    at: Place
    text: bytes
    heir: Place | None = None
    number: bytes = b""
    box: list[int] = field(default_factory=list)

    def add(self, at: Place) -> None:
        if self.heir is None:
            self.heir, self.box = at, [*at, *at]
        low, high = self.box[:2], self.box[2:]
        self.box = [*map(min, low, at), *map(max, high, at)]


@dataclass(slots=True)
class Surveyed:
    """What one sheet holds at the wanted places.

    Attributes:
        spots: Per wanted place.
        rows: Wanted rows that are written.
        last_row: The largest row written, zero-based; -1 for none.
        row: The row written last, which one without a number follows.
        formulas: Whether the sheet holds any formula.
        barred: Wanted places that must stay, and why (Chinese).
        heirs: Cells that take over a shared formula → the element they get.
    """

    spots: dict[Place, Spot] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    last_row: int = -1
    row: int = -1
    formulas: bool = False
    barred: dict[Place, str] = field(default_factory=dict)
    heirs: dict[Place, bytes] = field(default_factory=dict)


def survey(parts: SheetParts, wanted: Set[Place]) -> Surveyed:
    """Look at the wanted places of a sheet.

    Raises:
        UnreadableFile: A wanted row is written twice.
    """
    seen = Surveyed()
    rows = {row for row, _ in wanted}
    tag = parts.tags
    tied = _tied(tag)
    shared: dict[bytes, _Shared | None] = {}
    groups: list[_Shared] = []
    columns: list[tuple[int, int, int]] = []
    styles: dict[int, int | None] = {}
    for part in parts:
        if part.kind == "head":
            columns = _column_styles(part.seen)
        elif part.kind == "rows":
            _rows(part, tag, rows, wanted, seen, styles)
            if not seen.formulas:
                seen.formulas = b"<" + tag.prefix.encode() + b"f" in part.seen
            if b"shared" in part.seen or any(kind in part.seen for kind in _RANGED):
                _ties(part, tied, wanted, seen, shared, groups)
    for at in wanted - seen.spots.keys():
        style = styles.get(at[0])
        if style is None:
            style = next((s for low, high, s in columns if low <= at[1] <= high), None)
        seen.spots[at] = Spot(style, False)
    for group in groups:
        _pass_on(group, tag, seen)
    return seen


def _rows(
    part: Part, tag: Tags, rows: Set[int], wanted: Set[Place], seen: Surveyed,
    styles: dict[int, int | None],
) -> None:  # fmt: skip
    for found in tag.row.finditer(part.seen):
        row = seen.row = row_number(found[1], seen.row)
        seen.last_row = max(seen.last_row, row)
        if row not in rows:
            continue
        if row in seen.rows:
            raise UnreadableFile(
                f"第 {row + 1} 行在文件里写了两次", hint="请用 Excel 或 WPS 打开后另存，再更正"
            )
        seen.rows.add(row)
        styles[row] = style_of(found[1]) if b"customFormat" in found[1] else None
        end = found.end() if found[2] else tag.row_end.search(part.seen, found.end())
        stop = end if isinstance(end, int) else end.start() if end else len(part.seen)
        column = -1
        for cell in tag.cell.finditer(part.seen, found.end(), stop):
            at = cell_place(cell[1], row, column)
            column = at[1]
            if at in wanted:
                formula = bool(cell[2]) and bool(tag.formula.search(cell[2]))
                seen.spots[at] = Spot(style_of(cell[1]), formula)


def _tied(tag: Tags) -> re.Pattern[bytes]:
    p = re.escape(tag.prefix.encode())
    return re.compile(
        rb"<" + p + rb"c(?=\s)(" + ATTRIBUTES + rb")>\s*<" + p + rb"f(?=\s)(" + ATTRIBUTES
        + rb")(?:/>|>(.*?)</" + p + rb"f\s*>)", re.S
    )  # fmt: skip


def _ties(
    part: Part, tied: re.Pattern[bytes], wanted: Set[Place], seen: Surveyed,
    shared: dict[bytes, _Shared | None], groups: list[_Shared],
) -> None:  # fmt: skip
    for found in tied.finditer(part.seen):
        given = {name: one or two for name, one, two in _PAIR.findall(found[2])}
        kind, ref = given.get(b"t", b""), given.get(b"ref", b"")
        if kind in _RANGED and ref:
            _bar(area(ref), wanted, seen)
            continue
        own = {name: one or two for name, one, two in _PAIR.findall(found[1])}
        if kind != b"shared" or b"r" not in own:
            continue
        at, number = place(own[b"r"]), given.get(b"si", b"")
        if ref and found[3]:
            text = part.data[found.start(3) : found.end(3)]
            shared[number] = _Shared(at, text, number=number) if at in wanted else None
            if group := shared[number]:
                groups.append(group)
        elif (group := shared.get(number)) and at not in wanted:
            group.add(at)


def _bar(ref: tuple[int, int, int, int], wanted: Set[Place], seen: Surveyed) -> None:
    top, left, bottom, right = ref
    if (top, left) == (bottom, right):
        return
    for at in wanted:
        if top <= at[0] <= bottom and left <= at[1] <= right:
            seen.barred[at] = _PART_OF_ARRAY


def _pass_on(group: _Shared, tag: Tags, seen: Surveyed) -> None:
    """Write a shared formula out in the next cell that shares it."""
    if group.heir is None:
        return
    from openpyxl.formula.translate import Translator

    try:
        text = "=" + unescape(group.text.decode())
        moved = Translator(text, address(*group.at)).translate_formula(address(*group.heir))
    except Exception:  # a formula beyond the translator must stay where it is
        seen.barred[group.at] = _SHARED
        return
    if b"<" in group.text or not group.number:
        seen.barred[group.at] = _SHARED
        return
    top, left, bottom, right = group.box
    ref = f"{address(top, left)}:{address(bottom, right)}"
    seen.heirs[group.heir] = (
        f'<{tag.prefix}f t="shared" ref="{ref}" si="{group.number.decode()}">'
        f"{escaped(str(moved)[1:])}</{tag.prefix}f>"
    ).encode()


def _column_styles(head: bytes) -> list[tuple[int, int, int]]:
    found = []
    for tag in re.finditer(rb"<(?:[\w.-]+:)?col\s([^<>]*)>", head):
        given = {name: one or two for name, one, two in _PAIR.findall(tag[1])}
        if given.get(b"style", b"").isdigit() and given.get(b"min", b"").isdigit():
            low, high = int(given[b"min"]), int(given.get(b"max", given[b"min"]))
            found.append((low - 1, high - 1, int(given[b"style"])))
    return found
