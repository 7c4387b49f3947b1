"""The page a supervisor reads: what is in it, what can be done with it in a browser,
and that no value of a cell becomes markup or script."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

import fupin_audit.report.html as room
import ledger_kit as kit
from browser import Tab, browsing
from fupin_audit.model.findings import Coverage, Piece
from fupin_audit.model.history import History, Night, Standing, TownshipWork
from fupin_audit.report.finding import findings
from fupin_audit.report.html.page import write_page
from fupin_audit.report.view import View, view
from report_factory import make_hits, make_result, make_rule

CHART = "87364cc2b2a76a6684929e7d6b80b18a897794db38400caff1fcf1791c6925d2"
HOSTILE = (
    "<script>window.hit=1</script>", "</script><script>window.hit=2</script>",
    '"><img src=x onerror=window.hit=3>', "<!--<script>", "\u2028window.hit=4\u2029",
    "{{ 7 * 7 }}", "&lt;b&gt;", "'+window.hit+'", "\ue0001\x1f",
)  # fmt: skip


def write(path: Path, seen: View, **more: Any) -> Path:
    made = io.StringIO()
    write_page(seen, made, made=datetime(2020, 1, 2, 3, 4), **more)
    path.write_bytes(made.getvalue().encode())
    return path


def blocks(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the two data blocks of a page."""
    return tuple(
        json.loads(re.search(rf'id="{name}">(.*?)</script>', text, re.DOTALL).group(1))
        for name in ("figures", "data")
    )


def many(households: int, rules: int, townships: int = 4) -> View:
    """Return a view of households × rules findings."""
    rows = [
        ["商州区", f"第{i % townships}镇", f"{i % 12}村", f"61000{i:05d}", f"王{i}", "13812341234",
         None, 3, 1000.0 + i]
        for i in range(households)
    ]  # fmt: skip
    result = make_result(rows)
    made = [
        make_rule(f"IC{n:03d}", "household", ("error", "warning", "info")[n % 3], n % 10 + 1,
                  f"第{n}种疑点", en=f"Problem {n}")
        for n in range(rules)
    ]  # fmt: skip
    result.pack = dataclasses.replace(result.pack, rules={r.id: r for r in made})
    told = [Piece("人均纯收入填 "), Piece(argument=0, field="人均纯收入"), Piece("，要核对")]
    result.findings.hits = [
        make_hits(r.id, r.severity, "household", list(range(households)), ("人均纯收入",), told,
                  [[1000.0 + i for i in range(households)]])
        for r in made
    ]  # fmt: skip
    result.findings.coverage = [Coverage(r.id, households, 0, households, 0) for r in made]
    return view(result, key=b"k")


def a_history(seen: View) -> History:
    nights = [Night(i, f"2020-01-{i:02d} 02:00", (9 - i, 5, 1), i, 1, 2) for i in range(1, 6)]
    marks = [one.fingerprint for one in findings(seen)]
    standing = dict.fromkeys(marks, Standing(3, "green", ""))
    standing[marks[0]] = Standing(40, "red", "reopened")
    standing[marks[1]] = Standing(0, "green", "new")
    works = [
        TownshipWork("沙河镇", 1, 1, 2, (3, 2, 1), 0.25),
        TownshipWork("", 0, 0, 0, (1, 0, 0), None),
    ]
    counts = {"new": 3, "corrected": 2, "reopened": 1}
    late = {"red": 1, "yellow": 2, "green": 4}
    limits = {"error": (7.0, 15.0)}
    return History(5, nights[-2].at, counts, nights, works, standing, 30, limits, 0, late)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(text)
    return parser.seen


def test_the_page_tells_the_run_in_both_languages(tmp_path: Path) -> None:
    seen = view(make_result(), key=b"k")
    text = write(tmp_path / "p.html", seen).read_text("utf-8")
    for told in (
        "疑点报告 · 商州区（611002）", "2019-12-31", "2020-01-02 03:04", "core 2026.1",
        "个人信息已遮盖", "沙河镇", "没有“年度家庭人口数”一列", "100 ×（1 − 扣分户 ÷ 总户数）",
        "国家标准 GB 11643—1999", "What could not be judged", "Duplicate id", "未记台账",
    ):  # fmt: skip
        assert told in text, told
    for hidden in ("张三", "13812341234", "611002197001010035", "6210000000000001234"):
        assert hidden not in text
    figures, data = blocks(text)
    assert data["n"] == figures["total"] == len(seen)
    assert [figures["rules"][i]["id"] for i in data["rule"]] == [f.rule for f in findings(seen)]


