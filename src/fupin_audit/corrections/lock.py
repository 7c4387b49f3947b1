"""Lists locked with a password: AES, as Excel and WPS open it."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

from fupin_audit.errors import UsageError

PAIRS = '一行一个：TOML 写 "城关镇" = "密码"，CSV 写 城关镇,密码'
"""How passwords are written in a file."""
_LONGEST = 255
_HEADS = ("密码", "password", "口令")


def read_passwords(file: Path) -> dict[str, str]:
    """Read whose password is which: TOML, or CSV of two columns.

    Raises:
        UsageError: The file cannot be read, or says something else.
    """
    try:
        raw = file.read_bytes()
    except OSError:
        raise UsageError("密码文件读不出来", where=str(file), hint=PAIRS) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    pairs = _toml(text, file) if file.suffix.lower() == ".toml" else _csv(text, file)
    found: dict[str, str] = {}
    for name, password in pairs:
        # The name may be shown, the password never.
        if not isinstance(password, str) or not password or len(password) > _LONGEST:
            raise UsageError(
                f"“{name}”的密码要写成引号里的文字，1 到 {_LONGEST} 个字",
                where=str(file),
                hint=PAIRS,
            )
        if found.setdefault(name.strip(), password) != password:
            raise UsageError(f"“{name}”有两个不同的密码", where=str(file))
    if not found:
        raise UsageError("密码文件里没有密码", where=str(file), hint=PAIRS)
    return found


def _toml(text: str, file: Path) -> list[tuple[str, Any]]:
    try:
        return list(tomllib.loads(text).items())
    except tomllib.TOMLDecodeError:  # its message quotes the text
        raise UsageError("密码文件不是 TOML", where=str(file), hint=PAIRS) from None


def _csv(text: str, file: Path) -> list[tuple[str, Any]]:
    rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if any(len(row) != 2 for row in rows):
        raise UsageError("密码文件每行应是两列：乡镇、密码", where=str(file), hint=PAIRS)
    if rows and rows[0][1].strip().lower() in _HEADS:
        rows = rows[1:]
    return [(name, password.strip()) for name, password in rows]


def locked(plain: bytes, password: str) -> bytes:
    """Return a workbook encrypted under a password."""
    from msoffcrypto.format.ooxml import OOXMLFile

    made = io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt(password, made)
    return made.getvalue()
