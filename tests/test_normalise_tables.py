"""How sheets become tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fupin_audit.model.dataset import LAST_YEAR, Dataset
from fupin_audit.model.recognised import Match, SetAside
from fupin_audit.model.sheet import CellError
from fupin_audit.normalise import infer_region
from fupin_audit.normalise.log import apply_log, raw_texts, undo_log
from normalise_kit import cleaned, seen, sheet, small_pack

WIDE = {
    "村": ["甲村", "甲村", "甲村", "乙村"],
    "户编号": ["1", "1", "2", "2"],
    "纯收入": [100, 100, 200, 200],
    "姓名": ["张三", "李四", "王五", "赵六"],
    "与户主关系": ["户主", "配偶", "之子", "户主"],
}


def wide(changes: dict[str, list[Any]] | None = None, **more: Any) -> Dataset:
    return cleaned(sheet("member", {**WIDE, **(changes or {})}, also=("household",), **more))


def values(dataset: Dataset, table: str, name: str) -> list[Any]:
    column = dataset.tables[table].frame[name].astype(object)
    return [None if pd.isna(v) else v for v in column]


def test_a_wide_sheet_becomes_households_and_members() -> None:
    dataset = wide({"纯收入": [100, 100, "二百", 200]})
    assert values(dataset, "household", "户编号") == ["1", "2"]
    assert values(dataset, "household", "纯收入") == [100.0, 200.0]
    assert values(dataset, "member", "户编号") == ["1", "1", "2", "2"]
    assert values(dataset, "member", "村") == WIDE["村"]
    household = dataset.tables["household"]
    assert household.raw_row.tolist() == [1, 4]  # the head's row, first or not
    assert dataset.cell("household", 1, "纯收入") == "C5"
    assert dataset.tables["member"].raw_row.tolist() == [1, 2, 3, 4]
    (other,) = seen(dataset, "disagrees")
    assert (other.field, other.rows.tolist()) == ("村", [1])  # 二百 is 200, which nobody disputes
    assert dataset.cells == 20


def test_disagreement_is_one_observation_row_per_household_and_field() -> None:
    dataset = wide({"纯收入": [100, 90, CellError("#N/A"), None], "村": ["甲村"] * 4})
    (seen_once,) = seen(dataset, "disagrees")
    assert seen_once.rows.tolist() == [0]
    assert seen_once.values == ["100"]
    assert seen_once.detail == ["C2 为 100；C3 为 90"]
    assert values(dataset, "household", "纯收入") == [100.0, None]
    # the head's cell is blank, so the first that is not blank speaks: an error
    assert dataset.tables["household"].void["纯收入"].tolist() == [False, True]
    assert dataset.cell("household", 1, "纯收入") == "C4"
    assert [o.rows.tolist() for o in seen(dataset, "error_cell")] == [[1]]


def test_disagreement_never_tells_personal_values() -> None:
    dataset = wide({"户联系电话": ["13800000001", "13800000002", None, None], "村": ["甲村"] * 4})
    (other,) = seen(dataset, "disagrees")
    assert other.detail == ["F2 与 F3 不同"]


def test_a_fault_in_a_row_that_does_not_speak_is_still_seen() -> None:
    dataset = wide({"纯收入": [100, "约九十", "几百", "几百"]})
    of_rows = [o for o in seen(dataset, "unreadable") if o.sheet < 0]
    of_sheet = [o for o in seen(dataset, "unreadable") if o.sheet >= 0]
    assert [o.values for o in of_rows] == [["几百"]]
    assert [(o.values, o.cells) for o in of_sheet] == [(["约九十"], ["C3"])]


def test_heads_divide_a_sheet_without_household_numbers() -> None:
    columns = {k: v for k, v in WIDE.items() if k != "户编号"}
    columns["与户主关系"] = ["户主", "配偶", "户主", "之子"]
    one = sheet("member", columns, also=("household",))
    dataset = cleaned(one)
    assert values(dataset, "household", "户编号") == ["行2", "行4"]
    assert values(dataset, "member", "户编号") == ["行2", "行2", "行4", "行4"]
    assert dataset.cell("household", 0, "户编号") == ""
    assert "户编号" not in dataset.tables["household"].absent
    assert dataset.sheets[0].notes
    assert not one.notes
    assert not seen(dataset, "blank_required")
    two = cleaned(one, sheet("member", columns, also=("household",), file="b.xlsx"))
    assert values(two, "household", "户编号") == ["表1行2", "表1行4", "表2行2", "表2行4"]


def test_rows_without_a_number_stay_apart() -> None:
    dataset = wide({"户编号": ["1", None, 1234567890123456.0, 1234567890123456.0],
                    "与户主关系": ["户主", "户主", "户主", "配偶"]})  # fmt: skip
    assert values(dataset, "household", "户编号") == ["1", None, None]
    assert values(dataset, "household", "纯收入") == [100.0, 100.0, 200.0]
    assert [o.table for o in seen(dataset, "blank_required") if o.field == "户编号"] == ["member"]
    assert [o.table for o in seen(dataset, "destroyed_number")] == ["member"]


def test_households_of_two_years_are_not_mixed() -> None:
    dataset = wide({"户编号": ["1"] * 4, "年度": [2018, 2018, 2019, 2019], "村": ["甲村"] * 4})
    assert values(dataset, "household", "年度") == [2018, 2019]
    assert not seen(dataset, "disagrees")


def test_merged_cells_are_filled_inside_their_range_only() -> None:
    columns = {"户编号": ["1", None, "2", None], "姓名": ["甲", "乙", "丙", "丁"]}
    one = sheet("member", columns, filled_down=["户编号"], merges=[(1, 0, 2, 0)])
    dataset = cleaned(one)
    assert values(dataset, "member", "户编号") == ["1", "1", "2", None]
    assert [(e[2], e[4], e[5], e[6]) for e in dataset.log.entries(dataset)] == [
        ("A3", "", "1", "fill_down")
    ]
    loose = cleaned(sheet("member", columns, filled_down=["户编号"]))
    assert values(loose, "member", "户编号") == ["1", "1", "2", "2"]
    assert undo_log(loose, apply_log(loose, raw_texts(loose))) == raw_texts(loose)


def test_filling_skips_rows_that_are_no_data() -> None:
    columns = {"户编号": ["1", None, "合计", None], "姓名": ["甲", "乙", None, "丁"]}
    one = sheet("member", columns, filled_down=["户编号"], rows=np.array([1, 2, 4]))
    assert values(cleaned(one), "member", "户编号") == ["1", "1", "1"]


def test_sheets_of_one_table_are_stacked_and_lacking_columns_void() -> None:
    dataset = cleaned(
        sheet("member", {"人口编号": ["1", "2"], "姓名": ["甲", "乙"]}),
        sheet("member", {"人口编号": ["2", "3"], "性别": ["男性", None]}, file="b.csv"),
    )
    data = dataset.tables["member"]
    assert values(dataset, "member", "人口编号") == ["1", "2", "2", "3"]  # duplicates are kept
    assert data.sheet.tolist() == [0, 0, 1, 1]
    assert data.void["性别"].tolist() == [True, True, False, False]
    assert data.void["姓名"].tolist() == [False, False, True, True]
    assert values(dataset, "member", "性别") == [None, None, "男", None]
    assert {"证件号码", "户编号"} <= data.absent
    assert "household" not in dataset.tables
    assert dataset.cell("member", 2, "姓名") == ""
    assert dataset.raw_value("member", 2, "性别") == "男性"


def test_a_household_sheet_wins_and_the_wide_one_fills_what_it_lacks() -> None:
    own = sheet("household", {"户编号": ["1", "3"], "家庭人口数": [2, 5]}, file="b.xlsx")
    both = sheet("member", {**WIDE, "家庭人口数": [9, 9, 4, 4]}, also=("household",))
    dataset = cleaned(both, own)
    assert values(dataset, "household", "户编号") == ["1", "3", "2"]
    assert values(dataset, "household", "家庭人口数") == [2, 5, 4]
    assert values(dataset, "household", "纯收入") == [100.0, None, 200.0]
    data = dataset.tables["household"]
    assert data.void["纯收入"].tolist() == [False, True, False]
    assert dataset.cell("household", 0, "家庭人口数") == "B2"
    assert dataset.cell("household", 0, "纯收入") == "C2"
    assert (
        dataset.match("household", 0, "纯收入") is dataset.sheets[0].matches["household", "纯收入"]
    )


def test_two_household_sheets_of_different_columns_are_one_table() -> None:
    basics = sheet("household", {"户编号": ["1", "2"], "村": ["甲", "乙"], "家庭人口数": [2, 5]})
    living = sheet("household", {"户编号": ["2", "3"], "村": ["乙", "丙"], "耕地面积": [7, 8]})
    dataset = cleaned(basics, living)
    assert values(dataset, "household", "户编号") == ["1", "2", "3"]
    assert values(dataset, "household", "耕地面积") == [None, 7.0, 8.0]
    assert dataset.tables["household"].void["耕地面积"].tolist() == [True, False, False]
    assert dataset.cell("household", 1, "耕地面积") == "C2"
    assert dataset.tables["household"].raw_row.tolist() == [1, 2, 2]
    twice = cleaned(basics, sheet("household", {"户编号": ["2"], "家庭人口数": [6]}))
    assert values(twice, "household", "户编号") == ["1", "2", "2"]


def test_columns_of_last_year_have_their_own_name() -> None:
    dataset = cleaned(
        sheet("household", {"户编号": ["1"], "纯收入": [2], "last_year.纯收入": ["1元"]})
    )
    assert values(dataset, "household", LAST_YEAR + "纯收入") == [1.0]


def test_what_recognising_saw_is_passed_on() -> None:
    columns = {"户编号": ["1", "合计", None, None], "家庭人口数": [1, 4, None, None]}
    one = sheet("household", columns, rows=np.array([1]))
    one.set_aside = [
        SetAside(2, "total", "合计"),
        SetAside(3, "blank", ""),
        SetAside(4, "blank", ""),
    ]
    one.duplicates = [Match("家庭人口数", "household", 2, "人数", "C1", "alias")]
    one.missing = [("household", "户编号"), ("household", "备注")]
    dataset = cleaned(one)
    (double,) = seen(dataset, "ambiguous_header")
    assert (double.sheet, double.cells, double.values) == (0, ["B1", "C1"], ["人数"])
    assert [o.field for o in seen(dataset, "missing_column")] == ["户编号"]
    assert [o.cells for o in seen(dataset, "set_aside")] == [["A3"], ["A4", "A5"]]


def test_what_another_sheet_carries_is_not_missing_from_a_wide_one() -> None:
    both = sheet("member", {"姓名": ["甲"], "纯收入": [1]}, also=("household",))
    both.missing = [("household", "户编号"), ("member", "户编号")]
    own = sheet("household", {"户编号": ["1"], "纯收入": [1]}, file="b.xlsx")
    assert seen(cleaned(both), "missing_column")
    assert not seen(cleaned(both, own), "missing_column")


def test_one_column_bound_to_two_tables_is_logged_once() -> None:
    dataset = wide({"户编号": ["1 ", "1 ", "2", "2"]})
    assert values(dataset, "household", "户编号") == ["1", "2"]
    assert len(dataset.log) == 2


def test_a_table_may_have_no_rows() -> None:
    dataset = cleaned(sheet("household", {"户编号": [], "纯收入": [], "首次识别时间": []}))
    assert len(dataset.tables["household"]) == 0


def place(ids: list[str], **columns: list[Any]) -> tuple[str, str, str]:
    data = cleaned(sheet("member", {"证件号码": ids, **columns}))
    return infer_region(data, small_pack())


def number(prefix: str, serial: int) -> str:
    return f"{prefix}19800101{serial:03d}X"


def test_region_by_name_and_ids() -> None:
    old = [number("612501", i) for i in range(6)]  # 商州市 until 2001
    assert place(old, 县=["商州区"] * 6)[:2] == ("611002", "陕西省商洛市商州区")
    assert place([], 县=[]) == ("", "", "表中没有省、市、县列，也没有可用的证件号码")
    assert place(["x"], 县=["商州"])[0] == "611002"
    assert place(["x"], 县=["城关区"])[0] == ""
    assert place(["x"], 省=["甘肃省"], 县=["城关区"])[0] == "620102"
    assert place([number("620102", 1)], 县=["城关区"])[0] == "620102"
    assert place([number("620102", i) for i in range(5)], 县=["商州区"] * 5)[0] == ""


def test_region_by_ids_alone() -> None:
    here, there = number("611002", 1), number("420102", 2)
    assert place([here, number("611002", 3), there])[0] == "611002"
    assert place([here, there])[0] == ""
    assert place([number("999999", 1)])[0] == ""


def test_region_of_several_counties_is_what_they_share() -> None:
    ids = [number("611002", 1), number("611021", 2)]
    assert place(ids, 省=["陕西省"] * 2, 县=["商州区", "洛南县"])[0] == "6110"


def test_a_blank_head_never_takes_the_head_of_another_household() -> None:
    columns = {
        "户编号": ["1", None, "2"],
        "户主姓名": ["甲", None, None],
        "姓名": ["甲", "乙", "丙"],
    }
    dataset = cleaned(
        sheet("member", columns, also=("household",), filled_down=["户编号", "户主姓名"])
    )
    assert values(dataset, "household", "户主姓名") == ["甲", None]
    assert [o.rows.tolist() for o in seen(dataset, "blank_required") if o.field == "户主姓名"] == [
        [1]
    ]


def test_an_error_filled_down_is_told_of_once() -> None:
    columns = {"户编号": [CellError("#N/A"), None], "姓名": ["甲", "乙"]}
    dataset = cleaned(sheet("member", columns, filled_down=["户编号"], merges=[(1, 0, 2, 0)]))
    assert [o.rows.tolist() for o in seen(dataset, "error_cell")] == [[0]]


def test_what_a_wide_sheet_says_against_the_households_own_sheet_is_told() -> None:
    one = sheet("member", {**WIDE, "村": ["甲村"] * 4}, also=("household",))
    own = {"户编号": ["1", "2"], "村": ["甲村", "甲村"], "纯收入": [300, "200"]}
    dataset = cleaned(one, sheet("household", own))
    assert values(dataset, "household", "纯收入") == [300.0, 200.0]
    (other,) = seen(dataset, "disagrees")
    assert (other.field, other.rows.tolist(), other.values) == ("纯收入", [0], ["300"])
    assert "C2 为 100、C3 为 100" in other.detail[0]
