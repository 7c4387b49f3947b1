"""`fupin-audit card`."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from fupin_audit.cli import deliver, settings
from fupin_audit.cli import options as o
from fupin_audit.cli.bar import bar
from fupin_audit.errors import UsageError
from fupin_audit.memory import uncollected

FORMATS = ("xlsx", "html")
NAME = ".户卡."
_FILES = (
    ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".parquet", ".zip", ".txt",
)  # fmt: skip

What = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH... [ID...]",
        help="文件、文件夹，后面可跟户编号、人口编号、证件号码或姓名；不写就是全部户 "
        "/ Files, then whose cards; all households without",
    ),
]
Form = Annotated[
    str | None, o.option("--format", zh="xlsx|html；默认看 --out 的后缀", en="Form of the cards")
]
Stacked = Annotated[
    bool,
    o.option("--stacked", zh="各户叠在一张工作表里，每户一页", en="One sheet, a page each"),
]
CardLine = Annotated[
    float | None,
    o.option("--line", zh="本地当年的标准线（元）", en="The local line of the year, in yuan"),
]


def card(
    what: What,
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    line: CardLine = None,
    form: Form = None,
    out: o.Out = None,
    stacked: Stacked = False,
    reveal: o.Reveal = False,
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    max_unpacked: o.MaxUnpacked = None,
    strict: o.Strict = False,
    lang: o.Language = None,
    quiet: o.Quiet = False,
    no_progress: o.NoProgress = False,
) -> None:
    """每户一页户卡：达标认定、政策享受两个清单，收入逐项核算。 / A printable card per household.

    卡上写姓名，证件号码和电话遮盖；要全写用 --reveal。
    """
    paths, asked = parted(what)
    found = settings.find(paths)
    english = settings.language(found.pick(lang, "lang")) == "en"
    kind = _form(form, out)
    if stacked and kind == "html":
        raise UsageError("--stacked 只用于 xlsx", hint="html 本来就是一个文件、每户一页")
    target = deliver.list_path(paths, out, f"{NAME}{kind}")
    deliver.spare(paths, target)
    with bar(quiet or no_progress) as progress, uncollected():
        from fupin_audit import api
        from fupin_audit.cli.intake import request

        wanted = request(
            paths, found, as_of=as_of, region=region, pack=pack, map_file=map_file,
            password_file=password_file, max_unpacked=max_unpacked, strict=strict,
            progress=progress,
        )  # fmt: skip
        result = api.run_assessment(wanted, level="household", without=(), line=line)
        from fupin_audit.assess.cards import rows_of
        from fupin_audit.report.assessment import assessment_view
        from fupin_audit.report.household.page import pages
        from fupin_audit.report.household.words import frame

        deliver.spare([s.raw.path for s in result.dataset.sheets if s.raw.path], target)
        rows = rows_of(result, asked)
        if progress:
            progress("写户卡", 0, 1)
        view = assessment_view(result, reveal=reveal, lang="zh")
        made = pages(view, named=True).make(rows)
        target.parent.mkdir(parents=True, exist_ok=True)
        if kind == "html":
            from fupin_audit.report.html.card import to_html

            with deliver.stream_to(target) as stream:
                to_html(made, frame(view), stream)
        else:
            from fupin_audit.report.workbook.card import write_cards

            write_cards(made, target, frame(view), stacked=stacked)
    cards = f"Cards of {len(rows)} households: " if english else f"户卡 {len(rows)} 户："
    typer.echo(f"{cards}{target}")
    raise typer.Exit(3 if any(f.error for f in result.dataset.files) else 0)


def parted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the files from whom to show: what is there, or looks like a file, is one.

    Raises:
        UsageError: There is no file among them.
    """
    paths = [w for w in words if _is_path(w)]
    if not paths:
        raise UsageError("没有这个文件或文件夹", where=words[0], hint="检查路径和文件名")
    return paths, [w for w in words if w not in paths]


def _is_path(word: str) -> bool:
    looks = "/" in word or "\\" in word or word.lower().endswith(_FILES)
    return looks or Path(word).exists() or bool(glob.glob(word, recursive=True))  # noqa: PTH207


def _form(form: str | None, out: Path | None) -> str:
    suffix = out.suffix.lower() if out is not None and not out.is_dir() else ""
    if form is None:
        if suffix not in ("", ".xlsx", ".html", ".htm"):
            raise UsageError(
                f"户卡写不成 {suffix} 文件", where=str(out), hint="后缀用 .xlsx 或 .html"
            )
        return "html" if suffix in (".html", ".htm") else "xlsx"
    settings.one_of(form, FORMATS, "--format")
    if suffix and suffix != f".{form}" and not (form == "html" and suffix == ".htm"):
        raise UsageError(f"--out 的后缀是 {suffix}，--format 却是 {form}", where=str(out))
    return form
