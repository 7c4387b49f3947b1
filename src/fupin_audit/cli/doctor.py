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

Verdict = Literal["ok", "note", "fault"]
_MARK = {"ok": "好  ", "note": "注意", "fault": "不行"}
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
    """One thing looked at: what, how it is, and what to do if it is not well."""

    what: str
    verdict: Verdict
    told: str
    hint: str = ""


def doctor(
    folder: Annotated[Path, typer.Argument(help="数据所在的文件夹 / The data's folder")] = Path(),
    ledger: o.Ledger = None,
) -> None:
    """看这台电脑和这个项目有什么、缺什么、怎么办。 / What this machine and project have.

    结果 0 都好，1 有要处理的。
    """
    faults = 0
    for look in (_program, _terminal, _fonts, _settings, _pack, _places, _ledger):
        try:
            lines = list(look(folder, ledger))
        except FupinError as problem:
            lines = [Line(_NAMES[look], "fault", problem.what, problem.hint)]
        for line in lines:
            faults += line.verdict == "fault"
            typer.echo(f"{_MARK[line.verdict]}  {line.what}：{line.told}")
            if line.hint and line.verdict != "ok":
                typer.echo(f"      → {line.hint}")
    typer.echo("没有要处理的。" if not faults else f"有 {faults} 项要处理。")
    raise typer.Exit(1 if faults else 0)


def _program(_: Path, __: Path | None) -> Iterator[Line]:
    from fupin_audit import __version__

    yield Line("程序", "ok", f"fupin-audit {__version__}，{platform.system()} {platform.machine()}")
    old = sys.version_info < (3, 11)
    yield Line(
        "Python", "fault" if old else "ok", platform.python_version(), "要 3.11 或更新的版本"
    )  # fmt: skip
    found, lost = [], []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lost.append(name)
    yield Line("库", "fault" if lost else "ok", "，".join(found), f"缺 {'、'.join(lost)}；重新安装")
    yield Line("处理器", "ok", f"{os.cpu_count()} 个核")


def _terminal(_: Path, __: Path | None) -> Iterator[Line]:
    coding = (getattr(sys.stdout, "encoding", "") or "").lower()
    try:
        "疑点清单".encode(coding or "ascii")
        shows: Verdict = "ok"
    except (LookupError, UnicodeEncodeError):
        shows = "note"
    words = "中文" if settings.language(None) == "zh" else "英文"
    told = f"{locale.getlocale()[0] or '未设'}，{coding or '未知'}，界面用{words}"
    yield Line(
        "语言", shows, told, "终端显示不了中文：Windows 运行 chcp 65001，别的设 LANG=zh_CN.UTF-8"
    )


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
        yield Line("中文字体", "note", "看不出有没有", "在这台机器上打开或打印清单才用得着")
        return
    yield Line(
        "中文字体", "ok" if there else "note", "有" if there else "没有",
        "在这台机器上打开或打印清单会显示成方块；装 fonts-noto-cjk 一类的字体",
    )  # fmt: skip


def _settings(folder: Path, _: Path | None) -> Iterator[Line]:
    found = settings.find([str(folder)])
    if found.file is None:
        yield Line("设置", "ok", "没有 fupin.toml，全部用默认")
        return
    settings.day(found.pick(None, "as_of"))
    settings.region(found.pick(None, "region"))
    said = "、".join(f"{k} = {v}" for k, v in found.values.items() if not isinstance(v, dict))
    yield Line("设置", "ok", f"{found.file}（{said or '没有写什么'}）")


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
    version = pack.manifest.version
    yield Line("规则包", "ok", f"{pack.manifest.id} {version}，{count} 条规则，{pack.root}")


def _places(folder: Path, _: Path | None) -> Iterator[Line]:
    if not folder.is_dir():
        yield Line("文件夹", "fault", f"没有 {folder}", "写上数据所在的文件夹")
        return
    for what, place, hint in (
        ("数据文件夹", folder, "清单写不进去；用 --out 写到别处"),
        ("临时文件夹", Path(tempfile.gettempdir()), "设 TEMP 或 TMPDIR 到能写的地方"),
    ):
        writes = _writes(place)
        yield Line(what, "ok" if writes else "fault", f"{place}{'' if writes else ' 不能写'}", hint)
    free = shutil.disk_usage(folder).free
    told = f"还有 {free / (1 << 30):.1f} GB"
    yield Line("磁盘", "ok" if free > _ROOM else "note", told, "不到 1 GB，腾一腾")


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
        yield Line("台账", "ok", f"还没有（{file}），第一次核对时建")
        return
    key_beside(file)
    broken = verify(file)
    made = runs(file)
    last = f"，最近一次 {made[-1].at[:10]}" if made else ""
    yield Line(
        "台账", "fault" if broken else "ok",
        f"{file}，{len(made)} 次核对{last}" + (f"；{broken[0]}" if broken else "，完好"),
        "从备份恢复；fupin-audit ledger verify 说得更细",
    )  # fmt: skip
    if sys.platform != "win32":
        key = key_file(file)
        loose = key.stat().st_mode & 0o077
        yield Line(
            "台账密钥", "note" if loose else "ok", "别人也能读" if loose else "只有自己能读",
            f"chmod 600 {key}",
        )  # fmt: skip


_Look = Callable[[Path, Any], Iterator[Line]]
_NAMES: dict[_Look, str] = {_settings: "设置", _pack: "规则包", _ledger: "台账"}