def test_revealed_values_are_said_to_be_revealed(tmp_path: Path) -> None:
    text = write(tmp_path / "p.html", view(make_result(), key=b"k", reveal=True)).read_text("utf-8")
    assert "个人信息未遮盖" in text
    assert "欧阳小明" in text


def test_the_score_shows_what_it_is_made_of(tmp_path: Path) -> None:
    text = write(tmp_path / "p.html", many(40, 2)).read_text("utf-8")
    rows = re.findall(r'<tr class="last"><th scope="row">(.*?)</th>', text)
    assert len(rows) == 3  # of four
    assert "<b>0.0</b>" in text  # every household has an error
    result = make_result()
    text = write(tmp_path / "q.html", view(result, key=b"k")).read_text("utf-8")
    assert "<b>0.0</b>" in text  # 沙河镇: both of its two households in error
    assert "<b>70.0</b>" in text  # 黑山镇: its one household with a warning only


def test_no_value_of_a_cell_becomes_markup(tmp_path: Path) -> None:
    text = write(tmp_path / "p.html", hostile()).read_text("utf-8")
    plain = write(tmp_path / "q.html", view(make_result(), key=b"k")).read_text("utf-8")
    scripts = [attributes for tag, attributes in tags(text) if tag == "script"]
    assert len(scripts) == 4
    assert {t for t, _ in tags(text)} <= {t for t, _ in tags(plain)} | {"details", "summary"}
    assert not [a for _, pairs in tags(text) for a in pairs if a.startswith("on")]
    for block in ("figures", "data"):
        inside = re.search(rf'id="{block}">(.*?)</script>', text, re.DOTALL).group(1)
        assert not set("<>&\u2028\u2029") & set(inside)
    _, data = blocks(text)
    assert HOSTILE[0] in data["names"]


def hostile() -> View:
    rows = [
        [name, f"{name}镇", f"{name}村", f"61{i}{name}", name, name, name, 3, 10.0]
        for i, name in enumerate(HOSTILE)
    ]
    result = make_result(rows, file="<img src=x onerror=window.hit=9>.xlsx")
    result.findings.hits = [
        make_hits(
            "CT031", "warning", "household", list(range(len(rows))), ("户联系电话",),
            [Piece("户主 "), Piece(argument=0, field="户主姓名")], [[*HOSTILE]],
        )
    ]  # fmt: skip
    result.findings.coverage = [
        Coverage("CT031", 9, 0, 9, 0), Coverage("EX004", skipped="没有“</script><b onclick=x>”")
    ]  # fmt: skip
    return view(result, key=b"k", reveal=True)


def test_nothing_is_fetched_and_links_stay_beside_the_page(tmp_path: Path) -> None:
    links = {"沙河镇": "清单/沙河镇 #1.xlsx", "坏": "javascript:alert(1)", "远": "//evil.example/x"}
    text = write(tmp_path / "p.html", view(make_result(), key=b"k"), links=links).read_text("utf-8")
    fetching = [(t, a) for t, a in tags(text) if t in ("link", "img", "iframe") or "src" in a]
    assert not fetching
    hrefs = [a["href"] for t, a in tags(text) if t == "a" and not a["href"].startswith("#")]
    assert all(href.startswith("./") and ":" not in href for href in hrefs)
    assert "./%E6%B8%85%E5%8D%95/%E6%B2%99%E6%B2%B3%E9%95%87%20%231.xlsx" in hrefs
    assert "sourceMappingURL" not in text


def test_more_than_fit_are_counted_and_the_first_kept(tmp_path: Path) -> None:
    seen = many(40, 6)
    text = write(tmp_path / "p.html", seen, limit=90).read_text("utf-8")
    figures, data = blocks(text)
    assert (data["n"], figures["total"]) == (90, 240)
    assert data["severity"].count("0") == 80
    assert data["severity"].count("2") == 0
    assert "共 240 条，一页放不下：这里列最要紧的 90 条" in text


