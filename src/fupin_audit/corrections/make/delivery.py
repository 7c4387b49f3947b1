"""Lists put where they belong, and noted in the ledger: none before all are written."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path

from fupin_audit import ledger as room
from fupin_audit.beside import beside
from fupin_audit.corrections.form import SUFFIX, value_digest
from fupin_audit.corrections.lock import locked
from fupin_audit.corrections.make.books import Book, Clock
from fupin_audit.corrections.make.terms import Terms
from fupin_audit.corrections.make.workbook import caster
from fupin_audit.errors import UsageError
from fupin_audit.report.aside import written_aside
from fupin_audit.report.view import View

_WORTH_IT = 2_000
"""Lines of all lists."""


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
    passwords: Sequence[str], ledger: Path | None, cores: int,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:  # fmt: skip
    """Write the lists, one per book, and note in the ledger that they went out.

    Nothing is noted or in its place before everything is written. A list tells its
    number in the ledger, so that is foretold, and the list written again should
    another run have taken the number meanwhile.

    Args:
        passwords: One per book, to lock it with; empty to leave them open.
        cores: With more than one, half of many lists are written in a copy of this
            process.
    """
    numbers = _foretold(ledger, len(books))
    made = caster(view.result.pack, books, clock, terms)

    def write(i: int, aside: Path) -> None:
        plain = made(books[i], terms.header(books[i].audience.name, numbers[i]))
        aside.write_bytes(locked(plain, passwords[i]) if passwords else plain)

    with ExitStack() as every:
        places = [every.enter_context(ExitStack()) for _ in books]
        asides = [
            place.enter_context(written_aside(path))
            for place, path in zip(places, paths, strict=True)
        ]

        def write_all(some: range, told: Callable[[str, int, int], None] | None) -> None:
            for i in some:
                write(i, asides[i])
                if told:
                    told("写更正清单", i + 1, some.stop)

        cut = _half(books)
        others = partial(write_all, range(cut, len(books)), None)
        with beside(others, cores if cut < len(books) else 1) as rest:
            write_all(range(cut), progress)
            rest()
        noted = _note(view, books, ledger, terms)
        for i, (before, now) in enumerate(zip(numbers, noted, strict=True)):
            numbers[i] = now
            if now != before:
                write(i, asides[i])
        for place in places:
            place.close()


def _half(books: Sequence[Book]) -> int:
    """Return how many lists have half of all lines; all of them if that is soon done."""
    lines = list(accumulate(book.lines for book in books))
    return bisect(lines, lines[-1] / 2) or 1 if lines and lines[-1] >= _WORTH_IT else len(books)


def _foretold(ledger: Path | None, count: int) -> list[str]:
    if ledger is None:
        return [""] * count
    first = room.last_list(ledger) + 1
    return [str(first + i) for i in range(count)]


def _note(view: View, books: Sequence[Book], ledger: Path | None, terms: Terms) -> list[str]:
    """Note the lists; return their numbers. Of a person the ledger gets a digest."""
    if ledger is None:
        return [""] * len(books)
    going = []
    for book in books:
        name = book.audience.name
        marks = [case.mark for case in book.cases]
        digest = blake2b(
            "\n".join([terms.made.isoformat(), name, *marks]).encode("utf-8", "surrogatepass"),
            key=view.key, digest_size=16,
        ).digest()  # fmt: skip
        audience = value_digest(view.key, name) if book.audience.personal else name
        going.append(room.Going(audience, marks, digest))
    run = int(terms.run) if terms.run else None
    return [str(number) for number in room.send(ledger, going, now=terms.made, run=run)]
