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
Found = Counter[tuple[str, str, str]]


def found(result: fupin_audit.CheckResult) -> Found:
    """Return the findings as (rule, 户编号, 人口编号), sheet findings without keys."""
    out: Found = Counter()
    for hits in result.findings.hits:
        if not hits.table:
            out[hits.rule, "", ""] += len(hits)
            continue
        frame = result.dataset.tables[hits.table].frame
        person = "人口编号" if hits.table == "member" else None
        for row in hits.rows.tolist():
            keys = [frame[name].iloc[row] if name else "" for name in ("户编号", person)]
            out[hits.rule, *("" if pd.isna(k) else str(k) for k in keys)] += 1  # type: ignore[index]
    return out


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
    written = write_sample(tmp_path, 360, 0.0, 11, as_of=day)
    truth = json.loads(written.truth.read_text(encoding="utf-8"))
    for path in (*written.files, tmp_path):
        result = check(path, truth)
        assert not found(result), path.name
        assert sum(c.evaluated for c in result.findings.coverage) > 0


@pytest.mark.parametrize("day", DAYS)
def test_each_file_gives_what_was_planted_in_it(tmp_path: Path, day: date) -> None:
    written = write_sample(tmp_path, 640, 0.4, 12, as_of=day)
    truth = json.loads(written.truth.read_text(encoding="utf-8"))
    for path, file in zip(written.files, truth["files"], strict=True):
        assert len({fault["kind"] for fault in file["faults"]}) >= 29
        compare(path, truth, [file])


@pytest.mark.parametrize("day", DAYS)
def test_the_folder_gives_what_was_planted_in_its_files(tmp_path: Path, day: date) -> None:
    written = write_sample(tmp_path, 480, 0.4, 13, as_of=day)
    truth = json.loads(written.truth.read_text(encoding="utf-8"))
    compare(tmp_path, truth, truth["files"])


def test_sample_data_gives_what_its_readme_says() -> None:
    folder = Path(__file__).parents[1] / "sample_data"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    compare(folder, truth, truth["files"])


def test_one_county_gives_the_same_findings_in_every_shape(tmp_path: Path) -> None:
    """Faults that the oldest list can show, written in all four shapes."""
    shapes = ["households", "wide", "xls", "csv"]
    county = make_county(120, 14, as_of=DAYS[0])
    planted = plant(county, 0.4, 14, shapes=shapes)
    written = write_county(county, planted, tmp_path, shapes)
    truth = json.loads(written.truth.read_text(encoding="utf-8"))
    seen = []
    for path, file in zip(written.files, truth["files"], strict=True):
        compare(path, truth, [file])
        rules = {e["rule"] for f in truth["files"][2]["faults"] for e in f["expected"]}
        seen.append(Counter({k: n for k, n in found(check(path, truth)).items() if k[0] in rules}))
    assert seen[0] == seen[1] == seen[2] == seen[3]
