"""One night, from the look into the folder to the message that it is done."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from fupin_audit import __version__
from fupin_audit.batch import inbox, memory, place
from fupin_audit.batch.config import Config
from fupin_audit.batch.log import Say, logged
from fupin_audit.batch.notify import tell
from fupin_audit.errors import FupinError

FORMAT = "fupin-audit.night/1"
SUMMARY, MANIFEST, FAILURE = "summary.json", "manifest.json", "failure.json"


@dataclass(slots=True)
class Judged:
    """What judging left.

    Attributes:
        exit_code: As `check` would answer.
        numbers: For the summary: counts, places, what is new.
        bad: File → why it could not be read.
        new_errors: Findings to be corrected that are new since the last night.
        ledger_run: Its number in the ledger, 0 without one.
        outputs: What was written, by kind; paths below the night's folder.
        seconds: Per stage.
        trouble: What went wrong after the findings stood.
    """

    exit_code: int
    numbers: dict[str, Any]
    bad: dict[str, str] = field(default_factory=dict)
    new_errors: int = 0
    ledger_run: int = 0
    outputs: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Tonight:
    """What a night is judged from.

    Attributes:
        as_of: The day to judge by.
        look: The files.
        folder: Where to write.
        before: What the last night left.
    """

    config: Config
    as_of: date
    look: inbox.Look
    folder: Path
    before: memory.Memory
    now: datetime
    say: Say


Judge = Callable[[Tonight], Judged]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a night ended: `done`, `unchanged`, `empty` (no file has arrived) or
    `failed`; `summary` as written to summary.json."""

    status: str
    exit_code: int
    folder: Path | None
    summary: Mapping[str, Any]


