"""Lists that come back damaged are read all the same."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import file_writers as write
from corrections_kit import HEAD, TRUE, Loop, change, columns, done, fill, lines

INCOME, COUNT, EDUCATION = ("IC208", "人均纯收入"), ("HH019", "家庭人口数"), ("FM003", "文化程度")
ANSWERS = {INCOME: done(5300), EDUCATION: done("小学"), COUNT: TRUE}


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    made = Loop(tmp_path)
    fill(made.make(), ANSWERS)
    return made


def _list(loop: Loop) -> Path:
    return next(loop.lists.glob("*.xlsx"))


def _good(loop: Loop, code: int = 0) -> dict[str, int]:
    told = loop.apply()
    assert told.code == code, told.out + told.err
    found = lines(told)
    assert found[INCOME]["recheck"] == "疑点已消除"
    assert found[EDUCATION]["recheck"] == "疑点已消除"
    assert found[COUNT]["result"] == "已确认属实"
    return told.json["counts"]


def _sorted(sheet: Any) -> None:
    head, at = columns(sheet)
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=head + 1)]
    rows.sort(key=lambda row: str(row[at["规则编号"] - 1]), reverse=True)
    for r, row in enumerate(rows, start=head + 1):
        for c, value in enumerate(row, start=1):
            sheet.cell(r, c).value = value


def _hidden(sheet: Any) -> None:
    head, at = columns(sheet)
    for row in range(head + 1, sheet.max_row + 1):
        sheet.row_dimensions[row].hidden = True
    for name in (HEAD, "字段"):
        sheet.column_dimensions[sheet.cell(head, at[name]).column_letter].hidden = True
    sheet.auto_filter.add_filter_column(0, ["没有的"])


def _inserted(sheet: Any) -> None:
    sheet.protection.sheet = False
    sheet.insert_rows(1, 3)
    sheet.cell(1, 1).value = "柳溪镇上报"
    sheet.insert_cols(1, 2)
    head, at = columns(sheet)
    sheet.insert_cols(at["更正值"], 1)
    sheet.cell(head, at["更正值"]).value = "镇里备注"
    sheet.insert_rows(head + 2, 2)


def _fewer_columns(sheet: Any) -> None:
    for name in ("说明", "建议值", "级别", "依据", "核实日期", "备注", "人口编号", "户主姓名"):
        _, at = columns(sheet)
        sheet.delete_cols(at[name], 1)


def _renamed(sheet: Any) -> None:
    sheet.title = "Sheet1"
    head, at = columns(sheet)
    sheet.cell(head, at["更正值"]).value = " 更 正\n值（新值）"
    sheet.cell(head, at[HEAD]).value = "疑点编号 *"


def _wide(sheet: Any) -> None:
    head, at = columns(sheet)
    wide = str.maketrans("0123456789abcdef", "０１２３４５６７８９ａｂｃｄｅｆ")
    for row in range(head + 1, sheet.max_row + 1):
        number = sheet.cell(row, at[HEAD])
        number.value = " " + (number.value or "").translate(wide).upper() + "\u3000"
        for name in ("处理结果", "更正值", "核实人"):
            cell = sheet.cell(row, at[name])
            if cell.value is not None:
                cell.value = f"\u3000{cell.value} "


@pytest.mark.parametrize("hand", [_sorted, _hidden, _inserted, _fewer_columns, _renamed, _wide])
def test_what_people_do_to_a_sheet(loop: Loop, hand: Any) -> None:
    change(_list(loop), hand)
    _good(loop)


def test_a_list_without_its_hidden_sheet(loop: Loop) -> None:
    path = _list(loop)
    book = openpyxl.load_workbook(path)
    book.remove(book["_fupin"])
    book.save(path)
    counts = _good(loop)
    assert "未采用" not in counts


def test_a_deleted_line_is_told(loop: Loop) -> None:
    def hand(sheet: Any) -> None:
        head, at = columns(sheet)
        for row in range(sheet.max_row, head, -1):
            if sheet.cell(row, at["规则编号"]).value == "ID004":
                sheet.delete_rows(row)

    change(_list(loop), hand)
    assert _good(loop, code=1)["未采用"] == 1
    (gone,) = [line for one in loop.apply().json["lists"] for line in one["lines"]
               if line["row"] is None]  # fmt: skip
    assert gone["reason"] == "清单上少了这一行"


def _grid(path: Path) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(path)["更正清单"]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_saved_as_xls_ods_and_csv(loop: Loop) -> None:
    path = _list(loop)
    grid = _grid(path)
    path.unlink()
    write.xls(loop.lists / "改.xls", {"清单": grid})
    _good(loop)
    (loop.lists / "改.xls").rename(loop.lists / "改.et")
    _good(loop)
    (loop.lists / "改.et").unlink()
    write.ods(loop.lists / "改.ods", {"清单": grid})
    _good(loop)
    (loop.lists / "改.ods").unlink()
    with (loop.lists / "改.csv").open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(grid)
    _good(loop)


def test_a_number_that_became_a_figure_and_one_that_is_lost(loop: Loop) -> None:
    """A spreadsheet takes 012345678901 for a number; the place still tells the line."""

    def hand(sheet: Any) -> None:
        head, at = columns(sheet)
        for row in range(head + 1, sheet.max_row + 1):
            sheet.cell(row, at[HEAD]).value = 1.2e21

    change(_list(loop), hand)
    _good(loop)


def test_columns_sorted_without_the_others_are_noticed(loop: Loop) -> None:
    def hand(sheet: Any) -> None:
        head, at = columns(sheet)
        rows = range(head + 1, sheet.max_row + 1)
        numbers = [sheet.cell(row, at[HEAD]).value for row in rows]
        for row, number in zip(rows, numbers[1:] + numbers[:1], strict=True):
            sheet.cell(row, at[HEAD]).value = number

    change(_list(loop), hand)
    told = loop.apply("--write", loop.folder / "out")
    assert told.code == 1
    assert not told.json["counts"].get("已采用")


def test_a_column_that_stands_twice_is_refused_where_it_differs(loop: Loop) -> None:
    def hand(sheet: Any) -> None:
        head, at = columns(sheet)
        last = sheet.max_column + 1
        sheet.cell(head, last).value = "更正值"
        for row in range(head + 1, sheet.max_row + 1):
            if sheet.cell(row, at["规则编号"]).value == "IC208":
                sheet.cell(row, last).value = 9999

    change(_list(loop), hand)
    told = loop.apply()
    assert told.code == 1
    assert "有两列" in lines(told)[INCOME]["reason"]
    assert lines(told)[EDUCATION]["result"] == "已采用"


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_saved_through_libreoffice(loop: Loop, tmp_path: Path, kind: str) -> None:
    path = _list(loop)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to",
         kind, "--outdir", str(tmp_path / "saved"), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    path.unlink()
    shutil.copy(next((tmp_path / "saved").iterdir()), loop.lists)
    counts = _good(loop)
    assert "未采用" not in counts


def test_a_locked_list_opens_with_its_township_password(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    words = tmp_path / "密码.csv"
    words.write_text("全部,山高水长\n", encoding="utf-8")
    loop.make("--encrypt", "--passwords", words)
    assert loop.apply().code == 3
    told = loop.apply("--passwords", words)
    assert told.code == 0, told.err
    assert told.json["counts"] == {"未答复": 5}
    # What was locked is answered locked.
    assert loop.apply("--passwords", words, "--reply", tmp_path / "back").code == 0
    (reply,) = (tmp_path / "back").iterdir()
    assert reply.read_bytes()[:4] == b"\xd0\xcf\x11\xe0"


def test_another_ledgers_list_is_told_as_such(loop: Loop, tmp_path: Path) -> None:
    (loop.source / ".fupin").rename(tmp_path / "old")
    (tmp_path / ".fupin").mkdir()
    (tmp_path / ".fupin" / "key").write_bytes(bytes(range(32)))
    told = loop.apply("--ledger", tmp_path / ".fupin" / "ledger.sqlite")
    assert told.code == 1
    assert any("--ledger" in text for text in told.json["notes"])
    assert loop.apply("--ledger", tmp_path / "old" / "ledger.sqlite").code == 0
