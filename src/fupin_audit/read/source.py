"""One thing to read: a file on disk, or a member of a zip."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fupin_audit.errors import InputError, UnreadableFile
from fupin_audit.read.guards import read_part


@dataclass(frozen=True, slots=True)
class Source:
    """A candidate input.

    Attributes:
        shown: The name shown to people.
        disk: The file on disk: itself, or the zip that holds it.
        member: The member of the zip, None for a plain file.
        passed_over: Why it is not read on purpose (Chinese), empty if it is.
        error: Why it cannot be read, known on discovery.
    """

    shown: str
    disk: Path
    member: zipfile.ZipInfo | None = None
    passed_over: str = ""
    error: InputError | None = None

    @property
    def path(self) -> Path | None:
        return None if self.member else self.disk

    @property
    def size(self) -> int:
        """Bytes on the disk; 0 if it is not read."""
        if self.passed_over or self.error:
            return 0
        if self.member:
            return self.member.compress_size
        try:
            return self.disk.stat().st_size
        except OSError:
            return 0

    @property
    def suffix(self) -> str:
        name = self.shown.rpartition("!/")[2] if self.member else self.disk.name
        return Path(name).suffix

    @contextmanager
    def open(self, limit: int) -> Iterator[BinaryIO]:
        """Open the bytes; raise UnreadableFile or TooLarge when they cannot be had."""
        try:
            file = self.disk.open("rb")
        except PermissionError as error:
            raise UnreadableFile(
                "没有读取权限，或文件正被其他程序占用", hint="请关闭打开它的程序后再检查"
            ) from error
        except OSError as error:
            raise UnreadableFile("文件打不开", hint="请确认文件仍在原处") from error
        with file:
            if self.member is None:
                yield file
            else:
                yield io.BytesIO(read_part(file, self.member, limit))


def digest(file: BinaryIO) -> str:
    """Return the SHA-256 of the bytes, and go back to their start."""
    file.seek(0)
    value = hashlib.sha256()
    while block := file.read(1 << 20):
        value.update(block)
    file.seek(0)
    return value.hexdigest()
