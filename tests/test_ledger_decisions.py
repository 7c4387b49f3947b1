"""情况属实: a confirmation holds for one rule, value and threshold, and no longer."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import fupin_audit.ledger as room
from command_line import run
from docs_demo import ROOT
from fupin_audit.errors import UsageError
from ledger_kit import LEDGER, check, confirm, counts, ledger, mark, rows, state_of, write
from register_facts import number


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("first")
    return folder, mark(check(write(folder / "名单.csv", rows())), "IC208")


@pytest.fixture
def project(first: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    """A register that has been checked once, and the fingerprint of its IC208."""
    shutil.copytree(first[0], tmp_path, dirs_exist_ok=True)
    return tmp_path / "名单.csv", first[1]


def test_a_confirmed_finding_is_counted_apart_and_listed_on_request(
    project: tuple[Path, str], tmp_path: Path
) -> None:
    file, one = project
    said = confirm(tmp_path, one[:12])
    assert (said.code, said.out) == (0, f"{one[:12]}  IC208  待核实 → 情况属实\n")
    done = check(file)
    assert counts(done) == {"still": 4, "confirmed": 1}
    assert (done.json["ledger"]["hidden"], "IC208" in done.rules()) == (1, False)
    assert done.json["summary"]["findings"] == 4
    with_it = check(file, "--with-confirmed")
    assert {f["rule"]: f["state"] for f in with_it.json["findings"]}["IC208"] == "confirmed"
    listed = ledger(tmp_path, "findings", "--state", "情况属实", "--format", "json").json
    assert [(f["fingerprint"], f["by"], f["evidence"]) for f in listed] == [
        (one, "王核", "佐证-0012")
    ]
    quiet = check(file, "--format", "csv")
    assert "情况属实、此后没有变的 1 条没有列入" in quiet.err
    screen = run("check", file, "--as-of", "2019", "--region", "", "--no-xlsx", "--select", "IC208")
    assert (screen.code, "情况属实、此后没有变的 1 条没有列入" in screen.out) == (0, True)


def test_another_value_is_not_covered_by_it(project: tuple[Path, str], tmp_path: Path) -> None:
    file, one = project
    confirm(tmp_path, one)
    some = rows()
    for row in some:
        if row["人均纯收入"] == -300:
            row["人均纯收入"] = -301
    done = check(write(file, some))
    assert {f["rule"]: f["state"] for f in done.json["findings"]}["IC208"] == "reopened"
    assert state_of(tmp_path, "IC208") == ["changed", "reopened"]


def test_another_threshold_is_not_covered_by_it(tmp_path: Path) -> None:
    """The rule pack moves a figure; the value stays as it was."""
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules" / "core", rules)
    some = rows()
    child = next(row for row in some if row["姓名"] == "孙丽")
    child["证件号码"] = number("19750520", 26)
    child["与户主关系"] = "之女"
    file = write(tmp_path / "名单.csv", some)
    chosen = ("--select", "HH017", "--pack", rules)
    confirm(tmp_path, mark(check(file, *chosen), "HH017"))
    assert counts(check(file, *chosen)) == {"confirmed": 1}
    figure = rules / "params" / "generation_gap.yaml"
    text = figure.read_text(encoding="utf-8")
    figure.write_text(text.replace("value: 14", "value: 13"), encoding="utf-8")
    assert text != figure.read_text(encoding="utf-8")
    assert counts(check(file, *chosen)) == {"reopened": 1}


def test_it_ends_on_the_day_it_says(project: tuple[Path, str], tmp_path: Path) -> None:
    file, one = project
    today = datetime.now().astimezone()
    confirm(tmp_path, one, more=("--expires", today.date().isoformat()))
    assert counts(check(file)) == {"still": 4, "confirmed": 1}
    ledger(tmp_path, "decide", one, "--state", "待核实")
    long_ago = today - timedelta(days=9)
    room.decide(
        tmp_path / LEDGER, [one], "confirmed", now=long_ago, by="王核", evidence="佐证-1",
        expires=(today - timedelta(days=1)).date(),
    )  # fmt: skip
    assert counts(check(file)) == {"still": 4, "reopened": 1}


def test_it_survives_the_record_being_away(project: tuple[Path, str], tmp_path: Path) -> None:
    file, one = project
    confirm(tmp_path, one)
    away = [row for row in rows() if row["人均纯收入"] != -300]
    assert counts(check(write(file, away), "--whole")) == {"still": 4, "gone": 1}
    assert counts(check(write(file, rows()))) == {"still": 4, "confirmed": 1}


def test_could_not_be_verified_stays_on_the_list(project: tuple[Path, str], tmp_path: Path) -> None:
    file, one = project
    ledger(tmp_path, "decide", one, "--state", "无法核实", "--note", "举家外出")
    done = check(file)
    assert counts(done) == {"still": 4, "unresolved": 1}
    assert {f["rule"]: f["state"] for f in done.json["findings"]}["IC208"] == "unresolved"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{mark}", "--state", "情况属实"), "佐证材料"),
        (("{mark}", "--state", "情况属实", "--by", "王核"), "佐证材料"),
        (("{mark}", "--state", "没有的"), "没有状态"),
        (("{mark}", "--state", "已更正"), "下一次核对"),
        (("0000000000", "--state", "无法核实"), "台账里没有"),
        (("abc", "--state", "无法核实"), "至少写 8 位"),
        (("{mark}", "--state", "无法核实", "--expires", "2099-01-01"), "有效期"),
        (
            (
                "{mark}",
                "--state",
                "情况属实",
                "--by",
                "王",
                "--evidence",
                "x",
                "--expires",
                "2001-1",
            ),
            "读不出来",
        ),
        (
            ("{mark}", "--state", "情况属实", "--by", "王", "--evidence", "611002198503020012"),
            "个人信息",
        ),
        (("{mark}", "--state", "无法核实", "--note", "电话13800000001"), "个人信息"),
    ],
)
def test_a_decision_nobody_could_account_for_is_refused(
    project: tuple[Path, str], tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    _, one = project
    done = ledger(tmp_path, "decide", *(a.format(mark=one) for a in arguments))
    assert (done.code, said in done.err) == (2, True), done.err
    assert state_of(tmp_path, "IC208") == ["open"]


def test_of_several_decisions_one_refused_refuses_all(
    project: tuple[Path, str], tmp_path: Path
) -> None:
    _, one = project
    assert confirm(tmp_path, one, "0123456789").code == 2
    assert state_of(tmp_path, "IC208") == ["open"]


# ---- stages, deadlines, lists ----


def test_stages_add_up_and_lamps_follow_the_days(project: tuple[Path, str], tmp_path: Path) -> None:
    file, one = project
    confirm(tmp_path, one)
    some = rows()
    next(row for row in some if row["姓名"] == "周福")["文化程度"] = "小学"
    check(write(file, some))
    today = date.today()

    def report(first: date, last: date) -> dict:
        return ledger(
            tmp_path, "stages", "--from", first, "--to", last, "--format", "json"
        ).json  # fmt: skip

    now = report(today, today)["total"]
    assert (now["stock"], now["found"], now["corrected"], now["confirmed"]) == (0, 5, 1, 1)
    assert (now["left"], now["closed"], now["green"]) == (3, 2, 3)
    assert now["share"] == pytest.approx(2 / 5)
    later = report(today + timedelta(days=1), today + timedelta(days=20))
    assert (later["total"]["stock"], later["total"]["left"]) == (3, 3)
    assert later["total"]["yellow"] == 3  # errors: 15 days
    much_later = report(today + timedelta(days=1), today + timedelta(days=31))
    assert much_later["townships"][0]["red"] == 3
    kinds = {kind["name"]: kind["zero"] for kind in much_later["kinds"]}
    assert kinds == {"HH014": False, "HH019": False, "ID004": False, "FM003": True, "IC208": True}
    red = ledger(tmp_path, "findings", "--colour", "red", "--on", today + timedelta(days=31))
    assert "共 3 条" in red.out
    assert report(today - timedelta(days=9), today - timedelta(days=1))["total"]["found"] == 0


def test_a_problem_is_no_younger_for_having_been_changed(
    project: tuple[Path, str], tmp_path: Path
) -> None:
    """A digit more does not put the lamp back to green."""
    file, _ = project
    some = rows()
    for row in some:
        if row["人均纯收入"] == -300:
            row["人均纯收入"] = -3000
    check(write(file, some))
    today = date.today().isoformat()
    total = ledger(tmp_path, "stages", "--from", today, "--format", "json").json["total"]
    assert (total["found"], total["changed"], total["left"], total["closed"]) == (5, 1, 5, 0)


def test_lists_are_noted_all_or_none(project: tuple[Path, str], tmp_path: Path) -> None:
    _, one = project
    place, now = tmp_path / LEDGER, datetime.now().astimezone()
    good, bad = room.Going("柳溪镇", [one], b"x"), room.Going("石桥镇", ["0" * 32], b"y")
    with pytest.raises(UsageError, match="台账里没有"):
        room.send(place, [good, bad], now=now)
    assert room.lists_sent(place) == []
    assert room.send(place, [good, good._replace(marks=[one[:12]])], now=now) == [1, 2]
    assert [sent.lines for sent in room.lists_sent(place)] == [1, 1]
    assert room.verify(place) == []


def test_lists_sent_and_answers_are_kept(project: tuple[Path, str], tmp_path: Path) -> None:
    file, one = project
    place, now = tmp_path / LEDGER, datetime.now().astimezone()
    other = mark(check(file), "FM003")
    going = room.Going("柳溪镇", [one, other], b"x" * 16)
    (sent,) = room.send(place, [going], now=now, run=2)
    assert room.listed(place) == {bytes.fromhex(one), bytes.fromhex(other)}
    noted = room.answered(
        place,
        [
            room.Answer(one, "情况属实", "applied", by="王核", evidence="佐证-3"),
            room.Answer(other, "已更正", "applied", field="文化程度", before=b"1", after=b"2"),
            room.Answer("deadbeef00", "已更正", "applied"),
            room.Answer(one, "无法核实", "applied"),
        ],
        now=now, of_list=sent,
    )  # fmt: skip
    assert [n.outcome for n in noted] == ["applied", "applied", "refused", "conflict"]
    assert state_of(tmp_path, "IC208") == ["confirmed"]
    assert state_of(tmp_path, "FM003") == ["open"]
    (told,) = room.lists_sent(place)
    assert (told.audience, told.lines, told.answered) == ("柳溪镇", 2, 2)
    assert room.verify(place) == []
