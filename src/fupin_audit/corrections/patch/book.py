"""The directory of an xlsx package: which part is which sheet, what links where."""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import BinaryIO

from fupin_audit.corrections.patch.xml import (
    Node,
    added_last,
    escaped,
    nodes,
    relation_namespace,
    spliced,
    with_attribute,
)
from fupin_audit.read.guards import damaged, read_part

_BOOK, _TYPES, _ROOT_LINKS = "xl/workbook.xml", "[content_types].xml", "_rels/.rels"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SIGNATURES = "_xmlsignatures/"
_ORIGIN = "/digital-signature/origin"


class Book:
    """One package, its directory read.

    Attributes:
        titles: Name of each sheet → its part as the package spells it.
    """

    def __init__(self, file: BinaryIO, archive: zipfile.ZipFile, limit: int) -> None:
        self.file, self.limit = file, limit
        self.parts = {part.filename.casefold(): part for part in archive.infolist()}
        self._book = self.part(_BOOK)
        self._nodes = nodes(self._book)
        self._links_name = _links_of(_BOOK)
        self._links = self.part(self._links_name)
        targets = {
            node.value("Id"): _absolute(node.value("Target"), _BOOK)
            for node in nodes(self._links)
            if node.name == "Relationship"
        }
        self.titles: dict[str, str] = {}
        for node in self._nodes:
            if node.name == "sheet":
                target = targets.get(_relation(node), "")
                if target in self.parts:
                    self.titles[node.value("name")] = self.parts[target].filename

    def part(self, name: str) -> bytes:
        """Return a part by its case-folded name.

        Raises:
            UnreadableFile: There is none, or it is damaged.
        """
        if name not in self.parts:
            raise damaged("工作簿的部件不全")
        return read_part(self.file, self.parts[name], self.limit)

    def find(self, name: str) -> bytes | None:
        """Return a part by its case-folded name, None if there is none."""
        return self.part(name) if name in self.parts else None

    @property
    def since_1904(self) -> bool:
        """Whether days are counted from 1904."""
        about = next((n for n in self._nodes if n.name == "workbookPr"), None)
        return about is not None and about.value("date1904") in ("1", "true")

    @property
    def chain(self) -> str | None:
        """The part that lists formulas in order, as the package spells it."""
        found = self.parts.get("xl/calcchain.xml")
        return found.filename if found else None

    @property
    def signatures(self) -> set[str]:
        """Parts of digital signatures, which hold for the old bytes only."""
        return {p.filename for name, p in self.parts.items() if name.startswith(_SIGNATURES)}

    def table_heads(self, sheet: str) -> list[tuple[int, int, int, int]]:
        """Return the ranges of the heading rows of a sheet's tables."""
        from fupin_audit.corrections.patch.parts import area

        links = self.find(_links_of(sheet.casefold()))
        heads = []
        for node in nodes(links) if links else ():
            if not node.value("Type").endswith("/table"):
                continue
            table = self.find(_absolute(node.value("Target"), sheet))
            if table is None:
                continue
            root = nodes(table)[0]
            if root.value("ref") and root.value("headerRowCount") != "0":
                top, left, _, right = area(root.value("ref").encode())
                heads.append((top, left, top, right))
        return heads

    def with_sheet(self, title: str) -> tuple[str, dict[str, bytes]]:
        """Return the name for a new last sheet's part, and the parts that tell of it."""
        number = 1
        while f"xl/worksheets/sheet{number}.xml" in self.parts:
            number += 1
        name = f"xl/worksheets/sheet{number}.xml"
        links = nodes(self._links)
        taken = {node.value("Id") for node in links}
        link = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        space = relation_namespace(self._book)
        relation = {
            "Id": link, "Type": f"{space}/worksheet", "Target": f"worksheets/sheet{number}.xml"
        }  # fmt: skip
        piece = _element(links[0].prefix, "Relationship", relation)
        new_links = spliced(self._links, [added_last(self._links, links[0], piece)])
        sheets = next((n for n in self._nodes if n.name == "sheets"), None)
        if sheets is None:
            raise damaged("工作簿的目录读不出")
        ids = [int(n.value("sheetId")) for n in self._nodes
               if n.name == "sheet" and n.value("sheetId").isdigit()]  # fmt: skip
        listed = {"name": title, "sheetId": str(max(ids, default=0) + 1), "r:id": link}
        if self._nodes[0].given.get("xmlns:r") != space:
            listed["xmlns:r"] = space
        entry = _element(sheets.prefix, "sheet", listed)
        self._book = spliced(self._book, [added_last(self._book, sheets, entry)])
        self._nodes = nodes(self._book)
        return name, {self._links_name: new_links}

    def recalculated(self) -> None:
        """Have every formula worked out when the workbook is next opened."""
        about = next((n for n in self._nodes if n.name == "calcPr"), None)
        if about:
            tag = with_attribute(self._book[about.start : about.inner], "fullCalcOnLoad", "1")
            pieces = [(about.start, about.inner, tag)]
        else:
            names = ("definedNames", "externalReferences", "functionGroups", "sheets")
            before = next((n for w in names for n in self._nodes if n.name == w), None)
            if before is None:
                raise damaged("工作簿的目录读不出")
            made = _element(before.prefix, "calcPr", {"calcId": "0", "fullCalcOnLoad": "1"})
            pieces = [(before.end, before.end, made)]
        self._book = spliced(self._book, pieces)
        self._nodes = nodes(self._book)

    @property
    def book(self) -> bytes:
        """The workbook part as it is by now."""
        return self._book

    def types(self, added: set[str], dropped: set[str]) -> bytes:
        """Return the list of content types with sheets added and parts dropped."""
        data = self.part(_TYPES)
        found = nodes(data)
        gone = {"/" + name.casefold() for name in dropped}
        pieces = [
            (node.start, node.end, b"")
            for node in found
            if node.name == "Override" and node.value("PartName").casefold() in gone
        ]
        new = b"".join(
            _element(found[0].prefix, "Override", {"PartName": "/" + n, "ContentType": _SHEET_TYPE})
            for n in sorted(added)
        )
        return spliced(data, [*pieces, added_last(data, found[0], new)] if new else pieces)

    def without_links(self, links: bytes, base: str, dropped: set[str]) -> bytes:
        """Return a part of links without those to dropped parts."""
        gone = {name.casefold() for name in dropped}
        return spliced(
            links,
            [
                (node.start, node.end, b"")
                for node in nodes(links)
                if node.name == "Relationship"
                and (
                    _absolute(node.value("Target"), base) in gone
                    or (bool(gone) and base == "" and node.value("Type").endswith(_ORIGIN))
                )
            ],
        )

    def named(self, name: str) -> str:
        """Return a part's name as the package spells it."""
        return self.parts[name].filename


