"""Hostile and broken files: one clear line, the right exit code, nothing run."""

from __future__ import annotations

import csv
import io
import os
import struct
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import file_writers as write
from command_line import FEW, Outcome, check, run, spawn
from register_facts import FAULTS, HOUSES, ROWS, WIDE, grid, wide

INJECTIONS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1,1)", "\t=1+1", '=HYPERLINK("x")',
              "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>']  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write.xlsx(tmp_path_factory.mktemp("good") / "好.xlsx", {"S": wide()})


def refused(done: Outcome, *said: str) -> None:
    """Hold a refusal to its form: exit 3, nothing on stdout, one or two clear lines."""
    assert (done.code, done.out) == (3, ""), done
    assert done.err.startswith("错误：")
    assert len(done.err.splitlines()) <= 2, done.err
    assert not [s for s in said if s not in done.err], done.err


# ---- what a cell may hold ----


def poisoned() -> list[dict[str, Any]]:
    """Every household with a name that would run as a formula, or as a script."""
    rows = []
    for at, row in enumerate(ROWS):
        name = INJECTIONS[at % len(INJECTIONS)]
        rows.append({**row, "姓名": name, "文化程度": name, "自然村": name})
    return rows


def test_no_cell_of_ours_can_run(tmp_path: Path) -> None:
    file = write.xlsx(tmp_path / "名单.xlsx", {"S": grid(poisoned(), WIDE)})
    done = run("check", file, "--as-of", "2019", "--region", "", "--annotate", "--reveal",
               "--fail-on", "never")  # fmt: skip
    assert done.code == 0
    made = sorted(p.name for p in tmp_path.iterdir() if p.name != ".fupin")
    assert made == ["名单.xlsx", "名单.疑点标注.xlsx", "名单.疑点清单.xlsx"]
    for name in made[1:]:
        for sheet in openpyxl.load_workbook(tmp_path / name):
            for cell in (c for row in sheet.iter_rows() for c in row):
                if cell.data_type == "f":  # our own links and totals only
                    assert not [bad for bad in INJECTIONS if bad[1:] in str(cell.value)]
    out = tmp_path / "疑点.csv"
    check(file, "--format", "csv", "--reveal", "--out", out)
    told = csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig")))
    starts = [
        cell for line in told for cell in line if cell.startswith(("=", "+", "@", "\t", "\r"))
    ]
    assert starts == []
    clean = tmp_path / "净.xlsx"
    assert run("clean", file, "-o", clean).code == 0
    for sheet in openpyxl.load_workbook(clean):
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_terminal_codes_in_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    bad = "张\x1b[31m三\u202e\x07"
    rows = [{**r, "姓名": bad, "村": bad} for r in ROWS]
    file = write.delimited(tmp_path / "名单.csv", grid(rows, WIDE), "utf-8")
    done = check(file, "--reveal")
    assert done.code == 1
    assert not [c for c in "\x1b\x07\u202e" if c in done.out + done.err]


# ---- files that are not what they say ----


def bomb(path: Path, good: Path, size: int) -> Path:
    """A workbook whose sheet unpacks to `size` bytes of spaces."""
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"<sheetData>", b" " * size + b"<sheetData>")
            new.writestr(part.filename, data)
    return path


