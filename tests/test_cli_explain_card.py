"""`explain` and `card`: one household laid open, and its page to print."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

import file_writers as write
from command_line import Outcome, run
from fupin_audit.packs.load import load_pack
from register_facts import number

HOUSE = (
    "县", "乡", "村", "户编号", "户主姓名", "户联系电话", "家庭人口数", "脱贫属性", "脱贫年度",
    "主要致贫原因", "产业帮扶", "是否危房户", "是否解决安全饮用水", "吃是否不愁", "穿是否不愁",
    "工资性收入", "公益性岗位收入", "其他工资性收入", "生产经营性收入", "财产性收入", "转移性收入",
    "最低生活保障金", "其他转移性收入", "生产经营性支出", "纯收入", "人均纯收入",
)  # fmt: skip
PERSON = (
    "户编号", "人口编号", "姓名", "与户主关系", "性别", "出生日期", "证件号码", "民族",
    "在校生状况", "健康状况", "务工时间", "是否参加城乡居民基本医疗保险",
    "是否享受农村居民最低生活保障",
)  # fmt: skip
ONE, TWO, THREE = "6110020000000001", "6110020000000002", "6110020000000003"
ID = "611002195503020013"
SCRIPT = "<script>alert(1)</script>"
FINE = {
    "县": "商州区", "乡": "沙河镇", "村": "王村", "户主姓名": "张三", "户联系电话": "13800001234",
    "家庭人口数": 2, "脱贫属性": "已脱贫", "脱贫年度": 2018, "主要致贫原因": "因病",
    "产业帮扶": "种植业", "是否危房户": "否", "是否解决安全饮用水": "是", "吃是否不愁": "是",
    "穿是否不愁": "是", "工资性收入": 9000, "公益性岗位收入": 0, "其他工资性收入": 9000,
    "生产经营性收入": 2000, "财产性收入": 0, "转移性收入": 2400, "最低生活保障金": 1800,
    "其他转移性收入": 600, "生产经营性支出": 1000, "纯收入": 12400, "人均纯收入": 6200,
}  # fmt: skip
BORN = {
    "民族": "汉族", "健康状况": "健康", "务工时间": 8, "是否参加城乡居民基本医疗保险": "是",
    "是否享受农村居民最低生活保障": "否",
}  # fmt: skip
HOUSES: list[dict[str, Any]] = [
    {**FINE, "户编号": ONE, "工资性收入": 8600},
    {**FINE, "户编号": TWO, "户主姓名": SCRIPT, "吃是否不愁": "否", "村": "=1+1"},
    {**FINE, "户编号": THREE, "户主姓名": "王五", "生产经营性收入": "不详", "人均纯收入": 2000,
     "纯收入": 4000},
]  # fmt: skip
PEOPLE: list[dict[str, Any]] = [
    {**BORN, "户编号": ONE, "人口编号": "611002000000000101", "姓名": "张三", "与户主关系": "户主",
     "性别": "男", "出生日期": "19550302", "证件号码": ID, "是否享受农村居民最低生活保障": "是"},
    {**BORN, "户编号": ONE, "人口编号": "611002000000000102", "姓名": "李四", "与户主关系": "配偶",
     "性别": "女", "出生日期": "19560404", "证件号码": None},
    {**BORN, "户编号": TWO, "人口编号": "611002000000000201", "姓名": SCRIPT,
     "与户主关系": "户主", "性别": "男", "出生日期": None, "证件号码": None},
    {**BORN, "户编号": THREE, "人口编号": "611002000000000301", "姓名": "王五",
     "与户主关系": "户主", "性别": "男", "出生日期": "19600101", "证件号码": None},
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    houses = [list(HOUSE), *([h.get(f) for f in HOUSE] for h in HOUSES)]
    people = [list(PERSON), *([p.get(f) for f in PERSON] for p in PEOPLE)]
    return write.xlsx(tmp_path / "名单.xlsx", {"户信息": houses, "家庭成员": people})


def explain(file: Path, who: str, *more: object) -> Outcome:
    return run("explain", file, who, "--as-of", "2019", "--region", "", *more)


def card(*arguments: object) -> Outcome:
    return run("card", *arguments, "--as-of", "2019", "--region", "")


# ---- explain ----


def test_a_household_is_laid_open(file: Path) -> None:
    told = explain(file, ONE, "--format", "json").json
    assert told["format"] == "fupin-audit.explain/1"
    assert (told["household"], told["head"], told["place"]["村"]) == (ONE, "张*", "王村")
    assert [m["关系"] for m in told["members"]] == ["户主", "配偶"]
    answers = {c["id"]: c["answer"] for c in told["criteria"]}
    assert answers["income"] == answers["food"] == "met"
    lines = {line["id"]: line for line in told["income"]["lines"]}
    assert (lines["wages"]["filled"], lines["wages"]["difference"]) == (8600, -400)
    line = told["income"]["standards"][0]
    assert (line["line"], line["distance"]) == (3218, 2982)
    assert {f["rule"] for f in told["findings"]} >= {"IC202", "ID006"}
    assert told["rulings"] == sorted(told["rulings"], key=lambda r: r["rule"])
    assert not any(r["rule"] == "IC202" and r["verdict"] != "violated" for r in told["rulings"])


def test_every_rule_of_the_check_is_told_of_once(file: Path) -> None:
    check = run("check", file, "--as-of", "2019", "--region", "", "--format", "json").json
    told = explain(file, ONE, "--format", "json").json
    asked = {r["rule"] for r in told["rulings"]}
    groups = [asked, set(told["out_of_scope"]), {s["rule"] for s in told["skipped"]}]
    rules = load_pack().rules  # what reading saw is told only where it saw something
    judged = {
        c["rule"] for c in check["coverage"]
        if c["skipped"] is None and rules[c["rule"]].kind != "observed"
    }  # fmt: skip
    assert set().union(*groups) >= judged
    own = {(f["fingerprint"], f["message"]) for f in check["findings"] if f["household"] == ONE}
    assert {(f["fingerprint"], f["message"]) for f in told["findings"]} == own


@pytest.mark.parametrize("who", ["611002000000000101", ID, ID.lower(), "张三", f" {ONE} "])
def test_a_person_is_found_by_number_id_or_name(file: Path, who: str) -> None:
    assert explain(file, who, "--format", "json").json["household"] == ONE


def test_of_a_person_the_rules_of_others_are_left_out(file: Path) -> None:
    told = explain(file, "611002000000000101", "--format", "json").json
    assert told["person"] == "张*"
    assert "ID006" not in {f["rule"] for f in told["findings"]}
    assert "IC202" in {f["rule"] for f in told["findings"]}


def test_the_unknown_say_what_is_missing_and_where(file: Path) -> None:
    told = explain(file, THREE, "--format", "json").json
    lacks = {r["rule"]: r["lacks"] for r in told["rulings"] if r["verdict"] == "unknown"}
    assert lacks["IC202"] == ["“生产经营性收入”读不出"]
    gap = next(g for g in told["gaps"] if "生产经营性收入" in g["what"])
    assert gap["cell"] == "S4"
    assert "IC202" in gap["rules"]


@pytest.mark.parametrize("form", ["console", "json", "html"])
def test_nobody_is_shown_unmasked_unless_asked(file: Path, form: str) -> None:
    shown = explain(file, ID, "--format", form, "-v").out
    for secret in (ID, "张三", "李四", "13800001234", "19550302", "1955-03-02"):
        assert secret not in shown
    assert ID in explain(file, ID, "--format", form, "--reveal").out


def test_who_is_not_found_is_not_repeated(file: Path) -> None:
    done = explain(file, "611002195503020099")
    assert (done.code, done.out) == (2, "")
    assert "没有找到" in done.err
    assert "0099" not in done.err


def test_a_name_of_two_households_asks_for_the_number(tmp_path: Path) -> None:
    houses = [list(HOUSE), *([{**FINE, "户编号": n}.get(f) for f in HOUSE] for n in (ONE, TWO))]
    done = explain(write.xlsx(tmp_path / "a.xlsx", {"户信息": houses}), "张三")
    assert done.code == 2
    assert ONE in done.err
    assert TWO in done.err


def test_members_without_a_household_table_are_explained_too(tmp_path: Path) -> None:
    people = [list(PERSON), *([p.get(f) for f in PERSON] for p in PEOPLE)]
    alone = write.xlsx(tmp_path / "成员.xlsx", {"家庭成员": people})
    told = explain(alone, ONE, "--format", "json").json
    assert [m["关系"] for m in told["members"]] == ["户主", "配偶"]
    done = explain(alone, ONE)
    assert done.code == 0


def test_the_screen_says_what_to_change(file: Path) -> None:
    out = explain(file, THREE).out
    assert "王*  6110020000000003" in out
    assert "全户约差 2,436 元" in out
    assert "→查台账资料：" in out
    assert "补上什么才能判断" in out


def test_the_page_runs_nothing_and_fetches_nothing(file: Path) -> None:
    page = explain(file, TWO, "--format", "html", "--reveal").out
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(src|href)=|@import|url\(", page)


def test_a_line_of_ones_own_stands_for_the_years(file: Path) -> None:
    told = explain(file, ONE, "--format", "json", "--line", "7000").json
    line = told["income"]["standards"][0]
    assert (line["line"], line["distance"]) == (7000, -800)
    assert [c["answer"] for c in told["criteria"] if c["id"] == "income"] == ["unmet"]
    assert all(f["stakes"]["line"] == 7000 for f in told["findings"] if f["rule"] == "IC202")


@pytest.mark.parametrize("arguments", [(), (ONE, TWO), (ONE, "--format", "pdf")])
def test_a_wrong_call_leaves_with_2(file: Path, arguments: tuple[str, ...]) -> None:
    assert run("explain", file, *arguments).code == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    done = run("explain", tmp_path / "没有.xlsx", ONE)
    assert done.code == 2
    assert "没有.xlsx" in done.err


# ---- card ----


def texts(sheet: Any) -> list[str]:
    return [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]


def test_every_household_has_a_sheet_that_prints_on_one_page(file: Path) -> None:
    done = card(file)
    assert (done.code, done.err) == (0, "")
    book = openpyxl.load_workbook(file.with_suffix(".户卡.xlsx"))
    assert book.sheetnames[0] == "目录"
    assert len(book.sheetnames) == 4
    sheet = book["张三 0001"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((None, None), (1, 1))
    told = texts(sheet)
    for wanted in ("户 卡", ONE, "张三", "李四", "二、两不愁三保障达标认定", "三、政策享受",
                   "户主签字：", "核实人：", "核实日期：", "不愁吃", "√ 达到", "-400"):  # fmt: skip
        assert any(wanted in text for text in told), wanted
    assert "种植业" in told
    assert any("张三" in t for t in told[told.index("最低生活保障") :][:2])
    joined = "\n".join(told)
    assert ID not in joined
    assert "13800001234" not in joined


def test_cards_of_a_few_in_the_order_asked(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "卡.xlsx"
    assert card(file, THREE, "611002000000000101", "--out", out).code == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["目录", "王五 0003", "张三 0001"]


def test_stacked_cards_start_a_page_each(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "卡.xlsx"
    card(file, "--stacked", "--out", out)
    book = openpyxl.load_workbook(out)
    (sheet,) = book.worksheets
    assert texts(sheet).count("户 卡") == 3
    assert len(sheet.row_breaks.brk) == 2


def test_nothing_in_a_card_is_a_formula(file: Path) -> None:
    card(file)
    with ZipFile(file.with_suffix(".户卡.xlsx")) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in parts.read(name) for name in sheets)


def test_html_cards_escape_everything_and_break_pages(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "卡.html"
    assert card(file, "--out", out).code == 0
    page = out.read_text(encoding="utf-8")
    assert page.count('<section class="card') == 3
    assert "@page { size: A4" in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=|@import|url\(", page)
    assert ID not in page


def test_a_card_reveals_only_when_asked(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "卡.html"
    card(file, ONE, "--out", out, "--reveal")
    assert ID in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("张无忌",), "没有找到"),
        (("--format", "pdf"), "--format"),
        (("--stacked", "--format", "html"), "--stacked"),
        (("--out", "a.xlsx", "--format", "html"), "--format"),
    ],
)
def test_a_wrong_card_is_refused(file: Path, arguments: tuple[str, ...], said: str) -> None:
    done = card(file, *arguments)
    assert done.code == 2
    assert said in done.err


def test_our_own_cards_are_not_read_as_registers(file: Path) -> None:
    card(file)
    done = run("check", file.parent, "--as-of", "2019", "--region", "", "--format", "json")
    assert [i["file"] for i in json.loads(done.out)["inputs"] if i.get("sheets")] == ["名单.xlsx"]


def test_members_of_a_sheet_that_tells_no_year_are_shown_beside_one_that_does(
    tmp_path: Path,
) -> None:
    houses = [["年度", *HOUSE], *([2019, *(h.get(f) for f in HOUSE)] for h in HOUSES[:1])]
    people = [list(PERSON), *([p.get(f) for f in PERSON] for p in PEOPLE[:2])]
    write.xlsx(tmp_path / "户.xlsx", {"户信息": houses, "家庭成员": people})
    wide = {**HOUSES[2], **PEOPLE[3], "年度": 2019}
    write.xlsx(tmp_path / "人.xlsx", {"名单": [list(wide), list(wide.values())]})
    ran = run("explain", tmp_path, ONE, "--as-of", "2019", "--region", "", "--format", "json")
    assert [p["姓名"] for p in json.loads(ran.out)["members"]] == ["张*", "李*"]


@pytest.mark.parametrize("form", ["console", "html"])
def test_a_total_whose_parts_are_not_all_there_is_said_to_be_as_filled(
    tmp_path: Path, form: str
) -> None:
    house = {**HOUSES[0], "工资性收入": 9000, "其他工资性收入": None}
    sheets = {"户信息": [list(HOUSE), [house.get(f) for f in HOUSE]]}
    sheets["家庭成员"] = [list(PERSON), *([p.get(f) for f in PERSON] for p in PEOPLE[:2])]
    shown = explain(write.xlsx(tmp_path / "名单.xlsx", sheets), ONE, "--format", form).out
    flat = re.sub(r"<[^>]*>", " ", shown)
    assert re.search(r"工资性收入\s+9,000\s+照填报", flat)
    assert re.search(r"纯收入\s+12,400\s+12,400", flat)


def test_a_birth_date_in_doubt_is_the_cause_not_a_column_that_never_was(tmp_path: Path) -> None:
    head = {**PEOPLE[0], "出生日期": "19580302", "证件号码": number("19550302", 11),
            "劳动技能": "普通劳动力"}  # fmt: skip
    sheet = [list(head), list(head.values())]
    house = [list(HOUSES[0]), list(HOUSES[0].values())]
    file = write.xlsx(tmp_path / "名单.xlsx", {"户信息": house, "家庭成员": sheet})
    told = explain(file, ONE, "--format", "json").out
    lacking = [gap["what"] for gap in json.loads(told)["gaps"] if "HL068" in gap["rules"]]
    assert lacking == ["所依据的格子已有疑点，先解决那一条"]
