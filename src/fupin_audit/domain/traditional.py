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
    try:
        "".join(c for c in text if "\u3400" <= c <= "\u9fff").encode("gb2312")
    except UnicodeEncodeError:
        return _converter()(text, "zh-hans")
    return text


@cache
def _converter() -> Callable[[str, str], str]:
    from zhconv import convert

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its dictionary file open
        convert("", "zh-hans")
    return convert  # type: ignore[no-any-return]
