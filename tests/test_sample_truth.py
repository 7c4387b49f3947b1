"""What `check` finds in a sample is what was planted in it, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import fupin_audit
from fupin_audit.sample import make_county, plant, write_county, write_sample

DAYS = [date(2019, 12, 31), date(2023, 12, 31)]
KEYS = (("户编号",), ("乡", "村"), ("县",))
EVERY_ERA = {"FM", "ID", "HH", "CT", "ED", "HL", "WK", "SP", "CA", "IC", "LV", "VL"}
REGISTERED = {"EX", "PR", "VX", "CX", "WS"}
MONITORED = {"MS", "RM", "MO"}
HOUSEHOLD_SHAPES = ("households", "wide", "xls", "csv")
Found = Counter[tuple[str, str, str]]


def found(result: fupin_audit.CheckResult) -> Found:
    """Return the findings as (rule, 户编号, 人口编号), sheet findings without keys.

    A village is keyed by township and name, a county by its name.
    """
    out: Found = Counter()
    for hits in result.findings.hits:
        if not hits.table:
            out[hits.rule, "", ""] += len(hits)
            continue
        frame = result.dataset.tables[hits.table].frame
        names = next(n for n in KEYS if set(n) <= set(frame.columns))
        person = "人口编号" in frame and hits.table != "household"
        for row in hits.rows.tolist():
            key = "".join(shown(frame[name].iloc[row]) for name in names)
            out[hits.rule, key, shown(frame["人口编号"].iloc[row]) if person else ""] += 1
    return out


def shown(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)  # type: ignore[call-overload]


def stated(files: list[dict[str, Any]], rules: set[str]) -> Found:
    """Return what the truth says must be found, for the rules the pack has."""
    out: Found = Counter()
    for file in files:
        for below in file["below_data"]:
            out[below["rule"], "", ""] += below["rows"]
        for fault in file["faults"]:
            for finding in fault["expected"]:
                if finding["rule"] in rules:
                    out[finding["rule"], finding["household"], finding["person"]] += 1
    return out


def check(path: Path, truth: dict[str, Any]) -> fupin_audit.CheckResult:
    day = date.fromisoformat(truth["as_of"])
    return fupin_audit.check(path, as_of=day, region=truth["region"])


def compare(path: Path, truth: dict[str, Any], files: list[dict[str, Any]]) -> None:
    result = check(path, truth)
    rules = {c.rule for c in result.findings.coverage}
    got, want = found(result), stated(files, rules)
    kinds = {
        e["household"]: f["kind"] for file in files for f in file["faults"] for e in f["expected"]
    }
    surplus = [(*key, kinds.get(key[1], "untouched")) for key in (got - want)]
    missed = [(*key, kinds.get(key[1], "")) for key in (want - got)]
    assert (surplus, missed) == ([], []), path.name


@pytest.mark.parametrize("day", DAYS)
def test_nothing_is_found_in_an_unfaulted_sample(tmp_path: Path, day: date) -> None:
    written = write_sample(tmp_path, 240, 0.0, 11, as_of=day)
    truth = json.loads(written.truth.read_text(encoding="utf-8"))
    for path in (*written.files, tmp_path):
        result = check(path, truth)
        assert not found(result), path.name
        assert sum(c.evaluated for c in result.findings.coverage) > 0


@pytest.mark.parametrize("day", DAYS)
def test_nothing_is_found_whatever_the_seed(tmp_path: Path, day: date) -> None:
    written = write_sample(tmp_path, 600, 0.0, 101, as_of=day)
    truth = json.loads(written.truth.read_text(encoding="utf-8"))
    assert not found(check(tmp_path, truth))


@pytest.mark.parametrize("day", DAYS)
def test_what_was_planted_is_found(tmp_path: Path, day: date) -> None:
    """In each file of households alone, then in the folder with all tables together."""
    written = write_sample(tmp_path, 1600, 0.5, 12, as_of=day)
    truth = json.loads(written.truth.read_text(encoding="utf-8"))
    faults = [fault for file in truth["files"] for fault in file["faults"]]
    families = {fault["rule"][:2] for fault in faults}
    assert families >= EVERY_ERA | (MONITORED if day.year >= 2021 else REGISTERED)
    assert len({fault["kind"] for fault in faults}) >= 220
    for path, file in zip(written.files, truth["files"], strict=True):
        if file["shape"] in HOUSEHOLD_SHAPES:
            compare(path, truth, [file])
    compare(tmp_path, truth, truth["files"])


def test_sample_data_gives_what_its_readme_says() -> None:
    folder = Path(__file__).parents[1] / "sample_data"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    compare(folder, truth, truth["files"])


@pytest.mark.parametrize(
    ("day", "shapes"),
    [(DAYS[0], ["households", "wide", "csv", "xls"]), (DAYS[1], ["households", "wide", "csv"])],
)
def test_one_county_gives_the_same_findings_in_every_shape(
    tmp_path: Path, day: date, shapes: list[str]
) -> None:
    """Faults that all the shapes can show, the whole county in each of them."""
    county = make_county(240, 14, as_of=day)
    planted = plant(county, 0.5, 14, shapes=shapes)
    written = write_county(county, planted, tmp_path, shapes)
    truth = json.loads(written.truth.read_text(encoding="utf-8"))
    seen = []
    rules = {e["rule"] for f in truth["files"][-1]["faults"] for e in f["expected"]}
    for path, file in zip(written.files, truth["files"], strict=True):
        compare(path, truth, [file])
        seen.append(Counter({k: n for k, n in found(check(path, truth)).items() if k[0] in rules}))
    assert all(counts == seen[0] for counts in seen)
