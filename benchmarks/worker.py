"""What runs in a process of its own. The last line on stdout is JSON: name → number.

python worker.py floor BOOK          the reader alone, into raw cells
python worker.py stages BOOK OUT     the product, stage by stage
python worker.py otherwise BOOK OUT ENGINE   pandas and stock pandera
python worker.py findings LEDGER     how many a ledger knows
python worker.py county N FOLDER     make the sample to measure on
python worker.py million N FOLDER    the same as one csv
python worker.py townships N FOLDER  the same as twenty workbooks
python worker.py faulty N FOLDER     the same, hardly a row right
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

told: dict[str, float] = {}


@contextmanager
def timed(name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    told[name] = time.perf_counter() - start


def floor(book: str) -> None:
    with timed("import"):
        from python_calamine import CalamineWorkbook
    with timed("read"):
        workbook = CalamineWorkbook.from_path(book)
        cells = 0
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            cells += sum(map(len, rows))
    told["cells"] = cells


def stages(book: str, out: str) -> None:
    with timed("import pandas"):
        import pandas  # noqa: F401
    with timed("import the product"):
        from fupin_audit import api
        from fupin_audit.packs.load import load_pack
        from fupin_audit.report.view import view
        from fupin_audit.report.workbook import write_workbook
    with timed("compile the pack"):
        load_pack(cache=False)
    load_pack()
    with timed("load the pack"):
        pack = load_pack()
    result = api.check(book, as_of=_day(), pack=pack)
    told.update(result.timings)
    with timed("view"):
        seen = view(result)
    with timed("write"):
        write_workbook(seen, Path(out))
    told["findings"] = len(seen)
    told["cells"] = result.dataset.cells


def otherwise(book: str, out: str, engine: str) -> None:
    from otherwise import check

    check(book, Path(out), engine, _day(), told, timed)


def findings(ledger: str) -> None:
    from fupin_audit.ledger import findings as listed

    told["findings"] = len(listed(Path(ledger)))


def county(members: str, folder: str) -> None:
    from samples import write_workbook

    told.update(write_workbook(int(members), Path(folder)))


def million(members: str, folder: str) -> None:
    from samples import write_csv

    told.update(write_csv(int(members), Path(folder)))


def townships(members: str, folder: str) -> None:
    from samples import write_townships

    told.update(write_townships(int(members), Path(folder)))


def faulty(members: str, folder: str) -> None:
    from samples import write_townships

    told.update(write_townships(int(members), Path(folder), faulty=True))


def _day() -> date:
    from samples import DAY

    return DAY


JOBS: dict[str, Callable[..., None]] = {
    f.__name__: f for f in (floor, stages, otherwise, county, million, townships, faulty, findings)
}

if __name__ == "__main__":
    JOBS[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(told))
