"""The ledger (台账): runs, findings by fingerprint, decisions, lists; SQLite.

One file per project, `.fupin/ledger.sqlite`, and the secret beside it. No name,
id or value of a household is in it, only keyed digests.
"""

from fupin_audit.ledger.decide import Decision, decide
from fupin_audit.ledger.entries import head, verify
from fupin_audit.ledger.keys import key_beside
from fupin_audit.ledger.lists import Answer, Sent, answered, send
from fupin_audit.ledger.query import Entry, Row, Run, dump, findings, new_since, runs
from fupin_audit.ledger.record import Recorded, record
from fupin_audit.ledger.stages import Stages, stages
from fupin_audit.ledger.states import LIVE, STATES, State

__all__ = [
    "LIVE", "STATES", "Answer", "Decision", "Entry", "Recorded", "Row", "Run", "Sent", "Stages",
    "State", "answered", "decide", "dump", "findings", "head", "key_beside", "new_since", "record",
    "runs", "send", "stages", "verify",
]  # fmt: skip
