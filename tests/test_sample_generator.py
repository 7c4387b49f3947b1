"""The generator gives the same cells for the same seed, and says what it did."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlrd
from stdnum.cn import ric

from fupin_audit.errors import UsageError
from fupin_audit.sample import County, make_county, plant, write_county, write_sample
from fupin_audit.sample.plant import KINDS, kinds_for

DAY = date(2019, 12, 31)


def cells(path: Path) -> object:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return [list(sheet.iter_rows(values_only=True)) for sheet in book]
    if path.suffix == ".xls":
        sheet = xlrd.open_workbook(str(path)).sheet_by_index(0)
        return [sheet.row_values(i) for i in range(sheet.nrows)]
    return path.read_bytes()


def test_one_seed_writes_one_sample(tmp_path: Path) -> None:
    first = write_sample(tmp_path / "a", 80, 0.4, 5)
    again = write_sample(tmp_path / "b", 80, 0.4, 5)
    other = write_sample(tmp_path / "c", 80, 0.4, 6)
    assert [cells(p) for p in first.files] == [cells(p) for p in again.files]
    assert first.truth.read_bytes() == again.truth.read_bytes()
    assert first.truth.read_bytes() != other.truth.read_bytes()


def test_sample_data_is_what_its_script_writes(tmp_path: Path) -> None:
    kept = Path(__file__).parents[1] / "sample_data"
    written = write_sample(tmp_path, 240, 0.5, 2019)
    for path in written.files:
        assert cells(path) == cells(kept / path.name), path.name
    assert written.truth.read_bytes() == (kept / "truth.json").read_bytes()


@pytest.mark.parametrize("day", [DAY, date(2023, 12, 31)])
def test_ids_are_right_unique_and_agree_with_their_rows(day: date) -> None:
    county = make_county(400, 3, as_of=day)
    numbers = [str(m["证件号码"])[:18] for m in county.members]
    assert len(set(numbers)) == len(numbers)
    for member in county.members:
        number = str(member["证件号码"])[:18]
        assert ric.calc_check_digit(number) == number[-1]
        assert number[6:14] == member["出生日期"]
        assert (int(number[16]) % 2 == 1) == (member["性别"] == "男")


def test_households_hang_together() -> None:
    county = make_county(600, 8, as_of=DAY)
    families = county.families()
    assert list(families) == [h["户编号"] for h in county.households]
    for household in county.households:
        members = families[str(household["户编号"])]
        assert household["家庭人口数"] == len(members)
        assert [m["与户主关系"] for m in members].count("户主") == 1
        assert members[0]["姓名"] == household["户主姓名"]
        for member in members:
            assert (member["文化程度"] is None) != (member["在校生状况"] is None)


def test_a_fault_tells_before_and_after() -> None:
    clean, county = (make_county(300, 4, as_of=DAY) for _ in range(2))
    planted = plant(county, 0.3, 9)
    assert len(planted) == 90
    rows = index(county)
    before = index(clean)
    renumbered = {p.household for p in planted if p.field == "人口编号"}
    changed = {(c.household, c.person, c.field) for p in planted for c in p.changes}
    for fault in planted:
        for change in fault.changes:
            if change.field == "人口编号" or fault.removed:
                continue
            key = (change.household, change.person)
            assert before[key][change.field] == change.before
            assert rows[key][change.field] == change.after
    for key, row in rows.items():
        if key[0] in renumbered:
            continue
        for field, value in row.items():
            assert (*key, field) in changed or before[key][field] == value


def index(county: County) -> dict[tuple[str, str], dict[str, object]]:
    out = {(str(h["户编号"]), ""): dict(h) for h in county.households}
    out.update({(str(m["户编号"]), str(m["人口编号"])): dict(m) for m in county.members})
    return out


def test_each_household_holds_one_fault() -> None:
    county = make_county(400, 4, as_of=DAY)
    planted = plant(county, 0.5, 9)
    touched = Counter(household for p in planted for household in {e.household for e in p.expected})
    assert set(touched.values()) == {1}


@pytest.mark.parametrize("day", [DAY, date(2023, 12, 31)])
def test_every_kind_can_be_planted(day: date) -> None:
    county = make_county(2500, 4, as_of=day)
    names = {p.kind for p in plant(county, 0.6, 9)}
    assert names == {k.name for k in kinds_for(make_county(1, 4, as_of=day), ["households"])}
    assert len(names) >= 170
    assert len({k.name for k in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    "call",
    [
        lambda p: make_county(0, 1, as_of=DAY),
        lambda p: make_county(5, 1, as_of=DAY, region="619999"),
        lambda p: write_sample(p, 2, 0.0, 1),
        lambda p: write_sample(p, 20, 1.5, 1),
        lambda p: write_sample(p, 20, 0.1, 1, shapes=["docx"]),
        lambda p: write_county(make_county(2, 1, as_of=DAY), [], p, ["pdf"]),
    ],
)
def test_wrong_calls_are_refused(tmp_path: Path, call: object) -> None:
    with pytest.raises(UsageError):
        call(tmp_path)  # type: ignore[operator]
