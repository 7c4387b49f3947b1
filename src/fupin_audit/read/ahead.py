"""Sheets parsed side by side, ahead of their encoding.

The reader works outside the interpreter's lock, so a second core can parse one
large sheet while the next is still surveyed, parsed or encoded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

AT_A_TIME = 2
"""Sheets under way: no more than that are held in memory."""

WORTH_IT = 100_000
"""Cells of a sheet from which a thread of its own pays."""


class Ahead:
    """The sheets of one workbook; `begin` some, then `take` each in order.

    Args:
        open_book: Opens the workbook; each thread has a handle of its own.
    """

    def __init__(self, open_book: Callable[[], Any]) -> None:
        self._open = open_book
        self._described: list[Any] | None = None
        self._free: list[Any] = []
        self._begun: set[int] = set()
        self._waiting: deque[int] = deque()
        self._under_way: dict[int, Future[Any]] = {}
        self._threads = ThreadPoolExecutor(AT_A_TIME)  # starts none before it is needed

    def __enter__(self) -> Ahead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._threads.shutdown(cancel_futures=True)

    def begin_named(self, number: int, cells: int, titles: Sequence[str]) -> None:
        """Begin a sheet if the reader, too, knows the sheets by these titles."""
        if cells >= WORTH_IT and [about.name for about in self.about()] == list(titles):
            self.begin(number, cells)

    def begin(self, number: int, cells: int) -> None:
        """Parse a sheet in a thread as soon as there is one, if it is large."""
        if cells >= WORTH_IT and number not in self._begun:
            self._begun.add(number)
            self._waiting.append(number)
            self._go_on()

    def about(self) -> list[Any]:
        """Return what the workbook says of its sheets."""
        if self._described is None:
            book = self._open()
            self._described = list(book.sheets_metadata)
            self._free.append(book)
        return self._described

    def take(self, number: int) -> Any:
        """Return a parsed sheet, which is then forgotten here."""
        if number in self._waiting:
            self._waiting.remove(number)
        future = self._under_way.pop(number, None)
        sheet = self._parse(number) if future is None else future.result()
        self._go_on()
        return sheet

    def _go_on(self) -> None:
        while self._waiting and len(self._under_way) < AT_A_TIME:
            number = self._waiting.popleft()
            self._under_way[number] = self._threads.submit(self._parse, number)

    def _parse(self, number: int) -> Any:
        book = self._book()
        try:
            return book.get_sheet_by_index(number)
        finally:
            self._free.append(book)

    def _book(self) -> Any:
        try:
            return self._free.pop()
        except IndexError:
            return self._open()
