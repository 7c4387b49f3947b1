"""Sheets parsed side by side, ahead of their encoding.

The reader works outside the interpreter's lock, so a second core can parse one
large sheet while another is parsed or encoded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

AT_A_TIME = 2
WORTH_IT = 100_000
"""Cells of a sheet from which a thread of its own pays."""


def parsed_sheets(
    book: Any, again: Callable[[], Any], numbers: Sequence[int], cells: Sequence[int]
) -> Iterator[Callable[[], Any]]:
    """Yield for each sheet how to get it, in order; call it before the next.

    Args:
        book: The open workbook.
        again: Opens the workbook once more, for a second thread.
        numbers: Positions of the sheets wanted.
        cells: How many cells each of them has.
    """
    if sum(count >= WORTH_IT for count in cells) < AT_A_TIME:
        for number in numbers:
            yield lambda number=number: book.get_sheet_by_index(number)  # type: ignore[misc]
        return
    books: SimpleQueue[Any] = SimpleQueue()
    books.put(book)
    books.put(again())

    def parse(number: int) -> Any:
        own = books.get()
        try:
            return own.get_sheet_by_index(number)
        finally:
            books.put(own)

    with ThreadPoolExecutor(AT_A_TIME) as threads:
        waiting: deque[Future[Any]] = deque()
        left = deque(numbers)
        try:
            while waiting or left:
                while left and len(waiting) < AT_A_TIME:  # no more than that in memory
                    waiting.append(threads.submit(parse, left.popleft()))
                yield lambda: waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
