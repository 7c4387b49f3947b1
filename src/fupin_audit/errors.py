"""What can go wrong with the tool's surroundings, and the exit code each means.

Wrong *data* is a finding and never an exception; these are for a wrong call,
file, rule pack, ledger or machine.

    FupinError                what happened, where, and what to do about it
    ├── UsageError       2    the command was called wrongly
    ├── InputError       3    a file or sheet cannot be used
    │   ├── UnreadableFile
    │   ├── UnrecognisedSheet
    │   ├── AmbiguousHeader
    │   └── TooLarge
    ├── RulePackError    4    the rules themselves are wrong
    │   ├── RuleSyntaxError
    │   └── UnknownName
    ├── LedgerError      5
    └── EngineError      6

Anything else is a bug (exit 70); Ctrl-C is 130.
"""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def one_line(text: str) -> str:
    """Return text, a file name above all, that cannot break a line or steer a
    terminal."""
    return _CONTROL.sub("\ufffd", text)


class FupinError(Exception):
    """A refusal that a person can act on.

    Args:
        what: One Chinese sentence: what is wrong. Never holds a cell value.
        where: `file:sheet:cell` or `file:line`, empty when there is no place.
        hint: One Chinese sentence: what to do about it.
    """

    exit_code = 70

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{one_line(self.where)}：" if self.where else ""
        return f"{place}{one_line(self.what)}" + (f"\n  → {self.hint}" if self.hint else "")


class UsageError(FupinError):
    exit_code = 2


class InputError(FupinError):
    exit_code = 3


class UnreadableFile(InputError):
    """Truncated, foreign, encrypted without a password, or not there."""


class UnrecognisedSheet(InputError):
    """No sheet of the input looks like a table of the pack."""


class AmbiguousHeader(InputError):
    """A sheet fits two tables, or two columns fit one field, equally well."""


class TooLarge(InputError):
    """A part of the file unpacks to more than the limit."""


class RulePackError(FupinError):
    """Several mistakes of one pack are reported together in `problems`."""

    exit_code = 4

    def __init__(
        self, what: str, *, where: str = "", hint: str = "", problems: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {p}" for p in self.problems)])


class RuleSyntaxError(RulePackError):
    """An expression outside the whitelisted grammar."""


class UnknownName(RulePackError):
    """An unknown field, parameter, code, function or rule id."""


class LedgerError(FupinError):
    exit_code = 5


class EngineError(FupinError):
    exit_code = 6
