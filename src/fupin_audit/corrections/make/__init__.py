"""Lists that go out: findings shared out, a workbook for each audience, sent and noted."""

from fupin_audit.corrections.make.audience import By, passwords_of, share_out
from fupin_audit.corrections.make.books import VISIT, Book, Clock, bind
from fupin_audit.corrections.make.delivery import deliver, targets
from fupin_audit.corrections.make.lines import Mask, cases
from fupin_audit.corrections.make.terms import terms_of

__all__ = [
    "VISIT", "Book", "By", "Clock", "Mask", "bind", "cases", "deliver", "passwords_of",
    "share_out", "targets", "terms_of",
]  # fmt: skip
