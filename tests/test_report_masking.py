"""What a report shows of personal values."""

from __future__ import annotations

import pytest

from fupin_audit.report import masking
from report_factory import make_pack


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (masking.mask_name, "张三", "张*"),
        (masking.mask_name, "欧阳小明", "欧***"),
        (masking.mask_name, "阿依古丽·买买提", "阿***"),
        (masking.mask_name, "王", "*"),
        (masking.mask_name, "", ""),
        (masking.mask_id, "611002198503020012", "611002********0012"),
        (masking.mask_id, "61100219850302001242", "611002**********1242"),
        (masking.mask_id, "611002850302001", "611002*****2001"),
        (masking.mask_id, "6110021970", "61******70"),
        (masking.mask_id, "123", "***"),
        (masking.mask_phone, "13812341234", "138****1234"),
        (masking.mask_phone, "0914-2312345", "091*****2345"),
        (masking.mask_phone, "2312345", "*****45"),
        (masking.mask_phone, "110", "***"),
        (masking.mask_account, "6210000000000001234", "***************1234"),
        (masking.mask_account, "1234", "****"),
        (masking.mask_date, "1985-03-02", "1985****"),
        (masking.mask_date, "约五十岁", "约*"),
        (masking.mask_text, "某省某县某村 3 组", "某*"),
        (masking.mask_free, "联系 13812341234，证 61100219850302001X。",
         "联系 138****1234，证 611002********001X。"),
        (masking.mask_free, "户编号 6100000001 共 3 人", "户编号 6100000001 共 3 人"),
    ],
)  # fmt: skip
def test_a_value_is_recognisable_and_not_whole(mask, text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize("size", range(1, 30))
def test_no_length_shows_more_than_is_needed(size: int) -> None:
    text = "1234567890123456789012345678901"[:size]
    for mask in (masking.mask_id, masking.mask_phone, masking.mask_account, masking.mask_text):
        hidden = mask(text).count("*")
        assert mask(text) != text
        assert hidden >= min(size, 4) or mask is masking.mask_text


def test_policies_differ_in_names_only() -> None:
    pack = make_pack()
    masked, named, opened = (masking.masker(pack, p) for p in ("masked", "named", "open"))
    assert masked("member", "姓名", "张三") == "张*"
    assert named("member", "姓名", "张三") == "张三"
    assert named("member", "证件号码", "611002198503020012") == "611002********0012"
    assert named("member", "household.户联系电话", "13812341234") == "138****1234"
    assert masked("member", "户联系电话", "13812341234") == "138****1234"
    assert opened("member", "证件号码", "611002198503020012") == "611002198503020012"


def test_register_numbers_and_error_values_stand() -> None:
    mask = masking.masker(make_pack(), "masked")
    assert mask("member", "户编号", "6100000001") == "6100000001"
    assert mask("member", "人口编号", "610000000101") == "610000000101"
    assert mask("member", "证件号码", "#N/A") == "#N/A"
