"""Survey the XML of an xlsx sheet at nearly the speed it unpacks.

Excel, WPS and every common library write a cell as `<c r="B7" …>`. As long as
that holds, whole chunks are measured with numpy and only chunks that contain
an error or a formula are looked at closely. A sheet written in any other way
is parsed properly, several times slower.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.parsers.expat import ExpatError, ParserCreate

import numpy as np
import numpy.typing as npt

from fupin_audit.read.guards import check_xml, damaged
from fupin_audit.read.survey import NO_RESULT, Survey

_CARRY = 16 << 20
_ROOT = re.compile(rb"<worksheet[\s>]")
_REF = re.compile(rb"r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_UNSOLVED = re.compile(rb"(?:</f>|<f(?:\s[^<>]*)?/>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)")
_TEXT_RESULT = re.compile(rb"\st\s*=\s*[\"']str[\"']")

_LT_C = 0x633C
_COLON_C = 0x633A
_ERROR = int.from_bytes(b'="e"', "little")
_ERROR_SINGLE = int.from_bytes(b"='e'", "little")
_BOOL = int.from_bytes(b'="b"', "little")
_BOOL_SINGLE = int.from_bytes(b"='b'", "little")
_FORMULA_END = int.from_bytes(b"</f>", "little")
_REF_START = int.from_bytes(b' r="', "little")
_DELIMITERS = np.zeros(256, dtype=np.bool_)
_DELIMITERS[list(b" \t\r\n/>")] = True

_U8 = npt.NDArray[np.uint8]
_U64 = npt.NDArray[np.uint64]


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
    survey = Survey(mixed=False, exact=False)
    carry = b""
    first = True
    for piece in pieces:
        chunk = carry + piece if carry else piece
        if first:
            check_xml(chunk[: 1 << 16])
            if not _ROOT.search(chunk):
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
    found: list[npt.NDArray[np.int64]] = []
    look = False
    for shift in range(min(4, max(size - 3, 0))):
        words = np.frombuffer(chunk, "<u4", (size - shift) // 4, shift)
        pairs = words & 0xFFFF
        for pair in (_LT_C, _COLON_C):
            at = np.flatnonzero(pairs == pair)
            if not at.size:
                continue
            at = at[_DELIMITERS[(words[at] >> 16) & 0xFF]]
            if pair == _COLON_C and at.size:
                raise _OtherStyleError
            found.append(at * 4 + shift)
        look = look or _any(words, _ERROR, _FORMULA_END, _ERROR_SINGLE)
        survey.mixed = survey.mixed or _any(words, _BOOL, _BOOL_SINGLE)
    if found:
        cells = np.concatenate(found)
        if cells.size:
            _reach(chunk, cells, survey)
    if look:
        _defects(chunk, survey)


def _any(words: npt.NDArray[np.uint32], *values: int) -> bool:
    return any(bool((words == value).any()) for value in values)


def _reach(chunk: bytes, cells: npt.NDArray[np.int64], survey: Survey) -> None:
    """Widen `survey` by the references of the cells that start at `cells`."""
    size = len(chunk)
    if int(cells.max()) + 20 > size:
        chunk += b" " * 20
        size += 20
    starts = np.ndarray((size - 3,), "<u4", chunk, strides=(1,))[cells + 2]
    if not bool((starts == _REF_START).all()):
        raise _OtherStyleError
    eight = np.ndarray((size - 7,), ">u8", chunk, strides=(1,))
    head = eight[cells + 6].astype(np.uint64)
    one, two, three, four = (_byte(head, place) for place in range(4))
    has_two = two >= 65
    has_three = has_two & (three >= 65)
    letters_ok = (
        (one >= 65) & (one <= 90) & (two <= 90) & ~(has_three & ((three > 90) | (four > 57)))
    )
    if not bool(letters_ok.all()):
        raise _OtherStyleError
    column = one - 64
    column = np.where(has_two, column * 26 + two - 64, column)
    column = np.where(has_three, column * 26 + three - 64, column)
    survey.columns = max(survey.columns, int(column.max()))
    digits = eight[cells + 7 + has_two + has_three].astype(np.uint64)
    survey.rows = max(survey.rows, _largest(digits))
    survey.cells += cells.size


def _byte(words: _U64, place: int) -> npt.NDArray[np.int64]:
    return ((words >> np.uint64(56 - 8 * place)) & np.uint64(255)).astype(np.int64)


def _largest(digits: _U64) -> int:
    """Return the largest of the numbers that start these words and end in `\"`."""
    left = digits
    largest = 0
    for length in range(1, 8):
        ended = _byte(left, length) == 34
        if ended.any():
            # Equal length: the order of the bytes is the order of the numbers.
            text = int(left[ended].max()).to_bytes(8, "big")[:length]
            if not text.isdigit():
                raise _OtherStyleError
            largest = max(largest, int(text))
            left = left[~ended]
            if not left.size:
                return largest
    raise _OtherStyleError


def _defects(chunk: bytes, survey: Survey) -> None:
    """Note errors and unsolved formulas of the whole cells in `chunk`."""
    if b"<!--" in chunk or b"<![CDATA[" in chunk:
        raise _OtherStyleError
    for mark in (b't="e"', b"t='e'"):
        at = chunk.find(mark)
        while at >= 0:
            start = chunk.rfind(b"<c ", 0, at)
            if start >= 0 and at < chunk.find(b">", start):
                end = chunk.find(b"</c>", at)
                value = _VALUE.search(chunk, at, end if end >= 0 else len(chunk))
                survey.errors[_place(chunk, start)] = value[1].decode() if value else "#N/A"
            at = chunk.find(mark, at + 1)
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
    parser = ParserCreate()
    parser.buffer_text = True
    row, column = -1, -1
    kind = ""
    formula = filled = False
    inside = ""
    text: list[str] = []

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal row, column, kind, formula, filled, inside
        name = tag.rpartition(":")[2]
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
            formula = True
        elif name in ("v", "is", "t"):
            inside = name

    def end(tag: str) -> None:
        nonlocal inside, filled
        name = tag.rpartition(":")[2]
        if name == inside:
            inside = ""
        if name != "c":
            return
        filled = bool(text) or formula
        if filled:
            survey.reach(row, column)
        if kind == "e":
            survey.errors[row, column] = "".join(text).strip() or "#N/A"
        elif formula and kind != "str" and not "".join(text).strip():
            survey.errors[row, column] = NO_RESULT

    def characters(data: str) -> None:
        if inside:
            text.append(data)

    def doctype(*_: object) -> None:
        check_xml(b"<!DOCTYPE")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = doctype
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except ExpatError as error:
        raise damaged("工作表的 XML 不完整") from error
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
