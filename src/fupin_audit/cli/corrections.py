"""`fupin-audit corrections`: lists that go out, come back, and where they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fupin_audit.beside import cores_here
from fupin_audit.cli import corrections_apply, deliver, settings
from fupin_audit.cli import options as o
from fupin_audit.cli.bar import bar
from fupin_audit.cli.book import enter, left_out, open_book
from fupin_audit.cli.light import LightCommand, LightGroup
from fupin_audit.errors import UsageError
from fupin_audit.memory import uncollected

app = typer.Typer(
    help="更正清单：分乡镇发出、收回改表、看进度 / Correction lists: out, back, where they stand",
    no_args_is_help=True,
    cls=LightGroup,
)

By = Annotated[
    str,
    o.option("--by", zh="一份给谁：township 乡镇|village 村|helper 帮扶人|all", en="A list per"),
]
Folder = Annotated[Path, o.option("--out", zh="写到哪个文件夹", en="Folder to write to")]
OnlyNew = Annotated[
    bool, o.option("--only-new", zh="只列以前的清单没有列过的", en="Only what no list had before")
]
Visits = Annotated[
    int | None,
    o.option("--limit-visits", zh="每份最多列几户要入户的，急的先列", en="Visits per list"),
]
Encrypt = Annotated[bool, o.option("--encrypt", zh="清单加打开密码", en="Lock the lists")]
Passwords = Annotated[
    Path | None,
    o.option("--passwords", zh="各乡镇的密码：TOML 或两列 CSV", en="Password per township"),
]
Mask = Annotated[
    str,
    o.option("--mask", zh="遮盖：staff 只露要改的格|strict 全遮|none 不遮", en="What is masked"),
]
Contact = Annotated[str, o.option("--contact", zh="清单上写明有问题问谁", en="Whom to ask")]


@app.command("make", cls=LightCommand)
def make(
    paths: o.Paths,
    out: Folder,
    by: By = "township",
    only_new: OnlyNew = False,
    limit_visits: Visits = None,
    mask: Mask = "staff",
    encrypt: Encrypt = False,
    passwords: Passwords = None,
    contact: Contact = "",
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    severity: o.Severity = None,
    ledger: o.Ledger = None,
    no_ledger: o.NoLedger = False,
    whole: o.Whole = False,
    baseline: o.Baseline = None,
    run: o.OfRun = None,
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    max_unpacked: o.MaxUnpacked = None,
    strict: o.Strict = False,
    lang: o.Language = None,
    quiet: o.Quiet = False,
    no_progress: o.NoProgress = False,
) -> None:
    """核对登记表，按乡镇（村、帮扶人）写出更正清单。 / One correction list per township.

    已认定情况属实的不列；发出的清单记入台账。已有的清单不覆盖。
    """
    found = settings.find(paths)
    level = settings.one_of(found.pick(severity, "severity", "info"), deliver.LEVELS, "--severity")
    language = settings.language(found.pick(lang, "lang"))
    settings.one_of(by, ("township", "village", "helper", "all"), "--by")
    settings.one_of(mask, ("staff", "strict", "none"), "--mask")
    if encrypt != (passwords is not None):
        raise UsageError(
            "--encrypt 和 --passwords 要一起写", hint="--encrypt --passwords 密码.toml"
        )
    if limit_visits is not None and limit_visits < 0:
        raise UsageError("--limit-visits 不能小于 0")
    if only_new and no_ledger:
        raise UsageError("--only-new 要有台账", hint="去掉 --no-ledger")
    if (baseline is not None or run is not None) and no_ledger:
        raise UsageError("--baseline、--run 要有台账", hint="去掉 --no-ledger")
    if out.exists() and not out.is_dir():
        raise UsageError("--out 要是文件夹", where=str(out))
    known = _passwords(passwords)
    with bar(quiet or no_progress) as progress, uncollected():
        from fupin_audit import api
        from fupin_audit.cli.intake import request

        asked = request(
            paths, found, as_of=as_of, region=region, pack=pack, select=select, ignore=ignore,
            map_file=map_file, password_file=password_file, max_unpacked=max_unpacked,
            strict=strict, progress=progress,
        )  # fmt: skip
        result = api.run(asked)
        from fupin_audit.cli.corrections_out import Wanted, send_out, tell
        from fupin_audit.report.prints import ground_of
        from fupin_audit.report.view import view

        book = open_book(paths, found, ledger, no_ledger, language)
        ground = ground_of(result, book.key)
        result = enter(
            book, ground, selected=asked.select, revealed=mask == "none",
            whole=found.pick(whole or None, "whole", False), baseline=baseline, confirmed=False,
            of_run=run,
        )  # fmt: skip
        if book.trouble is not None:  # nobody would know what went out
            raise book.trouble
        seen = view(
            result, reveal=mask == "none", lang="zh", key=book.key, minimum=level, ground=ground
        )
        wanted = Wanted(by, mask, out, only_new, limit_visits, known, passwords, contact)
        sent = send_out(seen, wanted, book.file, progress, cores=cores_here())
    tell(sent, left_out(result, language), quiet, language)
    raise typer.Exit(deliver.exit_code(result, "never"))


def _passwords(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    from fupin_audit.corrections.lock import read_passwords

    return read_passwords(file)


app.command("apply", cls=LightCommand)(corrections_apply.apply)
app.command("status", cls=LightCommand)(corrections_apply.status)
