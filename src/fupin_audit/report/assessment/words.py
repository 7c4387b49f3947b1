"""The fixed words of assessments, Chinese and English side by side."""

from __future__ import annotations

from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET, Pair

ANSWER: dict[int, Pair] = {
    MET: ("达到", "met"),
    UNMET: ("未达到", "not met"),
    UNKNOWN: ("不能判定", "unknown"),
    NOT_ASKED: ("不适用", "not asked"),
}
MARK: dict[int, str] = {MET: "√", UNMET: "×", UNKNOWN: "？", NOT_ASKED: "—"}
"""Marks for a narrow column; a grey print tells them apart."""

ANSWER_ID: dict[int, str] = {
    MET: "met",
    UNMET: "unmet",
    UNKNOWN: "unknown",
    NOT_ASKED: "not_asked",
}

SUBJECT: dict[str, Pair] = {
    "household": ("户", "households"),
    "village": ("村", "villages"),
    "county": ("县", "counties"),
}

TITLE: dict[str, Pair] = {
    "household": ("脱贫退出逐户认定", "Households judged"),
    "village": ("贫困村出列指标认定", "Villages judged"),
    "county": ("贫困县摘帽指标认定", "Counties judged"),
}

UNDECIDED: Pair = ("属于前面哪一类看不出来", "an earlier class cannot be ruled out")
NO_GROUP: Pair = ("其他", "other")
VETO: Pair = ("一票否决", "veto")
DISCLAIMER: Pair = (
    "按登记表上的数判定，供核实用，不替代入户核查和民主评议。",
    "Judged by the entries in the register; it replaces no visit and no appraisal.",
)
