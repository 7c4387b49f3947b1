"""Survey the binary parts of an .xlsb workbook."""

from __future__ import annotations

from fupin_audit.read.guards import damaged
from fupin_audit.read.survey import Survey

_ROW, _ERROR, _FORMULA_ERROR, _MERGE, _SHEET, _STRINGS = 0, 3, 11, 176, 156, 159
_CELLS = frozenset(range(2, 12))
_CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


def _records(data: bytes, wanted: frozenset[int]) -> list[tuple[int, int, int]]:
    """Return (kind, start, size) of the records of these kinds."""
    found: list[tuple[int, int, int]] = []
    at, end = 0, len(data)
    try:
        while at < end:
            kind = data[at]
            at += 1
            if kind & 0x80:
                kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
                at += 1
            byte = data[at]
            at += 1
            size = byte & 0x7F
            shift = 7
            while byte & 0x80 and shift < 28:
                byte = data[at]
                at += 1
                size |= (byte & 0x7F) << shift
                shift += 7
            if kind in wanted:
                found.append((kind, at, size))
            at += size
    except IndexError as error:
        raise damaged("二进制记录被截断") from error
    if at > end:
        raise damaged("二进制记录被截断")
    return found


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def survey_binary(data: bytes) -> Survey:
    """Survey one sheet part."""
    survey = Survey()
    row = 0
    for kind, at, _size in _records(data, _CELLS | {_ROW, _MERGE}):
        if kind == _ROW:
            row = _word(data, at)
        elif kind == _MERGE:
            top, bottom, left, right = (_word(data, at + 4 * i) for i in range(4))
            survey.merges.append((top, left, bottom, right))
        else:
            column = _word(data, at)
            survey.cells += 1
            survey.reach(row, column)
            if kind in (_ERROR, _FORMULA_ERROR):
                survey.errors[row, column] = _CODES.get(data[at + 8], "#N/A")
    return survey


def sheet_relations(data: bytes) -> list[tuple[str, str]]:
    """Return (sheet name, relation id) from the workbook part."""
    found: list[tuple[str, str]] = []
    for _, at, _size in _records(data, frozenset((_SHEET,))):
        relation, at = _text(data, at + 8)
        name, _ = _text(data, at)
        found.append((name, relation))
    return found


def check_strings(data: bytes) -> None:
    """Refuse a string table that announces more strings than it has bytes."""
    for _, at, _size in _records(data, frozenset((_STRINGS,))):
        if max(_word(data, at), _word(data, at + 4)) > len(data):
            raise damaged("所写条目数与内容不符")


def _text(data: bytes, at: int) -> tuple[str, int]:
    length = _word(data, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", "replace"), end
