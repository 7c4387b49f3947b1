"""Settings, column maps and what `--explain-columns` tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import file_writers as write
from command_line import check, run
from register_facts import FAULTS, ROWS, wide


def settings(folder: Path, text: str, file: Path) -> Path:
    """Write a settings file two folders above a copy of the register."""
    (folder / "fupin.toml").write_text(text, encoding="utf-8")
    inside = folder / "乡" / "村"
    inside.mkdir(parents=True, exist_ok=True)
    copy = inside / "名单.xlsx"
    copy.write_bytes(file.read_bytes())
    return copy


def test_settings_come_from_the_nearest_file_and_the_command_line_wins(
    register: Path, tmp_path: Path
) -> None:
    text = 'as_of = 2019-12-31\nregion = "61"\nselect = ["HH"]\nfail_on = "never"\n'
    file = settings(tmp_path, text, register)
    done = run("check", file, "--format", "json")
    assert done.code == 0
    assert (done.json["as_of"], done.json["region"]) == ("2019-12-31", "61")
    assert done.rules() == {"HH014", "HH019"}
    won = run(
        "check", file, "--format", "json", "--select", "ID", "--fail-on", "error", "--as-of", "2020"
    )
    assert (won.code, won.rules(), won.json["as_of"]) == (1, {"ID004"}, "2020-12-31")
    (file.parent / "fupin.toml").write_text('as_of = "2018"\n', encoding="utf-8")
    near = run("check", file, "--format", "json", "--statistics", "--region", "").json
    assert near["as_of"] == "2018-12-31"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('as_off = "2019"', "as_of"),
        ("select = 3", "select"),
        ("as_of = [", "读不出来"),
        ('as_of = "2019-99"', "2019-12-31"),
        ('[map]\n人数 = "家庭人口数"', "加引号"),
        ('[map]\n"人数" = "家庭人口"', "家庭人口数"),
    ],
)
def test_wrong_settings_are_told_with_their_file(
    register: Path, tmp_path: Path, text: str, said: str
) -> None:
    done = run("check", settings(tmp_path, text, register), "--no-xlsx")
    assert done.code == 2
    assert said in done.err


def odd_headers(folder: Path) -> Path:
    renamed = {"人数": "口子", "文化程度": "念书", "人均纯收入": "人均纯收人"}
    return write.xlsx(
        folder / "乡镇报表.xlsx", {"花名册": [[renamed.get(h, h) for h in wide()[0]], *wide()[1:]]}
    )


def test_a_near_miss_is_proposed_and_not_taken(tmp_path: Path) -> None:
    done = check(odd_headers(tmp_path), "--format", "json").json
    sheet = done["inputs"][0]["sheets"][0]
    assert set(sheet["unmatched"]) == {"口子", "念书", "人均纯收人"}
    assert {f["rule"] for f in done["findings"]} >= {"ID004", "HH014"}
    assert not {"HH019", "FM003", "IC208"} & {f["rule"] for f in done["findings"]}
    told = check(odd_headers(tmp_path), "--explain-columns")
    assert re.search(r"人均纯收人.*人均纯收入.*\d+\s?%", told.out)
    assert "IC208" in told.out


def test_a_map_pins_headers_and_letters(tmp_path: Path) -> None:
    file = odd_headers(tmp_path)
    pins = tmp_path / "对照.yaml"
    block = '"*报表*.xlsx":\n  columns: {L: 文化程度, 人均纯收人: 人均纯收入}\n'
    pins.write_text("口子: 家庭人口数\n" + block, encoding="utf-8")
    assert check(file, "--format", "json", "--map", pins).rules() == set(FAULTS)
    pins.write_text("口子: 家庭人囗数\n", encoding="utf-8")
    wrong = check(file, "--map", pins)
    assert (wrong.code, "家庭人口数" in wrong.err) == (2, True)


def test_the_map_of_the_settings_serves_and_the_map_file_wins(tmp_path: Path) -> None:
    file = odd_headers(tmp_path)
    (tmp_path / "fupin.toml").write_text(
        '[map]\n"口子" = "家庭人口数"\n"念书" = "劳动技能"\n', encoding="utf-8"
    )
    assert "HH019" in check(file, "--format", "json").rules()
    pins = tmp_path / "对照.yaml"
    pins.write_text("念书: 文化程度\n", encoding="utf-8")
    assert {"HH019", "FM003"} <= check(file, "--format", "json", "--map", pins).rules()


def test_explain_columns_tells_what_why_what_is_left_and_what_is_silenced(tmp_path: Path) -> None:
    head, *body = wide()
    file = write.xlsx(
        tmp_path / "a.xlsx", {"名单": [[*head, "门牌"], *([*r, "1号"] for r in body)], "空 ": []}
    )
    done = check(file, "--explain-columns")
    assert done.code == 0
    for text in ("I1", "人数", "家庭人口数", "门牌", "AA1", "IC212", "工资性收入", "空"):
        assert text in done.out
    assert not [r["姓名"] for r in ROWS if r["姓名"] in done.out]
