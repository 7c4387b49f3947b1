"""`fupin-audit assess`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_audit.cli import deliver, settings
from fupin_audit.cli import options as o
from fupin_audit.cli.bar import bar
from fupin_audit.errors import UsageError
from fupin_audit.memory import uncollected

if TYPE_CHECKING:
    from fupin_audit.report.assessment import AssessmentView

FORMATS = ("console", "xlsx", "json")
LEVELS = ("household", "village", "county")
SUFFIX = ".认定表.xlsx"

Level = Annotated[
    str, o.option("--level", zh="household 户 | village 村 | county 县", en="Whom to judge")
]
Form = Annotated[str, o.option("--format", zh="console|xlsx|json", en="Form of the result")]
Without = Annotated[
    list[str] | None,
    o.option("--without", zh="不按这一项判，如 吃；可写几次", en="Leave a criterion out"),
]
Line = Annotated[
    float | None,
    o.option("--line", zh="本地当年的标准线（元）", en="The local line of the year, in yuan"),
]
FailOn = Annotated[
    str | None,
    o.option(
        "--fail-on",
        zh="error 有未达到的、warning 有不能判定的也算、never",
        en="What makes exit 1: error not met, warning not judged either, never",
    ),
]


def assess(
    paths: o.Paths,
    level: Level = "household",
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    line: Line = None,
    without: Without = None,
    fail_on: FailOn = None,
    form: Form = "console",
    out: o.Out = None,
    statistics: o.Statistics = False,
    reveal: o.Reveal = False,
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    max_unpacked: o.MaxUnpacked = None,
    strict: o.Strict = False,
    lang: o.Language = None,
    quiet: o.Quiet = False,
    no_progress: o.NoProgress = False,
) -> None:
    """逐户、逐村、逐县判定达标不达标，写出理由。 / Judge households, villages, counties.

    结果 0 没有未达到的项，1 有；2 用法、3 文件、4 规则有问题。
    """
    found = settings.find(paths)
    settings.one_of(form, FORMATS, "--format")
    settings.one_of(level, LEVELS, "--level")
    fails = settings.one_of(fail_on or "error", ("error", "warning", "info", "never"), "--fail-on")
    if line is not None and line <= 0:
        raise UsageError("--line 要大于 0", hint="写当年每人每年的元数，例如 --line 3070")
    language = settings.language(found.pick(lang, "lang"))
    target = deliver.list_path(paths, out, SUFFIX) if form == "xlsx" else out
    deliver.spare(paths, target)
    with bar(quiet or no_progress) as progress, uncollected():
        from fupin_audit import api
        from fupin_audit.cli.intake import request

        asked = request(
            paths, found, as_of=as_of, region=region, pack=pack, map_file=map_file,
            password_file=password_file, max_unpacked=max_unpacked, strict=strict,
            progress=progress,
        )  # fmt: skip
        result = api.run_assessment(asked, level=level, without=without or (), line=line)
        from fupin_audit.report.assessment import assessment_view

        deliver.spare([s.raw.path for s in result.dataset.sheets if s.raw.path], target)
        view = assessment_view(result, reveal=reveal, lang=language)
        written: dict[str, Path] = {}
        if form == "xlsx" and target:
            if progress:
                progress("写认定表", 0, 1)
            from fupin_audit.report.workbook.assessment import write_assessment

            told = {"没有按这几项判": "、".join(without or ())} if without else {}
            told |= {"标准线": f"{line:g} 元（由 --line 指定）"} if line else {}
            target.parent.mkdir(parents=True, exist_ok=True)
            write_assessment(view, target, options=told)
            written["认定表"] = target
    if form == "json":
        from fupin_audit.report.assessment.as_json import to_json

        with deliver.stream_to(out) as stream:
            to_json(view, stream, statistics=statistics)
    elif quiet:
        for what, path in written.items():
            typer.echo(f"{what}：{path}")
    else:
        from fupin_audit.report.console.assessment import console

        console(view, written=written)
    raise typer.Exit(_exit_code(view, fails))


def _exit_code(view: AssessmentView, fails: str) -> int:
    """3 if a file could not be read, else 1 if something is not met, else 0."""
    if any(f.error for f in view.of.dataset.files):
        return 3
    unmet = any(one.unmet for one in view.criteria)
    unknown = any(one.unknown for one in view.criteria)
    return int((fails != "never" and unmet) or (fails in ("warning", "info") and unknown))
