"""The shipped pack keeps its own law: every rule's examples, and lint."""

from __future__ import annotations

import pytest

from fupin_audit.lint import deep, lint
from fupin_audit.packs.load import all_rules, load_pack
from fupin_audit.selftest import run_examples

PACK = load_pack()
IDS = [rule.id for rule in all_rules(PACK)]


@pytest.mark.parametrize("rule_id", IDS)
def test_examples_hold(rule_id: str) -> None:
    wrong = [
        f"{o.example}：应为 {o.expected}，得到 {o.got}"
        for o in run_examples(PACK, [rule_id])
        if not o.ok
    ]
    assert wrong == []


def test_examples_notice_a_broken_rule() -> None:
    assert deep(PACK) == []


def test_lint_is_clean() -> None:
    assert lint(PACK) == []


def test_no_rule_came_back_from_retirement() -> None:
    assert not set(IDS) & set(PACK.retired)
