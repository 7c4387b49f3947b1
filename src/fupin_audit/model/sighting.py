"""What a run tells the ledger about its findings: digests, places, rule ids.

No name, id or value travels in these shapes, so none can end up in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

About = Literal["household", "place", "sheet", "notice"]
"""Whom a finding is about: a row with a household number, a row that only its
place tells, a whole sheet, or what a list from above says of one of our records."""

Fate = Literal["unseen", "missing", "unknown", "gone", "same", "changed"]
"""What became of a record that a live finding is about and that this run does
not find again:

unseen   the run says nothing of it: rule not asked, record not among its inputs
missing  so too, though the inputs name the record's village
unknown  the rule could not judge it
gone     its household (or the village's whole list) is there, the record is not
same     the rule passes, the blamed values are as they were
changed  the rule passes and a blamed value is another
"""

ANYONE = b""
"""A partner that cannot be found: others are involved that are not listed."""


class Sighting(NamedTuple):
    """One finding of a run.

    Attributes:
        home: Keyed digest of the household number, else of the place.
        subject: Keyed digest of the person within it; empty for none.
        partners: Homes without which a clean verdict proves nothing: the others
            of a duplicate, some of a sheet's rows. `ANYONE` stands for others.
        tables: Tables the rule looks into in which the home had rows.
        due: Day by which it must be answered, ISO, where its row says so.
    """

    fingerprint: bytes
    rule: str
    severity: str
    about: About
    table: str
    place: tuple[str, str, str]
    home: bytes
    subject: bytes
    fields: tuple[str, ...]
    partners: tuple[bytes, ...]
    tables: tuple[str, ...]
    due: str = ""


class Known(NamedTuple):
    """A live finding as the ledger knows it, to be asked after."""

    fingerprint: bytes
    rule: str
    about: About
    table: str
    place: tuple[str, str, str]
    home: bytes
    subject: bytes
    fields: tuple[str, ...]
    partners: tuple[bytes, ...]
    tables: tuple[str, ...]


Witness = Callable[[Sequence[Known]], list[Fate]]
"""Says what became of each."""
