"""`fupin-audit ledger import`: suspicions sent down from above enter the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.cli.bar import bar
from fupin_audit.cli.book import Book, open_book

if TYPE_CHECKING:
    from fupin_audit.cli.notice_report import Kept
    from fupin_audit.model.sighting import Witness
    from fupin_audit.report.prints import Ground


def bring_in(
    lists: Annotated[
        list[str], typer.Argument(help="上级下发的疑点清单 / Lists of suspicions from above")
    ],
    source: Annotated[
        list[str] | None,
        o.option("--source", zh="我们的登记表，可写几次；用来找到是哪一户、哪个人", en="Registers"),
    ] = None,
    about: Annotated[
        str, o.option("--about", zh="清单没有问题一列时，说明是什么问题", en="What it is about")
    ] = "",
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    ledger: o.Ledger = None,
    form: o.Format = "console",
    out: o.Out = None,
    reveal: o.Reveal = False,
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    max_unpacked: o.MaxUnpacked = None,
    lang: o.Language = None,
    no_progress: o.NoProgress = False,
) -> None:
    """导入上级下发的疑点清单，与登记表对照，记入台账，直到销号。

    结果 0 都对上了，1 有对不上的；2 用法、3 文件、4 规则、5 台账有问题。
    / Suspicions sent down from above: matched, recorded, followed to closing.
    """
    from fupin_audit.cli.ledger_tables import FORMATS

    sources = list(source or ())
    found = settings.find(sources or lists)
    settings.one_of(form, FORMATS, "--format")
    language = settings.language(found.pick(lang, "lang"))
    with bar(no_progress) as progress:
        from fupin_audit import api
        from fupin_audit.cli.intake import request
        from fupin_audit.cli.notice_lists import gathered
        from fupin_audit.cli.notice_report import repeated, rows_of, show, unreadable_days
        from fupin_audit.packs.resolve import resolve
        from fupin_audit.report.notices import tables_of_notices
        from fupin_audit.report.prints import ground_of

        asked = request(
            [*lists, *sources], found, as_of=as_of, region=region, pack=pack, map_file=map_file,
            password_file=password_file, max_unpacked=max_unpacked, progress=progress,
        )  # fmt: skip
        law = resolve(asked.pack, asked.as_of, asked.region or "")
        given = gathered(asked, lists, sources, law, about.strip(), language)
        tables = tables_of_notices(law)
        rules = {r.id for r in law.rules.values() if r.table in tables and r.kind != "observed"}
        asked = replace(asked, select=rules, pins=given.pins)
        result = api.run(asked, given.reading)
        book = open_book([*sources, *lists], found, ledger, none=False, lang=language)
        ground = ground_of(result, book.key)
        kept = _enter(book, ground, rules, given.digests, again=not about, revealed=reveal)
        there = [t for t in tables if t in ground.who.tables]
        rows = rows_of(ground, there, kept, reveal=reveal)
        told = [*given.left_out, *unreadable_days(ground, there, language)]
        told += repeated(ground, there, language)
    show(rows, kept, told, bool(sources), form, out, language)
    if book.trouble is not None:
        raise book.trouble
    if any(f.error for f in result.dataset.files):
        raise typer.Exit(3)
    raise typer.Exit(int(bool(sources) and any(row["matched"] is None for row in rows)))


def _enter(
    book: Book,
    ground: Ground,
    rules: set[str],
    digests: tuple[str, ...],
    *,
    again: bool,
    revealed: bool,
) -> Kept:
    """Record the import as a run that asks of nothing but the lists.

    A file that was imported before is old news: it brings nothing back that was
    settled since, and settles nothing. The county keeps the list it was sent, and
    may well hand it in twice.

    Raises:
        LedgerError: The ledger cannot be used; nothing was recorded.
    """
    from fupin_audit import ledger as room
    from fupin_audit.cli.notice_report import Kept
    from fupin_audit.errors import LedgerError
    from fupin_audit.report.fates import witness
    from fupin_audit.report.sightings import sightings

    if book.file is None:
        raise book.trouble or LedgerError(
            "台账写不了，下发的疑点没有入账", hint="用 --ledger 指明能写的位置"
        )
    result, found = ground.result, sightings(ground)
    before: dict[str, str] = {}
    earlier = None
    if book.file.is_file():
        every = room.findings(book.file, states=tuple(room.STATES), rules=rules)
        before = {row.fingerprint: row.state for row in every}
        marks = {room.input_digest(book.key, digest) for digest in digests}
        earlier = next(
            (r.run for r in room.runs(book.file)
             if marks <= set(r.inputs) and (r.selected is None or rules <= set(r.selected))),
            None,
        ) if again else None  # fmt: skip
    if earlier is not None:
        found = [s for s in found if before.get(s.fingerprint.hex(), "open") in room.LIVE]
    tables = result.dataset.tables
    members = sum(len(t) for name, t in tables.items() if result.pack.role(name, "head_relation"))
    asked = room.Asked(tuple(sorted(rules)), False, revealed, ground.who.known, members)
    ask: Witness = witness(ground) if earlier is None else lambda known: ["unseen"] * len(known)
    made = room.record(
        book.file, book.key, result, found, ask, asked, datetime.now().astimezone()
    )  # fmt: skip
    states = before | {
        one.fingerprint.hex(): "open" if state == "still" else state
        for one, state in zip(found, made.states, strict=True)
    }
    return Kept(made.run, set(before), states, earlier)