def links_of_root() -> str:
    """Return the (case-folded) name of the package's own links."""
    return _ROOT_LINKS


def _links_of(name: str) -> str:
    folder, _, last = name.rpartition("/")
    return f"{folder}/_rels/{last}.rels"


def _relation(node: Node) -> str:
    return next((v for key, v in node.given.items() if key.rpartition(":")[2] == "id"), "")


def _absolute(target: str, base: str) -> str:
    path = target.replace("\\", "/")
    path = path[1:] if path.startswith("/") else posixpath.join(posixpath.dirname(base), path)
    if path.startswith("xl/xl/"):
        path = path[3:]
    return posixpath.normpath(path).casefold()


def _element(prefix: str, name: str, given: dict[str, str]) -> bytes:
    tag = f"{prefix}:{name}" if prefix else name
    written = "".join(f' {key}="{escaped(value)}"' for key, value in given.items())
    return f"<{tag}{written}/>".encode()


def free_title(titles: set[str], wanted: str) -> str:
    """Return a sheet name no other sheet has."""
    taken = {title.casefold() for title in titles}
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted}{number}"
    return name


def is_numbered(title: str, base: str) -> bool:
    """Tell `更正记录` and `更正记录2`."""
    return bool(re.fullmatch(re.escape(base) + r"\d*", title))
