"""From run to run: what is new, still there, corrected, gone, and what a run may
not touch because it has not seen it."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command_line import run
from ledger_kit import LEDGER, check, counts, mark, rows, state_of, states, write
from register_facts import HOUSES

RULES = ("ID004", "HH014", "FM003", "HH019", "IC208")


def _of(some, name):
    return next(row for row in some if row["姓名"] == name)


def test_a_second_run_finds_the_same_whatever_the_order_and_the_name(tmp_path: Path) -> None:
    some = rows()
    first = check(write(tmp_path / "名单.csv", some))
    assert counts(first) == {"new": 5}
    (tmp_path / "名单.csv").unlink()
    random.Random(1).shuffle(some)
    again = check(write(tmp_path / "改名.csv", some))
    assert counts(again) == {"still": 5}
    prints = [{f["fingerprint"] for f in done.json["findings"]} for done in (first, again)]
    assert prints[0] == prints[1]
    assert {f["state"] for f in again.json["findings"]} == {"open"}


def test_a_corrected_value_closes_its_finding_and_its_return_reopens_it(tmp_path: Path) -> None:
    file, some = tmp_path / "名单.csv", rows()
    check(write(file, some))
    for row in some:
        if row["人均纯收入"] == -300:
            row["人均纯收入"] = 3000
    assert counts(check(write(file, some))) == {"corrected": 1, "still": 4}
    assert counts(check(write(file, rows()))) == {"reopened": 1, "still": 4}
    assert state_of(tmp_path, "IC208") == ["reopened"]


def test_another_wrong_value_is_a_new_finding_of_the_same_age(tmp_path: Path) -> None:
    file, some = tmp_path / "名单.csv", rows()
    check(write(file, some))
    for row in some:
        if row["人均纯收入"] == -300:
            row["人均纯收入"] = -200
    assert counts(check(write(file, some))) == {"still": 5, "changed": 1}
    assert state_of(tmp_path, "IC208") == ["changed", "open"]
    # And back again: one case all along.
    assert counts(check(write(file, rows()))) == {"still": 4, "reopened": 1, "changed": 1}
    assert state_of(tmp_path, "IC208") == ["reopened", "changed"]


def test_a_value_taken_away_corrects_nothing(tmp_path: Path) -> None:
    file, some = tmp_path / "名单.csv", rows()
    check(write(file, some), "--select", "HH014")
    _of(some, "孙丽")["证件号码"] = None
    assert counts(check(write(file, some), "--select", "HH014")) == {"unknown": 1}
    assert state_of(tmp_path, "HH014") == ["open"]


def test_a_column_taken_away_corrects_nothing(tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    check(write(file, rows()), "--select", "FM003")
    text = file.read_text(encoding="utf-8").replace("文化程度", "别的", 1)
    file.write_text(text, encoding="utf-8")
    assert "corrected" not in counts(check(file, "--select", "FM003"))
    assert state_of(tmp_path, "FM003") == ["open"]


def test_a_person_taken_off_the_list_of_a_household_is_gone(tmp_path: Path) -> None:
    file, some = tmp_path / "名单.csv", rows()
    check(write(file, some), "--select", "HH014")
    some = [row for row in some if row["姓名"] != "孙丽"]
    assert counts(check(write(file, some), "--select", "HH014")) == {"gone": 1}


def test_a_list_of_some_persons_says_nothing_of_the_others(tmp_path: Path) -> None:
    check(write(tmp_path / "名单.csv", rows()), "--select", "HH014")
    pupils = [row for row in rows() if row["与户主关系"] != "户主" and row["姓名"] != "孙丽"]
    pupils.append({**_of(rows(), "孙丽"), "姓名": "孙小", "人口编号": "新"})
    counts(check(write(tmp_path / "学生.csv", pupils), "--select", "HH014"))
    assert "gone" not in state_of(tmp_path, "HH014")


def test_a_household_not_listed_is_left_alone_unless_the_list_is_whole(tmp_path: Path) -> None:
    file, some = tmp_path / "名单.csv", rows()
    check(write(file, some))
    some = [row for row in some if row["户编号"] != HOUSES[4]["户编号"]]
    assert counts(check(write(file, some))) == {"still": 4, "missing": 1}
    assert counts(check(file, "--whole")) == {"still": 4, "gone": 1}
    assert counts(check(write(file, rows()))) == {"still": 4, "reopened": 1}


def test_a_duplicate_is_not_settled_by_leaving_out_its_other_half(tmp_path: Path) -> None:
    some = rows()
    for row in some:
        if row["户编号"] in (HOUSES[0]["户编号"], HOUSES[5]["户编号"]):
            row["户联系电话"] = "13800009999"
    everything = write(tmp_path / "全县.csv", some)
    assert counts(check(everything, "--select", "CT035")) == {"new": 2}
    half = write(tmp_path / "一户.csv", [r for r in some if r["户编号"] == HOUSES[0]["户编号"]])
    assert counts(check(half, "--select", "CT035")) == {"unseen": 1, "missing": 1}
    # Its own number changed: that settles it, and the other half is seen to be alone.
    for row in some:
        if row["户编号"] == HOUSES[0]["户编号"]:
            row["户联系电话"] = "13800008888"
    half = write(half, [r for r in some if r["户编号"] == HOUSES[0]["户编号"]])
    assert counts(check(half, "--select", "CT035")) == {"corrected": 1, "missing": 1}
    assert counts(check(write(everything, some), "--select", "CT035")) == {"corrected": 1}


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_run_touches_only_the_households_it_saw_and_the_rules_it_asked(
    data: st.DataObject,
) -> None:
    """Faults come and go at random; runs see some households by some rules. What a
    run did not see keeps its state; what it saw has the state of the facts."""
    numbers = [house["户编号"] for house in HOUSES]
    broken = {"ID004": numbers[0], "HH019": numbers[1], "HH014": numbers[2],
              "FM003": numbers[3], "IC208": numbers[4]}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        live: dict[str, bool] = {}
        for step in range(data.draw(st.integers(1, 3))):
            healed = data.draw(st.sets(st.sampled_from(RULES)))
            seen = data.draw(st.sets(st.sampled_from(numbers), min_size=1))
            asked = data.draw(st.sets(st.sampled_from(RULES), min_size=1))
            some = [row for row in _healed(healed) if row["户编号"] in seen]
            done = check(write(place / f"{step}.csv", some), "--select", ",".join(sorted(asked)))
            assert done.code in (0, 1), done.err
            for rule in asked:
                if broken[rule] in seen:
                    live[rule] = rule not in healed
            now = states(place)
            for rule in RULES:
                alive = sum(
                    n for (r, s), n in now.items() if r == rule and s in ("open", "reopened")
                )
                assert alive == int(live.get(rule, False)), (step, rule, now)


def _healed(rules):
    some = rows()
    from register_facts import number

    for row in some:
        if "ID004" in rules and row["姓名"] == "李春花":
            row["证件号码"] = number("19720905", 22)
        if "HH014" in rules and row["姓名"] == "孙丽":
            row["与户主关系"] = "之女"
        if "FM003" in rules and row["姓名"] == "周福":
            row["文化程度"] = "小学"
        if "HH019" in rules and row["户编号"] == HOUSES[1]["户编号"]:
            row["家庭人口数"] = 2
        if "IC208" in rules and row["人均纯收入"] == -300:
            row["人均纯收入"] = 3000
    return some


def test_baseline_lists_only_what_came_after(tmp_path: Path) -> None:
    file, some = tmp_path / "名单.csv", rows()
    check(write(file, some))
    _of(some, "郑大庆")["文化程度"] = "大学三年级"
    done = check(write(file, some), "--baseline", 1)
    assert [f["rule"] for f in done.json["findings"]] == ["FM003"]
    assert done.json["ledger"]["known"] == 5
    assert check(file, "--baseline", 2).code == 0
    refused = check(file, "--baseline", 99)
    assert (refused.code, "第 99 次" in refused.err) == (2, True)


def test_no_ledger_leaves_none_and_a_ledger_can_be_elsewhere(tmp_path: Path) -> None:
    file = write(tmp_path / "名单.csv", rows())
    assert check(file, "--no-ledger").json["ledger"] is None
    assert not (tmp_path / ".fupin").exists()
    assert check(file, "--ledger", tmp_path / "别处" / "台账.db").code == 1
    assert (tmp_path / "别处" / "台账.db").exists()
    assert (tmp_path / "别处" / "台账.db.key").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / ".fupin").exists()


def test_the_ledger_lies_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "fupin.toml").write_text('fail_on = "never"\n', encoding="utf-8")
    (tmp_path / "里面").mkdir()
    assert check(write(tmp_path / "里面" / "名单.csv", rows())).code == 0
    assert (tmp_path / LEDGER).exists()
    assert (tmp_path / ".fupin" / "key").stat().st_mode & 0o777 == 0o600


def test_whoever_works_in_a_project_sees_the_same_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "甲", "乙":
        (tmp_path / name).mkdir()
        write(tmp_path / name / "名单.csv", rows())
    before = mark(check(tmp_path / "甲" / "名单.csv", "--no-ledger"), "IC208")
    assert mark(check(tmp_path / "甲" / "名单.csv"), "IC208") == before
    for name in "XDG_CONFIG_HOME", "APPDATA":
        monkeypatch.setenv(name, str(tmp_path / "另一个人"))
    assert mark(check(tmp_path / "甲" / "名单.csv"), "IC208") == before
    assert mark(check(tmp_path / "甲" / "名单.csv", "--no-ledger"), "IC208") == before
    assert mark(check(tmp_path / "乙" / "名单.csv"), "IC208") != before


def test_no_name_number_or_value_of_anyone_is_in_the_ledger(tmp_path: Path) -> None:
    check(write(tmp_path / "名单.csv", rows()))
    held = b"".join(p.read_bytes() for p in (tmp_path / ".fupin").iterdir())
    personal = {str(row[f]) for row in rows() for f in ("姓名", "证件号码", "户编号", "户联系电话",
                                                         "人口编号")}  # fmt: skip
    assert [text for text in personal if text.encode() in held] == []
    assert "小学二年级半".encode() not in held


def test_what_is_typed_into_the_place_columns_does_not_get_in_either(tmp_path: Path) -> None:
    some = [{**row, "村": f"王家村{row['证件号码']}", "乡": "电话13800001234"} for row in rows()]
    check(write(tmp_path / "名单.csv", some))
    held = b"".join(p.read_bytes() for p in (tmp_path / ".fupin").iterdir())
    assert [r["姓名"] for r in some if str(r["证件号码"]).encode() in held] == []
    assert b"13800001234" not in held


def test_the_screen_says_what_the_ledger_made_of_it(tmp_path: Path) -> None:
    file = write(tmp_path / "名单.csv", rows())
    first = run("check", file, "--as-of", "2019", "--region", "", "--no-xlsx", "--select", "IC208")
    assert "台账  第 1 次核对\n  新发现 1\n" in first.out
    listed = run("ledger", "runs", "--ledger", tmp_path / LEDGER)
    assert (listed.code, "共 1 条" in listed.out) == (0, True)


@pytest.mark.parametrize("form", ["json", "csv", "console"])
def test_findings_are_listed_in_every_form(tmp_path: Path, form: str) -> None:
    check(write(tmp_path / "名单.csv", rows()))
    done = run("ledger", "findings", "--ledger", tmp_path / LEDGER, "--format", form)
    assert done.code == 0
    assert all(rule in done.out for rule in RULES)
    assert "柳溪镇" in done.out


def test_a_run_without_the_members_settles_nothing_that_needs_them(tmp_path: Path) -> None:
    """HH019 compares the household sheet with the list of persons. Of a household
    whose persons are on another list that is not there, it says nothing."""
    from file_writers import xlsx
    from register_facts import houses, people

    head, *persons = people()
    file = xlsx(tmp_path / "全.xlsx", {"户": houses(), "人": [head, *persons]})
    assert counts(check(file, "--select", "HH019")) == {"new": 1}
    others = [row for row in persons if row[0] != HOUSES[1]["户编号"]]
    part = xlsx(tmp_path / "缺.xlsx", {"户": houses(), "人": [head, *others]})
    counts(check(part, "--select", "HH019"))
    assert set(state_of(tmp_path, "HH019")) & {"corrected", "gone"} == set()
    alone = xlsx(tmp_path / "户.xlsx", {"户": houses()})
    assert counts(check(alone, "--select", "HH019")) == {"unseen": 1}


def test_findings_about_a_sheet_close_with_their_own_sheet_only(tmp_path: Path) -> None:
    """A column missing on one township's list is not there because another's has it."""
    chosen = ("--select", "FM007")
    some = rows()
    file, other = tmp_path / "甲镇.csv", tmp_path / "乙镇.csv"

    def listed(path: Path, houses: set[str], *, whole: bool) -> Path:
        write(path, [row for row in some if row["户编号"] in houses])
        if not whole:
            text = path.read_text(encoding="utf-8").replace("证件号码", "别的什么", 1)
            path.write_text(text, encoding="utf-8")
        return path

    numbers = [house["户编号"] for house in HOUSES]
    first = counts(check(listed(file, set(numbers[:3]), whole=False), *chosen))
    known = first["new"]
    assert known
    assert counts(check(listed(other, set(numbers[3:]), whole=True), *chosen))["unseen"] == known
    told = counts(check(listed(file, set(numbers[:3]), whole=True), *chosen))
    assert told["corrected"] >= 1


def test_what_a_retired_rule_found_lapses_though_no_run_asks_of_it() -> None:
    from fupin_audit.ledger.reconcile import Old, reconcile
    from fupin_audit.model.sighting import Known

    def old(number: int, rule: str, state: str) -> Old:
        mark = bytes([number]) * 16
        known = Known(mark, rule, "household", "member", ("", "", ""), b"h", b"", (), (), ())
        return Old(number, known, b"", state, "2019-01-01", "", b"", "", "error")

    known = [old(1, "LV174", "open"), old(2, "LV174", "confirmed"), old(3, "LV175", "open")]
    moves = reconcile(
        known, [], lambda some: ["unseen"] * len(some), {}, "2019-02-01", frozenset({"LV174"})
    )  # fmt: skip
    assert [(m.finding, m.now, m.how) for m in moves.moved] == [
        (1, "lapsed", "retired"), (2, "lapsed", "retired"),
    ]  # fmt: skip
    assert moves.counts == {"lapsed": 2, "unseen": 1}
