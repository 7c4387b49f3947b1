"""What one night tells the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from fupin_audit.batch.inbox import Glimpse
from fupin_audit.batch.place import write_json

FILE = "state.json"
_FORMAT = "fupin-audit.nightly-state/1"


@dataclass(slots=True)
class Memory:
    """What one night tells the next.

    Attributes:
        key: What the last finished night stood on; the same key, the same result.
        digests: SHA-256 of its files.
        run: Its name.
        ledger_run: Its number in the ledger, 0 without one.
        glimpses: The files as last seen.
    """

    key: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    run: str = ""
    ledger_run: int = 0
    glimpses: dict[str, Glimpse] = field(default_factory=dict)


def recall(out: Path) -> Memory:
    """Return what the last night left; nothing, if that is lost or of another kind."""
    try:
        told = json.loads((out / FILE).read_text(encoding="utf-8"))
        if told.pop("format") != _FORMAT:
            return Memory()
        glimpses: Mapping[str, list[float]] = told.pop("glimpses")
        made = Memory(**told)
        made.glimpses = {
            name: Glimpse(int(size), int(changed), since)
            for name, (size, changed, since) in glimpses.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()
    return made


def remember(out: Path, memory: Memory) -> None:
    """Keep it for the next night."""
    write_json(out / FILE, {"format": _FORMAT, **asdict(memory)})
