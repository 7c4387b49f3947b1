"""`fupin-audit doctor`: what this machine and this project have, and what to do."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.errors import FupinError
from fupin_audit.report.words import say

Verdict = Literal["ok", "note", "fault"]
Pair = tuple[str, str]
_MARK: dict[Verdict, Pair] = {
    "ok": ("好  ", "ok   "), "note": ("注意", "note "), "fault": ("不行", "FAULT"),
}  # fmt: skip
_LIBRARIES = (
    "pandas", "pandera", "pyarrow", "openpyxl", "python-calamine", "xlsxwriter", "msgspec",
    "filelock", "pebble", "rich",
)  # fmt: skip
_FONTS = {
    "win32": ("C:/Windows/Fonts/msyh.ttc", "C:/Windows/Fonts/simsun.ttc"),
    "darwin": ("/System/Library/Fonts/PingFang.ttc", "/System/Library/Fonts/STHeiti Light.ttc"),
}
_ROOM = 1 << 30


class Line(NamedTuple):
    """One thing looked at: what, how it is, and what to do if it is not well; a text
    that is the same in both languages stands alone."""

    what: Pair | str
    verdict: Verdict
    told: Pair | str
    hint: Pair | str = ""


def doctor(
    folder: Annotated[Path, typer.Argument(help="数据所在的文件夹 / The data's folder")] = Path(),
    ledger: o.Ledger = None,
    lang: o.Language = None,
) -> None:
    """看这台电脑和这个项目有什么、缺什么、怎么办。 / What this machine and project have.

    结果 0 都好，1 有要处理的。
    """
    language = settings.language(_usable(folder).pick(lang, "lang"))

    def text(told: Pair | str) -> str:
        return told if isinstance(told, str) else say(told, language)

    faults = 0
    for look in (_program, _terminal, _fonts, _settings, _pack, _places, _ledger):
        try:
            lines = list(look(folder, ledger))
        except FupinError as problem:
            lines = [Line(_NAMES[look], "fault", problem.what, problem.hint)]
        for line in lines:
            faults += line.verdict == "fault"
            colon = text(("：", ": "))
            typer.echo(f"{text(_MARK[line.verdict])}  {text(line.what)}{colon}{text(line.told)}")
            if line.hint and line.verdict != "ok":
                typer.echo(f"      → {text(line.hint)}")
    some = (f"有 {faults} 项要处理。", f"{faults} to be seen to.")
    typer.echo(text(some if faults else ("没有要处理的。", "Nothing to be seen to.")))
    raise typer.Exit(1 if faults else 0)


def _program(_: Path, __: Path | None) -> Iterator[Line]:
    from fupin_audit import __version__

    machine = f"{platform.system()} {platform.machine()}"
    yield Line(("程序", "program"), "ok", f"fupin-audit {__version__}, {machine}")
    old = sys.version_info < (3, 11)
    yield Line(
        "Python", "fault" if old else "ok", platform.python_version(),
        ("要 3.11 或更新的版本", "install 3.11 or later"),
    )  # fmt: skip
    found, lost = [], []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lost.append(name)
    missing = ", ".join(lost)
    yield Line(
        ("库", "libraries"), "fault" if lost else "ok", ", ".join(found),
        (f"缺 {missing}；重新安装", f"{missing} missing; install again"),
    )  # fmt: skip
    cores = os.cpu_count()
    yield Line(("处理器", "processor"), "ok", (f"{cores} 个核", f"{cores} cores"))


def _terminal(_: Path, __: Path | None) -> Iterator[Line]:
    coding = (getattr(sys.stdout, "encoding", "") or "").lower()
    try:
        "疑点清单".encode(coding or "ascii")
        shows: Verdict = "ok"
    except (LookupError, UnicodeEncodeError):
        shows = "note"
    words = ("中文", "Chinese") if settings.language(None) == "zh" else ("英文", "English")
    place = locale.getlocale()[0]
    yield Line(
        ("语言", "language"), shows, (
            f"{place or '未设'}，{coding or '未知'}，界面用{words[0]}",
            f"{place or 'not set'}, {coding or 'unknown'}, spoken here: {words[1]}",
        ), (
            "终端显示不了中文：Windows 运行 chcp 65001，别的设 LANG=zh_CN.UTF-8",
            "the terminal cannot show Chinese: chcp 65001 on Windows, else LANG=zh_CN.UTF-8",
        ),
    )  # fmt: skip


def _fonts(_: Path, __: Path | None) -> Iterator[Line]:
    listed = _FONTS.get(sys.platform)
    if listed is not None:
        there = any(Path(one).exists() for one in listed)
    elif program := shutil.which("fc-list"):
        try:
            asked = subprocess.run(  # noqa: S603
                [program, ":lang=zh", "family"], capture_output=True, check=False, timeout=20
            )
            there = bool(asked.stdout.strip())
        except (OSError, subprocess.TimeoutExpired):
            there = False
    else:
        yield Line(_FONT, "note", ("看不出有没有", "cannot be told"), (
            "在这台机器上打开或打印清单才用得着",
            "needed only to open or print lists on this machine",
        ))  # fmt: skip
        return
    yield Line(
        _FONT, "ok" if there else "note", ("有", "there") if there else ("没有", "none"), (
            "在这台机器上打开或打印清单会显示成方块；装 fonts-noto-cjk 一类的字体",
            "lists opened or printed here will show boxes; install fonts-noto-cjk or the like",
        ),
    )  # fmt: skip


def _settings(folder: Path, _: Path | None) -> Iterator[Line]:
    found = settings.find([str(folder)])
    if found.file is None:
        none = ("没有 fupin.toml，全部用默认", "no fupin.toml; the defaults hold")
        yield Line(_NAMES[_settings], "ok", none)
        return
    settings.day(found.pick(None, "as_of"))
    settings.region(found.pick(None, "region"))
    said = ", ".join(f"{k} = {v}" for k, v in found.values.items() if not isinstance(v, dict))
    told = (f"{found.file}（{said or '没有写什么'}）", f"{found.file} ({said or 'says nothing'})")
    yield Line(_NAMES[_settings], "ok", told)


def _usable(folder: Path) -> settings.Settings:
    """Return the settings, the default ones in place of those that are at fault."""
    try:
        return settings.find([str(folder)])
    except FupinError:
        return settings.Settings()


def _pack(folder: Path, _: Path | None) -> Iterator[Line]:
    from fupin_audit.packs.load import load_pack

    pack = load_pack(_usable(folder).pick(None, "pack"))
    count = len(pack.rules) + sum(len(one.rules) for one in pack.overlays)
    name = f"{pack.manifest.id} {pack.manifest.version}"
    told = (f"{name}，{count} 条规则，{pack.root}", f"{name}, {count} rules, {pack.root}")
    yield Line(_NAMES[_pack], "ok", told)


def _places(folder: Path, _: Path | None) -> Iterator[Line]:
    if not folder.is_dir():
        yield Line(
            ("文件夹", "folder"), "fault", (f"没有 {folder}", f"there is no {folder}"),
            ("写上数据所在的文件夹", "name the folder the data is in"),
        )  # fmt: skip
        return
    for what, place, hint in (
        (("数据文件夹", "data folder"), folder, (
            "清单写不进去；用 --out 写到别处",
            "lists cannot be written there; --out names another place",
        )),
        (("临时文件夹", "temporary folder"), Path(tempfile.gettempdir()), (
            "设 TEMP 或 TMPDIR 到能写的地方", "set TEMP or TMPDIR to a place that can be written",
        )),
    ):  # fmt: skip
        writes = _writes(place)
        refused = (f"{place} 不能写", f"{place} cannot be written to")
        yield Line(what, "ok" if writes else "fault", str(place) if writes else refused, hint)
    free = shutil.disk_usage(folder).free
    room = f"{free / (1 << 30):.1f} GB"
    yield Line(
        ("磁盘", "disk"), "ok" if free > _ROOM else "note", (f"还有 {room}", f"{room} left"),
        ("不到 1 GB，腾一腾", "less than 1 GB: make room"),
    )  # fmt: skip


def _writes(place: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False


def _ledger(folder: Path, given: Path | None) -> Iterator[Line]:
    from fupin_audit.cli.book import place_of
    from fupin_audit.ledger import runs, verify
    from fupin_audit.ledger.keys import key_beside, key_file

    if not folder.is_dir():
        return
    file = place_of([str(folder)], _usable(folder), given)
    if not file.exists():
        yield Line(_NAMES[_ledger], "ok", (
            f"还没有（{file}），第一次核对时建", f"none yet ({file}); the first check makes it",
        ))  # fmt: skip
        return
    key_beside(file)
    broken = verify(file)
    made = runs(file)
    day = made[-1].at[:10] if made else ""
    last = (f"，最近一次 {day}", f", the last on {day}") if made else ("", "")
    state = (f"；{broken[0]}", f"; {broken[0]}") if broken else ("，完好", ", sound")
    yield Line(
        _NAMES[_ledger], "fault" if broken else "ok", (
            f"{file}，{len(made)} 次核对{last[0]}{state[0]}",
            f"{file}, {len(made)} runs{last[1]}{state[1]}",
        ), (
            "从备份恢复；fupin-audit ledger verify 说得更细",
            "restore it from a backup; fupin-audit ledger verify tells more",
        ),
    )  # fmt: skip
    if sys.platform != "win32":
        key = key_file(file)
        loose = key.stat().st_mode & 0o077
        yield Line(
            ("台账密钥", "key of the ledger"), "note" if loose else "ok",
            ("别人也能读", "others can read it") if loose
            else ("只有自己能读", "only you can read it"),
            f"chmod 600 {key}",
        )  # fmt: skip


_Look = Callable[[Path, Any], Iterator[Line]]
_FONT = ("中文字体", "Chinese font")
_NAMES: dict[_Look, Pair] = {
    _settings: ("设置", "settings"), _pack: ("规则包", "rule pack"), _ledger: ("台账", "ledger"),
}  # fmt: skip
