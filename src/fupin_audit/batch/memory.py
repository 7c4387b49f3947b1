"""What one night tells the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from fupin_audit.batch.inbox import Glimpse
from fupin_audit.batch.place import write_json

FILE = "state.json"
_FORMAT = "fupin-audit.nightly-state/1"


@dataclass(slots=True)
class Memory:
    """What one night tells the next.

    Attributes:
        key: What the last finished night stood on; the same key, the same result.
            Empty if another try may go better.
        digests: SHA-256 of its files.
        run: Its name.
        ledger_run: Its number in the ledger, 0 without one.
        glimpses: The files as last seen.
        unfinished: Runs in the ledger of nights begun since and never finished:
            their lists were noted there and did not go out.
    """

    format: str = _FORMAT
    key: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    run: str = ""
    ledger_run: int = 0
    glimpses: dict[str, Glimpse] = field(default_factory=dict)
    unfinished: list[int] = field(default_factory=list)


def recall(out: Path) -> Memory:
    """Return what the last night left; nothing, if that is lost or of another kind."""
    try:
        told = msgspec.json.decode((out / FILE).read_bytes(), type=Memory)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Memory()
    return told if told.format == _FORMAT else Memory()


def remember(out: Path, memory: Memory) -> None:
    """Keep it for the next night."""
    write_json(out / FILE, msgspec.to_builtins(memory))
