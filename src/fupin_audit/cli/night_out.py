"""What a night leaves in its folder: workbook, lists, page, findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from fupin_audit.beside import beside, cores_here
from fupin_audit.cli import deliver
from fupin_audit.cli.book import Book, history, nights
from fupin_audit.errors import LedgerError

if TYPE_CHECKING:
    from fupin_audit.batch.night import Tonight
    from fupin_audit.ledger import Since
    from fupin_audit.model.history import Night
    from fupin_audit.report.view import View

WORKBOOK, PAGE, JSON, JUNIT, LISTS = (
    "疑点清单.xlsx", "report.html", "findings.json", "junit.xml", "更正清单",
)  # fmt: skip
SUFFIX = ".更正清单.xlsx"


def write(
    tonight: Tonight, seen: View, book: Book, since: Since | None, unfinished: tuple[int, ...]
) -> dict[str, str]:
    """Write what the configuration asks for; return it by kind.

    Workbook and data take as long as lists and page, so they are written beside them.
    They look at the ledger no more, which no two processes of a night have open.

    Args:
        unfinished: Runs whose lists never went out.
    """
    past = nights(book, seen.result)
    apart = partial(_write_apart, tonight, seen, past)
    with beside(apart, tonight.config.run.cores or cores_here()) as written:
        rest = _write_rest(tonight, seen, book, since, unfinished)
        return written() | rest


def _write_apart(tonight: Tonight, seen: View, past: Sequence[Night]) -> dict[str, str]:
    """Write workbook and data; this may be the second try, after one that was killed."""
    from fupin_audit.report.words import SEVERITY

    wanted, folder = tonight.config.outputs, tonight.folder
    written: dict[str, str] = {}
    for name in (WORKBOOK, JSON, JUNIT):
        for left in folder.glob(f".{PurePath(name).stem}.*"):
            left.unlink()
    if wanted.workbook:
        told = {"最低级别": SEVERITY[tonight.config.check.severity][0], "个人信息": "遮盖"}
        deliver.workbook(seen, folder / WORKBOOK, told, past)
        written["workbook"] = WORKBOOK
    if wanted.json:
        deliver.data(seen, "json", folder / JSON, False)
        written["json"] = JSON
    if wanted.junit:
        deliver.data(seen, "junit", folder / JUNIT, False)
        written["junit"] = JUNIT
    return written


def _write_rest(
    tonight: Tonight, seen: View, book: Book, since: Since | None, unfinished: tuple[int, ...]
) -> dict[str, str]:
    """Write lists and page."""
    wanted = tonight.config.outputs
    written: dict[str, str] = {}
    lists = _lists(tonight, seen, book, unfinished) if wanted.lists != "none" else []
    if lists:
        written["lists"] = LISTS
    if wanted.html:
        links = {"疑点清单": WORKBOOK} if wanted.workbook else {}
        links |= {name.removesuffix(SUFFIX): f"{LISTS}/{name}" for name in lists}
        _page(tonight, seen, book, since, links)
        written["html"] = PAGE
    return written


def _lists(tonight: Tonight, seen: View, book: Book, unfinished: tuple[int, ...]) -> list[str]:
    """Write the correction lists; return their names.

    What cannot be noted in the ledger does not go out, as nobody would know of it.
    """
    from fupin_audit.cli.corrections_out import Wanted, send_out

    wanted = tonight.config.outputs
    if book.trouble is not None:
        return []
    try:
        sent = send_out(
            seen,
            Wanted(
                by=wanted.lists, mask=wanted.mask, folder=tonight.folder / LISTS,
                only_new=wanted.only_new and book.file is not None, visits=None, passwords={},
                password_file=None, contact="", unfinished=unfinished,
            ),
            book.file, None, cores=1,  # the workbook is being written beside
        )  # fmt: skip
    except LedgerError as trouble:
        book.trouble = trouble
        return []
    return [path.name for _, path in sent.books if path is not None]


def _page(
    tonight: Tonight, seen: View, book: Book, since: Since | None, links: dict[str, str]
) -> None:
    """Write the page; it compares with the last night that was finished."""
    from fupin_audit.report.html.page import write_page

    past = history(book, seen.result)
    if past is not None and since is not None:
        counts = dict(past.counts) | {
            "new": since.new, "reopened": since.reopened, "corrected": since.corrected,
            "gone": since.gone,
        }  # fmt: skip
        past = replace(past, counts=counts)
    with deliver.stream_to(tonight.folder / PAGE) as stream:
        write_page(seen, stream, history=past, links=links, made=tonight.now)
