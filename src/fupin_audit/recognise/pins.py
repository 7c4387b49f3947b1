"""What the user settled by hand: `--map map.yaml` and `[map]` in fupin.toml.

人数: 家庭人口数                  # a header, in every file
C: 户编号                         # or a column letter
"*乡镇报表*.xlsx":                # only in files of this name
  sheet: 花名册                   # … on this sheet; may be left out
  table: member                   # what one row is
  header_rows: [3, 4]
  columns: {D: 证件号码, 备注: ""}  # "" leaves the column out
  code_sets: {性别: national}     # what bare numbers mean
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Any

from fupin_audit.errors import UsageError
from fupin_audit.model.sheet import RawSheet, column_index
from fupin_audit.packs.names import nearest
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.recognise.headers import key_of

KEYS = ("sheet", "table", "header_rows", "columns", "code_sets")
_LETTERS = re.compile(r"^(?:列)?([A-Z]{1,3})(?:列)?$")


@dataclass(frozen=True, slots=True)
class Pin:
    """One block of pins.

    Attributes:
        file: Glob the file's name must match.
        sheet: Sheet name, None for any.
        table: Table the sheet is, None to find out.
        header_rows: One-based header rows, empty to find them.
        columns: (header text or column letter, field); an empty field leaves
            the column out.
        code_sets: (field, code set) for bare numbers.
        origin: Where it was written, for messages.
    """

    file: str = "*"
    sheet: str | None = None
    table: str | None = None
    header_rows: tuple[int, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    code_sets: tuple[tuple[str, str], ...] = ()
    origin: str = ""

    def covers(self, sheet: RawSheet) -> bool:
        """Tell whether the pin is about this sheet."""
        name = sheet.file.replace("\\", "/").replace("!/", "/")
        tails = (name, PurePath(name).name, *(str(p) for p in [sheet.path] if p))
        if not any(fnmatchcase(tail, self.file) for tail in tails):
            return False
        return self.sheet is None or self.sheet.strip() == (sheet.name or "").strip()


def load_pins(mapping: Mapping[str, Any], origin: str) -> list[Pin]:
    """Read a map file or `[map]` table.

    Raises:
        UsageError: A key is unknown or a value has the wrong shape.
    """
    if not isinstance(mapping, Mapping):
        raise UsageError("列对照不是“键: 值”的形式", where=origin, hint="写成 表头: 字段")
    everywhere = {
        str(k): v for k, v in mapping.items() if not isinstance(v, Mapping | list) and k not in KEYS
    }
    settings = {key: mapping[key] for key in KEYS if key in mapping}
    pins = []
    if everywhere or settings:
        pins.append(_block("*", settings | everywhere, origin))
    for pattern, block in mapping.items():
        if isinstance(block, Mapping) and pattern not in KEYS:
            pins.append(_block(str(pattern), block, f"{origin}:{pattern}"))
        elif isinstance(block, list) and pattern not in KEYS:
            raise UsageError(f"“{pattern}”的值不能是列表", where=origin, hint="写成 表头: 字段")
    return pins


def _block(pattern: str, block: Mapping[str, Any], origin: str) -> Pin:
    columns = dict(_texts(block.get("columns"), "columns", origin))
    for key, value in block.items():
        if key in KEYS:
            continue
        if value is not None and not isinstance(value, str):
            close = nearest(str(key), KEYS) or "可用的键：" + "、".join(KEYS)
            raise UsageError(f"列对照里的“{key}”不认识", where=origin, hint=close)
        if str(key).isascii() and (close := nearest(str(key), KEYS)):
            raise UsageError(f"列对照里的“{key}”不认识", where=origin, hint=close)
        columns[str(key)] = value or ""
    rows = block.get("header_rows", ())
    rows = (rows,) if isinstance(rows, int) else rows
    if not isinstance(rows, Sequence) or not all(type(r) is int and r > 0 for r in rows):
        raise UsageError("header_rows 应是行号，如 [3, 4]", where=origin)
    if list(rows) != list(range(rows[0], rows[0] + len(rows))) if rows else False:
        raise UsageError("header_rows 应是相连的几行，如 [3, 4]", where=origin)
    for key in ("sheet", "table"):
        if not isinstance(block.get(key, ""), str | None):
            raise UsageError(f"{key} 应是文字", where=origin)
    return Pin(
        file=pattern,
        sheet=block.get("sheet"),
        table=block.get("table"),
        header_rows=tuple(rows),
        columns=tuple(columns.items()),
        code_sets=tuple(_texts(block.get("code_sets"), "code_sets", origin).items()),
        origin=origin,
    )


def _texts(value: object, key: str, origin: str) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(
        v is None or isinstance(v, str) for v in value.values()
    ):
        raise UsageError(f"{key} 应是“名称: 名称”的形式", where=origin)
    return {str(k): v or "" for k, v in value.items()}


def check_pins(pins: Sequence[Pin], pack: ResolvedPack) -> None:
    """Refuse pins that name a table, field or code set the pack does not have.

    Raises:
        UsageError: With the nearest known name.
    """
    fields = {name for table in pack.tables.values() for name in table.fields}
    sets = {s for codes in pack.codes.values() for code in codes.values for s in code.numbers}
    for pin in pins:
        if pin.table is not None and pin.table not in pack.tables:
            close = nearest(pin.table, pack.tables) or "可用的表：" + "、".join(pack.tables)
            raise UsageError(f"列对照里的表“{pin.table}”不存在", where=pin.origin, hint=close)
        for name in [f for _, f in pin.columns if f] + [f for f, _ in pin.code_sets]:
            table, _, rest = name.rpartition(".")
            known = pack.tables[table].fields if table in pack.tables else fields
            if rest not in known:
                raise UsageError(
                    f"列对照里的字段“{name}”不存在",
                    where=pin.origin,
                    hint=nearest(rest, known) or "字段名是登记表的正式列名，见 rules/core/tables",
                )
        for name, code_set in pin.code_sets:
            if code_set not in sets:
                close = nearest(code_set, sets) or "可用的代码集：" + "、".join(sorted(sets))
                raise UsageError(
                    f"“{name}”的代码集“{code_set}”不存在", where=pin.origin, hint=close
                )


@dataclass(slots=True)
class Pinned:
    """The pins that cover one sheet, later ones winning."""

    table: str | None = None
    header_rows: tuple[int, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    code_sets: dict[str, str] = field(default_factory=dict)

    def by_column(
        self, headers: Mapping[int, tuple[str, ...]], width: int
    ) -> tuple[dict[int, str], list[str]]:
        """Return column → pinned field ("" leaves it out), and the pins that
        name no column of this sheet.

        Args:
            headers: The texts a column's header may be called by.
            width: Number of columns; a letter beyond it pins nothing.
        """
        found: dict[int, str] = {}
        unused: list[str] = []
        for text, name in self.columns.items():
            key, letters = key_of(text), _LETTERS.match(text)
            called = [c for c, texts in headers.items() if key and key in map(key_of, texts)]
            if not called and letters and column_index(letters[1]) < width:
                called = [column_index(letters[1])]
            if called:
                found[called[0]] = name
            else:
                unused.append(text)
        return found, unused


def pinned(sheet: RawSheet, pins: Sequence[Pin]) -> Pinned:
    """Gather what the pins say of one sheet."""
    result = Pinned()
    for pin in (p for p in pins if p.covers(sheet)):
        result.table = pin.table or result.table
        result.header_rows = pin.header_rows or result.header_rows
        result.columns.update(pin.columns)
        result.code_sets.update(pin.code_sets)
    return result