def test_the_library_is_the_one_that_was_looked_at() -> None:
    vendor = Path(room.__file__).parent / "vendor"
    assert hashlib.sha256((vendor / "chart.umd.min.js").read_bytes()).hexdigest() == CHART
    assert "MIT" in (vendor / "chart.js-LICENSE.md").read_text("utf-8")


def test_the_ledger_fills_the_page(tmp_path: Path) -> None:
    rows = kit.rows()
    file = kit.write(tmp_path / "名单.csv", rows)
    assert kit.check(file).code == 1
    fixed = [dict(row, 联系电话="13900000000") for row in rows[:-1]]
    kit.write(file, fixed)
    done = kit.check(file, "--format", "html")
    assert (done.code, done.err) == (1, "")
    page = tmp_path / "名单.疑点报告.html"
    assert str(page) in done.out
    text = page.read_text("utf-8")
    figures, data = blocks(text)
    assert [night[0] for night in figures["nights"]] == [1, 2]
    live = json.loads(kit.ledger(tmp_path, "findings", "--format", "json").out)
    assert sum(figures["nights"][-1][2]) == len(live)
    assert set(data["days"]) == {0}
    assert "和上次" in text
    assert "三色督办" in text
    again = kit.check(tmp_path, "--format", "html", "--out", "-")
    assert again.out.startswith("<!DOCTYPE html>")
    assert len(re.findall('data-place="0"', again.out)) == len(re.findall('data-place="0"', text))


@pytest.fixture(scope="module")
def tab() -> Iterator[Callable[..., Tab]]:
    with browsing() as browser:

        def make(width: int = 1280) -> Tab:
            return Tab(browser.new_page(viewport={"width": width, "height": 900}))

        yield make


def test_filters_sort_and_pages_work(tab: Callable[..., Tab], tmp_path: Path) -> None:
    file = write(tmp_path / "p.html", many(60, 7))
    here = tab()
    page = here.open(file)
    count = lambda: page.inner_text("#count")  # noqa: E731
    assert count() == "共 420 条"
    assert page.locator("#rows tr").count() == 100
    page.click("[data-turn='1'] >> nth=0")
    assert page.inner_text("[data-page] >> nth=0") == "2 / 5 页"
    page.click(".heat tbody button[data-place='0'][data-item='1']")
    assert count() == "筛出 15 条，共 420 条"
    assert page.input_value("#f-item") == "1"
    page.click("#clear")
    page.fill("#f-text", "6100000007 第3种")
    expect(page.locator("#count")).to_contain_text("筛出 1 条")
    page.fill("#f-text", "没有这种")
    page.wait_for_selector(".empty")
    page.click("#clear")
    page.select_option("#f-severity", "1")
    assert count() == "筛出 120 条，共 420 条"
    page.click("#clear")
    page.click("[data-sort='house']")
    assert "6100000000" in page.inner_text("#rows tr >> nth=0")
    page.click("[data-sort='house']")
    assert "6100000059" in page.inner_text("#rows tr >> nth=0")
    assert page.get_attribute("th[aria-sort='descending']", "scope") == "col"
    page.focus("#rows .more >> nth=0")
    page.keyboard.press("Enter")
    assert "请对照证件原件核对后更正。" in page.inner_text("#rows tr.detail")
    page.click(".rules button[data-rule='IC002']")
    assert count() == "筛出 60 条，共 420 条"
    assert here.is_calm(file)


def test_many_townships_fold_away_and_are_all_printed(
    tab: Callable[..., Tab], tmp_path: Path
) -> None:
    file = write(tmp_path / "p.html", many(90, 1, townships=45))
    here = tab()
    page = here.open(file)
    rows = page.locator(".heat tbody tr:visible")
    assert rows.count() == 30
    page.emulate_media(media="print")
    assert rows.count() == 45
    page.emulate_media(media="screen")
    page.click("[data-more]")
    assert rows.count() == 45
    assert here.is_calm(file)


def test_the_list_can_be_taken_along(tab: Callable[..., Tab], tmp_path: Path) -> None:
    file = write(tmp_path / "p.html", view(make_result(), key=b"k", reveal=True))
    here = tab()
    page = here.open(file)
    page.select_option("#f-rule", "CT031")
    with page.expect_download() as taken:
        page.click("#export")
    rows = list(csv.reader(io.StringIO(taken.value.path().read_text("utf-8-sig"))))
    assert len(rows) == 3
    assert {row[6] for row in rows[1:]} == {"张三", "'=1+1"}
    assert here.is_calm(file)


