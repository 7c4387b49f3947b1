"""What each recipe makes of a cell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_audit.model.dataset import written
from fupin_audit.model.sheet import CellError
from fupin_audit.normalise.log import apply_log, clean_texts, raw_texts, undo_log
from normalise_kit import HOUSEHOLD, MEMBER, cleaned, one, raw_column, seen, sheet

VOID = object()


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("人均纯收入", "5,000元", 5000.0),
        ("人均纯收入", "1.2万", 12000.0),
        ("人均纯收入", "无", VOID),
        ("人均纯收入", "约500", VOID),
        ("人均纯收入", "—", None),
        ("人均纯收入", True, VOID),
        ("人均纯收入", date(2016, 5, 1), VOID),
        ("人均纯收入", 1e16, VOID),
        ("家庭人口数", "4人", 4),
        ("家庭人口数", "三", 3),
        ("家庭人口数", 3.5, VOID),
        ("住房面积", "120㎡", 120.0),
        ("耕地面积", "120㎡", VOID),
        ("户联系电话", 13800000000.0, "13800000000"),
        ("户联系电话", "+86 138-0000-0000", "13800000000"),
        ("户联系电话", "0914－2321234", "0914-2321234"),
        ("户联系电话", "1.38E+10", VOID),
        ("银行卡号", "6222 0202 0001 1112 345", "6222020200011112345"),
        ("银行卡号", 6222020200011112345.0, VOID),
        ("银行卡号", '="6222020200011112345"', "6222020200011112345"),
        ("户编号", 1234567890123456.0, VOID),
        ("户编号", "611002 0001", "6110020001"),
        ("户编号", "6110020001.0", "6110020001"),
        ("证件号码", "11010519491231002x", "11010519491231002X"),
        ("证件号码", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("证件号码", "'11010519491231002X\u200b ", "11010519491231002X"),
        ("证件号码", 110105194912310021.0, VOID),
        ("证件号码", 110105194912310021, VOID),
        ("证件号码", "110105194912310021.0", VOID),
        ("证件号码", "6.11002E+17", VOID),
        ("证件号码", 110105491231002.0, "110105491231002"),
        ("证件号码", "/", None),
        ("证件号码", "无", "无"),
        ("姓名", "张\u3000三", "张三"),
        ("姓名", "买买提 ．艾力", "买买提·艾力"),
        ("姓名", "买买提.艾力", "买买提·艾力"),
        ("姓名", "John Smith", "John Smith"),
        ("村", "刘 家村", "刘家村"),
        ("备注", "甲  乙\n丙", "甲 乙 丙"),
        ("备注", "（１２３）", "（123）"),
        ("备注", 5.5, "5.5"),
        ("备注", "NULL", None),
        ("出生日期", "19800101.0", pd.Timestamp(1980, 1, 1)),
        ("出生日期", 29221, pd.Timestamp(1980, 1, 1)),
        ("出生日期", date(1980, 1, 1), pd.Timestamp(1980, 1, 1)),
        ("出生日期", "198001", VOID),
        ("首次识别时间", "2016年5月", 201605),
        ("首次识别时间", date(2016, 5, 3), 201605),
        ("首次识别时间", 2016.1, VOID),
        ("首次识别时间", "2016", VOID),
        ("脱贫年度", "2018年", 2018),
        ("性别", "男性", "男"),
        ("性别", 1, VOID),
        ("贫困户属性", "高中（含职业高中、技校）", "高中"),
        ("贫困户属性", "髙中", "高中"),
        ("贫困户属性", "低保貧困戶", "低保贫困户"),
        ("健康状况", "残疾,长期慢性病", "长期慢性病、残疾"),
        ("健康状况", "患有大病 残疾", "患有大病、残疾"),
        ("健康状况", "04、2", "长期慢性病、残疾"),
        ("健康状况", 3.0, "患有大病"),
        ("健康状况", "残疾、肥胖", VOID),
        ("健康状况", "残疾；残疾", "残疾"),
        ("帮扶措施", "送 猪崽,技能培训", "技能培训、送猪崽"),
        ("备注", CellError("#N/A"), VOID),
        ("备注", "#REF!", VOID),
        ("备注", CellError("="), VOID),
        ("备注", None, None),
    ],
)
def test_one_cell(name: str, cell: Any, value: Any) -> None:
    values, void, _ = one(name, [cell])
    assert (VOID if void[0] else values[0]) == value


def test_numbers_are_decoded_only_under_a_set() -> None:
    values, _, _ = one("性别", [1, "02", "男"], code_sets={"性别": "national"})
    assert values == ["男", "女", "男"]


def test_exact_integers_of_parquet_are_no_damage() -> None:
    ids = {"证件号码": [110105194912310021]}
    data = cleaned(sheet("member", ids, file="a.zip!/b.parquet")).tables["member"]
    assert data.frame["证件号码"].tolist() == ["110105194912310021"]


def test_an_inverted_header_turns_yes_round_and_nothing_else() -> None:
    values, void, _ = one(
        "是否危房户",
        ["是", "否", "安全", "有"],
        header={"header": "住房是否安全（是/否）", "inverted": True},
    )
    assert values == ["否", "是", "否", None]
    assert void == [False, False, False, True]


def test_header_units_scale_numbers_that_carry_none() -> None:
    header = {"header": "纯收入（万元）", "unit": "万元", "factor": 10000.0}
    values, _, dataset = one("纯收入", [1.1, "0.5", "3000元", "2万元", 0, None], header=header)
    assert values == [11000.0, 5000.0, 3000.0, 20000.0, 0.0, None]
    assert dataset.log.by_recipe() == {"unit": 4}
    assert not seen(dataset, "unit_doubt")


@pytest.mark.parametrize(
    ("name", "header", "cells", "void"),
    [
        ("纯收入", {"unit": "万元", "factor": 10000.0}, [12000, 15000, 20000.0], True),
        ("与村主干路距离", {"unit": "公里"}, [800, 1200, 300], False),
        ("与村主干路距离", {}, [800, 1200, 300], False),
        ("耕地面积", {"unit": "亩"}, [2000, 3000, 4000], False),
        ("住房面积", {"unit": "亩"}, [80, 100, 120], False),
    ],
)
def test_unit_doubt_is_one_observation_a_column(
    name: str, header: dict[str, Any], cells: list[Any], void: bool
) -> None:
    _, voids, dataset = one(name, cells, header=header)
    (doubt,) = seen(dataset, "unit_doubt")
    assert (doubt.sheet, doubt.cells, doubt.field) == (0, ["A1"], name)
    assert voids == [void] * len(cells)
    assert not seen(dataset, "unreadable")


@pytest.mark.parametrize(
    ("name", "cells"),
    [("与村主干路距离", [0.5, 2, 150]), ("耕地面积", [3, 5, 800]), ("纯收入", [1e6, 2e6, 3e6]),
     ("与村主干路距离", [500, 600])],
)  # fmt: skip
def test_unit_is_not_doubted_lightly(name: str, cells: list[Any]) -> None:
    assert not seen(one(name, cells)[2], "unit_doubt")


def test_observations_say_what_stood_there() -> None:
    _, _, dataset = one("贫困户属性", ["一般贫困户", "低保贫困护", None, CellError("#N/A"), "外星"])
    (near,) = seen(dataset, "unknown_code")
    assert near.rows.tolist() == [1, 4]
    assert near.values == ["低保贫困护", "外星"]
    assert "低保贫困户" in near.detail[0]
    assert [o.rows.tolist() for o in seen(dataset, "error_cell")] == [[3]]
    (open_one,) = seen(one("帮扶措施", ["送猪崽"])[2], "unknown_code")
    assert open_one.detail[0].startswith("开放代码表")
    (lost,) = seen(one("银行卡号", [6222020200011112345.0])[2], "destroyed_number")
    assert lost.field == "银行卡号"
    assert seen(one("备注", [CellError("=")])[2], "formula_without_result")


def test_required_blank_is_observed_only_where_required() -> None:
    assert [
        o.rows.tolist() for o in seen(one("户编号", ["1", "-", None])[2], "blank_required")
    ] == [[1, 2]]
    assert not seen(one("备注", [None])[2], "blank_required")


def test_dtypes_are_those_of_the_dataset() -> None:
    columns = {"户编号": ["1"], "纯收入": [1], "家庭人口数": [1], "首次识别时间": ["201601"],
               "脱贫年度": [2018], "贫困户属性": ["一般贫困户"]}  # fmt: skip
    frame = cleaned(sheet("household", columns)).tables["household"].frame
    assert {n: str(t) for n, t in frame.dtypes.items()} == {
        "户编号": "category", "纯收入": "Float64", "家庭人口数": "Int64", "首次识别时间": "Int64",
        "脱贫年度": "Int64", "贫困户属性": "category",
    }  # fmt: skip
    days = cleaned(sheet("member", {"出生日期": ["19800101"]})).tables["member"].frame
    assert str(days.dtypes["出生日期"]) == "datetime64[s]"


DIRT = st.text(
    "0123456789.,-，、。 　\u200b\t元万亩人年月日/（）()'\"=Ｘx１２张三·．残疾健康男是否#N/AE+—无",
    max_size=9,
)
CELLS = st.one_of(
    st.none(), DIRT, st.integers(-10, 10**19), st.booleans(), st.dates(),
    st.floats(allow_nan=True, width=64), st.sampled_from([CellError("#N/A"), CellError("=")]),
    st.sampled_from(["残疾,健康", "2016年5月", "20160501.0", "1.2万", '="12"', "1.50", "007"]),
)  # fmt: skip
NAMES = sorted({*HOUSEHOLD, *MEMBER})


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.lists(CELLS, min_size=1, max_size=6))
def test_raw_and_log_make_clean_and_back(name: str, cells: list[Any]) -> None:
    _, void, dataset = one(name, cells)
    raw = raw_texts(dataset)
    clean = apply_log(dataset, raw)
    assert undo_log(dataset, clean) == raw
    table = next(iter(dataset.tables))
    for row, value in enumerate(dataset.tables[table].columns[name].listed()):
        shown = clean[0, row + 1, 0]
        assert shown == (raw[0, row + 1, 0] if void[row] else written(value))
    for block in dataset.log.blocks:
        assert all(block.before[w] != block.after[w] for w in block.which.tolist())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.lists(CELLS, min_size=1, max_size=6))
def test_cleaning_twice_is_cleaning_once(name: str, cells: list[Any]) -> None:
    values, void, dataset = one(name, cells)
    texts = [t or None for t in clean_texts(dataset).values()]
    kept = [t for t, v in zip(texts, void, strict=True) if not v]
    if kept:
        again, void_again, second = one(name, kept)
        assert again == [x for x, v in zip(values, void, strict=True) if not v]
        assert not any(void_again)
        assert not len(second.log)


def test_kinds_of_one_value_are_one_category() -> None:
    column = raw_column(["1", 1, 1.0, " 1"])
    assert len(column.values) == 5
    values, _, dataset = one("户编号", ["1", 1, 1.0, " 1"])
    assert values == ["1"] * 4
    assert list(dataset.tables["household"].frame["户编号"].cat.categories) == ["1"]
