"""What becomes of each line, before anything is tried: known or not, complete or not,
standing or not, and whether two lines contradict each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from fupin_audit.corrections import form
from fupin_audit.corrections.apply.answers import Said, incomplete, said
from fupin_audit.corrections.apply.fates import GONE, GONE_TODO, STATE_OF, Fate
from fupin_audit.corrections.apply.returned import Line, Returned
from fupin_audit.corrections.form import DONE, NUMBER_LENGTH, TRUE, UNSURE, Slip
from fupin_audit.domain.characters import compact, without_spaces
from fupin_audit.errors import UsageError
from fupin_audit.ledger.decide import Terms, check_terms
from fupin_audit.model.dataset import written

_WHOLE = re.compile(rf"[0-9a-f]{{{NUMBER_LENGTH}}}")


def fates(lists: Iterable[Returned]) -> list[Fate]:
    """Return one fate per line, and per line that is on no list any more.

    Lines that nothing is answered on, or not enough, are settled already.
    """
    every = list(lists)
    slips: dict[tuple[str, str], Slip] = {}
    home: dict[tuple[str, str], Returned] = {}
    for one in every:
        for slip in one.slips:
            key = (slip.fingerprint[:NUMBER_LENGTH], compact(slip.field))
            slips.setdefault(key, slip)
            home.setdefault(key, one)
    told = _told(slips)
    made, seen = [], set()
    for one in every:
        strange = 0
        for line in one.lines:
            fate = _fate(one, line, said(line), slips, told)
            if fate.slip is None and fate.said.blank and not _WHOLE.fullmatch(fate.number):
                strange += 1  # a signature, a remark of their own
                continue
            seen.add((fate.number, compact(fate.field)))
            made.append(fate)
        if strange:
            one.notes.append(f"有 {strange} 行没有疑点编号也没有答复，略过")
    for key, slip in slips.items():
        if key not in seen:
            nothing = Said(key[0], slip.field, "", "", None, "", "", "", "")
            gone = Fate(home[key], None, nothing, slip, key[0], slip.field, slip.fingerprint)
            gone.settle("refused", GONE, GONE_TODO)
            made.append(gone)
    return made


def _told(slips: Mapping[tuple[str, str], Slip]) -> dict[str, list[Slip]]:
    """Return the slips of each number, for lines that do not say the field."""
    found: dict[str, list[Slip]] = defaultdict(list)
    for (number, _), slip in slips.items():
        found[number].append(slip)
    return found


def _fate(
    one: Returned, line: Line, words: Said, slips: Mapping[tuple[str, str], Slip],
    told: Mapping[str, list[Slip]],
) -> Fate:  # fmt: skip
    number, field = words.number, words.field
    slip = slips.get((number, field))
    if slip is None and not field and len(told.get(number, [])) == 1:
        slip = told[number][0]
        field = slip.field
    if slip is None and not _WHOLE.fullmatch(number):
        slip = _by_place(line, field, one.slips)
        number = slip.fingerprint[:NUMBER_LENGTH] if slip else number
    fate = Fate(one, line, words, slip, number, slip.field if slip else field)
    fate.fingerprint = slip.fingerprint if slip else ""
    unlisted = not words.number and slip is None
    torn = [name for name in line.torn if name in (*form.ANSWERS, form.NUMBER, form.FIELD)]
    if torn:
        fate.settle("refused", f"“{torn[0]}”有两列，写的不一样", "删去多出来的一列再报")
    elif unlisted and not words.blank:
        todo = "清单里的行，照原样填回编号；自己添的行，请直接改原表"
        fate.settle("refused", "这一行没有疑点编号", todo)
    elif not words.blank:
        reason, todo = incomplete(words)
        reason, todo = (reason, todo) if reason else _unfit(words)
        fate.settle("refused" if reason else "applied", reason, todo)
    else:
        fate.leave()
    return fate


def _by_place(line: Line, field: str, slips: Sequence[Slip]) -> Slip | None:
    """Return the one slip of the cell a line names, where its number is destroyed."""
    place = compact(line.text(form.PLACE))
    found = [
        s
        for s in slips
        if s.cell and s.field == field and re.search(rf"(?<![A-Z]){re.escape(s.cell)}$", place)
    ]
    found = [s for s in found if not s.sheet or compact(s.sheet) in place]
    return found[0] if len(found) == 1 else None


def _unfit(words: Said) -> tuple[str, str]:
    """Return why the ledger would not take a decision on these words."""
    if words.answer not in STATE_OF:
        return "", ""
    said_ = ((form.BY, words.by), (form.EVIDENCE, words.evidence), (form.NOTE, note_of(words)))
    for name, text in said_:
        try:  # each alone, so that staff are told where
            check_terms(Terms(STATE_OF[UNSURE], text, "", "", None), "")
        except UsageError:
            why = f"“{name}”里像有证件号码、电话或账号，或有怪字符；台账不记个人信息"
            return why, f"删去“{name}”里的号码再报；材料写编号，如 佐证-0012"
    return "", ""


def note_of(words: Said) -> str:
    """Return what the ledger notes of an answer besides who and what proves it."""
    return "；".join(filter(None, (words.on and f"核实日期 {words.on}", words.note)))


def settle_contradictions(made: Sequence[Fate], alike: Callable[[Fate], str]) -> None:
    """Settle findings that are answered twice: once where the answers are the same,
    not at all where they differ; and what an answer to another row has answered.

    Args:
        alike: What a correction comes to, for comparing.
    """
    groups: dict[str, list[Fate]] = defaultdict(list)
    for fate in made:
        if fate.number:
            groups[fate.number].append(fate)
    for group in groups.values():
        answered = [f for f in group if f.outcome == "applied"]
        if not answered:
            continue
        if _differ(answered, alike):
            continue
        _once(answered)
        _one_answer(answered)
        _blank_rows(group)


def _differ(answered: Sequence[Fate], alike: Callable[[Fate], str]) -> bool:
    """Settle as a conflict what two copies, or two rows of one field, say otherwise."""
    copies: dict[int, set[tuple[str, str, str]]] = defaultdict(set)
    rows: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for fate in answered:
        what = (fate.answer, alike(fate) if fate.answer == DONE else "")
        copies[id(fate.source)].add((compact(fate.field), *what))
        rows[compact(fate.field)].add(what)
    other = {UNSURE, TRUE} <= {f.answer for f in answered}
    if len({frozenset(c) for c in copies.values()}) == 1 and not other and all(
        len(said_) == 1 for said_ in rows.values()
    ):  # fmt: skip
        return False
    names = sorted({f.source.path.name for f in answered})
    where = f"（{'、'.join(names)}）" if len(names) > 1 else ""
    for fate in answered:
        fate.settle("conflict", f"同一疑点的答复不一致{where}", "商定以哪一个为准，只报一份")
    return True


def _once(answered: Sequence[Fate]) -> None:
    seen: dict[tuple[str, str], Fate] = {}
    for fate in answered:
        key = (compact(fate.field), fate.answer)
        first = seen.setdefault(key, fate)
        if first is not fate:
            where = "另一份清单" if first.source is not fate.source else "上面一行"
            fate.follow(first, f"{where}已有同样的答复")


def _one_answer(answered: Sequence[Fate]) -> None:
    """Where a finding is corrected in one row, 情况属实 in another says that the other
    value is right; where it is confirmed twice, once is enough."""
    left = [f for f in answered if f.outcome == "applied"]
    done = [f for f in left if f.answer == DONE]
    for fate in left:
        if done and fate.answer != DONE:
            fate.follow(done[0], f"同一疑点已更正“{done[0].told_field}”，这一格照原值不动")
        elif not done and fate is not left[0]:
            fate.follow(left[0], f"同一疑点已在“{left[0].told_field}”一行答复")


def _blank_rows(group: Sequence[Fate]) -> None:
    answer = next((f for f in group if f.outcome == "applied"), None)
    for fate in group:
        open_ = fate.outcome == "unanswered" or fate.line is None
        if answer is not None and open_:
            fate.follow(answer, f"同一疑点已在“{answer.told_field}”一行答复")


def value_text(fate: Fate) -> str:
    """Return what a correction comes to, for comparing two that may be typed alike."""
    text = without_spaces(written(fate.said.value)).upper()
    try:
        return str(float(text.replace(",", ""))) if len(text) < NUMBER_LENGTH else text
    except ValueError:
        return text
