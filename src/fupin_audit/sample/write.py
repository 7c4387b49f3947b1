"""Write a county as the files counties have, with the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fupin_audit.errors import UsageError
from fupin_audit.sample.county import BareFormula, Cell, County, ErrorValue, Planted
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.faults.linked import plant_linked
from fupin_audit.sample.files import (
    BELOW_DATA,
    write_csv,
    write_table,
    write_xls,
    write_xlsx,
    xls_writer,
)
from fupin_audit.sample.linked import linked_tables
from fupin_audit.sample.linked_shapes import linked_shapes
from fupin_audit.sample.make import REGION, make_county
from fupin_audit.sample.plant import pick_shape, plant
from fupin_audit.sample.shapes import Shape, shapes_of

TRUTH = "truth.json"
DAY = date(2019, 12, 31)

Writer = Callable[[Path, Shape, County], tuple[str, ...]]
_WRITERS: dict[str, Writer] = {
    "households": write_xlsx,
    "wide": write_xlsx,
    "xls": write_xls,
    "csv": write_csv,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the files and the place of the truth."""

    files: tuple[Path, ...]
    truth: Path


def write_sample(
    out: Path,
    households: int,
    faults: float,
    seed: int,
    *,
    as_of: date = DAY,
    region: str = REGION,
    shapes: Sequence[str] | None = None,
    linked: bool = True,
) -> Written:
    """Write a synthetic county under `out`, one part of its villages to each file.

    The parts hold different households, so the folder is one dataset. Besides
    the files there are `fupin.toml` (day and region) and `truth.json`, and with
    `linked` the tables that go with all the households: villages, work spells,
    work plans, procedures. What is planted in those shows in the whole folder.

    Args:
        out: A folder; made if it is not there.
        households: Households in all files together.
        faults: Share of households with one fault each, 0–1.
        seed: Any whole number; the same seed writes the same cells.
        as_of: Up to 2020 registered households, from 2021 monitored ones.
        region: Six-digit division code.
        shapes: File shapes, all by default.

    Raises:
        UsageError: Fewer households than files, an unknown shape, a number out
            of range, or the writer of `.xls` is not installed.
    """
    known = shapes_of(as_of.year >= 2021)
    names = list(shapes or known)
    chosen = [pick_shape(known, name) for name in names]
    if households < len(chosen):
        raise UsageError("户数少于文件数，分不开。", hint=f"--households 至少 {len(chosen)}。")
    if "xls" in names:
        xls_writer()  # refuse before anything is written
    county = make_county(households, seed, as_of=as_of, region=region)
    out.mkdir(parents=True, exist_ok=True)
    files, truth, parts = [], [], []
    for number, (shape, part) in enumerate(zip(chosen, county.split(len(chosen)), strict=True)):
        planted = plant(part, faults, seed * 1000 + number, shapes=[shape.name])
        part.footers = bool(planted)
        path, facts = _write_one(out, shape, part, planted)
        files.append(path)
        truth.append(facts)
        parts.append((part, shape.fields(), planted))
    if linked:
        for path, facts in _write_linked(out, county, parts, faults, seed):
            files.append(path)
            truth.append(facts)
    (out / "fupin.toml").write_text(
        f'as_of = {as_of.isoformat()}\nregion = "{region}"\n', encoding="utf-8", newline="\n"
    )
    return Written(tuple(files), _write_truth(out, as_of, region, truth))


def write_county(
    county: County, planted: Sequence[Planted], out: Path, shapes: Sequence[str] = ("households",)
) -> Written:
    """Write one county in every shape named, each file holding all of it.

    `planted` must have been planted for these shapes.
    """
    known = shapes_of(county.monitoring)
    out.mkdir(parents=True, exist_ok=True)
    done = [_write_one(out, pick_shape(known, name), county, planted) for name in shapes]
    truth = _write_truth(out, county.as_of, county.region, [facts for _, facts in done])
    return Written(tuple(path for path, _ in done), truth)


def expected_in(shape: Shape, fault: Planted) -> list[dict[str, str]]:
    """Return the findings of a fault that a file of this shape can show."""
    fields = shape.fields()
    if fault.changes and not any(change.field in fields for change in fault.changes):
        return []
    return [
        {"rule": e.rule, "household": e.household, "person": e.person}
        for e in fault.expected
        if set(e.needs) <= fields
    ]


def _write_one(
    out: Path, shape: Shape, county: County, planted: Sequence[Planted]
) -> tuple[Path, dict[str, object]]:
    path = out / shape.file.format(day=f"{county.as_of:%Y%m%d}")
    sheets = _WRITERS[shape.name](path, shape, county)
    size = len(county.households)
    return path, _facts(path, shape, size, len(county.members), sheets, planted)


def _facts(
    path: Path,
    shape: Shape,
    households: int,
    rows: int,
    sheets: Sequence[str],
    planted: Sequence[Planted],
) -> dict[str, object]:
    faults: list[dict[str, object]] = [
        {
            "kind": fault.kind,
            "rule": fault.rule,
            "household": fault.household,
            "person": fault.person,
            "field": fault.field,
            "before": _told(fault.before),
            "after": _told(fault.after),
            "removed": fault.removed,
            "changes": [
                {**change._asdict(), "before": _told(change.before), "after": _told(change.after)}
                for change in fault.changes
                if change.field in shape.fields()
            ],
            "expected": expected_in(shape, fault),
        }
        for fault in planted
    ]
    return {
        "file": path.name,
        "shape": shape.name,
        "households": households,
        "members": rows,
        "below_data": [{"rule": "FM008", "sheet": sheet, "rows": BELOW_DATA} for sheet in sheets],
        "faults": faults,
    }


def _write_linked(
    out: Path,
    county: County,
    parts: list[tuple[County, frozenset[str], list[Planted]]],
    faults: float,
    seed: int,
) -> Iterator[tuple[Path, dict[str, object]]]:
    draw = Draw(seed)
    seen = ((part, fields) for part, fields, _ in parts)
    tables = linked_tables(draw, seen, county.as_of, county.monitoring)
    spoiled = {e.household for _, _, planted in parts for p in planted for e in p.expected}
    found: dict[str, list[Planted]] = {}
    if faults:
        households = [h for part, _, _ in parts for h in part.households]
        found = plant_linked(draw, county, faults, households, tables, spoiled)
    for name, shape in linked_shapes(county.monitoring).items():
        path = out / shape.file.format(day=f"{county.as_of:%Y%m%d}")
        write_table(path, shape, tables[name], county)
        yield path, _facts(path, shape, 0, len(tables[name]), (), found.get(name, ()))


def _told(cell: Cell) -> str | int | float | None:
    if isinstance(cell, ErrorValue):
        return cell.code
    return cell.text if isinstance(cell, BareFormula) else cell


def _write_truth(out: Path, as_of: date, region: str, files: list[dict[str, object]]) -> Path:
    path = out / TRUTH
    facts = {
        "format": "fupin-audit.sample-truth/1",
        "as_of": as_of.isoformat(),
        "region": region,
        "files": files,
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path
