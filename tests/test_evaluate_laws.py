"""Laws of evaluation: order does not matter, and a right row adds no finding."""

from __future__ import annotations

import dataclasses
from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fupin_audit
from fupin_audit.evaluate import evaluate
from fupin_audit.evaluate.engine import verdicts
from fupin_audit.model.dataset import Dataset, TableData
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import resolve
from fupin_audit.sample import make_county, plant, write_county

AS_OF = date(2019, 12, 31)
PACK = resolve(load_pack(), AS_OF, "611002")
JUDGED = {r.id for r in PACK.rules.values() if r.kind != "observed"}
Found = set[tuple[str, str, str]]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    out = tmp_path_factory.mktemp("county")
    county = make_county(60, 7, as_of=AS_OF)
    write_county(county, plant(county, 0.5, 7), out, shapes=["households"])
    return fupin_audit.clean(out / "households.xlsx")


def permuted(data: TableData, order: np.ndarray) -> TableData:
    return TableData(
        columns={k: v.take(order) for k, v in data.columns.items()},
        sheet=data.sheet[order],
        raw_row=data.raw_row[order],
        void={k: v[order] for k, v in data.void.items()},
        absent=data.absent,
    )


def found(dataset: Dataset) -> Found:
    """Findings by what they are about, not by where they stand."""
    result: Found = set()
    for hit in evaluate(dataset, PACK, JUDGED).hits:
        frame = dataset.tables[hit.table].frame
        person = frame["人口编号"] if "人口编号" in frame else frame["户编号"]
        for row in hit.rows.tolist():
            result.add((hit.rule, str(frame["户编号"].iloc[row]), str(person.iloc[row])))
    return result


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_row_order_never_changes_findings(dataset: Dataset, seed: int) -> None:
    random = np.random.default_rng(seed)
    shuffled = {
        name: permuted(data, random.permutation(len(data))) for name, data in dataset.tables.items()
    }
    assert found(dataclasses.replace(dataset, tables=shuffled)) == found(dataset)


def test_leaving_out_a_right_household_changes_no_other_finding(dataset: Dataset) -> None:
    """The same law read backwards: a right row that is added adds no finding."""
    everything = found(dataset)
    faulty = {household for _, household, _ in everything}
    keys = [k for k in dataset.tables["household"].frame["户编号"].astype(str) if k not in faulty]
    assert keys
    for gone in keys[:3]:
        kept = {
            name: permuted(data, np.flatnonzero(data.frame["户编号"].astype(str) != gone))
            for name, data in dataset.tables.items()
        }
        assert found(dataclasses.replace(dataset, tables=kept)) == everything


def test_a_textual_parameter_is_taken_for_each_rows_own_year(dataset: Dataset) -> None:
    asked = "param('退出要求大病保险', 脱贫年度) == '是'"
    rule = msgspec.structs.replace(PACK.rules["LV175"], when=None, must=asked)
    answers = verdicts(dataset, PACK, rule)
    left = dataset.tables["household"].frame["脱贫年度"].notna().tolist()
    assert {a for a, out in zip(answers, left, strict=True) if out} == {"pass"}
    assert {a for a, out in zip(answers, left, strict=True) if not out} == {"unknown"}
