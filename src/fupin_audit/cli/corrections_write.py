"""Carrying out what returned lists say: copies, replies, the ledger, one at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fupin_audit.cli.book import Book, enter
from fupin_audit.errors import InputError

if TYPE_CHECKING:
    from fupin_audit.corrections.apply.work import Work
    from fupin_audit.pipeline import Request
    from fupin_audit.report.prints import Ground

_PATIENCE = 5.0
"""Seconds to wait for another `apply` on the same ledger."""


def carry_out(
    work: Work, asked: Request, book: Book, source: Sequence[str], write: Path | None,
    backups: Path | None, reply: Path | None,
) -> list[Path]:  # fmt: skip
    """Write the copies, the replies, and the ledger, in this order: what is killed on
    the way is done by the next run, and nothing is told that is not so."""
    from fupin_audit.corrections.apply import write as pen

    sources = pen.sources_of(work)
    names = pen.names_in(sources, source)
    folder = write
    if folder is not None:
        pen.not_over(sources, names, folder)
        tops = [Path(p).resolve() for p in source if Path(p).is_dir()]
        if any(folder.resolve().is_relative_to(top) for top in tops):
            work.said.append(
                f"{folder} 在原表的文件夹里：换掉原表以前，别把两份一起核对，人会重复算"
            )
    made: list[Path] = []
    copies: dict[str, Path] = {}
    home = folder or _home(source)
    with pen.stage_in(home) as stage:
        copy_stage = stage / "件"
        work.said += pen.write_stage(work, copy_stage, names, in_place=folder is None)
        answer(work, stage / "回执", done=True)
        if folder is not None:
            made = pen.move_all(copy_stage, folder)
            copies = {f: p for f, n in names.items() if (p := _copy(folder / n))}
        else:
            made, said = pen.write_in_place(work, backups)
            work.said += said
            copies = dict(sources)
        if _note(work, asked, book, copies):  # told otherwise than it was decided
            answer(work, stage / "回执", done=True)
        made += _send_back(work, stage / "回执", reply or folder)
    return made


def _copy(path: Path) -> Path | None:
    """Return a copy, which is an .xlsx where its kind cannot be written as it is."""
    other = path.with_suffix(".xlsx")
    named = path.with_name(f"{path.stem}.{path.suffix[1:]}.xlsx")
    return next((p for p in (path, named, other) if p.is_file()), None)


def _home(source: Sequence[str]) -> Path:
    first = Path(source[0])
    return first if first.is_dir() else first.resolve().parent


def _send_back(work: Work, stage: Path, folder: Path | None) -> list[Path]:
    """Move the replies into a folder, or beside their lists."""
    from fupin_audit.corrections.apply.reply import replies
    from fupin_audit.corrections.apply.write import move

    made = []
    for one in replies(work):
        path = (folder or one.source.path.parent) / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        move(stage / one.name, path)
        made.append(path)
    return made


def _note(work: Work, asked: Request, book: Book, copies: dict[str, Path]) -> bool:
    """Record in the ledger what was answered, and the check of what is written now.

    Returns:
        Whether the ledger took a line otherwise than was decided.
    """
    if book.file is None:
        return False
    from fupin_audit.corrections.apply.noted import (
        as_written,
        known_rows,
        must_record_first,
        note_answers,
    )

    if must_record_first(work, known_rows(book.file)):
        _record(book, asked, work.before)
    changed = note_answers(work, book.file, book.key, datetime.now().astimezone())
    as_written(work, copies)
    _record(book, asked, work.after, work.cleared)
    return bool(changed)


def _record(book: Book, asked: Request, ground: Ground, cleared: Collection[str] = ()) -> None:
    enter(
        book, ground, selected=asked.select, whole=False, revealed=False, baseline=None,
        confirmed=True, corrected=cleared,
    )  # fmt: skip
    if book.trouble is not None:
        raise book.trouble


def answer(work: Work, folder: Path, *, done: bool) -> list[Path]:
    """Write the replies into a folder."""
    from fupin_audit.corrections.apply.reply import replies, write_reply

    made = []
    for one in replies(work):
        path = folder / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_reply(work, one.source, path, done=done)
        made.append(path)
    return made


@contextmanager
def alone(book: Book, source: Sequence[str], write: Path | None) -> Iterator[None]:
    """Let no other `apply` work on the same ledger, or the same place without one.

    Raises:
        InputError: Another does.
    """
    from filelock import FileLock, Timeout

    place = book.file.with_name("apply.lock") if book.file else None
    if place is None:
        place = (write or _home(source)) / ".更正.lock"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place, timeout=_PATIENCE):
            yield
    except Timeout:
        raise InputError(
            "另一个更正正在进行，这次没有动任何文件", where=str(place.parent), hint="等它结束后重来"
        ) from None
