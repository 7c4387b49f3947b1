"""What a file really is, by its first bytes and not by its name."""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO

from fupin_audit.errors import UnreadableFile
from fupin_audit.read.encoding import guess_utf16
from fupin_audit.read.guards import open_zip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXPECTED = {
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xltx": "xlsx", ".xltm": "xlsx", ".xls": "ole",
    ".et": "ole", ".xlsb": "xlsb", ".ods": "ods", ".csv": "text", ".tsv": "text",
    ".txt": "text", ".parquet": "parquet", ".zip": "archive",
}  # fmt: skip
NAMES = {
    "xlsx": "xlsx", "xlsb": "xlsb", "ods": "ods", "ole": "xls", "text": "文本（csv）",
    "parquet": "parquet", "archive": "zip 压缩包",
}  # fmt: skip
_FOREIGN = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"BM", "图片（BMP）"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"SQLite format 3", "SQLite 数据库"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x09\x00\x04\x00", "Excel 2–4 的旧格式"),
    (b"\x09\x02\x06\x00", "Excel 2–4 的旧格式"),
    (b"\x09\x04\x06\x00", "Excel 2–4 的旧格式"),
)
_MARKUP = re.compile(r"<\s*(?:!doctype\s+html|html|head|meta|body|table|style|script|div)\b", re.I)
_OFFICE_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再检查"


def sniff(file: BinaryIO) -> str:
    """Return `xlsx xlsb ods ole parquet archive` or `text`.

    Raises:
        UnreadableFile: It is none of these; the message says what it looks like.
    """
    file.seek(0)
    head = file.read(1 << 16)
    file.seek(0)
    if not head:
        raise UnreadableFile("文件是空的（0 字节）", hint="请重新导出或拷贝")
    if head.startswith(b"PK"):
        return _zip_kind(file)
    if head.startswith(OLE):
        return "ole"
    if head.startswith(b"PAR1"):
        return "parquet"
    for magic, name in _FOREIGN:
        # `BM` and `MZ` may also start an honest header; binary bytes decide.
        if head.startswith(magic) and (len(magic) > 2 or b"\0" in head[:64]):
            raise UnreadableFile(
                f"不是表格文件，实际是{name}", hint="请确认是否给错了文件；" + _SAVE_AS
            )
    _refuse_markup(head)
    if _is_binary(head):
        raise UnreadableFile("不是表格文件，内容是无法识别的二进制数据", hint=_SAVE_AS)
    return "text"


def kind_note(suffix: str, kind: str) -> str | None:
    """Return a note when the name promises something else than the bytes hold."""
    expected = EXPECTED.get(suffix.lower())
    if expected in (None, kind):
        return None
    return f"扩展名是 {suffix}，其实是 {NAMES[kind]}，已按实际格式读取"


def _zip_kind(file: BinaryIO) -> str:
    with open_zip(file) as archive:
        names = {name.casefold() for name in archive.namelist()}
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "xl/workbook.bin" in names:
            return "xlsb"
        if "content.xml" in names and "mimetype" in names:
            return _document_kind(archive)
    if "word/document.xml" in names:
        raise UnreadableFile("不是表格文件，实际是 Word 文档", hint="请把其中的表格另存为 .xlsx")
    if "ppt/presentation.xml" in names:
        raise UnreadableFile("不是表格文件，实际是 PowerPoint 文稿", hint="请另存为 .xlsx")
    if "[content_types].xml" in names:
        raise UnreadableFile("Office 文件中没有工作簿，可能已损坏", hint=_SAVE_AS)
    return "archive"


def _document_kind(archive: zipfile.ZipFile) -> str:
    try:
        with archive.open("mimetype") as part:
            kind = part.read(200)
    except (zipfile.BadZipFile, RuntimeError, OSError, KeyError, NotImplementedError):
        kind = b""
    if b"opendocument.spreadsheet" not in kind:
        raise UnreadableFile("不是表格文件，实际是其他 OpenDocument 文档", hint=_SAVE_AS)
    return "ods"


def _refuse_markup(head: bytes) -> None:
    text = head[:4096].replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe \t\r\n")
    if text.startswith("<?xml") and _OFFICE_XML in text:
        raise UnreadableFile("是 XML 表格 2003 格式，不在可读之列", hint=_SAVE_AS)
    if text.lower().startswith("mime-version:") or (text[:1] == "<" and _MARKUP.search(text)):
        raise UnreadableFile("内容其实是网页（HTML），只是改了扩展名", hint=_SAVE_AS)
    if text.startswith("<?xml"):
        raise UnreadableFile("不是表格文件，实际是 XML", hint=_SAVE_AS)


def _is_binary(head: bytes) -> bool:
    """Tell bytes that are no text in any encoding; NULs may be filler."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or guess_utf16(head):
        return False
    strange = sum(
        head.count(code) for code in range(1, 32) if code not in b"\t\n\r\x0b\x0c\x1a\x1b"
    )
    return strange * 20 > len(head)
