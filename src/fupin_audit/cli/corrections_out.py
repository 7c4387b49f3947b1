"""Correction lists from a result: shared out, written, told of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import typer

from fupin_audit.cli.bar import Bar
from fupin_audit.corrections import make
from fupin_audit.corrections.make import Book, By, Clock, Mask
from fupin_audit.errors import UsageError, one_line
from fupin_audit.report.view import View

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack


class Wanted(NamedTuple):
    """What was asked for: see the options of `corrections make`; `unfinished` are runs
    whose lists never went out."""

    by: str
    mask: str
    folder: Path
    only_new: bool
    visits: int | None
    passwords: Mapping[str, str]
    password_file: Path | None
    contact: str
    unfinished: tuple[int, ...] = ()


class Sent(NamedTuple):
    """The lists, and where each is; those that stayed empty are nowhere."""

    books: list[tuple[Book, Path | None]]


def send_out(
    view: View, wanted: Wanted, ledger: Path | None, progress: Bar | None, *, cores: int
) -> Sent:
    """Write the lists, all or none.

    Raises:
        UsageError: A list is there already, or one has no password.
    """
    listed: Collection[bytes] = ()
    if wanted.only_new:
        if ledger is None:
            raise UsageError("--only-new 要有台账")
        from fupin_audit import ledger as room

        listed = room.listed(ledger, besides=wanted.unfinished)
    mask = cast("Mask", wanted.mask)
    shared = make.share_out(view, cast("By", wanted.by), nameless=mask == "strict")
    made = make.bind(
        shared.audiences, shared.of.tolist(), make.cases(view, mask), wanted.visits, listed
    )
    full = [book for book in made if book.cases]
    passwords = []
    if wanted.password_file is not None:
        named = [book.audience for book in full]
        passwords = make.passwords_of(named, wanted.passwords, wanted.password_file)
    targets = make.targets(full, wanted.folder)
    now = datetime.now().astimezone()
    if full:
        wanted.folder.mkdir(parents=True, exist_ok=True)
        make.deliver(
            view, full, targets, _clock(view.result.pack, ledger, now),
            make.terms_of(view, mask, now, wanted.contact),
            passwords=passwords, ledger=ledger, cores=cores, progress=progress,
        )  # fmt: skip
    places = iter(targets)
    return Sent([(book, next(places) if book.cases else None) for book in made])


def _clock(pack: ResolvedPack, ledger: Path | None, now: datetime) -> Clock:
    from fupin_audit.ledger.stages import deadlines_of

    known: dict[str, tuple[str, str]] = {}
    if ledger is not None:
        from fupin_audit import ledger as room

        known = room.clocks(ledger)
    return Clock(now.date(), deadlines_of(pack, now.date()), known)


def tell(sent: Sent, left_out: str, quiet: bool, lang: str) -> None:
    """Say what was written; quietly, the files alone."""
    if quiet:
        for _, path in sent.books:
            if path is not None:
                typer.echo(one_line(str(path)))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    zh = lang != "en"
    written = [(book, path) for book, path in sent.books if path is not None]
    out = Console(highlight=False)
    if written:
        heads = (
            ("文件", "疑点", "户", "要入户") if zh else ("File", "Findings", "Households", "Visits")
        )
        table = Table(box=None, pad_edge=False)
        for i, head in enumerate(heads):
            table.add_column(
                head, justify="right" if i else "left", no_wrap=bool(i), overflow="fold"
            )
        for book, path in written:
            counts = len(book.cases), book.households, book.work().get(make.VISIT, 0)
            table.add_row(Text(one_line(path.name)), *(f"{count:,}" for count in counts))
        folder = one_line(str(written[0][1].parent))
        out.print(Text(f"更正清单写在 {folder}" if zh else f"Correction lists in {folder}"))
        out.print(table)
        total = sum(len(book.cases) for book, _ in written)
        out.print(
            f"共 {len(written)} 份、{total:,} 条疑点。"
            if zh
            else f"{len(written)} lists, {total:,} findings."
        )
    else:
        out.print("没有要列的疑点，没有写清单。" if zh else "Nothing to list; no list was written.")
    for text in _remarks(sent, left_out, zh):
        out.print(Text(text, style="dim"))


def _remarks(sent: Sent, left_out: str, zh: bool) -> list[str]:
    later = sum(book.later for book, _ in sent.books)
    before = sum(book.before for book, _ in sent.books)
    told = []
    if before:
        told.append(
            f"以前的清单列过的 {before:,} 条没有再列。" if zh
            else f"{before:,} findings that earlier lists had are left out."
        )  # fmt: skip
    if later:
        told.append(
            f"要入户的另有 {later:,} 户，下次再列。" if zh
            else f"{later:,} more households to visit wait for the next list."
        )  # fmt: skip
    return [*told, *([f"{left_out}{'。' if zh else '.'}"] if left_out else [])]
