"""The expression language: what it admits, refuses and suggests."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_audit.errors import RulePackError, RuleSyntaxError, UnknownName
from fupin_audit.packs.expr import parse
from fupin_audit.packs.functions import AGGREGATE_NAMES, FUNCTIONS
from fupin_audit.packs.load import load_pack
from fupin_audit.packs.names import Names
from fupin_audit.packs.resolve import resolve
from fupin_audit.packs.tree import fields_needed

PACK = resolve(load_pack(), date(2019, 12, 31))
NAMES: Names = PACK.names


@pytest.mark.parametrize(
    "text",
    [
        "家庭人口数 > 0",
        "0 <= 人均纯收入 <= 1000 + 纯收入 / 家庭人口数",
        '是否危房户 == "是" and not blank(住房面积)',
        '脱贫属性 in ("未脱贫", "返贫")',
        'any_member(与户主关系 == "户主")',
        'abs(人均纯收入 - last_year.人均纯收入) <= param("收入尾差")',
    ],
)
def test_admits_the_listed_grammar(text: str) -> None:
    assert parse(text, "household", NAMES).kind == "bool"


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('x')",
        "().__class__",
        "[x for x in (1,)]",
        "lambda: 1",
        "家庭人口数 ** 9",
        "户主姓名[0]",
        "f'{户主姓名}'",
        "abs(家庭人口数, key=1)",
        "家庭人口数 if 1 else 2",
        "家庭人口数 :=  2",
        "(" * 300 + "1" + ")" * 300,
        "1" * 3000,
    ],
)
def test_refuses_everything_else(text: str) -> None:
    with pytest.raises(RuleSyntaxError):
        parse(text, "household", NAMES)


def test_unknown_names_come_with_the_nearest() -> None:
    for text, near in (
        ("人均收纯入 > 1", "人均纯收入"),
        ("param('收入尾巴') > 1", "收入尾差"),
        ("blnk(纯收入)", "blank"),
        ('脱贫属性 == "已脱贪"', "脱贫"),
    ):
        with pytest.raises(UnknownName) as caught:
            parse(text, "household", NAMES, "IC999.yaml:3")
        assert near in caught.value.hint or near in caught.value.what
        assert caught.value.where == "IC999.yaml:3"


@pytest.mark.parametrize(
    "text", ['人均纯收入 == "多"', "户主姓名 > 1", "户主姓名 + 1 > 2", "not 家庭人口数"]
)
def test_kinds_must_fit(text: str) -> None:
    with pytest.raises(RuleSyntaxError):
        parse(text, "household", NAMES)


def test_optional_columns_are_not_needed() -> None:
    tree = parse("coalesce(年度家庭人口数, 家庭人口数) > 0 and 纯收入 > 0", "household", NAMES)
    assert set(fields_needed(tree)) == {("household", "纯收入")}


@given(st.text(max_size=60))
def test_the_parser_never_executes_and_fails_only_its_own_way(text: str) -> None:
    with contextlib.suppress(RulePackError):
        parse(text, "household", NAMES)


@given(
    st.sampled_from(["eval", "open", "exec", "getattr", "globals", "print"]), st.text(max_size=9)
)
def test_no_builtin_is_callable(name: str, argument: str) -> None:
    with pytest.raises(RulePackError):
        parse(f"{name}({argument!r})", "household", NAMES)


def test_the_guide_names_every_function() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "expressions.md").read_text(encoding="utf-8")
    for name in (*FUNCTIONS, *AGGREGATE_NAMES, "param"):
        assert f"{name}(" in guide, name
