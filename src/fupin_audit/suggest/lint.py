"""Is what a rule suggests well written?"""

from __future__ import annotations

from collections.abc import Iterator

from fupin_audit.packs.expr import parse
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Field, Rule, Suggest
from fupin_audit.packs.tree import KIND_OF_TYPE, Node, walk

_FITS: dict[str, tuple[str, ...]] = {
    "number": ("number", "year"), "text": ("text", "bool"), "multi": ("text", "multi"),
    "date": ("date",), "month": ("month", "year"), "year": ("year", "number"),
}  # fmt: skip
"""Kind of a field → kinds of a value it can hold."""
_TYPES: dict[str, tuple[str, ...]] = {
    "near_id": ("id_number",), "id_18": ("id_number",), "near_place": ("region",),
    "near_key": ("account",), "listed_id": ("id_number",),
    "slipped_number": ("money", "number", "integer"), "sex_of_id": ("code",),
    "birth_of_id": ("date",), "slipped_date": ("date", "month", "period"), "near_code": ("code",),
}  # fmt: skip
"""Finder → types of field it finds values for."""


def problems(rule: Rule, pack: ResolvedPack) -> Iterator[str]:
    """Yield what is wrong with a rule's `suggest` and with the examples of it."""
    for one in rule.suggest:
        for told in _entry(one, rule, pack):
            yield f"suggest（{one.field or one.find}）：{told}"
    shown = [e for e in rule.examples if e.suggests]
    if rule.suggest and not any(v is not None for e in shown for v in e.suggests.values()):
        yield "有 suggest，却没有一个例子写明建议什么（suggests: {字段: 值}）"
    if shown and not rule.suggest:
        yield "例子写了建议什么，规则却没有 suggest"
    for example in shown:
        if example.expect != "violated":
            yield f"例子“{example.name}”没有疑点，不会有建议"


def _entry(one: Suggest, rule: Rule, pack: ResolvedPack) -> Iterator[str]:
    if bool(one.value) == bool(one.find):
        yield "value 和 find 要写且只写一个"
        return
    if bool(one.gap) != (one.find == "slipped_number"):
        yield "gap 只用于 slipped_number，也少不了它"
    if one.value and one.why is None:
        yield "没有写 why（为什么是这个值）"
    table = pack.tables.get(rule.table)
    if table is None:
        return
    if not one.field:
        if not one.gap:
            yield "没有写 field（哪个字段）"
        return
    field = table.fields[one.field]
    if one.find and field.type not in _TYPES[one.find]:
        yield f"{one.find} 找不出“{one.field}”这种字段的值"
    if one.value:
        yield from _value(parse(one.value, rule.table, pack.names), field, one.field, pack)


def _value(node: Node, field: Field, name: str, pack: ResolvedPack) -> Iterator[str]:
    if node.kind not in _FITS[KIND_OF_TYPE[field.type]]:
        yield f"算出来的是 {node.kind}，“{name}”填不下"
    if field.type not in ("code", "codes") or field.codes not in pack.codes:
        return
    labels = {code.label for code in pack.codes[field.codes].values}
    told = {n.args[0] for n in walk(node) if n is node and n.op == "const"}
    told |= {"是", "否"} if node.kind == "bool" else set()
    for text in sorted(map(str, told - labels)):
        yield f"“{text}”不在“{name}”的代码表里"
