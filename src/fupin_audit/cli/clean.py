"""`fupin-audit clean`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.cli.deliver import spare
from fupin_audit.errors import UsageError

if TYPE_CHECKING:
    from fupin_audit.model.dataset import Dataset
    from fupin_audit.model.recognised import Recognition
    from fupin_audit.model.repair import Repair
    from fupin_audit.pipeline import Request
    from fupin_audit.report.words import Lang

Target = Annotated[Path | None, o.option("-o", "--out", zh="写到哪里：….xlsx", en="Where to write")]
Fix = Annotated[
    bool,
    o.option("--fix", zh="按算术和身份关系能确定的更正一并改好", en="Apply safe corrections"),
]
Unsafe = Annotated[
    bool,
    o.option("--unsafe", zh="只是可能的更正也改，须人工复核", en="Apply the probable ones as well"),
]
Diff = Annotated[
    bool,
    o.option("--diff", zh="只看会改哪些，不写文件", en="Show what would change; write nothing"),
]


def clean(
    paths: o.Paths,
    out: Target = None,
    fix: Fix = False,
    unsafe: Unsafe = False,
    diff: Diff = False,
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    reveal: o.Reveal = False,
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    max_unpacked: o.MaxUnpacked = None,
    strict: o.Strict = False,
    lang: o.Language = None,
) -> None:
    """把写法规整成一致，附清洗日志；加 --fix 才更正内容。 / Normalise how values are written.

    新工作簿里每张表用标准字段名，每一处改动都记在“清洗日志”里，凭日志可以还原。
    --fix 改的每一格另记在“修正记录”里；改后引出新疑点的，自动撤回并说明。原表不动。
    """
    from fupin_audit.cli.intake import request

    _agree(out, fix or diff, unsafe, diff, reveal, bool(select or ignore))
    found = settings.find(paths)
    language = settings.language(found.pick(lang, "lang"))
    if not diff:
        spare(paths, out)
    asked = request(
        paths, found, as_of=as_of, region=region, pack=pack, select=select, ignore=ignore,
        map_file=map_file, password_file=password_file, max_unpacked=max_unpacked, strict=strict,
    )  # fmt: skip
    if fix or diff:
        dataset, recognition = _repaired(asked, None if diff else out, unsafe, reveal, language)
    else:
        from fupin_audit.pipeline import clean as run
        from fupin_audit.report.cleaned import write_cleaned

        assert out is not None
        dataset, recognition, _ = run(asked)
        spare([s.raw.path for s in dataset.sheets if s.raw.path], out)
        write_cleaned(dataset, asked.pack, out)
        _written(dataset, out, language)
    unread = [f for f in dataset.files if f.error]
    for file in unread:
        typer.echo(f"没有读出：{file.file}：{file.error}", err=True)
    for skipped in recognition.skipped:
        place = " ".join(filter(None, (skipped.file, skipped.sheet)))
        typer.echo(f"没有用上：{place}（{skipped.reason}）", err=True)
    raise typer.Exit(3 if unread else 0)


def _agree(
    out: Path | None, checks: bool, unsafe: bool, diff: bool, reveal: bool, chosen: bool
) -> None:  # fmt: skip
    """Refuse options that would have no effect: whoever gives one expects some."""
    if out is None and not diff:
        raise UsageError("没有说写到哪里", hint="加 -o 结果.xlsx；只看会改哪些，用 --diff")
    if out is not None and out.suffix.lower() != ".xlsx":
        raise UsageError("输出文件要以 .xlsx 结尾", where=str(out))
    alone = "--unsafe" if unsafe else "--select、--ignore" if chosen else ""
    if alone and not checks:
        raise UsageError(f"{alone} 要和 --fix 或 --diff 一起用")
    if reveal and not diff:
        raise UsageError("--reveal 要和 --diff 一起用", hint="写出的工作簿本来就是完整的数据")


def _repaired(
    asked: Request, out: Path | None, unsafe: bool, reveal: bool, lang: Lang
) -> tuple[Dataset, Recognition]:
    """Repair and write, or only show if there is nowhere to write to."""
    from fupin_audit import api
    from fupin_audit.memory import uncollected
    from fupin_audit.pipeline import gather
    from fupin_audit.repair import repair
    from fupin_audit.report.cleaned import write_cleaned
    from fupin_audit.report.console.repairs import show
    from fupin_audit.report.repairs import listing

    # Whatever rules are asked for, every rule has its say on what a fix brings about.
    every = replace(asked, select=None)
    with uncollected():
        reading = gather(asked)
        made = repair(
            reading, api.run(every, reading), lambda edited: api.run(every, edited),
            unsafe=unsafe, only=asked.select,
        )  # fmt: skip
    dataset = made.result.dataset
    if out is None:
        show(made, reveal=reveal, lang=lang)
    else:
        spare([s.raw.path for s in dataset.sheets if s.raw.path], out)
        write_cleaned(dataset, asked.pack, out, [listing(made)])
        _written(dataset, out, lang)
    _summed_up(made, asked, out is not None, lang)
    return dataset, made.result.recognition


def _written(dataset: Dataset, out: Path, lang: Lang) -> None:
    changed, rows = len(dataset.log), sum(int((~t.borrowed).sum()) for t in dataset.tables.values())
    typer.echo(
        f"{out}: {rows} rows, {changed} cells written differently; see the sheet 清洗日志"
        if lang == "en"
        else f"已写出 {out}：{rows} 行，规整了 {changed} 个单元格，逐格记在“清洗日志”"
    )


def _summed_up(made: Repair, asked: Request, done: bool, lang: Lang) -> None:
    back, not_tried = len(made.of("withdrawn")), len(made.of("refused"))
    if lang == "en":
        told = f"{made.cells} cells {'fixed' if done else 'would be fixed'}, {back} withdrawn"
        told += f", {not_tried} not tried" if not_tried else ""
        told += f"; findings {made.before} → {made.after} (as of {asked.as_of})"
        told += "; see the sheet 修正记录" if done else "; nothing was written"
        more = f"{made.held_back} more are only probable; --unsafe tries them"
    else:
        told = f"{'修正了' if done else '会修正'} {made.cells} 个单元格，撤回 {back} 处"
        told += f"，未试 {not_tried} 处" if not_tried else ""
        told += f"；疑点 {made.before} → {made.after} 条（按 {asked.as_of} 核对）"
        told += "；逐处记在“修正记录”" if done else "；没有写任何文件"
        more = f"另有 {made.held_back} 处只是可能的更正，没有改；加 --unsafe 一并试改"
    typer.echo(told)
    if made.held_back:
        typer.echo(more)
