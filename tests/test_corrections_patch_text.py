"""Corrected copies of text tables and parquet: one field changes, all bytes else stay."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fupin_audit.corrections.patch import LOG_COLUMNS, Change, LogRow, patch_file, patch_in_place
from fupin_audit.errors import InputError
from fupin_audit.read import read

LOG = LogRow(
    "2026-03-01", "ab12", "H001", "张某", "证件号码", "B2", "1", "2", "李", "", "户口簿", "ID004"
)
ID = "110105194912310021"
ODD = (
    '姓名,证件号码,备注,收入\r\n张三,="110105194912310029","多\r\n行,""引""",100\r\n\r\n'
    '李四,11010519491231003X\t, 无 \r\n"王五","=""007""",2,3'
)


def change(row: int, column: int, value: Any) -> Change:
    return Change(None, row, column, value, LOG)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_a_field_is_replaced_in_the_style_it_had(tmp_path: Path, codec: str) -> None:
    source = tmp_path / "户.csv"
    source.write_bytes(ODD.encode(codec))
    patch = patch_file(source, tmp_path / "出" / "户.csv", [
        change(1, 1, ID), change(1, 2, 'a,"b'), change(3, 1, "110105194912310037"),
        change(3, 3, 5000.0), change(4, 0, '王"六'), change(4, 1, "008"), change(2, 1, "x"),
    ])  # fmt: skip
    assert not patch.refused
    assert patch.path.read_bytes() == (
        f'姓名,证件号码,备注,收入\r\n张三,="{ID}","a,""b",100\r\n,x\r\n'
        '李四,110105194912310037\t, 无 ,5000\r\n"王""六","=""008""",2,3'
    ).encode(codec)
    assert source.read_bytes() == ODD.encode(codec)
    assert patch.log == tmp_path / "出" / "户.csv.更正记录.csv"
    with patch.log.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["序号", *LOG_COLUMNS]
    assert [row[0] for row in rows[1:]] == list("1234567")


@pytest.mark.parametrize("seed", range(6))
def test_only_the_changed_fields_differ(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    mark, end = dice.choice(",\t;|"), dice.choice(["\n", "\r\n"])
    codec = dice.choice(["utf-8", "gb18030", "utf-16"])
    cells = ["张三", ID, "", "多\n行", 'a"b', f"有{mark}号", "1.50", " 空 ", "㐀㐁"]
    rows = [[dice.choice(cells) for _ in range(6)] for _ in range(200)]
    source = tmp_path / "a.csv"
    with source.open("w", encoding=codec, newline="") as stream:
        quoting = dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        csv.writer(stream, delimiter=mark, lineterminator=end, quoting=quoting).writerows(rows)
    (raw,), _ = read([source])
    wanted = {(dice.randrange(200), dice.randrange(6)): dice.choice(["改", "0123", f"x{mark}y", 12])
              for _ in range(30)}  # fmt: skip
    patch = patch_file(source, tmp_path / "o.csv", [change(*at, v) for at, v in wanted.items()])
    (new,), _ = read([patch.path])
    assert new.n_rows == raw.n_rows
    for row in range(raw.n_rows):
        old = raw.row(row)
        for (r, c), value in wanted.items():
            if r == row:
                old[c] = str(value)
        assert new.row(row) == old
    # Put the old texts back: the bytes are those of the source, up to the style of quotes.
    plain = patch_file(source, tmp_path / "p.csv", [])
    assert plain.path.read_bytes() == source.read_bytes()


def test_the_line_that_states_the_separator_is_no_row(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes("sep=;\r\n甲;乙\r\n1;2\r\n".encode("gb18030"))
    patch = patch_file(source, tmp_path / "o.csv", [change(1, 1, "a;b")])
    assert patch.path.read_bytes() == 'sep=;\r\n甲;乙\r\n1;"a;b"\r\n'.encode("gb18030")


def test_a_row_with_broken_bytes_stays_and_is_told(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes("姓名,收入\n".encode("gb18030") + b"\xd5\xff\xff,1\n" + b"b,2\n")
    patch = patch_file(source, tmp_path / "o.csv", [change(1, 1, 5), change(2, 1, 6)])
    assert [one.change.row for one in patch.refused] == [1]
    assert patch.path.read_bytes() == source.read_bytes().replace(b"b,2", b"b,6")


def test_what_a_program_would_run_does_not_get_into_a_text_table(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("甲,乙\n1,2\n", encoding="utf-8")
    patch = patch_file(source, tmp_path / "o.csv", [change(1, 0, "=cmd|x"), change(1, 1, -5)])
    assert patch.path.read_text(encoding="utf-8") == "甲,乙\n1,2\n".replace("1,2", "'=cmd|x,-5")


def test_in_place_goes_on_with_the_log_and_the_log_is_no_input(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("甲,乙\n1,2\n", encoding="utf-8")
    patch_in_place(source, [change(1, 0, "x")])
    patch = patch_in_place(source, [change(1, 1, "y")], tmp_path / "备")
    assert source.read_text(encoding="utf-8") == "甲,乙\nx,y\n"
    assert patch.backup
    assert patch.backup.read_text(encoding="utf-8") == "甲,乙\nx,2\n"
    assert patch.log
    with patch.log.open(encoding="utf-8-sig", newline="") as stream:
        numbers = [row[0] for row in csv.reader(stream)]
    assert numbers == ["序号", "1", "2"]
    sheets, files = read([tmp_path])
    assert {sheet.path for sheet in sheets} <= {source, patch.backup}
    assert any("自己的输出" in " ".join(file.notes) for file in files)


def test_a_cell_outside_the_table_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="不在表里"):
        patch_file(source, tmp_path / "o.csv", [change(9, 0, "x")])
    assert not (tmp_path / "o.csv").exists()


def test_parquet_keeps_its_schema(tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    table = pa.table({
        "姓名": pa.array(["a", "b", "c"]).dictionary_encode(),
        "收入": pa.array([1, 2, 3], pa.int32()),
        "率": pa.array([0.5, None, 1.5]),
        "证件": pa.array([ID, ID, None]),
    }).replace_schema_metadata({"来": "源"})  # fmt: skip
    pq.write_table(table, source, row_group_size=2)
    patch = patch_file(source, tmp_path / "o.parquet", [
        change(1, 0, "甲"), change(2, 1, "5000"), change(3, 1, "五"), change(2, 2, 2),
        change(3, 3, "110105194912310037"), change(1, 3, None), change(0, 0, "名"),
    ])  # fmt: skip
    assert [(one.change.row, one.change.column) for one in patch.refused] == [(0, 0), (3, 1)]
    made = pq.read_table(patch.path)
    assert made.schema.equals(table.schema, check_metadata=True)
    assert made.to_pydict() == {
        "姓名": ["甲", "b", "c"], "收入": [1, 5000, 3], "率": [0.5, 2.0, 1.5],
        "证件": [None, ID, "110105194912310037"],
    }  # fmt: skip
    assert patch.log
    assert patch.log.exists()