def day_of(rule: str, now: datetime) -> date:
    """Return the day a rule means: `today`, the end of last month or year, or a
    day, month (its last day) or year (its last day) written out."""
    today = now.date()
    if rule == "today":
        return today
    if rule == "month-end":
        return today.replace(day=1) - timedelta(days=1)
    if rule == "year-end":
        return date(today.year - 1, 12, 31)
    year, month, day = (*map(int, rule.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    after = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
    return after - timedelta(days=1)


def run(
    config: Config, judge: Judge, *, pack_digest: str, limit: int, now: datetime, force: bool
) -> Outcome:  # fmt: skip
    """Live through one night.

    Raises:
        EngineError: Another run of this configuration is under way.
        InputError: The folder of the results cannot be written to.
    """
    with (
        place.only_one(config.out, now),
        logged(config.out, config.log.megabytes, config.log.files) as say,
    ):
        started = time.monotonic()
        if killed := place.sweep(config.out):
            say("swept", level="warning", runs=killed)
        before = memory.recall(config.out)
        look = inbox.look(config, before.glimpses, now, limit)
        as_of = day_of(config.check.as_of, now)
        say("look", files=len(look.files), copying=len(look.copying), silent=len(look.silent))
        key = _key(config, look, as_of, pack_digest)
        last = place.latest(config.out)
        if not look.files:
            outcome = _empty(config, _arrivals(config, look, before, now))
        elif not force and key == before.key and last is not None and last.name == before.run:
            told = json.loads((last / SUMMARY).read_text(encoding="utf-8"))
            outcome = Outcome("unchanged", int(told["exit_code"]), last, told)
        else:
            outcome = _new(config, judge, Tonight(
                config, as_of, look, config.out, before, now, say), key, started)  # fmt: skip
        if outcome.status in ("empty", "unchanged"):
            before.glimpses = look.glimpses
            memory.remember(config.out, before)
        say(
            "night", status=outcome.status, exit_code=outcome.exit_code,
            seconds=round(time.monotonic() - started, 2),
            level="error" if outcome.status == "failed" else "info",
        )  # fmt: skip
        tell(config, outcome.status, outcome.summary, _summary_file(config, outcome), say)
    return outcome


def _new(
    config: Config, judge: Judge, tonight: Tonight, key: str, started: float
) -> Outcome:  # fmt: skip
    look, now, say = tonight.look, tonight.now, tonight.say
    arrivals = _arrivals(config, look, tonight.before, now)
    try:
        with place.building(config.out, now) as folder:
            judged = judge(_in(tonight, folder))
            name = place.finished(folder).name
            seconds = {k: round(v, 2) for k, v in judged.seconds.items()}
            summary = {
                **arrivals, "status": "done", "exit_code": judged.exit_code, "run": name,
                "as_of": tonight.as_of.isoformat(), "bad": judged.bad,
                "new_errors": judged.new_errors, **judged.numbers, "trouble": judged.trouble,
                "outputs": judged.outputs, "seconds": round(time.monotonic() - started, 2),
            }  # fmt: skip
            place.write_json(folder / SUMMARY, summary)
            place.write_json(folder / MANIFEST, _manifest(tonight, judged, key, seconds))
    except FupinError as problem:
        say("failed", level="error", kind=type(problem).__name__, exit_code=problem.exit_code)
        summary = {
            **arrivals, "status": "failed", "exit_code": problem.exit_code,
            "what": problem.what, "where": problem.where, "hint": problem.hint,
        }  # fmt: skip
        place.write_json(config.out / FAILURE, summary)
        before = tonight.before
        before.glimpses = look.glimpses
        memory.remember(config.out, before)
        return Outcome("failed", problem.exit_code, None, summary)
    place.point_at(config.out, name)
    (config.out / FAILURE).unlink(missing_ok=True)
    memory.remember(
        config.out, memory.Memory(key, look.digests, name, judged.ledger_run, look.glimpses)
    )
    removed = place.thin(config.out, config.retention.runs, config.retention.days, now)
    say("stages", seconds=seconds)
    if removed:
        say("thinned", runs=removed)
    return Outcome("done", judged.exit_code, config.out / place.RUNS / name, summary)


def _empty(config: Config, arrivals: dict[str, Any]) -> Outcome:
    """Answer a night without files: fine while they are being copied, else not, as
    a drive that is not there looks just so."""
    code = 0 if arrivals["copying"] else 3
    what = "文件都还在拷贝" if arrivals["copying"] else "没有找到任何文件"
    summary = {
        **arrivals, "status": "empty", "exit_code": code, "what": what, "where": str(config.file),
        "hint": "" if arrivals["copying"] else "检查 inputs 写的路径，网络盘是否连着",
    }  # fmt: skip
    place.write_json(config.out / FAILURE, summary)
    return Outcome("empty", code, None, summary)


def _in(tonight: Tonight, folder: Path) -> Tonight:
    from dataclasses import replace

    return replace(tonight, folder=folder)


def _key(config: Config, look: inbox.Look, as_of: date, pack_digest: str) -> str:
    """Return a digest of all that the result depends on, but for the clock."""
    told = [
        __version__, pack_digest, as_of.isoformat(), sorted(look.digests.items()),
        sorted(look.silent), hashlib.sha256(config.file.read_bytes()).hexdigest(),
        [_content(config, name) for name in _maps(config)],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _maps(config: Config) -> list[str]:
    return [m for m in (config.check.map, *(t.map for t in config.townships)) if m]


def _content(config: Config, name: str) -> str:
    return hashlib.sha256(config.path(name).read_bytes()).hexdigest()


def _arrivals(
    config: Config, look: inbox.Look, before: memory.Memory, now: datetime
) -> dict[str, Any]:  # fmt: skip
    """Return what arrived: the head of every summary."""
    known = before.digests
    return {
        "format": FORMAT,
        "engine": __version__,
        "started": now.isoformat(timespec="seconds"),
        "files": len(look.files),
        "arrived": sorted(set(look.digests) - set(known)),
        "changed": sorted(f for f, d in look.digests.items() if known.get(f, d) != d),
        "vanished": sorted(set(known) - set(look.digests) - set(look.copying)),
        "copying": look.copying,
        "silent": look.silent,
        "townships": {
            name: len(files) for name, files in inbox.of_township(config, list(look.files)).items()
        },
    }


def _manifest(
    tonight: Tonight, judged: Judged, key: str, seconds: dict[str, float]
) -> dict[str, Any]:  # fmt: skip
    look = tonight.look
    return {
        "format": "fupin-audit.manifest/1",
        "engine": __version__,
        "key": key,
        "inputs": [
            {
                "number": number, "file": name, "sha256": look.digests[name],
                "bytes": look.sizes[name], "error": judged.bad.get(name),
            }
            for number, name in enumerate(look.files)
        ],
        "seconds": seconds,
        "outputs": judged.outputs,
    }  # fmt: skip


def _summary_file(config: Config, outcome: Outcome) -> Path:
    if outcome.folder is not None:
        return outcome.folder / SUMMARY
    return config.out / FAILURE
