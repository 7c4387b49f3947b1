"""Stock pandera and our backend find the same (rule, row) pairs."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pandera.errors
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fupin_audit
from fupin_audit.evaluate import evaluate, functions
from fupin_audit.evaluate.foreign import table_data
from fupin_audit.model.dataset import Dataset
from fupin_audit.packs.functions import FUNCTIONS

AS_OF = date(2019, 12, 31)
SCHEMA = fupin_audit.schema("household", as_of=AS_OF)
MONEY = st.one_of(st.none(), st.sampled_from([-1.0, 0.0, 50.0, 2000.0, 8000.0, 32000.0]))
YES_NO = st.sampled_from([None, "是", "否", "不知"])
HOUSEHOLD = st.fixed_dictionaries(
    {
        "户编号": st.sampled_from([None, "6110020010001", "6110020010002"]),
        "家庭人口数": st.sampled_from([None, 0.0, 1.0, 4.0]),
        "脱贫属性": st.sampled_from([None, "已脱贫", "未脱贫", "其他说法"]),
        "纯收入": MONEY,
        "人均纯收入": MONEY,
        "工资性收入": MONEY,
        "转移性收入": MONEY,
        "财产性收入": MONEY,
        "生产经营性收入": MONEY,
        "生产经营性支出": MONEY,
        "是否危房户": YES_NO,
        "住房面积": MONEY,
    }
)


def pairs(schema: object, frame: pd.DataFrame) -> set[tuple[str, int]]:
    try:
        schema.validate(frame, lazy=True)  # type: ignore[attr-defined]
    except pandera.errors.SchemaErrors as found:
        cases = found.failure_cases
        return set(zip(cases["check"], cases["index"].astype(int), strict=True))
    return set()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(HOUSEHOLD, min_size=1, max_size=6))
def test_both_backends_agree(rows: list[dict[str, object]]) -> None:
    frame = pd.DataFrame(rows)
    assert pairs(SCHEMA, frame) == pairs(SCHEMA.stock(), frame)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(HOUSEHOLD, min_size=1, max_size=6))
def test_a_run_agrees_with_the_schema(rows: list[dict[str, object]]) -> None:
    frame = pd.DataFrame(rows)
    table = table_data(frame, SCHEMA.pack.tables["household"])
    found = evaluate(Dataset({"household": table}, []), SCHEMA.pack)
    own = {plan.rule.id for plan in SCHEMA.plans}
    hits = {(h.rule, int(row)) for h in found.hits if h.rule in own for row in h.rows}
    assert hits == {(rule, row) for rule, row in pairs(SCHEMA, frame) if rule in own}


def test_schema_finds_what_is_wrong_and_passes_what_is_right() -> None:
    frame = pd.DataFrame(
        {"家庭人口数": [4.0, 4.0], "纯收入": [20000.0] * 2, "人均纯收入": [5000.0, 9.0]}
    )
    assert ("IC201", 1) in pairs(SCHEMA, frame)
    with pytest.raises(pandera.errors.SchemaError):
        SCHEMA.validate(frame)
    assert ("IC201", 0) not in pairs(SCHEMA, frame)


def test_every_listed_function_is_written() -> None:
    assert set(FUNCTIONS) == set(functions.PLAIN) | set(functions.OF_TEXT) | functions.SPECIAL
