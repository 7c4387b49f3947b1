"""Reasons: Chinese sentences that know their English, so that a report may choose.

Whoever wants Chinese takes them for the texts they are.
"""

from __future__ import annotations


class Reason(str):
    """A Chinese sentence; `en` says the same in English."""

    en: str

    def __new__(cls, zh: str, en: str) -> Reason:
        made = super().__new__(cls, zh)
        made.en = en
        return made

    def __reduce__(self) -> tuple[type[Reason], tuple[str, str]]:
        return Reason, (str(self), self.en)


def reason_in(text: str, lang: str) -> str:
    """Return a reason in a language; one that knows no English stays Chinese."""
    return text.en if lang == "en" and isinstance(text, Reason) else str(text)


def english(text: str) -> str:
    """Return a reason in English, to be part of a longer one."""
    return reason_in(text, "en")
