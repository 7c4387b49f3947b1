"""The ledger (台账): runs, findings by fingerprint, decisions, lists; SQLite.

One file per project, `.fupin/ledger.sqlite`, and the secret beside it. No name,
id or value of a household is in it, only keyed digests.
"""

from fupin_audit.ledger.decide import Decision, decide
from fupin_audit.ledger.entries import head, verify
from fupin_audit.ledger.keys import key_beside
from fupin_audit.ledger.lists import (
    Answer,
    Going,
    Sent,
    answered,
    clocks,
    last_list,
    listed,
    lists_sent,
    send,
)
from fupin_audit.ledger.query import (
    Entry,
    Row,
    Run,
    dump,
    entry_of,
    findings,
    new_since,
    runs,
    to_do_at,
)
from fupin_audit.ledger.record import Asked, Recorded, input_digest, record
from fupin_audit.ledger.since import Since, since
from fupin_audit.ledger.stages import Stages, deadlines_of, stages
from fupin_audit.ledger.states import LIVE, STATES, TO_DO, State
from fupin_audit.ledger.trend import history, nights

__all__ = [
    "LIVE", "STATES", "TO_DO", "Answer", "Asked", "Decision", "Entry", "Going", "Recorded", "Row",
    "Run", "Sent", "Since", "Stages", "State", "answered", "clocks", "deadlines_of", "decide",
    "dump", "entry_of", "findings", "head", "history", "input_digest", "key_beside", "last_list",
    "listed", "lists_sent", "new_since", "nights", "record", "runs", "send", "since", "stages",
    "to_do_at", "verify",
]  # fmt: skip
