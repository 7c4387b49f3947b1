"""One night, from the look into the folder to the message that it is done."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from fupin_audit import __version__
from fupin_audit.batch import inbox, memory, place
from fupin_audit.batch.config import Config
from fupin_audit.batch.day import day_of
from fupin_audit.batch.log import Say, logged
from fupin_audit.batch.notify import tell
from fupin_audit.errors import FupinError

FORMAT = "fupin-audit.night/1"
SUMMARY, MANIFEST, FAILURE = "summary.json", "manifest.json", "failure.json"
_BUG = 70


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
        passing: Something failed that may go better next time.
    """

    exit_code: int
    numbers: dict[str, Any]
    bad: dict[str, str] = field(default_factory=dict)
    new_errors: int = 0
    ledger_run: int = 0
    outputs: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    trouble: str = ""
    passing: bool = False


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

    def recorded(self, run: int) -> None:
        """Note the run in the ledger, in case this night is not finished."""
        self.before.unfinished.append(run)
        memory.remember(self.config.out, self.before)


Judge = Callable[[Tonight], Judged]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a night ended: `done`, `unchanged`, `empty` (no file has arrived) or
    `failed`; `summary` as written to summary.json."""

    status: str
    exit_code: int
    folder: Path | None
    summary: Mapping[str, Any]


def run(
    config: Config, judge: Judge, *, rules: Callable[[date], str], now: datetime, force: bool
) -> Outcome:  # fmt: skip
    """Live through one night.

    Whatever goes wrong in it is logged and told like its results; a bug is raised
    again after that.

    Args:
        rules: Gives what tells the rules of a day from others.

    Raises:
        EngineError: Another run of this configuration is under way.
        InputError: The folder of the results cannot be written to.
    """
    bug: Exception | None = None
    with (
        place.only_one(config.out, now),
        logged(config.out, config.log.megabytes, config.log.files) as say,
    ):
        started = time.monotonic()
        arrivals = _arrivals(inbox.Look(), memory.Memory(), now)
        try:
            if killed := place.sweep(config.out):
                say("swept", level="warning", runs=killed)
            before = memory.recall(config.out)
            as_of, law = day_of(config.check.as_of, now.date()), cache(rules)
            look = inbox.look(config, before.glimpses, now, partial(_ready, law, as_of))
            say("look", files=len(look.files), copying=len(look.copying), silent=len(look.silent))
            arrivals = _arrivals(look, before, now)
            before.glimpses = look.glimpses
            memory.remember(config.out, before)
            key = _key(config, look, as_of, law(as_of))
            same = None if force else _unchanged(config, before, key, arrivals)
            if not look.files:
                outcome = _empty(config, arrivals)
            elif same is not None:
                outcome = same
                (config.out / FAILURE).unlink(missing_ok=True)
            else:
                tonight = Tonight(config, as_of, look, config.out, before, now, say)
                outcome = _new(judge, tonight, arrivals, key, started)
        except Exception as problem:
            outcome = _failed(config, arrivals, problem)
            say("failed", level="error", kind=type(problem).__name__, exit_code=outcome.exit_code)
            bug = problem if outcome.exit_code == _BUG else None
        except BaseException as left:  # Ctrl-C, or the system is going down
            say("interrupted", level="warning", kind=type(left).__name__)
            raise
        say(
            "night", status=outcome.status, exit_code=outcome.exit_code,
            seconds=round(time.monotonic() - started, 2),
            level="error" if outcome.status == "failed" else "info",
        )  # fmt: skip
        file = outcome.folder / SUMMARY if outcome.folder else config.out / FAILURE
        tell(config, outcome.status, outcome.summary, file, say)
    if bug is not None:
        raise bug
    return outcome


def _ready(rules: Callable[[date], str], as_of: date) -> None:
    """Load what a night is likely to need next; what is wrong with it is told in its turn."""
    for room in ("fupin_audit.api", "fupin_audit.batch.reading"):
        import_module(room)
    with suppress(FupinError, OSError):
        rules(as_of)


def _unchanged(
    config: Config, before: memory.Memory, key: str, arrivals: dict[str, Any]
) -> Outcome | None:
    """Answer a night on which nothing is otherwise than on the last; else None."""
    last = place.latest(config.out)
    if key != before.key or last is None or last.name != before.run:
        return None
    told = place.read_json(last / SUMMARY)
    if told is None or not isinstance(told.get("exit_code"), int):
        return None
    return Outcome("unchanged", told["exit_code"], last, told | arrivals)


def _new(
    judge: Judge, tonight: Tonight, arrivals: dict[str, Any], key: str, started: float
) -> Outcome:  # fmt: skip
    config, now = tonight.config, tonight.now
    with place.building(config.out, now) as folder:
        judged = judge(replace(tonight, folder=folder))
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
    place.point_at(config.out, name)
    (config.out / FAILURE).unlink(missing_ok=True)
    look = tonight.look
    memory.remember(config.out, memory.Memory(
        key="" if judged.passing else key, digests=look.digests, run=name,
        ledger_run=judged.ledger_run or tonight.before.ledger_run, glimpses=look.glimpses,
    ))  # fmt: skip
    removed = place.thin(config.out, config.retention.runs, config.retention.days, now)
    tonight.say("stages", seconds=seconds)
    if removed:
        tonight.say("thinned", runs=removed)
    return Outcome("done", judged.exit_code, config.out / place.RUNS / name, summary)


def _failed(config: Config, arrivals: dict[str, Any], problem: Exception) -> Outcome:
    """Answer a night that came to nothing: what is to be read in the morning."""
    if isinstance(problem, FupinError):
        code, what, where, hint = problem.exit_code, problem.what, problem.where, problem.hint
    elif isinstance(problem, OSError) and problem.errno:
        code, what, where = 3, os.strerror(problem.errno), str(problem.filename or config.out)
        hint = "检查文件是否被占用、磁盘是否已满、有没有权限"
    else:
        code, what, where = _BUG, f"程序出了意外（{type(problem).__name__}）", ""
        hint = "不是数据的错；在终端里再跑一次，把它说的报告文件交给维护人员"
    summary = {
        **arrivals, "status": "failed", "exit_code": code, "what": what, "where": where,
        "hint": hint,
    }  # fmt: skip
    with suppress(FupinError, OSError):  # the disk may be full
        place.write_json(config.out / FAILURE, summary)
    return Outcome("failed", code, None, summary)


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


def _key(config: Config, look: inbox.Look, as_of: date, rules: str) -> str:
    """Return a digest of all that the result depends on, but for the clock and what
    was answered meanwhile."""
    besides = (config.check.map, config.check.password_file, *(t.map for t in config.townships))
    told = [
        __version__, rules, as_of.isoformat(), sorted(look.digests.items()), sorted(look.silent),
        *(_content(file) for file in (config.file, *(config.path(b) for b in besides if b))),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _content(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _arrivals(look: inbox.Look, before: memory.Memory, now: datetime) -> dict[str, Any]:
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
        "townships": {name: len(files) for name, files in look.townships.items()},
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
