from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_audit.recognise.headers import read_header
from fupin_audit.recognise.lexicon import build
from fupin_audit.recognise.units import conversion
from recognise_factory import one, pack, sheet

LEXICON = build(pack())
KNOWN = sorted(
    {
        (table, name, text)
        for table, shape in pack().tables.items()
        for name, spec in shape.fields.items()
        for text in (name, *spec.aliases, *spec.invert_aliases)
    }
)
NOISE = [
    " ",
    "\u3000",
    "\n",
    "\r\n",
    "\t",
    "\u200b",
    "\ufeff",
    "\xa0",
    "、",
    "，",
    "。",
    "·",
    "；",
    "-",
    "_",
]
WIDE = {c: chr(ord(c) + 0xFEE0) for c in string.ascii_letters + string.digits + "()/,:"}


@pytest.mark.parametrize(("table", "name", "text"), KNOWN, ids=lambda v: str(v))
def test_every_name_and_alias_is_found(table: str, name: str, text: str) -> None:
    sense = LEXICON.sense(read_header(text))
    assert sense is not None
    assert (table, name) in {(c.table, c.field) for c in sense.claims}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_matching_ignores_space_width_and_punctuation(data: st.DataObject) -> None:
    table, name, text = data.draw(st.sampled_from(KNOWN))
    written = ""
    for char in text:
        written += data.draw(st.sampled_from([char, WIDE.get(char, char)]))
        written += data.draw(st.sampled_from(["", "", "", *NOISE]))
    written = data.draw(st.sampled_from(["", "*", " ", "＊"])) + written
    written += data.draw(st.sampled_from(["", "：", ":", "♦", " * "]))
    sense = LEXICON.sense(read_header(written))
    assert sense is not None
    assert (table, name) in {(c.table, c.field) for c in sense.claims}


@pytest.mark.parametrize(
    ("text", "field", "unit", "year"),
    [
        ("*搬迁人员身份证号", "证件号码", None, None),
        ("搬迁人员姓名 ", "姓名", None, None),
        ("户主\n姓名", "户主姓名", None, None),
        ("户主：", "户主姓名", None, None),
        ("危房户♦", "是否危房户", None, None),
        ("A12劳动 能力", "劳动技能", None, None),
        ("A17a 工资性收入(元)", "工资性收入", "元", None),
        ("A3a主要致贫原因(单选)", "主要致贫原因", None, None),
        ("是否户主(是/否)", "是否户主", None, None),
        ("户联系电话（必填）", "户联系电话", None, None),
        ("姓名（自填）", "姓名", None, None),
        ("牧草地面积（亩)", "牧草地面积", "亩", None),
        ("住房面积（㎡）", "住房面积", "平方米", None),
        ("与村主干路距离（m）", "与村主干路距离", "米", None),
        ("务工时间（月)", "务工时间", "月", None),
        ("公益性岗位(月数)", "公益性岗位月数", None, None),
        ("人均纯收入【单位：万元】", "人均纯收入", "万元", None),
        ("工资性收入/元", "工资性收入", "元", None),
        ("工资性收入元", "工资性收入", "元", None),
        ("2017人均纯收入", "人均纯收入", None, 2017),
        ("2017年人均纯收入（元）", "人均纯收入", "元", 2017),
        ("人均纯收入(2017年)", "人均纯收入", None, 2017),
        ("人均纯收入２０１８", "人均纯收入", None, 2018),
        ("2017家庭总收入", "年收入", None, 2017),
        ("戶主姓名", "户主姓名", None, None),
        ("與戶主關係", "与户主关系", None, None),
        ("致贫/返贫风险2", "致贫返贫风险2", None, None),
        ("1、姓名", "姓名", None, None),
        ("①姓名", "姓名", None, None),
        ("ＦＡＭＩＬＹｎｏ", "户编号", None, None),
        ("证件号码(残疾人证)", "证件号码", None, None),
    ],
)
def test_written_forms(text: str, field: str, unit: str | None, year: int | None) -> None:
    sense = LEXICON.sense(read_header(text))
    assert sense is not None
    assert field in {c.field for c in sense.claims}
    assert (sense.reading.unit, sense.reading.year) == (unit, year)


def test_brackets_that_mean_something_are_kept() -> None:
    for text in ("公益性岗位(月数)", "家庭人口数（去世）", "姓名（监护人）"):
        sense = LEXICON.sense(read_header(text))
        plain = LEXICON.sense(read_header(text.split("(")[0].split("（")[0]))
        assert sense is None or plain is None or sense.claims != plain.claims


@pytest.mark.parametrize(
    ("unit", "target", "factor", "doubtful"),
    [
        ("万元", "元", 10_000, False),
        ("元", "元", 1, False),
        ("m", "公里", 0.001, False),
        ("千米", "公里", 1, False),
        ("㎡", "亩", 3 / 2000, False),
        ("公顷", "亩", 15, False),
        ("亩", "平方米", 1, True),
        ("元", "亩", 1, True),
        ("人", None, 1, False),
        (None, "元", 1, False),
    ],
)
def test_units(unit: str | None, target: str | None, factor: float, doubtful: bool) -> None:
    found, doubt = conversion(unit, target)
    assert found == pytest.approx(factor)
    assert bool(doubt) is doubtful


def test_factor_and_doubt_reach_the_match() -> None:
    found = one(
        sheet(
            [
                [
                    "户编号",
                    "户主姓名",
                    "家庭人口数",
                    "人均纯收入（万元）",
                    "住房面积（亩）",
                    "耕地面积(㎡)",
                ],
                ["1101010001", "张三", 3, 0.5, 80, 2000],
            ]
        )
    )
    money = found.matches["household", "人均纯收入"]
    house = found.matches["household", "住房面积"]
    land = found.matches["household", "耕地面积"]
    assert (money.unit, money.factor, money.doubt) == ("万元", 10_000, "")
    assert (house.unit, house.factor) == ("亩", 1.0)
    assert house.doubt
    assert land.factor * 2000 == pytest.approx(3)
