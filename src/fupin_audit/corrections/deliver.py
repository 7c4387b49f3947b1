"""Lists put where they belong, and noted in the ledger: none before all are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path

from fupin_audit import ledger as room
from fupin_audit.corrections.books import Book, Clock
from fupin_audit.corrections.form import SUFFIX, value_digest
from fupin_audit.corrections.lock import locked
from fupin_audit.corrections.make import workbook
from fupin_audit.corrections.terms import Terms
from fupin_audit.errors import UsageError
from fupin_audit.report.aside import written_aside
from fupin_audit.report.view import View


def targets(books: Sequence[Book], folder: Path) -> list[Path]:
    """Return where the lists go.

    Raises:
        UsageError: A list is there already; somebody may have filled it in.
    """
    found = [folder / f"{book.audience.file}{SUFFIX}" for book in books]
    there = [path.name for path in found if path.exists()]
    if there:
        more = f" 等 {len(there)} 份" if len(there) > 3 else ""
        raise UsageError(
            f"文件夹里已有同名的清单，可能已经填过，没有覆盖：{'、'.join(there[:3])}{more}",
            where=str(folder),
            hint="用 --out 换一个文件夹，或先把旧清单移走",
        )
    return found


def deliver(
    view: View, books: Sequence[Book], paths: Sequence[Path], clock: Clock, terms: Terms, *,
    passwords: Sequence[str], ledger: Path | None,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:  # fmt: skip
    """Write the lists, one per book, and note in the ledger that they went out.

    Nothing is noted or in its place before everything is written. A list tells its
    number in the ledger, so that is foretold, and the list written again should
    another run have taken the number meanwhile.

    Args:
        passwords: One per book, to lock it with; empty to leave them open.
    """
    numbers = _foretold(ledger, len(books))
    with ExitStack() as every:
        asides: list[tuple[Path, ExitStack]] = []
        for i, (book, path) in enumerate(zip(books, paths, strict=True)):
            place = every.enter_context(ExitStack())
            aside = place.enter_context(written_aside(path))
            _write(view, book, aside, clock, terms, numbers[i], passwords[i : i + 1])
            asides.append((aside, place))
            if progress:
                progress("写更正清单", i + 1, len(books))
        for i, (book, (aside, place)) in enumerate(zip(books, asides, strict=True)):
            number = _send(view, book, ledger, terms)
            if number != numbers[i]:
                _write(view, book, aside, clock, terms, number, passwords[i : i + 1])
            place.close()


def _write(
    view: View, book: Book, aside: Path, clock: Clock, terms: Terms, number: str,
    password: Sequence[str],
) -> None:  # fmt: skip
    header = terms.header(book.audience.name, number)
    made = workbook(view.result.pack, book, header, clock, terms)
    aside.write_bytes(locked(made, password[0]) if password else made)


def _foretold(ledger: Path | None, count: int) -> list[str]:
    if ledger is None:
        return [""] * count
    first = max((sent.list for sent in room.lists_sent(ledger)), default=0) + 1
    return [str(first + i) for i in range(count)]


def _send(view: View, book: Book, ledger: Path | None, terms: Terms) -> str:
    """Note one list; of a person the ledger gets a digest."""
    if ledger is None:
        return ""
    name = book.audience.name
    audience = value_digest(view.key, name) if book.audience.personal else name
    marks = [case.mark for case in book.cases]
    digest = blake2b(
        "\n".join([terms.made.isoformat(), name, *marks]).encode("utf-8", "surrogatepass"),
        key=view.key, digest_size=16,
    ).digest()  # fmt: skip
    run = int(terms.run) if terms.run else None
    made = room.send(ledger, marks, audience=audience, digest=digest, now=terms.made, run=run)
    return str(made)
