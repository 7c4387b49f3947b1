"""A message tells a blank cell from a column that is not there."""

from __future__ import annotations

from datetime import date

import pytest

from fupin_audit.evaluate import evaluate
from fupin_audit.model.findings import Absence
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import resolve
from fupin_audit.packs.shapes import Example
from fupin_audit.report.messages import speak
from fupin_audit.selftest import example_dataset


def test_values_say_why_they_are_missing() -> None:
    pack = resolve(load_pack(), date(2018, 12, 31))
    row = {"户编号": "6110020001", "脱贫属性": "已脱贫", "脱贫年度": 2018,
           "民主评议日期": None, "公告日期": "2018-11-01"}  # fmt: skip
    case = Example(name="", expect="violated", rows={"household": [row], "member": []})
    dataset = example_dataset(pack.rules["PR001"], case, pack)
    (hit,) = evaluate(dataset, pack, {"PR001"}).hits
    values = [column[0] for column in hit.arguments]
    assert None in values  # the blank appraisal
    assert Absence.NO_COLUMN in values  # the notice, of which there is no column


@pytest.mark.parametrize(
    ("value", "zh"),
    [(None, "（空白）"), (Absence.NO_COLUMN, "（表上没有）"), (Absence.NO_FIGURE, "（没有公布）")],
)
def test_each_absence_has_its_word(value: Absence | None, zh: str) -> None:
    assert speak(value, ".2f", "zh") == zh
