"""What a small run must not pay for, and what it keeps from the run before."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from fupin_audit.errors import RulePackError
from fupin_audit.evaluate.compiled import compiled
from fupin_audit.evaluate.plan import compile_rules
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.recognise.lexicon import build, lexicon_of

HEAVY = ("pandas", "pyarrow", "pandera", "pydantic", "hypothesis")


@pytest.fixture(scope="module")
def pack() -> ResolvedPack:
    return resolve(load_pack(), date(2019, 12, 31))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    return tmp_path / "fupin-audit" / "packs"


def test_a_check_loads_no_frame_nor_schema_library(tmp_path: Path) -> None:
    table = tmp_path / "户.csv"
    table.write_text("户编号,户主姓名,家庭人口数\n6110020010001,张三,4\n", encoding="utf-8")
    code = (
        "import sys; from fupin_audit.cli import app; from fupin_audit.cli.door import guarded\n"
        f"sys.argv = ['fupin-audit', 'check', {str(table)!r}, '--out', {str(tmp_path)!r}]\n"
        "try: guarded(app)\n"
        f"finally: print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_kept_plans_are_those_compiled(pack: ResolvedPack, kept: Path) -> None:
    rules = list(pack.rules.values())
    made = compile_rules(rules, pack)
    assert compiled(rules, pack) == made
    (file,) = kept.glob("*.plans")
    assert compiled(rules, pack) == made
    assert compiled(rules[3:5], pack) == made[3:5]
    assert [f.name for f in kept.glob("*.plans")] == [file.name]


@pytest.mark.parametrize("damage", [b"", b"\x93\x01\x02\x03", b"\xff" * 40])
def test_a_damaged_entry_counts_as_none(pack: ResolvedPack, kept: Path, damage: bytes) -> None:
    rules = list(pack.rules.values())[:3]
    compiled(rules, pack)
    lexicon_of(pack)
    for file in kept.iterdir():
        file.write_bytes(damage)
    assert compiled(rules, pack) == compile_rules(rules, pack)
    assert lexicon_of(pack) == build(pack)


def test_a_changed_term_changes_the_plans(pack: ResolvedPack, kept: Path) -> None:
    rule = next(r for r in pack.rules.values() if "周岁" in (r.when or ""))
    before = compiled([rule], pack)
    terms = {**pack.terms, "周岁": msgspec.structs.replace(pack.terms["周岁"], means="1 + 1")}
    assert compiled([rule], replace(pack, terms=terms)) != before


def test_a_broken_rule_stops_only_who_asks_for_it(pack: ResolvedPack, kept: Path) -> None:
    sound, other, *_ = pack.rules.values()
    broken = msgspec.structs.replace(other, when="没有这个字段 > 1")
    torn = replace(pack, rules={**pack.rules, other.id: broken})
    assert [p.rule for p in compiled([sound], torn)] == [sound]
    with pytest.raises(RulePackError):
        compiled([sound, broken], torn)
