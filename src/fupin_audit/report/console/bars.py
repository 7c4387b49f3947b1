"""Bars of three shades, one per severity, told apart without colour too."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from fupin_audit.report.words import SEVERITIES, SEVERITY, Lang, word

_LENGTH = 24
_BLOCKS = ("█", "▓", "░")
_PLAIN = ("#", "+", ".")
_STYLES = ("red", "yellow", "cyan")


class Bars:
    """Draws bars; `plain` ones are made of characters every file can hold."""

    def __init__(self, *, plain: bool) -> None:
        self.marks = _PLAIN if plain else _BLOCKS

    def draw(self, counts: Sequence[int], most: int) -> Text:
        """Return a bar of errors, warnings and infos; `most` is the full length."""
        bar = Text(no_wrap=True)
        if most <= 0:
            return bar
        for count, mark, style in zip(counts, self.marks, _STYLES, strict=True):
            bar.append(mark * (max(1, round(count / most * _LENGTH)) if count else 0), style)
        return bar

    def legend(self, lang: Lang) -> str:
        """Return what the shades mean."""
        return "  ".join(
            f"{mark} {word(SEVERITY, name, lang)}"
            for mark, name in zip(self.marks, SEVERITIES, strict=True)
        )
