"""The loop, whole: a county is checked, lists go out to its townships, are filled in by
people, come back damaged, are applied, and a new check shows what came of it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from command_line import run
from corrections_kit import columns

AS_OF = ("--as-of", "2019-12-31", "--region", "611002")
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


class Said(NamedTuple):
    """What a person did with a line, and what must come of it."""

    number: str
    field: str
    did: str


class County:
    """A sample county, what is wrong in it, and the right values."""

    def __init__(self, folder: Path) -> None:
        made = run("sample", folder / "sample", "--households", 400, "--faults", 0.6, "--seed", 11)
        assert made.code == 0, made.err
        self.folder = folder / "work"
        self.folder.mkdir()
        self.book = self.folder / "households.xlsx"
        shutil.copy(folder / "sample" / "households.xlsx", self.book)
        truth = json.loads((folder / "sample" / "truth.json").read_text(encoding="utf-8"))
        (part,) = [one for one in truth["files"] if one["file"] == "households.xlsx"]
        self.right = {
            (one["household"], one["rule"], one["field"]): one["before"]
            for one in part["faults"]
            if len(one["changes"]) == len(one["expected"]) == 1 and not one["removed"]
        }

    def findings(self, book: Path | None = None) -> dict[str, dict[str, Any]]:
        told = run("check", book or self.book, *AS_OF, "--no-ledger", "--format", "json")
        assert told.code in (0, 1), told.err
        return {one["fingerprint"]: one for one in told.json["findings"]}

    def states(self) -> dict[str, str]:
        told = run("ledger", "findings", "--ledger", self.folder / ".fupin" / "ledger.sqlite",
                   "--state", "all", "--format", "json")  # fmt: skip
        return {one["fingerprint"]: one["state"] for one in json.loads(told.out)}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("loop"))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" else c for c in text)


def _fill(county: County, path: Path, start: int) -> Iterator[Said]:
    """Fill a list in as people do, line by line a different one."""
    book = openpyxl.load_workbook(path)
    sheet = book["更正清单"]
    head, at = columns(sheet)
    kinds = ("更正", "宽更正", "属实", "无佐证", "缺值", "不答", "无法", "删行")
    number, deleted = start, []
    lines = [[c.value for c in row[: len(at)]] for row in sheet.iter_rows(min_row=head + 1)]
    by_number: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        by_number.setdefault(str(line[at["疑点编号"] - 1]), []).append(i)
    for mark, rows in by_number.items():
        for i in rows[:1]:
            row = head + 1 + i
            line = {name: lines[i][column - 1] for name, column in at.items()}
            right = county.right.get((str(line["户编号"]), line["规则编号"], line["字段"]))
            if right is None or len(rows) > 1:
                continue
            did = kinds[number % len(kinds)]
            number += 1
            put = {
                "更正": {"处理结果": "已更正", "更正值": f" {right}"},
                "宽更正": {"处理结果": "已更正 ", "更正值": _wide(str(right))},
                "属实": {"处理结果": "情况属实", "佐证材料": "照片3", "核实人": "李核"},
                "无佐证": {"处理结果": "情况属实", "核实人": "李核"},
                "缺值": {"处理结果": "已更正"},
                "无法": {"处理结果": "无法核实", "备注": "外出", "核实人": "李核"},
            }.get(did, {})
            for name, value in put.items():
                sheet.cell(row, at[name]).value = value
            if did == "删行":
                deleted.append(row)
            yield Said(mark, line["字段"], did)
    for row in reversed(deleted):
        sheet.delete_rows(row)
    _sort(sheet, head, len(at))
    sheet.title = "更正清单（已填）"
    book.save(path)


def _sort(sheet: Any, head: int, width: int) -> None:
    """Sort by the household's head, downwards, as a person would with the filter."""
    rows = [[c.value for c in row[:width]] for row in sheet.iter_rows(min_row=head + 1)]
    rows.sort(key=lambda row: str(row[4]), reverse=True)
    for i, values in enumerate(rows, head + 1):
        for j, value in enumerate(values, 1):
            cell = sheet.cell(i, j)
            if not isinstance(cell, openpyxl.cell.MergedCell):
                cell.value = value


def _through_office(path: Path, form: str, into: Path) -> Path:
    """Save a list with LibreOffice, as WPS and older Excel would."""
    subprocess.run(
        [str(OFFICE), "--headless", f"-env:UserInstallation=file://{into}/.profile",
         "--convert-to", form, "--outdir", str(into), str(path)],
        capture_output=True, check=True, timeout=180,
    )  # fmt: skip
    made = into / f"{path.stem}.{form}"
    assert made.exists()
    return made


def test_exactly_the_answered_findings_close(county: County, tmp_path: Path) -> None:
    before = county.findings()
    lists, back = tmp_path / "下发", tmp_path / "收回"
    made = run("corrections", "make", county.book, *AS_OF, "--by", "village", "--out", lists)
    assert made.code == 0, made.err
    sent = sorted(lists.glob("*.xlsx"))
    assert len(sent) >= 3
    back.mkdir()
    did: list[Said] = []
    for number, path in enumerate(sent):
        did += _fill(county, path, number * 3)
        if OFFICE and number < 2:
            _through_office(path, ("xls", "xlsx")[number], back)
        else:
            shutil.copy(path, back / path.name)
    assert {one.did for one in did} >= {"更正", "宽更正", "属实", "无佐证", "缺值", "不答", "删行"}
    known = {mark[:12]: mark for mark in before}
    closing = {known[one.number] for one in did if one.did in ("更正", "宽更正")}
    source = _digest(county.book)

    dry = run("corrections", "apply", back, "--source", county.book, "--format", "json")
    assert dry.code == 1, dry.err  # some lines cannot be applied
    assert set(county.states().values()) == {"open"}

    done = run("corrections", "apply", back, "--source", county.book, "--write",
               tmp_path / "改好", "--format", "json")  # fmt: skip
    assert done.code == 1, done.err
    assert _digest(county.book) == source

    (mended,) = (tmp_path / "改好").glob("*households*.xlsx")
    after = county.findings(mended)
    assert set(before) - set(after) == closing
    assert set(after) - set(before) == set()

    lines = {
        (line["number"], line["field"]): line for one in done.json["lists"] for line in one["lines"]
    }
    expected = {"更正": "applied", "宽更正": "applied", "属实": "applied", "无法": "applied",
                "无佐证": "refused", "缺值": "refused", "不答": "unanswered",
                "删行": "refused"}  # fmt: skip
    for one in did:
        line = lines[one.number, one.field]
        assert line["outcome"] == expected[one.did], (one, line)
        assert line["outcome"] in ("applied", "unanswered") or line["reason"], line

    states = county.states()
    confirmed = {known[one.number] for one in did if one.did == "属实"}
    unsure = {known[one.number] for one in did if one.did == "无法"}
    for mark in before:
        wanted = "open"
        wanted = "corrected" if mark in closing else wanted
        wanted = "confirmed" if mark in confirmed else wanted
        wanted = "unresolved" if mark in unsure else wanted
        assert states[mark] == wanted, (before[mark], wanted)
    assert len(list((tmp_path / "改好").glob("*.更正回执.xlsx"))) == len(sent)

    # Once more: what was corrected is found to be so, and nothing moves.
    again = run("corrections", "apply", back, "--source", mended, "--ledger",
                county.folder / ".fupin" / "ledger.sqlite", "--format", "json")  # fmt: skip
    assert {
        line["outcome"]
        for one in again.json["lists"] for line in one["lines"]
        if known.get(line["number"]) in closing
    } == {"nothing"}  # fmt: skip
