"""Options that several commands share, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def option(*names: str, zh: str, en: str) -> Any:
    """Return an option with its help in both languages."""
    return typer.Option(*names, help=f"{zh} / {en}")


Paths = Annotated[
    list[str], typer.Argument(help="文件、文件夹、通配符或 zip / Files, folders, globs, zips")
]
AsOf = Annotated[
    str | None, option("--as-of", zh="按哪一天核对，如 2019-12-31", en="The day to judge by")
]
Region = Annotated[str | None, option("--region", zh="行政区划代码，如 611002", en="Division code")]
PackPath = Annotated[str | None, option("--pack", zh="自己的规则包文件夹", en="A rule pack folder")]
Select = Annotated[
    list[str] | None,
    option("--select", zh="只查：规则编号、类别（IC）、十查项（2）", en="Only these rules"),
]
Ignore = Annotated[list[str] | None, option("--ignore", zh="不查，写法同上", en="Not these rules")]
Severity = Annotated[
    str | None, option("--severity", zh="最低级别 error|warning|info", en="Least severity shown")
]
FailOn = Annotated[
    str | None,
    option("--fail-on", zh="到哪一级算有疑点 error|warning|info|never", en="What makes exit 1"),
]
Format = Annotated[
    str, option("--format", zh="console|json|csv|html|junit", en="Form of the result")
]
Out = Annotated[Path | None, option("--out", zh="写到哪里", en="Where to write")]
NoXlsx = Annotated[bool, option("--no-xlsx", zh="不写疑点清单", en="Write no workbook")]
Annotate = Annotated[
    bool, option("--annotate", zh="另存一份标出疑点的原表", en="A marked copy of the input")
]
Statistics = Annotated[bool, option("--statistics", zh="json 只要统计", en="Totals only")]
ExplainColumns = Annotated[
    bool, option("--explain-columns", zh="说明每一列认成了什么", en="Explain the columns")
]
Reveal = Annotated[bool, option("--reveal", zh="不遮盖个人信息", en="Do not mask personal data")]
MapFile = Annotated[str | None, option("--map", zh="列对照文件（YAML）", en="Header-to-field map")]
PasswordFile = Annotated[
    str | None,
    option("--password-file", zh="打开密码所在的文件", en="File that holds the password"),
]
MaxUnpacked = Annotated[
    str | None, option("--max-unpacked", zh="解压后的上限，默认 1G", en="Limit on unpacked size")
]
Strict = Annotated[
    bool, option("--strict", zh="有一个文件读不出就停", en="Stop at an unreadable file")
]
Ledger = Annotated[
    Path | None, option("--ledger", zh="台账文件，默认 .fupin/ledger.sqlite", en="The ledger file")
]
NoLedger = Annotated[bool, option("--no-ledger", zh="不记台账", en="Keep no ledger")]
Baseline = Annotated[
    int | None,
    option("--baseline", zh="只列第几次核对以后新出现的", en="Only what is new since this run"),
]
OfRun = Annotated[
    int | None,
    option("--run", zh="只列第几次核对时要办的", en="Only what stood at this run of the ledger"),
]
Whole = Annotated[
    bool,
    option(
        "--whole",
        zh="名单是所涉各村的全部户：名单里没有的户算已删除",
        en="The inputs list every household of their villages",
    ),
]
WithConfirmed = Annotated[
    bool,
    option(
        "--with-confirmed",
        zh="已认定情况属实的也列出",
        en="List what was confirmed as true as well",
    ),
]
Language = Annotated[str | None, option("--lang", zh="zh 或 en", en="Language")]
Quiet = Annotated[bool, option("-q", "--quiet", zh="只说结果在哪里", en="Say little")]
Verbose = Annotated[bool, option("-v", "--verbose", zh="说出各步用时", en="Say more")]
NoProgress = Annotated[bool, option("--no-progress", zh="不显示进度条", en="No progress bar")]
