"""`fupin-audit rules prove`: what `check` finds, found again by stock pandera."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.cli.bar import bar
from fupin_audit.domain.reason import reason_in
from fupin_audit.errors import EngineError, UsageError, one_line
from fupin_audit.report.words import Lang, say

if TYPE_CHECKING:
    from fupin_audit.evaluate.proof import Apart, Proof
    from fupin_audit.model.run import CheckResult

FORMAT = "fupin-audit.prove/1"
SHOWN = 20
"""Differing rows told on the console; the json form has all."""
_ALIKE = ("结论：一致", "Result: alike")
_APART = ("结论：不一致", "Result: not alike")
_REASONS = (
    "（缺列、缺表或不适用；加 -v 看原因）",
    " (a column or table is missing, or they do not apply; -v tells why)",
)

Form = Annotated[str, o.option("--format", zh="console|json", en="Form of the result")]
Rows = Annotated[
    int | None, o.option("--rows", zh="只抽这么多户（整户，默认全部）", en="So many households")
]
Seed = Annotated[int, o.option("--seed", zh="同一个数抽到同一些户", en="Same seed, same draw")]


def prove(
    paths: o.Paths,
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    rows: Rows = None,
    seed: Seed = 1,
    form: Form = "console",
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    max_unpacked: o.MaxUnpacked = None,
    strict: o.Strict = False,
    lang: o.Language = None,
    verbose: o.Verbose = False,
    no_progress: o.NoProgress = False,
) -> None:
    """用 pandas 和 pandera 把规则另算一遍，看与 check 是否一致。 / A second opinion.

    结果 0 一致，6 不一致；2 用法、3 文件、4 规则有问题。
    """
    from fupin_audit import api
    from fupin_audit.cli.intake import request

    settings.one_of(form, ("console", "json"), "--format")
    if rows is not None and rows < 1:
        raise UsageError("--rows 至少是 1")
    found = settings.find(paths)
    language = settings.language(found.pick(lang, "lang"))
    with bar(no_progress) as progress:
        asked = request(
            paths, found, as_of=as_of, region=region, pack=pack, select=select, ignore=ignore,
            map_file=map_file, password_file=password_file, max_unpacked=max_unpacked,
            strict=strict, progress=progress,
        )  # fmt: skip
        result, proof = api.run_proof(asked, rows, seed)
    if form == "json":
        typer.echo(json.dumps(_data(result, proof), ensure_ascii=False, indent=1))
    else:
        for line in _lines(result, proof, language, verbose):
            typer.echo(line)
    if not proof.same:
        raise EngineError(
            f"另算的结果与 check 不一致：{'、'.join(proof.differing())}",
            hint="不是数据的错。用 --format json 留下结果，交给维护人员",
        )


def _lines(result: CheckResult, proof: Proof, lang: Lang, verbose: bool) -> Iterator[str]:
    for file in result.dataset.files:
        if file.error:
            name = one_line(file.file)
            yield say(
                (f"没有读出：{name}（{file.error}）", f"Not read: {name} ({file.error})"), lang
            )
    if proof.drawn:
        some, every = proof.drawn
        yield say((f"抽了 {some} 户，共 {every} 户", f"Drawn: {some} of {every} households"), lang)
    for table in proof.tables:
        undecided = table.undecided_apart
        more = (
            (f"，是否判得出不一致 {undecided} 处", f", {undecided} decided by one of the two alone")
            if undecided
            else ("", "")
        )
        yield say((
            f"{table.label}表 {table.rows} 行：规则 {len(table.rules)} 条，一致的疑点 "
            f"{table.agreed} 处，不一致 {table.apart} 处{more[0]}（{table.seconds:.1f} 秒）",
            f"{table.table}, {table.rows} rows: {len(table.rules)} rules, {table.agreed} findings "
            f"alike, {table.apart} apart{more[1]} ({table.seconds:.1f} s)",
        ), lang)  # fmt: skip
    again, shared = (
        len({r.rule for r in proof.every() if r.way == way}) for way in ("pandas", "shared")
    )
    yield say((
        f"用 pandas 另算的规则 {again} 条；判断与 check 共用、只核了 pandera 的 {shared} 条",
        f"{again} rules reckoned again by pandas; {shared} judged as check does, and held "
        "against pandera alone",
    ), lang)  # fmt: skip
    yield from _counted(("没有核的规则", "Rules not held against it"), proof.not_held, lang)
    silent = ("这批表用不上的规则", "Rules these tables give nothing to judge by")
    yield from _counted(silent, proof.silent, lang, ids=verbose)
    apart = [one for rule in proof.every() for one in rule.apart]
    for one in apart[:SHOWN]:
        yield _told(one, lang)
    if left := max(0, len(apart) - SHOWN):
        yield say((
            f"……还有 {left} 行，全部见 --format json", f"… {left} more rows: --format json has all",
        ), lang)  # fmt: skip
    yield say(_ALIKE if proof.same else _APART, lang)


def _counted(
    what: tuple[str, str], rules: dict[str, str], lang: Lang, *, ids: bool = True
) -> Iterator[str]:
    """Tell of rules by reason, the commonest first."""
    if not rules:
        return
    count = say((f"{what[0]} {len(rules)} 条", f"{what[1]}: {len(rules)}"), lang)
    if not ids:
        yield count + say(_REASONS, lang)
        return
    yield count
    for why, _ in Counter(rules.values()).most_common():
        names = [r for r in rules if rules[r] == why]
        chinese, english = (
            f"{'、'.join(names)}：{why}",
            f"{', '.join(names)}: {reason_in(why, lang)}",
        )
        yield "  " + say((chinese, english), lang)


def _told(one: Apart, lang: Lang) -> str:
    place = " ".join(one_line(part) for part in (one.file, one.sheet, one.field) if part)
    found = (
        f"  {one.rule} 只有 {one.found_by} 查到：{place} 第 {one.row} 行",
        f"  {one.rule} found by {one.found_by} alone: {place}, row {one.row}",
    )
    return say(found, lang)


def _data(result: CheckResult, proof: Proof) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "engine": result.engine,
        "pack": {"id": result.pack.id, "version": result.pack.version},
        "as_of": result.as_of.isoformat(),
        "region": result.region.code,
        "same": proof.same,
        "drawn": proof.drawn and {"households": proof.drawn[0], "of": proof.drawn[1]},
        "unread": [file.file for file in result.dataset.files if file.error],
        "tables": [
            {
                "table": table.table,
                "rows": table.rows,
                "seconds": round(table.seconds, 2),
                "agreed": table.agreed,
                "apart": table.apart,
                "rules": [
                    {
                        "rule": rule.rule,
                        "way": rule.way,
                        "agreed": rule.agreed,
                        "undecided_apart": rule.undecided_apart,
                        "apart": [asdict(one) for one in rule.apart],
                    }
                    for rule in table.rules
                ],
            }
            for table in proof.tables
        ],
        "not_held": proof.not_held,
        "silent": proof.silent,
    }
