"""A small county made by hand: what the report tests report on.

Everyone in it is invented; the id numbers carry wrong check digits on purpose.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from fupin_audit.model.dataset import CleaningLog, Dataset, LogBlock, TableData
from fupin_audit.model.findings import Coverage, Findings, Piece, RuleHits
from fupin_audit.model.recognised import Match, Recognised, Recognition, SetAside, Skipped
from fupin_audit.model.run import CheckResult, Region
from fupin_audit.model.sheet import RawColumn, RawSheet, SourceFile, address
from fupin_audit.model.values import Coded, Plain, Values
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Basis, Example, Field, Label, Rule, Table

HOUSEHOLD = {
    "县": ("region", "county"), "乡": ("region", "township"), "村": ("region", "village"),
    "户编号": ("text", "household_key"), "户主姓名": ("name", "head_name"),
    "户联系电话": ("phone", "phone"), "银行卡号": ("account", "bank_account"),
    "家庭人口数": ("integer", None), "人均纯收入": ("money", None),
}  # fmt: skip
MEMBER = {
    "县": ("region", "county"), "乡": ("region", "township"), "村": ("region", "village"),
    "户编号": ("text", "household_key"), "人口编号": ("text", "person_key"),
    "姓名": ("name", "person_name"), "证件号码": ("id_number", "id_number"),
    "与户主关系": ("code", "head_relation"), "性别": ("code", None),
}  # fmt: skip
PERSONAL = {"户主姓名", "户联系电话", "银行卡号", "姓名", "证件号码"}

WANG, LI, ZHAO = (
    ["商州区", "沙河镇", "王村", "6100000001"],
    ["商州区", "沙河镇", "李村", "6100000002"],
    ["商州区", "黑山镇", "赵村", "6100000003"],
)
HOUSEHOLDS = [
    [*WANG, "张三", "13812341234", "6210000000000001234", 3, 10000.0],
    [*LI, "欧阳小明", "13912345678", None, 2, 3200.5],
    [*ZHAO, "=1+1", None, "6210000000000005678", 1, None],
]
MEMBERS = [
    [*WANG, "610000000101", "张三", "611002198503020012", "户主", "男"],
    [*WANG, "610000000102", "李四", "611002198604050028", "配偶", "女"],
    [*LI, "610000000201", "欧阳小明", "611002197001010035", "户主", "男"],
    [*LI, "610000000202", "小红", "611002197001010035", "之女", None],
    [*ZHAO, "610000000301", "=1+1", "6110021970", "户主", "男"],
]


def make_rule(rule: str, table: str, severity: Any, item: int, zh: str, **more: Any) -> Rule:
    return Rule(
        id=rule, name=rule.lower(), title=Label(zh=zh, en=more.pop("en", "")), table=table,
        kind=more.pop("kind", "row"), severity=severity, audit_item=item,
        settle="desk",
        basis=(Basis(document="国家标准 GB 11643—1999", clause="第4条"),),
        message=Label(zh=""), advice=Label(zh="请对照证件原件核对后更正。", en="Check the card."),
        false_alarms="无", examples=(Example(name="例", expect="pass"),), **more,
    )  # fmt: skip


def make_pack() -> ResolvedPack:
    def table(name: str, label: Label, key: tuple[str, ...], fields: dict[str, Any]) -> Table:
        return Table(
            table=name, label=label, key=key,
            fields={
                f: Field(en=f, type=kind, role=role, personal=f in PERSONAL)
                for f, (kind, role) in fields.items()
            },
        )  # fmt: skip

    rules = [
        make_rule("ID001", "member", "error", 10, "证件号码重复", en="Duplicate id"),
        make_rule("ID004", "member", "error", 10, "身份证校验位错误"),
        make_rule("IC201", "household", "error", 2, "人均纯收入与纯收入、人口数不符"),
        make_rule("CT031", "household", "warning", 10, "联系电话不可用"),
        make_rule("FM001", "member", "error", 10, "必填字段为空", kind="observed"),
        make_rule("FM008", "household", "info", 10, "数据区外的行", kind="observed"),
        make_rule("EX004", "member", "error", 1, "有成员未参加基本医疗保险"),
        make_rule("HH025", "household", "warning", 10, "年度人口与当前人口差异大"),
    ]
    return ResolvedPack(
        id="core", version="2026.1", digest="abcdef0123456789", path="rules/core", overlays=(),
        as_of=date(2019, 12, 31), region="611002", era="registration",
        tables={
            "household": table("household", Label(zh="户", en="Household"), ("户编号",), HOUSEHOLD),
            "member": table("member", Label(zh="人", en="Member"), ("人口编号",), MEMBER),
        },
        codes={}, params={}, terms={}, rules={r.id: r for r in rules}, inapplicable={},
        relations=(), populations={},
    )  # fmt: skip


def make_sheet(
    table: str, fields: list[str], rows: list[list[Any]], file: str, name: str, path: Path | None
) -> Recognised:
    """Lay rows under a title in row 1 and a header in row 3."""
    columns = []
    for i, field in enumerate(fields):
        cells: list[Any] = ["登记表" if i == 0 else None, None, field, *(row[i] for row in rows)]
        values: list[Any] = [None]
        for cell in cells:
            if cell is not None and cell not in values:
                values.append(cell)
        codes = np.array([0 if c is None else values.index(c) for c in cells], dtype=np.int32)
        columns.append(RawColumn(codes, values))
    raw = RawSheet(file, name, columns, len(rows) + 3, path=path)
    matches = {
        (table, field): Match(field, table, i, field, address(2, i), "name")
        for i, field in enumerate(fields)
    }
    return Recognised(
        raw, table, (), (3,), np.arange(3, len(rows) + 3, dtype=np.int64), matches,
        unmatched=[("备注2", "K3")], set_aside=[SetAside(len(rows) + 3, "total", "合计")],
    )  # fmt: skip


def make_data(fields: list[str], rows: list[list[Any]], sheet: int) -> TableData:
    columns: dict[str, Values] = {}
    for k, field in enumerate(fields):
        values = [row[k] for row in rows]
        known = np.array([value is not None for value in values])
        if field in ("家庭人口数", "人均纯收入"):
            columns[field] = Plain(np.array([value or 0.0 for value in values], float), known)
        else:
            texts = sorted({value for value in values if value is not None})
            codes = [texts.index(value) if value is not None else -1 for value in values]
            columns[field] = Coded(np.array(codes, np.int32), np.array(texts, dtype=object))
    size = len(rows)
    return TableData(
        columns, np.full(size, sheet, np.int32), np.arange(3, size + 3, dtype=np.int64)
    )  # fmt: skip


def make_hits(
    rule: str, severity: str, table: str, rows: list[int], blame: tuple[str, ...],
    pieces: list[Piece], arguments: list[list[Any]], **more: Any,
) -> RuleHits:  # fmt: skip
    return RuleHits(
        rule, severity, table, np.array(rows, dtype=np.int64), blame, {"zh": pieces}, arguments,
        **more,
    )  # fmt: skip


def make_result(
    households: list[list[Any]] | None = None,
    members: list[list[Any]] | None = None,
    path: Path | None = None,
    file: str = "households.xlsx",
) -> CheckResult:
    households, members = households or HOUSEHOLDS, members or MEMBERS
    h, m = list(HOUSEHOLD), list(MEMBER)
    sheets = [
        make_sheet("household", h, households, file, "户表", path),
        make_sheet("member", m, members, file, "人员 明细", path),
    ]
    dataset = Dataset(
        {"household": make_data(h, households, 0), "member": make_data(m, members, 1)},
        sheets, cells=99, files=[SourceFile(file, "ab" * 32)],
    )  # fmt: skip
    dataset.log = CleaningLog([
        LogBlock(1, "member", "证件号码", 6, "id_number", np.array([3, 4]), np.array([0, 0]),
                 ["６11002198503020012"], ["611002198503020012"]),
        LogBlock(0, "household", "户主姓名", 4, "name", np.array([3]), np.array([0]),
                 ["张 三"], ["张三"]),
    ])  # fmt: skip
    return CheckResult(
        make_pack(), date(2019, 12, 31),
        Region("611002", "商州区", "全部 5 行证件号码以 611002 开头"),
        Recognition(sheets, [Skipped(file, "说明", "没有一列认得", hidden=True)]), dataset,
        Findings(usual_hits(), usual_coverage()), engine="0.1.0", timings={"read": 0.12},
    )  # fmt: skip


def usual_hits() -> list[RuleHits]:
    return [
        make_hits(
            "ID001", "error", "member", [2, 3], ("证件号码",),
            [Piece("证件号码 "), Piece(argument=0, field="证件号码"), Piece(" 与 "),
             Piece("others"), Piece(" 相同")],
            [["611002197001010035"] * 2], others=[[2, 3], [2, 3]],
        ),
        make_hits(
            "IC201", "error", "household", [0], ("人均纯收入", "家庭人口数"),
            [Piece("人均纯收入填 "), Piece(argument=0, field="人均纯收入"), Piece("，应为 "),
             Piece(argument=1, spec=".2f")],
            [[10000.0], [3333.3333]],
        ),
        make_hits(
            "CT031", "warning", "household", [0, 2], ("户联系电话",),
            [Piece("户主 "), Piece(argument=0, field="户主姓名"), Piece(" 的电话 "),
             Piece(argument=1, field="户联系电话")],
            [["张三", "=1+1"], ["13812341234", None]],
        ),
        make_hits(
            "FM001", "error", "member", [3], (),
            [Piece("字段名", 0), Piece("没有填，原值 "), Piece("原值", 1, "*")],
            [["性别"], [None]], blame_per_row=["性别"],
        ),
        make_hits(
            "FM008", "info", "", [0], (),
            [Piece("格", 3), Piece(" 不是数据："), Piece("说明", 2)],
            [[""], [""], ["合计，联系人 13812341234"], ["A7"]], blame_per_row=[""],
            sheet=[0], cells=[["A7"]],
        ),
    ]  # fmt: skip


def usual_coverage() -> list[Coverage]:
    return [
        Coverage("ID001", 5, 3, 2, 0), Coverage("IC201", 3, 1, 1, 1), Coverage("CT031", 3, 1, 2, 0),
        Coverage("FM001", 5, 4, 1, 0), Coverage("FM008", 2, 1, 1, 0), Coverage("ID004", 5, 5, 0, 0),
        Coverage("EX004", skipped="没有“是否参加城乡居民基本医疗保险”一列"),
        Coverage("HH025", skipped="没有“年度家庭人口数”一列"),
    ]  # fmt: skip
