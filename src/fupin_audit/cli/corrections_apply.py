"""`fupin-audit corrections apply` and `status`: lists that came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.cli.bar import Bar, bar
from fupin_audit.cli.book import PLACE, Book, open_book, place_of
from fupin_audit.errors import InputError, UsageError
from fupin_audit.memory import uncollected
from fupin_audit.report.words import say

if TYPE_CHECKING:
    from fupin_audit.corrections.apply.work import Work
    from fupin_audit.pipeline import Request

Lists = Annotated[
    list[str], typer.Argument(help="收回的更正清单：文件、文件夹 / Returned lists: files, folders")
]
Sources = Annotated[
    list[str], o.option("--source", zh="原来的登记表，可写几次", en="The register; may be repeated")
]
Write = Annotated[
    Path | None, o.option("--write", zh="更正件写到哪个文件夹", en="Folder for corrected copies")
]
InPlace = Annotated[
    bool, o.option("--in-place", zh="直接改原表，先留备份", en="Change the sources; kept as backup")
]
Backups = Annotated[
    Path | None, o.option("--backups", zh="备份放在哪个文件夹", en="Folder for the backups")
]
ReplyTo = Annotated[
    Path | None, o.option("--reply", zh="更正回执写到哪个文件夹", en="Folder for the replies")
]
Passwords = Annotated[
    Path | None,
    o.option("--passwords", zh="各乡镇的密码：TOML 或两列 CSV", en="Password per township"),
]
Form = Annotated[str, o.option("--format", zh="console|json", en="Form of the result")]
FORMATS = ("console", "json")
_AS_OF = ("数据时点照清单：", "as of the day of the list: ")
_REGION = ("地区照清单：", "region as on the list: ")


def apply(
    lists: Lists,
    source: Sources,
    write: Write = None,
    in_place: InPlace = False,
    backups: Backups = None,
    reply: ReplyTo = None,
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    ledger: o.Ledger = None,
    no_ledger: o.NoLedger = False,
    map_file: o.MapFile = None,
    password_file: o.PasswordFile = None,
    passwords: Passwords = None,
    max_unpacked: o.MaxUnpacked = None,
    form: Form = "console",
    out: o.Out = None,
    lang: o.Language = None,
    quiet: o.Quiet = False,
    no_progress: o.NoProgress = False,
) -> None:
    """收回的更正清单对照原表：先看会怎样，加 --write 才改。 / Apply returned lists.

    不写 --write 或 --in-place 时只试算，什么也不动。结果 0 都妥当，1 有没采用或冲突的行；
    2 用法、3 文件、5 台账有问题。
    """
    if write is not None and in_place:
        raise UsageError("--write 和 --in-place 只能写一个")
    if backups is not None and not in_place:
        raise UsageError("--backups 要和 --in-place 一起写")
    settings.one_of(form, FORMATS, "--format")
    writes = write is not None or in_place
    here = {Path(path).resolve() for path in source}
    spare = write if write is not None and write.resolve() not in here else None
    found = settings.find(source)
    language = settings.language(found.pick(lang, "lang"))
    with bar(quiet or no_progress) as progress:
        from fupin_audit.cli.corrections_write import alone, answer, carry_out
        from fupin_audit.cli.intake import request

        asked = request(
            source, found, as_of=as_of, region=region, pack=pack, map_file=map_file,
            password_file=password_file, max_unpacked=max_unpacked, progress=progress,
        )  # fmt: skip
        book = _book(source, found, ledger, no_ledger, writes, language)
        with alone(book, source, write) if writes else nullcontext():
            with uncollected():
                work = _work(
                    lists, asked, book, passwords, progress,
                    as_of is not None, region is not None, spare, language,
                )  # fmt: skip
            written: list[Path] = []
            if writes:
                written = carry_out(work, asked, book, source, write, backups, reply)
            elif reply is not None:
                written = answer(work, reply, done=False)
    from fupin_audit.cli import corrections_show as show

    if form == "json":
        show.as_json(work, written, writes, out)
    elif quiet:
        for path in written:
            typer.echo(path)
    else:
        show.console(work, written, writes, language)
    raise typer.Exit(int(work.failed))


def status(
    lists: Lists,
    ledger: o.Ledger = None,
    password_file: o.PasswordFile = None,
    passwords: Passwords = None,
    form: Form = "console",
    out: o.Out = None,
    lang: o.Language = None,
) -> None:
    """收回的更正清单填到哪一步了，台账里是什么状态。 / Where the lines of returned lists stand."""
    settings.one_of(form, FORMATS, "--format")
    language = settings.spoken(lang, lists[0])
    from fupin_audit.cli import corrections_show as show
    from fupin_audit.corrections.apply.decide import fates, settle_contradictions, value_text
    from fupin_audit.corrections.apply.noted import known_rows
    from fupin_audit.corrections.apply.returned import read_lists

    returned, bad = read_lists(lists, password=_password(passwords, password_file, None))
    rows = known_rows(_near(lists, ledger))
    every = fates(returned)
    settle_contradictions(every, value_text)
    show.status(returned, bad, every, rows, form, out, language)
    raise typer.Exit(int(bool(bad)))


def _book(
    source: Sequence[str], found: settings.Settings, ledger: Path | None, none: bool,
    writes: bool, lang: settings.Lang,
) -> Book:  # fmt: skip
    """Open the ledger; a dry run only looks for its key, and makes nothing."""
    if writes:
        book = open_book(source, found, ledger, none, lang)
        if book.trouble is not None:
            raise book.trouble
        return book
    from fupin_audit.cli.secret import fingerprint_key
    from fupin_audit.ledger.keys import key_beside

    if none and ledger is not None:
        raise UsageError("--ledger 和 --no-ledger 不能同时写")
    file = place_of(source, found, ledger)
    key = key_beside(file)
    return Book(file if key and not none else None, key or fingerprint_key())


def _work(
    lists: Sequence[str], asked: Request, book: Book, passwords: Path | None,
    progress: Bar | None, dated: bool, placed: bool,
    spare: Path | None, lang: settings.Lang,
) -> Work:  # fmt: skip
    from fupin_audit import api, pipeline
    from fupin_audit.corrections.apply.fates import circumstances
    from fupin_audit.corrections.apply.noted import known_rows
    from fupin_audit.corrections.apply.returned import read_lists
    from fupin_audit.corrections.apply.work import without, work_out

    tell: Callable[[str], None] = (
        (lambda what: progress(what, 0, 1)) if progress else lambda _: None
    )
    tell("读更正清单")
    own = _password(passwords, None, asked.password)
    returned, bad = read_lists(lists, password=own, limit=asked.limit_bytes)
    if not returned:
        one = bad[0]
        raise InputError(one.why, where=str(one.path), hint=one.hint)
    about = circumstances(returned)
    if about.header is not None:
        if not dated and about.header.as_of:
            asked = replace(asked, as_of=_day(about.header.as_of, asked.as_of))
            about.said.append(say(_AS_OF, lang) + str(asked.as_of))
        if not placed and about.header.region:
            asked = replace(asked, region=about.header.region)
            about.said.append(say(_REGION, lang) + str(asked.region))
    reading = without(pipeline.gather(asked), returned, spare)
    return work_out(
        returned, bad, reading, lambda some: api.run(asked, some),
        key=book.key, rows=known_rows(book.file), about=about, tell=tell,
    )  # fmt: skip


def _day(text: str, other: date) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return other


def _password(
    passwords: Path | None, password_file: str | None, other: Callable[[str], str | None] | None
) -> Callable[[str], str | None]:
    """Return how a list's password is found: by the township its file is named after,
    else as for any input."""
    from fupin_audit.cli.intake import _passwords as one_for_all
    from fupin_audit.corrections.lock import read_passwords

    known = read_passwords(passwords) if passwords else {}
    other = other or one_for_all(password_file, None)

    def find(name: str) -> str | None:
        stem = Path(name).name
        keys = [key for key in known if key and key in stem]
        return known[max(keys, key=len)] if keys else other(name)

    return find


def _near(lists: Sequence[str], given: Path | None) -> Path | None:
    """Return the ledger: as given, of the settings, else the nearest one up from the
    lists, or from here."""
    if given is not None:
        return given
    for start in (lists, ["."]):
        found = settings.find(start)
        if found.file is not None:
            return place_of(list(start), found)
        here = Path(start[0]).resolve()
        for folder in (here, *here.parents):
            if (folder / PLACE).is_file():
                return folder / PLACE
    return None
