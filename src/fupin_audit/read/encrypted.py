"""Workbooks with a password to open."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any, BinaryIO

from fupin_audit.errors import UnreadableFile
from fupin_audit.read.biff import is_locked, open_ole, workbook_stream
from fupin_audit.read.guards import damaged
from fupin_audit.read.sniff import OLE

Password = Callable[[str], str | None]
_SPIN = re.compile(rb'spinCount="(\d+)"')
_MAX_SPIN = 1_000_000
_OTHER = (("WordDocument", "Word 文档"), ("PowerPoint Document", "PowerPoint 文稿"))


def open_legacy(
    file: BinaryIO, shown: str, password: Password | None
) -> tuple[BinaryIO, bytes | None]:
    """Return the readable workbook in an OLE container, decrypted if need be.

    Returns:
        The file to read on, and the workbook stream if that file is an .xls;
        None for a decrypted package that is to be sniffed again.

    Raises:
        UnreadableFile: Not a workbook, no password, or a wrong one.
    """
    with open_ole(file) as ole:
        if ole.exists("EncryptedPackage"):
            _check_spin(ole)
            return _unlock(file, shown, password), None
        for stream, name in _OTHER:
            if ole.exists(stream):
                raise UnreadableFile(f"不是表格文件，实际是 {name}", hint="请把表格另存为 .xlsx")
        try:
            workbook = workbook_stream(ole)
        except OSError as error:
            raise damaged("工作簿流读不出") from error
    if not is_locked(workbook):
        file.seek(0)
        return file, workbook
    plain = _unlock(file, shown, password)
    with open_ole(plain) as ole:
        workbook = workbook_stream(ole)
    plain.seek(0)
    return plain, workbook


def _check_spin(ole: Any) -> None:
    if not ole.exists("EncryptionInfo"):
        raise damaged("加密信息缺失")
    described: bytes = ole.openstream("EncryptionInfo").read()
    if b"<!DOCTYPE" in described or any(int(n) > _MAX_SPIN for n in _SPIN.findall(described)):
        raise damaged("加密信息不合情理")


def _unlock(file: BinaryIO, shown: str, password: Password | None) -> BinaryIO:
    import msoffcrypto

    given = password(shown) if password else None
    if not given:
        raise UnreadableFile(
            "文件设有打开密码", hint="用 --password-file 指定写着密码的文件，或取消密码后另存再检查"
        )
    plain = io.BytesIO()
    try:
        file.seek(0)
        office: Any = msoffcrypto.OfficeFile(file)
        office.load_key(password=given)
        office.decrypt(plain)
    except msoffcrypto.exceptions.InvalidKeyError as error:
        raise _wrong() from error
    except Exception as error:  # a broken container raises whatever it likes
        raise UnreadableFile(
            "文件设有打开密码，但解不开", hint="请在 Excel 中取消密码后另存为 .xlsx"
        ) from error
    plain.seek(0)
    # A wrong password can also come out as noise.
    if plain.read(8)[:4] not in (b"PK\x03\x04", OLE[:4]):
        raise _wrong()
    plain.seek(0)
    return plain


def _wrong() -> UnreadableFile:
    return UnreadableFile("打开密码不对", hint="请核对密码后再检查")
