"""Zip-based workbooks: guards first, then a survey of every sheet."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import BinaryIO

from fupin_audit.errors import UnreadableFile
from fupin_audit.read.guards import (
    check_package,
    check_parts,
    damaged,
    inflate,
    is_sheet,
    open_zip,
    read_part,
)
from fupin_audit.read.ods import survey_content
from fupin_audit.read.percent import percent_cells, percent_styles
from fupin_audit.read.sheetxml import survey_sheet
from fupin_audit.read.survey import Survey, refuse_sprawl
from fupin_audit.read.walk import local, walk
from fupin_audit.read.xlsb import check_strings, sheet_relations, survey_binary

_USUAL = re.compile(r"(?:/xl/)?worksheets/[A-Za-z0-9_-]+\.xml")


def survey_package(
    file: BinaryIO,
    kind: str,
    limit: int,
    passed: Callable[[int, int, Sequence[str]], None] | None = None,
) -> list[Survey | None]:
    """Guard a package and survey its sheets, in workbook order.

    Args:
        file: The package.
        kind: `xlsx`, `xlsb` or `ods`.
        limit: Most bytes it may unpack to.
        passed: Told (position, cells, titles of all sheets) of a sheet that may be
            read from now on, while others are still surveyed. Not told of any
            where the directory leaves room for another reading: the cell reader
            could then open a part that is not the one surveyed.

    Returns:
        A survey per sheet the workbook lists; None where a sheet has no cells
        (a chart).

    Raises:
        TooLarge: It unpacks to more than `limit`.
        UnreadableFile: It is damaged, locked, or a sheet sprawls.
    """
    with open_zip(file) as archive:
        check_package(archive, limit)
        parts = {part.filename.casefold(): part for part in archive.infolist()}
        if kind == "ods":
            _refuse_locked(file, parts, limit)
        check_parts(archive, file, limit)
        if kind == "ods":
            return _document(file, parts, limit)
        names = _sheets(file, parts, kind, limit)
        plain = passed is not None and kind == "xlsx" and _plain(file, parts, names, limit)
        styles = parts.get("xl/styles.xml") if kind == "xlsx" else None
        percent = percent_styles(read_part(file, styles, limit)) if styles else []
        surveys: dict[str, Survey] = {}
        titles = {target: title for title, target in names}
        for target in [*titles, *(name for name in parts if is_sheet(name))]:
            if target in parts and target not in surveys and _holds_cells(target):
                surveys[target] = _sheet(file, parts[target], limit)
                if percent:
                    pieces = inflate(file, parts[target], limit)
                    surveys[target].percents = percent_cells(pieces, percent)
                if surveys[target].sprawling:
                    raise refuse_sprawl(titles.get(target, target), surveys[target])
                if passed and plain:
                    place = [listed for _, listed in names].index(target)
                    passed(place, surveys[target].cells, [title for title, _ in names])
        return [surveys.get(target) for _, target in names]


def _holds_cells(target: str) -> bool:
    return "/chartsheets/" not in target


def _sheet(file: BinaryIO, part: zipfile.ZipInfo, limit: int) -> Survey:
    if part.filename.casefold().endswith(".bin"):
        return survey_binary(read_part(file, part, limit))
    return survey_sheet(lambda: inflate(file, part, limit))


def _sheets(
    file: BinaryIO, parts: dict[str, zipfile.ZipInfo], kind: str, limit: int
) -> list[tuple[str, str]]:
    """Return (title, part name, case-folded) per sheet the workbook lists."""
    suffix = "xml" if kind == "xlsx" else "bin"
    book = read_part(file, parts[f"xl/workbook.{suffix}"], limit)
    links = parts.get(f"xl/_rels/workbook.{suffix}.rels")
    if links is None:
        raise damaged("工作表的关联缺失")
    targets = {
        given.get("Id", ""): _absolute(given.get("Target", ""))
        for name, given in _elements(read_part(file, links, limit))
        if name == "Relationship"
    }
    if kind == "xlsb":
        if strings := parts.get("xl/sharedstrings.bin"):
            check_strings(read_part(file, strings, limit))
        return [(title, targets.get(link, "")) for title, link in sheet_relations(book)]
    return [
        (given.get("name", ""), targets.get(_relation(given), ""))
        for name, given in _elements(book)
        if name == "sheet"
    ]


def _plain(
    file: BinaryIO, parts: dict[str, zipfile.ZipInfo], names: list[tuple[str, str]], limit: int
) -> bool:
    """Tell whether the directory can be read in one way only: every sheet has one
    link, every link one target, every target one sheet, all written as usual."""
    links = _elements(read_part(file, parts["xl/_rels/workbook.xml.rels"], limit))
    ids = [given.get("Id", "") for name, given in links if name == "Relationship"]
    sheets = [g for name, g in _elements(read_part(file, parts["xl/workbook.xml"], limit))
              if name == "sheet"]  # fmt: skip
    linked = [[v for key, v in given.items() if local(key) == "id"] for given in sheets]
    wanted = [ids_of[0] for ids_of in linked if len(ids_of) == 1]
    targets = [
        g.get("Target", "") for name, g in links
        if name == "Relationship" and g.get("Id", "") in wanted
    ]  # fmt: skip
    found = [target for _, target in names]
    surveyed = {name for name in parts if is_sheet(name)}
    return (
        len(set(ids)) == len(ids)
        and len(wanted) == len(sheets) == len(targets) == len(names) == len(set(found))
        and all(map(_USUAL.fullmatch, targets))
        and set(found) == surveyed
    )


def _relation(given: dict[str, str]) -> str:
    return next((value for key, value in given.items() if local(key) == "id"), "")


def _absolute(target: str) -> str:
    path = target.replace("\\", "/")
    path = path[1:] if path.startswith("/") else posixpath.join("xl", path)
    if path.startswith("xl/xl/"):
        path = path[3:]
    return posixpath.normpath(path).casefold()


def _elements(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return (local name, attributes) of every element."""
    found: list[tuple[str, dict[str, str]]] = []
    walk([data], lambda tag, given: found.append((local(tag), given)), broken="工作簿的目录读不出")
    return found


def _refuse_locked(file: BinaryIO, parts: dict[str, zipfile.ZipInfo], limit: int) -> None:
    manifest = parts.get("meta-inf/manifest.xml")
    if manifest and b"encryption-data" in read_part(file, manifest, limit):
        raise UnreadableFile(
            "ODS 文件设有打开密码，不能直接读取", hint="请取消密码或另存为 .xlsx 后再检查"
        )


def _document(file: BinaryIO, parts: dict[str, zipfile.ZipInfo], limit: int) -> list[Survey | None]:
    surveys = survey_content(inflate(file, parts["content.xml"], limit))
    for number, survey in enumerate(surveys, 1):
        if survey.sprawling:
            raise refuse_sprawl(f"第 {number} 张", survey)
    return list(surveys)
