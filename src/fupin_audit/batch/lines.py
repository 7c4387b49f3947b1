"""Where in a TOML text a setting stands; for messages."""

from __future__ import annotations

import re


class Lines:
    """Where in the text a setting stands."""

    def __init__(self, text: str) -> None:
        self.spots: dict[tuple[str, str, int], int] = {}
        section, number = "", 0
        counts: dict[str, int] = {}
        for line, told in enumerate(text.splitlines(), 1):
            if head := re.match(r"\s*\[(\[?)\s*([\w.-]+)\s*\]", told):
                section = head[2]
                number = counts.get(section, -1) + 1 if head[1] else 0
                counts[section] = number
                self.spots.setdefault((section, "", number), line)
            elif found := re.match(r"""\s*["']?([^\s"'=#]+)["']?\s*=""", told):
                self.spots.setdefault((section, found[1], number), line)

    def of(self, section: str, key: str, number: int) -> int:
        """Return the line of a setting, else of its section, else 0."""
        for spot in ((section, key, number), (section, "", number), (key, "", 0)):
            if spot in self.spots:
                return self.spots[spot]
        return 0
