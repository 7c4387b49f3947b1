"""The order of the stages, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from fupin_audit.domain.reason import Reason
from fupin_audit.errors import FupinError, UnreadableFile, UnrecognisedSheet
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.read import read

if TYPE_CHECKING:
    from fupin_audit.model.dataset import Dataset
    from fupin_audit.model.edit import Edit
    from fupin_audit.model.recognised import Recognised, Recognition, Skipped
    from fupin_audit.model.run import CheckResult, Region
    from fupin_audit.model.sheet import RawSheet, SourceFile
    from fupin_audit.normalise import CleanSheet
    from fupin_audit.packs.load import Pack
    from fupin_audit.recognise import Pin

Progress = Callable[[str, int, int], None]
"""(what is being done, steps done, steps in all)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for.

    `region` None means: what the rows themselves say. `select` None is every
    rule. `limit_bytes` bounds what one file may unpack to.
    """

    paths: Sequence[str | Path]
    pack: Pack
    as_of: date
    region: str | None = None
    select: Collection[str] | None = None
    pins: Sequence[Pin] = ()
    code_sets: Mapping[str, str] = field(default_factory=dict)
    limit_bytes: int = 1 << 30
    password: Callable[[str], str | None] | None = None
    strict: bool = False
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What a sheet is by itself, found out where it was read.

    Attributes:
        pack: Digest of the resolved pack it was understood by.
        clean: Its cells, cleaned; None if it is no table.
    """

    pack: str
    found: Recognised | Skipped
    clean: CleanSheet | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the inputs hold, cell by cell, and what became of each file.

    `understood` has nothing, or as much as there are sheets.
    """

    sheets: list[RawSheet]
    files: list[SourceFile]
    understood: list[Understood] = field(default_factory=list)

    def edited(self, edits: Iterable[Edit]) -> Reading:
        """Return the same files with some cells changed."""
        from fupin_audit.model.edit import edited

        return Reading(edited(self.sheets, edits), self.files)


@dataclass(slots=True)
class Clock:
    """Seconds per stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


def gather(request: Request, clock: Clock | None = None) -> Reading:
    """Read the inputs.

    Raises:
        UnreadableFile: No input could be read (with `strict`: any could not).
    """
    clock = clock or Clock()
    # Reading is mostly outside the interpreter's lock: what the later stages
    # stand on is loaded meanwhile.
    ahead = Thread(target=import_module, args=("fupin_audit.evaluate",))
    with clock("read"):
        sheets, files = read(
            request.paths,
            limit_bytes=request.limit_bytes,
            password=request.password,
            progress=request.progress,
            under_way=ahead.start,
        )
    reading = each_once(Reading(sheets, files))
    bad = [f for f in reading.files if f.error]
    if bad and (request.strict or len(bad) == len(files)):
        raise UnreadableFile(bad[0].error or "", where=bad[0].file)
    return reading


def clean(
    request: Request, clock: Clock | None = None, reading: Reading | None = None
) -> tuple[Dataset, Recognition, Region]:
    """Read (unless that is done), recognise and normalise the inputs.

    Raises:
        UnreadableFile: See `gather`.
        UnrecognisedSheet: No sheet is a table of the pack.
        AmbiguousHeader: A sheet fits two tables, or two columns one field.
    """
    clock = clock or Clock()
    reading = reading or gather(request, clock)
    pack = resolve(request.pack, request.as_of, request.region or "")
    from fupin_audit.recognise import recognise_each, settle

    with clock("recognise"):
        done = [one for one in reading.understood if one.pack == pack.digest]
        if done and len(done) == len(reading.sheets):
            found = [one.found for one in done]
        else:
            done, found = [], recognise_each(reading.sheets, pack, pins=request.pins)
        recognition = settle(found, pack)
    if not recognition.sheets:
        raise _nothing_recognised(recognition, request.paths)
    from fupin_audit.normalise import normalise

    with clock("normalise"):
        cleaned = [one.clean for one in done if one.clean is not None]
        dataset = normalise(recognition, pack, code_sets=request.code_sets, done=cleaned)
        dataset.files = reading.files
        region = _region(request, dataset, pack)
    return dataset, recognition, region


