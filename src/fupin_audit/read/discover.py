"""Paths as people give them → the files to read, in a fixed order."""

from __future__ import annotations

import glob
import os
import re
import stat
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from fupin_audit.errors import InputError, UnreadableFile
from fupin_audit.read.guards import open_zip, too_large
from fupin_audit.read.sniff import EXPECTED, sniff
from fupin_audit.read.source import Source

_OWN = re.compile(
    r"\.(?:疑点清单|疑点标注|认定表|户卡)\.xlsx$"
    # Lists go round: they come back as copies, under more of a name, in other formats.
    r"|\.更正(?:清单|回执|记录)[^/]*\.(?:xlsx|xlsm|xlsb|xls|et|ods|csv|tsv)$",
    re.IGNORECASE,
)
_LEDGER = ".fupin"
"""The folder of the ledger, which `check` makes beside the inputs."""
_BACKUPS = "原件备份"
"""The folder of originals kept when files are corrected where they stand."""
_WILD = re.compile(r"[*?\[]")
_DRIVE = re.compile(r"^[A-Za-z]:")
_READ_IN_FOLDERS = EXPECTED.keys() - {".txt"}


def discover(paths: Sequence[str | Path], limit: int) -> list[Source]:
    """Return every candidate below `paths`, each file once.

    Raises:
        UnreadableFile: A path names nothing, or a folder holds nothing to read.
    """
    found: list[Source] = []
    for one in listed(paths):
        found += _file(one.path, one.shown, one.reason, limit)
    return _told_apart(_once(found))


class Listed(NamedTuple):
    """A file as a listing of its folder tells it, unopened; `reason` is why it is to
    be passed over, or ""."""

    shown: str
    path: Path
    reason: str


def listed(paths: Sequence[str | Path]) -> Iterator[Listed]:
    """Yield the files below `paths` without opening any.

    Raises:
        UnreadableFile: See `discover`.
    """
    many = len(paths) > 1
    for given in paths:
        yield from _given(Path(given), many)


def _given(path: Path, many: bool) -> list[Listed]:
    if path.is_dir():
        inside = list(_folder(path))
        if all(one.reason for one in inside):
            raise UnreadableFile(
                "文件夹里没有可读的表格", where=str(path), hint="请确认路径；可读 xlsx、xls、csv 等"
            )
        return inside
    if path.exists():
        return [Listed(str(path), path, _reason(path.name, explicit=not many))]
    if _WILD.search(str(path)):
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - absolute patterns
        files = [Path(match) for match in matches if Path(match).is_file()]
        if files:
            return [Listed(str(file), file, _reason(file.name)) for file in files]
    raise UnreadableFile("找不到文件或文件夹", where=str(path), hint="请检查路径是否写对")


def _folder(top: Path) -> Iterator[Listed]:
    closed: list[OSError] = []
    for folder, folders, names in os.walk(top, onerror=closed.append):
        here = Path(folder)
        for name in sorted(folders):
            if name.startswith(".") and name != _LEDGER:
                yield Listed(_below(here / name, top), here / name, "隐藏文件夹，未读")
            elif name == _BACKUPS:
                said = "更正前的原件备份，未读"
                yield Listed(_below(here / name, top), here / name, said)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name != _BACKUPS
        )
        for name in sorted(names):
            path = here / name
            reason = _reason(name)
            if not reason and path.suffix.lower() not in _READ_IN_FOLDERS:
                reason = "不是表格文件，未读"
            yield Listed(_below(path, top), path, reason)
    for error in closed:  # a folder we may not look into; opening it will say so
        path = Path(error.filename)
        yield Listed(_below(path, top), path, "")


def _below(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix()


def _reason(name: str, explicit: bool = False) -> str:
    """Return why a file of this name is passed over, or ""."""
    if name.startswith("~$"):
        return "Excel 的临时锁文件，未读"
    if explicit:
        return ""
    if name.startswith("."):
        return "隐藏文件，未读"
    if _OWN.search(name):
        return "本工具自己的输出，未读"
    return ""


def _file(path: Path, shown: str, reason: str, limit: int) -> Iterator[Source]:
    if reason:
        yield Source(shown, path, passed_over=reason)
        return
    source = Source(shown, path)
    try:
        with source.open(limit) as file:
            kind = sniff(file) if file.read(2) == b"PK" else ""
    except InputError as error:
        yield Source(shown, path, error=error)
        return
    if kind == "archive":
        yield from _archive(path, shown, limit)
    else:
        yield source


def _archive(path: Path, shown: str, limit: int) -> Iterator[Source]:
    try:
        with path.open("rb") as file, open_zip(file) as archive:
            parts = [part for part in archive.infolist() if part.filename and not part.is_dir()]
    except InputError as refused:
        yield Source(shown, path, error=refused)
        return
    except OSError:
        gone = UnreadableFile("文件打不开", hint="请确认文件仍在原处")
        yield Source(shown, path, error=gone)
        return
    listed = sorted((_member_name(part), part) for part in parts)
    wanted = 0
    members: list[Source] = []
    for name, part in listed:
        label = f"{shown}!/{name}"
        error = _unsafe(name, part)
        reason = "" if error else _member_reason(name)
        if not error and not reason:
            wanted += part.file_size
        members.append(Source(label, path, part, reason, error))
    if wanted > limit:
        yield Source(shown, path, error=too_large(limit))
    elif all(source.passed_over for source in members):
        empty = UnreadableFile("压缩包里没有可读的表格", hint="请确认压缩包内容")
        yield from members
        yield Source(shown, path, error=empty)
    else:
        yield from members


def _member_name(part: zipfile.ZipInfo) -> str:
    """Return a member's name; Chinese tools often write GBK and do not say so."""
    name = part.orig_filename
    if not part.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for codec in ("utf-8", "gb18030"):
            try:
                name = raw.decode(codec)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _member_reason(name: str) -> str:
    folders, _, last = name.rpartition("/")
    if name.startswith("__MACOSX/") or any(part.startswith(".") for part in folders.split("/")):
        return "隐藏文件，未读"
    if reason := _reason(last):
        return reason
    if Path(last).suffix.lower() not in _READ_IN_FOLDERS:
        return "不是表格文件，未读"
    return ""


def _unsafe(name: str, part: zipfile.ZipInfo) -> InputError | None:
    pieces = name.split("/")
    if name.startswith("/") or ".." in pieces or _DRIVE.match(name) or "\0" in name:
        return UnreadableFile("压缩包内的路径越出了压缩包，已拒绝", hint="请核实压缩包来源")
    if stat.S_ISLNK(part.external_attr >> 16):
        return UnreadableFile("压缩包内是一个链接，不是文件", hint="请重新打包")
    if name.lower().endswith(".zip"):
        return UnreadableFile("压缩包里又套了压缩包，不再展开", hint="请先解压一层再检查")
    return None


def _once(found: list[Source]) -> list[Source]:
    seen: set[tuple[str, str]] = set()
    kept: list[Source] = []
    for source in found:
        key = (os.path.realpath(source.disk), source.member.filename if source.member else "")
        if key not in seen:
            seen.add(key)
            kept.append(source)
    return kept


def _told_apart(found: list[Source]) -> list[Source]:
    """Return the sources, with the whole path shown where two share a name."""
    shown: dict[str, int] = {}
    for source in found:
        shown[source.shown] = shown.get(source.shown, 0) + 1
    return [
        source
        if shown[source.shown] == 1 or source.member
        else Source(str(source.disk), source.disk, None, source.passed_over, source.error)
        for source in found
    ]
