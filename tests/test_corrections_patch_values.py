"""Sources that cannot be written as they are: a workbook of their values, or a refusal."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from file_writers import archive, ods, xlsb, xlsx
from fupin_audit.corrections.patch import Change, LogRow, patch_file, patch_in_place
from fupin_audit.errors import InputError
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import resolve
from fupin_audit.read import read
from fupin_audit.recognise import recognise

LOG = LogRow(
    "2026-03-01", "ab12", "H001", "张某", "收入", "B2", "1", "2", "李", "", "台账", "IC201"
)
ID = "110105194912310021"


def change(sheet: str, row: int, column: int, value: Any) -> Change:
    return Change(sheet, row, column, value, LOG)


def test_xls_becomes_xlsx_with_kinds_and_merges_kept(tmp_path: Path) -> None:
    source = tmp_path / "户.xls"
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("户")
    sheet.write_merge(0, 0, 0, 4, "贫困户花名册")
    sheet.write_merge(1, 2, 0, 0, "甲户")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, value in enumerate([ID, 12.5, True, dt.date(2020, 1, 2)], 1):
        sheet.write(1, column, value, day) if column == 4 else sheet.write(1, column, value)
    sheet.write(2, 1, "007")
    hidden = book.add_sheet("藏")
    hidden.visibility = 1
    hidden.write(0, 0, "x")
    book.save(str(source))
    patch = patch_file(source, tmp_path / "出" / "户.xls", [change("户", 1, 2, 5000.0)])
    assert patch.path == tmp_path / "出" / "户.xlsx"
    assert any("户.xlsx" in said and "格式" in said for said in patch.said)
    old, new = read([source])[0], read([patch.path])[0]
    assert [s.name for s in new] == ["户", "藏", "更正记录"]
    assert new[1].hidden
    assert new[0].merges == old[0].merges
    assert new[0].row(1) == ["甲户", ID, 5000.0, True, dt.date(2020, 1, 2)]
    assert new[0].row(2) == old[0].row(2)
    with pytest.raises(InputError, match="不能原样改写") as told:
        patch_in_place(source, [change("户", 1, 2, 1)])
    assert "--write" in told.value.hint


def test_xlsb_and_ods_become_xlsx(tmp_path: Path) -> None:
    grid = [["姓名", "证件号码", "收入"], ["张三", ID, 12.0]]
    for source in (xlsb(tmp_path / "a.xlsb", grid), ods(tmp_path / "b.ods", {"Sheet1": grid})):
        patch = patch_file(source, tmp_path / "出" / source.name, [change("Sheet1", 1, 2, 34)])
        assert patch.path.suffix == ".xlsx"
        assert read([patch.path])[0][0].row(1) == ["张三", ID, 34.0]


def test_two_sources_of_one_name_do_not_become_one(tmp_path: Path) -> None:
    ods(tmp_path / "b.ods", {"Sheet1": [["x"]]})
    xlsx(tmp_path / "b.xlsx", {"Sheet1": [["x"]]})
    made = patch_file(tmp_path / "b.ods", tmp_path / "o" / "b.ods", [change("Sheet1", 0, 0, "y")])
    assert made.path.name == "b.ods.xlsx"


def test_archives_and_locked_files_are_refused_with_a_way_out(tmp_path: Path) -> None:
    inside = xlsx(tmp_path / "a.xlsx", {"户": [["x"]]})
    packed = archive(tmp_path / "a.zip", [inside])
    with pytest.raises(InputError, match="压缩包") as told:
        patch_file(packed, tmp_path / "o.zip", [change("户", 0, 0, "y")])
    assert "解压" in told.value.hint
    locked = tmp_path / "锁.xlsx"
    with inside.open("rb") as plain, locked.open("wb") as out:
        office = OOXMLFile(io.BytesIO(plain.read()))
        office.encrypt("secret", out)
    with pytest.raises(InputError, match="打开密码") as told:
        patch_file(locked, tmp_path / "o.xlsx", [change("户", 0, 0, "y")])
    assert "取消打开密码" in told.value.hint
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(inside.read_bytes()[:400])
    with pytest.raises(InputError):
        patch_file(broken, tmp_path / "o.xlsx", [change("户", 0, 0, "y")])
    assert not (tmp_path / "o.xlsx").exists()


def test_the_log_is_not_taken_for_a_register(tmp_path: Path) -> None:
    heads = ["户编号", "姓名", "证件号码", "与户主关系", "性别", "民族"]
    rows = [["H1", "张三", ID, "户主", "女", "汉族"], ["H1", "李四", "", "配偶", "男", "汉族"]]
    source = xlsx(tmp_path / "a.xlsx", {"成员": [heads, *rows]})
    patch = patch_file(source, tmp_path / "o" / "a.xlsx", [change("成员", 2, 4, "女")])
    sheets, _ = read([patch.path])
    found = recognise(sheets, resolve(load_pack(), dt.date(2026, 1, 1)))
    assert [used.raw.name for used in found.sheets] == ["成员"]
    assert [(s.sheet, s.reason) for s in found.skipped] == [
        ("更正记录", "是本工具附上的更正记录，不是登记表")
    ]
    assert openpyxl.load_workbook(patch.path)["成员"]["E3"].value == "女"
