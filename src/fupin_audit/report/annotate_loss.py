"""What a workbook holds that is lost or changed when openpyxl saves it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

_CHUNK = 1 << 20

_PARTS: tuple[tuple[str, str], ...] = (
    ("xl/slicers/", "切片器没有保留"),
    ("xl/timelines/", "日程表没有保留"),
    ("xl/pivotTables/", "数据透视表保留，打开后请刷新"),
    ("xl/charts/", "图表重画过，样式可能有变"),
    ("xl/chartsheets/", "单独成表的图表可能有变"),
    ("xl/diagrams/", "SmartArt 图形没有保留"),
    ("xl/embeddings/", "嵌入的文件没有保留"),
    ("xl/activeX/", "控件可能没有保留"),
    ("xl/ctrlProps/", "按钮、下拉框等控件可能没有保留"),
    ("xl/threadedComments/", "对话式批注改成了普通批注"),
    ("xl/connections.xml", "外部数据连接没有保留"),
    ("xl/queryTables/", "外部数据查询没有保留"),
    ("xl/metadata.xml", "动态数组公式可能有变"),
    ("_xmlsignatures/", "数字签名没有保留"),
    ("xl/customUI", "自定义功能区可能没有保留"),
    ("customUI/", "自定义功能区可能没有保留"),
)
_IN_SHEETS: tuple[tuple[bytes, str], ...] = (
    (b"<f>", "公式保留，结果要在 Excel 里打开重算后才显示"),
    (b"<f ", "公式保留，结果要在 Excel 里打开重算后才显示"),
    (b"x14:dataValidation ", "引用别的工作表的下拉选项没有保留"),
    (b"x14:sparklineGroup", "迷你图没有保留"),
    (b"x14:conditionalFormatting ", "部分条件格式（数据条、图标等）没有保留"),
)
_IN_DRAWINGS: tuple[tuple[bytes, str], ...] = (
    (b"<xdr:sp ", "文本框、形状没有保留"),
    (b"<xdr:sp>", "文本框、形状没有保留"),
    (b"<xdr:grpSp", "组合图形没有保留"),
)


def losses(path: Path) -> tuple[str, ...]:
    """Return in Chinese what a copy of the workbook does not keep as it was.

    Raises:
        zipfile.BadZipFile: It is no workbook of the newer kind, or encrypted.
    """
    said: list[str] = []
    with ZipFile(path) as book:
        names = book.namelist()
        said += [told for part, told in _PARTS if any(name.startswith(part) for name in names)]
        if any(name.startswith("xl/media/") for name in names):
            said.append("部分格式的图片没有保留" if find_spec("PIL") else "图片没有保留")
        for name in names:
            if name.startswith("xl/worksheets/sheet"):
                said += _seen(book, name, _IN_SHEETS)
            elif name.startswith("xl/drawings/drawing"):
                said += _seen(book, name, _IN_DRAWINGS)
    return tuple(dict.fromkeys(said))


def _seen(book: ZipFile, name: str, marks: tuple[tuple[bytes, str], ...]) -> list[str]:
    wanted, found, before = dict(marks), [], b""
    with book.open(name) as part:
        while wanted and (chunk := part.read(_CHUNK)):
            text = before + chunk
            for mark in [mark for mark in wanted if mark in text]:
                found.append(wanted.pop(mark))
            before = chunk[-64:]
    return found
