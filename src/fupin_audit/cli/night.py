"""What a night does with the files that have arrived: judge, record, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from glob import escape
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from fupin_audit.cli import deliver, settings
from fupin_audit.cli.book import Book, enter, open_book
from fupin_audit.cli.night_out import write
from fupin_audit.cli.secret import fingerprint_key
from fupin_audit.errors import LedgerError, UsageError, one_line
from fupin_audit.memory import uncollected

if TYPE_CHECKING:
    from fupin_audit.batch.config import Config
    from fupin_audit.batch.night import Judged, Tonight
    from fupin_audit.ledger import Since
    from fupin_audit.pipeline import Request
    from fupin_audit.recognise.pins import Pin
    from fupin_audit.report.view import View

_LATER = (
    "recognise", "normalise", "evaluate", "suggest", "ledger", "report.view", "report.prints",
    "cli.corrections_out", "report.workbook", "report.html.page", "report.as_json",
    "report.as_junit",
)  # fmt: skip
"""Rooms that a night has no use for before the files are read."""


def request_of(config: Config, as_of: date, townships: Mapping[str, list[str]]) -> Request:
    """Build the request of a night; what it is to read is found by the night itself.

    Args:
        townships: Township → names of its files, which its column map is for.

    Raises:
        FupinError: The configuration names a rule, region, pack or map that is none.
    """
    from fupin_audit.cli.intake import request

    asked = config.check
    made = request(
        [], settings.Settings(config.file, {}), as_of=as_of.isoformat(),
        region=asked.region or None, pack=_path(config, asked.pack),
        select=asked.select or None, ignore=asked.ignore or None,
        map_file=_path(config, asked.map), password_file=_path(config, asked.password_file),
        max_unpacked=asked.max_unpacked,
    )  # fmt: skip
    pins = list(made.pins)
    for township in config.townships:
        if township.map:
            pins += _pins_of(config, township.map, townships.get(township.name, []))
    if not asked.password_file:  # nobody is there to be asked
        made = replace(made, password=None)
    return replace(made, pins=pins, code_sets=_code_sets(pins))


def _code_sets(pins: list[Pin]) -> dict[str, str]:
    """Return what bare numbers mean; they are one dataset, so it is the same for all."""
    sets: dict[str, str] = {}
    for field, name in (one for pin in pins for one in pin.code_sets):
        if sets.setdefault(field, name) != name:
            raise UsageError(
                f"两个列对照给“{field}”写了不同的代码集：{sets[field]}、{name}",
                hint="一晚只能用一个；或把它们分成两个设置文件来跑",
            )
    return sets


def pack_digest(request: Request) -> str:
    """Return what tells the rules of a night from others."""
    return " ".join([request.pack.digest, *(one.digest for one in request.pack.overlays)])


def _path(config: Config, text: str) -> str | None:
    return str(config.path(text)) if text else None


def _pins_of(config: Config, name: str, files: list[str]) -> list[Pin]:
    """Return a township's pins, which hold for its own files alone."""
    from fupin_audit.cli.intake import pins_from

    return [
        replace(pin, file=escape(file) + inside)
        for pin in pins_from(str(config.path(name)))
        for file in files
        if any(fnmatchcase(tail, pin.file) for tail in (file, PurePath(file).name))
        for inside in ("", "/*")
    ]


def judge(tonight: Tonight) -> Judged:
    """Judge the files of a night and write what it leaves into its folder."""
    from fupin_audit import api
    from fupin_audit.batch.night import Judged
    from fupin_audit.batch.reading import read_all
    from fupin_audit.pipeline import Clock

    config, files = tonight.config, tonight.look.files
    request = request_of(config, tonight.as_of, tonight.look.townships)
    clock = Clock()
    with uncollected():
        with clock("read"):
            reading = read_all(
                request, files, tonight.folder, pack=_path(config, config.check.pack) or "",
                cores=config.run.cores, time_limit=config.run.time_limit, say=tonight.say,
                meanwhile=_load,
            )  # fmt: skip
        result = api.run(request, reading)
    clock.seconds |= result.timings
    from fupin_audit.report.prints import ground_of
    from fupin_audit.report.view import view

    with clock("record"):
        book = _book(config)
        ground = ground_of(result, book.key)
        bad = [file for file in result.dataset.files if file.error]
        whole = config.check.whole and not bad and not tonight.look.copying
        result = enter(
            book, ground, selected=request.select, revealed=False, whole=whole,
            baseline=None, confirmed=False,
        )  # fmt: skip
        earlier = tuple(tonight.before.unfinished)
        if result.ledger is not None:
            tonight.recorded(result.ledger.run)
        since = _since(tonight, book)
    seen = view(
        result, lang=config.outputs.lang, key=book.key, minimum=config.check.severity,
        ground=ground,
    )  # fmt: skip
    with clock("write"):
        outputs = write(tonight, seen, book, since, earlier)
    trouble = book.trouble
    code = deliver.exit_code(result, config.check.fail_on)
    return Judged(
        exit_code=trouble.exit_code if trouble else code,
        numbers=_numbers(seen) | {"since": since and since._asdict()},
        bad={file.file: file.error or "" for file in bad},
        new_errors=since.new_errors if since else seen.totals.by_severity["error"],
        ledger_run=result.ledger.run if result.ledger else 0,
        outputs=outputs,
        seconds=clock.seconds,
        trouble=f"{one_line(trouble.what)}。{trouble.hint}" if trouble else "",
        passing=trouble is not None or not all(file.sha256 for file in bad),
    )


def _load() -> None:
    """Load what the night will need: the processes that read leave this one idle."""
    for room in _LATER:
        import_module(f"fupin_audit.{room}")


def _book(config: Config) -> Book:
    """Open the ledger of a configuration."""
    file = config.path(config.ledger.file) if config.ledger.file else None
    if file is None:
        return open_book([str(config.folder)], settings.Settings(config.file), None, True)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        trouble = LedgerError(
            f"台账的文件夹建不了：{problem.strerror}",
            where=str(file.parent),
            hint="检查 [ledger] file",
        )
        return Book(None, fingerprint_key(), trouble)
    return open_book([], settings.Settings(config.file), file, False)


def _since(tonight: Tonight, book: Book) -> Since | None:
    """Compare with the last night that was finished, whatever was recorded between.

    A ledger that was begun anew, or came back from a backup, may not know that night;
    then it is the last run that it knows.
    """
    from fupin_audit import ledger

    if book.file is None or book.trouble is not None:
        return None
    try:
        known = [run.run for run in ledger.runs(book.file)][:-1]  # the last is tonight's
        last = tonight.before.ledger_run
        return ledger.since(
            book.file, last if last in known else max(known, default=0) if last else 0
        )
    except LedgerError as trouble:
        book.trouble = trouble
        return None


def _numbers(seen: View) -> dict[str, Any]:
    """Return the counts of a night for its summary."""
    totals, result = seen.totals, seen.result
    used = {sheet.raw.file for sheet in result.dataset.sheets}
    unused = {one.file: one.reason for one in result.recognition.skipped if one.file not in used}
    return {
        "unused": unused,
        "region": result.region.code,
        "era": result.era,
        "pack": {"version": result.pack.version, "digest": result.pack.digest},
        "households": totals.households,
        "members": totals.members,
        "findings": totals.findings,
        "by_severity": totals.by_severity,
        "by_rule": totals.by_rule,
        "by_township": [
            {"县": t.place[0], "乡": t.place[1], "households": t.households, "findings": t.findings}
            for t in totals.by_township
        ],
    }
