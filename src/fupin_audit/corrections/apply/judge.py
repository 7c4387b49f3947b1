"""What becomes of each answered line in the light of the source as it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from fupin_audit.corrections.apply.fates import STATE_OF, Fate
from fupin_audit.corrections.apply.returned import Line
from fupin_audit.corrections.apply.standing import Finding, Record, Standing
from fupin_audit.corrections.apply.typed import SAME, Typed, Ways, typed
from fupin_audit.corrections.form import DONE, FILLED, NUMBER_LENGTH, TRUE, Slip, shown_field
from fupin_audit.domain.characters import compact, without_spaces
from fupin_audit.domain.dates import read_text
from fupin_audit.ledger.query import Row
from fupin_audit.ledger.states import LIVE
from fupin_audit.model.dataset import LAST_YEAR, written
from fupin_audit.model.edit import Edit
from fupin_audit.report.masking import Masker, Policy, find_field, mask_register, masker
from fupin_audit.report.spots import Spot

Cellmark = tuple[str, str | None, int, int]
"""File, sheet, zero-based row and column."""
POLICIES: dict[str, Policy] = {"staff": "named", "strict": "masked", "none": "open"}
"""How a list of each mask shows personal values."""
_BLANKS = ("", "（空白）", "(空白)")
"""How a list shows a cell with nothing in it."""
OVER = "这条疑点现在已经没有了"
_AGAIN = "请重新核对并领取新的清单"


def policy_of(mask: str) -> Policy:
    """Return how a list made with a mask shows personal values."""
    return POLICIES.get(mask, "named")


class Judge:
    """Holds lines against the findings that stand now.

    Args:
        rows: What the ledger knows, by fingerprint.
    """

    def __init__(self, now: Standing, rows: Mapping[str, Row]) -> None:
        self.now = now
        self.rows = rows
        self.known = {mark[:NUMBER_LENGTH]: mark for mark in rows}
        self.households = set(now.ground.who.households)
        self.ways = Ways()
        self.masks: dict[str, Masker] = {}

    def meet(self, fates: Sequence[Fate]) -> None:
        """Find each line's finding; settle the answered lines that have none, or not
        the one they were about."""
        for fate in fates:
            fate.finding = self.now.find(fate.number, fate.fingerprint)
            if fate.finding is not None:
                fate.fingerprint = fate.finding.fingerprint
                if not fate.field and len(fate.finding.fields) == 1:
                    fate.field = fate.finding.fields[0]
            elif not fate.fingerprint:
                fate.fingerprint = self.known.get(fate.number, "")
            if fate.finding is None and self._over(fate):
                fate.settle("nothing", OVER)
            if fate.outcome != "applied":
                continue
            if fate.finding is None:
                self._gone(fate)
            elif self._scrambled(fate, fate.finding):
                fate.settle(
                    "refused", "疑点编号与这一行的户编号、规则对不上，可能只排了其中几列",
                    "恢复原来的行序，或重新领一份清单填写",
                )  # fmt: skip
            elif self._decided(fate):
                fate.settle("nothing", f"台账里已经认定“{fate.answer}”，一字未变")

    def aim(self, fates: Sequence[Fate]) -> None:
        """Find the cells each correction changes, and what they are to hold."""
        for fate in fates:
            if fate.correction and fate.finding is not None:
                self._aim(fate, fate.finding)
        _collisions(fates, self._confirmed(fates))

    def _confirmed(self, fates: Sequence[Fate]) -> dict[Cellmark, list[Fate]]:
        """Return the cells that are said to be true as they stand."""
        cells: dict[Cellmark, list[Fate]] = defaultdict(list)
        sheets = self.now.ground.result.dataset.sheets
        for fate in fates:
            found = fate.finding
            if fate.outcome != "applied" or fate.answer != TRUE or found is None or found.row < 0:
                continue
            for spot in self.now.cells(found.table, found.row, fate.field) if fate.field else ():
                raw = sheets[spot.sheet].raw
                cells[raw.file, raw.name, spot.row, spot.column].append(fate)
        return cells

    def _decided(self, fate: Fate) -> bool:
        """Tell whether the ledger has this very decision already."""
        row = self.rows.get(fate.fingerprint)
        told = (STATE_OF.get(fate.answer), fate.said.by, fate.said.evidence)
        return row is not None and (row.state, row.by, row.evidence) == told

    def _scrambled(self, fate: Fate, found: Finding) -> bool:
        rule, home = compact(fate.given("规则编号")), compact(fate.given("户编号"))
        household = self.now.household(found)
        known = {compact(household), compact(mask_register(household))}
        return bool(rule and rule != found.rule) or bool(home and household and home not in known)

    def _over(self, fate: Fate) -> bool:
        """Tell whether nobody has to answer a line any more: its record was checked, or
        the ledger closed the finding."""
        row = self.rows.get(fate.fingerprint)
        closed = row is not None and row.state not in LIVE
        if fate.line is None:
            return closed
        return fate.outcome == "unanswered" and (closed or self._is_there(fate))

    def _is_there(self, fate: Fate) -> bool:
        home = compact(fate.given("户编号"))
        return bool(fate.slip) and home in self.households

    def _gone(self, fate: Fate) -> None:
        """Settle a line whose finding stands no more."""
        slip, line = fate.slip, fate.line
        record = self._record(slip, line, fate) if line else None
        known = bool(slip) or fate.fingerprint in self.rows
        if fate.answer == DONE and record is not None and self._holds(fate, record):
            fate.settle("nothing", "原表里已经是这个值，不用再改")
        elif not known:
            fate.settle("refused", "没有这个疑点编号，也可能原表已经改过", f"核对编号；{_AGAIN}")
        elif fate.given("户编号") and compact(fate.given("户编号")) not in self.households:
            why = "原表里没有这一户：可能已删除、户编号变了，或 --source 没有给全"
            fate.settle("refused", why, _AGAIN)
        elif record is not None and self.now.stands(fate.given("规则编号"), record):
            why = "原表的值在清单发出后改过，改后仍是疑点，编号变了"
            fate.settle("refused", why, _AGAIN)
        elif fate.answer != DONE:
            fate.settle("nothing", OVER)
        elif record is None:
            fate.settle("refused", "原表里找不到这个人，可能已删除或改了姓名、编号", _AGAIN)
        elif slip is None or not self.now.unchanged(slip, record):
            fate.settle("refused", "原表现在的值与清单上的“现填值”不同，清单发出后改过", _AGAIN)
        else:
            todo = "仍要改这一格，请直接改原表"
            fate.settle("nothing", f"{OVER}（别处改正，或规则有变），没有改", todo)

    def _record(self, slip: Slip | None, line: Line, fate: Fate) -> Record | None:
        """Find the record of a line; without its slip in whichever table has its field,
        the rule's own first: a rule about the reading of cells has none."""
        if slip and slip.table:
            return self.now.record(slip.table, line, fate.field)
        pack = self.now.ground.result.pack
        rule = pack.rules.get(compact(fate.given("规则编号")))
        having = [name for name, table in pack.tables.items() if fate.field in table.fields]
        every = dict.fromkeys([*([rule.table] if rule and rule.table else []), *having])
        found = (self.now.record(table, line, fate.field) for table in every)
        return next((record for record in found if record is not None), None)

    def _holds(self, fate: Fate, record: Record) -> bool:
        made = self._typed(fate, record.table, record.spots)
        return made.problem == SAME

    def _typed(self, fate: Fate, table: str, spots: Sequence[Spot]) -> Typed:
        sheet = self.now.ground.result.dataset.sheets[spots[0].sheet]
        column = sheet.raw.columns[spots[0].column]
        pack = self.now.ground.result.pack
        kind = find_field(pack, table, fate.field)
        bare = fate.field.removeprefix(LAST_YEAR)
        kept = sheet.matches if bare == fate.field else sheet.last_year
        match = kept.get((table, bare))
        codes = pack.codes.get(kind.codes) if kind and kind.codes else None
        asked_otherwise = match is not None and match.inverted
        return typed(
            fate.said.value, kind, [self.now.cell(spot) for spot in spots], self.ways.of(column),
            (match and match.unit) or (kind and kind.unit) or "",
            self.ways.label(
                column, None if asked_otherwise else codes,
                sheet.code_sets.get(bare, kind.code_set if kind else None),
            ),
        )  # fmt: skip

    def _aim(self, fate: Fate, found: Finding) -> None:
        if found.row < 0:
            why = "这条疑点说的是整张表，不是哪一格"
            return fate.settle("refused", why, "请直接在原表里改")
        if not fate.field:
            return fate.settle("refused", "“字段”这一列没有了，不知道改哪一格", "恢复“字段”列再报")
        if fate.field not in found.fields:
            return fate.settle(
                "refused",
                "这条疑点不涉及这个字段",
                f"可改的是：{'、'.join(map(shown_field, found.fields))}",
            )
        spots = self.now.cells(found.table, found.row, fate.field)
        if not spots:
            return fate.settle("refused", "原表没有这一列，没有地方写", "先在原表加上这一列再核对")
        sheets = self.now.ground.result.dataset.sheets
        raw = sheets[spots[0].sheet].raw
        if raw.path is None:
            why = "原表在压缩包里" if "!/" in raw.file else "原表设有打开密码"
            return fate.settle("refused", f"{why}，不能改", "先解压或去掉密码，再用 --source 指它")
        if self._edited_by_hand(fate, found):
            return fate.settle(
                "refused", "“现填值”被人改过，与原表不同",
                "新值只写在“更正值”；“现填值”照原表写回，或重新领一份清单",
            )  # fmt: skip
        made = self._typed(fate, found.table, spots)
        if made.problem:
            return fate.settle("refused", made.problem, made.todo)
        fate.table = found.table
        fate.before = self.now.text(found.table, found.row, fate.field)
        fate.after = written(made.value)
        fate.edits = tuple(
            Edit(sheets[s.sheet].raw.file, sheets[s.sheet].raw.name, s.row, s.column, made.value)
            for s in spots
        )
        if len(spots) > 1:  # of a household; the list names only the first
            fate.reason = f"同一户有 {len(spots)} 行写着这一项，一起改"
        return None

    def _edited_by_hand(self, fate: Fate, found: Finding) -> bool:
        """Tell whether what the list shows as 现填值 is not what it was made with."""
        shown = fate.given(FILLED)
        if fate.line is None or FILLED not in fate.line.cells:
            return False
        mask = fate.source.header.mask if fate.source.header else ""
        raw = self.now.text(found.table, found.row, fate.field)
        pack = self.now.ground.result.pack
        told = {raw}
        for policy in {policy_of(mask)} if mask else set(POLICIES.values()):
            if policy not in self.masks:
                self.masks[policy] = masker(pack, policy)
            told.add(self.masks[policy](found.table, fate.field, raw))
        return not any(_same(shown, text) for text in told)


