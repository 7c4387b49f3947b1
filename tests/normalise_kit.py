"""A small pack and small recognised sheets for the tests of normalising."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from fupin_audit.model.dataset import Dataset
from fupin_audit.model.recognised import Match, Recognised, Recognition
from fupin_audit.model.sheet import RawColumn, RawSheet, address
from fupin_audit.normalise import normalise
from fupin_audit.packs.manifest import Relation
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Code, CodeList, Field, Label, Table

ALL = ("registration", "monitoring", "regular")


def field(kind: str, **more: Any) -> Field:
    return Field(en=kind, type=kind, **more)


PLACES = {
    "省": field("region", role="province"),
    "县": field("region", role="county"),
    "村": field("region", role="village"),
}

HOUSEHOLD = {
    **PLACES,
    "户编号": field("text", role="household_key", required=ALL, expected=ALL),
    "户主姓名": field("name", role="head_name", required=ALL),
    "年度": field("year", role="year"),
    "家庭人口数": field("integer"),
    "户联系电话": field("phone", role="phone", personal=True),
    "银行卡号": field("account"),
    "贫困户属性": field("code", codes="poverty"),
    "是否危房户": field("code", codes="yes_no", invert_aliases=("住房是否安全",)),
    "帮扶措施": field("codes", codes="measures"),
    "首次识别时间": field("month"),
    "脱贫年度": field("year"),
    "耕地面积": field("number", unit="亩"),
    "住房面积": field("number", unit="平方米"),
    "与村主干路距离": field("number", unit="公里"),
    "纯收入": field("money", unit="元"),
    "人均纯收入": field("money", unit="元"),
    "备注": field("text"),
}
MEMBER = {
    **PLACES,
    "户编号": field("text", role="household_key", required=ALL),
    "人口编号": field("text", role="person_key"),
    "姓名": field("name", role="person_name"),
    "证件号码": field("id_number", role="id_number"),
    "与户主关系": field("code", codes="relation", role="head_relation"),
    "性别": field("code", codes="sex"),
    "出生日期": field("date"),
    "健康状况": field("codes", codes="health", code_set="national"),
    "务工时间": field("number", unit="月"),
}


def codes(name: str, *values: Code, open: bool = False) -> CodeList:
    return CodeList(id=name, label=Label(zh=name), values=values, open=open)


CODES = {
    c.id: c
    for c in (
        codes("yes_no", Code(label="是", aliases=("有",), numbers={"one": "1"}),
              Code(label="否", aliases=("没有", "安全"), numbers={"one": "0"})),
        codes("sex", Code(label="男", aliases=("男性",), numbers={"national": "1"}),
              Code(label="女", aliases=("女性",), numbers={"national": "2"})),
        codes("relation", Code(label="户主", aliases=("本人",)), Code(label="配偶"),
              Code(label="之子"), Code(label="之女"), Code(label="其他")),
        codes("health", Code(label="健康", numbers={"national": "01"}),
              Code(label="长期慢性病", numbers={"national": "02"}),
              Code(label="患有大病", aliases=("大病",), numbers={"national": "03"}),
              Code(label="残疾", numbers={"national": "04"})),
        codes("poverty", Code(label="一般贫困户"), Code(label="低保贫困户", aliases=("低保户",)),
              Code(label="高中", aliases=("高中(含职业高中、技校)",), misprints=("髙中",))),
        codes("measures", Code(label="技能培训"), Code(label="外出务工补贴"), Code(label="其他"),
              open=True),
    )
}  # fmt: skip


def small_pack(era: str = "registration") -> ResolvedPack:
    """A resolved pack of two tables, without rules."""
    tables = {
        "household": Table(
            table="household", label=Label(zh="户"), key=("户编号",), fields=HOUSEHOLD
        ),
        "member": Table(table="member", label=Label(zh="成员"), key=("人口编号",), fields=MEMBER),
    }
    return ResolvedPack(
        id="small", version="0", digest="", path="", overlays=(),
        as_of=date(2019, 12, 31), region="", era=era,
        tables=tables, codes=CODES, params={}, terms={}, rules={}, inapplicable={},
        relations=(Relation(child="member", parent="household", on=("户编号",)),), populations={},
    )  # fmt: skip


def raw_column(cells: list[Any]) -> RawColumn:
    """Encode cells as readers do: by value and kind."""
    values: list[Any] = [None]
    index: dict[Any, int] = {(type(None), None): 0}
    codes = []
    for cell in cells:
        key = (type(cell), cell)
        if key not in index:
            index[key] = len(values)
            values.append(cell)
        codes.append(index[key])
    return RawColumn(np.array(codes, dtype=np.int32), values)


def sheet(
    table: str,
    columns: dict[str, list[Any]],
    *,
    also: tuple[str, ...] = (),
    file: str = "a.xlsx",
    headers: dict[str, dict[str, Any]] | None = None,
    **more: Any,
) -> Recognised:
    """A sheet whose header is row 1; a field is bound to the tables having it,
    on a wide sheet to the household's first, as recognising does."""
    fields = {"household": HOUSEHOLD, "member": MEMBER}
    matches, last_year, raw = {}, {}, []
    for at, (name, cells) in enumerate(columns.items()):
        bare = name.removeprefix("last_year.")
        holder = next(t for t in (table, *also) if bare in fields[t])
        given = {"header": bare, **(headers or {}).get(bare, {})}
        found = Match(bare, holder, at, cell=address(0, at), how="name", **given)
        (last_year if bare != name else matches)[holder, bare] = found
        raw.append(raw_column([bare, *cells]))
    n = len(raw[0].codes)
    return Recognised(
        RawSheet(file, "Sheet1", raw, n, merges=more.pop("merges", [])), table, also, (1,),
        more.pop("rows", np.arange(1, n)), matches, last_year, **more,
    )  # fmt: skip


def cleaned(*sheets: Recognised, **more: Any) -> Dataset:
    return normalise(Recognition(list(sheets), []), small_pack(), **more)


def one(name: str, cells: list[Any], **more: Any) -> tuple[list[Any], list[bool], Dataset]:
    """Clean one column: (values with None for missing, void, dataset)."""
    table = "member" if name in MEMBER and name not in HOUSEHOLD else "household"
    dataset = cleaned(sheet(table, {name: cells}, headers={name: more.pop("header", {})}), **more)
    data = dataset.tables[table]
    values = [None if pd.isna(v) else v for v in data.frame[name].astype(object)]
    void = data.void.get(name, np.zeros(len(data), dtype=bool)).tolist()
    return values, void, dataset


def seen(dataset: Dataset, what: str) -> list[Any]:
    return [o for o in dataset.observations if o.what == what]
