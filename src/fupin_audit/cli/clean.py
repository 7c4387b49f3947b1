"""`fupin-audit clean`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.cli.deliver import spare
from fupin_audit.errors import UsageError


def clean(
    paths: o.Paths,
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪里：….xlsx / Where to write")],
    pack: o.PackPath = None,
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    max_unpacked: o.MaxUnpacked = None,
    strict: o.Strict = False,
    lang: o.Language = None,
) -> None:
    """把写法规整成一致，附清洗日志；不改任何事实。 / Normalise how values are written.

    新工作簿里每张表用标准字段名，每一处改动都记在“清洗日志”里，凭日志可以还原。
    """
    from fupin_audit.cli.intake import request
    from fupin_audit.pipeline import clean as run
    from fupin_audit.report.cleaned import write_cleaned

    if out.suffix.lower() != ".xlsx":
        raise UsageError("输出文件要以 .xlsx 结尾", where=str(out))
    spare(paths, out)
    found = settings.find(paths)
    asked = request(
        paths, found, pack=pack, map_file=map_file, password_file=password_file,
        max_unpacked=max_unpacked, strict=strict,
    )  # fmt: skip
    dataset, recognition, _ = run(asked)
    spare([s.raw.path for s in dataset.sheets if s.raw.path], out)
    write_cleaned(dataset, asked.pack, out)
    changed, english = len(dataset.log), settings.language(found.pick(lang, "lang")) == "en"
    rows = sum(int((~t.borrowed).sum()) for t in dataset.tables.values())
    typer.echo(
        f"{out}: {rows} rows, {changed} cells written differently; see the sheet 清洗日志"
        if english
        else f"已写出 {out}：{rows} 行，规整了 {changed} 个单元格，逐格记在“清洗日志”"
    )
    unread = [f for f in dataset.files if f.error]
    for file in unread:
        typer.echo(f"没有读出：{file.file}：{file.error}", err=True)
    for skipped in recognition.skipped:
        place = " ".join(filter(None, (skipped.file, skipped.sheet)))
        typer.echo(f"没有用上：{place}（{skipped.reason}）", err=True)
    raise typer.Exit(3 if unread else 0)
