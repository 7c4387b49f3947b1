"""Functions of text answer for many texts at once what each would be told alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fupin_audit.domain import citizen_id, disability_card
from fupin_audit.evaluate import identity, texts
from fupin_audit.evaluate.texts import Texts
from fupin_audit.evaluate.values import Column, Truth

SAID = [
    "", "0", "无", "暂无", "X", "13912345678", "139123456789", "23912345678", "12912345678",
    "1391234567", "13٣12345678", "１3912345678", "0914-2312345", "2312345", "02912345678",
    "年" * 18,
    "11010519491231002X", "11010519491231002X43", "11010519491231002X4A", "11010519491231002X43B1",
    "110105194912310021", "110105491231001", "6217" * 4 + "217", "9" * 22, "9" * 23, "99999",
    "999999194912310021", " 13912345678", "a-b", "0-9", "张三", "张三·李四", "\x0013912345678",
]  # fmt: skip


def told(function: Callable[..., Column | Truth], *constants: Any) -> list[Any]:
    """Return the answer per text, None for none."""
    answers = function(Texts(np.array(SAID, dtype=object)), *constants)
    if isinstance(answers, Truth):
        yes, no = answers.yes.tolist(), answers.no.tolist()
        return [True if y else False if n else None for y, n in zip(yes, no, strict=True)]
    data = answers.data if answers.texts is None else answers.texts[answers.data]
    return [v if k else None for v, k in zip(data.tolist(), answers.known.tolist(), strict=True)]


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]+", "[0-9]{11}", "[0-9]+X?|[0-9]{17}X[0-9]+|[0-9]{17}[0-9X][0-9]{2}B[0-9]", "无|暂无",
        "[^0-9]*", ".{11}", "1[3-9][0-9]{9}", r"1[3-9]\d{9}", "0-9", r"(.)\1*", "(?:9)+", "9{22}",
        "[张-李三四·]+", "[a0-9]+", "",
    ],
)  # fmt: skip
def test_patterns_match_what_they_match(pattern: str) -> None:
    assert told(texts.matches, pattern) == [bool(re.fullmatch(pattern, one)) for one in SAID]


@pytest.mark.parametrize("word", ["999999", "1", "", "X", "张", "9" * 22, "9" * 23, "\x00", "ÿ"])
def test_texts_start_with_what_they_start_with(word: str) -> None:
    assert told(texts.starts, word) == [one.startswith(word) for one in SAID]


@pytest.mark.parametrize("size", [0, 1, 11, 18, 40])
def test_texts_are_cut_at_either_end_and_like_stays_like(size: int) -> None:
    assert told(texts.first, size) == [one[:size] for one in SAID]
    assert told(texts.last, size) == [one[-size:] for one in SAID]
    cut = texts.first(Texts(np.array(SAID, dtype=object)), size)
    for i, one in enumerate(SAID):
        like = [other[:size] == one[:size] for other in SAID]
        assert (cut.data == cut.data[i]).tolist() == like


def test_telephones_and_cards_are_what_they_are_alone() -> None:
    mobile, landline = re.compile(r"1[3-9]\d{9}"), re.compile(r"(0\d{2,3}-?)?[2-9]\d{6,7}")
    assert told(identity.is_mobile) == [bool(mobile.fullmatch(one)) for one in SAID]
    assert told(identity.is_landline) == [bool(landline.fullmatch(one)) for one in SAID]
    assert told(identity.disability_kind) == [disability_card.kind(one) for one in SAID]
    assert told(identity.disability_grade) == [disability_card.grade(one) for one in SAID]
    right = [citizen_id.is_check_ok(one) if len(one) >= 18 else None for one in SAID]
    assert told(identity.id_ok) == right
