"""The secret behind fingerprints.

A fingerprint holds a digest of the blamed values. Ids have few unknown digits
once the region and birth date are guessed, so a digest without a secret could
be turned back into the id it masks. A ledger keeps its key beside it; without
one, the user's own folder does.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import typer

LENGTH = 32


def fingerprint_key() -> bytes:
    """Return this user's key, for runs without a ledger.

    Where no file can be kept the key lasts for one run, and that is said.
    """
    key, file = _users_key()
    if key is None:
        typer.echo(f"提示：{file} 不能保存，这次的疑点编号下次会变。", err=True)
    return key or secrets.token_bytes(LENGTH)


def first_key() -> bytes:
    """Return the key for a new ledger: this user's, so that numbers given out before
    there was one stay as they are."""
    return _users_key()[0] or secrets.token_bytes(LENGTH)


def _users_key() -> tuple[bytes | None, Path]:
    """Return this user's key, made on first use, readable by nobody else; None where
    none can be kept; and where it is."""
    try:
        file = _home() / "fingerprint.key"
    except RuntimeError:  # a service account without a home folder
        return None, Path("~")
    try:
        if file.is_file() and len(key := file.read_bytes()) == LENGTH:
            return key, file
        key = secrets.token_bytes(LENGTH)
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(key)
        return key, file
    except FileExistsError:  # another run made it a moment ago, or it is damaged
        made = file.read_bytes()
        return (made if len(made) == LENGTH else None), file
    except OSError:
        return None, file


def _home() -> Path:
    if sys.platform == "win32":
        roaming = os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming"
        return Path(roaming) / "fupin-audit"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "fupin-audit"
