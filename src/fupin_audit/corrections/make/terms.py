"""What all lists of one go have in common."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from fupin_audit.corrections.form import FORMAT, Header
from fupin_audit.corrections.make.lines import Mask
from fupin_audit.report.view import View, place_label


class Terms(NamedTuple):
    """What is told on every list.

    Attributes:
        division: What to call the division.
        contact: Whom to ask; empty if nobody is named.
        run: The ledger's run; empty without one.
    """

    division: str
    as_of: str
    made: datetime
    mask: Mask
    contact: str
    engine: str
    pack: str
    pack_digest: str
    region: str
    run: str

    @property
    def day(self) -> str:
        return self.made.date().isoformat()

    def header(self, audience: str, number: str) -> Header:
        """Return what goes along hidden with the list of an audience."""
        return Header(
            FORMAT, self.engine, self.pack, self.pack_digest, self.as_of, self.region, number,
            self.run, audience, self.made.isoformat(timespec="seconds"), self.mask,
        )  # fmt: skip


def terms_of(view: View, mask: Mask, made: datetime, contact: str = "") -> Terms:
    """Return the terms of a view's lists."""
    result = view.result
    run = str(result.ledger.run) if result.ledger else ""
    return Terms(
        place_label(view), result.as_of.isoformat(), made, mask, contact, result.engine,
        f"{result.pack.id} {result.pack.version}", result.pack.digest, result.region.code, run,
    )  # fmt: skip
