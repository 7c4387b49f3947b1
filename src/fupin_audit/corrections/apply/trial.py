"""Corrections tried on the cells that were read: can the new values be read at all?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fupin_audit.corrections.apply.fates import Fate
from fupin_audit.corrections.apply.standing import RawRow, place_of, rows_by_place
from fupin_audit.evaluate.observed import OPEN_LIST
from fupin_audit.model.edit import Edit
from fupin_audit.model.run import CheckResult
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.pipeline import Reading
from fupin_audit.report.masking import find_field
from fupin_audit.report.prints import Ground, ground_of

Run = Callable[[Reading], CheckResult]
_UNREAD = ("unreadable", "unknown_code", "error_cell", "destroyed_number", "unit_doubt")
_FEW = 15
_KINDS: dict[str, str] = {
    "number": "数字", "integer": "整数", "money": "金额（只写数字）",
    "date": "日期，如 2019-05-01", "month": "年月，如 2019-05", "period": "年月，如 2019-05",
    "year": "年份，如 2019", "id_number": "证件号码", "phone": "电话号码", "account": "账号",
}  # fmt: skip


def tried(before: Ground, reading: Reading, fates: Sequence[Fate], run: Run) -> Ground:
    """Run the check on the corrected cells; settle the corrections whose values
    cannot be read as refused, and run it again without them.

    Returns:
        The check of the reading with all corrections that are left; `before`
        itself if there are none.
    """
    while True:
        made = edits_of(fates)
        if not made:
            return before
        after = ground_of(run(reading.edited(made)), before.key)
        readable = _Readable(after)
        if not [f for f in fates if f.edits and _refuse(before, readable, f)]:
            return after


def edits_of(fates: Sequence[Fate]) -> list[Edit]:
    """Return every cell to be changed, once."""
    return list(dict.fromkeys(edit for fate in fates if fate.correction for edit in fate.edits))


class _Readable:
    """What can be read of a corrected reading, and what cannot."""

    def __init__(self, after: Ground) -> None:
        self.after = after
        self.rows: dict[str, dict[RawRow, list[int]]] = {}
        self.seen: dict[tuple[str, str], dict[int, tuple[str, str]]] = {}
        for one in after.result.dataset.observations:
            if one.what in _UNREAD:
                told = self.seen.setdefault((one.table, one.field), {})
                for row, detail in zip(one.rows.tolist(), one.detail, strict=True):
                    told[row] = (one.what, detail)

    def trouble(self, table: str, field: str, place: RawRow) -> str:
        """Return what makes a field of the record on a raw row unreadable; empty if it
        can be read."""
        if table not in self.rows:
            self.rows[table] = rows_by_place(self.after, table)
        for row in self.rows[table].get(place, []):
            void = self.after.result.dataset.tables[table].void.get(field)
            is_void = void is not None and bool(void[row])
            what, detail = self.seen.get((table, field), {}).get(row, ("", ""))
            if what and (is_void or OPEN_LIST not in detail):
                return what
            if is_void:
                return "void"
        return ""


def _refuse(before: Ground, after: _Readable, fate: Fate) -> bool:
    found = fate.finding
    if found is None or fate.edits[0].value is None:  # an emptied cell can be read
        return False
    what = after.trouble(found.table, fate.field, place_of(before, found.table, found.row))
    if what:
        why, todo = _why(what, after.after.result.pack, found.table, fate)
        fate.settle("refused", why, todo)
    return bool(what)


def _why(what: str, pack: ResolvedPack, table: str, fate: Fate) -> tuple[str, str]:
    spec = find_field(pack, table, fate.field)
    codes = pack.codes.get(spec.codes) if spec and spec.codes else None
    if codes is not None:
        labels = [code.label for code in codes.values]
        few = "、".join(labels) if len(labels) <= _FEW else "见单元格的下拉列表"
        return f"“{fate.told_field}”里没有更正值这一项", f"可填：{few}"
    if what == "destroyed_number":
        return "更正值被表格软件当成了数字，末几位已经丢失", "先把这一格设为“文本”格式，再重新输入"
    kind = _KINDS.get(spec.type, "") if spec else ""
    return f"更正值读不成{kind.partition('，')[0] or '这一列的内容'}", f"请写{kind}" if kind else ""
