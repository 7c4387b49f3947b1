"""Write corrected copies of source files; all that was not corrected stays.

A copy is complete or not there at all, and the source is never touched — but by
`patch_in_place`, which keeps the original and replaces it in one step.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile, LargeZipFile

from fupin_audit.corrections.patch.change import (
    LIMIT,
    LOG_COLUMNS,
    LOG_SHEET,
    Change,
    LogRow,
    Outcome,
    Patch,
    Refused,
    distinct,
)
from fupin_audit.corrections.patch.proof import prove
from fupin_audit.corrections.patch.whole import BACKUPS, kept_copy, placed
from fupin_audit.errors import InputError, UnreadableFile
from fupin_audit.read.guards import damaged
from fupin_audit.read.sniff import NAMES, sniff

__all__ = [
    "LOG_COLUMNS", "LOG_SHEET", "Change", "LogRow", "Patch", "Refused",
    "patch_file", "patch_in_place",
]  # fmt: skip

_Writer = Callable[[Path, Path, list[Change], int], Outcome]
_KEPT = {"xlsx", "text", "parquet"}
"""Kinds that can be written as they are."""

_LOG_BESIDE = {"text", "parquet"}
_NO_FORMULAS = "（其中的公式、格式、图片没有带过来）"


def patch_file(
    source: Path, target: Path, changes: Sequence[Change], *, limit: int = LIMIT
) -> Patch:
    """Write a corrected copy.

    Args:
        source: A file on disk; it stays as it is.
        target: Where the copy is to be. A kind that no library writes without
            loss (xls, xlsb, ods) becomes an `.xlsx` beside it; `Patch.path` tells.
        changes: What to change; each is made or refused with a reason.
        limit: Most bytes the source may unpack to.

    Raises:
        InputError: The source cannot be read or corrected as a whole, the target
            cannot be written, or the copy does not read back as it should.
    """
    kind = _kind(source)
    _refuse_itself(source, target)
    if kind not in _KEPT:
        return _as_values(source, target, kind, changes, limit)
    good, bad = distinct(list(changes))
    logs: list[Path] = []
    with placed(target) as aside:
        outcome = _written(kind, source, aside, good, limit)
        if not outcome.done:
            shutil.copyfile(source, aside)
        elif kind in _LOG_BESIDE:
            logs.append(_log_beside(source, target, outcome))
        shutil.copymode(source, aside)
    return _patch(target, outcome, bad, logs)


def patch_in_place(
    source: Path, changes: Sequence[Change], backups: Path | None = None, *, limit: int = LIMIT
) -> Patch:
    """Correct a file where it stands; the original is kept in `原件备份` beside it.

    Args:
        source: The file.
        changes: See `patch_file`.
        backups: Folder of the kept originals.
        limit: Most bytes the source may unpack to.

    Returns:
        What was done. Where nothing could be changed there is no backup, and the
        file is as it was.

    Raises:
        InputError: See `patch_file`; or its kind cannot be written as it is, or it
            is open in Excel, or was changed meanwhile.
    """
    source = source.resolve()
    kind = _kind(source)
    if kind not in _KEPT:
        raise InputError(
            f"{NAMES.get(kind, kind)} 文件不能原样改写",
            where=source.name,
            hint="改用 --write 写出更正后的副本，或先用 Excel、WPS 另存为 .xlsx",
        )
    if source.with_name(f"~${source.name}").exists():
        raise InputError(
            "文件正被 Excel 或 WPS 打开", where=source.name, hint="关闭打开着的文件后重试"
        )
    good, bad = distinct(list(changes))
    before = _stamp(source)
    logs: list[Path] = []
    backup: Path | None = None
    outcome = Outcome()
    with placed(source, lambda: bool(outcome.done)) as aside:
        outcome = _written(kind, source, aside, good, limit)
        if outcome.done:
            backup = kept_copy(source, backups or source.parent / BACKUPS)
            shutil.copymode(source, aside)
            if _stamp(source) != before:
                raise InputError(
                    "更正时文件被别的程序改动了，没有覆盖",
                    where=source.name,
                    hint="重新核查后再更正",
                )
            if kind in _LOG_BESIDE:
                logs.append(_log_beside(source, source, outcome))
    return _patch(source, outcome, bad, logs, backup)


def _kind(source: Path) -> str:
    """Return the kind of a source that can be corrected at all."""
    try:
        with source.open("rb") as file:
            kind = sniff(file)
            if kind == "ole":
                kind = _legacy(source)
    except OSError as error:
        raise UnreadableFile(
            "文件打不开", where=source.name, hint="请确认文件仍在原处、没有被占用"
        ) from error
    except InputError as error:
        error.where = error.where or source.name
        raise
    if kind == "archive":
        raise InputError(
            "压缩包里的文件不能直接更正",
            where=source.name,
            hint="先解压，再对解压出的文件核查、更正",
        )
    return kind


def _legacy(source: Path) -> str:
    from fupin_audit.read.encrypted import open_legacy

    with source.open("rb") as file:
        try:
            open_legacy(file, source.name, None)
        except UnreadableFile as error:
            if "密码" not in error.what:
                raise
            raise InputError(
                "文件设有打开密码，不能写更正后的副本",
                where=source.name,
                hint="在 Excel 或 WPS 里取消打开密码、另存一份，重新核查后再更正",
            ) from error
    return "xls"


def _refuse_itself(source: Path, target: Path) -> None:
    if target.exists() and os.path.samefile(source, target):  # noqa: PTH121 - both must exist
        raise InputError(
            "更正后的副本不能写在原文件上",
            where=source.name,
            hint="换一个输出文件夹；要直接改原文件请用 --in-place",
        )


def _written(kind: str, source: Path, aside: Path, changes: list[Change], limit: int) -> Outcome:
    try:
        outcome = _writer(kind)(source, aside, changes, limit)
        if outcome.done:
            prove(source, aside, outcome.checked, limit)
    except InputError as error:
        error.where = error.where or source.name
        raise
    except (BadZipFile, LargeZipFile, EOFError, ValueError, KeyError, NotImplementedError) as error:
        broken = damaged()
        broken.where = source.name
        raise broken from error
    return outcome


def _writer(kind: str) -> _Writer:
    if kind == "text":
        from fupin_audit.corrections.patch.text import write_text

        return write_text
    if kind == "parquet":
        from fupin_audit.corrections.patch.parquet import write_parquet

        return write_parquet
    from fupin_audit.corrections.patch.xlsx import write_package

    return write_package


def _as_values(
    source: Path, target: Path, kind: str, changes: Sequence[Change], limit: int
) -> Patch:
    from fupin_audit.corrections.patch.values import write_values

    target = target.with_suffix(".xlsx")
    if source.with_suffix(".xlsx").exists():  # which has its own copy under that name
        target = target.with_name(f"{source.stem}.{source.suffix[1:]}.xlsx")
    _refuse_itself(source, target)
    good, bad = distinct(list(changes))
    with placed(target) as aside:
        outcome = write_values(source, aside, good, limit)
        prove(source, aside, outcome.checked, limit)
    said = f"原文件是 {NAMES.get(kind, kind)}，副本写成了 {target.name}{_NO_FORMULAS}"
    return _patch(target, outcome, bad, [], None, said)


def _log_beside(source: Path, target: Path, outcome: Outcome) -> Path:
    from fupin_audit.corrections.patch.log import log_beside

    return log_beside(source, target, outcome.done)


def _patch(
    path: Path, outcome: Outcome, bad: list[Refused], logs: list[Path],
    backup: Path | None = None, *said: str,
) -> Patch:  # fmt: skip
    notes = [*said, *outcome.said]
    if logs:
        notes.append(f"更正记录另存在 {logs[0].name}")
    if backup:
        notes.append(f"原文件已备份为 {backup.parent.name}/{backup.name}")
    log = logs[0] if logs else None
    return Patch(path, tuple(notes), (*outcome.refused, *bad), log, backup)


def _stamp(path: Path) -> tuple[int, int, int]:
    about = path.stat()
    return about.st_size, about.st_mtime_ns, about.st_ino
