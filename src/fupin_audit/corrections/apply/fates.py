"""What becomes of each line of the returned lists: the shapes, and their words."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal, NamedTuple

from fupin_audit.corrections.apply.answers import Said, silent
from fupin_audit.corrections.apply.returned import Line, Returned
from fupin_audit.corrections.apply.standing import Finding
from fupin_audit.corrections.form import DONE, FIELD, TRUE, UNSURE, Header, Slip, shown_field
from fupin_audit.model.edit import Edit

Outcome = Literal["applied", "refused", "conflict", "nothing", "unanswered"]
APPLIED: dict[str, str] = {DONE: "已采用", TRUE: "已确认属实", UNSURE: "无法核实"}
STATE_OF = {TRUE: "confirmed", UNSURE: "unresolved"}
"""What an answer makes of a finding in the ledger there and then."""
RESULTS = ("已采用", "已确认属实", "无法核实", "未采用", "冲突", "未答复", "无需处理")
"""What a reply says became of a line, in the order they are counted."""
_OTHERS: dict[str, str] = {
    "refused": "未采用", "conflict": "冲突", "nothing": "无需处理", "unanswered": "未答复",
}  # fmt: skip
GONE, GONE_TODO = "清单上少了这一行", "用原来的清单把这一行补回来，不要删行"
BAD = ("refused", "conflict")
"""Outcomes that make `apply` end with 1."""


class Fresh(NamedTuple):
    """A finding that was not there before the corrections; `message` is masked for
    the screen, `told` as the lists are."""

    number: str
    rule: str
    title: str
    message: str
    told: str
    household: str


@dataclass(slots=True)
class Fate:
    """One line of a list, or of what went along with it, and what became of it.

    Attributes:
        line: None for a line that is on no returned list any more.
        answer, field, number: As understood, also where the line says less.
        fingerprint: Of the finding, if anything tells it whole.
        reason, todo: Why, and what staff do next; Chinese, without values.
        edits: Cells a correction changes; `before` and `after` are their texts.
        recheck: What the second check says of the finding; `verdict` is `cleared`,
            `still` or empty.
        fresh: New findings this correction brought.
        follows: The line that answers this one as well.
        besides: Nobody answered it, and another correction cleared its finding.
    """

    source: Returned
    line: Line | None
    said: Said
    slip: Slip | None = None
    number: str = ""
    field: str = ""
    fingerprint: str = ""
    finding: Finding | None = None
    outcome: Outcome = "unanswered"
    reason: str = ""
    todo: str = ""
    edits: tuple[Edit, ...] = ()
    table: str = ""
    before: str = ""
    after: str = ""
    verdict: Literal["", "cleared", "still"] = ""
    recheck: str = ""
    fresh: list[Fresh] = attribute(default_factory=list)
    follows: Fate | None = None
    besides: bool = False

    @property
    def answer(self) -> str:
        return self.said.answer

    @property
    def result(self) -> str:
        if self.outcome == "applied":
            return APPLIED[self.answer]
        return _OTHERS[self.outcome]

    @property
    def correction(self) -> bool:
        """It is a correction that is to be made."""
        return self.outcome == "applied" and self.answer == DONE

    def settle(self, outcome: Outcome, reason: str = "", todo: str = "") -> None:
        """Decide, with the reason."""
        self.outcome, self.reason, self.todo = outcome, reason, todo
        if outcome != "applied":
            self.edits = ()

    def leave(self) -> None:
        """Leave a line open, and say what is missing on it."""
        self.settle("unanswered", *silent(self.said))

    def follow(self, other: Fate, reason: str) -> None:
        """Leave the answer to another line, as long as that one is taken."""
        self.settle("nothing", reason)
        self.follows = other

    def keep_up(self) -> None:
        """Share what became of the line this one follows, where it was not taken."""
        other = self.follows
        if other is None or other.outcome in ("applied", "nothing"):
            return
        if self.line is None:
            self.settle("refused", GONE, GONE_TODO)
        elif self.said.blank:
            self.leave()
        else:
            self.settle(other.outcome, other.reason, other.todo)
        self.follows = None

    @property
    def told_field(self) -> str:
        """The field as staff know it."""
        return self.given(FIELD) or shown_field(self.field)

    def given(self, name: str) -> str:
        """Return what the list says in one of its locked columns."""
        return self.line.text(name) if self.line else ""


@dataclass(slots=True)
class Circumstances:
    """What the lists' hidden sheets say of the check they were made from, and what is
    odd about that (Chinese)."""

    header: Header | None
    said: list[str] = attribute(default_factory=list)


def circumstances(lists: list[Returned]) -> Circumstances:
    """Return the header of the newest list; say so where lists differ."""
    headers = [one.header for one in lists if one.header]
    if not headers:
        return Circumstances(None)
    newest = max(headers, key=lambda h: h.made)
    made = Circumstances(newest)
    for name, zh in (("as_of", "数据时点"), ("region", "地区"), ("pack_digest", "规则")):
        if len({getattr(h, name) for h in headers}) > 1:
            value = getattr(newest, name) if name != "pack_digest" else newest.pack
            made.said.append(f"几份清单的{zh}不同，按最新的一份（{value or '未定'}）核对")
    return made
