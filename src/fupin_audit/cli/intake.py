"""From options to a pipeline request: what every command that reads tables shares."""

from __future__ import annotations

import getpass
import glob
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_audit.cli import settings
from fupin_audit.cli.bar import Bar
from fupin_audit.errors import UsageError

if TYPE_CHECKING:
    from fupin_audit.pipeline import Request
    from fupin_audit.recognise.pins import Pin


def request(
    paths: Sequence[str],
    found: settings.Settings,
    *,
    as_of: str | None = None,
    region: str | None = None,
    pack: str | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    map_file: str | None = None,
    password_file: str | None = None,
    max_unpacked: str | None = None,
    strict: bool = False,
    progress: Bar | None = None,
) -> Request:
    """Build the request; the command line wins over `fupin.toml`."""
    from fupin_audit.cli.choose import chosen
    from fupin_audit.packs.load import load_pack
    from fupin_audit.pipeline import Request

    _there(paths)
    rules = load_pack(found.pick(pack, "pack"), examples=False)
    every = {**rules.rules, **{k: r for o in rules.overlays for k, r in o.rules.items()}}
    pins = _pins(found, map_file)
    return Request(
        paths=list(paths),
        pack=rules,
        as_of=settings.day(found.pick(as_of, "as_of")),
        region=settings.region(found.pick(region, "region")),
        select=chosen(
            every, found.pick(select or None, "select"), found.pick(ignore or None, "ignore")
        ),
        pins=pins,
        code_sets={field: name for pin in pins for field, name in pin.code_sets},
        limit_bytes=settings.size(found.pick(max_unpacked, "max_unpacked", "1G")),
        password=_passwords(password_file, progress),
        strict=strict,
        progress=progress,
    )  # fmt: skip


def _there(paths: Sequence[str]) -> None:
    for path in paths:
        if not Path(path).exists() and not glob.glob(path, recursive=True):  # noqa: PTH207
            raise UsageError("没有这个文件或文件夹", where=path, hint="检查路径和文件名")


def _pins(found: settings.Settings, map_file: str | None) -> list[Pin]:
    if map_file is None and "map" not in found.values:
        return []
    from fupin_audit.recognise.pins import load_pins

    pins: list[Pin] = []
    if map_file is not None:
        pins += pins_from(map_file)
    if "map" in found.values:
        pins += load_pins(found.values["map"], f"{found.file} [map]")
    return pins


def pins_from(file: str) -> list[Pin]:
    """Read a map file."""
    from fupin_audit.recognise.pins import load_pins

    return load_pins(_read_map(Path(file)), file)


def _read_map(file: Path) -> Any:
    from fupin_audit.packs.yaml_io import read_text, read_yaml

    try:
        data, problems = read_yaml(read_text(file), str(file))
    except (OSError, UnicodeDecodeError):
        raise UsageError("列对照文件读不出来", where=str(file), hint="应是 UTF-8 的 YAML") from None
    if problems:
        raise UsageError(problems[0])
    return data or {}


def _passwords(password_file: str | None, bar: Bar | None) -> Callable[[str], str | None]:
    """Passwords come from a file or the keyboard, never from the command line,
    where other users of the machine could read them."""
    if password_file is not None:
        try:
            text = Path(password_file).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            raise UsageError("密码文件读不出来", where=password_file) from None
        first = text[0] if text else None
        return lambda _: first
    if sys.stdin.isatty() and sys.stderr.isatty():

        def ask(name: str) -> str | None:
            with bar.aside() if bar else nullcontext():
                return getpass.getpass(f"{name} 的打开密码：") or None

        return ask
    return lambda _: None
