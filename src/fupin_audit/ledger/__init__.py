"""The ledger (台账): runs, findings by fingerprint, decisions, lists; SQLite.

One file per project, `.fupin/ledger.sqlite`, and the secret beside it. No name,
id or value of a household is in it, only keyed digests.
"""

from fupin_audit.ledger.decide import Decision, decide
from fupin_audit.ledger.entries import head, verify
from fupin_audit.ledger.keys import key_beside
from fupin_audit.ledger.lists import Answer, Sent, answered, listed, lists_sent, send
from fupin_audit.ledger.query import (
    Entry,
    Row,
    Run,
    baseline_entry,
    dump,
    findings,
    new_since,
    runs,
)
from fupin_audit.ledger.record import Asked, Recorded, record
from fupin_audit.ledger.stages import Stages, stages
from fupin_audit.ledger.states import LIVE, STATES, TO_DO, State

__all__ = [
    "LIVE", "STATES", "TO_DO", "Answer", "Asked", "Decision", "Entry", "Recorded", "Row", "Run",
    "Sent", "Stages", "State", "answered", "baseline_entry", "decide", "dump", "findings", "head",
    "key_beside", "listed", "lists_sent", "new_since", "record", "runs", "send", "stages",
    "verify",
]  # fmt: skip
