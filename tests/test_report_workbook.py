"""疑点清单.xlsx, read back by other programs than the one that wrote it."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from fupin_audit.errors import InputError
from fupin_audit.model.dataset import LogBlock
from fupin_audit.model.history import Night
from fupin_audit.report.view import view
from fupin_audit.report.workbook import write_workbook
from fupin_audit.report.workbook.bulk import _address
from report_factory import HOUSEHOLDS, make_result


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("list")
    path = folder / "甲.疑点清单.xlsx"
    result = make_result(path=folder / "数据" / "户 表.xlsx")
    write_workbook(view(result), path, options={"--select": "ID"})
    return path


def rows(path: Path, sheet: str) -> list[list[str]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()


def test_the_sheets_are_there_and_nothing_is_left_beside_them(book: Path) -> None:
    assert CalamineWorkbook.from_path(book).sheet_names == [
        "汇总", "疑点清单", "未能判定", "清洗日志", "运行信息",
    ]  # fmt: skip
    assert [p.name for p in book.parent.iterdir()] == [book.name]


def test_the_list_has_a_row_per_finding_and_blamed_field(book: Path) -> None:
    _, note, head, *lines = rows(book, "疑点清单")
    assert "7 条疑点" in note[0]
    assert "本表 8 行" in note[0]
    assert head == [
        "疑点编号", "乡镇", "行政村", "户编号", "户主姓名", "姓名", "人口编号", "级别", "疑点",
        "说明", "字段", "现填值", "建议", "规则编号", "依据", "原表位置",
    ]  # fmt: skip
    assert len(lines) == 8
    assert lines[3][4:8] == ["欧阳小明", "欧阳小明", "610000000201", "错误"]
    assert lines[3][11] == "611002********0035"
    assert lines[3][15] == "人员 明细 G6"
    assert lines[6][4] == "'=1+1"
    assert lines[6][11] == "（空白）"


def test_the_list_prints_and_filters_and_links(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["疑点清单"]
    assert sheet.auto_filter.ref == "A3:P11"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    link = sheet["P7"].hyperlink
    assert (link.target, link.location) == ("数据/户%20表.xlsx", "'人员 明细'!G6")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert all(cell.data_type == "s" for cell in sheet[4])


def test_no_formula_is_anywhere(book: Path) -> None:
    with ZipFile(book) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 5
        assert not any(b"<f>" in parts.read(name) for name in sheets)


def test_the_summary_adds_up_and_has_a_chart(book: Path) -> None:
    lines = rows(book, "汇总")
    assert [line[4:9] for line in lines if line[0] == "合计"] == [
        [1, 4, 2, 1, 7], ["", 4, 2, 1, 7], [0, 4, 2, 0, 6], ["", 4, 2, 1, 7],
    ]  # fmt: skip
    assert any(line[1] == "工作表本身的疑点，不属于哪一户" for line in lines)
    with ZipFile(book) as parts:
        assert "xl/charts/chart1.xml" in parts.namelist()


def test_the_gaps_come_first_with_their_reasons(book: Path) -> None:
    lines = rows(book, "未能判定")[3:]
    assert [line[0] for line in lines[:3]] == ["EX004", "HH025", "IC201"]
    assert lines[0][4:6] == ["未检查", "没有“是否参加城乡居民基本医疗保险”一列"]
    assert lines[2][4] == "部分无法判断"


def test_the_cleaning_log_is_whole_and_masked(book: Path) -> None:
    lines = rows(book, "清洗日志")[3:]
    assert len(lines) == 3
    assert lines[0][2:] == [
        "G4", "证件号码", "６11002********0012", "611002********0012", "证件号码",
    ]  # fmt: skip
    assert lines[2][4:6] == ["张 三", "张三"]


def test_the_run_can_be_done_again(book: Path) -> None:
    told = {line[0]: line[1] for line in rows(book, "运行信息")}
    assert told["数据时点"] == "2019-12-31"
    assert told["规则包摘要"] == "abcdef0123456789"
    assert told["选项 --select"] == "ID"
    assert any("ab" * 32 in line for line in rows(book, "运行信息"))


def test_a_long_list_goes_on_in_further_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(view(make_result()), path, sheet_rows=6)
    names = CalamineWorkbook.from_path(path).sheet_names
    assert names == [
        "汇总",
        "疑点清单",
        "疑点清单2",
        "疑点清单3",
        "未能判定",
        "清洗日志",
        "运行信息",
    ]
    assert [len(rows(path, n)) - 3 for n in names[1:4]] == [3, 3, 2]


def test_every_changed_cell_is_in_the_log_on_whatever_sheet(tmp_path: Path) -> None:
    result, path = make_result(), tmp_path / "a.xlsx"
    log = result.dataset.log
    before = ["=1+1", " 甲 ", "a<b>&c", "_x000D_", "长" * 200, "", "甲"]
    log.blocks = [
        LogBlock(0, "household", "户编号", column, "trim", np.arange(n), np.arange(n) % 7, before,
                 [text.strip() for text in before])
        for column, n in ((0, 3), (30, 1), (2, 12))
    ]  # fmt: skip
    result.dataset.sheets[0].raw.file = "%s\x00.xlsx"
    write_workbook(view(result, reveal=True), path, sheet_rows=8)
    sheets = [name for name in CalamineWorkbook.from_path(path).sheet_names if "日志" in name]
    lines = [rows(path, name)[3:] for name in sheets]
    assert [len(part) for part in lines] == [5, 5, 5, 1]
    assert [line[2] for part in lines for line in part] == [
        "A1", "A2", "A3", "AE1", *(f"C{n}" for n in range(1, 13)),
    ]  # fmt: skip
    shown = {"=1+1": "'=1+1"}
    told = [before[which] for block in log.blocks for which in block.which]
    assert [line[4] for part in lines for line in part] == [shown.get(t, t) for t in told]
    assert {line[0] for part in lines for line in part} == {"%s\ufffd.xlsx"}
    cells = openpyxl.load_workbook(path)[sheets[0]]
    assert [cells.row_dimensions[row].height for row in (4, 8, 9)] == [18, 18, None]
    assert openpyxl.load_workbook(path)[sheets[1]].row_dimensions[7].height > 18


def test_nothing_found_is_a_workbook_too(tmp_path: Path) -> None:
    result = make_result()
    result.findings.hits, result.dataset.log.blocks = [], []
    write_workbook(view(result), tmp_path / "a.xlsx")
    assert len(rows(tmp_path / "a.xlsx", "疑点清单")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "<b>&amp;\"'",
        "_x0041_",
        "a\x00\x08b",
        "行\n行",
        "  两边空  ",
        "长" * 40_000,
        "]]>",
    ],
)
def test_any_text_survives(tmp_path: Path, text: str) -> None:
    households = [[*HOUSEHOLDS[0][:4], text, *HOUSEHOLDS[0][5:]], *HOUSEHOLDS[1:]]
    write_workbook(view(make_result(households=households)), tmp_path / "a.xlsx")
    told = rows(tmp_path / "a.xlsx", "疑点清单")[3][4]
    kept = text.strip()
    for bad in "\x00\x08":
        kept = kept.replace(bad, "\ufffd")
    if len(kept) > 32_767:
        assert len(told) == 32_767
        assert "共 40000 字" in told
    else:
        assert told == kept
    openpyxl.load_workbook(tmp_path / "a.xlsx")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="文件夹不存在"):
        write_workbook(view(make_result()), tmp_path / "没有" / "a.xlsx")


def test_link_addresses_keep_chinese_and_escape_the_rest() -> None:
    assert _address("../数据/a b#1%.xlsx") == "../数据/a%20b%231%25.xlsx"


@pytest.mark.parametrize(("runs", "charts"), [(0, 2), (1, 2), (20, 3)])
def test_the_summary_has_its_pictures(tmp_path: Path, runs: int, charts: int) -> None:
    nights = [Night(i, f"2020-01-{i + 1:02d} 02:00", (9, 5, 1), 1, 0, 2) for i in range(runs)]
    path = tmp_path / "a.xlsx"
    write_workbook(view(make_result()), path, nights=nights)
    with ZipFile(path) as parts:
        drawn = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        xml = "".join(parts.read(name).decode() for name in drawn)
    assert len(drawn) == charts
    assert ("lineChart" in xml) == (runs > 1)
    assert xml.count("c:ser>") == 2 * 3 * charts
