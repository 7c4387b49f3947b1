"""Traditional characters, read as simplified ones."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache


def simplified(text: str) -> str:
    """Return a text in simplified characters.

    The table, slow to load, is needed only for text that GB 2312 cannot write:
    that set has no traditional forms.
    """
    if _writable(text) or _writable("".join(c for c in text if "\u3400" <= c <= "\u9fff")):
        return text
    return _converter()(text, "zh-hans")


def _writable(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter() -> Callable[[str, str], str]:
    from zhconv import convert

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its dictionary file open
        convert("", "zh-hans")
    return convert  # type: ignore[no-any-return]
