"""`fupin-audit explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fupin_audit.cli import deliver, settings
from fupin_audit.cli import options as o
from fupin_audit.cli.bar import bar
from fupin_audit.cli.book import open_book
from fupin_audit.cli.card import CardLine, parted
from fupin_audit.errors import UsageError
from fupin_audit.memory import uncollected

if TYPE_CHECKING:
    from pathlib import Path

    from fupin_audit.report.household.dossier import DossierView

FORMATS = ("console", "json", "html")

What = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH... ID",
        help="文件、文件夹，最后是户编号、人口编号、证件号码或姓名 / Files, then whom to explain",
    ),
]
Form = Annotated[str, o.option("--format", zh="console|json|html", en="Form of the result")]
Details = Annotated[
    bool, o.option("-v", "--verbose", zh="通过的规则也逐条列出所看的数", en="Show what passed, too")
]


def explain(
    what: What,
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    line: CardLine = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    form: Form = "console",
    out: o.Out = None,
    reveal: o.Reveal = False,
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    max_unpacked: o.MaxUnpacked = None,
    strict: o.Strict = False,
    lang: o.Language = None,
    verbose: Details = False,
    no_progress: o.NoProgress = False,
) -> None:
    """一户或一个人的全部：成员、收入账、每条规则怎么判、要改什么。 / One household in full."""
    paths, asked = parted(what)
    settings.one_of(form, FORMATS, "--format")
    if len(asked) != 1:
        raise UsageError(
            "最后要写一个（而且只写一个）户编号、人口编号、证件号码或姓名",
            hint="例如 fupin-audit explain 名单.xlsx 6110020000000001",
        )
    if form == "console" and out is not None:
        raise UsageError("--out 要和 --format json 或 html 一起用")
    found = settings.find(paths)
    deliver.spare(paths, out)
    language = settings.language(found.pick(lang, "lang"))
    with bar(no_progress) as progress, uncollected():
        from fupin_audit import api
        from fupin_audit.cli.intake import request
        from fupin_audit.report.household.dossier import dossier_view

        wanted = request(
            paths, found, as_of=as_of, region=region, pack=pack, select=select, ignore=ignore,
            map_file=map_file, password_file=password_file, max_unpacked=max_unpacked,
            strict=strict, progress=progress,
        )  # fmt: skip
        dossier = api.run_explanation(wanted, asked[0], line)
        key = open_book(paths, found, None, none=True).key  # the numbers of the lists
        view = dossier_view(dossier, reveal=reveal, lang=language, key=key)
    _show(view, form, out, verbose)
    raise typer.Exit(3 if any(f.error for f in dossier.result.dataset.files) else 0)


def _show(view: DossierView, form: str, out: Path | None, verbose: bool) -> None:
    if form == "console":
        from fupin_audit.report.console.dossier import console

        console(view, verbose=verbose)
        return
    with deliver.stream_to(out) as stream:
        if form == "json":
            from fupin_audit.report.household.as_json import to_json

            to_json(view, stream)
        else:
            from fupin_audit.report.html.dossier import to_html

            to_html(view, stream)
