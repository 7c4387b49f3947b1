"""`fupin-audit check`."""

from __future__ import annotations

from pathlib import Path

import typer

from fupin_audit.cli import deliver, settings
from fupin_audit.cli import options as o
from fupin_audit.cli.bar import bar
from fupin_audit.cli.book import enter, history, left_out, nights, open_book
from fupin_audit.cli.deliver import LEVELS
from fupin_audit.memory import uncollected

FORMATS = ("console", "json", "csv", "html", "junit")


def check(
    paths: o.Paths,
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    severity: o.Severity = None,
    fail_on: o.FailOn = None,
    form: o.Format = "console",
    out: o.Out = None,
    no_xlsx: o.NoXlsx = False,
    annotate: o.Annotate = False,
    statistics: o.Statistics = False,
    ledger: o.Ledger = None,
    no_ledger: o.NoLedger = False,
    whole: o.Whole = False,
    baseline: o.Baseline = None,
    with_confirmed: o.WithConfirmed = False,
    explain_columns: o.ExplainColumns = False,
    reveal: o.Reveal = False,
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    max_unpacked: o.MaxUnpacked = None,
    strict: o.Strict = False,
    lang: o.Language = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
    no_progress: o.NoProgress = False,
) -> None:
    """核对登记表，列出疑点。 / Check registers and list what needs correction.

    结果 0 没有疑点，1 有疑点；2 用法、3 文件、4 规则、5 台账有问题。
    """
    found = settings.find(paths)
    level = settings.one_of(found.pick(severity, "severity", "info"), LEVELS, "--severity")
    fails = settings.one_of(
        found.pick(fail_on, "fail_on", "error"), (*LEVELS, "never"), "--fail-on"
    )
    settings.one_of(form, FORMATS, "--format")
    language = settings.language(found.pick(lang, "lang"))
    target = deliver.target(paths, form, out)
    if explain_columns or (no_xlsx and form == "console"):
        target = None
    deliver.spare(paths, target)
    written: dict[str, Path] = {}
    book = None
    with bar(quiet or no_progress) as progress:
        with uncollected():
            from fupin_audit import api
            from fupin_audit.cli.intake import request

            asked = request(
                paths, found, as_of=as_of, region=region, pack=pack, select=select, ignore=ignore,
                map_file=map_file, password_file=password_file, max_unpacked=max_unpacked,
                strict=strict, progress=progress,
            )  # fmt: skip
            result = api.run(asked)
        from fupin_audit.report.prints import ground_of
        from fupin_audit.report.view import view
        from fupin_audit.report.words import SEVERITY, say

        deliver.spare([s.raw.path for s in result.dataset.sheets if s.raw.path], target)
        if explain_columns:
            seen = None
        else:
            if progress:
                progress("记台账", 0, 1)
            with uncollected():
                book = open_book(paths, found, ledger, no_ledger, language)
                ground = ground_of(result, book.key)
                result = enter(
                    book, ground, selected=asked.select, revealed=reveal,
                    whole=found.pick(whole or None, "whole", False),
                    baseline=baseline, confirmed=with_confirmed,
                )  # fmt: skip
            seen = view(
                result, reveal=reveal, lang=language, key=book.key, minimum=level, ground=ground
            )
        if seen is not None and book is not None and form == "console" and target:
            if progress:
                progress("写疑点清单", 0, 1)
            told = {"最低级别": SEVERITY[level][0], "个人信息": "不遮盖" if reveal else "遮盖"}
            told |= {"台账": omitted} if (omitted := left_out(result)) else {}
            written["疑点清单"] = deliver.workbook(seen, target, told, nights(book, result))
        if seen is not None and annotate:
            if progress:
                progress("标注原表", 0, 1)
            written |= deliver.copies(seen, out)
    if seen is None or book is None:
        from fupin_audit.cli.columns import explain

        explain(result, language)
        raise typer.Exit(deliver.exit_code(result, "never"))
    if (quiet or form == "csv") and (omitted := left_out(result, language)):
        typer.echo(say((f"提示：{omitted}。", f"Note: {omitted}."), language), err=True)
    if form == "console":
        deliver.summary(seen, written, quiet)
    elif form == "html":
        deliver.page(seen, target, history(book, result))
    else:
        deliver.data(seen, form, target, statistics)
    if verbose:
        for stage, seconds in result.timings.items():
            typer.echo(f"{stage:<10} {seconds:6.2f} s", err=True)
    if book.trouble is not None:
        raise book.trouble
    raise typer.Exit(deliver.exit_code(result, fails))
