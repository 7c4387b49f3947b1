"""Message templates: literal text with expressions in braces.

    人均纯收入填 {人均纯收入}，应为 {纯收入 / 家庭人口数:.2f}

`{others}` names the other rows of a unique rule. Observed rules have
`{字段名} {原值} {说明} {格}` instead of fields.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin_audit.errors import RuleSyntaxError
from fupin_audit.evaluate.absence import absences
from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.functions import EPOCH, YEAR_ALONE
from fupin_audit.evaluate.values import Truth
from fupin_audit.model.findings import Piece
from fupin_audit.packs.expr import parse
from fupin_audit.packs.names import Names
from fupin_audit.packs.tree import Node, walk

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
FORMAT = re.compile(r"^(.*\S)\s*:\s*(,?\.?\d*[dfg%])$", re.DOTALL)
OBSERVED = ("字段名", "原值", "说明", "格")
OTHERS = "others"


def compile_template(
    template: str, table: str, names: Names, where: str, arguments: list[Node], observed: bool
) -> list[Piece]:
    """Split a template into pieces; new expressions are added to `arguments`.

    Raises:
        RuleSyntaxError, UnknownName: As for any expression.
    """
    pieces: list[Piece] = []
    at = 0
    for hole in PLACEHOLDER.finditer(template):
        if hole.start() > at:
            pieces.append(Piece(text=template[at : hole.start()]))
        at = hole.end()
        inside = hole.group(1).strip()
        if inside == OTHERS or (observed and inside in OBSERVED):
            index = OBSERVED.index(inside) if inside in OBSERVED else -1
            pieces.append(Piece(text=inside, argument=index, field="*" if index == 1 else ""))
            continue
        if observed:
            raise RuleSyntaxError(
                f"这类规则的说明里只能用 {'、'.join(OBSERVED)}，没有“{inside}”", where=where
            )
        found = FORMAT.match(inside)
        text, spec = (found.group(1), found.group(2)) if found else (inside, "")
        node = parse(text, table, names, where)
        if node not in arguments:
            arguments.append(node)
        pieces.append(Piece("", arguments.index(node), personal_field(node), spec))
    if at < len(template):
        pieces.append(Piece(text=template[at:]))
    return pieces


def personal_field(node: Node) -> str:
    """Return the field a value comes from, so that it can be masked.

    Numbers computed from personal cells (an age, a length) identify nobody;
    texts and days do.
    """
    if node.kind not in ("text", "multi", "date"):
        return ""
    fields = [n.args[1] for n in walk(node) if n.op == "field"]
    return fields[0].removeprefix("last_year.") if fields else ""


def argument_values(
    ctx: Context, table: str, nodes: list[Node], rows: npt.NDArray[np.int64]
) -> list[list[Any]]:
    """Evaluate the placeholders for the violated rows. A blank cell is None; what
    is not known for another reason says for which."""
    found = []
    for node in nodes:
        values = _values(ctx, table, node, rows)
        if None in values:
            why = absences(ctx, table, node, rows)
            values = [w if v is None else v for v, w in zip(values, why, strict=True)]
        found.append(values)
    return found


def _values(ctx: Context, table: str, node: Node, rows: npt.NDArray[np.int64]) -> list[Any]:
    result = ctx.value(table, node)
    if isinstance(result, Truth):
        states = zip(result.yes[rows].tolist(), result.no[rows].tolist(), strict=True)
        return ["是" if yes else "否" if no else None for yes, no in states]
    data, known = result.data[rows], result.known[rows].tolist()
    if result.texts is not None:
        values: list[Any] = result.texts[data].tolist()
    elif node.kind == "date":
        values = (EPOCH + data.astype("timedelta64[D]")).tolist()
    elif node.kind == "month":
        values = [_month(int(v)) for v in data.tolist()]
    else:
        values = data.tolist()
    return [v if ok else None for v, ok in zip(values, known, strict=True)]


def _month(value: int) -> str:
    return f"{value}年" if value < YEAR_ALONE else f"{value // 100}年{value % 100}月"
