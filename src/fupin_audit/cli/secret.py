"""The secret behind fingerprints.

A fingerprint holds a digest of the blamed values. Ids have few unknown digits
once the region and birth date are guessed, so a digest without a secret could
be turned back into the id it masks. The key never leaves the user's own folder.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import typer

LENGTH = 32


def fingerprint_key() -> bytes:
    """Return this user's key, made on first use, readable by nobody else.

    Where no file can be kept the key lasts for one run, and that is said.
    """
    try:
        file = _home() / "fingerprint.key"
    except RuntimeError:  # a service account without a home folder
        return _for_once(Path("~"))
    try:
        if file.is_file() and len(key := file.read_bytes()) == LENGTH:
            return key
        key = secrets.token_bytes(LENGTH)
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(key)
        return key
    except FileExistsError:  # another run made it a moment ago, or it is damaged
        made = file.read_bytes()
        return made if len(made) == LENGTH else _for_once(file)
    except OSError:
        return _for_once(file)


def _for_once(file: Path) -> bytes:
    typer.echo(f"提示：{file} 不能保存，这次的疑点编号下次会变。", err=True)
    return secrets.token_bytes(LENGTH)


def _home() -> Path:
    if sys.platform == "win32":
        roaming = os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming"
        return Path(roaming) / "fupin-audit"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "fupin-audit"
