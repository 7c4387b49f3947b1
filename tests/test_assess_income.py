"""The income ledger: sums, blanks, the local method, distance to the line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fupin_audit.assess.income import income_ledger
from fupin_audit.model.ledger import COMPUTED, TAKEN, UNKNOWN, IncomeLedger
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import resolve
from fupin_audit.packs.shapes import Example
from fupin_audit.selftest import example_dataset

Row = dict[str, Any]
DAY = date(2019, 12, 31)
ITEMS: Row = {
    "计划生育金": 0, "最低生活保障金": 3000, "特困人员救助供养金": 0, "养老金或离退休金": 1200,
    "生态补偿金": 100, "其他转移性收入": 200,
}  # fmt: skip
FULL: Row = {
    "家庭人口数": 3, "工资性收入": 9000, "生产经营性收入": 4000, "财产性收入": 500,
    "转移性收入": 4500, **ITEMS, "生产经营性支出": 1000, "年收入": 18000, "纯收入": 17000,
    "人均纯收入": 5666.67,
}  # fmt: skip


def ledger(rows: list[Row], options: dict[str, Any] | None = None, tmp: Path | None = None,
           members: int = 0) -> IncomeLedger:  # fmt: skip
    folder = None
    if options and tmp:
        folder = tmp / "own"
        (folder / "params").mkdir(parents=True)
        (folder / "pack.yaml").write_text(
            "id: own\nversion: '1'\nlabel: {zh: 本县}\nextends: core\nregion: '99'\n", "utf-8"
        )
        for i, (name, value) in enumerate(options.items()):
            (folder / "params" / f"{i}.yaml").write_text(
                f"id: {name}\ntitle: {{zh: {name}}}\n"
                f"values: [{{since: 2011-01-01, value: {value}}}]",
                "utf-8",
            )
    core = load_pack(folder)
    pack = resolve(core, DAY, "99" if folder else "")
    keyed = [{"户编号": f"611002000{i}", **row} for i, row in enumerate(rows)]
    people = [{"户编号": "6110020000", "人口编号": str(i), "姓名": "张三"} for i in range(members)]
    tables = {"household": keyed} | ({"member": people} if people else {})
    example = Example(name="", expect="pass", rows=tables)
    data = example_dataset(core.rules["IC201"], example, pack)
    made = income_ledger(data, pack)
    assert made is not None
    return made


def test_what_agrees_is_recomputed_to_the_same() -> None:
    made = ledger([FULL])
    for key, value in (
        ("transfers", 4500),
        ("gross", 18000),
        ("net", 17000),
        ("per_head", 5666.67),
    ):
        line = made.line(key)
        assert line.recomputed.tolist() == [value]
        assert abs(line.difference[0]) < 0.01
        assert line.source.tolist() == [COMPUTED]
    assert made.standards[0].id == "exit_line"
    assert made.standards[0].distance[0] == pytest.approx(5666.67 - 3218, abs=0.01)


def test_a_wrong_total_shows_its_difference() -> None:
    made = ledger([{**FULL, "转移性收入": 5500, "纯收入": 18000}])
    assert made.line("transfers").difference.tolist() == [1000]
    assert made.line("net").recomputed.tolist() == [17000]
    assert made.line("net").difference.tolist() == [1000]


def test_a_blank_item_is_not_nothing_the_subtotal_is_taken() -> None:
    made = ledger(
        [{**FULL, "其他转移性收入": None}, {**FULL, "其他转移性收入": None, "转移性收入": None}]
    )
    line = made.line("transfers")
    assert line.source.tolist() == [TAKEN, UNKNOWN]
    assert line.recomputed[0] == 4500
    net = made.line("net")
    assert net.recomputed.tolist() == [17000, 17000]
    assert made.line("gross").source.tolist() == [COMPUTED, TAKEN]


def test_where_it_is_agreed_a_blank_item_is_nothing(tmp_path: Path) -> None:
    rows = [{**FULL, "其他转移性收入": None, "转移性收入": 4300, "财产性收入": None}]
    made = ledger(rows, {"空白分项按零计": "是"}, tmp_path)
    assert made.line("transfers").source.tolist() == [COMPUTED]
    assert made.line("gross").recomputed.tolist() == [9000 + 4000 + 0 + 4300]


def test_an_unreadable_item_is_never_nothing(tmp_path: Path) -> None:
    rows = [{**FULL, "其他转移性收入": {"error": "#N/A"}, "转移性收入": None}]
    made = ledger(rows, {"空白分项按零计": "是"}, tmp_path)
    assert np.isnan(made.line("transfers").recomputed[0])


@pytest.mark.parametrize(
    ("options", "transfers"),
    [
        ({"低保金计入收入": "否"}, 1500),
        ({"养老金计入转移性收入": "否"}, 3300),
        ({"低保金计入上限": 0.1}, 1500 + 15000 / 9),
        ({"低保金计入上限": 0.5}, 4500),
    ],
)
def test_the_local_method_decides_what_counts(
    options: dict[str, Any], transfers: float, tmp_path: Path
) -> None:
    made = ledger([FULL], options, tmp_path)
    assert made.line("transfers").recomputed[0] == pytest.approx(transfers)
    chosen = {o.name: o.value for o in made.options}
    assert chosen[next(iter(options))] == str(next(iter(options.values())))


def test_extras_count_only_where_the_method_says_so(tmp_path: Path) -> None:
    row = {**FULL, "产业奖励": 800, "专项用于减少生产经营性支出的补贴": 300}
    plain = ledger([row])
    assert plain.line("net").recomputed.tolist() == [17000]
    assert not plain.line("business.产业奖励").counts
    options = {"产业就业奖补计入收入": "是", "经营补贴抵减系数": 1}
    assert ledger([row], options, tmp_path).line("net").recomputed.tolist() == [17000 + 800 + 300]


def test_a_part_of_an_item_is_shown_and_never_added() -> None:
    made = ledger([{**FULL, "赡养费": 200, "春节慰问金": 50}])
    assert made.line("transfers").recomputed.tolist() == [4500]
    assert made.line("transfers.赡养费").level == 3
    assert not made.line("transfers.春节慰问金").counts


def test_people_are_those_registered_or_those_there(tmp_path: Path) -> None:
    assert ledger([FULL], members=2).size.tolist() == [3]
    assert ledger([FULL], {"收入人口口径": "现有成员"}, tmp_path, members=2).size.tolist() == [2]


def test_the_window_differs_by_year() -> None:
    def window(year: int) -> str:
        pack = resolve(load_pack(), date(year, 12, 31))
        value, gap = pack.param("收入核算期", date(year, 12, 31))
        return str(value or gap)

    assert window(2019) == "上年10月1日至当年9月30日"
    assert "没有找到" in window(2017)
    assert "12个月" in window(2022)
