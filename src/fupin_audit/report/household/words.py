"""What all cards of a run have in common, and the fixed words on them."""

from __future__ import annotations

from dataclasses import dataclass

from fupin_audit.model.assessment import UNKNOWN, UNMET
from fupin_audit.model.ledger import LedgerOption
from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.assessment.words import ANSWER, DISCLAIMER, MARK
from fupin_audit.report.household.money import Account
from fupin_audit.report.household.page import Page
from fupin_audit.report.household.values import yuan
from fupin_audit.report.view import place_name
from fupin_audit.report.words import Lang, say

TITLE = "户 卡"
SUBTITLE = "达标认定清单 · 政策享受清单 · 收入核算"
SIGNED = ("户主签字", "核实人", "核实日期")
NOTES = "核实情况"
CHECKED = "□ 达到   □ 未达到"


@dataclass(frozen=True, slots=True)
class Frame:
    """Place, day, engine, and the choices of the local income method."""

    place: str
    day: str
    engine: str
    lang: Lang
    masked: bool
    options: tuple[LedgerOption, ...] = ()

    @property
    def note(self) -> str:
        masked = "" if not self.masked else "；证件号码、电话已遮盖"
        return f"{self.place} · 数据时点 {self.day}。{say(DISCLAIMER, 'zh')[:-1]}{masked}。"

    def missing(self, page: Page) -> list[str]:
        return [c.label for c in page.criteria if c.answer == UNMET]

    def unjudged(self, page: Page) -> list[str]:
        return [c.label for c in page.criteria if c.answer == UNKNOWN]

    def answer(self, answer: int) -> str:
        return f"{MARK[answer]} {say(ANSWER[answer], self.lang)}"


def frame(view: AssessmentView) -> Frame:
    of = view.of
    options = tuple(of.ledger.options) if of.ledger is not None else ()
    place = place_name(of.region, view.who)
    return Frame(place, of.as_of.isoformat(), of.engine, view.lang, not view.reveal, options)


def verdict(account: Account, lang: Lang = "zh") -> str:
    """Say how far the income is from the line, in a sentence."""
    main = account.main
    if main is None:
        return ""
    if main.value is None:
        pair = ("没有可比的标准线", "There is no line to compare with")
        return "：".join(part for part in (say(pair, lang), main.gap) if part)
    line, name = yuan(main.value), main.label
    if main.distance is None:
        pair = ("{0} {1} 元；人均纯收入有疑点或没有填，不能比较",
                "{0} {1}; income per head is in doubt or blank")  # fmt: skip
        return say(pair, lang).format(name, line)
    judged, apart = yuan(account.judged), yuan(abs(main.distance))
    if apart == "0":
        pair = ("人均 {0} 元，正好等于{1} {2} 元", "{0} a head, exactly the {1} of {2}")
    elif main.distance > 0:
        pair = ("人均 {0} 元，比{1} {2} 元高 {3} 元", "{0} a head, over the {1} of {2} by {3}")
    else:
        pair = ("人均 {0} 元，比{1} {2} 元低 {3} 元", "{0} a head, under the {1} of {2} by {3}")
    told = say(pair, lang).format(judged, name, line, apart)
    if main.distance < 0 and apart != "0" and account.size:
        whole = yuan(round(-main.distance * account.size))
        told += say(("，全户约差 {} 元", "; about {} for the household"), lang).format(whole)
    return told
