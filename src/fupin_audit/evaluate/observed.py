"""Rules about what reading, recognising and normalising saw."""

from __future__ import annotations

import numpy as np

from fupin_audit.evaluate.plan import Plan
from fupin_audit.model.dataset import LAST_YEAR, Dataset, Observation
from fupin_audit.model.findings import Coverage, RuleHits
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Field

OPEN_LIST = "开放代码表"
"""In an observation's detail: the code list is known to be incomplete."""

OF_SHEETS = ("ambiguous_header", "missing_column", "set_aside", "unit_doubt", "total_differs")
CELLS_TOLD = 40
"""Addresses a message names; the finding itself carries all of them."""
FREE_TEXT = ("text", "name", "region")
TYPE_ZH = {
    "text": "文字", "name": "姓名", "id_number": "证件号码", "phone": "电话号码",
    "account": "账号", "region": "地名", "number": "数字", "integer": "整数", "money": "金额（元）",
    "date": "日期", "month": "年月", "year": "年份", "period": "年月或年份",
    "code": "代码值", "codes": "代码值",
}  # fmt: skip


def observed_hits(
    plan: Plan, dataset: Dataset, pack: ResolvedPack
) -> tuple[list[RuleHits], Coverage]:
    """Turn observations of one sort into findings of the rule that names it."""
    seen = [o for o in dataset.observations if o.what == plan.rule.observed]
    hits = [_sheet_hits(plan, o) for o in seen if o.sheet >= 0]
    for observation in seen:
        if observation.sheet < 0:
            hits += _row_hits(plan, observation, pack)
    violated = sum(len(h) for h in hits)
    looked_at = max(_looked_at(plan.rule.observed or "", dataset, pack), violated)
    return hits, Coverage(plan.rule.id, looked_at, looked_at - violated, violated)


def _looked_at(observed: str, dataset: Dataset, pack: ResolvedPack) -> int:
    """Return how many cells (or sheets) could have shown the defect."""
    if observed in OF_SHEETS:
        return len(dataset.sheets)
    count = 0
    for table, data in dataset.tables.items():
        fields = pack.tables[table].fields
        names = [c for c in data.columns if c in fields]
        count += len(data) * sum(_may_show(observed, fields[c], pack) for c in names)
    return count


def _may_show(observed: str, field: Field, pack: ResolvedPack) -> bool:
    match observed:
        case "blank_required":
            return pack.era in field.required
        case "unknown_code":
            return field.codes is not None
        case "unreadable":
            return field.type not in FREE_TEXT
        case "destroyed_number":
            return field.type in ("id_number", "account", "phone")
        case _:
            return True


def _sheet_hits(plan: Plan, seen: Observation) -> RuleHits:
    more = f"等 {len(seen.cells)} 处" if len(seen.cells) > CELLS_TOLD else ""
    cells = "、".join(seen.cells[:CELLS_TOLD]) + more
    return RuleHits(
        rule=plan.rule.id,
        severity=plan.rule.severity,
        table="",
        rows=np.zeros(1, np.int64),
        blame=(),
        blame_per_row=[seen.field],
        pieces=plan.pieces,
        arguments=[[seen.field], [_first(seen.values)], [_first(seen.detail)], [cells]],
        sheet=[seen.sheet],
        cells=[seen.cells],
    )


def _first(texts: list[str]) -> str:
    return texts[0] if texts else ""


def _row_hits(plan: Plan, seen: Observation, pack: ResolvedPack) -> list[RuleHits]:
    is_open = np.array([OPEN_LIST in d for d in seen.detail], dtype=bool)
    parts = [(np.flatnonzero(~is_open), plan.rule.severity), (np.flatnonzero(is_open), "info")]
    return [_part(plan, seen, at, severity, pack) for at, severity in parts if len(at)]


def _part(plan: Plan, seen: Observation, at: np.ndarray[tuple[int], np.dtype[np.intp]],
          severity: str, pack: ResolvedPack) -> RuleHits:  # fmt: skip
    spec = pack.tables[seen.table].fields.get(seen.field)
    chosen = at.tolist()
    details = [_detail(seen.detail[i], spec, plan.rule.observed or "") for i in chosen]
    return RuleHits(
        rule=plan.rule.id,
        severity=severity,
        table=seen.table,
        rows=seen.rows[at],
        blame=(),
        blame_per_row=[seen.field] * len(chosen),
        pieces=plan.pieces,
        arguments=[
            [_called(seen.field)] * len(chosen),
            [seen.values[i] for i in chosen],
            details,
            [""] * len(chosen),
        ],
    )  # fmt: skip


def _called(field: str) -> str:
    """Return what people call a field."""
    past = field.startswith(LAST_YEAR)
    return f"上年的{field.removeprefix(LAST_YEAR)}" if past else field


def _detail(detail: str, field: Field | None, observed: str) -> str:
    """An unreadable cell is told what it should have been."""
    if detail or field is None or observed != "unreadable":
        return detail
    return TYPE_ZH[field.type]
