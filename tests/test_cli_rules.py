"""`clean` and `rules`, as their users call them."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

import file_writers as write
from command_line import check, run
from register_facts import HOUSES, ROWS, WIDE, grid

# ---- clean ----


def test_clean_writes_tables_and_a_log_that_turns_raw_into_clean(tmp_path: Path) -> None:
    dirty = [{**r, "与户主关系": "本人" if r["与户主关系"] == "户主" else r["与户主关系"],
              "姓名": f" {r['姓名']}\u3000", "人均纯收入": "５，１３７．００元", "是否危房户": "0"}
             for r in ROWS]  # fmt: skip
    file = write.xlsx(tmp_path / "脏.xlsx", {"名单": grid(dirty, WIDE)})
    out = tmp_path / "净" / "净.xlsx"
    done = run("clean", file, "-o", out)
    assert done.code == 0
    assert str(out) in done.out
    book = openpyxl.load_workbook(out)
    raw = openpyxl.load_workbook(file)["名单"]
    clean = list(book["成员"].iter_rows(values_only=True))
    fields = list(clean[0])
    assert [line[fields.index("姓名")] for line in clean[1:]] == [r["姓名"] for r in ROWS]
    assert clean[1][fields.index("与户主关系")] == "户主"
    households = list(book["户"].iter_rows(values_only=True))
    assert households[1][households[0].index("人均纯收入")] == 5137
    log = list(book["清洗日志"].iter_rows(values_only=True, min_row=2))
    assert f"规整了 {len(log)} 个单元格" in done.out
    changed = {(cell, field): after for _, _, cell, field, _, after, _ in log}
    for shown, sheet, cell, _, before, after, _ in log:
        assert (shown, sheet) == (str(file), "名单")
        assert str(raw[cell].value) == before
        assert before != after
    for n, line in enumerate(clean[1:], start=2):
        for header, field in WIDE.items():
            if field not in fields:
                continue
            cell = raw.cell(n, list(WIDE).index(header) + 1)
            before = "" if cell.value is None else str(cell.value)
            after = changed.get((cell.coordinate, field), before)
            assert (
                "" if line[fields.index(field)] is None else str(line[fields.index(field)])
            ) == after


@pytest.mark.parametrize("out", ["脏.csv", "{file}"])
def test_clean_refuses_to_write_over_its_input_or_another_kind(fine: Path, out: str) -> None:
    before = fine.read_bytes()
    assert run("clean", fine, "-o", out.format(file=fine)).code == 2
    assert fine.read_bytes() == before


# ---- rules ----


def test_rules_list_and_show() -> None:
    listed = run("rules", "list", "--format", "json").json
    assert {"id", "title", "severity", "must"} <= set(listed[0])  # type: ignore[index]
    lines = run("rules", "list").out.splitlines()
    assert len(lines) == len(listed) + 1
    shown = run("rules", "show", "ic201", "--as-of", "2019", "--region", "611002")
    assert shown.code == 0
    for text in ("IC201", "人均纯收入", "收入尾差", "IC201-income-per-head-mismatch.yaml:", "依据"):
        assert text in shown.out
    unknown = run("rules", "show", "IC2O1")
    assert (unknown.code, "是不是" in unknown.err) == (2, True)


def test_a_new_rule_is_tested_linted_and_used(register: Path, tmp_path: Path) -> None:
    pack = tmp_path / "本县"
    made = run("rules", "new", "lv399", "head-count-too-low", "--pack", pack)
    assert made.code == 0
    file = pack / "checks" / "lv" / "LV399-head-count-too-low.yaml"
    for command in (("rules", "test", "LV399"), ("rules", "lint"), ("rules", "show", "LV399")):
        done = run(*command, "--pack", pack)
        assert (done.code, done.err) == (0, ""), command
    both = run("rules", "test", "lv399", "PR001", "--pack", pack)
    assert both.code == 0
    assert int(both.out.split()[1]) > int(run("rules", "test", "PR001").out.split()[1])
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("人均纯收入 >= 0", "人均纯收入 >= 5200"), encoding="utf-8")
    broken = run("rules", "test", "LV399", "--pack", pack)
    assert broken.code == 4
    assert "正常" in broken.out
    done = check(register, "--pack", pack, "--select", "LV399", "--format", "json")
    poor = [h["户编号"] for h in HOUSES if h["人均纯收入"] < 5200]
    assert [f["household"] for f in done.json["findings"]] == poor
    assert done.code == 0  # a new rule is a warning until its author says more
    again = run("rules", "new", "LV399", "head-count-too-low", "--pack", pack)
    assert again.code == 2


@pytest.mark.parametrize("table", ["household", "member"])
def test_a_new_rule_stands_as_it_is_written(table: str, tmp_path: Path) -> None:
    run("rules", "new", "XX001", "as-written", "--pack", tmp_path, "--table", table)
    done = run("rules", "test", "XX001", "--pack", tmp_path)
    assert (done.code, done.err) == (0, "")


def test_every_problem_of_a_broken_pack_is_told_with_file_and_line(
    fine: Path, tmp_path: Path
) -> None:
    for number in ("001", "002", "003"):
        run("rules", "new", f"XX{number}", f"broken-{number}", "--pack", tmp_path)
    files = sorted((tmp_path / "checks" / "xx").iterdir())
    breaks = [("severity: warning", "severity: terrible"), ("kind: row", "knid: row"),
              ("must: 人均纯收入 >= 0", "must: 人均纯收入 >= (")]  # fmt: skip
    for file, (right, wrong) in zip(files, breaks):
        file.write_text(file.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    done = check(fine, "--pack", tmp_path)
    assert (done.code, done.out) == (4, "")
    for file in files[:2]:
        assert re.search(rf"{re.escape(file.name)}:\d+: ", done.err)
    for file in files[:2]:
        file.unlink()
    done = run("check", fine, "--as-of", "2019", "--no-xlsx", "--pack", tmp_path)
    assert done.code == 4
    assert re.search(rf"{re.escape(files[2].name)}:\d+", done.err)


def test_rule_pages_are_written_and_their_freshness_is_checked(tmp_path: Path) -> None:
    assert run("rules", "docs", "--out", tmp_path).code == 0
    assert (tmp_path / "IC201.md").is_file()
    assert run("rules", "docs", "--out", tmp_path, "--check").code == 0
    (tmp_path / "IC201.md").write_text("旧的", encoding="utf-8")
    stale = run("rules", "docs", "--out", tmp_path, "--check")
    assert (stale.code, "IC201.md" in stale.out) == (1, True)