def test_the_language_can_be_switched(tab: Callable[..., Tab], tmp_path: Path) -> None:
    file = write(tmp_path / "p.html", view(make_result(), key=b"k"))
    here = tab()
    page = here.open(file)
    assert page.is_visible("text=疑点清单 >> nth=0")
    page.click("#lang")
    shown = page.inner_text("body")
    assert "What could not be judged" in shown
    assert "Duplicate id" in shown
    assert "未能判断" not in shown
    assert page.inner_text("#lang") == "中文"
    page.click("#lang")
    assert "未能判断" in page.inner_text("body")
    assert "What could not be judged" not in page.inner_text("body")
    assert here.is_calm(file)


def test_the_follow_up_is_shown_and_filtered(tab: Callable[..., Tab], tmp_path: Path) -> None:
    seen = view(make_result(), key=b"k")
    file = write(tmp_path / "p.html", seen, history=a_history(seen))
    here = tab()
    page = here.open(file)
    for wanted in ("red", "reopened", "new"):
        page.select_option("#f-mark", wanted)
        assert page.inner_text("#count").startswith("筛出 1 条"), wanted
    drawn = (
        "[...document.querySelectorAll('canvas')].map(c => Chart.getChart(c).data.datasets.length)"
    )
    assert page.evaluate(drawn) == [3, 3, 3, 3]
    assert page.locator("#work tbody tr").count() == 2
    assert here.is_calm(file)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_hostile_runs_and_nothing_sticks_out(
    tab: Callable[..., Tab], tmp_path: Path, width: int
) -> None:
    file = write(tmp_path / "p.html", hostile())
    here = tab(width)
    page = here.open(file)
    page.click("#lang")
    page.fill("#f-text", "script")
    expect(page.locator("#count")).to_contain_text(" of ")
    page.click("#clear")
    page.click("#rows .more >> nth=0")
    assert page.evaluate("window.hit === undefined")
    assert page.locator("img").count() == 0
    shown = page.inner_text("#rows")
    assert HOSTILE[0] in shown
    assert HOSTILE[2] in shown
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert here.is_calm(file)


def test_it_prints_without_the_list(tab: Callable[..., Tab], tmp_path: Path) -> None:
    seen = many(60, 7)
    file = write(tmp_path / "p.html", seen, history=a_history(seen))
    here = tab()
    page = here.open(file)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    sizes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert {(round(float(w)), round(float(h))) for w, h in sizes} == {(595, 842)}
    assert len(sizes) <= 6
    page.emulate_media(media="print")
    assert not page.is_visible("#list")
    assert not page.is_visible("#filters")
    assert page.is_visible("text=明细共 420 条，不打印")
    assert page.is_visible(".heat")
    assert here.is_calm(file)


def test_twenty_thousand_findings_do_not_stall(tab: Callable[..., Tab], tmp_path: Path) -> None:
    file = write(tmp_path / "p.html", many(500, 40))
    assert file.stat().st_size < 5_000_000
    here = tab(390)
    page = here.open(file)
    assert page.inner_text("#count") == "共 20000 条"
    took = page.evaluate(
        """() => {
          const start = performance.now();
          document.querySelector("[data-sort='place']").click();
          const select = document.getElementById("f-severity");
          select.value = "1";
          select.dispatchEvent(new Event("change"));
          document.getElementById("clear").click();
          return performance.now() - start;
        }"""
    )
    assert took < 3000  # a tenth of it where nothing else runs
    page.fill("#f-text", "6100000499")
    expect(page.locator("#count")).to_contain_text("筛出 40 条")
    assert here.is_calm(file)


def test_there_is_a_page_when_there_is_nothing_to_tell(
    tab: Callable[..., Tab], tmp_path: Path
) -> None:
    result = make_result()
    result.findings.hits = []
    file = write(tmp_path / "p.html", view(result, key=b"k"))
    here = tab()
    page = here.open(file)
    page.click("#lang")
    page.click("#lang")
    assert "没有查出疑点" in page.inner_text("#rules")
    assert here.is_calm(file)
