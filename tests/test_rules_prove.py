"""What `check` finds, plain pandas and stock pandera find: no more, no less."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandera.errors
import pytest

import fupin_audit
from command_line import run
from docs_demo import ROOT
from fupin_audit.evaluate import aggregate, evaluate, functions, judge, links
from fupin_audit.evaluate.proof import prove
from fupin_audit.evaluate.schema import CONTRACT
from fupin_audit.evaluate.values import Column, Truth
from fupin_audit.model.dataset import Dataset, TableData
from fupin_audit.model.run import CheckResult
from fupin_audit.model.values import Coded, Plain, Values
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.sample import write_sample
from fupin_audit.sample.shapes import shapes_of

DAYS = (date(2019, 12, 31), date(2023, 12, 31))
ODD_IDS = ("110105194912310021", "611002590101123", "12", "61100219590229001X", "6" * 20)


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> dict[date, Path]:
    """A small county per era in which every household has a fault."""
    made = {}
    for day in DAYS:
        made[day] = tmp_path_factory.mktemp(f"county{day.year}")
        write_sample(
            made[day], 60, 1.0, 5, as_of=day, region="611002",
            shapes=[s for s in shapes_of(day.year > 2020) if s != "xls"],
        )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def judged(counties: dict[date, Path]) -> dict[date, CheckResult]:
    return {
        DAYS[0]: fupin_audit.check(counties[DAYS[0]], as_of=DAYS[0]),
        DAYS[1]: fupin_audit.check(list(counties.values()), as_of=DAYS[1]),
    }


def shaken(dataset: Dataset, pack: ResolvedPack, rng: np.random.Generator) -> Dataset:
    """The same tables with cells changed, emptied and made unreadable, and columns gone."""
    tables = {name: _shaken(name, data, pack, rng) for name, data in dataset.tables.items()}
    return replace(dataset, tables=tables, observations=[])


def _shaken(name: str, data: TableData, pack: ResolvedPack, rng: Any) -> TableData:
    n, columns, void, lacking = len(data), {}, {}, {}
    for field, values in data.columns.items():
        if rng.random() < 0.05:
            continue
        lacks = data.lacking.get(field, np.zeros(n, bool))
        lacks = lacks | ((rng.random() < 0.1) & (data.raw_row % 3 == 0))
        gone = data.void.get(field, np.zeros(n, bool)) | lacks | (rng.random(n) < 0.03)
        columns[field] = _changed(values, pack.field(name, field), gone, pack, rng)
        void |= {field: gone} if gone.any() else {}
        lacking |= {field: lacks} if lacks.any() else {}
    return replace(data, columns=columns, void=void, lacking=lacking)


def _changed(values: Values, field: Any, gone: Any, pack: ResolvedPack, rng: Any) -> Values:
    rows = np.flatnonzero(rng.random(len(values)) < 0.15)
    if isinstance(values, Coded):
        listed = [c.label for c in pack.codes[field.codes].values] if field.codes else []
        odd = ODD_IDS if field.type == "id_number" else ()
        texts = np.array(list(dict.fromkeys([*values.texts, *listed, *odd])) or ["?"], object)
        codes = values.codes.astype(np.int32)
        codes[rows] = rng.integers(-1, len(texts), len(rows))
        return Coded(np.where(gone, -1, codes).astype(np.int32), texts)
    data, known = values.data.copy(), values.known & ~gone & (rng.random(len(values)) > 0.05)
    data[rows] = values.data[rng.permutation(len(values))[: len(rows)]]
    if data.dtype.kind == "f":
        data[rows] *= rng.choice([1, 0, -1, 10, 0.1], len(rows))
    if data.dtype.kind == "M":
        data[~known] = np.datetime64("NaT")
        known &= ~np.isnat(data)
    return Plain(data, known)


@pytest.mark.parametrize("day", DAYS)
def test_both_agree_on_every_rule_of_a_shaken_county(
    day: date, judged: dict[date, CheckResult]
) -> None:
    result = judged[day]
    dataset = shaken(result.dataset, result.pack, np.random.default_rng(day.year))
    rules = set(result.pack.rules) - set(CONTRACT.values())
    findings = evaluate(dataset, result.pack, rules)
    proof = prove(dataset, result.pack, findings)
    assert [r for r in proof.every() if not r.same] == []
    told = sum(len(h) for h in findings.hits if result.pack.rules[h.rule].kind != "observed")
    assert sum(r.agreed for r in proof.every()) == told > 500
    assert {r.rule for r in proof.every() if r.way == "shared"} <= {"WK093", "WK105", "WK106"}


def test_the_command_says_that_both_agree(counties: dict[date, Path]) -> None:
    done = run("rules", "prove", counties[DAYS[1]], "--select", "FM,ID,HH", "--no-progress")
    assert done.code == 0, done.out + done.err
    assert done.out.rstrip().endswith("结论：一致")
    assert "没有核的规则" in done.out


def test_drawn_households_are_whole_and_the_same_again(counties: dict[date, Path]) -> None:
    command = ("rules", "prove", counties[DAYS[0]], "--as-of", "2019", "--rows", "7",
               "--select", "FM001,HH,ID004", "--format", "json")  # fmt: skip
    first, second = (run(*command).json for _ in range(2))
    rows = {t["table"]: t["rows"] for t in first["tables"]}
    assert first["same"]
    assert first["drawn"]["households"] == rows["household"] == 7
    assert rows == {t["table"]: t["rows"] for t in second["tables"]}
    whole = run(*command[:5], "--select", "HH", "--format", "json").json
    assert rows["member"] < next(t["rows"] for t in whole["tables"] if t["table"] == "member")


def _wrong_total(*given: Column) -> Column:
    known = np.logical_and.reduce([c.known for c in given])  # as if a blank were no nought
    return Column(np.add.reduce([c.data for c in given]), known, ~known)


def _any_forgets_doubt(x: Truth, rows: Any, n: int) -> Truth:
    yes = aggregate._some(x.yes, rows, n)
    return Truth(yes, ~yes)


def _last_rows(codes: Any, among: Any, count: int) -> Any:
    rows = np.flatnonzero(among)
    last = np.full(count, -1, dtype=np.int64)
    last[codes[rows]] = rows + 1 - 2 * (rows == len(codes) - 1)  # everybody to the neighbours
    return last


@pytest.mark.parametrize(
    ("place", "name", "broken", "family"),
    [
        (functions.PLAIN, "total", _wrong_total, "IC"),
        (functions.PLAIN, "blank", lambda x: Truth(~x.known, x.known), "HH"),
        (aggregate, "_any", _any_forgets_doubt, "ED"),
        (links, "first_rows", _last_rows, "ED"),
        (judge, "_implies", lambda w, must: judge.Verdict(~w.no, must.no, must.unknown), "HH"),
    ],
    ids=["total", "blank", "any", "links", "implies"],
)  # fmt: skip
def test_a_broken_engine_is_noticed(
    place: Any, name: str, broken: Any, family: str, judged: dict[date, CheckResult],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    pack = judged[DAYS[1]].pack
    dataset = shaken(judged[DAYS[1]].dataset, pack, np.random.default_rng(1))
    chosen = {r for r in pack.rules if r[:2] == family}
    with monkeypatch.context() as patch:
        (patch.setitem if isinstance(place, dict) else patch.setattr)(place, name, broken)
        findings = evaluate(dataset, pack, chosen)
    assert prove(dataset, pack, findings).differing()


def test_a_difference_ends_with_6_and_names_rule_and_place_only(
    counties: dict[date, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*given: Column) -> Truth:
        return Truth(given[0].known & False, given[0].known)

    monkeypatch.setitem(functions.PLAIN, "filled", never)
    done = run("rules", "prove", counties[DAYS[0]], "--as-of", "2019", "--select", "HH,ID",
               "--format", "json")  # fmt: skip
    assert done.code == 6
    assert not done.json["same"]
    apart = [a for t in done.json["tables"] for r in t["rules"] for a in r["apart"]]
    assert apart
    assert set(apart[0]) == {"rule", "found_by", "file", "sheet", "row", "field"}
    assert apart[0]["rule"] in done.err
    assert not re.search(r"\d{15,}", done.out)


@pytest.mark.parametrize("day", DAYS)
def test_the_exported_schema_judges_a_run_as_check_does(
    day: date, judged: dict[date, CheckResult]
) -> None:
    """Voids, missing columns and rows on other rows come along in `full_frame`."""
    result = judged[day]
    frames = {name: table.full_frame for name, table in result.dataset.tables.items()}
    for table, frame in frames.items():
        schema = fupin_audit.schema(
            table, as_of=day, region=result.region.code, related=frames
        )  # fmt: skip
        own = {plan.rule.id for plan in schema.plans}
        found = set()
        try:
            schema.validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases
            found = set(zip(cases["check"], cases["index"].astype(int), strict=True))
        hits = {(h.rule, int(row)) for h in result.findings.hits if h.rule in own for row in h.rows}
        assert {pair for pair in found if pair[0] in own} == hits


def test_the_example_in_the_docs_runs_as_it_stands(
    counties: dict[date, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "proof.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(counties[DAYS[0]])
    with pytest.raises(pandera.errors.SchemaErrors) as found:
        exec(example, {})
    assert len(found.value.failure_cases)
