"""`fupin-audit ledger`: runs, findings, decisions, stages, the chain."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.cli.book import PLACE
from fupin_audit.cli.notices import bring_in
from fupin_audit.errors import LedgerError, UsageError
from fupin_audit.report.words import say

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

app = typer.Typer(
    help="台账：核对记录、疑点状态、认定、督办 / The ledger of findings", no_args_is_help=True
)
app.command("import")(bring_in)
Form = Annotated[str, o.option("--format", zh="console|json|csv", en="Form of the result")]
States = Annotated[
    list[str] | None,
    o.option("--state", zh="状态，可写几次；all 全部；默认未销号的", en="States; all; live"),
]

_NO_RULE = ("（规则包里没有这条规则）", "(the rule pack has no such rule)")
_WHERE = (
    "是哪一户、哪个单元格，按疑点编号在疑点清单里查。",
    "To see which household and cell it is, look the number up in the findings workbook.",
)
_NOTE_THE_SEAL = (
    "把校验码抄进会议记录，以后用 --head 核对，可知台账有没有被整个换过。",
    "Write the seal into the minutes; --head with it will tell whether the ledger was replaced.",
)


@app.command("runs")
def runs(
    ledger: o.Ledger = None, form: Form = "console", out: o.Out = None, lang: o.Language = None
) -> None:
    """历次核对。 / The runs."""
    from fupin_audit import ledger as room
    from fupin_audit.cli import ledger_tables as show

    file, language = _place(ledger), settings.spoken(lang)
    rows = [
        {**run._asdict(), "at": show.moment(run.at), "scope": run.scope, "counts": run.counts}
        for run in room.runs(file)
    ]
    show.out(show.RUNS, rows, form, out, language)


@app.command("findings")
def findings(
    ledger: o.Ledger = None,
    state: States = None,
    rule: Annotated[
        list[str] | None, o.option("--rule", zh="规则编号或类别", en="Rules or families")
    ] = None,
    township: Annotated[str | None, o.option("--township", zh="乡镇", en="Township")] = None,
    colour: Annotated[
        str | None, o.option("--colour", zh="green 绿 | yellow 黄 | red 红", en="Colour")
    ] = None,
    on: Annotated[
        str | None, o.option("--on", zh="按哪一天亮灯，默认今天", en="The day colours are of")
    ] = None,
    form: Form = "console",
    out: o.Out = None,
    lang: o.Language = None,
) -> None:
    """疑点和状态；情况属实的用 --state 情况属实 查。 / Findings and their states."""
    from fupin_audit import ledger as room
    from fupin_audit.cli import ledger_tables as show
    from fupin_audit.ledger.query import days_old
    from fupin_audit.ledger.stages import COLOURS, colour_on, deadlines_of

    file, day, language = _place(ledger), settings.day(on), settings.spoken(lang)
    if colour is not None:
        settings.one_of(colour, COLOURS, "--colour")
    wanted = tuple({s: None for text in state or () for s in _states(text)}) or room.LIVE
    pack = _pack(day)
    limits = deadlines_of(pack, day)
    rows: list[dict[str, Any]] = []
    for row in room.findings(file, states=wanted, rules=rule, township=township):
        days = days_old(row.since, day.isoformat())
        late = colour_on(limits, row.severity, row.since, row.due, day)
        lamp = late if row.state in room.TO_DO else ""
        if colour in (None, lamp):
            spec = pack.rules.get(row.rule)
            title = (spec.title.zh, spec.title.en) if spec else _NO_RULE
            told = {"title": say(title, language), "days": days, "colour": lamp}
            rows.append({**row._asdict(), **told, "fields": list(row.fields)})
    show.out(show.FINDINGS, rows, form, out, language)
    if rows and form == "console":
        typer.echo(say(_WHERE, language))


@app.command("decide")
def decide(
    marks: Annotated[list[str], typer.Argument(help="疑点编号 / Numbers of findings")],
    state: Annotated[
        str,
        o.option(
            "--state",
            zh="情况属实|无法核实|记录已删除|待核实；下发疑点还可以 已更正",
            en="What is decided",
        ),
    ],
    by: Annotated[str, o.option("--by", zh="核实人", en="Who verified it")] = "",
    evidence: Annotated[
        str, o.option("--evidence", zh="佐证材料的编号", en="Reference of the evidence")
    ] = "",
    note: Annotated[str, o.option("--note", zh="备注", en="Note")] = "",
    expires: Annotated[
        str | None, o.option("--expires", zh="有效期，如 2026-12-31", en="Holds through this day")
    ] = None,
    ledger: o.Ledger = None,
    lang: o.Language = None,
) -> None:
    """认定疑点；情况属实要有佐证材料和核实人。 / Decide about findings."""
    from fupin_audit import ledger as room

    chosen, language = _states(state), settings.spoken(lang)
    if len(chosen) != 1:
        raise UsageError("--state 只能写一种", hint="例如 --state 情况属实")
    made = room.decide(
        _place(ledger), marks, chosen[0], now=datetime.now().astimezone(), by=by,
        evidence=evidence, note=note, expires=None if expires is None else settings.day(expires),
    )  # fmt: skip
    for one in made:
        was, now = (say(room.STATES[s], language) for s in (one.was, one.now))
        typer.echo(f"{one.fingerprint[:12]}  {one.rule}  {was} → {now}")


@app.command("stages")
def stages(
    first: Annotated[str, o.option("--from", zh="从哪一天", en="The first day")],
    last: Annotated[
        str | None, o.option("--to", zh="到哪一天，默认今天", en="The last day")
    ] = None,
    ledger: o.Ledger = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    form: Form = "console",
    out: o.Out = None,
    lang: o.Language = None,
) -> None:
    """阶段报告（找、改、核、巩固、验收）、三色督办、清零表。 / What was done between two days."""
    from fupin_audit import ledger as room
    from fupin_audit.cli import ledger_tables as show
    from fupin_audit.ledger.stages import deadlines_of

    start, end, language = settings.day(first), settings.day(last), settings.spoken(lang)
    if end < start:
        raise UsageError("--to 不能早于 --from")
    law = _pack(end, region, pack)
    report = room.stages(_place(ledger), start, end, deadlines_of(law, end))
    titles = {
        rule: say((spec.title.zh, spec.title.en), language) for rule, spec in law.rules.items()
    }
    show.stages_out(report, titles, form, out, language)


@app.command("export")
def export(
    ledger: o.Ledger = None, form: Form = "json", out: o.Out = None, lang: o.Language = None
) -> None:
    """导出全部记录，每条带校验码。 / The whole history with its seals."""
    from fupin_audit import ledger as room
    from fupin_audit.cli import ledger_tables as show

    rows = [{**entry._asdict(), "at": show.moment(entry.at)} for entry in room.dump(_place(ledger))]
    show.out(show.HISTORY, rows, form, out, settings.spoken(lang))


@app.command("verify")
def verify(
    ledger: o.Ledger = None,
    head: Annotated[str, o.option("--head", zh="以前记下的校验码", en="A seal noted earlier")] = "",
    lang: o.Language = None,
) -> None:
    """验台账有没有被改过。 / Check that nothing was altered."""
    from fupin_audit import ledger as room

    file, language = _place(ledger), settings.spoken(lang)
    problems = room.verify(file, head)
    if problems:
        more = f"；另有 {len(problems) - 20} 处" if len(problems) > 20 else ""
        raise LedgerError("台账被改过或损坏：" + "；".join(problems[:20]) + more, where=str(file))
    number, sealed = room.head(file)
    sound = (
        f"台账完好，共 {number} 条记录。校验码 {sealed[:32]}",
        f"The ledger is sound: {number} entries. Seal {sealed[:32]}",
    )
    typer.echo(say(sound, language))
    typer.echo(say(_NOTE_THE_SEAL, language))


def _place(given: Path | None) -> Path:
    """Return the ledger: as given, of the settings, else the nearest one up."""
    if given is not None:
        return given
    found = settings.find(["."])
    if found.file is not None:
        named = found.values.get("ledger")
        return found.file.parent / (Path(named) if named else PLACE)
    here = Path.cwd()
    near = (folder / PLACE for folder in (here, *here.parents))
    return next((file for file in near if file.is_file()), here / PLACE)


def _states(text: str) -> tuple[str, ...]:
    from fupin_audit.ledger.states import LIVE, STATES

    every = {"all": tuple(STATES), "全部": tuple(STATES), "live": LIVE, "未销号": LIVE}
    every |= {name: (name,) for name in STATES} | {zh: (k,) for k, (zh, _) in STATES.items()}
    if text not in every:
        known = "、".join(zh for zh, _ in STATES.values())
        raise UsageError(f"没有状态“{text}”", hint=f"可以是 {known}、all")
    return every[text]


def _pack(day: date, region: str | None = None, pack: str | None = None) -> ResolvedPack:
    from fupin_audit.packs.load import load_pack
    from fupin_audit.packs.resolve import resolve

    found = settings.find(["."])
    place = settings.region(found.pick(region, "region"))
    return resolve(load_pack(found.pick(pack, "pack")), day, place or "")