def understand(
    sheets: Sequence[RawSheet],
    pack: ResolvedPack,
    *,
    pins: Sequence[Pin],
    code_sets: Mapping[str, str],
) -> list[Understood]:
    """Recognise and clean the sheets of one file, as far as it can be known alone.

    Given back in a `Reading`, it is taken where the other files agree.

    Raises:
        AmbiguousHeader: A sheet fits two tables, or two columns one field.
    """
    from fupin_audit.normalise import clean_each
    from fupin_audit.recognise import recognise_each, settle

    found = recognise_each(sheets, pack, pins=pins)
    tables = settle(found, pack).sheets
    clean = dict(zip(map(id, (t.raw for t in tables)), clean_each(tables, pack, code_sets)))
    return [
        Understood(pack.digest, one, clean.get(id(sheet)))
        for sheet, one in zip(sheets, found, strict=True)
    ]


def each_once(reading: Reading) -> Reading:
    """Leave out copies of a file under another name: all of it would be doubled."""
    first: dict[str, str] = {}
    copies: set[str] = set()
    kept = []
    for file in reading.files:
        earlier = first.setdefault(file.sha256, file.file) if file.sha256 else file.file
        if earlier != file.file:
            copies.add(file.file)
            told = f"与 {earlier} 内容相同，只算一次"
            file = replace(file, notes=(*file.notes, told))
        kept.append(file)
    once = [i for i, sheet in enumerate(reading.sheets) if sheet.file not in copies]
    return Reading(
        [reading.sheets[i] for i in once],
        kept,
        [reading.understood[i] for i in once] if reading.understood else [],
    )


def check(request: Request, reading: Reading | None = None) -> CheckResult:
    """Clean the inputs and judge them by the rules of their day and region."""
    clock = Clock()
    dataset, recognition, region = clean(request, clock, reading)
    pack = resolve(request.pack, request.as_of, region.code)
    if request.progress:
        request.progress("核对规则", 0, 1)
    from fupin_audit.evaluate import evaluate
    from fupin_audit.model.run import CheckResult

    with clock("evaluate"):
        findings = evaluate(dataset, pack, request.select)
    if any(pack.rules[hits.rule].suggest for hits in findings.hits):
        from fupin_audit.suggest import suggest

        with clock("suggest"):
            suggest(dataset, pack, findings)
    return CheckResult(
        pack, request.as_of, region, recognition, dataset, findings, timings=clock.seconds
    )


def _region(request: Request, dataset: Dataset, pack: ResolvedPack) -> Region:
    from fupin_audit.model.run import Region
    from fupin_audit.normalise import infer_region

    if request.region is not None:
        return Region(
            request.region,
            "",
            Reason("由 --region 或配置指定", "given by --region or the settings"),
        )
    return Region(*infer_region(dataset, pack))


def _nothing_recognised(recognition: Recognition, paths: Sequence[str | Path]) -> FupinError:
    from fupin_audit.recognise.sheets import HEADER_ONLY

    empty = [s.sheet or s.file for s in recognition.skipped if s.reason == HEADER_ONLY]
    if empty:
        return UnrecognisedSheet(
            f"表还没有填，一条记录也没有：{'、'.join(empty[:5])}{'等' if len(empty) > 5 else ''}"
            f"{HEADER_ONLY}",
            where=str(paths[0]) if len(paths) == 1 else "",
            hint="从列名下面一行填起，填好保存再核对",
        )
    seen = "；".join(
        f"{s.file}{':' + s.sheet if s.sheet else ''}（{s.reason}）" for s in recognition.skipped[:5]
    )
    return UnrecognisedSheet(
        f"没有认出任何一张登记表。{seen}",
        where=str(paths[0]) if len(paths) == 1 else "",
        hint="确认表里有“户编号、姓名、证件号码”一类的表头，或用 --map 指明哪一列是什么",
    )