def _same(shown: str, text: str) -> bool:
    """Tell whether two writings are one value, as far as a spreadsheet may change it."""
    one, other = (without_spaces(t).lstrip("'") for t in (shown, text))
    if one == other or (not other and one in _BLANKS):
        return True
    if read_text(one) is not None and read_text(one) == read_text(other):
        return True
    try:
        return abs(float(one) - float(other)) <= 1e-9 * max(abs(float(other)), 1.0)
    except ValueError:
        return False


def _collisions(fates: Sequence[Fate], confirmed: Mapping[Cellmark, list[Fate]]) -> None:
    """Settle as conflicts the corrections, and what is said to be true, of one cell
    that do not agree."""
    cells: dict[Cellmark, list[Fate]] = defaultdict(list)
    for fate in fates:
        for edit in fate.edits if fate.correction else ():
            cells[edit[:4]].append(fate)
    todo = "商定这一格的正确值，各行写成一样"
    for cell, some in cells.items():
        if len({f.after for f in some}) > 1:
            for fate in some:
                fate.settle("conflict", "几条疑点要把同一格改成不同的值", todo)
        elif cell in confirmed:
            for fate in (*some, *confirmed[cell]):
                fate.settle("conflict", "同一格，一条疑点说要改，一条说情况属实", todo)
