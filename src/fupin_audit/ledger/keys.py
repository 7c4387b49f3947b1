"""The secret beside the ledger: readable by its owner only.

Household numbers and ids can be guessed one after another, so a digest without a
secret would give them back. Whoever takes the ledger without the key has nothing.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fupin_audit.errors import LedgerError

LENGTH = 32
NAME = "key"


def key_beside(ledger: Path, *, first: Callable[[], bytes] | None = None) -> bytes | None:
    """Return the key of a ledger.

    Args:
        first: Gives the key of a new ledger; without it none is made.

    Returns:
        None if there is none, or none can be made there.

    Raises:
        LedgerError: There is one that cannot be read or is damaged, or a ledger
            whose key is lost.
    """
    file = key_file(ledger)
    try:
        return _read(file)
    except FileNotFoundError:
        pass
    if ledger.exists():
        raise LedgerError(
            "台账还在，它的密钥文件不见了", where=str(file),
            hint="从备份里把密钥放回原处；没有备份，就把台账移走，从头记起",
        )  # fmt: skip
    return _made(file, first()) if first else None


def key_file(ledger: Path) -> Path:
    """Return where a ledger's key is."""
    return ledger.with_name(NAME) if ledger.name == "ledger.sqlite" else Path(f"{ledger}.{NAME}")


def _read(file: Path) -> bytes:
    try:
        key = file.read_bytes()
    except NotADirectoryError as problem:
        raise FileNotFoundError from problem
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise LedgerError(
            f"台账的密钥读不出来：{os.strerror(problem.errno or 0)}", where=str(file),
            hint="密钥只有建台账的人能读；请他来运行，或让他给您权限",
        ) from None  # fmt: skip
    if len(key) != LENGTH:
        raise LedgerError("台账的密钥损坏", where=str(file), hint="从备份里恢复这个文件")
    return key


def _made(file: Path, key: bytes) -> bytes | None:
    """Write a key whole or not at all; of two who do it at once the first wins."""
    aside = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(key)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(aside, file)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            if not file.exists():
                aside.replace(file)
        _keep_out_of_git(file)
        return _read(file)
    except OSError:
        return None
    finally:
        with suppress(OSError):
            aside.unlink()


def _keep_out_of_git(file: Path) -> None:
    ignore = file.with_name(".gitignore")
    if file.parent.name == ".fupin" and not ignore.exists():
        with suppress(OSError):
            ignore.write_text("*\n", encoding="utf-8")
