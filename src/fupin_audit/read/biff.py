"""Survey a legacy .xls: the records of its workbook stream, values unread."""

from __future__ import annotations

import io
import struct
from typing import Any, BinaryIO

from fupin_audit.errors import UnreadableFile
from fupin_audit.read.guards import damaged
from fupin_audit.read.survey import DENSE, Survey

_HEAD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_DIMENSIONS_8, _DIMENSIONS_5 = struct.Struct("<IIHH"), struct.Struct("<HHHH")
_BOF = (0x0809, 0x0409, 0x0209, 0x0009)
_EOF, _BOUNDSHEET, _FILEPASS = 0x0A, 0x85, 0x2F
_MULRK, _BOOLERR, _FORMULA, _DIMENSIONS = 0xBD, 0x205, 0x06, 0x200
_SINGLE = frozenset((0x203, 0x27E, 0xFD, 0x204, 0xD6, _BOOLERR, _FORMULA))
_WANTED = _SINGLE | {_MULRK, _EOF, _DIMENSIONS} | set(_BOF)
_CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


def workbook_stream(ole: Any) -> bytes:
    """Return the workbook stream of an open OLE file."""
    for name in ("Workbook", "Book"):
        if ole.exists(name):
            data: bytes = ole.openstream(name).read()
            return data
    raise UnreadableFile("不是 Excel 工作簿", hint="请另存为 .xlsx 后再检查")


def is_locked(stream: bytes) -> bool:
    """Tell whether the workbook stream is encrypted."""
    at = 0
    for _ in range(64):
        if at + 4 > len(stream):
            return False
        kind, size = _HEAD.unpack_from(stream, at)
        if kind == _FILEPASS:
            return True
        if kind in (_EOF, _BOUNDSHEET):
            return False
        at += 4 + size
    return False


def survey_stream(stream: bytes) -> list[Survey]:
    """Survey every sheet, in workbook order.

    Raises:
        UnreadableFile: The records do not hold together.
    """
    try:
        return [_sheet(stream, start) for start in _sheet_starts(stream)]
    except (struct.error, IndexError) as error:
        raise damaged("工作簿的记录被截断") from error


def _sheet_starts(stream: bytes) -> list[int]:
    starts: list[int] = []
    at = 0
    while at + 4 <= len(stream):
        kind, size = _HEAD.unpack_from(stream, at)
        if kind == _BOUNDSHEET:
            starts.append(int.from_bytes(stream[at + 4 : at + 8], "little"))
        elif kind == _EOF:
            break
        at += 4 + size
    return starts


def _sheet(stream: bytes, at: int) -> Survey:
    survey = Survey()
    stated: list[slice] = []
    depth = 0
    end = len(stream)
    unpack, place = _HEAD.unpack_from, _PLACE.unpack_from
    while at + 4 <= end:
        kind, size = unpack(stream, at)
        body = at + 4
        at = body + size
        if kind not in _WANTED:
            continue
        if kind in _SINGLE:
            row, column = place(stream, body)
            survey.cells += 1
            if row >= survey.rows or column >= survey.columns:
                survey.reach(row, column)
            if kind == _BOOLERR and size >= 8 and stream[body + 7]:
                survey.errors[row, column] = _CODES.get(stream[body + 6], "#N/A")
            elif (
                kind == _FORMULA
                and stream[body + 12 : body + 14] == b"\xff\xff"
                and stream[body + 6] == 2
            ):
                survey.errors[row, column] = _CODES.get(stream[body + 8], "#N/A")
        elif kind == _MULRK:
            row, column = place(stream, body)
            survey.cells += max(size - 6, 0) // 6
            survey.reach(row, column + max(size - 6, 6) // 6 - 1)
        elif kind == _DIMENSIONS:
            stated.append(slice(body, at))
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        else:
            depth += 1
    for place_stated in stated:
        if not _believable(stream[place_stated], survey.cells):
            survey.dimension = place_stated
    return survey


def _believable(body: bytes, cells: int) -> bool:
    """Tell a stated size that the reader may set memory aside for."""
    layout = _DIMENSIONS_8 if len(body) >= 14 else _DIMENSIONS_5
    if len(body) < layout.size:
        return False
    top, bottom, left, right = layout.unpack_from(body)
    if not bottom or not right:
        return True
    if top >= bottom or left >= right:
        return False
    return bool(bottom * right <= max(DENSE, 4 * cells))


def without_dimensions(file: BinaryIO, stream: bytes, surveys: list[Survey]) -> BinaryIO:
    """Return the workbook with unbelievable stored sizes blanked.

    The cell reader reserves memory for the size a sheet states.
    """
    places = [survey.dimension for survey in surveys if survey.dimension]
    if not places:
        return file
    mended = bytearray(stream)
    for place in places:
        mended[place] = bytes(place.stop - place.start)
    file.seek(0)
    copy = io.BytesIO(file.read())
    try:
        with open_ole(copy, write=True) as ole:
            name = "Workbook" if ole.exists("Workbook") else "Book"
            ole.write_stream(name, bytes(mended))
            whole = copy.getvalue()
    except Exception as error:  # whatever a broken container makes it raise
        raise damaged("所写工作表大小不合情理") from error
    return io.BytesIO(whole)


def open_ole(file: BinaryIO, write: bool = False) -> Any:
    """Open an OLE container; raise UnreadableFile when it is broken."""
    import olefile  # type: ignore[import-untyped]

    try:
        return olefile.OleFileIO(file, write_mode=write)
    except Exception as error:  # whatever a broken container makes it raise
        raise damaged("OLE 结构读不出") from error