def replaced(path: Path, good: Path, part: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as out:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == part:
                assert old in data
                data = data.replace(old, new, 1)
            out.writestr(item.filename, data)
    return path


def test_bombs_are_refused_quickly(book: Path, tmp_path: Path) -> None:
    start = time.perf_counter()
    file = bomb(tmp_path / "弹.xlsx", book, 40 << 20)
    assert file.stat().st_size < 1 << 20
    refused(check(file, "--max-unpacked", "10M"), "上限")
    packed = write.archive(tmp_path / "包.zip", [file])
    with zipfile.ZipFile(tmp_path / "双.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.write(packed, "里.zip")
    refused(check(packed, "--max-unpacked", "10M"))
    refused(check(tmp_path / "双.zip"), "压缩包")
    assert time.perf_counter() - start < 15


def test_entities_are_never_expanded(book: Path, tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "&%c;&%c;">' % (c + 1, c, c) for c in range(97, 110)
    )
    head = b"?>"
    for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        bad = replaced(tmp_path / "实体.xlsx", book, part, head, head + laughs + b"]>")
        refused(check(bad), "实体")
    outside = head + b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    refused(check(replaced(tmp_path / "外.xlsx", book, "xl/workbook.xml", head, outside)))


def encrypted(path: Path, good: Path, password: str) -> Path:
    from msoffcrypto.format.ooxml import OOXMLFile

    with good.open("rb") as plain, path.open("wb") as out:
        OOXMLFile(plain).encrypt(password, out)
    return path


def test_encrypted_workbooks(book: Path, tmp_path: Path) -> None:
    file = encrypted(tmp_path / "密.xlsx", book, "口令123")
    refused(check(file), "密码", "--password-file")
    secret = tmp_path / "口令.txt"
    secret.write_text("不对\n", encoding="utf-8")
    wrong = check(file, "--password-file", secret)
    refused(wrong, "密码")
    assert "不对" not in wrong.err.replace("密码不对", "")
    secret.write_text("口令123\n", encoding="utf-8")
    right = check(file, "--password-file", secret, "--format", "json")
    assert (right.code, right.rules()) == (1, set(FAULTS))
    assert "口令123" not in right.out + right.err


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\0\0\0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def chart_only(path: Path) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as out:
        chart = out.add_chart({"type": "column"})
        chart.add_series({"values": "={1,2,3}"})
        out.add_chartsheet("图").set_chart(chart)
        out.add_worksheet("空")
    return path


def foreign(at: Path, good: Path) -> dict[str, Path]:
    made = {
        name: at / name for name in ("图.xlsx", "页.xls", "半.xlsx", "空.xlsx", "空.csv", "码.csv")
    }
    made["图.xlsx"].write_bytes(png())
    made["页.xls"].write_text("<html><body>请登录</body></html>", encoding="utf-8")
    made["半.xlsx"].write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    made["空.xlsx"].write_bytes(b"")
    made["空.csv"].write_bytes(b"")
    made["码.csv"].write_bytes(os.urandom(4000))
    made["空表.xlsx"] = write.xlsx(at / "空表.xlsx", {"Sheet1": []})
    made["图表.xlsx"] = chart_only(at / "图表.xlsx")
    made["别的.xlsx"] = write.xlsx(at / "别的.xlsx", {"S": [["商品", "单价"], ["米", 3]]})
    made["文稿.xlsx"] = at / "文稿.xlsx"
    with zipfile.ZipFile(made["文稿.xlsx"], "w") as out:
        out.writestr("word/document.xml", "<w/>")
        out.writestr("[Content_Types].xml", "<Types/>")
    return made


def test_foreign_and_broken_files_are_each_refused(book: Path, tmp_path: Path) -> None:
    files = foreign(tmp_path, book)
    for name, file in files.items():
        done = check(file)
        refused(done, name)
    many = check(*files.values(), book, "--format", "json")
    assert (many.code, many.rules()) == (3, set(FAULTS))


def test_a_web_page_saved_as_xls_with_a_table_is_refused_or_read_but_never_guessed(
    tmp_path: Path,
) -> None:
    page = (
        "<html><table><tr><td>户编号</td><td>姓名</td></tr><tr><td>1</td><td>甲</td></tr></table>"
    )
    (tmp_path / "导出.xls").write_text(page, encoding="utf-8")
    refused(check(tmp_path / "导出.xls"), "网页")


# ---- files that are odd but can be read ----


def test_nuls_and_broken_bytes_in_a_csv_are_survived(tmp_path: Path) -> None:
    file = write.delimited(tmp_path / "a.csv", wide(), "utf-8")
    data = file.read_bytes().replace("汉族".encode(), "汉\0族".encode(), 1)
    file.write_bytes(data.replace("一组".encode(), b"\xff\xfe\xfa", 1))
    done = check(file, "--format", "json")
    assert done.code == 1
    assert set(FAULTS) <= done.rules()


def test_duplicate_and_two_hundred_unknown_headers(tmp_path: Path) -> None:
    extra = [f"自设栏{n}" for n in range(200)]
    head, *body = wide()
    lines = [[*head, *extra, "姓名", "姓名"], *([*r, *range(200), "甲", None] for r in body)]
    file = write.xlsx(tmp_path / "a.xlsx", {"S": lines})
    done = check(file, "--format", "json")
    assert (done.code, done.rules()) == (1, {*FAULTS, "FM006"})
    assert len(done.json["inputs"][0]["sheets"][0]["unmatched"]) == 200
    assert check(file).code == 1
    assert len(check(file).out) < 6000


def test_a_claimed_dimension_is_not_believed(book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(book) as source:
        sheet = source.read("xl/worksheets/sheet1.xml")
    start = sheet.index(b"<dimension")
    old = sheet[start : sheet.index(b"/>", start) + 2]
    for claim in (b'<dimension ref="A1:XFD1048576"/>', b'<dimension ref="A1"/>', b""):
        file = replaced(tmp_path / "a.xlsx", book, "xl/worksheets/sheet1.xml", old, claim)
        assert check(file, "--format", "json").rules() == set(FAULTS)


@pytest.mark.parametrize(
    "name",
    [
        "3组张三4口人.xlsx",
        "名单\n2.xlsx",
        "名单😀 (22).xlsx",
        "[a]*.xlsx",
        "-x.xlsx",
        "a" * 200 + ".xlsx",
    ],
)
def test_any_file_name(name: str, book: Path, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(book.read_bytes())
    done = run("check", file, "--as-of", "2019", "--region", "", "-q", *FEW)
    assert done.code == 1
    lists = [p for p in tmp_path.iterdir() if p.is_file() and p != file]
    assert [p.name.endswith(".疑点清单.xlsx") for p in lists] == [True]
    assert len(done.out.splitlines()) == 1
    file.write_bytes(b"PK\x03\x04bad")
    assert len(check(file).err.splitlines()) <= 2


# ---- where results go ----


def test_a_result_never_replaces_an_input(book: Path, tmp_path: Path) -> None:
    file = tmp_path / "名单.xlsx"
    file.write_bytes(book.read_bytes())
    plain = write.delimited(tmp_path / "名单.csv", wide(), "utf-8")
    before = {p: p.read_bytes() for p in (file, plain)}
    asked = ("--as-of", "2019", "--region", "", *FEW)
    for arguments in (
        ("check", file, "--out", file),
        ("check", tmp_path, "--out", file),
        ("check", plain, "--format", "csv", "--out", plain),
        ("check", str(tmp_path / "*.csv"), "--format", "json", "--out", plain),
    ):
        done = run(*arguments, *asked)
        assert (done.code, done.out) == (2, ""), arguments
        assert "输入" in done.err
    done = run("clean", tmp_path, "-o", file)
    assert done.code == 2
    assert before == {p: p.read_bytes() for p in (file, plain)}


def test_a_place_that_cannot_be_written_is_told(book: Path, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("挡路", encoding="utf-8")
    places = [tmp_path / "文件" / "清单.xlsx", tmp_path / "文件" / "里" / "清单.xlsx"]
    if os.geteuid() != 0:
        locked = tmp_path / "只读"
        locked.mkdir(mode=0o500)
        places.append(locked / "清单.xlsx")
    for place in places:
        refused(run("check", book, "--as-of", "2019", *FEW, "--out", place))
        refused(run("check", book, "--as-of", "2019", *FEW, "--format", "json", "--out", place))
        refused(run("clean", book, "-o", place))


def test_no_home_and_a_plain_terminal(book: Path, tmp_path: Path) -> None:
    bare = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), "/proc/none")
    asked = ("--as-of", "2019", "--lang", "zh", "--no-xlsx", *FEW)
    done = spawn("check", book, *asked, **bare, LC_ALL="C", PYTHONUTF8="0")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert HOUSES[0]["户编号"] in done.out
