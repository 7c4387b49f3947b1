"""Survey the XML of an xlsx sheet at nearly the speed it unpacks.

Excel, WPS and every common library write a cell as `<c r="B7" …>`. As long as
that holds, whole chunks are measured with numpy and only chunks that contain
an error or a formula are looked at closely. A sheet written in any other way
is parsed properly, several times slower.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from fupin_audit.read.guards import check_xml, damaged
from fupin_audit.read.survey import NO_RESULT, Survey
from fupin_audit.read.walk import local, walk

_CARRY = 16 << 20
_ROOT = re.compile(rb"<worksheet[\s>]")
_REF = re.compile(rb"r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_ERROR = b't="e"'
_UNSOLVED = re.compile(rb"(?:</f>|<f(?:\s[^<>]*)?/>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)")
_TEXT_RESULT = re.compile(rb"\st\s*=\s*[\"']str[\"']")

_CELL = int.from_bytes(b"<c", "little")
_PREFIXED = int.from_bytes(b":c", "little")
_FORMULA_END = int.from_bytes(b"/f", "little")
_BOOL = int.from_bytes(b'"b', "little")
_REF_START = int.from_bytes(b' r="', "little")
_DELIMITERS = np.zeros(256, dtype=np.bool_)
_DELIMITERS[list(b" \t\r\n/>")] = True

_U8 = npt.NDArray[np.uint8]
_U64 = npt.NDArray[np.uint64]
_I64 = npt.NDArray[np.int64]
_ONES = np.uint64(0x0101010101010101)
_TOPS = np.uint64(0x8080808080808080)
_QUOTES = np.uint64(0x2222222222222222)


def _letter_pairs() -> npt.NDArray[np.int32]:
    """Return, per two bytes that start a reference, its column counted from 1;
    -1 where a third letter may follow or the bytes start no reference."""
    table = np.full(1 << 16, -1, dtype=np.int32)
    for first in range(26):
        for digit in range(10):
            table[65 + first | (48 + digit) << 8] = first + 1
        for second in range(26):
            table[65 + first | (65 + second) << 8] = (first + 1) * 26 + second + 1
    return table


_COLUMNS = _letter_pairs()


class _OtherStyleError(Exception):
    """The sheet is not written the common way."""


def survey_sheet(pieces: Callable[[], Iterator[bytes]]) -> Survey:
    """Survey one sheet.

    Args:
        pieces: Starts the sheet's bytes from the beginning; called twice when
            the quick way does not settle the matter.
    """
    try:
        survey = _quick(pieces())
    except _OtherStyleError:
        return _thorough(pieces())
    return _thorough(pieces()) if survey.sprawling else survey


def _quick(pieces: Iterator[bytes]) -> Survey:
    survey = Survey(mixed=False)
    carry = b""
    first = True
    for piece in pieces:
        chunk = carry + piece if carry else piece
        if first:
            check_xml(chunk[: 1 << 16])
            if not _ROOT.search(chunk) or b"='" in chunk:
                raise _OtherStyleError
            first = False
        # Cells are looked at whole: cut before the last that may go on.
        cut = chunk.rfind(b"<c ")
        if cut < 0:
            cut = max(len(chunk) - 16, 0)
        if len(chunk) - cut > _CARRY:
            raise _OtherStyleError
        carry = chunk[cut:]
        if cut:
            _measure(chunk[:cut], survey)
    # Eight bytes past the last cell are looked at, so there must be as many.
    _measure(carry + b" " * 16, survey)
    return survey


def _measure(chunk: bytes, survey: Survey) -> None:
    size = len(chunk)
    found: list[_I64] = []
    formulas = False
    for shift in (0, 1):
        pairs = np.frombuffer(chunk, "<u2", (size - shift) // 2, shift)
        found.append(np.flatnonzero(pairs == _CELL) * 2 + shift)
        prefixed = np.flatnonzero(pairs == _PREFIXED) * 2 + shift
        if prefixed.size and _starts_cell(chunk, prefixed).any():
            raise _OtherStyleError
        formulas = formulas or bool((pairs == _FORMULA_END).any())
        survey.mixed = survey.mixed or bool((pairs == _BOOL).any())
    cells = np.concatenate(found)
    if cells.size:
        _reach(chunk, cells, survey)
    # An error value is the one thing in a cell that must hold a `#`.
    if formulas or b"#" in chunk:
        _defects(chunk, survey)


def _starts_cell(chunk: bytes, at: _I64) -> npt.NDArray[np.bool_]:
    """Tell where a tag that starts with `c` at these places is a cell's."""
    after = np.frombuffer(chunk + b" ", np.uint8)
    return _DELIMITERS[after[np.minimum(at + 2, len(chunk))]]


