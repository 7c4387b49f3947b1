"""Options that several commands share, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def option(kind: Any, *names: str, zh: str, en: str) -> Any:
    """Return an annotated option with its help in both languages."""
    return Annotated[kind, typer.Option(*names, help=f"{zh} / {en}")]


Paths = Annotated[
    list[str], typer.Argument(help="文件、文件夹、通配符或 zip / Files, folders, globs, zips")
]
AsOf = option(str | None, "--as-of", zh="按哪一天核对，如 2019-12-31", en="The day to judge by")
Region = option(str | None, "--region", zh="行政区划代码，如 611002", en="Division code")
PackPath = option(str | None, "--pack", zh="自己的规则包文件夹", en="A rule pack folder")
Select = option(
    list[str] | None,
    "--select",
    zh="只查：规则编号、类别（IC）、十查项（2）",
    en="Only these rules",
)
Ignore = option(list[str] | None, "--ignore", zh="不查，写法同上", en="Not these rules")
Severity = option(
    str | None, "--severity", zh="最低级别 error|warning|info", en="Least severity shown"
)
FailOn = option(
    str | None, "--fail-on", zh="到哪一级算有疑点 error|warning|info|never", en="What makes exit 1"
)
Format = option(str, "--format", zh="console|json|csv", en="Form of the result")
Out = option(Path | None, "--out", zh="写到哪里", en="Where to write")
NoXlsx = option(bool, "--no-xlsx", zh="不写疑点清单", en="Write no workbook")
Annotate = option(bool, "--annotate", zh="另存一份标出疑点的原表", en="A marked copy of the input")
Statistics = option(bool, "--statistics", zh="json 只要统计", en="Totals only")
ExplainColumns = option(
    bool, "--explain-columns", zh="说明每一列认成了什么", en="Explain the columns"
)
Reveal = option(bool, "--reveal", zh="不遮盖个人信息", en="Do not mask personal data")
MapFile = option(str | None, "--map", zh="列对照文件（YAML）", en="Header-to-field map")
PasswordFile = option(
    str | None, "--password-file", zh="打开密码所在的文件", en="File that holds the password"
)
MaxUnpacked = option(
    str | None, "--max-unpacked", zh="解压后的上限，默认 1G", en="Limit on unpacked size"
)
Strict = option(bool, "--strict", zh="有一个文件读不出就停", en="Stop at an unreadable file")
Language = option(str | None, "--lang", zh="zh 或 en", en="Language")
Quiet = option(bool, "-q", "--quiet", zh="只说结果在哪里", en="Say little")
Verbose = option(bool, "-v", "--verbose", zh="说出各步用时", en="Say more")
NoProgress = option(bool, "--no-progress", zh="不显示进度条", en="No progress bar")
