"""`fupin-audit rules`: list, show, test, lint, new, docs, prove."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.cli.light import LightCommand, LightGroup
from fupin_audit.cli.rules_prove import prove
from fupin_audit.errors import UsageError
from fupin_audit.report.words import SEVERITY, say, word

if TYPE_CHECKING:
    from fupin_audit.packs.load import Pack
    from fupin_audit.packs.shapes import Rule

app = typer.Typer(cls=LightGroup, help="规则：看、查、试、写 / The rules", no_args_is_help=True)

PackOption = Annotated[str | None, typer.Option("--pack", help="规则包文件夹 / Pack folder")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="哪一天 / Which day")]
RegionOption = Annotated[str | None, typer.Option("--region", help="行政区划代码 / Division")]
app.command("prove", cls=LightCommand)(prove)


@app.command("list", cls=LightCommand)
def list_rules(
    pack: PackOption = None,
    as_of: AsOfOption = None,
    region: RegionOption = None,
    output: Annotated[str, typer.Option("--format", help="table|json")] = "table",
    lang: o.Language = None,
) -> None:
    """列出规则。给了 --as-of 就只列当时适用的。 / List the rules."""
    loaded = _load(pack)
    rules = _rules(loaded)
    if as_of is not None:
        from fupin_audit.packs.resolve import resolve

        resolved = resolve(loaded, settings.day(as_of), settings.region(region) or "")
        rules = [r for r in resolved.rules.values() if r.id not in resolved.inapplicable]
    if output == "json":
        import msgspec

        typer.echo(
            json.dumps([msgspec.to_builtins(r) for r in rules], ensure_ascii=False, indent=1)
        )
        return
    if output != "table":
        raise UsageError(f"--format 不能是“{output}”", hint="可以是 table、json")
    language = settings.spoken(lang)
    for rule in rules:
        level = word(SEVERITY, rule.severity, language)
        both = (f"{level}  {rule.title.zh}", f"{level:<7}  {rule.title.en}")
        typer.echo(f"{rule.id}  {say(both, language)}")
    typer.echo(say((f"共 {len(rules)} 条", f"{len(rules)} rules"), language))


@app.command(cls=LightCommand)
def show(
    rule_id: Annotated[str, typer.Argument(help="规则编号 / Rule id")],
    pack: PackOption = None,
    as_of: AsOfOption = None,
    region: RegionOption = None,
    lang: o.Language = None,
) -> None:
    """一条规则（或 income、household 等认定标准）的全部内容和出处。 / One rule, resolved."""
    from fupin_audit.packs import judgement_page
    from fupin_audit.packs.load import rules_home
    from fupin_audit.packs.pages import shown

    loaded = _load(pack)
    day, place = settings.day(as_of), settings.region(region) or ""
    language = settings.spoken(lang)
    at = int(language == "en")
    if rule_id in judgement_page.judgements(loaded):
        typer.echo("\n".join(judgement_page.shown(loaded, rule_id, day, place, at)))
        return
    rule = _rule(loaded, rule_id)
    typer.echo("\n".join(shown(loaded, rule, day, place, at)))
    home = rules_home() if pack is None else pack
    typer.echo(say((f"规则包目录：{home}", f"folder of the pack: {home}"), language))


@app.command("test", cls=LightCommand)
def run_tests(
    rule_ids: Annotated[
        list[str] | None,
        typer.Argument(help="规则编号，可写几个，不写就全部 / Rule ids, or all"),
    ] = None,
    pack: PackOption = None,
    lang: o.Language = None,
) -> None:
    """跑规则文件里的例子。 / Run the examples inside the rule files."""
    from fupin_audit.selftest import run_examples

    loaded = _load(pack)
    ids = {_rule(loaded, rule_id).id for rule_id in rule_ids} if rule_ids else None
    language = settings.spoken(lang)
    passed = failed = 0
    for outcome in run_examples(loaded, ids):
        if outcome.ok:
            passed += 1
            continue
        failed += 1
        told = (
            f"{outcome.rule} “{outcome.example}”：应为 {outcome.expected}，得到 {outcome.got}",
            f'{outcome.rule} "{outcome.example}": should be {outcome.expected}, is {outcome.got}',
        )
        typer.echo(say(told, language))
    every = (
        f"例子 {passed + failed} 个，{passed} 个符合，{failed} 个不符",
        f"{passed + failed} examples, {passed} as they should be, {failed} not",
    )
    typer.echo(say(every, language))
    raise typer.Exit(4 if failed else 0)


@app.command("lint", cls=LightCommand)
def lint_rules(
    pack: PackOption = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="故意改坏规则，看例子能否发现 / Mutate")
    ] = False,
    lang: o.Language = None,
) -> None:
    """检查规则写得对不对。 / Check how the rules are written."""
    from fupin_audit import lint

    loaded = _load(pack)
    problems = lint.lint(loaded)
    if deep and not problems:
        problems += lint.deep(loaded)
    for problem in problems:
        typer.echo(problem)
    count = len(_rules(loaded))
    told = (
        f"{count} 条规则，{len(problems)} 处问题",
        f"{count} rules, {len(problems)} problems" + (" (told in Chinese)" if problems else ""),
    )
    typer.echo(say(told, settings.spoken(lang)))
    raise typer.Exit(4 if problems else 0)


@app.command(cls=LightCommand)
def new(
    rule_id: Annotated[str, typer.Argument(help="编号，如 IC301 / New id")],
    name: Annotated[
        str, typer.Argument(help="英文名，如 wage-without-worker / Name of the defect")
    ],
    pack: Annotated[Path, typer.Option("--pack", help="写到哪个规则包 / Pack folder")] = Path(
        "rules/local"
    ),
    table: Annotated[str, typer.Option("--table", help="household|member")] = "household",
    lang: o.Language = None,
) -> None:
    """开一个新规则文件，照着填。 / Start a new rule file."""
    from fupin_audit.packs.scaffold import scaffold

    known = {r.id for r in _rules(_load(None))}
    language = settings.spoken(lang)
    for path in scaffold(rule_id.upper(), name, pack, table, known):
        typer.echo(say((f"已写出 {path}", f"Written: {path}"), language))
    then = f"fupin-audit rules test {rule_id.upper()} --pack {pack}"
    typer.echo(say((f"填好后：{then}", f"Fill it in, then: {then}"), language))


@app.command(cls=LightCommand)
def docs(
    out: Annotated[Path, typer.Option("--out", help="写到哪里 / Folder")] = Path("docs/rules"),
    check: Annotated[
        bool, typer.Option("--check", help="只看是否过时 / Only check freshness")
    ] = False,
    pack: PackOption = None,
    lang: o.Language = None,
) -> None:
    """每条规则一页，另有目录。 / A page per rule and an index."""
    from fupin_audit.packs.pages import pages

    made = pages(_load(pack))
    old = {p.name: p.read_text(encoding="utf-8") for p in out.glob("*.md")} if out.is_dir() else {}
    stale = sorted(n for n in {*made, *old} if made.get(n) != old.get(n))
    language = settings.spoken(lang)
    if check:
        for name in stale:
            typer.echo(say((f"过时：{out / name}", f"Out of date: {out / name}"), language))
        raise typer.Exit(1 if stale else 0)
    out.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in made:
            (out / name).write_text(made[name], encoding="utf-8", newline="\n")
        else:
            (out / name).unlink()
    told = (
        f"{out}：{len(made)} 页，更新 {len(stale)} 页",
        f"{out}: {len(made)} pages, {len(stale)} of them renewed",
    )
    typer.echo(say(told, language))


def _load(pack: str | None) -> Pack:
    from fupin_audit.packs.load import load_pack

    return load_pack(pack)


def _rules(pack: Pack) -> list[Rule]:
    from fupin_audit.packs.load import all_rules

    return all_rules(pack)


def _rule(pack: Pack, rule_id: str) -> Rule:
    from fupin_audit.packs.names import nearest

    rules = {r.id: r for r in _rules(pack)}
    if rule_id.upper() not in rules:
        raise UsageError(f"没有规则“{rule_id}”", hint=nearest(rule_id.upper(), rules))
    return rules[rule_id.upper()]
