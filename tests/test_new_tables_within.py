"""The spell of work that a list of members tells of each, judged as one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import file_writers as write
from fupin_audit import api
from test_new_tables import (
    DASHAN,
    GUIXIANG,
    H1,
    H2,
    PLACE,
    WORK,
    XIAOMEI,
    YOUTIAN,
    Line,
    rows,
)  # fmt: skip

HEAD = [
    "县", "乡", "村", "户编号", "人口编号", "姓名", "证件号码", "与户主关系", "户类型",
    "是否已务工", "务工所在地", "开始时间", "结束时间", "务工月收入", "就业渠道", "务工时间（月）",
]  # fmt: skip


def person(house: str, key: str, name: str, number: str, *work: str) -> Line:
    relation = "户主" if key in "13" else "配偶"
    return [*PLACE, house, key, name, number, relation, "脱贫户", *work]


MEMBERS: list[Line] = [
    HEAD,
    person(H1, "1", "张大山", DASHAN, "是", "浙江省杭州市", "202302", "", "54000", "外出务工", "8"),
    person(H1, "2", "李小梅", XIAOMEI, "否", "", "", "", "0", "", "0"),
    person(H2, "3", "李有田", YOUTIAN, "否", "慈溪市", "202306", "202301", "3000", "无", "3"),
    person(H2, "4", "王桂香", GUIXIANG, "", "商州区", "", "", "300", "公益性岗位", ""),
]


def found(at: Path, *rules: str) -> dict[str, list[str]]:
    """Return the cell each finding of the rules points at first."""
    result = api.check(at, as_of=date(2023, 12, 31), region="", select=rules)
    return {
        hits.rule: [
            result.dataset.cell(hits.table, row, hits.blame[0]) for row in hits.rows.tolist()
        ]
        for hits in result.findings.hits
    }


WORK_RULES = [rule for rule in api.load_pack().rules if rule.startswith("WK")]


def book(at: Path, **sheets: list[Line]) -> Path:
    return write.xlsx(at / "a.xlsx", sheets)


def test_members_with_a_word_of_work_are_spells(tmp_path: Path) -> None:
    data = api.clean(book(tmp_path, S=MEMBERS))
    assert rows(data) == {"household": 2, "member": 4, "work": 3}
    work = data.tables["work"]
    assert work.frame["姓名"].tolist() == ["张大山", "李有田", "王桂香"]
    assert work.frame["务工所在县"].tolist() == ["浙江省杭州市", "慈溪市", "商州区"]
    assert data.cell("work", 1, "务工所在县") == "K4"
    assert any("3 行写了务工明细" in note for note in data.sheets[0].notes)
    assert all(o.table != "work" for o in data.observations)


def test_each_fault_is_found_where_it_stands(tmp_path: Path) -> None:
    assert found(book(tmp_path, S=MEMBERS), *WORK_RULES) == {
        "WK083": ["K2"], "WK085": ["N2"], "WK086": ["N5"], "WK087": ["L5"], "WK091": ["J5"],
        "WK111": ["M4"],
    }  # fmt: skip


def test_a_spell_of_the_work_table_wins(tmp_path: Path) -> None:
    same = found(book(tmp_path, S=MEMBERS, 务工=WORK), *WORK_RULES)
    assert same == {"WK086": ["N5"], "WK087": ["L5"], "WK091": ["J5"], "WK111": ["M4"]}
    data = api.clean(tmp_path / "a.xlsx")
    assert rows(data)["work"] == len(WORK) - 1 + 2


def test_what_one_row_does_not_tell_is_not_counted(tmp_path: Path) -> None:
    result = api.check(book(tmp_path, S=MEMBERS), as_of=date(2023, 12, 31), region="")
    skipped = {c.rule: c.skipped for c in result.findings.coverage}
    for rule in ("WK088", "WK105", "WK106"):
        assert "没有务工明细" in skipped[rule] or "缺列" in skipped[rule]
    assert skipped["WK088"] == "没有务工明细表"


def test_a_register_of_two_years_stays_a_register(tmp_path: Path) -> None:
    lines = [["年度", *HEAD], *([year, *line] for year in ("2022", "2023") for line in MEMBERS[1:])]
    at = book(tmp_path, S=lines)
    assert rows(api.clean(at)) == {"household": 4, "member": 8, "work": 6}
    assert "WK088" not in found(at, "WK088", "WK107", "WK109")


def test_who_is_registered_twice_is_told_of_once(tmp_path: Path) -> None:
    twice = [*MEMBERS, person(H2, "5", "张大山", DASHAN, *["慈溪市"] * 0, *MEMBERS[1][9:])]
    assert found(book(tmp_path, S=twice), "WK107", "WK109") == {}


def test_months_of_work_alone_are_no_spell(tmp_path: Path) -> None:
    lines = [[*line[:9], line[15]] for line in MEMBERS]
    assert "work" not in rows(api.clean(book(tmp_path, S=lines)))


def test_cleaning_writes_them_once(tmp_path: Path) -> None:
    import openpyxl

    from command_line import run

    out = tmp_path / "clean.xlsx"
    run("clean", str(book(tmp_path, S=MEMBERS)), "--out", str(out))
    assert openpyxl.load_workbook(out).sheetnames[:3] == ["户", "成员", "清洗日志"]


VILLAGE: Line = ["县", "乡", "村", "总户数", "总人口数", "贫困发生率"]


@pytest.mark.parametrize(
    ("rates", "doubted", "values"),
    [
        ([0.8, 0.35, 0], False, [0.8, 0.35, 0]),
        ([0.015, 0.12, 0], True, [None, None, 0]),
        (["1.5%", 0.02, "0.3％"], True, [1.5, None, 0.3]),
        (["0.015%", "2%", 0], False, [0.015, 2, 0]),
        ([2.5, 0.02, 0], False, [2.5, 0.02, 0]),
    ],
)
def test_fractions_in_a_column_of_percentages(
    tmp_path: Path, rates: list[Any], doubted: bool, values: list[Any]
) -> None:
    lines = [[*PLACE[:2], f"村{i}", "300", "1000", rate] for i, rate in enumerate(rates)]
    data = api.clean(book(tmp_path, S=[VILLAGE, *lines]))
    assert any(o.what == "unit_doubt" for o in data.observations) is doubted
    read = data.tables["village"].frame["贫困发生率"]
    void = data.tables["village"].void.get("贫困发生率", [False] * len(rates))
    assert [None if v else x for x, v in zip(read.tolist(), void, strict=True)] == values


def test_a_share_of_most_people_below_one_percent_is_a_fraction(tmp_path: Path) -> None:
    line = ["县", "年度", "综合贫困发生率", "群众认可度"]
    data = api.clean(book(tmp_path, S=[line, ["商州区", "2019", 0.8, 0.97]]))
    (told,) = [o for o in data.observations if o.what == "unit_doubt"]
    assert (told.field, "0.97% 还是 97%" in told.detail[0]) == ("群众认可度", True)


def test_a_column_another_export_supplies_is_not_missing(tmp_path: Path) -> None:
    houses: list[Line] = [["户编号", "户主姓名", "住房面积"], [H1, "张大山", "90"]]
    persons = [[*line, size] for line, size in zip(MEMBERS, ["家庭人口数", *"2222"], strict=True)]
    data = api.clean(book(tmp_path, A=persons, B=houses))
    missing = {o.field for o in data.observations if o.what == "missing_column"}
    assert "家庭人口数" not in missing


def test_what_the_pack_says_of_rows_within_rows_exists() -> None:
    pack = api.load_pack()
    for relation in (r for r in pack.manifest.relations if r.within):
        assert relation.within is not None
        above, below = (pack.tables[t].fields for t in (relation.parent, relation.child))
        assert {*relation.within.told_by, *relation.within.names.values()} <= above.keys()
        for name, called in relation.within.names.items():
            assert below[name].type == above[called].type
