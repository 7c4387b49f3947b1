"""The commented configuration that `batch init` writes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files


def starter(inputs: Sequence[str], out: str) -> str:
    """Return the text of a new `nightly.toml`."""
    text = files("fupin_audit.batch").joinpath("starter.toml").read_text(encoding="utf-8")
    listed = ", ".join(_quoted(one) for one in inputs)
    return text.replace("@inputs@", f"[{listed}]").replace("@out@", _quoted(out))


def _quoted(text: str) -> str:
    """Return a text as TOML; a literal where it can be, so that `\\` stays itself."""
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    escaped = "".join(
        f"\\u{ord(c):04x}" if ord(c) < 32 else "\\" + c if c in '"\\' else c for c in text
    )
    return f'"{escaped}"'