def _reach(chunk: bytes, cells: _I64, survey: Survey) -> None:
    """Widen `survey` by the references of the cells that start at `cells`."""
    size = len(chunk)
    if int(cells.max()) + 20 > size:
        chunk += b" " * 20
        size += 20
    usual = np.ndarray((size - 3,), "<u4", chunk, strides=(1,))[cells + 2] == _REF_START
    if not usual.all():
        if _starts_cell(chunk, cells[~usual]).any():
            raise _OtherStyleError
        cells = cells[usual]
        if not cells.size:
            return
    column = _COLUMNS[np.ndarray((size - 1,), "<u2", chunk, strides=(1,))[cells + 6]]
    if int(column.min()) < 0:
        raise _OtherStyleError
    letters = 1 + (column > 26)
    if (column > 26).any():
        third = np.frombuffer(chunk, np.uint8)[cells + 8]
        three = (column > 26) & (third >= 65)
        if (third[three] > 90).any():
            raise _OtherStyleError
        column = np.where(three, column * 26 + third - 64, column)
        letters += three
    survey.columns = max(survey.columns, int(column.max()))
    words = np.ndarray((size - 7,), "<u8", chunk, strides=(1,))[cells + 6 + letters]
    survey.rows = max(survey.rows, _largest(words))
    survey.cells += cells.size


def _largest(words: _U64) -> int:
    """Return the largest of the numbers that start these words and end in `\"`."""
    # The classic zero-byte test; the lowest bit set marks the first quote.
    marks = words ^ _QUOTES
    marks = (marks - _ONES) & ~marks & _TOPS
    if not marks.all():
        raise _OtherStyleError
    marks &= ~marks + np.uint64(1)
    longest = marks.max()
    # Equal length: the order of the bytes is the order of the numbers.
    text = int(words[marks == longest].byteswap().max()).to_bytes(8, "big")
    digits = text[: int(longest).bit_length() // 8 - 1]
    if not digits.isdigit():
        raise _OtherStyleError
    return int(digits)


def _defects(chunk: bytes, survey: Survey) -> None:
    """Note errors and unsolved formulas of the whole cells in `chunk`."""
    if b"<!--" in chunk or b"<![CDATA[" in chunk:
        raise _OtherStyleError
    at = chunk.find(_ERROR)
    while at >= 0:
        start = chunk.rfind(b"<c ", 0, at)
        if start >= 0 and at < chunk.find(b">", start):
            end = chunk.find(b"</c>", at)
            value = _VALUE.search(chunk, at, end if end >= 0 else len(chunk))
            survey.errors[_place(chunk, start)] = value[1].decode() if value else "#N/A"
        at = chunk.find(_ERROR, at + 1)
    for found in _UNSOLVED.finditer(chunk):
        start = chunk.rfind(b"<c ", 0, found.start())
        if start < 0:
            continue
        tag = chunk[start : chunk.find(b">", start)]
        if not _TEXT_RESULT.search(tag):
            survey.errors.setdefault(_place(chunk, start), NO_RESULT)


def _place(chunk: bytes, start: int) -> tuple[int, int]:
    found = _REF.search(chunk, start, start + 64)
    if not found:
        raise _OtherStyleError
    return int(found[2]) - 1, _column(found[1].decode())


def _column(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def _thorough(pieces: Iterator[bytes]) -> Survey:
    """Parse the sheet; cells without an address follow their neighbour."""
    survey = Survey()
    row, column = -1, -1
    kind = ""
    formula = filled = False
    inside = ""
    text: list[str] = []

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal row, column, kind, formula, filled, inside
        name = local(tag)
        if name == "row":
            row = _number(given["r"]) - 1 if "r" in given else row + 1
            column = -1
        elif name == "c":
            if "r" in given:
                row, column = _reference(given["r"])
            else:
                column += 1
            kind, formula, filled = given.get("t", "n"), False, False
            text.clear()
            survey.cells += 1
        elif name == "f":
            formula = filled = True
        elif name in ("v", "is", "t"):
            inside = name
            filled = True

    def end(tag: str) -> None:
        nonlocal inside
        name = local(tag)
        if name == inside:
            inside = ""
        if name != "c":
            return
        if filled:
            survey.reach(row, column)
        if kind == "e":
            survey.errors[row, column] = "".join(text).strip() or "#N/A"
        elif formula and kind != "str" and not "".join(text).strip():
            survey.errors[row, column] = NO_RESULT

    def characters(data: str) -> None:
        if inside:
            text.append(data)

    walk(pieces, start, end=end, characters=characters, broken="工作表的 XML 不完整")
    return survey


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise damaged("行号写法不对") from error


def _reference(text: str) -> tuple[int, int]:
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not digits or not 1 <= len(letters) <= 3 or not letters.isascii() or not letters.isalpha():
        raise damaged("单元格地址写法不对")
    return _number(digits) - 1, _column(letters)
