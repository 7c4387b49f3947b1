"""Width, spaces and characters nobody sees."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = (
    "".join(map(chr, (*range(0x00, 0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85))))
    + "".join(map(chr, range(0x86, 0xA0)))
    + "\xad\u034f\u061c\u115f\u1160\u180e\u2800\u3164\ufeff\uffa0\ufff9\ufffa\ufffb"
    + "".join(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))))
)
"""Zero-width, directional and control characters: noise from copying."""

SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)

_WIDE_ALNUM = {
    wide: wide - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for wide in range(first, last + 1)
}
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_NO_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_NO_SPACE = _NO_INVISIBLE | dict.fromkeys(map(ord, SPACES))
_ALNUM = _WIDE_ALNUM | _NO_INVISIBLE
_PLAIN = _WIDE | _NO_SPACE
_RUNS = re.compile(r"\s+")

WIDE_ALNUM = "".join(map(chr, _WIDE_ALNUM))
WIDE = "".join(map(chr, _WIDE))


def tidy(text: str) -> str:
    """Drop the invisible, narrow letters and digits, make every run of spaces
    one space, trim. Punctuation keeps its width: in free text it is right."""
    return _RUNS.sub(" ", text.translate(_ALNUM)).strip()


def compact(text: str) -> str:
    """Drop everything invisible and every space; narrow all ASCII twins."""
    return text.translate(_PLAIN)


def without_spaces(text: str) -> str:
    """Drop spaces and the invisible, and narrow letters and digits."""
    return text.translate(_ALNUM).translate(_NO_SPACE)


def folded(text: str) -> str:
    """Return a form for comparing: compatibility forms unified, no spaces."""
    return unicodedata.normalize("NFKC", text).translate(_NO_SPACE)


def visible(text: str) -> str:
    """Unify compatibility forms and keep single spaces: for reading numbers
    and days, where a space may separate."""
    unified = unicodedata.normalize("NFKC", text.translate(_NO_INVISIBLE))
    return _RUNS.sub(" ", unified).strip()
