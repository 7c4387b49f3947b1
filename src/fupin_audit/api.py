"""The package as other programs use it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fupin_audit import __version__, pipeline
from fupin_audit.packs.load import Pack, load_pack
from fupin_audit.packs.resolve import resolve

if TYPE_CHECKING:
    import pandas as pd

    from fupin_audit.evaluate.proof import Proof
    from fupin_audit.evaluate.schema import AuditSchema
    from fupin_audit.model.assessment import Assessment
    from fupin_audit.model.dataset import Dataset
    from fupin_audit.model.dossier import Dossier
    from fupin_audit.model.run import CheckResult
    from fupin_audit.recognise import Pin

__all__ = ["assess", "check", "clean", "load_pack", "schema"]

Paths = str | Path | Sequence[str | Path]


def check(
    paths: Paths,
    *,
    as_of: date | None = None,
    region: str | None = None,
    pack: Pack | None = None,
    select: Collection[str] | None = None,
    pins: Sequence[Pin] = (),
) -> CheckResult:
    """Read, clean and judge files.

    Args:
        paths: Files, folders, globs or zips; together they are one dataset.
        as_of: The day to judge by; today by default.
        region: Division code of 0, 2, 4 or 6 digits; None asks the rows.
        pack: A loaded pack; the shipped one by default.
        select: Rule ids; all by default.
        pins: What columns are, where the headers do not say.

    Raises:
        FupinError: A file, sheet or rule cannot be used.
    """
    return run(_request(paths, as_of, region, pack, select, pins))


def run(request: pipeline.Request, reading: pipeline.Reading | None = None) -> CheckResult:
    """Run a request as it stands; the result names this engine.

    Args:
        reading: What was read already, perhaps with cells changed.
    """
    result = pipeline.check(request, reading)
    result.engine = __version__
    return result


def assess(
    paths: Paths,
    *,
    level: str = "household",
    as_of: date | None = None,
    region: str | None = None,
    pack: Pack | None = None,
    without: Collection[str] = (),
    line: float | None = None,
    pins: Sequence[Pin] = (),
) -> Assessment:
    """Judge households, villages or counties by the exit criteria of a day.

    Args:
        level: `household`, `village` or `county`.
        without: Criteria to leave out, by id or Chinese name.
        line: The local line of the year in yuan, where the pack has none.

    Raises:
        FupinError: A file, sheet or criterion cannot be used.
    """
    request = _request(paths, as_of, region, pack, None, pins)
    return run_assessment(request, level=level, without=without, line=line)


def run_assessment(
    request: pipeline.Request, *, level: str, without: Collection[str], line: float | None
) -> Assessment:
    """Judge what a request holds; the result names this engine."""
    from fupin_audit import assess as room

    result = room.assess(request, level=level, without=without, line=line)
    result.engine = __version__
    return result


def run_explanation(
    request: pipeline.Request, who: str, line: float | None = None
) -> Dossier:  # fmt: skip
    """Lay one household or person of a request open; the result names this engine."""
    from fupin_audit.assess.explain import explain

    dossier = explain(request, who, line)
    dossier.result.engine = __version__
    if dossier.assessment is not None:
        dossier.assessment.engine = __version__
    return dossier


def run_proof(
    request: pipeline.Request, households: int | None = None, seed: int = 1
) -> tuple[CheckResult, Proof]:
    """Run a request, and have stock pandera judge the same tables.

    Args:
        households: Prove on so many, drawn by the seed; all by default.
    """
    from fupin_audit.evaluate.proof import prove, prove_some

    result = run(request)
    if households is None:
        return result, prove(result.dataset, result.pack, result.findings, request.progress)
    return result, prove_some(
        result.dataset, result.pack, request.select, households, seed, request.progress
    )


def clean(paths: Paths, *, pack: Pack | None = None, pins: Sequence[Pin] = ()) -> Dataset:
    """Read and normalise files: the tables, and the log of every changed cell."""
    return pipeline.clean(_request(paths, None, None, pack, None, pins))[0]


def schema(
    table: str,
    *,
    as_of: date,
    region: str = "",
    pack: Pack | None = None,
    related: Mapping[str, pd.DataFrame] | None = None,
) -> AuditSchema:
    """Return the pandera schema of a table for a day and region.

    It holds every field contract and every row rule as a named check. Rules
    that look into another table judge only if its frame is given in `related`;
    otherwise they pass, as what cannot be known is not a failure. Of a frame's
    empty cells, `TableData.full_frame` tells which are blank and which void;
    where a frame has no such marks, all are blank.
    """
    from fupin_audit.evaluate.schema import table_schema

    resolved = resolve(pack or load_pack(), as_of, region)
    return table_schema(table, resolved, dict(related or {}))


def _request(
    paths: Paths,
    as_of: date | None,
    region: str | None,
    pack: Pack | None,
    select: Collection[str] | None,
    pins: Sequence[Pin],
) -> pipeline.Request:
    return pipeline.Request(
        paths=[paths] if isinstance(paths, str | Path) else list(paths),
        pack=pack or load_pack(),
        as_of=as_of or date.today(),
        region=region,
        select=select,
        pins=pins,
        code_sets={field: name for pin in pins for field, name in pin.code_sets},
    )
