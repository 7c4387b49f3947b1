"""What a list adds to a finding's message: what hangs on it, what it follows from."""

from __future__ import annotations

from fupin_audit.report.view import FindingView, View
from fupin_audit.report.words import Lang, say

FIRST = ("【先查】", "[first] ")
SURE = ("有把握", "sure")
LIKELY = ("仅供参考，要核实", "to be verified")
_NUMBER = 12


def told(one: FindingView, lang: Lang) -> str:
    """Return the message as a list shows it."""
    between = say(("", " "), lang)
    return say(FIRST, lang) * urgent(one) + between.join([one.message, *_remarks(one, lang)])


def advised(one: FindingView, field: str, lang: Lang) -> str:
    """Return the advice for one field's row of a list, with the value suggested there.

    One for a field that has no row of its own stands on the first.
    """
    found = one.suggestion
    if found is None:
        return one.advice
    here = found.field if found.field in one.fields or not one.fields else one.fields[0]
    if field != here:
        return one.advice
    name = "" if found.field == field else f"{found.field} "
    return say(("", " "), lang).join([suggested(one, lang, name), one.advice])


def suggested(one: FindingView, lang: Lang, name: str = "") -> str:
    """Return what is suggested for a finding and why, in words; nothing if nothing is."""
    found = one.suggestion
    if found is None:
        return ""
    sure = say(SURE if found.confidence == "safe" else LIKELY, lang)
    text = say(("建议值：{}{}（{}，{}）。", "Suggested: {}{} ({}; {})."), lang)
    return text.format(name, found.value, sure, found.why)


def counted(view: View) -> str:
    """Return how many findings say what the cell might rightly hold; nothing if none."""
    made = [one for hits in view.ordered.hits for one in hits.suggestions or () if one]
    if not made:
        return ""
    zh = "{:,} 条有建议值（有把握的 {:,} 条），见清单的“建议”"
    en = "{:,} with a suggested value ({:,} of them sure): see the list"
    return say((zh, en), view.lang).format(len(made), sum(o.confidence == "safe" for o in made))


def urgent(one: FindingView) -> bool:
    """Does the judgement of the household's income hang on this finding?"""
    return one.stake is not None and one.stake.flips is True


def _remarks(one: FindingView, lang: Lang) -> list[str]:
    made = []
    if urgent(one) and one.stake is not None:
        line, head, doubt = one.stake.line, one.stake.per_head, one.stake.doubt
        zh = "（存疑 {:,.0f} 元；现人均 {:,.0f} 元，差这些钱就会改变是否达到{} {:,.0f} 元的结论。）"
        en = "({:,.0f} yuan in doubt; at {:,.0f} a head that decides if {} of {:,.0f} is met.)"
        made.append(say((zh, en), lang).format(doubt, head, say(one.stake.label, lang), line))
    if one.because_of:
        root = one.because_of[:_NUMBER]
        if one.shared:
            pair = ("（与疑点 {} 同在“{}”一格，一并核对。）", "(On the cell {1} of finding {0}.)")
        else:
            pair = ("（由疑点 {} 引起，先解决那一条。）", "(Follows from finding {}.)")
        made.append(say(pair, lang).format(root, one.shared))
    return made
